package acceptance

import (
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// inOrg is the path of an organization's own endpoint.
func inOrg(path string) string { return "/v3/organizations/*/" + path }

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
