package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// filteredCount is an endpoint that counts.
type filteredCount struct {
	some, none string // answers that count something, and nothing
	filters    []string
	// read reads with the named filters, and returns the count.
	read func(ctx context.Context, c *Client, names ...string) (Count, error)
}

// one is a list with one value where a filter is named, and otherwise empty.
func one(names []string, name string) []string {
	if slices.Contains(names, name) {
		return []string{"x"}
	}
	return nil
}

func metricsFilter(names []string) MetricsFilter {
	return MetricsFilter{
		OrgIDs: one(names, "org_ids"), UserIDs: one(names, "user_ids"), ServiceUserIDs: one(names, "service_user_ids"),
		PlaybookID: strings.Join(one(names, "playbook_id"), ""),
	}
}

func activityFilter(names []string) ActivityFilter {
	f := ActivityFilter{OrgIDs: one(names, "org_ids")}
	if slices.Contains(names, "min_sessions") {
		f.MinSessions = new(int64(5))
	}
	if slices.Contains(names, "min_searches") {
		f.MinSearches = new(int64(5))
	}
	return f
}

func activeUsersCount(p Interval, periods string) filteredCount {
	return filteredCount{
		some: periods, none: strings.NewReplacer(`"active_users":7`, `"active_users":0`, `"active_users":3`, `"active_users":0`).Replace(periods),
		filters: []string{"org_ids", "min_sessions", "min_searches"},
		read: func(ctx context.Context, c *Client, names ...string) (Count, error) {
			all, err := c.ActiveUsers(ctx, Window{mustParse("2026-02-02"), mustParse("2026-02-03")}, p, activityFilter(names))
			if err != nil {
				return 0, err
			}
			return *all[0].ActiveUsers, nil
		},
	}
}

func mustParse(text string) Day {
	day, err := ParseDay(text)
	if err != nil {
		panic(err)
	}
	return day
}

// The 2nd of February 2026 is a Monday, and begins at 1769990400.
var filteredCounts = map[string]filteredCount{
	"prs": {
		some: prBody(nil), none: `{"prs_created_count":0,"prs_opened_count":0,"prs_merged_count":0,"prs_closed_count":0}`,
		filters: []string{"org_ids", "playbook_id", "user_ids", "service_user_ids"},
		read: func(ctx context.Context, c *Client, names ...string) (Count, error) {
			m, err := c.PRMetrics(ctx, week, metricsFilter(names))
			if err != nil {
				return 0, err
			}
			return *m.Merged, nil
		},
	},
	"sessions": {
		some: sessionsBody(7, 0), none: sessionsBody(0, 0),
		filters: []string{"org_ids", "playbook_id", "user_ids", "service_user_ids"},
		read: func(ctx context.Context, c *Client, names ...string) (Count, error) {
			m, err := c.SessionMetrics(ctx, week, metricsFilter(names))
			if err != nil {
				return 0, err
			}
			return *m.Created, nil
		},
	},
	"sessions with merged pull requests only": {
		some: sessionsBody(0, 7), none: sessionsBody(0, 0),
		filters: []string{"org_ids", "playbook_id", "user_ids", "service_user_ids"},
		read: func(ctx context.Context, c *Client, names ...string) (Count, error) {
			m, err := c.SessionMetrics(ctx, week, metricsFilter(names))
			if err != nil {
				return 0, err
			}
			return *m.WithMergedPRs, nil
		},
	},
	"categories": {
		some:    `{"categories":[{"category":"other","acus":1.5,"sessions_count":7,"subcategories":[]}]}`,
		none:    `{"categories":[{"category":"other","acus":0,"sessions_count":0,"subcategories":[]}]}`,
		filters: []string{"org_ids"},
		read: func(ctx context.Context, c *Client, names ...string) (Count, error) {
			m, err := c.SessionCategories(ctx, week, metricsFilter(names))
			if err != nil {
				return 0, err
			}
			return *m.Categories[0].Sessions, nil
		},
	},
	"active users of the window": activeUsersCount(IntervalWindow, `{"active_users":7,"start_time":1769990400,"end_time":1770163199}`),
	"active users by day": activeUsersCount(IntervalDay,
		`[{"active_users":7,"start_time":1769990400,"end_time":1770076799},{"active_users":3,"start_time":1770076800,"end_time":1770163199}]`),
	"active users by week":  activeUsersCount(IntervalWeek, `[{"active_users":7,"start_time":1769990400,"end_time":1770595199}]`),
	"active users by month": activeUsersCount(IntervalMonth, `[{"active_users":7,"start_time":1769904000,"end_time":1772323199}]`),
	"code scans": {
		some: scansBody(7), none: scansBody(0), filters: []string{"org_ids"},
		read: func(ctx context.Context, c *Client, names ...string) (Count, error) {
			m, err := c.CodeScanMetrics(ctx, week, one(names, "org_ids"))
			if err != nil {
				return 0, err
			}
			return *m.Scans, nil
		},
	},
}

func sessionsBody(created, withMerged int) string {
	return fmt.Sprintf(`{"sessions_created_count":%d,"avg_acus_per_session":null,"sessions_created_by_origin":{},"sessions_created_by_size":{},`+
		`"sessions_created_with_playbook_count":0,"sessions_created_with_search_count":0,"sessions_with_merged_prs_count":%d,"sessions_with_merged_prs_by_size":{}}`, created, withMerged)
}

func scansBody(n int) string {
	return fmt.Sprintf(`{"scans_count":%d,"repos_scanned_count":0,"open_critical_findings_count":0,"open_high_findings_count":0,"open_medium_findings_count":0,`+
		`"open_low_findings_count":0,"prs_created_count":0,"prs_open_count":0,"prs_merged_count":0,"prs_closed_count":0,`+
		`"avg_pr_open_duration_seconds":null,"avg_pr_time_to_merge_seconds":null}`, n)
}

// probes reports whether a request asks for a value that nothing has.
func probes(r *http.Request) bool {
	q := r.URL.Query()
	for _, name := range []string{"org_ids", "playbook_id", "user_ids", "service_user_ids", "repo_names", "schedule_id", "category", "scan_id", "repo_name", "severity", "status"} {
		if slices.Contains(q[name], noID) {
			return true
		}
	}
	return q.Get("min_sessions") == fmt.Sprint(unreachable) && q.Get("min_searches") == fmt.Sprint(unreachable)
}

func TestACountIsOneMoreRequestForEachFilterThatIsApplied(t *testing.T) {
	t.Parallel()
	for name, count := range filteredCounts {
		c, requests := serve(t, func(r *http.Request) (int, string) {
			if probes(r) {
				return http.StatusOK, count.none
			}
			return http.StatusOK, count.some
		})
		notices, err := noticed(t, func(ctx context.Context) error {
			n, err := count.read(ctx, c, count.filters...)
			if err == nil && n != 7 {
				t.Errorf("%s: got %d", name, n)
			}
			return err
		})
		want := int64(1 + len(count.filters))
		if slices.Contains(count.filters, "min_sessions") { // both are tried at once
			want--
		}
		if err != nil || notices != nil || requests.Load() != want {
			t.Errorf("%s: %v, %q, %d requests, want %d", name, err, notices, requests.Load(), want)
		}
	}
}

func TestAFilterThatACountDoesNotDependOnIsAnError(t *testing.T) {
	t.Parallel()
	for name, count := range filteredCounts {
		for _, filter := range count.filters {
			c, _ := serve(t, func(r *http.Request) (int, string) {
				q := r.URL.Query()
				q.Del(filter) // the deployment does not know it
				r.URL.RawQuery = q.Encode()
				if probes(r) {
					return http.StatusOK, count.none
				}
				return http.StatusOK, count.some
			})
			for _, filters := range [][]string{{filter}, count.filters} {
				_, err := count.read(t.Context(), c, filters...)
				if !errors.Is(err, ErrFilterIgnored) || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "does not depend on "+filter) &&
					!strings.Contains(err.Error(), "does not depend on min_sessions and min_searches") {
					t.Errorf("%s with %q, %s ignored: %v", name, filters, filter, err)
				}
			}
		}
	}
}

// Whether users and service users add up or narrow one another is not documented.
func TestUsersAndServiceUsersAreProbedOneByOne(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var probed []string
	c, _ := serve(t, func(r *http.Request) (int, string) {
		if q := r.URL.Query(); probes(r) {
			mu.Lock()
			defer mu.Unlock()
			probed = append(probed, fmt.Sprint(q["user_ids"], q["service_user_ids"], q["org_ids"]))
			return http.StatusOK, filteredCounts["prs"].none
		}
		return http.StatusOK, prBody(nil)
	})
	_, err := c.PRMetrics(t.Context(), week, MetricsFilter{UserIDs: []string{"a", "b"}, ServiceUserIDs: []string{"s"}, OrgIDs: []string{"o"}})
	slices.Sort(probed)
	if want := []string{"[] [" + noID + "] [o]", "[a b] [s] [" + noID + "]", "[" + noID + "] [] [o]"}; err != nil || !slices.Equal(probed, want) {
		t.Errorf("probed %q, %v; want %q", probed, err, want)
	}
}

func TestAProbeThatIsRefusedShowsThatTheFilterIsApplied(t *testing.T) {
	t.Parallel()
	for name, count := range filteredCounts {
		for status, body := range map[int]string{
			403: `{"title":"Forbidden","status":403,"detail":"Unknown organization"}`,
			404: `{"detail":"Not found"}`,
			422: `{"detail":[{"loc":["query","user_ids"],"msg":"no such user","type":"value_error"}]}`,
		} {
			c, _ := serve(t, func(r *http.Request) (int, string) {
				if probes(r) {
					return status, body
				}
				return http.StatusOK, count.some
			})
			notices, err := noticed(t, func(ctx context.Context) error {
				_, err := count.read(ctx, c, count.filters...)
				return err
			})
			if err != nil || notices != nil {
				t.Errorf("%s with %d: %v, %q", name, status, err, notices)
			}
		}
	}
}

func TestAProbeThatFailsOtherwiseIsANotice(t *testing.T) {
	t.Parallel()
	for name, count := range filteredCounts {
		for want, answer := range map[string]struct {
			status int
			body   string
		}{
			"answered 500":    {500, `{"detail":"Internal Server Error"}`},
			"answered 503":    {503, `<html>busy</html>`},
			"answered 400":    {400, `{"detail":"Bad Request"}`},
			"answered 401":    {401, `{"detail":"Unauthorized"}`},
			"answered 429":    {429, `{"detail":"Too Many Requests"}`},
			"HTML":            {403, `<html>This request looks like an attack</html>`},
			"answered 200":    {200, `<html>Sign in</html>`},
			"missing or null": {200, `{}`},
		} {
			if want == "missing or null" && strings.HasPrefix(count.some, "[") {
				answer.body = `[{}]`
			}
			c, _ := serve(t, func(r *http.Request) (int, string) {
				if probes(r) {
					return answer.status, answer.body
				}
				return http.StatusOK, count.some
			})
			notices, err := noticed(t, func(ctx context.Context) error {
				n, err := count.read(ctx, c, count.filters[0])
				if err == nil && n != 7 {
					t.Errorf("%s: got %d", name, n)
				}
				return err
			})
			prefix := "A filter could not be checked: whether Devin filters by " + count.filters[0] + " could not be checked"
			if err != nil || len(notices) != 1 || !strings.HasPrefix(notices[0], prefix) || !strings.Contains(notices[0], want) {
				t.Errorf("%s with %d %s: %v, %q", name, answer.status, answer.body, err, notices)
			}
		}
	}
}

func TestACountOfNothingNeedsNoProbe(t *testing.T) {
	t.Parallel()
	for name, count := range filteredCounts {
		c, requests := serve(t, func(*http.Request) (int, string) { return http.StatusOK, count.none })
		if n, err := count.read(t.Context(), c, count.filters...); err != nil || n != 0 || requests.Load() != 1 {
			t.Errorf("%s: %d, %v, %d requests", name, n, err, requests.Load())
		}
	}
}

func TestManyUsersShareOneProbe(t *testing.T) {
	t.Parallel()
	c, requests := serve(t, func(r *http.Request) (int, string) {
		if probes(r) {
			return http.StatusOK, filteredCounts["prs"].none
		}
		return http.StatusOK, prBody(nil)
	})
	const users = 200
	var group sync.WaitGroup
	for i := range users {
		group.Go(func() {
			if _, err := c.PRMetrics(t.Context(), week, MetricsFilter{UserIDs: []string{fmt.Sprintf("email|%d", i)}}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := requests.Load(); n != users+1 {
		t.Errorf("%d users took %d requests", users, n)
	}
}

// A probe that is canceled because another one has shown that its filter is ignored
// says nothing.
func TestACanceledProbeIsNoNotice(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(r *http.Request) (int, string) {
		switch q := r.URL.Query(); {
		case q.Get("org_ids") == noID:
			return http.StatusOK, prBody(nil)
		case probes(r):
			<-r.Context().Done()
		}
		return http.StatusOK, prBody(nil)
	})
	notices, err := noticed(t, func(ctx context.Context) error {
		_, err := c.PRMetrics(ctx, week, metricsFilter(filteredCounts["prs"].filters))
		return err
	})
	if !errors.Is(err, ErrFilterIgnored) || notices != nil {
		t.Errorf("%v, %q", err, notices)
	}
}
