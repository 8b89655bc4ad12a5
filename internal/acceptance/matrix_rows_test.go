package acceptance

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// class is what an answer amounts to, whatever its form.
type class int

const (
	fine         class = iota
	taken              // 2xx, and other numbers, or null, than the fake has
	noticed            // 2xx, odd, and no reason to fail: the numbers, and a warning
	unauthorized       // 401 of the API
	forbidden          // 403 of the API
	notFound           // 404 of the API
	rejected           // another 4xx of the API
	rateLimited        // 429 to the end
	serverError        // 5xx to the end
	notDevins          // a page of something else
	odd                // 2xx, and not as documented
	cutShort           // 2xx that breaks off, to the end
	unreachable        // no answer, to the end
)

// summary is how the error of an ordinary read begins (design.md §7 and what
// diagnostics.go adds to it).
func (c class) summary() string {
	return map[class]string{
		unauthorized: "invalid_credentials: Devin refused the API key",
		forbidden:    "forbidden: Devin denied access",
		notFound:     "Not found in Devin",
		rejected:     "Devin rejected the request",
		rateLimited:  "unavailable: Devin asks for fewer requests",
		serverError:  "unavailable: Devin answered 5",
		notDevins:    "unavailable: the answer does not come from the Devin API",
		odd:          "unavailable: the answer is not as Devin documents it",
		cutShort:     "unavailable: Devin's answer broke off",
		unreachable:  "unavailable: Devin could not be reached",
	}[c]
}

// kind is what an endpoint answers with.
type kind int

const (
	anything kind = iota // several endpoints
	aPrincipal
	aMember
	aListOfUsers
	aListOfIDPUsers
	aListOfOrganizations
	aListOfCycles
	aConsumption
	aCountOfPRs
	aListOfServiceUsers
	aCountOfSessions
	aCountOfUsage
	someCategories
	aQueue
	aCountOfActiveUsers
	aListOfPeriods
	aListOfSessions
	aListOfAPIKeys
	aCountOfScans
	aListOfFindings
	aListOfAuditLogs
	aListOfViolations
	aListOfHypervisors
	aListOfLimits
	aLookupOfLimits // the same list, where one that is not on it is not set
	aBlockOfLimits
)

// endpoint is one that a row asks.
type endpoint struct {
	path string // "*" stands for any text
	kind kind
	// The endpoint's own way to succeed, nil where a refusal is an error; and the
	// summary of a 404 where it is not the usual one.
	whenRefused func(*devintest.Server) object
	// nameless is the state without the names that the endpoint is asked for. A 404
	// says that there is none, and any other failure is a notice.
	nameless    func(*devintest.Server) object
	whenUnknown func(*devintest.Server) object // likewise for a 404
	unknown     string
	isNotice    bool   // whether a 404 is a notice
	permission  string // for the check
}

const (
	usersPath         = "/v3/enterprise/members/users"
	idpUsersPath      = "/v3/enterprise/members/idp-users"
	organizationsPath = "/v3/enterprise/organizations"
	cyclesPath        = "/v3/enterprise/consumption/cycles"
	enterprisePath    = "/v3/enterprise/consumption/daily"
	userPath          = "/v3/enterprise/consumption/daily/users/*"
	prsPath           = "/v3/enterprise/metrics/prs"
	selfPath          = "/v3/self"
)

// row is a data source with its arguments.
type row struct {
	name      string
	source    string
	given     func(*devintest.Server) object
	truth     func(*devintest.Server) object
	endpoints []endpoint
}

var (
	usersList    = endpoint{path: usersPath, kind: aListOfUsers}
	idpUsersList = endpoint{path: idpUsersPath, kind: aListOfIDPUsers}

	enterpriseDays = endpoint{path: enterprisePath, kind: aConsumption}
)

// nobodyKnown is the summary where every user is a 404.
const nobodyKnown = "Devin knows none of the users"

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

// outcome is what a read of the row must come to: a state, or the beginning of
// an error's summary.
func (r row) outcome(fake *devintest.Server, e endpoint, c class) (state object, summary string) {
	switch {
	case c == fine:
		return r.whole(r.truth(fake)), ""
	case (c == unauthorized || c == forbidden) && e.whenRefused != nil:
		return r.whole(e.whenRefused(fake)), ""
	case c == notFound && e.whenUnknown != nil:
		return r.whole(e.whenUnknown(fake)), ""
	case c == forbidden && e.path == selfPath:
		return nil, unauthorized.summary() // any key may read it
	case c == notFound && e.unknown != "":
		return nil, e.unknown
	}
	return nil, c.summary()
}

// whole adds the attributes that are null.
func (r row) whole(state object) object {
	all := object{}
	for _, attribute := range allSchemas().DataSourceSchemas[r.source].Block.Attributes {
		all[attribute.Name] = nil
	}
	return with(all, state)
}

// isIn says whether a text shows a path that the endpoint's pattern means.
func (e endpoint) isIn(text string) bool {
	parts := strings.Split(e.path, "*")
	for _, part := range parts[1:] {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return strings.Contains(text, http.MethodGet+" "+parts[0])
}
