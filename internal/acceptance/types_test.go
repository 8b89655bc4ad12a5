package acceptance

import (
	"cmp"
	"context"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// This test fails when somebody adds a type and forgets one of these.
func TestEveryTypeHasItsRowItsExampleItsPageAndItsLine(t *testing.T) {
	t.Parallel()
	schemas := allSchemas()
	if len(schemas.DataSourceSchemas) == 0 || len(schemas.ResourceSchemas) == 0 || len(schemas.Functions) == 0 {
		t.Fatal("there are no types")
	}
	for name, schema := range schemas.DataSourceSchemas {
		checkMatrix(t, "data "+name)
		checkAbout(t, name, schema.Block.Description)
		checkFiles(t, "data", "data-sources", name, "data-source.tf")
	}
	for name, schema := range schemas.ResourceSchemas {
		checkMatrix(t, "resource "+name)
		checkAbout(t, name, schema.Block.Description)
		checkFiles(t, "resource", "resources", name, "resource.tf")
	}
	// The generator of the pages, with a Terraform that has no actions, does not see them.
	for name, schema := range schemas.ActionSchemas {
		checkFiles(t, "action", "actions", name, "action.tf")
		checkActionPage(t, name, schema.Schema.Block.Description)
	}
	// A function sends no request.
	for name := range schemas.Functions {
		checkFiles(t, "function", "functions", name, "function.tf")
	}
}

func checkMatrix(t *testing.T, typ string) {
	t.Helper()
	if !slices.ContainsFunc(subjects(), func(s subject) bool { return s.of == typ }) {
		t.Errorf("%s has no row in the fault matrix", typ)
	}
}

// checkAbout wants the group and the requests behind a type's description.
func checkAbout(t *testing.T, name, description string) {
	t.Helper()
	_, about, _ := strings.Cut(description, "\n\n<!-- ")
	group, requests, _ := strings.Cut(about, " -->\n\n| request | permission | how often |\n|---|---|---|\n")
	if group == "" || !strings.HasPrefix(requests, "| ") || !strings.Contains(requests, "`GET /v3") {
		t.Errorf("%s says nothing about its group and its requests: %q", name, description)
	}
}

// checkActionPage wants on the page of an action its example, and each request that
// its description has.
func checkActionPage(t *testing.T, name, description string) {
	t.Helper()
	page := read(t, path.Join("docs", "actions", strings.TrimPrefix(name, "devin_")+".md"))
	if !strings.Contains(page, read(t, path.Join("examples", "actions", name, "action.tf"))) {
		t.Errorf("the page of action %s has not its example", name)
	}
	requests := regexp.MustCompile("`GET [^`]+`").FindAllString(description, -1)
	for _, request := range requests {
		if !strings.Contains(page, request) {
			t.Errorf("the page of action %s has no %s", name, request)
		}
	}
	if len(requests) == 0 {
		t.Errorf("action %s sends no requests", name)
	}
}

// checkFiles wants an example, a page of documentation, and a line in README.
func checkFiles(t *testing.T, kind, folder, name, example string) {
	t.Helper()
	page := path.Join("docs", folder, strings.TrimPrefix(name, "devin_")+".md")
	for _, file := range []string{page, path.Join("examples", folder, name, example)} {
		if read(t, file) == "" {
			t.Errorf("%s %s has no %s", kind, name, file)
		}
	}
	if line := "| " + kind + " [`" + name + "`](" + page + ") |"; !strings.Contains(read(t, "README.md"), line) {
		t.Errorf("README has no line that begins with %s", line)
	}
}

// read is a file of the repository; empty where there is none.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// The generator of the pages, with a Terraform that has no lists, does not see list
// resources: their pages are written by hand.
func TestEveryListResourceHasItsPage(t *testing.T) {
	t.Parallel()
	schemas := allSchemas()
	if len(schemas.ListResourceSchemas) == 0 {
		t.Fatal("there are no list resources")
	}
	for name := range schemas.ListResourceSchemas {
		short := strings.TrimPrefix(name, "devin_") + ".md"
		page := read(t, path.Join("docs", "list-resources", short))
		identity := "org_id"
		for _, a := range schemas.ResourceSchemas[name].Block.Attributes {
			if a.Name == "user_id" {
				identity = "user_id"
			}
		}
		for _, text := range []string{
			"# " + name + " (List Resource)", `list "` + name + `" "all"`, "limit            = 1000", "100 where the block does not say otherwise",
			"to = " + name + ".this", "identity = {\n    " + identity + " = ", "for_each", "-generate-config-out", "](../resources/" + short + ")",
		} {
			if !strings.Contains(page, text) {
				t.Errorf("the page of list %s has no %q", name, text)
			}
		}
		if !strings.Contains(read(t, path.Join("docs", "resources", short)), "](../list-resources/"+short+")") {
			t.Errorf("the page of resource %s does not lead to its list", name)
		}
	}
}

// row is a data source with its arguments.
type row struct {
	name      string
	source    string
	given     func(*devintest.Server) object
	truth     func(*devintest.Server) object
	endpoints []endpoint
}

func window7(*devintest.Server) object {
	return object{"start_date": matrixStart, "end_date": matrixEnd}
}

// busiest is a member who consumed something on several days of the window.
func busiest(fake *devintest.Server) string {
	best, most := "", 0
	for _, m := range sortedMembers(fake) {
		if n := len(fake.UserDays(m.UserID, matrixFrom, matrixTo)); n > most {
			best, most = m.UserID, n
		}
	}
	return best
}

// named are three members: the busiest, one on the IdP's list only, and one
// without a name, for whom the member list has to be read to its end.
func named(fake *devintest.Server) []string {
	ids := []string{busiest(fake)}
	for _, want := range []func(devintest.Member) bool{
		func(m devintest.Member) bool { return !m.Direct },
		func(m devintest.Member) bool { return m.Name == nil },
	} {
		members := sortedMembers(fake)
		ids = append(ids, members[slices.IndexFunc(members, func(m devintest.Member) bool {
			return want(m) && !slices.Contains(ids, m.UserID)
		})].UserID)
	}
	return ids
}

func largestOrganization(fake *devintest.Server) string {
	return slices.MaxFunc(fake.Organizations(), func(a, b devintest.Organization) int {
		return cmp.Compare(len(trueMembers(fake, a.OrgID)), len(trueMembers(fake, b.OrgID)))
	}).OrgID
}

// rows are all data sources but the connection check, which never fails.
func rows() []row {
	namedUsers := func(fake *devintest.Server) object {
		return with(window7(fake), object{"user_ids": named(fake)})
	}
	org := largestOrganization
	return append(slices.Concat(consumptionRows(), metricsRows(), listRows(), limitRows()), []row{
		{
			"members", "devin_members", func(*devintest.Server) object { return object{} },
			func(fake *devintest.Server) object { return object{"members": trueMembers(fake, "")} },
			[]endpoint{usersList, idpUsersList},
		},
		{
			"members of an organization", "devin_members",
			func(fake *devintest.Server) object { return object{"org_id": org(fake)} },
			func(fake *devintest.Server) object {
				return object{"org_id": org(fake), "members": trueMembers(fake, org(fake))}
			},
			[]endpoint{
				{path: "/v3beta1/organizations/*/members/users", kind: aListOfUsers},
				{path: "/v3beta1/organizations/*/members/idp-users", kind: aListOfIDPUsers},
			},
		},
		{
			"a user's consumption", "devin_user_daily_consumption",
			func(fake *devintest.Server) object {
				return with(window7(fake), object{"user_id": busiest(fake)})
			},
			func(fake *devintest.Server) object {
				id := busiest(fake)
				return with(trueConsumption(fake, devintest.Part{UserID: id}), object{"user_id": id})
			},
			[]endpoint{{path: userPath, kind: aConsumption, unknown: "User unknown to Devin"}},
		},
		{
			"pull requests", "devin_pr_metrics", window7,
			func(fake *devintest.Server) object { return windowed(truePRs(prsOf(fake))) },
			[]endpoint{{path: prsPath, kind: aCountOfPRs}},
		},
		{
			"pull requests by day", "devin_pr_metrics",
			func(fake *devintest.Server) object { return with(window7(fake), object{"daily": true}) },
			func(fake *devintest.Server) object {
				return windowed(with(truePRs(prsOf(fake)), object{"daily": true, "days": truePRDays(fake)}))
			},
			[]endpoint{{path: prsPath, kind: aCountOfPRs}},
		},
		{
			"billing cycles", "devin_billing_cycles", func(*devintest.Server) object { return object{} }, trueCycles,
			[]endpoint{{path: cyclesPath, kind: aListOfCycles}},
		},
		{
			"everybody's consumption", "devin_members_daily_consumption", window7, everybodysConsumption,
			[]endpoint{usersList, idpUsersList, enterpriseDays, {path: userPath, kind: aConsumption, unknown: nobodyKnown}},
		},
		{
			"named users' consumption", "devin_members_daily_consumption", namedUsers, namedConsumption,
			[]endpoint{
				enterpriseDays,
				{path: usersPath + "/*", kind: aMember, nameless: namelessConsumption},
				{path: userPath, kind: aConsumption, unknown: nobodyKnown},
			},
		},
		{
			"everybody's pull requests", "devin_members_pr_metrics", window7, everybodysPRs,
			[]endpoint{usersList, idpUsersList, {path: prsPath, kind: aCountOfPRs, unknown: nobodyKnown}},
		},
		{
			"named users' pull requests", "devin_members_pr_metrics", namedUsers, namedPRs,
			[]endpoint{
				{path: usersPath + "/*", kind: aMember, nameless: namelessPRs, unknown: nobodyKnown},
				{path: prsPath, kind: aCountOfPRs, unknown: nobodyKnown},
			},
		},
	}...)
}

// consumptionRows are the data sources of consumption, and the forms of the
// others for one organization.
func consumptionRows() []row {
	org := largestOrganization
	serviceUser := func(fake *devintest.Server) string { return fake.ServiceUsers()[0] }
	session := func(fake *devintest.Server) devintest.Session {
		for _, s := range fake.Sessions() {
			if fake.PartTotal(devintest.Part{SessionID: s.SessionID}, matrixFrom, matrixTo) > 0 {
				return s
			}
		}
		return devintest.Session{}
	}
	asks := func(path string, kind kind, unknown string) []endpoint {
		return []endpoint{{path: path, kind: kind, unknown: unknown}}
	}
	given := func(name string, of func(*devintest.Server) string) func(*devintest.Server) object {
		return func(fake *devintest.Server) object { return with(window7(fake), object{name: of(fake)}) }
	}
	ofOrg := func(given func(*devintest.Server) object) func(*devintest.Server) object {
		return func(fake *devintest.Server) object { return with(given(fake), object{"org_id": org(fake)}) }
	}
	sessionID := func(fake *devintest.Server) string { return session(fake).SessionID }
	orgLists := []endpoint{
		{path: "/v3beta1/organizations/*/members/users", kind: aListOfUsers},
		{path: "/v3beta1/organizations/*/members/idp-users", kind: aListOfIDPUsers},
	}
	return []row{
		{
			"the enterprise's consumption", "devin_enterprise_daily_consumption", window7,
			func(fake *devintest.Server) object { return trueConsumption(fake, devintest.Part{}) },
			asks(enterprisePath, aConsumption, ""),
		},
		{
			"an organization's consumption", "devin_organization_daily_consumption", given("org_id", org),
			ofOrg(func(fake *devintest.Server) object { return trueConsumption(fake, devintest.Part{OrgID: org(fake)}) }),
			asks(inOrg("consumption/daily"), aConsumption, "Organization unknown to Devin"),
		},
		{
			"a user's consumption in an organization", "devin_user_daily_consumption", ofOrg(given("user_id", busiest)),
			ofOrg(func(fake *devintest.Server) object {
				id := busiest(fake)
				return with(trueConsumption(fake, devintest.Part{UserID: id, OrgID: org(fake)}), object{"user_id": id})
			}),
			asks(inOrg("consumption/daily/users/*"), aConsumption, "User unknown to Devin"),
		},
		{
			"a service user's consumption", "devin_service_user_daily_consumption", given("service_user_id", serviceUser),
			func(fake *devintest.Server) object {
				id := serviceUser(fake)
				return with(trueConsumption(fake, devintest.Part{ServiceUserID: id}), object{"service_user_id": id})
			},
			asks(enterprisePath+"/service-users/*", aConsumption, "Service user unknown to Devin"),
		},
		{
			"a service user's consumption in an organization", "devin_service_user_daily_consumption",
			func(fake *devintest.Server) object {
				u := fake.AllServiceUsers()[0]
				return with(window7(fake), object{"service_user_id": u.ServiceUserID, "org_id": u.OrgIDs[0]})
			},
			func(fake *devintest.Server) object {
				u := fake.AllServiceUsers()[0]
				part := devintest.Part{ServiceUserID: u.ServiceUserID, OrgID: u.OrgIDs[0]}
				return with(trueConsumption(fake, part), object{"service_user_id": part.ServiceUserID, "org_id": part.OrgID})
			},
			asks(inOrg("consumption/daily/service-users/*"), aConsumption, "Service user unknown to Devin"),
		},
		{
			"a session's consumption", "devin_session_daily_consumption", given("session_id", sessionID),
			func(fake *devintest.Server) object {
				return with(trueConsumption(fake, devintest.Part{SessionID: sessionID(fake)}), object{"session_id": sessionID(fake)})
			},
			asks(enterprisePath+"/sessions/*", aConsumption, "Session unknown to Devin"),
		},
		{
			"a session's consumption in its organization", "devin_session_daily_consumption",
			func(fake *devintest.Server) object {
				return with(window7(fake), object{"session_id": sessionID(fake), "org_id": session(fake).OrgID})
			},
			func(fake *devintest.Server) object {
				return with(trueConsumption(fake, devintest.Part{SessionID: sessionID(fake)}), object{"session_id": sessionID(fake), "org_id": session(fake).OrgID})
			},
			asks(inOrg("consumption/daily/sessions/*"), aConsumption, "Session unknown to Devin"),
		},
		{
			"the organizations' consumption", "devin_organizations_daily_consumption", window7, organizationsConsumption,
			[]endpoint{
				{path: organizationsPath, kind: aListOfOrganizations},
				enterpriseDays,
				{path: enterprisePath + "/organizations/*", kind: aConsumption, unknown: "Devin knows none of the organizations"},
			},
		},
		{
			"the service users' consumption", "devin_service_users_daily_consumption", window7,
			func(fake *devintest.Server) object { return serviceUsersConsumption(fake, "") },
			[]endpoint{
				{path: "/v3/enterprise/members/service-users", kind: aListOfServiceUsers},
				enterpriseDays,
				{path: enterprisePath + "/service-users/*", kind: aConsumption, unknown: "Devin knows none of the service users"},
			},
		},
		{
			"the service users' consumption in an organization", "devin_service_users_daily_consumption", ofOrg(window7),
			func(fake *devintest.Server) object { return serviceUsersConsumption(fake, org(fake)) },
			[]endpoint{
				{path: "/v3/enterprise/organizations/*/members/service-users", kind: aListOfServiceUsers},
				{path: inOrg("consumption/daily"), kind: aConsumption},
				{path: inOrg("consumption/daily/service-users/*"), kind: aConsumption, unknown: "Devin knows none of the service users"},
			},
		},
		{
			"an organization's members' consumption", "devin_members_daily_consumption", ofOrg(window7),
			func(fake *devintest.Server) object {
				return consumptionReport(fake, "users", "unknown_user_ids", org(fake), consumers(everybodyIn(fake, org(fake)), org(fake)))
			},
			append(orgLists,
				endpoint{path: inOrg("consumption/daily"), kind: aConsumption},
				endpoint{path: inOrg("consumption/daily/users/*"), kind: aConsumption, unknown: nobodyKnown}),
		},
		{
			"an organization's pull requests", "devin_pr_metrics", ofOrg(window7),
			ofOrg(func(fake *devintest.Server) object {
				return windowed(truePRs(fake.PRs(devintest.PRFilter{OrgIDs: []string{org(fake)}}, matrixFrom, matrixTo)))
			}),
			asks(inOrg("metrics/prs"), aCountOfPRs, ""),
		},
		{
			"an organization's members' pull requests", "devin_members_pr_metrics", ofOrg(window7),
			ofOrg(func(fake *devintest.Server) object { return prReport(fake, everybodyIn(fake, org(fake)), org(fake)) }),
			append(orgLists, endpoint{path: inOrg("metrics/prs"), kind: aCountOfPRs, unknown: nobodyKnown}),
		},
	}
}

// metricsRows are the data sources that read one object of metrics.
func metricsRows() []row {
	org := largestOrganization
	one := func(path string, kind kind) []endpoint { return []endpoint{{path: path, kind: kind}} }
	inOrganization := func(fake *devintest.Server) object { return with(window7(fake), object{"org_id": org(fake)}) }
	nothing := func(*devintest.Server) object { return object{} }
	return []row{
		{
			"usage", "devin_usage_metrics", window7, func(fake *devintest.Server) object { return trueUsage(fake) },
			one(metricsPath+"usage", aCountOfUsage),
		},
		{
			"an organization's usage", "devin_usage_metrics", inOrganization,
			func(fake *devintest.Server) object {
				return with(trueUsage(fake, org(fake)), object{"org_id": org(fake)})
			},
			one(inOrg("metrics/usage"), aCountOfUsage),
		},
		{
			"sessions counted", "devin_session_metrics", window7,
			func(fake *devintest.Server) object { return trueSessions(fake, devintest.PRFilter{}) },
			one(metricsPath+"sessions", aCountOfSessions),
		},
		{
			"an organization's sessions counted", "devin_session_metrics", inOrganization,
			func(fake *devintest.Server) object {
				return with(trueSessions(fake, devintest.PRFilter{OrgIDs: []string{org(fake)}}), object{"org_id": org(fake)})
			},
			one(inOrg("metrics/sessions"), aCountOfSessions),
		},
		{
			"categories of sessions", "devin_session_categories", window7, trueCategories,
			one(metricsPath+"sessions-by-category", someCategories),
		},
		{
			"the queue", "devin_queue", nothing,
			func(*devintest.Server) object {
				return object{"queue_size": float64(devintest.QueueSize), "status": "elevated"}
			},
			one("/v3/enterprise/queue", aQueue),
		},
		{
			"who the key is", "devin_principal", nothing,
			func(*devintest.Server) object { return principalOf(everywhere, fine) },
			one(selfPath, aPrincipal),
		},
	}
}

// listRows are the data sources of active users, of sessions, and of security.
func listRows() []row {
	org := largestOrganization
	one := func(path string, kind kind) []endpoint { return []endpoint{{path: path, kind: kind}} }
	nothing := func(*devintest.Server) object { return object{} }
	everybody := func(*devintest.Server) string { return "" }
	of := func(name, source, path string, kind kind, orgID func(*devintest.Server) string, truth func(fake *devintest.Server, orgID string) object) row {
		// A long list would be walked for each of many faults.
		end, long := matrixEnd, kind == aListOfSessions || kind == aListOfAuditLogs
		if long {
			end = listsEnd
		}
		return row{name, source, func(fake *devintest.Server) object {
			given := object{"start_date": matrixStart, "end_date": end}
			if id := orgID(fake); id != "" {
				given["org_id"] = id
			}
			return given
		}, func(fake *devintest.Server) object {
			return with(windowed(truth(fake, orgID(fake))), object{"end_date": end, "org_id": textOrNil(orgID(fake))})
		}, one(path, kind)}
	}
	const (
		inEnterprise     = "/v3/enterprise/"
		inBeta           = "/v3beta1/enterprise/"
		ofAnOrganization = "organizations/*/"
	)
	return []row{
		of("active users", "devin_active_users", metricsPath+"active-users", aCountOfActiveUsers, everybody, trueActiveUsers),
		of("an organization's active users", "devin_active_users", inOrg("metrics/active-users"), aCountOfActiveUsers, org, trueActiveUsers),
		{
			"active users by week", "devin_active_users",
			func(fake *devintest.Server) object { return with(window7(fake), object{"period": "week"}) }, trueWeek,
			one(metricsPath+"wau", aListOfPeriods),
		},
		of("sessions", "devin_sessions", inEnterprise+"sessions", aListOfSessions, everybody, trueSessionList),
		of("an organization's sessions", "devin_sessions", inOrg("sessions"), aListOfSessions, org, trueSessionList),
		of("metrics of code scans", "devin_code_scan_metrics", inEnterprise+"code-scans/metrics", aCountOfScans, everybody, trueScans),
		of("an organization's metrics of code scans", "devin_code_scan_metrics", inOrg("code-scans/metrics"), aCountOfScans, org, trueScans),
		{
			"findings of code scans", "devin_code_scan_findings", nothing,
			func(fake *devintest.Server) object { return trueFindings(fake, "") },
			one(inEnterprise+"code-scans/findings", aListOfFindings),
		},
		{
			"an organization's findings of code scans", "devin_code_scan_findings",
			func(fake *devintest.Server) object { return object{"org_id": org(fake)} },
			func(fake *devintest.Server) object {
				return with(trueFindings(fake, org(fake)), object{"org_id": org(fake)})
			},
			one(inOrg("code-scans/findings"), aListOfFindings),
		},
		of("the audit log", "devin_audit_logs", inEnterprise+"audit-logs", aListOfAuditLogs, everybody, trueAuditLogs),
		of("an organization's audit log", "devin_audit_logs", inEnterprise+ofAnOrganization+"audit-logs", aListOfAuditLogs, org, trueAuditLogs),
		of("violations of guardrails", "devin_guardrail_violations", inBeta+"guardrail-violations", aListOfViolations, everybody, trueViolations),
		of("an organization's violations of guardrails", "devin_guardrail_violations", inBeta+ofAnOrganization+"guardrail-violations", aListOfViolations, org, trueViolations),
		{"hypervisors", "devin_hypervisors", nothing, trueHypervisors, one(inEnterprise+"hypervisors", aListOfHypervisors)},
		{
			"API keys of service users", "devin_service_user_api_keys", func(*devintest.Server) object { return object{"expires_within_days": 30} }, trueAPIKeys,
			[]endpoint{
				{path: "/v3/enterprise/members/service-users", kind: aListOfServiceUsers},
				{path: inBeta + "service-users/*/api-keys", kind: aListOfAPIKeys, unknown: "Devin knows none of the service users"},
			},
		},
	}
}

func limitRows() []row {
	given := func(attributes object) func(*devintest.Server) object {
		return func(fake *devintest.Server) object { withLimits(fake); return attributes }
	}
	withoutAgents := func(fake *devintest.Server) object { return trueHeadroom(fake, false) }
	return []row{
		{
			"limits", "devin_acu_limits", given(object{}), trueLimits,
			[]endpoint{{path: limitsPath, kind: aListOfLimits}},
		},
		{
			"what is left of limits", "devin_acu_headroom", given(object{"users": true}),
			func(fake *devintest.Server) object { return trueHeadroom(fake, true) },
			[]endpoint{
				{path: cyclesPath, kind: aListOfCycles},
				{path: limitsPath, kind: aLookupOfLimits},
				{path: organizationsPath, kind: aListOfOrganizations},
				enterpriseDays,
				{path: enterprisePath + "/organizations/*", kind: aConsumption, unknown: "Devin knows none of the organizations"},
				{path: orgLimitsPath, kind: aBlockOfLimits, whenRefused: withoutAgents, whenUnknown: withoutAgents},
				{path: userPath, kind: aConsumption, isNotice: true},
			},
		},
	}
}

// limitSubjects are the refreshes of the resources that write.
func limitSubjects() []subject {
	refresh := func(name, path string, kind kind, values func(*devintest.Server) object) subject {
		given := func(t *testing.T, fake *devintest.Server, p *protocol) *tfprotov6.ReadResourceResponse {
			t.Helper()
			withLimits(fake)
			state := providertest.Value(t, allSchemas().ResourceSchemas[name], values(fake))
			resp, err := p.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: state})
			if err != nil {
				t.Fatal(err)
			}
			return resp
		}
		return subject{
			name: "the refresh of " + name, endpoints: []endpoint{{path: path, kind: kind}}, of: "resource " + name,
			read: func(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class) {
				t.Helper()
				resp := given(t, fake, p)
				// Whatever fails, the state stays as it was.
				sameState(t, stateOf(t, allSchemas().ResourceSchemas[name], resp.NewState), values(fake))
				if c == noticed && kind == aLookupOfLimits {
					c = fine // the list is read no further than the organization
				}
				switch c {
				case noticed:
					checkNotices(t, resp.Diagnostics, e, c)
					return
				case fine:
					if len(resp.Diagnostics) > 0 {
						t.Errorf("a refresh that succeeds says: %s", providertest.Messages(resp.Diagnostics))
					}
					return
				}
				summary := c.summary()
				if c == notFound && kind == aBlockOfLimits && e.path == path {
					summary = "Perhaps not enabled for this enterprise"
				}
				if c == notFound && e.path == everywhere.path && kind == aBlockOfLimits {
					summary = "Perhaps not enabled for this enterprise"
				}
				checkFailure(t, resp.Diagnostics, summary, e, c)
			},
			ask: func(t *testing.T, fake *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
				t.Helper()
				return given(t, fake, p).Diagnostics
			},
		}
	}
	org := func(fake *devintest.Server) string { return fake.Organizations()[0].OrgID }
	user := func(fake *devintest.Server) string { return sortedMembers(fake)[1].UserID }
	return []subject{
		refresh("devin_organization_acu_limit", limitsPath, aLookupOfLimits, func(fake *devintest.Server) object {
			return object{"org_id": org(fake), "cycle_acu_limit": 100_000}
		}),
		refresh("devin_organization_agent_acu_limits", orgLimitsPath, aBlockOfLimits, func(fake *devintest.Server) object {
			return object{"org_id": org(fake), "cloud_agent_cycle_acu_limit": 120, "local_agent_cycle_acu_limit": 90_000}
		}),
		refresh("devin_user_acu_limit", userLimitsPath, aBlockOfLimits, func(fake *devintest.Server) object {
			return object{"user_id": user(fake), "cycle_acu_limit": 70_000}
		}),
		refresh("devin_user_billing_organization", userLimitsPath, aBlockOfLimits, func(fake *devintest.Server) object {
			return object{"user_id": user(fake), "billing_org_id": org(fake)}
		}),
	}
}
