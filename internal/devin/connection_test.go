package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// shown is the requests of a check as "name status", in order.
func shown(conn *Connection) string {
	var texts []string
	for _, c := range conn.Checks {
		status := fmt.Sprint(c.Status)
		if c.NotAsked {
			status = "-"
		}
		texts = append(texts, c.Name+" "+status)
	}
	return strings.Join(texts, ", ")
}

func missingNames(conn *Connection) string {
	var names []string
	for _, p := range conn.Missing {
		names = append(names, p.Name)
	}
	return strings.Join(names, " ")
}

func TestEachOfTheFakesKeysGivesItsCode(t *testing.T) {
	t.Parallel()
	for _, badKey := range []int{403, 401} {
		for _, info := range devintest.Keys() {
			server := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{BadKeyStatus: badKey}})
			conn := newClient(t, server.URL, withKey(t, info.Key)).CheckConnection(t.Context(), DefaultRequirements(), nil)
			if string(conn.Code) != info.Code {
				t.Errorf("%s with %d for bad keys: %q, want %q; %s", info.Key, badKey, conn.Code, info.Code, shown(conn))
			}
		}
	}
}

func TestACheckListsItsRequestsAndTheirStatuses(t *testing.T) {
	t.Parallel()
	const nothing = "self 200, members 403, consumption 403, pr_metrics 403, organizations 403"
	for key, c := range map[string]struct {
		quirks          devintest.Quirks
		checks, missing string
	}{
		devintest.KeyOK:                 {checks: "self 200, members 200, consumption 200, pr_metrics 200, organizations 200"},
		devintest.KeyForbidden:          {checks: "self 200, members 200, consumption 403, pr_metrics 200, organizations 200", missing: "ManageBilling"},
		devintest.KeyUnauthorized:       {checks: "self 200, members 200, consumption 200, pr_metrics 401, organizations 200", missing: "ViewAccountMetrics"},
		devintest.KeyInvalidPermissions: {checks: nothing, missing: "ManageAccountMembership ManageBilling ViewAccountMetrics"},
		devintest.KeyOrganization:       {checks: nothing, missing: "ManageAccountMembership ManageBilling ViewAccountMetrics"},
		devintest.KeyNoOrganizationList: {checks: "self 200, members 200, consumption 200, pr_metrics 200, organizations 403"},
		devintest.KeyNoResources:        {checks: "self 200, members 200, consumption 200, pr_metrics 200, organizations 200"},
		// After these, further requests would tell nothing more.
		devintest.KeyUnavailable: {checks: "self 503, members -, consumption -, pr_metrics -, organizations -"},
		devintest.KeyRateLimited: {checks: "self 429, members -, consumption -, pr_metrics -, organizations -"},
		devintest.KeyInvalidCredentials: {
			quirks: devintest.Quirks{BadKeyStatus: 401},
			checks: "self 401, members -, consumption -, pr_metrics -, organizations -",
		},
	} {
		server := clienttest.StartFake(t, devintest.Options{Quirks: c.quirks})
		conn := newClient(t, server.URL, withKey(t, key)).CheckConnection(t.Context(), DefaultRequirements(), nil)
		if shown(conn) != c.checks || missingNames(conn) != c.missing {
			t.Errorf("%s: %s, missing %q\nwant %s, missing %q", key, shown(conn), missingNames(conn), c.checks, c.missing)
		}
		asked := 0
		for _, check := range conn.Checks {
			if !check.NotAsked {
				asked++
			}
			if check.Method != http.MethodGet || !strings.HasPrefix(check.Path, "/v3/") || (check.Err == nil) != (check.Status == 200 || check.NotAsked) {
				t.Errorf("%s: %+v", key, check)
			}
			if n := server.Count(check.Path); (n == 0) != check.NotAsked {
				t.Errorf("%s: %s was asked %d times", key, check.Path, n)
			}
		}
		if hasPrincipal := conn.Checks[0].Status == 200; (conn.Principal != nil) != hasPrincipal {
			t.Errorf("%s: the principal is %+v", key, conn.Principal)
		}
	}
}

func TestACheckSendsTheCheapestRequests(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	if conn := newClient(t, server.URL).CheckConnection(t.Context(), DefaultRequirements(), nil); conn.Code != OK {
		t.Fatalf("%q", conn.Code)
	}
	// The last day that has ended at the fake's 20:00 UTC of 2026-03-10.
	const yesterday = "time_after=1773043200&time_before=1773129600"
	want := []string{
		"/v3/enterprise/consumption/daily?" + yesterday,
		"/v3/enterprise/members/users?first=1",
		"/v3/enterprise/metrics/prs?" + yesterday,
		"/v3/enterprise/organizations?first=1",
		"/v3/self?",
	}
	var got []string
	for _, r := range server.Requests() {
		got = append(got, r.Path+"?"+r.Query.Encode())
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("it asked\n%s", strings.Join(got, "\n"))
	}
}

func TestACheckAsksOnlyForWhatIsRequired(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key      string
		required []*Permission
		code     Code
		checks   string
	}{
		{devintest.KeyForbidden, []*Permission{MembershipPermission}, OK, "self 200, members 200, organizations 200"},
		{devintest.KeyForbidden, []*Permission{ConsumptionPermission}, InvalidPermissions, "self 200, consumption 403, organizations 200"},
		{
			devintest.KeyForbidden,
			[]*Permission{MetricsPermission, ConsumptionPermission},
			Forbidden,
			"self 200, pr_metrics 200, consumption 403, organizations 200",
		},
		{devintest.KeyUnauthorized, []*Permission{MetricsPermission}, InvalidPermissions, "self 200, pr_metrics 401, organizations 200"},
		{devintest.KeyInvalidPermissions, nil, OK, "self 200, organizations 403"},
		{devintest.KeyInvalidCredentials, nil, InvalidCredentials, "self 403, organizations 403"},
		{devintest.KeyNoResources, []*Permission{MetricsPermission}, NoResources, "self 200, pr_metrics 200, organizations 200"},
	} {
		conn := newClient(t, clienttest.StartFake(t, devintest.Options{}).URL, withKey(t, c.key)).CheckConnection(t.Context(), c.required, nil)
		if conn.Code != c.code || shown(conn) != c.checks {
			t.Errorf("%s: %q, %s; want %q, %s", c.key, conn.Code, shown(conn), c.code, c.checks)
		}
	}
}

func TestWhereOrganizationsMayNotBeListedTheMembersDecide(t *testing.T) {
	t.Parallel()
	const (
		none   = `{"items":[],"has_next_page":false}`
		more   = `{"items":[],"end_cursor":"x","has_next_page":true}`
		person = `{"items":[{"user_id":"a"}],"has_next_page":false}`
	)
	for name, c := range map[string]struct {
		users, idpUsers devintest.Fault
		code            Code
		asksForIDP      bool
	}{
		"direct members":          {devintest.Fault{Body: person}, devintest.Fault{Body: none}, OK, false},
		"an empty page with more": {devintest.Fault{Body: more}, devintest.Fault{Body: none}, OK, false},
		"members via IdP only":    {devintest.Fault{Body: none}, devintest.Fault{Body: person}, OK, true},
		"no member":               {devintest.Fault{Body: none}, devintest.Fault{Body: none}, NoResources, true},
		"IdP list unheard of":     {devintest.Fault{Body: none}, devintest.Fault{Status: 503}, Unavailable, true},
		"IdP list denied":         {devintest.Fault{Body: none}, devintest.Fault{Status: 403}, OK, true},
	} {
		server := clienttest.StartFake(t, devintest.Options{})
		server.Fault("*/users", c.users)
		server.Fault("*/idp-users", c.idpUsers)
		conn := newClient(t, server.URL, withKey(t, devintest.KeyNoOrganizationList)).CheckConnection(t.Context(), DefaultRequirements(), nil)
		if conn.Code != c.code {
			t.Errorf("%s: %q, want %q", name, conn.Code, c.code)
		}
		if asks := strings.Contains(shown(conn), "idp_members"); asks != c.asksForIDP {
			t.Errorf("%s: %s", name, shown(conn))
		}
	}
}

func TestAnAnswerThatIsNotDevinsSaysNothingAboutTheKey(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"page with 200": {Body: "<html>Sign in</html>"},
		"page with 403": {Status: 403, Body: "<html>Blocked</html>"},
		"page with 401": {Status: 401, Body: "<html>Proxy</html>"},
		"404":           {Status: 404},
		"400":           {Status: 400},
		"429":           {Status: 429},
		"500":           {Status: 500},
		"another shape": {Body: `{"ok":true}`},
		"reset":         {Reset: true},
		"IP list":       {Status: 403, Body: `{"title":"Forbidden","status":403,"detail":"203.0.113.7 is not in the IP access list"}`},
		"redirect":      {Status: 302, Header: http.Header{"Location": {"https://sso.example.com/"}}},
	} {
		for _, path := range []string{
			"/v3/self", "/v3/enterprise/members/users", "/v3/enterprise/consumption/daily", "/v3/enterprise/metrics/prs",
			"/v3/enterprise/organizations",
		} {
			server := clienttest.StartFake(t, devintest.Options{})
			server.Fault(path, fault)
			want := Unavailable
			if name == "404" && path == "/v3/enterprise/organizations" {
				want = OK // the check can do without this list
			}
			if conn := newClient(t, server.URL).CheckConnection(t.Context(), DefaultRequirements(), nil); conn.Code != want {
				t.Errorf("%s from %s: %q, %s", name, path, conn.Code, shown(conn))
			}
		}
	}
}

func TestTheProbesAreSentAtTheSameTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := bubbleClient(t, clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			bodies := map[string]string{
				"/v3/self": clienttest.Self, "/v3/enterprise/consumption/daily": nothingUsed, "/v3/enterprise/metrics/prs": prBody(nil),
			}
			if body, ok := bodies[r.URL.Path]; ok {
				return clienttest.JSON(200, body), nil
			}
			return clienttest.JSON(200, `{"items":[{"user_id":"a","org_id":"o"}],"has_next_page":false}`), nil
		}))
		start := time.Now()
		if conn := c.CheckConnection(t.Context(), DefaultRequirements(), nil); conn.Code != OK {
			t.Errorf("%q, %s", conn.Code, shown(conn))
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("it took %s: one second for /v3/self, and one for all the others are due", took)
		}
	})
}

func TestACanceledCheckIsUnavailable(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v3/self", "/v3/enterprise/members/users"} {
		server := clienttest.StartFake(t, devintest.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		server.Fault(path, devintest.Fault{Hang: true, When: func(*http.Request) bool {
			cancel()
			return true
		}})
		conn := newClient(t, server.URL).CheckConnection(ctx, DefaultRequirements(), nil)
		if conn.Code != Unavailable || len(conn.Missing) != 0 {
			t.Errorf("%s hangs: %q, %s", path, conn.Code, shown(conn))
		}
		for _, check := range conn.Checks {
			if check.Path == path && (check.Status != 0 || !errors.Is(check.Err, context.Canceled)) {
				t.Errorf("%s hangs: %+v", path, check)
			}
		}
	}
}

func TestANewKeyWithFewerPermissionsIsSeenByTheNextClient(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	check := func() Code {
		return newClient(t, server.URL).CheckConnection(t.Context(), DefaultRequirements(), nil).Code
	}
	if code := check(); code != OK {
		t.Errorf("at first %q", code)
	}
	server.RemovePermission(devintest.KeyOK, "ViewAccountConsumption")
	if code := check(); code != Forbidden {
		t.Errorf("without a permission %q", code)
	}
	server.Revoke(devintest.KeyOK)
	if code := check(); code != InvalidCredentials {
		t.Errorf("revoked %q", code)
	}
}

func checkNames(checks []Check) []string {
	var all []string
	for _, c := range checks {
		all = append(all, c.Name)
	}
	return all
}

func TestCheckOfAnOrganizationAsksItsOwnEndpoints(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	org := fake.Organizations()[0].OrgID
	for _, key := range []string{devintest.KeyOrganization, devintest.KeyOK} {
		got := newClient(t, fake.URL, withKey(t, key)).In(org).CheckConnection(t.Context(), DefaultRequirements(), nil)
		if got.Code != OK || got.OrgID != org || !slices.Equal(checkNames(got.Checks), []string{"self", "members", "consumption", "pr_metrics"}) {
			t.Errorf("%s: %+v", key, got)
		}
	}
	want := []string{
		"/v3/organizations/" + org + "/consumption/daily", "/v3/organizations/" + org + "/metrics/prs",
		"/v3/self", "/v3beta1/organizations/" + org + "/members/users",
	}
	var asked []string
	for _, r := range fake.Requests() {
		asked = append(asked, r.Path)
	}
	slices.Sort(asked)
	if !slices.Equal(slices.Compact(asked), want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
}

func TestCodesOfTheCheckOfAnOrganization(t *testing.T) {
	t.Parallel()
	all := []string{devintest.ViewOrgMembership, devintest.ViewOrgConsumption, devintest.ViewOrgMetrics}
	for name, tt := range map[string]struct {
		permissions []string
		denyStatus  int
		empty       bool // the lists of members
		unknown     bool // the key
		other       bool // the organization is not the key's
		code        Code
		missing     []string
	}{
		"everything":             {permissions: all},
		"older names":            {permissions: []string{devintest.ViewOrgMembership, devintest.ManageBilling, devintest.ViewAccountMetrics}},
		"one too few":            {permissions: all[:2], code: Forbidden, missing: []string{"ViewAccountMetrics"}},
		"one too few, by 401":    {permissions: all[1:], denyStatus: 401, code: Unauthorized, missing: []string{"ViewOrgMembership"}},
		"none":                   {code: InvalidPermissions, missing: []string{"ViewOrgMembership", "ManageBilling", "ViewAccountMetrics"}},
		"another's":              {permissions: all, other: true, code: InvalidPermissions, missing: []string{"ViewOrgMembership", "ManageBilling", "ViewAccountMetrics"}},
		"no member":              {permissions: all, empty: true, code: NoResources},
		"an unknown key":         {unknown: true, code: InvalidCredentials},
		"no member, one too few": {permissions: all[:2], empty: true, code: Forbidden, missing: []string{"ViewAccountMetrics"}},
	} {
		fake := clienttest.StartFake(t, devintest.Options{})
		org := fake.Organizations()[0].OrgID
		if !tt.unknown {
			fake.AddKey("cog_org", devintest.Principal{ID: "service-user-1", OrgID: org, Permissions: tt.permissions, DenyStatus: tt.denyStatus})
		}
		if tt.empty {
			fake.Fault("/v3beta1/*", devintest.Fault{Body: `{"items":[],"has_next_page":false}`, ContentType: "application/json"})
		}
		if tt.other {
			org = fake.Organizations()[1].OrgID
		}
		got := newClient(t, fake.URL, withKey(t, "cog_org")).In(org).CheckConnection(t.Context(), DefaultRequirements(), nil)
		var missing []string
		for _, p := range got.Missing {
			missing = append(missing, p.Name)
		}
		if got.Code != tt.code || !slices.Equal(missing, tt.missing) {
			t.Errorf("%s: %q without %q, want %q without %q", name, got.Code, missing, tt.code, tt.missing)
		}
		if idp := slices.Contains(checkNames(got.Checks), "idp_members"); idp != tt.empty {
			t.Errorf("%s: %q", name, checkNames(got.Checks))
		}
	}
}

func TestExplainRefusalReadsSelfOnlyAfterARefusal(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	client := newClient(t, fake.URL, withKey(t, devintest.KeyOrganization))
	for _, err := range []error{nil, ErrUnavailable, ErrRejected, ErrNotFound, ErrAddressDenied} {
		if got := client.ExplainRefusal(t.Context(), err); got != err { //nolint:errorlint // the very same
			t.Errorf("%v became %v", err, got)
		}
	}
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
	fake.Fault("/v3/self", devintest.Fault{Status: http.StatusServiceUnavailable})
	if got := client.ExplainRefusal(t.Context(), ErrForbidden); got != ErrForbidden { //nolint:errorlint // the very same
		t.Errorf("got %v", got)
	}
}

var outcomeNames = map[outcome]string{
	accepted: "200", empty: "200 empty", refused401: "401", refused403: "403", absent: "404", noList: "no list", unknown: "?", notAsked: "not asked",
}

func (o outcome) String() string { return outcomeNames[o] }

// expected states verdict anew, with a condition for each code, of which exactly one
// must hold.
func expected(e evidence) Code {
	isAny := func(is ...outcome) bool {
		return slices.ContainsFunc(e.required, func(o outcome) bool { return slices.Contains(is, o) })
	}
	denied := 0
	for _, o := range e.required {
		if o == refused401 || o == refused403 {
			denied++
		}
	}
	orgRefused := e.organizations == refused401 || e.organizations == refused403
	// A list that the deployment lacks counts as one that is denied.
	orgUnseen := orgRefused || e.organizations == absent || e.organizations == noList
	everyProbeRefused := denied == len(e.required) && (orgRefused || e.organizations == noList)

	// "The API refuses the key itself."
	refusesKey := e.self == refused401 || e.self == refused403 && everyProbeRefused
	// A 403 of /v3/self alone says nothing; any other answer shows that the key is accepted.
	accepts := e.self == accepted || e.self == refused403 && (isAny(accepted, empty) || e.organizations == accepted || e.organizations == empty)
	noneDenied := denied == 0
	noOrganization := e.organizations == empty || orgUnseen && e.members == empty
	// Whether there is an organization matters only if no permission is denied.
	organizationUnknown := e.organizations == unknown || orgUnseen && e.members == unknown
	judged := accepts && !isAny(unknown) && (denied > 0 || !organizationUnknown)

	rows := map[Code]bool{
		InvalidCredentials: refusesKey,
		InvalidPermissions: judged && denied > 0 && denied == len(e.required),
		Forbidden:          judged && denied > 0 && denied < len(e.required) && !isAny(refused401),
		Unauthorized:       judged && denied > 0 && denied < len(e.required) && isAny(refused401),
		NoResources:        judged && noneDenied && noOrganization,
		OK:                 judged && noneDenied && !noOrganization,
		Unavailable:        !refusesKey && !judged,
	}
	var holds []Code
	for code, is := range rows {
		if is {
			holds = append(holds, code)
		}
	}
	if len(holds) != 1 {
		return Code(fmt.Sprintf("%q", holds))
	}
	return holds[0]
}

// vectors are all outcomes of n required probes.
func vectors(n int, of []outcome) [][]outcome {
	if n == 0 {
		return [][]outcome{nil}
	}
	var all [][]outcome
	for _, rest := range vectors(n-1, of) {
		for _, o := range of {
			all = append(all, append(slices.Clone(rest), o))
		}
	}
	return all
}

func TestTheVerdictOfEveryCombinationOfOutcomes(t *testing.T) {
	t.Parallel()
	asked := []outcome{accepted, empty, refused401, refused403, unknown}
	tried := 0
	for _, self := range []outcome{accepted, refused401, refused403, unknown} {
		for n := range 4 {
			outcomes := asked
			if self == refused401 || self == unknown {
				outcomes = []outcome{notAsked}
			}
			for _, required := range vectors(n, outcomes) {
				lists := outcomes
				if len(outcomes) > 1 {
					lists = append(slices.Clone(outcomes), absent, noList)
				}
				for _, organizations := range lists {
					for _, members := range append(slices.Clone(outcomes), notAsked) {
						e := evidence{self: self, required: required, organizations: organizations, members: members}
						if got, want := e.verdict(), expected(e); got != want {
							t.Errorf("%+v: %q, want %q", e, got, want)
						}
						tried++
					}
				}
			}
		}
	}
	if tried < 9000 {
		t.Errorf("only %d combinations were tried", tried)
	}
}

func TestVerdictsOfTypicalKeysAndEnterprises(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		evidence
		want Code
	}{
		"all is well": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, accepted, accepted}, OK,
		},
		"a 401 of self decides": {
			evidence{refused401, []outcome{notAsked, notAsked, notAsked}, notAsked, notAsked}, InvalidCredentials,
		},
		"an unknown key, as the API was seen to answer it": {
			evidence{refused403, []outcome{refused403, refused403, refused403}, refused403, notAsked}, InvalidCredentials,
		},
		"self denied, yet a probe answered: the key is good": {
			evidence{refused403, []outcome{accepted, refused403, refused403}, refused403, accepted}, Forbidden,
		},
		"self denied, yet organizations answered: the key is good and may nothing": {
			evidence{refused403, []outcome{refused403, refused403, refused403}, accepted, notAsked}, InvalidPermissions,
		},
		"self denied and no other answer": {
			evidence{refused403, []outcome{refused403, refused403, unknown}, refused403, notAsked}, Unavailable,
		},
		"all denied": {
			evidence{accepted, []outcome{refused403, refused403, refused403}, refused403, notAsked}, InvalidPermissions,
		},
		"all denied, one with 401": {
			evidence{accepted, []outcome{refused403, refused401, refused403}, accepted, notAsked}, InvalidPermissions,
		},
		"the only one required denied": {
			evidence{accepted, []outcome{refused403}, accepted, notAsked}, InvalidPermissions,
		},
		"some denied": {
			evidence{accepted, []outcome{accepted, refused403, refused403}, accepted, accepted}, Forbidden,
		},
		"some denied, one with 401": {
			evidence{accepted, []outcome{accepted, refused401, refused403}, accepted, accepted}, Unauthorized,
		},
		"some denied, and empty besides": {
			evidence{accepted, []outcome{empty, refused403, accepted}, empty, empty}, Forbidden,
		},
		"one not answered": {
			evidence{accepted, []outcome{accepted, unknown, refused403}, accepted, accepted}, Unavailable,
		},
		"no organization and no member": {
			evidence{accepted, []outcome{empty, accepted, accepted}, empty, empty}, NoResources,
		},
		"no organization, with any members": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, empty, accepted}, NoResources,
		},
		"organizations may not be listed, members are there": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, refused403, accepted}, OK,
		},
		"organizations may not be listed, no member is there": {
			evidence{accepted, []outcome{empty, accepted, accepted}, refused403, empty}, NoResources,
		},
		"organizations may not be listed, members were not asked for": {
			evidence{accepted, []outcome{accepted}, refused403, notAsked}, OK,
		},
		"there is no list of organizations, members are there": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, absent, accepted}, OK,
		},
		"there is no list of organizations, no member is there": {
			evidence{accepted, []outcome{empty, accepted, accepted}, absent, empty}, NoResources,
		},
		"there is no list of organizations, members were not asked for": {
			evidence{accepted, []outcome{accepted}, absent, notAsked}, OK,
		},
		"there is no list of organizations, and all else is denied": {
			evidence{refused403, []outcome{refused403, refused403, refused403}, absent, notAsked}, Unavailable,
		},
		"organizations are there, members are not": {
			evidence{accepted, []outcome{empty, accepted, accepted}, accepted, empty}, OK,
		},
		"organizations not answered": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, unknown, accepted}, Unavailable,
		},
		"organizations not answered, but something is denied": {
			evidence{accepted, []outcome{accepted, accepted, refused403}, unknown, accepted}, Forbidden,
		},
	} {
		if got := c.verdict(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
