package devintest_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

type counts struct {
	Created         int64 `json:"prs_created_count"`
	Opened          int64 `json:"prs_opened_count"`
	Merged          int64 `json:"prs_merged_count"`
	Closed          int64 `json:"prs_closed_count"`
	TakenOver       int64 `json:"prs_taken_over_count"`
	TakenOverOpened int64 `json:"prs_taken_over_opened_count"`
	TakenOverMerged int64 `json:"prs_taken_over_merged_count"`
	TakenOverClosed int64 `json:"prs_taken_over_closed_count"`
}

func (c *counts) plus(d counts) {
	c.Created += d.Created
	c.Opened += d.Opened
	c.Merged += d.Merged
	c.Closed += d.Closed
	c.TakenOver += d.TakenOver
	c.TakenOverOpened += d.TakenOverOpened
	c.TakenOverMerged += d.TakenOverMerged
	c.TakenOverClosed += d.TakenOverClosed
}

var september, november = billingDay(2026, 9, 1), billingDay(2026, 11, 19)

func countPRs(t *testing.T, s *devintest.Server, from, to time.Time, filter url.Values) counts {
	t.Helper()
	n := read[counts](t, get(t, s, "/v3/enterprise/metrics/prs"+window(from, to)+"&"+filter.Encode()))
	if n.Created != n.Opened+n.Merged+n.Closed || n.TakenOver != n.TakenOverOpened+n.TakenOverMerged+n.TakenOverClosed {
		t.Errorf("%v: states do not add up in %+v", filter, n)
	}
	truth := s.PRs(devintest.Filter{
		OrgIDs: filter["org_ids"], UserIDs: filter["user_ids"], ServiceUserIDs: filter["service_user_ids"],
		PlaybookID: filter.Get("playbook_id"),
	}, from, to)
	if n != counts(truth) {
		t.Errorf("%v: got %+v, in truth %+v", filter, n, truth)
	}
	return n
}

func TestPRCountsAddUpFromAllSides(t *testing.T) {
	s := start(t, devintest.Options{})
	all := countPRs(t, s, september, november, nil)

	users := s.FormerMembers()
	for _, m := range s.Members() {
		users = append(users, m.UserID)
	}
	var byUser, byOrg, byDay counts
	for _, id := range users {
		byUser.plus(countPRs(t, s, september, november, url.Values{"user_ids": {id}}))
	}
	if together := countPRs(t, s, september, november, url.Values{"user_ids": users}); together != byUser {
		t.Errorf("users together %+v, one by one %+v", together, byUser)
	}
	var serviceIDs []string
	for _, u := range s.AllServiceUsers() {
		serviceIDs = append(serviceIDs, u.ServiceUserID)
	}
	services := countPRs(t, s, september, november, url.Values{"service_user_ids": serviceIDs})
	if services.Created == 0 {
		t.Error("service users made no pull request")
	}
	byUser.plus(services)
	for _, o := range s.Organizations() {
		ofOrg := countPRs(t, s, september, november, url.Values{"org_ids": {o.OrgID}})
		own := read[counts](t, get(t, s, "/v3/organizations/"+o.OrgID+"/metrics/prs"+window(september, november)))
		if own != ofOrg {
			t.Errorf("%s itself counts %+v, the enterprise for it %+v", o.Name, own, ofOrg)
		}
		byOrg.plus(ofOrg)
	}
	for day := september; day.Before(november); day = day.AddDate(0, 0, 1) {
		byDay.plus(countPRs(t, s, day, day.AddDate(0, 0, 1), nil))
	}
	for name, sum := range map[string]counts{"users": byUser, "organizations": byOrg, "days": byDay} {
		if sum != all {
			t.Errorf("%s make %+v of %+v", name, sum, all)
		}
	}
	both := countPRs(t, s, september, november, url.Values{"user_ids": users, "service_user_ids": serviceIDs})
	if both != all {
		t.Errorf("people and service users make %+v of %+v", both, all)
	}
}

func TestFiltersSelect(t *testing.T) {
	s := start(t, devintest.Options{})
	all := countPRs(t, s, september, november, nil)
	for _, id := range s.Playbooks() {
		if n := countPRs(t, s, september, november, url.Values{"playbook_id": {id}}); n.Created == 0 || n.Created*2 > all.Created {
			t.Errorf("%d of %d come from %s", n.Created, all.Created, id)
		}
	}
	for _, filter := range []url.Values{
		{"org_ids": {"org-unknown"}},
		{"user_ids": {"unknown"}},
		{"service_user_ids": {"unknown"}},
		{"playbook_id": {"none"}},
		{"user_ids": s.ServiceUsers()},
	} {
		if n := countPRs(t, s, september, november, filter); n != (counts{}) {
			t.Errorf("%v selects %+v", filter, n)
		}
	}
}

func TestRecentPRsAreMoreOftenOpen(t *testing.T) {
	s := start(t, devintest.Options{Members: 400})
	old := countPRs(t, s, september, september.AddDate(0, 0, 14), nil)
	recent := countPRs(t, s, november.AddDate(0, 0, -5), november, nil)
	if old.Opened*recent.Created*3 > recent.Opened*old.Created {
		t.Errorf("open: %d of %d old ones, %d of %d recent ones", old.Opened, old.Created, recent.Opened, recent.Created)
	}
}

func TestNoPRIsCountedOutsideTheCompanysTime(t *testing.T) {
	s := start(t, devintest.Options{})
	if n := countPRs(t, s, billingDay(2026, 11, 20), billingDay(2030, 1, 1), nil); n != (counts{}) {
		t.Errorf("in the future %+v", n)
	}
	if n := countPRs(t, s, time.Unix(0, 0), billingDay(2025, 11, 5), nil); n != (counts{}) {
		t.Errorf("before the company %+v", n)
	}
}

func TestTakenOverCountsMayBeMissing(t *testing.T) {
	s := start(t, devintest.Options{Quirks: devintest.Quirks{NoTakenOver: true}})
	if body := get(t, s, prsPath).body; strings.Contains(body, "taken_over") || !strings.Contains(body, "prs_closed_count") {
		t.Error(body)
	}
}
