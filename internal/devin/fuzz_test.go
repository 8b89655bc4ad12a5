package devin

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// Whatever bytes an endpoint answers with, a read ends in values that can be right, or
// in one *Error that can be shown. Seeds are answers as documented, and what was found to
// matter.

// fuzzed is a client of a server that gives one answer to everything, tried once.
func fuzzed(t *testing.T, body string) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", withRetries(0), withKey(t, clienttest.FuzzKey),
		withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
			return clienttest.JSON(http.StatusOK, body), nil
		})))
}

func fuzzAnswer(f *testing.F, seeds []string, read func(*testing.T, context.Context, *Client) error) {
	f.Helper()
	for _, seed := range append(seeds,
		"", " ", "null", "{}", "[]", "0", `""`, "<html>", "\xef\xbb\xbf{}", "{\"items\":\xff}", `{"detail":"Unauthorized"}`,
		`{"items":[],"end_cursor":null,"has_next_page":false,"total":0}`, `{"items":[],"end_cursor":"x","has_next_page":true}`,
		strings.Repeat(`{"items":[`, 200),
	) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client := fuzzed(t, body)
		if err := read(t, t.Context(), client); err != nil {
			clienttest.CheckFuzzedError[*Error](t, err)
			if !isOnly(err, ErrNotDevin) {
				t.Errorf("an answer that is not understood is %v", err)
			}
		}
	})
}

// sound reports whether a text can be shown and compared: U+FFFD stands for bytes
// or escapes that are no character.
func sound(text *string) bool { return text == nil || utf8.ValidString(*text) }

func FuzzSelfAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		clienttest.Self,
		`{"principal_type":"service_user","service_user_id":"service-user-0f3c...","service_user_name":"terraform-demo","org_id":"org-5b1e..."}`,
		`{"principal_type":"pat_user","user_id":"google-oauth2|1234567890","user_name":"Jane Smith","api_key_id":"key-abc123","api_key_name":"laptop","org_id":"org-abc123def456"}`,
		`{"principal_type":"devin_brain","devin_id":"devin-1","user_id":"u","org_id":"org-1","creator_service_user_id":null}`,
		`{"principal_type":"\ud800","service_user_id":""}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		p, err := c.Self(ctx)
		if err == nil && (p.Type == nil || *p.Type == "" || !sound(p.ID) || !sound(p.Name) || !sound(p.OrgID)) {
			t.Errorf("%+v", p)
		}
		return err
	})
}

func FuzzMembersAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		`{"items":[{"user_id":"google-oauth2|1234567890","email":"jane@example.com","name":"Jane Smith","enterprise_joined_at":1758528000,"role_assignments":[{"role":{"role_id":"account_member","role_name":"Member","role_type":"enterprise"},"org_id":null},{"role":{"role_id":"org_admin","role_name":"Admin","role_type":"org"},"org_id":"org-abc123def456"}]},{"user_id":"email|5f2a","email":null,"name":null,"role_assignments":[]}],"end_cursor":null,"has_next_page":false,"total":2}`,
		`{"items":[{"user_id":"okta|Acme|00u1","email":"sam@example.com","name":"Sam Lee","idp_role_assignments":[{"idp_group_name":"eng/platform","role":{"role_id":"org_member","role_name":"Member","role_type":"org"},"org_id":"org-abc123def456"}]}],"end_cursor":null,"has_next_page":false,"total":null}`,
		`{"items":[{"user_id":"\ud83d\ude00\u0000..%2F"},{"user_id":"\ud83d\ude00\u0000..%2F","name":"x"}],"has_next_page":false}`,
		`{"items":[{"user_id":"a","enterprise_joined_at":1764921600000}]}`, `{"items":[{"user_id":"\udfff"}]}`, `{"items":[null]}`,
		`{"items":[{"user_id":"a","role_assignments":[{"role":{"role_id":"r"}},{"role":{"role_id":"r"}}]}],"end_cursor":"","has_next_page":null}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		members, err := c.Members(ctx, MemberFilter{})
		for i, m := range members {
			if m.UserID == "" || !sound(&m.UserID) || i > 0 && members[i-1].UserID >= m.UserID {
				t.Errorf("member %d is %+v after %+v", i, m, members[max(i-1, 0)])
			}
			if m.JoinedAt != nil && (m.JoinedAt.Time().Year() < 2020 || m.JoinedAt.Time().Year() > 2200) {
				t.Errorf("%q joined at %s", m.UserID, m.JoinedAt)
			}
			for _, r := range m.Roles {
				if r.RoleID == "" {
					t.Errorf("%q has the role %+v", m.UserID, r)
				}
			}
		}
		return err
	})
}

func FuzzConsumptionAnswer(f *testing.F) {
	w := Window{Start: DayAt(time.Unix(1758528000, 0)), End: DayAt(time.Unix(1767600000, 0))}
	fuzzAnswer(f, []string{
		`{"total_acus":3.5,"consumption_by_date":[{"date":1758528000,"acus":1.25,"acus_by_product":{"devin":1.0,"cascade":0.25,"terminal":0}},{"date":1758614400,"acus":2.25,"acus_by_product":{"devin":2.25,"cascade":0,"terminal":0}}]}`,
		`{"total_acus":5.2,"consumption_by_date":[{"date":1764921600,"acus":5.2,"acus_by_product":{"devin":4.0,"cascade":0.7,"terminal":0.3,"review":null,"new":1e-9}}]}`,
		`{"total_acus":1e308,"consumption_by_date":[{"date":1764921600,"acus":1e308,"acus_by_product":{}},{"date":1765008000,"acus":1e308,"acus_by_product":{}},{"date":1,"acus":1e308}]}`,
		`{"total_acus":1,"consumption_by_date":[{"date":1764921600.0,"acus":1e308},{"date":1790000000,"acus":2},{"date":1765008000,"acus":1e308}]}`,
		`{"total_acus":0,"consumption_by_date":[{"date":1764921600,"acus":0},{"date":1764921600,"acus":0}]}`,
		`{"total_acus":-0.0,"consumption_by_date":[]}`, `{"total_acus":1e400,"consumption_by_date":[]}`,
		`{"total_acus":0.1,"consumption_by_date":[{"date":1e9,"acus":0.1}]}`, `{"total_acus":0.1,"consumption_by_date":[{"date":1764921600000,"acus":0.1}]}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		got, err := c.UserDailyConsumption(ctx, "email|a", w)
		if err != nil {
			return err
		}
		finite(t, "total", got.TotalACUs)
		for i, day := range got.Days() {
			finite(t, day.Date.String(), day.ACUs)
			if !w.Contains(day.Date) || i > 0 && got.Days()[i-1].Date >= day.Date {
				t.Errorf("%s is there as day %d", day.Date, i)
			}
			for _, p := range day.Products {
				finite(t, p.Product, p.ACUs)
			}
		}
		return nil
	})
}

func finite(t *testing.T, what string, acus float64) {
	t.Helper()
	if math.IsNaN(acus) || math.IsInf(acus, 0) {
		t.Errorf("%s is %v", what, acus)
	}
}

func FuzzPRMetricsAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		`{"prs_created_count":45,"prs_opened_count":3,"prs_merged_count":38,"prs_closed_count":4,"prs_taken_over_count":2,"prs_taken_over_opened_count":1,"prs_taken_over_merged_count":1,"prs_taken_over_closed_count":0}`,
		`{"prs_created_count":45.0,"prs_opened_count":3,"prs_merged_count":38e0,"prs_closed_count":4,"prs_taken_over_count":null}`,
		`{"prs_created_count":9007199254740993,"prs_opened_count":0,"prs_merged_count":0,"prs_closed_count":0}`,
		`{"prs_created_count":-1,"prs_opened_count":0,"prs_merged_count":0,"prs_closed_count":0}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		m, err := c.PRMetrics(ctx, week, MetricsFilter{})
		if err != nil {
			return err
		}
		for _, n := range []*Count{m.Created, m.Opened, m.Merged, m.Closed, m.TakenOver, m.TakenOverOpened, m.TakenOverMerged, m.TakenOverClosed} {
			if n != nil && (*n < 0 || *n > 1<<53) {
				t.Errorf("%+v", m)
			}
		}
		if rate := m.MergeRate; rate != nil && !(0 <= *rate && *rate <= 1) {
			t.Errorf("the merge rate is %v", *rate)
		}
		return nil
	})
}

func FuzzCyclesAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		`{"items":[{"after":1764921600,"before":1767600000}],"end_cursor":null,"has_next_page":false,"total":1}`,
		`{"items":[{"after":1764921600,"before":1767600000},{"after":1762329600,"before":1764921599}]}`,
		`{"items":[{"after":1767600000,"before":1764921600}]}`, `{"items":[{"after":1764921600,"before":1764921600}]}`,
		`{"items":[{"after":1764921600},{"after":1762329600,"before":1764921600}]}`,
		`{"items":[{"after":1764921600,"before":1764921601},{"after":1577836800,"before":7258118399}]}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		cycles, err := c.BillingCycles(ctx)
		for i, b := range cycles {
			if i > 0 && *cycles[i-1].StartsAt < *b.StartsAt || (b.EndsAt == nil) != (b.EndDate == nil) {
				t.Errorf("cycle %d is %+v", i, b)
			}
			if b.EndsAt != nil && (*b.StartsAt >= *b.EndsAt || b.StartDate > *b.EndDate) {
				t.Errorf("cycle %s has the days %s to %s", b.Identity(), b.StartDate, b.EndDate)
			}
		}
		return err
	})
}

func FuzzDay(f *testing.F) {
	for _, text := range []string{
		"2026-11-20", "2024-02-29", "2025-02-29", "2019-12-31", "2020-01-01", "2199-12-31", "2200-01-01", "0000-00-00", "2026-1-1",
		"2026-11-20T00:00:00Z", "+2026-11-20", "２０２６-11-20", "", " 2026-11-20", "99999-01-01", "2026-11-20\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, err := ParseDay(text)
		if err != nil {
			if utf8.ValidString(text) && len(err.Error()) > 10*len(text)+200 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			return
		}
		if day.String() != text {
			t.Errorf("%q is read as %s", text, day)
		}
		start := day.Start()
		if start.Hour() != 8 || DayAt(start) != day || DayAt(start.Add(-time.Nanosecond)) != day-1 || DayAt((day+1).Start()) != day+1 {
			t.Errorf("%s starts at %s", day, start)
		}
	})
}

func FuzzWindow(f *testing.F) {
	for _, seconds := range []int64{0, 1764921600, 1733385600, 1764921600000, -1, 1 << 53, -1 << 63, 1<<63 - 1, 1577865600, 1577865599, 7258147200} {
		f.Add(seconds, int64(0))
		f.Add(seconds, int64(30))
	}
	f.Fuzz(func(t *testing.T, seconds, more int64) {
		at, err := instantOfAPI(seconds)
		day := dayOfDate(at)
		if err != nil {
			if at := time.Unix(seconds, 0).UTC(); at.Year() > 2020 && at.Year() < 2199 {
				t.Errorf("%d is refused: %v", seconds, err)
			}
			return
		}
		if got := time.Unix(seconds, 0).UTC().Format(time.DateOnly); day.String() != got {
			t.Errorf("%d is the day %s, want %s", seconds, day, got)
		}
		if more < 0 || more > 40000 {
			return
		}
		w := Window{Start: day, End: day + Day(more)}
		q := w.query(url.Values{})
		var after, before int64
		if _, err := fmt.Sscan(q.Get("time_after")+" "+q.Get("time_before"), &after, &before); err != nil {
			t.Fatal(err)
		}
		if before-after != int64(w.Len())*secondsPerDay || after%secondsPerDay != 8*3600 || !w.Contains(w.End) || w.Contains(w.End+1) || w.Complete(w.End.Start()) {
			t.Errorf("%s asks for %v", w, q)
		}
	})
}

// The window of the seeds.
var fuzzWindow = Window{Start: DayAt(time.Unix(1758528000, 0)), End: DayAt(time.Unix(1767600000, 0))}

func page(items string) string {
	return `{"items":[` + items + `],"end_cursor":null,"has_next_page":false}`
}

func FuzzSessionsAnswer(f *testing.F) {
	const one = `{"session_id":"devin-1","url":"https://app.devin.ai/sessions/1","org_id":"org-1","status":"exit","acus_consumed":1.5,"tags":["a"],` +
		`"pull_requests":[{"pr_url":"https://x/1","pr_state":null}],"created_at":1764921600,"updated_at":1764921700`
	fuzzAnswer(f, []string{
		page(one + `}`), page(one + `,"title":"\ud800","origin":"slack","child_session_ids":null,"is_archived":false}`),
		page(one + `},` + strings.Replace(one, "devin-1", "devin-0", 1) + `,"structured_output":{"a":[1]}}`),
		page(strings.Replace(one, "1764921600", "1764921600000", 1) + `}`), page(strings.Replace(one, `["a"]`, "null", 1) + `}`),
		page(strings.Replace(one, "1.5", "1e300", 1) + `}`), page(one + `},null`),
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		sessions, err := c.Sessions(ctx, fuzzWindow, SessionFilter{})
		for i, s := range sessions {
			if s.SessionID == "" || s.ACUsConsumed == nil || s.Tags == nil || !sound(s.Title) || !fuzzWindow.Contains(DayAt(s.CreatedAt.Time())) {
				t.Errorf("session %d is %+v", i, s)
			}
			if i > 0 && *sessions[i-1].CreatedAt < *s.CreatedAt {
				t.Errorf("session %d is older than the one before", i)
			}
		}
		return err
	})
}

func FuzzActiveUsersAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		`[{"active_users":3,"start_time":1764892800,"end_time":1764979199},{"active_users":0,"start_time":1764979200,"end_time":1765065600}]`,
		`[{"active_users":3,"start_time":1764979200,"end_time":1764979200}]`, `[{"active_users":-1,"start_time":1764892800,"end_time":1764979199}]`,
		`[{"active_users":1,"start_time":1764892800,"end_time":1764979199},{"active_users":1,"start_time":1764892800,"end_time":1764979199}]`, `[null]`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		periods, err := c.ActiveUsers(ctx, fuzzWindow, IntervalDay, ActivityFilter{})
		for i, p := range periods {
			if p.ActiveUsers == nil || *p.ActiveUsers < 0 || p.EndDate < p.StartDate || i > 0 && periods[i-1].StartDate > p.StartDate {
				t.Errorf("period %d is %+v", i, p)
			}
		}
		return err
	})
}

// An answer that is read has the required fields.
func FuzzSecurityAnswers(f *testing.F) {
	fuzzAnswer(f, []string{
		page(`{"api_key_id":"k","api_key_name":"n","created_at":1764921600,"expires_at":null,"is_active":true,"last_used_at":1764921601,"revoked_at":null}`),
		page(`{"finding_id":"f","title":"t","created_at":1764921600,"severity":"high","code_owners":["a"],"reference_snippets":[{"file_path":"x"}]}`),
		page(`{"audit_log_id":"a","action":"login","created_at":1764921600,"data":{"b":1,"a":[9007199254740993,"<"]},"user_email":"j@example.com"}`),
		page(`{"violation_id":7,"guardrail_id":"g","created_at":1764921600,"confidence_score":0.5,"user_message":"m"}`),
		page(`{"hypervisor_id":"h","status":"available","utilization_percentage":12.5,"created_at":1764921600}`),
		`{"scans_count":1,"repos_scanned_count":1,"open_critical_findings_count":0,"open_high_findings_count":0,"open_medium_findings_count":0,"open_low_findings_count":0,` +
			`"prs_created_count":1,"prs_open_count":1,"prs_merged_count":0,"prs_closed_count":0,"avg_pr_open_duration_seconds":1.5,"avg_pr_time_to_merge_seconds":null}`,
		`{"sessions_created_count":2,"avg_acus_per_session":1,"sessions_created_by_origin":{"api":2,"x":null},"sessions_created_by_size":{},"sessions_created_with_playbook_count":0,` +
			`"sessions_created_with_search_count":0,"sessions_with_merged_prs_count":0,"sessions_with_merged_prs_by_size":{}}`,
		page(`{"audit_log_id":"a","action":"login","created_at":1764921600,"data":null}`), page(`{"audit_log_id":"a","action":"login","created_at":1764921600,"data":[]}`),
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		var failures []error
		each := func(err error, what any, bad bool) {
			if err == nil && bad {
				t.Errorf("%+v", what)
			}
			failures = append(failures, err)
		}
		keys, err := c.ServiceUserAPIKeys(ctx, "service-user-1")
		each(err, keys, slices.ContainsFunc(keys, func(k ServiceUserAPIKey) bool { return k.APIKeyID == "" || k.IsActive == nil || k.CreatedAt == nil }))
		findings, err := c.CodeScanFindings(ctx, FindingFilter{Severities: []string{"high"}})
		if !isIgnored(err) {
			each(err, findings, slices.ContainsFunc(findings, func(f CodeScanFinding) bool { return f.FindingID == "" || orNone(f.Severity) != "high" }))
		}
		logs, err := c.AuditLogs(ctx, fuzzWindow, LogFilter{})
		each(err, logs, slices.ContainsFunc(logs, func(l AuditLog) bool {
			return l.Action == "" || l.Data != nil && !strings.HasPrefix(string(*l.Data), "{")
		}))
		violations, err := c.GuardrailViolations(ctx, fuzzWindow, LogFilter{})
		each(err, violations, slices.ContainsFunc(violations, func(v GuardrailViolation) bool {
			return v.ViolationID == "" || v.GuardrailID == ""
		}))
		hypervisors, err := c.Hypervisors(ctx, "")
		each(err, hypervisors, slices.ContainsFunc(hypervisors, func(h Hypervisor) bool { return h.HypervisorID == "" || h.Utilization != nil && *h.Utilization < 0 }))
		scans, err := c.CodeScanMetrics(ctx, fuzzWindow, nil)
		each(err, scans, err == nil && (scans.Scans == nil || scans.PRsMerged == nil))
		sessions, err := c.SessionMetrics(ctx, fuzzWindow, MetricsFilter{})
		each(err, sessions, err == nil && (sessions.Created == nil || sessions.ByOrigin == nil))
		for _, err := range failures {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func isIgnored(err error) bool { return errors.Is(err, ErrFilterIgnored) }

func FuzzLimitsAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		page(`{"scope":"enterprise","cycle_acu_limit":900},{"scope":"org","org_id":"org-1","cycle_acu_limit":0},{"scope":"user","user_id":"u","cycle_acu_limit":7,"org_id":null}`),
		page(`{"scope":"org","cycle_acu_limit":5}`), page(`{"scope":"org","org_id":"","cycle_acu_limit":5}`), page(`{"scope":"user","user_id":"u","cycle_acu_limit":-1}`),
		`{"cloud_agent":{"cycle_acu_limit":5},"local_agent":null}`, `{"local_agent":{"cycle_acu_limit":1000,"billing_org_id":"org-1"}}`,
		`{"local_agent":{"cycle_acu_limit":null,"billing_org_id":null},"more":[1]}`, `{"local_agent":[]}`, `{"cloud_agent":{"cycle_acu_limit":1.5}}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		limits, err := c.ACULimits(ctx)
		for i, l := range limits {
			if l.CycleACULimit == nil || *l.CycleACULimit < 0 || i > 0 && limits[i-1].Identity() == l.Identity() {
				t.Errorf("limit %d is %+v", i, l)
			}
		}
		agents, agentErr := c.OrganizationAgentACULimits(ctx, "org-1")
		user, userErr := c.UserACULimits(ctx, "u")
		if (agentErr == nil) != (userErr == nil) {
			t.Errorf("%v, but %v", agentErr, userErr)
		}
		if agentErr == nil && (agents.Cloud != nil && *agents.Cloud < 0 || user.CycleACULimit != nil && *user.CycleACULimit < 0 || !sound(user.BillingOrgID)) {
			t.Errorf("%+v, %+v", agents, user)
		}
		if err != nil {
			return err
		}
		return agentErr
	})
}
