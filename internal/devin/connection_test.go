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
)

// shown is a check's requests as "name status", in order.
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
			server := startFake(t, devintest.Options{Quirks: devintest.Quirks{BadKeyStatus: badKey}})
			conn := newClient(t, server.URL, withKey(t, info.Key)).CheckConnection(t.Context(), Permissions(), nil)
			if string(conn.Code) != info.Code {
				t.Errorf("%s with %d for bad keys: %q, want %q; %s", info.Key, badKey, conn.Code, info.Code, shown(conn))
			}
		}
	}
}

func TestACheckTellsWhatItAskedAndHeard(t *testing.T) {
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
		// After these, further questions would say nothing more.
		devintest.KeyUnavailable: {checks: "self 503, members -, consumption -, pr_metrics -, organizations -"},
		devintest.KeyRateLimited: {checks: "self 429, members -, consumption -, pr_metrics -, organizations -"},
		devintest.KeyInvalidCredentials: {
			quirks: devintest.Quirks{BadKeyStatus: 401},
			checks: "self 401, members -, consumption -, pr_metrics -, organizations -",
		},
	} {
		server := startFake(t, devintest.Options{Quirks: c.quirks})
		conn := newClient(t, server.URL, withKey(t, key)).CheckConnection(t.Context(), Permissions(), nil)
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

func TestACheckAsksTheCheapestQuestions(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	if conn := newClient(t, server.URL).CheckConnection(t.Context(), Permissions(), nil); conn.Code != OK {
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
		conn := newClient(t, startFake(t, devintest.Options{}).URL, withKey(t, c.key)).CheckConnection(t.Context(), c.required, nil)
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
		server := startFake(t, devintest.Options{})
		server.Fault("*/users", c.users)
		server.Fault("*/idp-users", c.idpUsers)
		conn := newClient(t, server.URL, withKey(t, devintest.KeyNoOrganizationList)).CheckConnection(t.Context(), Permissions(), nil)
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
			server := startFake(t, devintest.Options{})
			server.Fault(path, fault)
			want := Unavailable
			if name == "404" && path == "/v3/enterprise/organizations" {
				want = OK // the check can do without this list
			}
			if conn := newClient(t, server.URL).CheckConnection(t.Context(), Permissions(), nil); conn.Code != want {
				t.Errorf("%s from %s: %q, %s", name, path, conn.Code, shown(conn))
			}
		}
	}
}

func TestTheProbesAreMadeSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := bubbleClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			bodies := map[string]string{
				"/v3/self": selfBody, "/v3/enterprise/consumption/daily": nothingUsed, "/v3/enterprise/metrics/prs": prBody(nil),
			}
			if body, ok := bodies[r.URL.Path]; ok {
				return jsonAnswer(200, body), nil
			}
			return jsonAnswer(200, `{"items":[{"user_id":"a","org_id":"o"}],"has_next_page":false}`), nil
		}))
		start := time.Now()
		if conn := c.CheckConnection(t.Context(), Permissions(), nil); conn.Code != OK {
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
		server := startFake(t, devintest.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		server.Fault(path, devintest.Fault{Hang: true, When: func(*http.Request) bool {
			cancel()
			return true
		}})
		conn := newClient(t, server.URL).CheckConnection(ctx, Permissions(), nil)
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
	server := startFake(t, devintest.Options{})
	check := func() Code { return newClient(t, server.URL).CheckConnection(t.Context(), Permissions(), nil).Code }
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
