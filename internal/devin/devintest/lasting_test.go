package devintest_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestListsOfManyQueriesAreNotAllKept(t *testing.T) {
	s := start(t, devintest.Options{})
	path := "/v3/enterprise/sessions?created_after=" + strconv.FormatInt(billingDay(2026, 11, 18).Unix(), 10) + "&updated_after="
	for i := range 50 {
		wantStatus(t, s, path+strconv.Itoa(i), http.StatusOK)
	}
	if s.Kept() > 16 || s.Kept() == 0 {
		t.Errorf("%d lists are kept", s.Kept())
	}
	// Another page of one that is kept makes no other list.
	small := start(t, devintest.Options{})
	wantStatus(t, small, path+"1&first=3", http.StatusOK)
	wantStatus(t, small, path+"1&first=4", http.StatusOK)
	if small.Kept() != 1 {
		t.Errorf("%d lists are kept of one query", small.Kept())
	}
}

func TestAFakeThatForgetsKeepsNoRequest(t *testing.T) {
	s := start(t, devintest.Options{Forget: true})
	for range 3 {
		wantStatus(t, s, selfPath, http.StatusOK)
	}
	if len(s.Requests()) != 0 || s.InFlight() != 0 || s.MostInFlight() != 1 {
		t.Errorf("%d requests are kept, %d in flight, at most %d", len(s.Requests()), s.InFlight(), s.MostInFlight())
	}
}

func TestTheWorldGoesOnAfterMidnight(t *testing.T) {
	clock := devintest.NewClock(noon)
	s := start(t, devintest.Options{Now: clock.Now, PageSize: 200})
	clock.Move(5 * 24 * time.Hour)
	// The three days after the one on which the fake was made.
	from, to := billingDay(2026, 11, 20), billingDay(2026, 11, 23)
	w := url.Values{"time_after": {strconv.FormatInt(from.Unix(), 10)}, "time_before": {strconv.FormatInt(to.Unix(), 10)}}
	sessions := everything[devintest.ListedSession](t, s, "/v3/enterprise/sessions", created(from, to))
	counts := s.SessionCounts(devintest.PRFilter{}, from, to)
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
		t.Error("nobody is active")
	}
	for _, session := range sessions {
		if session.Status == "running" {
			t.Errorf("%s of three days ago still runs", session.SessionID)
		}
	}
}

func TestEveryListedSessionHasItsConsumption(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 200})
	from, to := billingDay(2026, 3, 2), billingDay(2026, 3, 4)
	sessions := everything[devintest.ListedSession](t, s, "/v3/enterprise/sessions", created(from, to))
	for _, session := range sessions {
		u := read[usage](t, get(t, s, dailyPath+"/sessions/"+session.SessionID+window(from, to)))
		if u.TotalACUs != session.ACUsConsumed {
			t.Errorf("%s consumed %s, and %s by its list", session.SessionID, u.TotalACUs, session.ACUsConsumed)
		}
	}
	if len(sessions) == 0 {
		t.Error("no sessions")
	}
	for _, id := range []string{"nobody", "devin-", "devin-00000000000000000000000000000000", "devin-zz000000000000000000000000000000"} {
		if got := get(t, s, dailyPath+"/sessions/"+id).body; got != `{"total_acus":0.0,"consumption_by_date":[]}` {
			t.Errorf("%s: %s", id, got)
		}
	}
}
