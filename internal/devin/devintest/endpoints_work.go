package devintest

var (
	activeQuery    = []string{"time_after", "time_before", "org_ids", "min_sessions", "min_searches"}
	orgActiveQuery = []string{"time_after", "time_before", "min_sessions", "min_searches"}
	orgWorkQuery   = []string{
		"first", "after", "created_after", "created_before", "updated_after", "updated_before", "user_ids", "service_user_ids", "session_ids",
		"origins[]", "playbook_id", "schedule_id", "tags[]", "repo_names[]", "category", "is_archived",
	}
	workQuery = append([]string{"org_ids"}, orgWorkQuery...)
)

// workRoutes are about sessions and what comes of them.
var workRoutes = []route{
	{
		pattern: pattern("/v3/enterprise/metrics/sessions"), query: prQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).sessionMetrics,
	},
	{
		pattern: pattern("/v3/organizations/{org}/metrics/sessions"), query: orgPRQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountMetrics, handle: (*call).sessionMetrics,
	},
	{
		pattern: pattern("/v3/enterprise/metrics/sessions-by-category"), query: categoryQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).sessionCategories,
	},
	{
		pattern: pattern("/v3/enterprise/metrics/usage"), query: windowQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).usageMetrics,
	},
	{
		pattern: pattern("/v3/organizations/{org}/metrics/usage"), query: windowQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountMetrics, handle: (*call).usageMetrics,
	},
	{
		pattern:    pattern("/v3/enterprise/queue"),
		permission: ViewAccountMetrics, handle: (*call).queue,
	},
	{
		pattern: pattern("/v3/enterprise/metrics/active-users"), query: activeQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).activeUsers,
	},
	{
		pattern: pattern("/v3/organizations/{org}/metrics/active-users"), query: orgActiveQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountMetrics, handle: (*call).activeUsers,
	},
	{
		pattern: pattern("/v3/enterprise/metrics/dau"), query: activeQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).activeByDay,
	},
	{
		pattern: pattern("/v3/organizations/{org}/metrics/dau"), query: orgActiveQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountMetrics, handle: (*call).activeByDay,
	},
	{
		pattern: pattern("/v3/enterprise/metrics/wau"), query: activeQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).activeByWeek,
	},
	{
		pattern: pattern("/v3/organizations/{org}/metrics/wau"), query: orgActiveQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountMetrics, handle: (*call).activeByWeek,
	},
	{
		pattern: pattern("/v3/enterprise/metrics/mau"), query: activeQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).activeByMonth,
	},
	{
		pattern: pattern("/v3/organizations/{org}/metrics/mau"), query: orgActiveQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountMetrics, handle: (*call).activeByMonth,
	},
	{
		pattern: pattern("/v3/enterprise/sessions"), query: workQuery,
		permission: ViewAccountSessions, handle: (*call).sessionList,
	},
	{
		pattern: pattern("/v3/organizations/{org}/sessions"), query: orgWorkQuery, ofOrganization: true,
		permission: ViewAccountSessions, handle: (*call).sessionList,
	},
}
