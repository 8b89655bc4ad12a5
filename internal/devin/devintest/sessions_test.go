package devintest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestListedSessionsAddUpToTheMetrics(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 100})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 1)
	counts := s.SessionCounts(devintest.Filter{}, from, to)
	prs := s.PRs(devintest.Filter{}, from, to)
	origins, categories := map[string]int64{}, map[string]int64{}
	var acus float64
	var created0, merged int64
	active := map[string]bool{}
	all := everything[devintest.ListedSession](t, s, "/v3/enterprise/sessions", created(from, to))
	for _, session := range all {
		origins[*session.Origin]++
		categories[*session.Category]++
		n, err := session.ACUsConsumed.Float64()
		if err != nil {
			t.Fatal(err)
		}
		acus += n
		for _, pr := range session.PullRequests {
			created0++
			if *pr.State == "merged" {
				merged++
			}
		}
		if session.UserID != nil {
			active[*session.UserID] = true
		}
	}
	if int64(len(all)) != counts.Created || cents(acus) != counts.ACUs || created0 != prs.Created || merged != prs.Merged {
		t.Errorf("%d sessions, %v ACUs, %d pull requests and %d merged; counted are %+v and %+v", len(all), acus, created0, merged, counts, prs)
	}
	for origin, n := range counts.ByOrigin {
		if origins[origin] != n {
			t.Errorf("%s has %d sessions, counted are %d", origin, origins[origin], n)
		}
	}
	byCategory := map[string]int64{}
	for c, use := range counts.ByCategory {
		byCategory[c.Category] += use.Sessions
	}
	for category, n := range byCategory {
		if categories[category] != n {
			t.Errorf("%s has %d sessions, counted are %d", category, categories[category], n)
		}
	}
	if n := s.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, from, to); n != int64(len(active)) || n == 0 {
		t.Errorf("%d are active, and %d have sessions", n, len(active))
	}
	if session := all[0]; session.UserID != nil {
		one := created(from, to)
		one["user_ids"] = []string{*session.UserID}
		for _, of := range everything[devintest.ListedSession](t, s, "/v3/enterprise/sessions", one) {
			if *of.UserID != *session.UserID {
				t.Errorf("%+v is not of %s", of, *session.UserID)
			}
		}
	}
}

func TestSessionsArePartsOfTheirOwners(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 20)
	byOwner := map[string]int64{}
	for _, session := range s.Sessions() {
		p := devintest.Part{SessionID: session.SessionID}
		n := served(t, s, dailyPath+"/sessions/"+session.SessionID, p, from, to)
		if own := served(t, s, "/v3/organizations/"+session.OrgID+"/consumption/daily/sessions/"+session.SessionID, p, from, to); own != n || n == 0 {
			t.Errorf("%s has %d, and %d in its organization", session.SessionID, n, own)
		}
		byOwner[session.OwnerID] += n
	}
	if len(byOwner) < 10 {
		t.Fatalf("%d own sessions", len(byOwner))
	}
	for owner, n := range byOwner {
		p := devintest.Part{UserID: owner}
		if strings.HasPrefix(owner, "service-user-") {
			p = devintest.Part{ServiceUserID: owner}
		}
		if all := cents(s.PartTotal(p, from, to)); n > all {
			t.Errorf("the sessions of %s have %d of %d", owner, n, all)
		}
	}
	for _, path := range []string{"/sessions/devin-unknown", "/service-users/unknown"} {
		if u := read[usage](t, get(t, s, dailyPath+path)); u.TotalACUs.String() != "0.0" || len(u.Days) > 0 {
			t.Errorf("%s: %+v", path, u)
		}
	}
	strict := start(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: 404}})
	wantStatus(t, strict, dailyPath+"/sessions/devin-unknown", http.StatusNotFound)
	wantStatus(t, strict, dailyPath+"/service-users/unknown", http.StatusNotFound)
}

func TestSessionIDsAreUnique(t *testing.T) {
	s := start(t, devintest.Options{Members: 320, Uniform: true})
	seen := map[string]devintest.ListedSession{}
	for _, l := range s.SessionList(devintest.Filter{}, billingDay(2026, 10, 1), billingDay(2026, 10, 31)) {
		if other, ok := seen[l.SessionID]; ok {
			t.Fatalf("%+v and %+v", other, l)
		}
		seen[l.SessionID] = l
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
	for _, id := range []string{"unknown", "devin-", "devin-00000000000000000000000000000000", "devin-zz000000000000000000000000000000"} {
		if got := get(t, s, dailyPath+"/sessions/"+id).body; got != `{"total_acus":0.0,"consumption_by_date":[]}` {
			t.Errorf("%s: %s", id, got)
		}
	}
}
