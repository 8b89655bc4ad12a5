package devintest

import "slices"

var (
	scanQuery      = []string{"time_after", "time_before", "org_ids"}
	findingQuery   = []string{"first", "after", "org_ids", "scan_id", "repo_name", "severity[]", "status[]"}
	auditQuery     = []string{"first", "after", "action", "order", "time_after", "time_before"}
	violationQuery = []string{"first", "after", "guardrail_id", "session_id", "order", "time_after", "time_before"}
	statusQuery    = []string{"first", "after", "status"}
)

// securityRoutes are about keys, code scans, and what was done and where.
var securityRoutes = []route{
	{
		pattern: pattern("/v3beta1/enterprise/service-users/{}/api-keys"), query: statusQuery,
		permission: ManageAccountServiceUsers, handle: (*call).apiKeys,
	},
	{
		pattern: pattern("/v3/enterprise/code-scans/metrics"), query: scanQuery, needsTimes: true,
		permission: ViewAccountCodeScans, handle: (*call).scanMetrics,
	},
	{
		pattern: pattern("/v3/organizations/{org}/code-scans/metrics"), query: windowQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountCodeScans, handle: (*call).scanMetrics,
	},
	{
		pattern: pattern("/v3/enterprise/code-scans/findings"), query: findingQuery,
		permission: ViewAccountCodeScans, handle: (*call).findings,
	},
	{
		pattern: pattern("/v3/organizations/{org}/code-scans/findings"), query: slices.DeleteFunc(slices.Clone(findingQuery), func(key string) bool { return key == "org_ids" }), ofOrganization: true,
		permission: ViewAccountCodeScans, handle: (*call).findings,
	},
	{
		pattern: pattern("/v3/enterprise/audit-logs"), query: auditQuery,
		permission: ManageEnterpriseSettings, handle: (*call).auditLogs,
	},
	{
		pattern: pattern("/v3/enterprise/organizations/{org}/audit-logs"), query: auditQuery,
		permission: ManageEnterpriseSettings, handle: (*call).auditLogs,
	},
	{
		pattern: pattern("/v3beta1/enterprise/guardrail-violations"), query: violationQuery,
		permission: ManageEnterpriseSettings, handle: (*call).violations,
	},
	{
		pattern: pattern("/v3beta1/enterprise/organizations/{org}/guardrail-violations"), query: violationQuery,
		permission: ManageEnterpriseSettings, handle: (*call).violations,
	},
	{
		pattern: pattern("/v3/enterprise/hypervisors"), query: statusQuery,
		permission: ViewEnterpriseInfraDetails, handle: (*call).hypervisors,
	},
}
