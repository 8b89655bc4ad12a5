package devintest_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestTheSameSeedMakesTheSameCompany(t *testing.T) {
	bodies := map[uint64][2]string{}
	for _, seed := range []uint64{1, 1, 2} {
		s := start(t, devintest.Options{Seed: seed, PageSize: 200})
		got := [2]string{get(t, s, membersPath).body, get(t, s, dailyPath).body}
		if before, ok := bodies[seed]; ok && before != got {
			t.Error("the same seed made two companies")
		}
		bodies[seed] = got
	}
	if bodies[1][0] == bodies[2][0] || bodies[1][1] == bodies[2][1] {
		t.Error("two seeds made the same company")
	}
}

func TestAUniformCompanyHasAKnownSize(t *testing.T) {
	s := start(t, devintest.Options{Uniform: true, Members: 401, PageSize: 200})
	items, pages := walk(t, s, membersPath+"")
	if idp, _ := walk(t, s, idpPath); len(items) != 401 || pages != 5 || len(idp) != 0 {
		t.Errorf("%d members on %d pages, %d through the IdP", len(items), pages, len(idp))
	}
	from := billingDay(2026, 10, 1)
	for _, m := range s.Members() {
		if len(m.Assignments) != 2 || len(s.UserDays(m.UserID, from, from.AddDate(0, 0, 30))) != 30 {
			t.Fatalf("%+v", m)
		}
	}
}

func TestBillingCyclesFollowOneAnother(t *testing.T) {
	for _, newestFirst := range []bool{false, true} {
		s := start(t, devintest.Options{Quirks: devintest.Quirks{CyclesNewestFirst: newestFirst}})
		items, pages := walk(t, s, cyclesPath)
		if len(items) != 13 || pages != 2 {
			t.Fatalf("%d cycles on %d pages", len(items), pages)
		}
		oldest, newest := items[0], items[12]
		if newestFirst {
			oldest, newest = newest, oldest
		}
		if oldest["after"] != float64(billingDay(2025, 11, 5).Unix()) ||
			newest["after"] != float64(billingDay(2026, 11, 5).Unix()) || newest["before"] != float64(billingDay(2026, 12, 5).Unix()) {
			t.Errorf("from %v to %v", oldest, newest)
		}
		cycles := s.Cycles()
		for i := range cycles[1:] {
			if cycles[i].Before != cycles[i+1].After {
				t.Errorf("a gap after cycle %d", i)
			}
		}
	}
}

func TestTheCompanyGoesOnAfterTheDayItWasMadeOn(t *testing.T) {
	clock := devintest.NewClock(noon)
	s := start(t, devintest.Options{Now: clock.Now, PageSize: 200})
	clock.Move(5 * 24 * time.Hour)
	// The three days after the one on which the fake was made.
	from, to := billingDay(2026, 11, 20), billingDay(2026, 11, 23)
	w := url.Values{"time_after": {strconv.FormatInt(from.Unix(), 10)}, "time_before": {strconv.FormatInt(to.Unix(), 10)}}
	sessions := everything[devintest.ListedSession](t, s, "/v3/enterprise/sessions", created(from, to))
	counts := s.SessionCounts(devintest.Filter{}, from, to)
	if len(sessions) == 0 || int64(len(sessions)) != counts.Created {
		t.Errorf("%d sessions, %d counted", len(sessions), counts.Created)
	}
	if logs := everything[devintest.AuditLog](t, s, auditPath, w); len(logs) != len(sessions)+3 {
		t.Errorf("%d entries of the audit log for %d sessions and 3 days", len(logs), len(sessions))
	}
	if violations := everything[devintest.Violation](t, s, "/v3beta1/enterprise/guardrail-violations", w); len(violations) == 0 {
		t.Error("no violations")
	}
	if active := read[struct {
		N int `json:"active_users"`
	}](t, get(t, s, "/v3/enterprise/metrics/active-users?"+w.Encode())); active.N == 0 {
		t.Error("no user is active")
	}
	for _, session := range sessions {
		if session.Status == "running" {
			t.Errorf("%s of three days ago still runs", session.SessionID)
		}
	}
}

func TestSingleObjectsAreFoundByID(t *testing.T) {
	s := start(t, devintest.Options{})
	org, service := s.Organizations()[1], s.AllServiceUsers()[4]
	if got := read[map[string]any](t, get(t, s, orgsPath+"/"+org.OrgID)); got["name"] != org.Name || got["max_cycle_acu_limit"] != 5000.0 {
		t.Errorf("%v", got)
	}
	if got := read[map[string]any](t, get(t, s, membersPath[:len(membersPath)-5]+"service-users/"+service.ServiceUserID)); got["name"] != service.Name || got["deleted_at"] == nil {
		t.Errorf("%v", got)
	}
	for _, m := range s.Members() {
		here := func(a devintest.Assignment) bool { return a.OrgID == org.OrgID }
		want := http.StatusNotFound
		if slices.ContainsFunc(m.Assignments, here) || slices.ContainsFunc(m.IDPAssignments, here) {
			want = http.StatusOK
		}
		r := wantStatus(t, s, "/v3beta1/organizations/"+org.OrgID+"/members/users/"+url.PathEscape(m.UserID), want)
		if want == http.StatusOK && strings.Contains(r.body, s.Organizations()[0].OrgID) {
			t.Errorf("%s shows another organization", r.body)
		}
	}
	hidden := start(t, devintest.Options{Quirks: devintest.Quirks{UnknownMember: http.StatusForbidden}})
	for fake, want := range map[*devintest.Server]int{s: http.StatusNotFound, hidden: http.StatusForbidden} {
		wantStatus(t, fake, membersPath[:len(membersPath)-5]+"service-users/unknown", want)
		wantStatus(t, fake, "/v3beta1/organizations/"+org.OrgID+"/members/users/unknown", want)
	}
	wantStatus(t, s, orgsPath+"/org-unknown", http.StatusForbidden)
}

func TestListsMatchTheTruth(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 10, 3)
	w := url.Values{"time_after": {strconv.FormatInt(from.Unix(), 10)}, "time_before": {strconv.FormatInt(to.Unix(), 10)}}
	if logs := everything[devintest.AuditLog](t, s, "/v3/enterprise/audit-logs", w); len(logs) != len(s.AuditLogs("", from, to)) || len(logs) < 10 {
		t.Errorf("%d entries of the audit log", len(logs))
	}
	if n := len(everything[devintest.Hypervisor](t, s, "/v3/enterprise/hypervisors", url.Values{"status": {"available"}})); n != 5 {
		t.Errorf("%d machines are available", n)
	}
	month := url.Values{"time_after": w["time_after"], "order": {"asc"}}
	if violations := everything[devintest.Violation](t, s, "/v3beta1/enterprise/guardrail-violations", month); len(violations) < 10 || violations[0].CreatedAt > violations[9].CreatedAt {
		t.Errorf("%d violations", len(violations))
	}
	for _, u := range s.AllServiceUsers() {
		path := "/v3beta1/enterprise/service-users/" + u.ServiceUserID + "/api-keys"
		if keys := everything[devintest.APIKey](t, s, path, url.Values{"status": {"active"}}); (len(keys) == 1) != u.Active {
			t.Errorf("%s, active %v, has %+v", u.Name, u.Active, keys)
		}
	}
	if resp := get(t, s, "/v3beta1/enterprise/service-users/unknown/api-keys"); resp.status != http.StatusNotFound {
		t.Errorf("keys of an unknown service user: %d", resp.status)
	}
}
