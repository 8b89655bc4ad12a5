package devintest

import (
	"net/http"
	"slices"
	"strings"
)

// The roots below which an organization has the enterprise's endpoints, too.
const (
	orgRoot           = "/v3/organizations/{org}"
	orgBetaRoot       = "/v3beta1/organizations/{org}"
	enterpriseOrgRoot = "/v3/enterprise/organizations/{org}"
)

// Query keys. A "!" marks a required one, "[]" one that may be repeated, as may all
// whose names end in "_ids".
const (
	pageKeys       = "first after"
	memberKeys     = pageKeys + " email"
	serviceKeys    = pageKeys + " include_inactive"
	statusKeys     = pageKeys + " status"
	windowKeys     = "time_after time_before"
	requiredWindow = "time_after! time_before!"
	countKeys      = requiredWindow + " org_ids user_ids service_user_ids playbook_id"
	activeKeys     = requiredWindow + " org_ids min_sessions min_searches"
	findingKeys    = pageKeys + " org_ids scan_id repo_name severity[] status[]"
	auditKeys      = pageKeys + " action order " + windowKeys
	violationKeys  = pageKeys + " guardrail_id session_id order " + windowKeys
	sessionKeys    = pageKeys + " created_after created_before updated_after updated_before org_ids user_ids service_user_ids" +
		" session_ids origins[] playbook_id schedule_id tags[] repo_names[] category is_archived"
)

const (
	daily       = "/v3/enterprise/consumption/daily"
	metrics     = "/v3/enterprise/metrics/"
	orgLimits   = "/v3/enterprise/consumption/acu-limits/devin/organizations/{org}"
	agentLimits = "/v3beta1/enterprise/organizations/{org}/consumption/acu-limits"
	userLimits  = "/v3beta1/enterprise/users/{id}/consumption/acu-limits"
)

// endpoints are all endpoints. twins are the roots below which an organization has the
// endpoint too, without the query key org_ids.
var endpoints = []struct {
	method, path, twins, query, permission string
	handle                                 func(*call) answer
}{
	{"GET", "/v3/self", "", "", "", (*call).self},

	{"GET", "/v3/enterprise/members/users", enterpriseOrgRoot + " " + orgBetaRoot, memberKeys, ManageAccountMembership, (*call).memberUsers},
	{"GET", "/v3/enterprise/members/users/{id}", orgBetaRoot, "", ManageAccountMembership, (*call).memberUser},
	{"GET", "/v3/enterprise/members/idp-users", enterpriseOrgRoot + " " + orgBetaRoot, memberKeys, ManageAccountMembership, (*call).memberIDPUsers},
	{"GET", "/v3/enterprise/members/service-users", enterpriseOrgRoot, serviceKeys, ManageAccountMembership, (*call).serviceUsers},
	{"GET", "/v3/enterprise/members/service-users/{id}", "", "", ManageAccountMembership, (*call).serviceUser},
	{"GET", "/v3/enterprise/organizations", "", pageKeys, ManageOrganizations, (*call).organizations},
	{"GET", enterpriseOrgRoot, "", "", ManageOrganizations, (*call).organization},

	{"GET", daily, orgRoot, windowKeys, ManageBilling, (*call).wholeConsumption},
	{"GET", daily + "/organizations/{org}", "", windowKeys, ManageBilling, (*call).wholeConsumption},
	{"GET", daily + "/users/{id}", orgRoot, windowKeys, ManageBilling, (*call).userConsumption},
	{"GET", daily + "/service-users/{id}", orgRoot, windowKeys, ManageBilling, (*call).serviceUserConsumption},
	{"GET", daily + "/sessions/{id}", orgRoot, windowKeys, ManageBilling, (*call).sessionConsumption},
	{"GET", "/v3/enterprise/consumption/cycles", "", pageKeys, ManageBilling, (*call).billingCycles},

	{"GET", "/v3/enterprise/consumption/acu-limits/devin", "", pageKeys, ManageBilling, (*call).acuLimits},
	{"PUT", orgLimits, "", "", WriteBilling, (*call).putOrgLimit},
	{"DELETE", orgLimits, "", "", WriteBilling, (*call).deleteOrgLimit},
	{"GET", agentLimits, "", "", ManageBilling, beta((*call).agentLimits)},
	{"PATCH", agentLimits, "", "", WriteBilling, beta((*call).patchAgentLimits)},
	{"DELETE", agentLimits, "", "", WriteBilling, beta((*call).deleteBetaLimits)},
	{"GET", userLimits, "", "", ManageBilling, beta((*call).userLimits)},
	{"PATCH", userLimits, "", "", WriteBilling, beta((*call).patchUserLimits)},
	{"DELETE", userLimits, "", "", WriteBilling, beta((*call).deleteBetaLimits)},

	{"GET", metrics + "prs", orgRoot, countKeys, ViewAccountMetrics, (*call).prMetrics},
	{"GET", metrics + "sessions", orgRoot, countKeys, ViewAccountMetrics, (*call).sessionMetrics},
	{"GET", metrics + "sessions-by-category", "", requiredWindow + " org_ids", ViewAccountMetrics, (*call).sessionCategories},
	{"GET", metrics + "usage", orgRoot, windowKeys, ViewAccountMetrics, (*call).usageMetrics},
	{"GET", metrics + "active-users", orgRoot, activeKeys, ViewAccountMetrics, (*call).activeUsers},
	{"GET", metrics + "dau", orgRoot, activeKeys, ViewAccountMetrics, (*call).activeByDay},
	{"GET", metrics + "wau", orgRoot, activeKeys, ViewAccountMetrics, (*call).activeByWeek},
	{"GET", metrics + "mau", orgRoot, activeKeys, ViewAccountMetrics, (*call).activeByMonth},
	{"GET", "/v3/enterprise/queue", "", "", ViewAccountMetrics, (*call).queue},
	{"GET", "/v3/enterprise/sessions", orgRoot, sessionKeys, ViewAccountSessions, (*call).sessionList},

	{"GET", "/v3/enterprise/code-scans/metrics", orgRoot, requiredWindow + " org_ids", ViewAccountCodeScans, (*call).scanMetrics},
	{"GET", "/v3/enterprise/code-scans/findings", orgRoot, findingKeys, ViewAccountCodeScans, (*call).findings},
	{"GET", "/v3/enterprise/audit-logs", enterpriseOrgRoot, auditKeys, ManageEnterpriseSettings, (*call).auditLogs},
	{"GET", "/v3beta1/enterprise/guardrail-violations", "/v3beta1/enterprise/organizations/{org}", violationKeys, ManageEnterpriseSettings, (*call).violations},
	{"GET", "/v3/enterprise/hypervisors", "", statusKeys, ViewEnterpriseInfraDetails, (*call).hypervisors},
	{"GET", "/v3beta1/enterprise/service-users/{id}/api-keys", "", statusKeys, ManageAccountServiceUsers, (*call).apiKeys},
}

// routes maps requests to the routes of endpoints.
var routes = func() *http.ServeMux {
	mux := http.NewServeMux()
	for _, e := range endpoints {
		r := &route{permission: e.permission, handle: e.handle, query: strings.Fields(e.query)}
		mux.Handle(e.method+" "+e.path, r)
		_, below, _ := strings.Cut(e.path, "/enterprise")
		for root := range strings.FieldsSeq(e.twins) {
			twin := *r
			twin.query = slices.DeleteFunc(slices.Clone(r.query), func(key string) bool { return key == "org_ids" })
			twin.ofOrganization = !strings.Contains(root, "/enterprise")
			mux.Handle(e.method+" "+root+below, &twin)
		}
	}
	return mux
}()

// route is an endpoint at one path.
type route struct {
	permission string
	query      []string
	handle     func(*call) answer
	// ofOrganization is set where the organization's own key has access.
	ofOrganization bool
}

// knows reports whether the route takes a query key.
func (r *route) knows(key string) bool {
	return slices.ContainsFunc(r.query, func(known string) bool { return strings.TrimRight(known, "![]") == key })
}

func (r *route) repeats(key string) bool {
	return strings.HasSuffix(key, "_ids") || slices.Contains(r.query, key+"[]")
}

// refuses reports whether a principal lacks the permission for the route.
func (r *route) refuses(p *Principal, orgID string) bool {
	switch {
	case r.permission == "":
		return false
	case p.OrgID != "" && (!r.ofOrganization || p.OrgID != orgID):
		return true
	}
	return !p.may(r.permission)
}

// ServeHTTP puts the route into the match that stands for the response.
func (r *route) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if m, ok := w.(*match); ok {
		m.route, m.id, m.orgID = r, request.PathValue("id"), request.PathValue("org")
	}
}

// match is given to the mux in place of a response. It records the route, or the status
// and header with which the mux refuses the request.
type match struct {
	route     *route
	id, orgID string
	status    int
	header    http.Header
}

func (m *match) Header() http.Header         { return m.header }
func (m *match) WriteHeader(status int)      { m.status = status }
func (m *match) Write(b []byte) (int, error) { return len(b), nil }
