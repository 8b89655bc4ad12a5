package devin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

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
		periods, err := c.ActiveUsers(ctx, fuzzWindow, PeriodDay, ActivityFilter{})
		for i, p := range periods {
			if p.ActiveUsers == nil || *p.ActiveUsers < 0 || p.EndDate < p.StartDate || i > 0 && periods[i-1].StartDate > p.StartDate {
				t.Errorf("period %d is %+v", i, p)
			}
		}
		return err
	})
}

// What is read has what the answer must have, whatever the endpoint.
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
