package devintest

import "net/http"

const (
	orgLimitPath   = "/v3/enterprise/consumption/acu-limits/devin/organizations/{org}"
	agentLimitPath = "/v3beta1/enterprise/organizations/{org}/consumption/acu-limits"
	userLimitPath  = "/v3beta1/enterprise/users/{}/consumption/acu-limits"
)

// limitRoutes are the limits on ACUs. Reading them is like reading consumption;
// writing takes a permission of its own.
var limitRoutes = []route{
	{
		pattern: pattern("/v3/enterprise/consumption/acu-limits/devin"), query: pageQuery,
		permission: ManageBilling, handle: (*call).acuLimits,
	},
	{method: http.MethodPut, pattern: pattern(orgLimitPath), permission: WriteBilling, handle: (*call).putOrgLimit},
	{method: http.MethodDelete, pattern: pattern(orgLimitPath), permission: WriteBilling, handle: (*call).deleteOrgLimit},
	{pattern: pattern(agentLimitPath), permission: ManageBilling, handle: (*call).agentLimits},
	{method: http.MethodPatch, pattern: pattern(agentLimitPath), permission: WriteBilling, handle: (*call).patchAgentLimits},
	{method: http.MethodDelete, pattern: pattern(agentLimitPath), permission: WriteBilling, handle: (*call).deleteBetaLimits},
	{pattern: pattern(userLimitPath), permission: ManageBilling, handle: (*call).userLimits},
	{method: http.MethodPatch, pattern: pattern(userLimitPath), permission: WriteBilling, handle: (*call).patchUserLimits},
	{method: http.MethodDelete, pattern: pattern(userLimitPath), permission: WriteBilling, handle: (*call).deleteBetaLimits},
}
