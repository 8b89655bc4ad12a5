package devintest

import "slices"

type route struct {
	method     string // empty is GET
	pattern    []string
	permission string
	query      []string
	needsTimes bool
	handle     func(*call) answer
	// ofOrganization is set where a key of the path's organization may ask.
	ofOrganization bool
}

var (
	pageQuery     = []string{"first", "after"}
	memberQuery   = []string{"first", "after", "email"}
	windowQuery   = []string{"time_after", "time_before"}
	serviceQuery  = []string{"first", "after", "include_inactive"}
	prQuery       = []string{"time_after", "time_before", "org_ids", "user_ids", "service_user_ids", "playbook_id"}
	categoryQuery = []string{"time_after", "time_before", "org_ids"}
	orgPRQuery    = []string{"time_after", "time_before", "user_ids", "service_user_ids", "playbook_id"}
)

var routes = slices.Concat(consumptionRoutes, workRoutes, securityRoutes, limitRoutes)

var consumptionRoutes = []route{
	{pattern: pattern("/v3/self"), handle: (*call).self},
	{
		pattern: pattern("/v3/enterprise/members/users"), query: memberQuery,
		permission: ManageAccountMembership, handle: (*call).memberUsers,
	},
	{
		pattern:    pattern("/v3/enterprise/members/users/{}"),
		permission: ManageAccountMembership, handle: (*call).memberUser,
	},
	{
		pattern: pattern("/v3/enterprise/members/idp-users"), query: memberQuery,
		permission: ManageAccountMembership, handle: (*call).memberIDPUsers,
	},
	{
		pattern: pattern("/v3/enterprise/organizations"), query: pageQuery,
		permission: ManageOrganizations, handle: (*call).organizations,
	},
	{
		pattern: pattern("/v3/enterprise/organizations/{org}/members/users"), query: memberQuery,
		permission: ManageAccountMembership, handle: (*call).organizationUsers,
	},
	{
		pattern: pattern("/v3/enterprise/organizations/{org}/members/idp-users"), query: memberQuery,
		permission: ManageAccountMembership, handle: (*call).organizationIDPUsers,
	},
	{
		pattern: pattern("/v3/enterprise/consumption/daily"), query: windowQuery,
		permission: ManageBilling, handle: (*call).enterpriseConsumption,
	},
	{
		pattern: pattern("/v3/enterprise/consumption/daily/users/{}"), query: windowQuery,
		permission: ManageBilling, handle: (*call).userConsumption,
	},
	{
		pattern: pattern("/v3/enterprise/consumption/cycles"), query: pageQuery,
		permission: ManageBilling, handle: (*call).billingCycles,
	},
	{
		pattern: pattern("/v3/enterprise/metrics/prs"), query: prQuery, needsTimes: true,
		permission: ViewAccountMetrics, handle: (*call).prMetrics,
	},
	{
		pattern: pattern("/v3/enterprise/members/service-users"), query: serviceQuery,
		permission: ManageAccountMembership, handle: (*call).serviceUsers,
	},
	{
		pattern: pattern("/v3/enterprise/organizations/{org}/members/service-users"), query: serviceQuery,
		permission: ManageAccountMembership, handle: (*call).serviceUsers,
	},
	{
		pattern: pattern("/v3/enterprise/consumption/daily/organizations/{org}"), query: windowQuery,
		permission: ManageBilling, handle: (*call).organizationConsumption,
	},
	{
		pattern: pattern("/v3/enterprise/consumption/daily/service-users/{}"), query: windowQuery,
		permission: ManageBilling, handle: (*call).serviceUserConsumption,
	},
	{
		pattern: pattern("/v3/enterprise/consumption/daily/sessions/{}"), query: windowQuery,
		permission: ManageBilling, handle: (*call).sessionConsumption,
	},
	{
		pattern: pattern("/v3beta1/organizations/{org}/members/users"), query: memberQuery, ofOrganization: true,
		permission: ManageAccountMembership, handle: (*call).organizationUsers,
	},
	{
		pattern: pattern("/v3beta1/organizations/{org}/members/idp-users"), query: memberQuery, ofOrganization: true,
		permission: ManageAccountMembership, handle: (*call).organizationIDPUsers,
	},
	{
		pattern: pattern("/v3/organizations/{org}/consumption/daily"), query: windowQuery, ofOrganization: true,
		permission: ManageBilling, handle: (*call).organizationConsumption,
	},
	{
		pattern: pattern("/v3/organizations/{org}/consumption/daily/users/{}"), query: windowQuery, ofOrganization: true,
		permission: ManageBilling, handle: (*call).userConsumption,
	},
	{
		pattern: pattern("/v3/organizations/{org}/consumption/daily/service-users/{}"), query: windowQuery, ofOrganization: true,
		permission: ManageBilling, handle: (*call).serviceUserConsumption,
	},
	{
		pattern: pattern("/v3/organizations/{org}/consumption/daily/sessions/{}"), query: windowQuery, ofOrganization: true,
		permission: ManageBilling, handle: (*call).sessionConsumption,
	},
	{
		pattern: pattern("/v3/organizations/{org}/metrics/prs"), query: orgPRQuery, needsTimes: true, ofOrganization: true,
		permission: ViewAccountMetrics, handle: (*call).prMetrics,
	},
}
