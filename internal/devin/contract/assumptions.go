package contract

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// What the assumptions are told by. Each is sent once.
var (
	self      = ask("v3/self", none)
	shortPath = ask("{scope}/members", none)
	timeless  = ask("{scope}/metrics/prs", none)

	members      = ask("{members}/users", query("first", "20"))
	idpUsers     = ask("{members}/idp-users", query("first", "20"))
	serviceUsers = ask("v3/enterprise/members/service-users", query("first", "20"))
	apiKeys      = askAbout(func(r *run) string { return serviceUsers(r).first("service_user_id") },
		"v3beta1/enterprise/service-users/{}/api-keys", none)
	organizations = ask("v3/enterprise/organizations", query("first", "200"))

	consumption  = ask("{scope}/consumption/daily", days(30))
	aYear        = ask("{scope}/consumption/daily", days(400))
	windowless   = ask("{scope}/consumption/daily", none)
	organization = askAbout(anOrganization, "v3/organizations/{}/consumption/daily", days(30))
	cycles       = ask("v3/enterprise/consumption/cycles", query("first", "200"))

	devinLimits = ask("v3/enterprise/consumption/acu-limits/devin", query("first", "200"))
	agentLimits = askAbout(func(r *run) string { return organizations(r).first("org_id") },
		"v3beta1/enterprise/organizations/{}/consumption/acu-limits", none)
	userLimits = askAbout(func(r *run) string { return members(r).first("user_id") },
		"v3beta1/enterprise/users/{}/consumption/acu-limits", none)

	prs            = ask("{scope}/metrics/prs", days(30))
	sessionMetrics = ask("{scope}/metrics/sessions", days(30))
	noSessions     = ask("{scope}/metrics/sessions", func(*run) url.Values { return window(1577865600, 1577952000) }) // 2020-01-01
	categories     = ask("v3/enterprise/metrics/sessions-by-category", days(30))
	usage          = ask("{scope}/metrics/usage", days(30))
	usageOfADay    = ask("{scope}/metrics/usage", days(1))
	active         = ask("{scope}/metrics/active-users", utcDays(7))
	byDay          = ask("{scope}/metrics/dau", utcDays(7))
	byWeek         = ask("{scope}/metrics/wau", utcDays(14))

	sessions = ask("{scope}/sessions", func(r *run) url.Values {
		w := days(30)(r)
		return with(nil, "first", "50", "created_after", w.Get("time_after"), "created_before", w.Get("time_before"))
	})
	scanMetrics = ask("{scope}/code-scans/metrics", utcDays(30))
	findings    = ask("{scope}/code-scans/findings", query("first", "20"))

	auditLogs   = ask("v3/enterprise/audit-logs", recently("first", "20", "order", "desc"))
	violations  = ask("v3beta1/enterprise/guardrail-violations", recently("first", "20", "order", "desc"))
	hypervisors = ask("v3/enterprise/hypervisors", query("first", "200", "status", "all"))
	queue       = ask("v3/enterprise/queue", none)
)

func recently(more ...string) func(*run) url.Values {
	return func(r *run) url.Values { return with(days(30)(r), more...) }
}

// anOrganization is one that has sessions, since much is told by what is used.
func anOrganization(r *run) string {
	if r.orgID != "" {
		return r.orgID
	}
	return sessions(r).first("org_id")
}

// areas is everything that is assumed. Another assumption is another entry here.
func areas() []area {
	return []area{
		{"The key", []assumption{
			{
				name: "bad-key-403", says: "A key that Devin does not know is answered 403, not 401.", where: "devin_connection_check", open: "1",
				tell: func(r *run, _ answer) verdict {
					return byStatus(r.asStranger(), []int{http.StatusForbidden}, []int{http.StatusUnauthorized})
				},
			},
			{
				name: "self-has-org-id", says: "GET /v3/self has org_id, null for a key of the enterprise.", where: "org_id, devin_principal", open: "38",
				of: self, tell: func(_ *run, a answer) verdict { return present(a.object(), "org_id") },
			},
			{
				name: "ids-have-prefixes", says: "Ids of organizations, sessions and service users start with org-, devin- and service-user-.",
				where: "every org_id, session_id and service_user_id", open: "39", of: sessions, tell: idsHavePrefixes,
			},
		}},
		{"Errors", []assumption{
			{
				name: "short-paths-404", says: "A path of version 2, such as .../members, does not exist.", where: "every type", open: "32",
				tell: func(r *run, _ answer) verdict {
					return byStatus(shortPath(r), []int{http.StatusNotFound}, []int{http.StatusOK})
				},
			},
			{
				name: "errors-have-titles", says: "An error is a ProblemDetail, with a title.", where: "messages", open: "4",
				tell: func(r *run, _ answer) verdict { return ofError(shortPath(r), shortPath(r).title != "") },
			},
			{
				name: "errors-are-json", says: "An error is labelled application/json, not application/problem+json.", where: "messages", open: "3",
				tell: func(r *run, _ answer) verdict {
					return ofError(shortPath(r), strings.HasPrefix(shortPath(r).contentType, "application/json"))
				},
			},
			{
				name: "times-required", says: "Metrics without a window are refused with 422.", where: "devin_pr_metrics", open: "5.1",
				tell: func(r *run, _ answer) verdict {
					return byStatus(timeless(r), []int{http.StatusUnprocessableEntity}, []int{http.StatusOK, http.StatusBadRequest})
				},
			},
			{
				name: "validation-has-titles", says: "A request that is not valid is answered with a ProblemDetail, not with FastAPI's list.", where: "messages", open: "4",
				tell: func(r *run, _ answer) verdict { return ofError(timeless(r), timeless(r).title != "") },
			},
			{
				name: "unknown-keys-ignored", says: "A key of the query that Devin does not know is ignored.", where: "every filter", open: "35",
				tell: func(r *run, _ answer) verdict {
					return refused(members(r, "terraform_provider_devin", "1")).opposite()
				},
			},
		}},
		{"Lists", []assumption{
			{
				name: "first-0-refused", says: "first=0 is refused.", where: "every list", open: "1.7",
				tell: func(r *run, _ answer) verdict { return refused(members(r, "first", "0")) },
			},
			{
				name: "first-201-refused", says: "first=201 is refused.", where: "every list", open: "1.7",
				tell: func(r *run, _ answer) verdict { return refused(members(r, "first", "201")) },
			},
			{
				name: "bad-cursor-400", says: "A cursor that is none is refused with 400.", where: "every list", open: "11",
				tell: func(r *run, _ answer) verdict {
					return byStatus(members(r, "after", "no cursor"), []int{http.StatusBadRequest}, []int{http.StatusOK, http.StatusUnprocessableEntity})
				},
			},
			{
				name: "cursor-leads-on", says: "The page behind a cursor begins with another item.", where: "every list", open: "1.7",
				of: members, tell: cursorLeadsOn,
			},
			{
				name: "total-present", says: "A list has a total.", where: "every list", open: "18",
				of: members, tell: func(_ *run, a answer) verdict { return hasNumber(a.object(), "total") },
			},
			{
				name: "total-exact", says: "The total of a list is the number of its items.", where: "every list", open: "40",
				of: organizations, enterprise: true, tell: func(_ *run, a answer) verdict { return totalIsExact(a) },
			},
			{
				name: "total-filtered", says: "The total of a filtered list is that of what passes the filter.", where: "every list", open: "40",
				of: members, tell: func(r *run, a answer) verdict {
					if total, _ := number(a.object(), "total"); total < 2 {
						return cannotTell("there are too few members, or there is no total")
					}
					return totalIsExact(members(r, "email", a.first("email")))
				},
			},
		}},
		{"Members", []assumption{
			fields("member", "devin_members", "19", members, answer.items, "user_id", "email", "name", "role_assignments", "enterprise_joined_at"),
			fields("idp-member", "devin_members", "3.1", idpUsers, answer.items, "user_id", "email", "name", "idp_role_assignments"),
			obeys("members", "devin_members", "3.2", members, "email"),
			{
				name: "email-ignores-case", says: "The filter email ignores case.", where: "devin_members, devin_user_daily_consumption", open: "3.2",
				of: members, tell: emailIgnoresCase,
			},
			{
				name: "unknown-member-404", says: "A member who does not exist is answered 404, not 403.", where: "user_id", open: "2", enterprise: true,
				tell: func(r *run, _ answer) verdict {
					return byStatus(r.get("v3/enterprise/members/users/{}", nil, invented), []int{http.StatusNotFound}, []int{http.StatusForbidden, http.StatusOK})
				},
			},
			{
				name: "idp-member-by-id", says: "A member of an identity provider's group can be read by id, with the roles of the group.", where: "names of people",
				open: "3.2", enterprise: true,
				of:   askAbout(func(r *run) string { return idpUsers(r).first("user_id") }, "v3/enterprise/members/users/{}", none),
				tell: func(_ *run, a answer) verdict { return either(len(objects(a.object()["idp_role_assignments"])) > 0) },
			},
			{
				name: "permissions-documented", says: "A role lists its permissions by the names of the documentation.", where: "devin_connection_check", open: "23", enterprise: true,
				of: askAbout(aRole, "v3/enterprise/roles/{}", none), tell: permissionsAreDocumented,
			},
			fields("service-user", "devin_service_user_api_keys", "3.3", serviceUsers, answer.items, "service_user_id", "name", "expires_at", "deleted_at", "role_assignments").ofEnterprise(),
			{
				name: "never-is-null", says: "What never expires has null for expires_at, not 0 or a year far off.", where: "devin_service_user_api_keys", open: "3.3",
				enterprise: true, of: serviceUsers, tell: neverIsNull,
			},
			fields("api-key", "devin_service_user_api_keys", "7.10", apiKeys, answer.items,
				"api_key_id", "api_key_name", "created_at", "expires_at", "is_active", "last_used_at", "revoked_at").ofEnterprise(),
			{
				name: "api-keys-default-active", says: "Without a status, only keys that still work are listed.", where: "devin_service_user_api_keys", open: "7.10",
				enterprise: true, of: apiKeys, tell: func(r *run, a answer) verdict { return narrows(a, apiKeys(r, "status", "all"), "is_active", true) },
			},
			fields("organization", "devin_organizations_daily_consumption", "7.1", organizations, answer.items,
				"org_id", "name", "created_at", "updated_at", "max_session_acu_limit", "max_cycle_acu_limit").ofEnterprise(),
		}},
		{"Consumption", []assumption{
			fields("consumption", "every *_daily_consumption", "4.1", consumption, itself, "total_acus", "consumption_by_date"),
			fields("day", "every *_daily_consumption", "4.1", consumption, rowsOf, "date", "acus", "acus_by_product"),
			fields("product", "acus_by_product", "17", consumption, productsOf, "devin", "cascade", "terminal", "review"),
			{
				name: "acus-counted", says: "ACUs are counted, as on plans that have them.", where: "every *_daily_consumption", open: "37",
				of: consumption, tell: func(_ *run, a answer) verdict {
					total, _ := number(a.object(), "total_acus")
					return either(total > 0)
				},
			},
			{
				name: "dates-at-0800", says: "The date of a day is its start, 08:00 UTC.", where: "every *_daily_consumption", open: "11",
				of: consumption, tell: func(_ *run, a answer) verdict { return ofRows(a, startsAt(8*time.Hour)) },
			},
			{
				name: "no-daylight-saving", says: "Days start at the same time all year.", where: "every window", open: "14", of: aYear, tell: noDaylightSaving,
			},
			{
				name: "days-ascending", says: "Days come in ascending order.", where: "every *_daily_consumption", open: "11",
				of: consumption, tell: func(_ *run, a answer) verdict { return ofRows(a, inOrder) },
			},
			{
				name: "zero-days-left-out", says: "Days without use are left out.", where: "every *_daily_consumption", open: "11", of: consumption, tell: zeroDaysAreLeftOut,
			},
			{
				name: "window-includes-start", says: "A window includes time_after.", where: "every window", open: "10", of: consumption,
				tell: bound(func(has, _ bool) bool { return has }),
			},
			{
				name: "window-excludes-end", says: "A window does not include time_before.", where: "every window", open: "10", of: consumption,
				tell: bound(func(_, hasNext bool) bool { return !hasNext }),
			},
			{
				name: "year-accepted", says: "A window of 400 days is accepted.", where: "every *_daily_consumption", open: "12",
				tell: func(r *run, _ answer) verdict { return refused(aYear(r)).opposite() },
			},
			{
				name: "default-window-is-cycle", says: "Without a window, consumption is that of the current cycle.", where: "every window", open: "9", enterprise: true,
				of: windowless, tell: defaultIsCycle,
			},
			{
				name: "days-add-up", says: "total_acus is the sum of the days.", where: "every *_daily_consumption", open: "40", of: consumption, tell: daysAddUp,
			},
			{
				name: "products-add-up", says: "The ACUs of a day are the sum of its products.", where: "acus_by_product", open: "40",
				of: consumption, tell: func(_ *run, a answer) verdict { return ofRows(a, productsAddUp) },
			},
			{
				name: "review-is-number", says: "The product review is a number.", where: "acus_by_product", open: "17", of: consumption, tell: reviewIsNumber,
			},
			{
				name: "organization-has-local-use", says: "An organization's consumption has cascade and terminal.", where: "devin_organization_daily_consumption", open: "16",
				of: organization, tell: hasLocalUse,
			},
			unknown("user", "user_id", "{scope}/consumption/daily/users/{}"),
			unknown("service-user", "service_user_id", "{scope}/consumption/daily/service-users/{}"),
			unknown("session", "session_id", "{scope}/consumption/daily/sessions/{}"),
			{
				name: "unknown-organization-403", says: "Consumption of an organization that does not exist is answered 403, not 404.", where: "org_id", open: "2", enterprise: true,
				tell: func(r *run, _ answer) verdict {
					return byStatus(r.get("v3/enterprise/consumption/daily/organizations/{}", days(30)(r), invented),
						[]int{http.StatusForbidden}, []int{http.StatusNotFound, http.StatusOK})
				},
			},
		}},
		{"Cycles and limits", []assumption{
			fields("cycle", "devin_billing_cycles", "4.2", cycles, answer.items, "after", "before").ofEnterprise(),
			ofCycles("cycles-oldest-first", "Cycles are listed from the oldest to the newest.", func(a, b object) bool { return instant(a, "after") < instant(b, "after") }),
			ofCycles("cycles-share-bounds", "A cycle starts where the one before ends.", func(a, b object) bool {
				return instant(a, "before") == instant(b, "after") || instant(b, "before") == instant(a, "after")
			}),
			ofCycles("cycles-start-at-0800", "Cycles start at 08:00 UTC.", func(_, b object) bool { return timeOfDay(instant(b, "after")) == 8*time.Hour }),
			{
				name: "current-cycle-listed", says: "The current cycle is listed, with its end.", where: "devin_billing_cycles, devin_acu_headroom", open: "4.2",
				enterprise: true, of: cycles, tell: func(r *run, a answer) verdict { return either(currentCycle(r, a) != nil) },
			},
			fields("limit", "devin_acu_limits", "4.3", devinLimits, answer.items, "scope", "cycle_acu_limit", "org_id", "user_id").ofEnterprise(),
			{
				name: "limits-of-organizations", says: "The list of limits has those of organizations only.", where: "devin_acu_limits", open: "4.3", enterprise: true,
				of: devinLimits, tell: limitsAreOfOrganizations,
			},
			{
				name: "beta-limits-enabled", says: "The limits by agent, which are in beta, are enabled.", where: "devin_organization_agent_acu_limits", open: "4.4", enterprise: true,
				tell: func(r *run, _ answer) verdict {
					return byStatus(agentLimits(r), []int{http.StatusOK}, []int{http.StatusForbidden, http.StatusNotFound})
				},
			},
			fields("agent-limits", "devin_organization_agent_acu_limits", "4.4", agentLimits, itself, "cloud_agent", "local_agent").ofEnterprise(),
			leavesOut("unset-agent-limit-left-out", "A limit by agent that is not set is left out.", "devin_organization_agent_acu_limits", agentLimits, "cloud_agent", "local_agent"),
			leavesOut("unset-user-limit-left-out", "A user's limit that is not set is left out.", "devin_user_acu_limit", userLimits, "local_agent"),
			{
				name: "devin-limit-is-cloud-limit", says: "The limit for Devin is the limit for the cloud agent.", where: "devin_organization_acu_limit", open: "28",
				enterprise: true, of: devinLimits, tell: limitIsCloudLimit,
			},
			{
				name: "devin-limit-is-organizations", says: "The limit for Devin is max_cycle_acu_limit of the organization.", where: "devin_organization_acu_limit", open: "28",
				enterprise: true, of: devinLimits, tell: limitIsOrganizations,
			},
		}},
		{"Metrics", slices.Concat(
			obeysEach("prs", "devin_pr_metrics", "20", prs, "org_ids", "user_ids", "service_user_ids", "playbook_id"),
			obeysEach("session-metrics", "devin_session_metrics", "5.1", sessionMetrics, "org_ids", "user_ids", "service_user_ids", "playbook_id"),
			obeysEach("categories", "devin_session_categories", "5.1", categories, "org_ids"),
			obeysEach("active-users", "devin_active_users", "5.1", active, "org_ids", "min_sessions and min_searches"),
			obeysEach("dau", "devin_active_users by period", "5.1", byDay, "org_ids", "min_sessions and min_searches"),
			[]assumption{
				{
					name: "repeated-keys", says: "Of a key that is repeated, each value counts.", where: "org_ids, user_ids and every other list", open: "1.9",
					of: sessionMetrics, tell: repeatedKeysCount,
				},
				fields("pull-requests", "devin_pr_metrics", "20", prs, itself, "prs_created_count", "prs_opened_count", "prs_merged_count", "prs_closed_count",
					"prs_taken_over_count", "prs_taken_over_opened_count", "prs_taken_over_merged_count", "prs_taken_over_closed_count"),
				{
					name: "prs-add-up", says: "Pull requests created are those open, merged and closed.", where: "devin_pr_metrics", open: "40",
					of: prs, tell: func(_ *run, a answer) verdict {
						return addUp(a.object(), "prs_created_count", "prs_opened_count", "prs_merged_count", "prs_closed_count")
					},
				},
				{
					name: "prs-year-accepted", says: "Metrics of 400 days are accepted.", where: "devin_pr_metrics", open: "12",
					tell: func(r *run, _ answer) verdict {
						w := days(400)(r)
						return refused(prs(r, "time_after", w.Get("time_after"))).opposite()
					},
				},
				fields("session-counts", "devin_session_metrics", "5.3", sessionMetrics, itself,
					"sessions_created_count", "avg_acus_per_session", "sessions_created_by_origin", "sessions_created_by_size", "sessions_created_with_playbook_count",
					"sessions_created_with_search_count", "sessions_with_merged_prs_count", "sessions_with_merged_prs_by_size"),
				fields("origin", "devin_session_metrics", "5.3", sessionMetrics, under("sessions_created_by_origin"),
					"api", "automation", "code_scan", "desktop", "jira", "linear", "slack", "teams", "webapp"),
				sumsUp("origins-add-up", "Sessions by origin add up to the sessions created.", "sessions_created_by_origin"),
				sumsUp("sizes-add-up", "Sessions by size add up to the sessions created.", "sessions_created_by_size"),
				{
					name: "mean-of-nothing-is-0", says: "avg_acus_per_session is 0, not null, where there was no session.", where: "devin_session_metrics", open: "5.3",
					of: noSessions, tell: meanOfNothing,
				},
				fields("usage", "devin_usage_metrics", "5.4", usage, itself, "sessions_count", "searches_count", "prs_created_count", "prs_merged_count"),
				{
					name: "merged-may-exceed-created", says: "In a window more pull requests can be merged than created.", where: "devin_usage_metrics", open: "40",
					of: usage, tell: mergedExceedsCreated,
				},
				{
					name: "active-times-are-window", says: "The times of active users are the window's, or end a second before.", where: "devin_active_users", open: "27",
					of: active, tell: timesAreWindow,
				},
				{
					name: "periods-end-before-next", says: "A period of active users ends a second before the next one starts.", where: "devin_active_users", open: "27",
					of: byDay, tell: periodsEndBeforeNext,
				},
				{
					name: "dau-has-every-day", says: "Active users by day are one entry for each UTC day, in ascending order.", where: "devin_active_users", open: "5.2",
					of: byDay, tell: hasEveryDay,
				},
				{
					name: "weeks-start-on-monday", says: "Active users by week are of whole weeks, from Monday.", where: "devin_active_users", open: "1.8",
					of: byWeek, tell: weeksStartOnMonday,
				},
				fields("category", "devin_session_categories", "5.4", categories, func(a answer) []object { return objects(a.object()["categories"]) },
					"category", "acus", "sessions_count", "subcategories").ofEnterprise(),
			})},
		{"Sessions", slices.Concat(
			obeysEach("sessions", "devin_sessions", "7.7", sessions, "org_ids", "user_ids", "service_user_ids", "session_ids", "origins", "category", "playbook_id",
				"schedule_id", "tags", "repo_names"),
			[]assumption{
				shows("sessions", "devin_sessions", "7.7", sessions, "is_archived", "true", "false"),
				fields("session", "devin_sessions", "7.7", sessions, answer.items, "acus_consumed", "category", "child_session_ids", "created_at", "devin_mode", "is_archived",
					"org_id", "origin", "parent_session_id", "playbook_id", "pull_requests", "service_user_id", "session_id", "status", "status_detail",
					"structured_output", "subcategory", "tags", "title", "updated_at", "url", "user_id"),
				{
					name: "sessions-include-start", says: "A list of sessions includes created_after.", where: "devin_sessions", open: "7.7",
					of: sessions, tell: sessionAtBound(0, true),
				},
				{
					name: "sessions-exclude-end", says: "A list of sessions does not include created_before.", where: "devin_sessions", open: "7.7",
					of: sessions, tell: sessionAtBound(-1, false),
				},
				{
					name: "automations-without-acus", says: "Sessions that an automation started show no ACUs.", where: "devin_sessions", open: "7.7",
					of: sessions, tell: automationsHaveNoACUs,
				},
			})},
		{"Code scans", slices.Concat(
			obeysEach("scan-metrics", "devin_code_scan_metrics", "5.5", scanMetrics, "org_ids"),
			obeysEach("findings", "devin_code_scan_findings", "7.14", findings, "org_ids", "scan_id", "repo_name"),
			[]assumption{
				shows("findings", "devin_code_scan_findings", "7.14", findings, "severity", "critical", "high", "medium", "low"),
				shows("findings", "devin_code_scan_findings", "7.14", findings, "status", "open", "dismissed", "resolved"),
				longest("scans-100-days", "code scans", "devin_code_scan_metrics", scanMetrics, utcDays(101)),
				fields("scan-counts", "devin_code_scan_metrics", "5.5", scanMetrics, itself, "scans_count", "repos_scanned_count", "open_critical_findings_count",
					"open_high_findings_count", "open_medium_findings_count", "open_low_findings_count", "prs_created_count", "prs_open_count", "prs_merged_count",
					"prs_closed_count", "avg_pr_open_duration_seconds", "avg_pr_time_to_merge_seconds"),
				fields("finding", "devin_code_scan_findings", "7.14", findings, answer.items, "category", "code_owners", "created_at", "description", "finding_id", "note",
					"orchestrator_session_id", "pr_url", "recommendation", "reference_snippets", "related_finding_ids", "repo_name", "scan_id", "session_id",
					"severity", "status", "title"),
			})},
		{"Logs and machines", []assumption{
			obeys("audit-logs", "devin_audit_logs", "7.6", auditLogs, "action").ofEnterprise(),
			longest("audit-logs-100-days", "audit logs", "devin_audit_logs", auditLogs, days(101)).ofEnterprise(),
			fields("audit-log", "devin_audit_logs", "7.6", auditLogs, answer.items,
				"action", "audit_log_id", "created_at", "data", "org_id", "service_user_id", "service_user_name", "user_email", "user_id").ofEnterprise(),
			{
				name: "audit-data-is-object", says: "The data of an audit log is never null.", where: "devin_audit_logs", open: "7.6", enterprise: true,
				of: auditLogs, tell: func(_ *run, a answer) verdict {
					return ofAll(a.items(), func(item object) bool { _, is := item["data"].(object); return is })
				},
			},
			obeys("violations", "devin_guardrail_violations", "7.9", violations, "guardrail_id").ofEnterprise(),
			obeys("violations", "devin_guardrail_violations", "7.9", violations, "session_id").ofEnterprise(),
			longest("violations-100-days", "guardrail violations", "devin_guardrail_violations", violations, days(101)).ofEnterprise(),
			fields("violation", "devin_guardrail_violations", "7.9", violations, answer.items, "action_taken", "confidence_score", "created_at", "event_id", "guardrail_id",
				"guardrail_name", "org_id", "reasoning", "session_id", "user_message", "violation_id").ofEnterprise(),
			{
				name: "hypervisors-default-available", says: "Without a status, only available hypervisors are listed.", where: "devin_hypervisors", open: "7.6", enterprise: true,
				of: hypervisors, tell: func(r *run, a answer) verdict {
					return narrows(r.get("v3/enterprise/hypervisors", query("first", "200")(r)), a, "status", "available")
				},
			},
			shows("hypervisors", "devin_hypervisors", "7.6", hypervisors, "status", "available", "terminated").ofEnterprise(),
			fields("hypervisor", "devin_hypervisors", "7.6", hypervisors, answer.items,
				"cloud_provider_instance_id", "created_at", "hypervisor_id", "last_heartbeat", "status", "utilization_percentage").ofEnterprise(),
			fields("queue", "devin_queue", "7.6", queue, itself, "queue_size", "status").ofEnterprise(),
			{
				name: "queue-status-documented", says: "The status of the queue is normal, elevated or high.", where: "devin_queue", open: "7.6", enterprise: true,
				of: queue, tell: func(_ *run, a answer) verdict {
					return either(slices.Contains([]string{"normal", "elevated", "high"}, text(a.object(), "status")))
				},
			},
			{
				name: "no-limit-headers", says: "No header tells of a rate limit.", where: "max_concurrent_requests, rate_limit_timeout", open: "26",
				tell: func(r *run, _ answer) verdict {
					if len(r.headers.limits) > 0 {
						return no(strings.Join(sortedKeys(r.headers.limits), ", "))
					}
					return yes("")
				},
			},
		}},
	}
}
