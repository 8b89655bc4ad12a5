package devintest_test

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

type sessionMetrics struct {
	Created  int64            `json:"sessions_created_count"`
	Average  json.Number      `json:"avg_acus_per_session"`
	ByOrigin map[string]int64 `json:"sessions_created_by_origin"`
	BySize   map[string]int64 `json:"sessions_created_by_size"`
	Playbook int64            `json:"sessions_created_with_playbook_count"`
	Search   int64            `json:"sessions_created_with_search_count"`
	Merged   int64            `json:"sessions_with_merged_prs_count"`
	BySize2  map[string]int64 `json:"sessions_with_merged_prs_by_size"`
}

func (m *sessionMetrics) plus(n sessionMetrics) {
	m.Created, m.Playbook, m.Search, m.Merged = m.Created+n.Created, m.Playbook+n.Playbook, m.Search+n.Search, m.Merged+n.Merged
	for _, pair := range []struct{ to, from map[string]int64 }{{m.ByOrigin, n.ByOrigin}, {m.BySize, n.BySize}, {m.BySize2, n.BySize2}} {
		for name, count := range pair.from {
			pair.to[name] += count
		}
	}
}

func TestSessionsAddUpFromAllSides(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 1)
	metrics := func(path string, filter url.Values) sessionMetrics {
		q := url.Values{"time_after": {strconv.FormatInt(from.Unix(), 10)}, "time_before": {strconv.FormatInt(to.Unix(), 10)}}
		maps.Copy(q, filter)
		return read[sessionMetrics](t, get(t, s, path+"?"+q.Encode()))
	}
	const path = "/v3/enterprise/metrics/sessions"
	all := metrics(path, nil)
	if all.Created < 500 || sumOf(all.ByOrigin) != all.Created || sumOf(all.BySize) != all.Created || sumOf(all.BySize2) != all.Merged || all.Merged == 0 {
		t.Errorf("all are %+v", all)
	}
	empty := func() sessionMetrics {
		return sessionMetrics{ByOrigin: map[string]int64{}, BySize: map[string]int64{}, BySize2: map[string]int64{}, Average: all.Average}
	}
	byUser, byOrg := empty(), empty()
	people := s.FormerMembers()
	for _, m := range s.Members() {
		people = append(people, m.UserID)
	}
	for _, id := range people {
		byUser.plus(metrics(path, url.Values{"user_ids": {id}}))
	}
	for _, u := range s.AllServiceUsers() {
		byUser.plus(metrics(path, url.Values{"service_user_ids": {u.ServiceUserID}}))
	}
	for _, o := range s.Organizations() {
		own := metrics("/v3/organizations/"+o.OrgID+"/metrics/sessions", nil)
		if of := metrics(path, url.Values{"org_ids": {o.OrgID}}); !reflect.DeepEqual(of, own) {
			t.Errorf("%s itself counts %+v, the enterprise %+v", o.Name, own, of)
		}
		byOrg.plus(own)
	}
	if !reflect.DeepEqual(byUser, all) || !reflect.DeepEqual(byOrg, all) {
		t.Errorf("all are\n%+v\nusers\n%+v\norganizations\n%+v", all, byUser, byOrg)
	}
	usage := read[map[string]int64](t, get(t, s, "/v3/enterprise/metrics/usage"+window(from, to)))
	prs := s.PRs(devintest.Filter{}, from, to)
	if usage["sessions_count"] != all.Created || usage["prs_created_count"] != prs.Created || usage["prs_merged_count"] != prs.Merged || usage["searches_count"] == 0 {
		t.Errorf("usage is %v", usage)
	}
	type use struct {
		ACUs     float64 `json:"acus"`
		Sessions int64   `json:"sessions_count"`
	}
	type category struct {
		use
		Parts []use `json:"subcategories"`
	}
	sum := use{}
	for _, c := range read[struct{ Categories []category }](t, get(t, s, path+"-by-category"+window(from, to))).Categories {
		parts := use{}
		for _, p := range c.Parts {
			parts.ACUs, parts.Sessions = parts.ACUs+p.ACUs, parts.Sessions+p.Sessions
		}
		if cents(parts.ACUs) != cents(c.ACUs) || parts.Sessions != c.Sessions {
			t.Errorf("%+v has parts of %+v", c, parts)
		}
		sum.ACUs, sum.Sessions = sum.ACUs+c.ACUs, sum.Sessions+c.Sessions
	}
	devin := 0.0
	for _, day := range s.EnterpriseDays(from, to) {
		devin += day.ByProduct["devin"]
	}
	if sum.Sessions != all.Created || cents(sum.ACUs) != cents(devin) {
		t.Errorf("categories have %+v of %d sessions and %v ACUs", sum, all.Created, devin)
	}
	if average, err := all.Average.Float64(); err != nil || math.Abs(average-devin/float64(all.Created)) > 0.011 {
		t.Errorf("on average %s, %v of %d", all.Average, devin, all.Created)
	}
}

func TestActivePeriodsCoverTheWindow(t *testing.T) {
	s := start(t, devintest.Options{})
	from := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 1, 0)
	type period struct {
		Active int64 `json:"active_users"`
		Start  int64 `json:"start_time"`
		End    int64 `json:"end_time"`
	}
	for name, n := range map[string]int{"dau": 31, "wau": 5, "mau": 1} {
		periods := read[[]period](t, get(t, s, "/v3/enterprise/metrics/"+name+window(from, to)))
		if len(periods) != n || periods[n-1].Active == 0 || periods[n-1].End%86400 != 86399 {
			t.Errorf("%s: %+v", name, periods)
		}
	}
	one := read[period](t, get(t, s, "/v3/enterprise/metrics/active-users"+window(from, to)))
	if one.Active != s.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, from, to) {
		t.Errorf("%+v", one)
	}
}
