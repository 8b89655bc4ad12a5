package devintest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// everything walks a list to its end.
func everything[T any](t *testing.T, s *devintest.Server, path string, query url.Values) []T {
	t.Helper()
	all := []T{}
	q := url.Values{}
	for key, values := range query {
		q[key] = values
	}
	for {
		page := read[struct {
			Items []T     `json:"items"`
			Next  *string `json:"end_cursor"`
			More  bool    `json:"has_next_page"`
		}](t, get(t, s, path+"?"+q.Encode()))
		all = append(all, page.Items...)
		if !page.More {
			return all
		}
		q.Set("after", *page.Next)
	}
}

func created(from, to time.Time) url.Values {
	return url.Values{"created_after": {strconv.FormatInt(from.Unix(), 10)}, "created_before": {strconv.FormatInt(to.Unix(), 10)}}
}

func TestListedSessionsAddUpToTheMetrics(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 100})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 1)
	counts := s.SessionCounts(devintest.PRFilter{}, from, to)
	prs := s.PRs(devintest.PRFilter{}, from, to)
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

func TestOpenFindingsAreThoseOfTheMetrics(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 1)
	metrics := read[map[string]json.Number](t, get(t, s, "/v3/enterprise/code-scans/metrics"+window(from, to)))
	open := 0
	for _, severity := range []string{"critical", "high", "medium", "low"} {
		found := everything[devintest.Finding](t, s, "/v3/enterprise/code-scans/findings", url.Values{"severity": {severity}, "status": {"open"}})
		if n := metrics["open_"+severity+"_findings_count"]; n.String() != strconv.Itoa(len(found)) {
			t.Errorf("%s: %s by the metrics, %d on the list", severity, n, len(found))
		}
		open += len(found)
	}
	if all := s.Findings(); open == 0 || open == len(all) || !slices.ContainsFunc(all, func(f devintest.Finding) bool { return f.Severity == "critical" && f.Status == "open" }) {
		t.Errorf("%d of %d are open", open, len(all))
	}
}

func TestEveryListAnswers(t *testing.T) {
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
	if resp := get(t, s, "/v3beta1/enterprise/service-users/nobody/api-keys"); resp.status != http.StatusNotFound {
		t.Errorf("nobody's keys: %d", resp.status)
	}
}

func TestNoTwoSessionsHaveOneID(t *testing.T) {
	s := start(t, devintest.Options{Members: 320, Uniform: true})
	seen := map[string]devintest.ListedSession{}
	for _, l := range s.SessionList(devintest.PRFilter{}, billingDay(2026, 10, 1), billingDay(2026, 10, 31)) {
		if other, ok := seen[l.SessionID]; ok {
			t.Fatalf("%+v and %+v", other, l)
		}
		seen[l.SessionID] = l
	}
}
