package contract

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// The questions.
var (
	self                   = ask("v3/self", noQuery)
	version2Path           = ask("{scope}/members", noQuery)
	prMetricsWithoutWindow = ask("{scope}/metrics/prs", noQuery)

	members      = ask("{members}/users", query("first", "20"))
	idpUsers     = ask("{members}/idp-users", query("first", "20"))
	serviceUsers = ask("v3/enterprise/members/service-users", query("first", "20"))
	apiKeys      = askWithID(func(r *run) string { return serviceUsers(r).first("service_user_id") },
		"v3beta1/enterprise/service-users/{}/api-keys", noQuery)
	organizations = allPages(ask("v3/enterprise/organizations", query("first", "200")))

	consumption              = ask("{scope}/consumption/daily", days(30))
	yearOfConsumption        = ask("{scope}/consumption/daily", days(400))
	consumptionWithoutWindow = ask("{scope}/consumption/daily", noQuery)
	organizationConsumption  = askWithID(organizationID, "v3/organizations/{}/consumption/daily", days(30))
	userConsumption          = askWithID(func(r *run) string { return sessions(r).first("user_id") }, "{scope}/consumption/daily/users/{}", days(30))
	cycles                   = allPages(ask("v3/enterprise/consumption/cycles", query("first", "200")))

	devinLimits = allPages(ask("v3/enterprise/consumption/acu-limits/devin", query("first", "200")))
	agentLimits = askWithID(func(r *run) string { return organizations(r).first("org_id") },
		"v3beta1/enterprise/organizations/{}/consumption/acu-limits", noQuery)
	userLimits = askWithID(func(r *run) string { return members(r).first("user_id") },
		"v3beta1/enterprise/users/{}/consumption/acu-limits", noQuery)

	prMetrics      = ask("{scope}/metrics/prs", days(30))
	sessionMetrics = ask("{scope}/metrics/sessions", days(30))
	noSessions     = ask("{scope}/metrics/sessions", func(*run) url.Values { return window(1577865600, 1577952000) }) // 2020-01-01
	categories     = ask("v3/enterprise/metrics/sessions-by-category", days(30))
	usageMetrics   = ask("{scope}/metrics/usage", days(30))
	usageOfASunday = ask("{scope}/metrics/usage", sunday)
	activeUsers    = ask("{scope}/metrics/active-users", utcDays(7))
	activeByDay    = ask("{scope}/metrics/dau", utcDays(7))
	activeByWeek   = ask("{scope}/metrics/wau", utcDays(14))

	sessions = ask("{scope}/sessions", func(r *run) url.Values {
		w := days(30)(r)
		return with(nil, "first", "50", "created_after", w.Get("time_after"), "created_before", w.Get("time_before"))
	})
	scanMetrics = ask("{scope}/code-scans/metrics", utcDays(30))
	findings    = ask("{scope}/code-scans/findings", query("first", "20"))

	auditLogs          = ask("v3/enterprise/audit-logs", recently("first", "20", "order", "desc"))
	violations         = ask("v3beta1/enterprise/guardrail-violations", recently("first", "20", "order", "desc"))
	hypervisors        = allPages(ask("v3/enterprise/hypervisors", query("first", "200", "status", "all")))
	defaultHypervisors = allPages(ask("v3/enterprise/hypervisors", query("first", "200")))
	queue              = ask("v3/enterprise/queue", noQuery)
)

// sunday is the window of a day on which little begins, and some of what began before ends.
func sunday(r *run) url.Values {
	day := devin.DayAt(r.now) - 14
	for day.Start().Weekday() != time.Sunday {
		day--
	}
	return window(at(day.Start()), at((day + 1).Start()))
}

func recently(more ...string) func(*run) url.Values {
	return func(r *run) url.Values { return with(days(30)(r), more...) }
}

// organizationID is that of an organization with sessions, since without use little can
// be judged.
func organizationID(r *run) string {
	if r.orgID != "" {
		return r.orgID
	}
	return sessions(r).first("org_id")
}

// areas is the table of assumptions.
func areas() []area {
	return []area{
		{"The key", []assumption{
			byStatus("bad-key-403", "devin_connection_check", "1", "A key that Devin does not know is answered 403, not 401.",
				(*run).askWithUnknownKey, statuses{403}, statuses{401}),
			byAnswer("self-has-org-id", "org_id, devin_principal", "38", "GET /v3/self has org_id, null for a key of the enterprise.",
				self, func(_ *run, a answer) verdict { return hasKey(a.object(), "org_id") }),
			byAnswer("ids-have-prefixes", "every id", "39", "Ids of organizations, sessions and service users start with org-, devin- and service-user-.",
				sessions, idsHavePrefixes),
		}},
		{"Errors", []assumption{
			byStatus("short-paths-404", "every type", "32", "A path of version 2, such as .../members, does not exist.",
				version2Path, statuses{404}, statuses{200}),
			byError("errors-have-titles", "4", "An error is a ProblemDetail, with a title.", version2Path, statuses{403, 404}, hasTitle),
			byError("errors-are-json", "3", "An error is labelled application/json, not application/problem+json.",
				version2Path, statuses{403, 404}, func(a answer) bool { return strings.HasPrefix(a.contentType, "application/json") }),
			byStatus("times-required", "every metric", "5.1", "Metrics without a window are refused with 422.", prMetricsWithoutWindow, statuses{422}, statuses{200, 400}),
			byError("validation-has-titles", "4", "A request that is not valid is answered with a ProblemDetail, not with FastAPI's list.", prMetricsWithoutWindow, statuses{400, 422}, hasTitle),
			accepted("unknown-keys-ignored", "every filter", "35", "An unknown query key is ignored.",
				members.with("terraform_provider_devin", "1")),
		}},
		{"Lists", []assumption{
			refused("first-0-refused", "every list", "1.7", "first=0 is refused.", members.with("first", "0")),
			refused("first-201-refused", "every list", "1.7", "first=201 is refused.", members.with("first", "201")),
			byStatus("bad-cursor-400", "every list", "1.7", "A malformed cursor is refused with 400, not 422.",
				members.with("after", "no cursor"), statuses{400}, statuses{200, 422}),
			byAnswer("cursor-leads-on", "every list", "1.7", "The page behind a cursor begins with another item.", members, cursorLeadsOn),
			byAnswer("total-present", "every list", "18", "A list has a total.", members, func(_ *run, a answer) verdict { return hasNumber(a.object(), "total") }),
			byAnswer("total-exact", "every list", "40", "The total of a list is the number of its items.", organizations, totalIsExact).enterpriseOnly(),
			byAnswer("total-filtered", "every list", "40", "The total of a filtered list is that of what passes the filter.", members, totalIsFiltered),
		}},
		{"Members", []assumption{
			fields("member", "devin_members", "19", members, answer.items, "user_id", "email", "name", "role_assignments", "enterprise_joined_at"),
			fields("idp-member", "devin_members", "3.1", idpUsers, answer.items, "user_id", "email", "name", "idp_role_assignments"),
			filterWorks("members", "devin_members", "3.2", members, "email"),
			byAnswer("email-ignores-case", "every email", "3.2", "The filter email ignores case.", members, emailIgnoresCase),
			byStatus("unknown-member-404", "user_id", "2", "A member who does not exist is answered 404, not 403.",
				ask("v3/enterprise/members/users/"+inventedID, noQuery), statuses{404}, statuses{200, 403}).beside(members).enterpriseOnly(),
			byAnswer("idp-member-by-id", "names of people", "3.2", "A member of a group can be read by id, with the roles of the group.",
				askWithID(func(r *run) string { return idpUsers(r).first("user_id") }, "v3/enterprise/members/users/{}", noQuery), hasGroupRoles).enterpriseOnly(),
			byAnswer("permissions-documented", "devin_connection_check", "23", "A role lists its permissions by the names of the documentation.",
				askWithID(roleID, "v3/enterprise/roles/{}", noQuery), permissionsAreDocumented).enterpriseOnly(),
			fields("service-user", "devin_service_user_api_keys", "3.3", serviceUsers, answer.items,
				"service_user_id", "name", "expires_at", "deleted_at", "role_assignments").enterpriseOnly(),
			byAnswer("never-is-null", "devin_service_user_api_keys", "3.3", "What never expires has null for expires_at, not 0 or a year in the far future.",
				serviceUsers, neverIsNull).enterpriseOnly(),
			fields("api-key", "devin_service_user_api_keys", "7.10", apiKeys, answer.items,
				"api_key_id", "api_key_name", "created_at", "expires_at", "is_active", "last_used_at", "revoked_at").enterpriseOnly(),
			defaultLeavesOut("api-keys-default-active", "devin_service_user_api_keys", "7.10", "Without a status, only keys that still work are listed.",
				apiKeys, apiKeys.with("status", "all"), "is_active", true),
			fields("organization", "devin_organizations_daily_consumption", "7.1", organizations, answer.items,
				"org_id", "name", "created_at", "updated_at", "max_session_acu_limit", "max_cycle_acu_limit").enterpriseOnly(),
		}},
		{"Consumption", []assumption{
			fields("consumption", "consumption", "4.1", consumption, wholeBody, "total_acus", "consumption_by_date"),
			fields("day", "consumption", "4.1", consumption, rowsOf, "date", "acus", "acus_by_product"),
			fields("product", "acus_by_product", "17", consumption, productsOf, "devin", "cascade", "terminal", "review"),
			byAnswer("acus-counted", "consumption", "37", "Consumption is not 0, as it is on plans without ACUs.", consumption, acusAreCounted),
			byAnswer("dates-at-0800", "consumption", "11", "The date of a day is its start, 08:00 UTC.", consumption, forDays(allStartAt(8*time.Hour))),
			byAnswer("no-daylight-saving", "every window", "14", "Days start at the same time all year.", yearOfConsumption, noDaylightSaving),
			byAnswer("days-ascending", "consumption", "11", "Days come in ascending order.", consumption, forDays(areAscending)),
			byAnswer("zero-days-left-out", "consumption", "11", "Days without use are left out.", userConsumption, zeroDaysAreLeftOut),
			byAnswer("window-includes-start", "every window", "10", "A window includes time_after.", consumption, atEdges(func(has, _ bool) bool { return has })),
			byAnswer("window-excludes-end", "every window", "10", "A window does not include time_before.", consumption, atEdges(func(_, hasNext bool) bool { return !hasNext })),
			accepted("year-accepted", "consumption", "12", "A window of 400 days is accepted.", yearOfConsumption),
			byAnswer("default-window-is-cycle", "every window", "9", "Without a window, consumption is that of the current cycle.", consumptionWithoutWindow, defaultIsCycle).enterpriseOnly(),
			byAnswer("days-add-up", "consumption", "40", "total_acus is the sum of the days.", consumption, daysAddUp),
			byAnswer("products-add-up", "acus_by_product", "40", "The ACUs of a day are the sum of its products.", consumption, forDays(productsAddUp)),
			byAnswer("review-is-number", "acus_by_product", "17", "The product review is a number.", consumption, reviewIsNumber),
			byStatus("enterprise-key-reads-organizations", "org_id", "36", "A key of the enterprise may read an organization's own paths.",
				organizationConsumption, statuses{200}, statuses{401, 403, 404}).beside(consumption).enterpriseOnly(),
			byAnswer("organization-has-local-use", "devin_daily_consumption", "16", "An organization's consumption has cascade and terminal.",
				organizationConsumption, hasLocalUse),
			unknownUsesNothing("user", "user_id", "{scope}/consumption/daily/users/"),
			unknownUsesNothing("service user", "service_user_ids", "{scope}/consumption/daily/service-users/"),
			unknownUsesNothing("session", "session_id", "{scope}/consumption/daily/sessions/"),
			byStatus("unknown-organization-403", "org_id", "2", "Consumption of an organization that does not exist is answered 403, not 404.",
				ask("v3/enterprise/consumption/daily/organizations/"+inventedID, days(30)), statuses{403}, statuses{200, 404}).beside(consumption).enterpriseOnly(),
		}},
		{"Cycles and limits", []assumption{
			fields("cycle", "devin_billing_cycles", "4.2", cycles, answer.items, "after", "before").enterpriseOnly(),
			ofCycles("cycles-oldest-first", "Cycles are listed from the oldest to the newest.", func(a, b object) bool { return instant(a, "after") < instant(b, "after") }),
			ofCycles("cycles-share-bounds", "A cycle starts where the one before ends.", func(a, b object) bool {
				return instant(a, "before") == instant(b, "after") || instant(b, "before") == instant(a, "after")
			}),
			ofCycles("cycles-start-at-0800", "Cycles start at 08:00 UTC.", func(_, b object) bool { return timeOfDay(instant(b, "after")) == 8*time.Hour }),
			byAnswer("current-cycle-listed", "devin_billing_cycles, devin_acu_headroom", "4.2", "The current cycle is listed, with its end.",
				cycles, func(r *run, a answer) verdict { return verdictOf(currentCycle(r, a) != nil) }).enterpriseOnly(),
			fields("limit", "devin_acu_limits", "4.3", devinLimits, answer.items, "scope", "cycle_acu_limit", "org_id", "user_id").enterpriseOnly(),
			byAnswer("limits-of-organizations", "devin_acu_limits", "4.3", "The list of limits has those of organizations only.",
				devinLimits, limitsAreOfOrganizations).enterpriseOnly(),
			byStatus("beta-limits-enabled", "devin_organization_agent_acu_limits", "4.4", "The limits by agent, which are in beta, are enabled.",
				agentLimits, statuses{200}, statuses{403, 404}).beside(devinLimits).enterpriseOnly(),
			fields("agent-limits", "devin_organization_agent_acu_limits", "4.4", agentLimits, wholeBody, "cloud_agent", "local_agent").enterpriseOnly(),
			unsetIsAbsent("unset-agent-limit-left-out", "devin_organization_agent_acu_limits", "A limit by agent that is not set is left out.",
				agentLimits, "cloud_agent", "local_agent"),
			unsetIsAbsent("unset-user-limit-left-out", "devin_user_acu_limit", "A user's limit that is not set is left out.", userLimits, "local_agent"),
			byAnswer("devin-limit-is-cloud-limit", "devin_organization_acu_limit", "28", "The limit for Devin is the limit for the cloud agent.",
				devinLimits, limitIsCloudLimit).enterpriseOnly(),
			byAnswer("devin-limit-is-organizations", "devin_organization_acu_limit", "28", "The limit for Devin is max_cycle_acu_limit of the organization.",
				devinLimits, limitIsOrganizations).enterpriseOnly(),
		}},
		{"Metrics", slices.Concat(
			filtersWork("prs", "devin_pr_metrics", "20", prMetrics, "org_ids", "user_ids", "service_user_ids", "playbook_id"),
			filtersWork("session-metrics", "devin_session_metrics", "5.1", sessionMetrics, "org_ids", "user_ids", "service_user_ids", "playbook_id"),
			filtersWork("categories", "devin_session_categories", "5.1", categories, "org_ids"),
			filtersWork("active-users", "devin_active_users", "5.1", activeUsers, "org_ids", "min_sessions and min_searches"),
			filtersWork("dau", "devin_active_users by period", "5.1", activeByDay, "org_ids", "min_sessions and min_searches"),
			[]assumption{
				byAnswer("repeated-keys", "org_ids, user_ids and every other list", "1.9", "Every value of a repeated query key counts.", sessionMetrics, repeatedKeysCount),
				fields("pull-requests", "devin_pr_metrics", "20", prMetrics, wholeBody, "prs_created_count", "prs_opened_count", "prs_merged_count", "prs_closed_count",
					"prs_taken_over_count", "prs_taken_over_opened_count", "prs_taken_over_merged_count", "prs_taken_over_closed_count"),
				byAnswer("prs-add-up", "devin_pr_metrics", "40", "Pull requests created are those open, merged and closed.", prMetrics, prsAddUp),
				accepted("prs-year-accepted", "devin_pr_metrics", "12", "Metrics of 400 days are accepted.", ask("{scope}/metrics/prs", days(400))),
				fields("session-counts", "devin_session_metrics", "5.3", sessionMetrics, wholeBody,
					"sessions_created_count", "avg_acus_per_session", "sessions_created_by_origin", "sessions_created_by_size", "sessions_created_with_playbook_count",
					"sessions_created_with_search_count", "sessions_with_merged_prs_count", "sessions_with_merged_prs_by_size"),
				fields("origin", "devin_session_metrics", "5.3", sessionMetrics, objectAt("sessions_created_by_origin"),
					"api", "automation", "code_scan", "desktop", "jira", "linear", "slack", "teams", "webapp"),
				partsAddUp("origins-add-up", "Sessions by origin add up to the sessions created.", "sessions_created_by_origin"),
				partsAddUp("sizes-add-up", "Sessions by size add up to the sessions created.", "sessions_created_by_size"),
				byAnswer("mean-of-nothing-is-0", "devin_session_metrics", "5.3", "avg_acus_per_session is 0, not null, where there was no session.", noSessions, meanOfNothing),
				fields("usage", "devin_usage_metrics", "5.4", usageMetrics, wholeBody, "sessions_count", "searches_count", "prs_created_count", "prs_merged_count"),
				byAnswer("merged-may-exceed-created", "devin_usage_metrics", "40", "In a window more pull requests can be merged than created.", usageMetrics, mergedExceedsCreated),
				byAnswer("active-times-are-window", "devin_active_users", "27", "The times of active users are the window's, or end a second before.", activeUsers, timesAreWindow),
				byAnswer("periods-end-before-next", "devin_active_users", "27", "A period of active users ends a second before the next one starts.", activeByDay, periodsEndBeforeNext),
				byAnswer("dau-has-every-day", "devin_active_users", "5.2", "Active users by day have one entry for each UTC day, in ascending order.", activeByDay, hasEveryDay),
				byAnswer("weeks-start-on-monday", "devin_active_users", "1.8", "Active users by week cover whole weeks from Monday.", activeByWeek, weeksStartOnMonday),
				fields("category", "devin_session_categories", "5.4", categories, elementsAt("categories"), "category", "acus", "sessions_count", "subcategories").enterpriseOnly(),
			})},
		{"Sessions", slices.Concat(
			filtersWork("sessions", "devin_sessions", "7.7", sessions, "org_ids", "user_ids", "service_user_ids", "session_ids", "origins", "category", "playbook_id",
				"schedule_id", "tags", "repo_names"),
			[]assumption{
				enumFilterWorks("sessions", "devin_sessions", "7.7", sessions, "is_archived", "true", "false"),
				fields("session", "devin_sessions", "7.7", sessions, answer.items, "acus_consumed", "category", "child_session_ids", "created_at", "devin_mode", "is_archived",
					"org_id", "origin", "parent_session_id", "playbook_id", "pull_requests", "service_user_id", "session_id", "status", "status_detail",
					"structured_output", "subcategory", "tags", "title", "updated_at", "url", "user_id"),
				byAnswer("sessions-include-start", "devin_sessions", "7.7", "A list of sessions includes created_after.", sessions, sessionAtBound(0, true)),
				byAnswer("sessions-exclude-end", "devin_sessions", "7.7", "A list of sessions does not include created_before.", sessions, sessionAtBound(-1, false)),
				byAnswer("values-in-lower-case", "every status, severity and scope", "7.7", "Values of a fixed set are in lower case.", sessions, statusIsLowerCase),
				byAnswer("automations-without-acus", "devin_sessions", "7.7", "Sessions that an automation started show no ACUs.",
					sessions.with("origins", "automation"), automationsHaveNoACUs),
			})},
		{"Code scans", slices.Concat(
			filtersWork("scan-metrics", "devin_code_scan_metrics", "5.5", scanMetrics, "org_ids"),
			filtersWork("findings", "devin_code_scan_findings", "7.14", findings, "org_ids", "scan_id", "repo_name"),
			[]assumption{
				enumFilterWorks("findings", "devin_code_scan_findings", "7.14", findings, "severity", "critical", "high", "medium", "low"),
				enumFilterWorks("findings", "devin_code_scan_findings", "7.14", findings, "status", "open", "dismissed", "resolved"),
				refused("scans-100-days", "devin_code_scan_metrics", "5.5", "More than 100 days of code scans are refused.", ask("{scope}/code-scans/metrics", utcDays(101))),
				fields("scan-counts", "devin_code_scan_metrics", "5.5", scanMetrics, wholeBody, "scans_count", "repos_scanned_count", "open_critical_findings_count",
					"open_high_findings_count", "open_medium_findings_count", "open_low_findings_count", "prs_created_count", "prs_open_count", "prs_merged_count",
					"prs_closed_count", "avg_pr_open_duration_seconds", "avg_pr_time_to_merge_seconds"),
				fields("finding", "devin_code_scan_findings", "7.14", findings, answer.items, "category", "code_owners", "created_at", "description", "finding_id", "note",
					"orchestrator_session_id", "pr_url", "recommendation", "reference_snippets", "related_finding_ids", "repo_name", "scan_id", "session_id",
					"severity", "status", "title"),
			})},
		{"Logs and machines", []assumption{
			filterWorks("audit-logs", "devin_audit_logs", "7.6", auditLogs, "action").enterpriseOnly(),
			refused("audit-logs-100-days", "devin_audit_logs", "12", "More than 100 days of audit logs are refused.", ask("v3/enterprise/audit-logs", days(101))).enterpriseOnly(),
			fields("audit-log", "devin_audit_logs", "7.6", auditLogs, answer.items,
				"action", "audit_log_id", "created_at", "data", "org_id", "service_user_id", "service_user_name", "user_email", "user_id").enterpriseOnly(),
			byAnswer("audit-data-is-object", "devin_audit_logs", "7.6", "The data of an audit log is never null.", auditLogs, dataIsObject).enterpriseOnly(),
			filterWorks("violations", "devin_guardrail_violations", "7.9", violations, "guardrail_id").enterpriseOnly(),
			filterWorks("violations", "devin_guardrail_violations", "7.9", violations, "session_id").enterpriseOnly(),
			refused("violations-100-days", "devin_guardrail_violations", "12", "More than 100 days of guardrail violations are refused.",
				ask("v3beta1/enterprise/guardrail-violations", days(101))).enterpriseOnly(),
			fields("violation", "devin_guardrail_violations", "7.9", violations, answer.items, "action_taken", "confidence_score", "created_at", "event_id", "guardrail_id",
				"guardrail_name", "org_id", "reasoning", "session_id", "user_message", "violation_id").enterpriseOnly(),
			defaultLeavesOut("hypervisors-default-available", "devin_hypervisors", "7.6", "Without a status, only available hypervisors are listed.",
				defaultHypervisors, hypervisors, "status", "available"),
			enumFilterWorks("hypervisors", "devin_hypervisors", "7.6", hypervisors, "status", "available", "terminated").enterpriseOnly(),
			fields("hypervisor", "devin_hypervisors", "7.6", hypervisors, answer.items,
				"cloud_provider_instance_id", "created_at", "hypervisor_id", "last_heartbeat", "status", "utilization_percentage").enterpriseOnly(),
			fields("queue", "devin_queue", "7.6", queue, wholeBody, "queue_size", "status").enterpriseOnly(),
			byAnswer("queue-status-documented", "devin_queue", "7.6", "The status of the queue is normal, elevated or high.", queue, statusIsDocumented).enterpriseOnly(),
			byAnswer("no-limit-headers", "max_concurrent_requests, rate_limit_timeout", "26", "No answer has a header about rate limits.", nil, noLimitHeaders),
		}},
	}
}
