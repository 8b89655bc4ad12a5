package acceptance

import (
	"cmp"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// A data source or a resource that is new needs a row in one of the two tables of
// this file, and no other change of this package. What a state must be is written
// down from the fake's own data, not by way of the client. devin_queue shows a row with
// everything in it. What is long, or shared, stands in truth_test.go (states) and
// answers_test.go (what can be wrong with an answer).

// dataSource is a row of the table of data sources.
type dataSource struct {
	// readings are the ways to read it: of the enterprise, of an organization, and
	// whatever else has endpoints or a result of its own.
	readings []reading
	// personal are the fields that redact_personal_data empties, besides the names
	// and e-mail addresses of members.
	personal []string
	// enterpriseExample is set where the example of the documentation asks for what an
	// organization does not have, although the data source can read one.
	enterpriseExample bool
}

// fromFake is made of the data of a fake: arguments or a state.
type fromFake func(fake *devintest.Server) object

// reading is a data source with arguments.
type reading struct {
	source    string // is set by readings
	name      string
	prepare   func(fake *devintest.Server) // nil where the fake's data will do
	given     fromFake                     // the arguments; nil is none
	truth     fromFake                     // the state, without arguments and without what is null
	endpoints []endpoint
}

// endpoint is one that a reading asks.
type endpoint struct {
	path   string // "*" stands for any text
	answer *answer
	// unknown is the summary of a 404 where it is not the usual one.
	unknown string
	// without is the state where Devin refuses the endpoint or does not have it; nil
	// where that is an error.
	without fromFake
	// nameless is the state without the names that the endpoint is asked for. A 404
	// says that there is none, and any other failure is a notice.
	nameless   fromFake
	isNotice   bool   // whether a 404 is a notice
	readInPart bool   // whether the read of a list ends where it has found what it looks for
	permission string // for the connection check
}

// dataSources has a row for each data source but the connection check, which never
// fails: see check_test.go.
var dataSources = map[string]dataSource{
	"devin_active_users": {readings: []reading{
		{
			name: "active users", given: week, truth: ofEnterprise(trueActiveUsers),
			endpoints: asks(metricsPath+"active-users", aCountOfActiveUsers),
		},
		{
			name: "an organization's active users", given: weekOfOrganization, truth: ofOrganization(trueActiveUsers),
			endpoints: asks(inOrg("metrics/active-users"), aCountOfActiveUsers),
		},
		{
			name: "active users by week", given: weekAnd(object{"interval": "week"}), truth: ofEnterprise(trueActiveUsers), // from Monday to Sunday
			endpoints: asks(metricsPath+"wau", aListOfPeriods),
		},
	}},
	"devin_acu_headroom": {readings: []reading{{
		name: "what is left of limits", prepare: withLimits,
		given: func(*devintest.Server) object { return object{"users": true} },
		truth: func(fake *devintest.Server) object { return trueHeadroom(fake, true) },
		endpoints: []endpoint{
			{path: cyclesPath, answer: aListOfCycles},
			{path: limitsPath, answer: aLookupOfLimits},
			organizationsList,
			enterpriseDays,
			{path: enterprisePath + "/organizations/*", answer: aConsumption, unknown: "Devin knows none of the organizations"},
			{path: orgLimitsPath, answer: aBlockOfLimits, without: func(fake *devintest.Server) object { return trueHeadroom(fake, false) }},
			{path: userPath, answer: aConsumption, isNotice: true},
		},
	}}},
	"devin_acu_limits": {readings: []reading{{
		name: "limits", prepare: withLimits, truth: trueLimits,
		endpoints: asks(limitsPath, aListOfLimits),
	}}},
	"devin_audit_logs": {personal: []string{"user_email", "data"}, readings: []reading{
		{
			name: "the audit log", given: twoDays, truth: ofEnterprise(trueAuditLogs),
			endpoints: asks("/v3/enterprise/audit-logs", aListOfAuditLogs),
		},
		{
			name: "an organization's audit log", given: twoDaysOfOrganization, truth: ofOrganization(trueAuditLogs),
			endpoints: asks("/v3/enterprise/organizations/*/audit-logs", aListOfAuditLogs),
		},
	}},
	"devin_billing_cycles": {readings: []reading{{
		name: "billing cycles", truth: trueCycles,
		endpoints: asks(cyclesPath, aListOfCycles),
	}}},
	"devin_code_scan_findings": {readings: []reading{
		{
			name: "findings of code scans", truth: ofEnterprise(trueFindings),
			endpoints: asks("/v3/enterprise/code-scans/findings", aListOfFindings),
		},
		{
			name: "an organization's findings of code scans", given: theOrganization, truth: ofOrganization(trueFindings),
			endpoints: asks(inOrg("code-scans/findings"), aListOfFindings),
		},
	}},
	"devin_code_scan_metrics": {readings: []reading{
		{
			name: "metrics of code scans", given: week, truth: ofEnterprise(trueScans),
			endpoints: asks("/v3/enterprise/code-scans/metrics", aCountOfScans),
		},
		{
			name: "an organization's metrics of code scans", given: weekOfOrganization, truth: ofOrganization(trueScans),
			endpoints: asks(inOrg("code-scans/metrics"), aCountOfScans),
		},
	}},
	"devin_daily_consumption": {readings: []reading{
		{
			name: "the enterprise's consumption", given: week,
			truth:     trueConsumption(func(*devintest.Server) devintest.Part { return devintest.Part{} }),
			endpoints: asks(enterprisePath, aConsumption),
		},
		{
			name: "an organization's consumption", given: weekOfOrganization,
			truth: trueConsumption(func(fake *devintest.Server) devintest.Part {
				return devintest.Part{OrgID: largestOrganization(fake)}
			}),
			endpoints: []endpoint{{path: inOrg("consumption/daily"), answer: aConsumption, unknown: "Organization unknown to Devin"}},
		},
	}},
	"devin_guardrail_violations": {personal: []string{"reasoning"}, readings: []reading{
		{
			name: "violations of guardrails", given: week, truth: ofEnterprise(trueViolations),
			endpoints: asks("/v3beta1/enterprise/guardrail-violations", aListOfViolations),
		},
		{
			name: "an organization's violations of guardrails", given: weekOfOrganization, truth: ofOrganization(trueViolations),
			endpoints: asks("/v3beta1/enterprise/organizations/*/guardrail-violations", aListOfViolations),
		},
	}},
	"devin_hypervisors": {readings: []reading{{
		name: "hypervisors", truth: trueHypervisors,
		endpoints: asks("/v3/enterprise/hypervisors", aListOfHypervisors),
	}}},
	"devin_members": {readings: []reading{
		{
			name: "members", truth: func(fake *devintest.Server) object { return allOf(trueMembers(fake, "")) },
			endpoints: []endpoint{usersList, idpUsersList},
		},
		{
			name: "members of an organization", given: theOrganization,
			truth: ofOrganization(func(fake *devintest.Server, orgID string) object {
				return allOf(trueMembers(fake, orgID))
			}),
			endpoints: []endpoint{orgUsersList, orgIDPUsersList},
		},
	}},
	"devin_members_daily_consumption": {enterpriseExample: true, readings: []reading{
		{
			name: allMembersConsumption, given: week,
			truth:     func(fake *devintest.Server) object { return trueUsersReport(fake, allPeople(fake)) },
			endpoints: []endpoint{usersList, idpUsersList, enterpriseDays, {path: userPath, answer: aConsumption, unknown: noUserKnown}},
		},
		{
			name: namedUsersConsumption, given: weekOfNamed,
			truth: func(fake *devintest.Server) object { return trueUsersReport(fake, namedPeople(fake)) },
			endpoints: []endpoint{
				enterpriseDays,
				{path: usersPath + "/*", answer: aMember, nameless: func(fake *devintest.Server) object {
					return trueUsersReport(fake, withoutNames(namedPeople(fake)))
				}},
				{path: userPath, answer: aConsumption, unknown: noUserKnown},
			},
		},
		{
			name: "an organization's members' consumption", given: weekOfOrganization,
			truth: ofOrganization(func(fake *devintest.Server, orgID string) object {
				return trueReport(fake, "users", "unknown_user_ids", orgID, consumers(peopleIn(fake, orgID), orgID))
			}),
			endpoints: []endpoint{
				orgUsersList, orgIDPUsersList,
				{path: inOrg("consumption/daily"), answer: aConsumption},
				{path: inOrg("consumption/daily/users/*"), answer: aConsumption, unknown: noUserKnown},
			},
		},
	}},
	"devin_members_pr_metrics": {readings: []reading{
		{
			name: "all members' pull requests", given: week,
			truth:     func(fake *devintest.Server) object { return truePRReport(fake, allPeople(fake)) },
			endpoints: []endpoint{usersList, idpUsersList, {path: prsPath, answer: aCountOfPRs, unknown: noUserKnown}},
		},
		{
			name: "named users' pull requests", given: weekOfNamed,
			truth: func(fake *devintest.Server) object { return truePRReport(fake, namedPeople(fake)) },
			endpoints: []endpoint{
				{path: usersPath + "/*", answer: aMember, unknown: noUserKnown, nameless: func(fake *devintest.Server) object {
					return truePRReport(fake, withoutNames(namedPeople(fake)))
				}},
				{path: prsPath, answer: aCountOfPRs, unknown: noUserKnown},
			},
		},
		{
			name: "an organization's members' pull requests", given: weekOfOrganization,
			truth: ofOrganization(func(fake *devintest.Server, orgID string) object {
				return truePRReport(fake, peopleIn(fake, orgID), orgID)
			}),
			endpoints: []endpoint{orgUsersList, orgIDPUsersList, {path: inOrg("metrics/prs"), answer: aCountOfPRs, unknown: noUserKnown}},
		},
	}},
	"devin_organizations_daily_consumption": {readings: []reading{{
		name: "the organizations' consumption", given: week, truth: trueOrganizationsReport,
		endpoints: []endpoint{
			organizationsList,
			enterpriseDays,
			{path: enterprisePath + "/organizations/*", answer: aConsumption, unknown: "Devin knows none of the organizations"},
		},
	}}},
	"devin_pr_metrics": {enterpriseExample: true, readings: []reading{
		{
			name: "pull requests", given: week,
			truth:     func(fake *devintest.Server) object { return truePRs(fake, devintest.Filter{}) },
			endpoints: asks(prsPath, aCountOfPRs),
		},
		{
			name: "pull requests by day", given: weekAnd(object{"daily": true}),
			truth: func(fake *devintest.Server) object {
				return with(truePRs(fake, devintest.Filter{}), object{"days": truePRDays(fake)})
			},
			endpoints: asks(prsPath, aCountOfPRs),
		},
		{
			name: "an organization's pull requests", given: weekOfOrganization,
			truth: ofOrganization(func(fake *devintest.Server, orgID string) object {
				return truePRs(fake, ofOrg(orgID))
			}),
			endpoints: asks(inOrg("metrics/prs"), aCountOfPRs),
		},
	}},
	"devin_principal": {readings: []reading{{
		name: "the key's principal", truth: func(*devintest.Server) object { return principalOf(everywhere, fine) },
		endpoints: asks(selfPath, aPrincipal),
	}}},
	"devin_queue": {readings: []reading{{
		name: "the queue",
		truth: func(*devintest.Server) object {
			return object{"queue_size": float64(devintest.QueueSize), "status": "elevated"}
		},
		endpoints: asks("/v3/enterprise/queue", &answer{wrong: func() map[string]wrong {
			all := wrongCounts("queue_size")
			all["status null"] = wrong{set("status", nil), odd, false}
			all["a status that is not known yet"] = wrong{set("status", "elevated"), fine, false}
			return all
		}}),
	}}},
	"devin_service_user_api_keys": {readings: []reading{{
		name:  "API keys of service users",
		given: func(*devintest.Server) object { return object{"expires_within_days": 30} }, truth: trueAPIKeys,
		endpoints: []endpoint{
			serviceUsersList,
			{path: "/v3beta1/enterprise/service-users/*/api-keys", answer: aListOfAPIKeys, unknown: noServiceUserKnown},
		},
	}}},
	"devin_service_users_daily_consumption": {enterpriseExample: true, readings: []reading{
		{
			name: "the service users' consumption", given: week, truth: ofEnterprise(trueServiceUsersReport),
			endpoints: []endpoint{
				serviceUsersList,
				enterpriseDays,
				{path: enterprisePath + "/service-users/*", answer: aConsumption, unknown: noServiceUserKnown},
			},
		},
		{
			name: "the service users' consumption in an organization", given: weekOfOrganization, truth: ofOrganization(trueServiceUsersReport),
			endpoints: []endpoint{
				{path: "/v3/enterprise/organizations/*/members/service-users", answer: aList},
				{path: inOrg("consumption/daily"), answer: aConsumption},
				{path: inOrg("consumption/daily/service-users/*"), answer: aConsumption, unknown: noServiceUserKnown},
			},
		},
		{
			name: "one service user's consumption",
			given: func(fake *devintest.Server) object {
				return with(week(fake), object{"service_user_ids": []string{fake.AllServiceUsers()[0].ServiceUserID}})
			},
			truth: func(fake *devintest.Server) object {
				u := fake.AllServiceUsers()[0]
				return trueServiceUserReport(fake, u, u.Name)
			},
			endpoints: []endpoint{
				enterpriseDays,
				{path: serviceUsersPath + "/*", answer: aMember, nameless: func(fake *devintest.Server) object {
					return trueServiceUserReport(fake, fake.AllServiceUsers()[0], nil)
				}},
				{path: enterprisePath + "/service-users/*", answer: aConsumption, unknown: noServiceUserKnown},
			},
		},
	}},
	"devin_session_categories": {readings: []reading{{
		name: "categories of sessions", given: week, truth: trueCategories,
		endpoints: asks(metricsPath+"sessions-by-category", someCategories),
	}}},
	"devin_session_daily_consumption": {readings: []reading{
		{
			name: "a session's consumption",
			given: func(fake *devintest.Server) object {
				return with(week(fake), object{"session_id": aSession(fake).SessionID})
			},
			truth: trueConsumption(func(fake *devintest.Server) devintest.Part {
				return devintest.Part{SessionID: aSession(fake).SessionID}
			}),
			endpoints: []endpoint{{path: enterprisePath + "/sessions/*", answer: aConsumption, unknown: "Session unknown to Devin"}},
		},
		{
			name: "a session's consumption in its organization",
			given: func(fake *devintest.Server) object {
				return with(week(fake), object{"session_id": aSession(fake).SessionID, "org_id": aSession(fake).OrgID})
			},
			truth: trueConsumption(func(fake *devintest.Server) devintest.Part {
				return devintest.Part{SessionID: aSession(fake).SessionID}
			}),
			endpoints: []endpoint{{path: inOrg("consumption/daily/sessions/*"), answer: aConsumption, unknown: "Session unknown to Devin"}},
		},
	}},
	"devin_session_metrics": {readings: []reading{
		{
			name: "sessions counted", given: week, truth: ofEnterprise(trueSessionCounts),
			endpoints: asks(metricsPath+"sessions", aCountOfSessions),
		},
		{
			name: "an organization's sessions counted", given: weekOfOrganization, truth: ofOrganization(trueSessionCounts),
			endpoints: asks(inOrg("metrics/sessions"), aCountOfSessions),
		},
	}},
	"devin_sessions": {personal: []string{"title", "owner_display_name", "owner_email"}, readings: []reading{
		{
			name: "sessions", given: twoDays, truth: ofEnterprise(trueSessions),
			endpoints: asks("/v3/enterprise/sessions", aListOfSessions),
		},
		{
			name:  "sessions with their owners",
			given: func(fake *devintest.Server) object { return with(twoDays(fake), object{"with_owners": true}) },
			truth: trueOwnedSessions, endpoints: asks("/v3/enterprise/sessions", aListOfSessions),
		},
		{
			name: "an organization's sessions", given: twoDaysOfOrganization, truth: ofOrganization(trueSessions),
			endpoints: asks(inOrg("sessions"), aListOfSessions),
		},
	}},
	"devin_usage_metrics": {readings: []reading{
		{
			name: "usage", given: week, truth: ofEnterprise(trueUsage),
			endpoints: asks(metricsPath+"usage", aCountOfUsage),
		},
		{
			name: "an organization's usage", given: weekOfOrganization, truth: ofOrganization(trueUsage),
			endpoints: asks(inOrg("metrics/usage"), aCountOfUsage),
		},
	}},
	"devin_user_daily_consumption": {enterpriseExample: true, readings: []reading{
		{
			name:  "a user's consumption",
			given: func(fake *devintest.Server) object { return with(week(fake), object{"user_id": busiest(fake)}) },
			truth: trueConsumption(func(fake *devintest.Server) devintest.Part {
				return devintest.Part{UserID: busiest(fake)}
			}),
			endpoints: []endpoint{{path: userPath, answer: aConsumption, unknown: "User unknown to Devin"}},
		},
		{
			name: "a user's consumption in an organization",
			given: func(fake *devintest.Server) object {
				return with(weekOfOrganization(fake), object{"user_id": busiest(fake)})
			},
			truth: trueConsumption(func(fake *devintest.Server) devintest.Part {
				return devintest.Part{UserID: busiest(fake), OrgID: largestOrganization(fake)}
			}),
			endpoints: []endpoint{{path: inOrg("consumption/daily/users/*"), answer: aConsumption, unknown: "User unknown to Devin"}},
		},
	}},
}

// writingResource is a row of the table of resources that write.
type writingResource struct {
	endpoint endpoint // that a refresh asks
	state    fromFake // of an object as withLimits has it
}

// writingResources has a row for each resource but the connection check.
var writingResources = map[string]writingResource{
	"devin_organization_acu_limit": {
		endpoint{path: limitsPath, answer: aLookupOfLimits, readInPart: true},
		func(fake *devintest.Server) object {
			return object{"org_id": fake.Organizations()[0].OrgID, "cycle_acu_limit": 100_000}
		},
	},
	"devin_organization_agent_acu_limits": {
		endpoint{path: orgLimitsPath, answer: aBlockOfLimits},
		func(fake *devintest.Server) object {
			return object{"org_id": fake.Organizations()[0].OrgID, "cloud_agent_cycle_acu_limit": 120, "local_agent_cycle_acu_limit": 90_000}
		},
	},
	"devin_user_acu_limit": {
		endpoint{path: userLimitsPath, answer: aBlockOfLimits},
		func(fake *devintest.Server) object {
			return object{"user_id": sortedMembers(fake)[1].UserID, "cycle_acu_limit": 70_000}
		},
	},
	"devin_user_billing_organization": {
		endpoint{path: userLimitsPath, answer: aBlockOfLimits},
		func(fake *devintest.Server) object {
			return object{"user_id": sortedMembers(fake)[1].UserID, "billing_org_id": fake.Organizations()[0].OrgID}
		},
	},
}

// withLimits sets limits in a fake: one of each kind, and one that stops all use.
func withLimits(fake *devintest.Server) {
	orgs, users := fake.Organizations(), sortedMembers(fake)
	most := int64(900)
	fake.SetLimits(func(l *devintest.Limits) {
		l.Enterprise = &most
		l.Organizations[orgs[0].OrgID], l.Organizations[orgs[1].OrgID] = 100_000, 1
		l.Cloud[orgs[0].OrgID], l.Local[orgs[0].OrgID] = 120, 90_000
		l.Users[users[0].UserID], l.Users[users[1].UserID] = 0, 70_000
		l.BillingOrgs[users[1].UserID] = orgs[0].OrgID
	})
}

const (
	usersPath         = "/v3/enterprise/members/users"
	idpUsersPath      = "/v3/enterprise/members/idp-users"
	serviceUsersPath  = "/v3/enterprise/members/service-users"
	organizationsPath = "/v3/enterprise/organizations"
	cyclesPath        = "/v3/enterprise/consumption/cycles"
	enterprisePath    = "/v3/enterprise/consumption/daily"
	userPath          = "/v3/enterprise/consumption/daily/users/*"
	metricsPath       = "/v3/enterprise/metrics/"
	prsPath           = "/v3/enterprise/metrics/prs"
	selfPath          = "/v3/self"
	limitsPath        = "/v3/enterprise/consumption/acu-limits/devin"
	orgLimitsPath     = "/v3beta1/enterprise/organizations/*/consumption/acu-limits"
	userLimitsPath    = "/v3beta1/enterprise/users/*/consumption/acu-limits"
)

// inOrg is the path of an organization's own endpoint.
func inOrg(path string) string { return "/v3/organizations/*/" + path }

// asks is a single endpoint without peculiarities.
func asks(path string, answer *answer) []endpoint { return []endpoint{{path: path, answer: answer}} }

var (
	usersList         = endpoint{path: usersPath, answer: aListOfMembers}
	idpUsersList      = endpoint{path: idpUsersPath, answer: aListOfMembers}
	orgUsersList      = endpoint{path: "/v3beta1/organizations/*/members/users", answer: aListOfMembers}
	orgIDPUsersList   = endpoint{path: "/v3beta1/organizations/*/members/idp-users", answer: aListOfMembers}
	organizationsList = endpoint{path: organizationsPath, answer: aList}
	serviceUsersList  = endpoint{path: serviceUsersPath, answer: aList}
	enterpriseDays    = endpoint{path: enterprisePath, answer: aConsumption}
)

// The summaries where each user is a 404.
const (
	noUserKnown        = "Devin knows none of the users"
	noServiceUserKnown = "Devin knows none of the service users"
)

// Readings that tests of their own take.
const (
	allMembersConsumption = "all members' consumption" // has the most requests
	namedUsersConsumption = "named users' consumption"
)

func week(*devintest.Server) object {
	return object{"start_date": matrixStart, "end_date": matrixEnd}
}

func weekAnd(more object) fromFake {
	return func(fake *devintest.Server) object { return with(week(fake), more) }
}

// twoDays is for lists so long that a week of them takes too many pages for a test
// of each fault.
func twoDays(*devintest.Server) object {
	return object{"start_date": matrixStart, "end_date": twoDaysEnd}
}

func theOrganization(fake *devintest.Server) object {
	return object{"org_id": largestOrganization(fake)}
}

func weekOfOrganization(fake *devintest.Server) object {
	return with(week(fake), theOrganization(fake))
}

func twoDaysOfOrganization(fake *devintest.Server) object {
	return with(twoDays(fake), theOrganization(fake))
}

func weekOfNamed(fake *devintest.Server) object {
	return with(week(fake), object{"user_ids": namedUsers(fake)})
}

// ofEnterprise is the truth about all organizations.
func ofEnterprise(truth func(fake *devintest.Server, orgID string) object) fromFake {
	return func(fake *devintest.Server) object { return truth(fake, "") }
}

// ofOrganization is the truth about the largest one.
func ofOrganization(truth func(fake *devintest.Server, orgID string) object) fromFake {
	return func(fake *devintest.Server) object { return truth(fake, largestOrganization(fake)) }
}

func largestOrganization(fake *devintest.Server) string {
	return slices.MaxFunc(fake.Organizations(), func(a, b devintest.Organization) int {
		return cmp.Compare(len(trueMembers(fake, a.OrgID)), len(trueMembers(fake, b.OrgID)))
	}).OrgID
}

// busiest is the member with consumption on the most days of the week.
func busiest(fake *devintest.Server) string {
	return slices.MaxFunc(sortedMembers(fake), func(a, b devintest.Member) int {
		return cmp.Compare(len(fake.UserDays(a.UserID, matrixFrom, matrixTo)), len(fake.UserDays(b.UserID, matrixFrom, matrixTo)))
	}).UserID
}

// namedUsers are three members: the busiest, one on the IdP's list only, and one
// without a name.
func namedUsers(fake *devintest.Server) []string {
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

// aSession is the first with consumption in the week.
func aSession(fake *devintest.Server) devintest.Session {
	all := fake.Sessions()
	return all[slices.IndexFunc(all, func(s devintest.Session) bool {
		return fake.PartTotal(devintest.Part{SessionID: s.SessionID}, matrixFrom, matrixTo) > 0
	})]
}

// readings are those of all data sources, in the order of their names.
func readings() []reading {
	var all []reading
	for _, name := range slices.Sorted(maps.Keys(dataSources)) {
		for _, r := range dataSources[name].readings {
			r.source = name
			all = append(all, r)
		}
	}
	return all
}

// readingOfMembers is the report on the consumption of all members.
func readingOfMembers() reading {
	all := readings()
	return all[slices.IndexFunc(all, func(r reading) bool { return r.name == allMembersConsumption })]
}

// arguments also prepares the fake.
func (r reading) arguments(fake *devintest.Server) object {
	if r.prepare != nil {
		r.prepare(fake)
	}
	if r.given == nil {
		return object{}
	}
	return r.given(fake)
}

// needsNoPermission says whether any key may read it.
func (r reading) needsNoPermission() bool { return r.endpoints[0].path == selfPath }

// orgIDOf is the attribute org_id of a data source, nil where it has none.
func orgIDOf(source string) *tfprotov6.SchemaAttribute {
	for _, a := range allSchemas().DataSourceSchemas[source].Block.Attributes {
		if a.Name == "org_id" {
			return a
		}
	}
	return nil
}

// isEnterpriseOnly says whether Devin does not have a data source for an organization.
func isEnterpriseOnly(source string) bool { return orgIDOf(source) == nil }

// needsEnterpriseKey says whether Devin has a data source for an organization, and
// shows it to a key of the enterprise only.
func needsEnterpriseKey(source string) bool {
	return slices.ContainsFunc(dataSources[source].readings, func(r reading) bool {
		return !slices.ContainsFunc(r.endpoints, func(e endpoint) bool { return !strings.Contains(e.path, "/enterprise/organizations/*/") })
	})
}

func TestEveryTypeHasARowAnExampleAPageAndALinkInTheIndex(t *testing.T) {
	t.Parallel()
	schemas := allSchemas()
	if len(schemas.DataSourceSchemas) == 0 || len(schemas.ResourceSchemas) == 0 || len(schemas.Functions) == 0 {
		t.Fatal("there are no types")
	}
	for name := range dataSources {
		if schemas.DataSourceSchemas[name] == nil {
			t.Errorf("%s has a row in dataSources, and is no data source", name)
		}
	}
	for name := range writingResources {
		if schemas.ResourceSchemas[name] == nil {
			t.Errorf("%s has a row in writingResources, and is no resource", name)
		}
	}
	const check = "devin_connection_check"
	for name, schema := range schemas.DataSourceSchemas {
		if name != check {
			checkRow(t, name)
		}
		checkAbout(t, name, schema.Block.Description)
		checkFiles(t, "data", "data-sources", name, "data-source.tf")
	}
	for name, schema := range schemas.ResourceSchemas {
		if _, ok := writingResources[name]; !ok && name != check {
			t.Errorf("resource %s has no row: add one to writingResources in internal/acceptance/types_test.go, with the endpoint that a refresh asks and a state of it, and what it sets to withLimits", name)
		}
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

// checkRow wants a row, and in it a reading of an organization where there is one.
func checkRow(t *testing.T, name string) {
	t.Helper()
	row, ok := dataSources[name]
	if !ok {
		t.Errorf("data source %s has no row: add one to dataSources in internal/acceptance/types_test.go, with its arguments, the state by the fake's own data, and each endpoint that it asks", name)
		return
	}
	inOrganization := slices.ContainsFunc(row.readings, func(r reading) bool {
		return slices.ContainsFunc(r.endpoints, func(e endpoint) bool { return strings.Contains(e.path, "/organizations/*/") })
	})
	if a := orgIDOf(name); a != nil && (a.Optional || a.Required) && !inOrganization {
		t.Errorf("data source %s has an argument org_id: add a reading of an organization to its row in internal/acceptance/types_test.go", name)
	}
}

// checkAbout wants the group and the requests behind a type's description.
func checkAbout(t *testing.T, name, description string) {
	t.Helper()
	_, about, _ := strings.Cut(description, "\n\n<!-- ")
	group, requests, _ := strings.Cut(about, " -->\n\n| request | [permission](../guides/reading.md#requests-and-permissions) | how often |\n|---|---|---|\n")
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

// checkFiles wants an example, a page of documentation, and a link to it in the index.
func checkFiles(t *testing.T, kind, folder, name, example string) {
	t.Helper()
	page := path.Join("docs", folder, strings.TrimPrefix(name, "devin_")+".md")
	for _, file := range []string{page, path.Join("examples", folder, name, example)} {
		if read(t, file) == "" {
			t.Errorf("%s %s has no %s", kind, name, file)
		}
	}
	if link := "](" + strings.TrimPrefix(page, "docs/") + ")"; !strings.Contains(whatToRead(t), link) {
		t.Errorf("templates/index.md.tmpl has no link to %s %s below What to read: %s", kind, name, link)
	}
}

// whatToRead is what the index says below the heading of this name.
func whatToRead(t *testing.T) string {
	t.Helper()
	_, section, _ := strings.Cut(read(t, "docs/index.md"), "\n## What to read\n")
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

func TestREADMEAndTheIndexSayTheSameOfWhatToRead(t *testing.T) {
	t.Parallel()
	want := strings.ReplaceAll(whatToRead(t), "](", "](docs/")
	if want == "" || !strings.Contains(read(t, "README.md"), "\n## What to read\n"+want) {
		t.Errorf("README does not have what the index has below What to read, with docs/ before each link:\n%s", want)
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
			"# " + name + " (List Resource)", `list "` + name + `" "all"`, "limit            = 1000", "# 100 if it is not set",
			"for_each", "-generate-config-out", "\n## Errors\n", "](../resources/" + short + "#import)",
		} {
			if !strings.Contains(page, text) {
				t.Errorf("the page of list %s has no %q", name, text)
			}
		}
		resource := read(t, path.Join("docs", "resources", short))
		for _, text := range []string{"](../list-resources/" + short + ")", "to = " + name + ".", "identity = {\n    " + identity + " = "} {
			if !strings.Contains(resource, text) {
				t.Errorf("the page of resource %s has no %q", name, text)
			}
		}
	}
}
