package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestACULimitsOfEveryScopeAreListed(t *testing.T) {
	t.Parallel()
	body := page(strings.Join([]string{
		`{"scope":"user","cycle_acu_limit":7,"user_id":"u"}`, `{"scope":"org","cycle_acu_limit":0,"org_id":"org-2","user_id":null}`,
		`{"scope":"ORG","cycle_acu_limit":9007199254740992,"org_id":"org-1"}`, `{"scope":"enterprise","cycle_acu_limit":900,"org_id":null}`,
		`{"scope":"user","cycle_acu_limit":8,"user_id":null}`,
	}, ","))
	notices, err := noticed(t, func(ctx context.Context) error {
		limits, err := serveOne(t, body).ACULimits(ctx)
		var got []string
		for _, l := range limits {
			got = append(got, fmt.Sprint(l.Scope, orNone(l.OrgID), orNone(l.UserID), *l.CycleACULimit))
		}
		if text, want := strings.Join(got, " "), "enterprise900 orgorg-19007199254740992 orgorg-20 user8 useru7"; text != want {
			t.Errorf("got %s, want %s", text, want)
		}
		return err
	})
	if err != nil || notices != nil {
		t.Errorf("%v, %q", err, notices)
	}
}

// Each of these would read as "no limit is set" if it were ignored.
func TestLimitsThatAreNotUnderstoodAreAnError(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]string{
		`{"scope":"team","cycle_acu_limit":5,"org_id":"org-1"}`: `items[0]: the scope "team" is none of enterprise, org and user`,
		`{"scope":"","cycle_acu_limit":5}`:                      "items[0].scope is missing",
		`{"cycle_acu_limit":5,"org_id":"org-1"}`:                "items[0].scope is missing",
		`{"scope":null,"cycle_acu_limit":5}`:                    "items[0].scope is missing",
		`{"scope":"org","org_id":"org-1"}`:                      "items[0].cycle_acu_limit is missing",
		`{"scope":"org","org_id":"org-1","cycle_acu_limit":-1}`: "-1 is negative",
		`{"scope":"org","org_id":7,"cycle_acu_limit":1}`:        "org_id is a JSON number",
		`null`: "is missing",
	} {
		c := serveOne(t, page(item))
		if limits, err := c.ACULimits(t.Context()); limits != nil || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v, %v, want %q", item, limits, err, want)
		}
		if limit, err := c.OrganizationACULimit(t.Context(), "org-9"); limit != nil || !isOnly(err, ErrNotDevin) {
			t.Errorf("%s: got %v, %v", item, limit, err)
		}
	}
	for _, body := range []string{`null`, `[]`, `{}`, `{"items":null}`, `{"items":{}}`, `{"error":"x"}`, `{"message":"x"}`, `{"data":[]}`, `<html>`, ``, `"x"`} {
		if limit, err := serveOne(t, body).OrganizationACULimit(t.Context(), "org-1"); limit != nil || !isOnly(err, ErrNotDevin) {
			t.Errorf("%s: got %v, %v", body, limit, err)
		}
	}
}

func TestTheLimitOfAnOrganizationIsThatOfItsRow(t *testing.T) {
	t.Parallel()
	const nameless, one = `{"scope":"org","cycle_acu_limit":3}`, `{"scope":"org","cycle_acu_limit":5,"org_id":"org-1"}`
	for items, want := range map[string]string{
		one: "5", one + "," + nameless: "5", nameless + "," + one: "5", "": "none",
		`{"scope":"org","cycle_acu_limit":5,"org_id":"org-2"}`:  "none",
		`{"scope":"user","cycle_acu_limit":5,"org_id":"org-1"}`: "none",
		`{"scope":"enterprise","cycle_acu_limit":5}`:            "none",
		nameless: "it lists a limit of an organization without saying of which",
	} {
		limit, err := serveOne(t, page(items)).OrganizationACULimit(t.Context(), "org-1")
		got := "none"
		switch {
		case err != nil:
			got = err.Error()
		case limit != nil:
			got = fmt.Sprint(*limit)
		}
		if !strings.HasSuffix(got, want) || err != nil && !isOnly(err, ErrNotDevin) {
			t.Errorf("%s: got %q, want %q", items, got, want)
		}
	}
}

// agentLimit is a limit as it is shown by the methods that read it.
func agentLimit(n *Count) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}

func TestAgentAndUserLimitsAreReadOrAnError(t *testing.T) {
	t.Parallel()
	const unknownObject, unknownBlock = "it is no object with cloud_agent or local_agent, so what is set cannot be told", "it is no object with cycle_acu_limit or billing_org_id, so what is set cannot be told"
	for body, want := range map[string]struct {
		agents, user string // what is set, where there is no error
		err          string
	}{
		`{}`:                                    {"cloud none, local none", "none of ", ""},
		`{"cloud_agent":{"cycle_acu_limit":5}}`: {"cloud 5, local none", "none of ", ""},
		`{"cloud_agent":null,"local_agent":{"cycle_acu_limit":0}}`:          {"cloud none, local 0", "0 of ", ""},
		`{"local_agent":{"cycle_acu_limit":1000,"billing_org_id":"org-1"}}`: {"cloud none, local 1000", "1000 of org-1", ""},
		`{"local_agent":{"billing_org_id":"org-1"}}`:                        {"cloud none, local none", "none of org-1", ""},
		`{"local_agent":{"cycle_acu_limit":null,"billing_org_id":null}}`:    {"cloud none, local none", "none of ", ""},
		`{"local_agent":{}}`: {"cloud none, local none", "none of ", ""},
		`{"local_agent":{"cycle_acu_limit":7.0,"note":"\ud800"},"default":["\ud800"]}`: {"cloud none, local 7", "7 of ", ""},
		`null`:                      {err: "no object"},
		`[]`:                        {err: "is a JSON "},
		`"x"`:                       {err: "is a JSON "},
		`{"error":"not enabled"}`:   {err: unknownObject},
		`{"message":"not enabled"}`: {err: unknownObject},
		`{"detail":null}`:           {err: unknownObject},
		`{"data":{}}`:               {err: unknownObject},
		`{"data":{"local_agent":{"cycle_acu_limit":5}}}`: {err: unknownObject},
		`{"cycle_acu_limit":5}`:                          {err: unknownObject},
		`{"Local_Agent":{"cycle_acu_limit":5}}`:          {err: unknownObject},
		`{"local_agent":{"limit":5}}`:                    {err: unknownBlock},
		`{"local_agent":{"error":"x"}}`:                  {err: unknownBlock},
		`{"cloud_agent":{"cycle_acu_limits":5}}`:         {err: unknownBlock},
		`{"local_agent":[]}`:                             {err: "local_agent"},
		`{"local_agent":5}`:                              {err: "local_agent"},
		`{"local_agent":{"cycle_acu_limit":"5"}}`:        {err: `"5" is not an integer`},
		`{"local_agent":{"cycle_acu_limit":-1}}`:         {err: "-1 is negative"},
		`{"local_agent":{},"local_agent":{}}`:            {err: "twice"},
		``:                                               {err: "empty"},
		`<html>Sign in</html>`:                           {err: "HTML"},
		`{"local_agent":{"cycle_acu_limit":5}`:           {err: "not valid JSON"},
	} {
		c := serveOne(t, body)
		agents, err := c.OrganizationAgentACULimits(t.Context(), "org-1")
		user, userErr := c.UserACULimits(t.Context(), "u")
		for _, err := range []error{err, userErr} {
			if (err == nil) != (want.err == "") || err != nil && (!isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), want.err)) {
				t.Errorf("%s: %v, want %q", body, err, want.err)
			}
		}
		if want.err != "" {
			if agents != nil || user != nil {
				t.Errorf("%s: got %+v, %+v beside an error", body, agents, user)
			}
			continue
		}
		if got := "cloud " + agentLimit(agents.Cloud) + ", local " + agentLimit(agents.Local); got != want.agents {
			t.Errorf("%s: got %s, want %s", body, got, want.agents)
		}
		if got := agentLimit(user.CycleACULimit) + " of " + orNone(user.BillingOrgID); got != want.user {
			t.Errorf("%s: got %s, want %s", body, got, want.user)
		}
	}
}

func TestWritesSendOnlyWhatTheySet(t *testing.T) {
	t.Parallel()
	for want, write := range map[string]func(context.Context, *Client) error{
		`PUT /v3/enterprise/consumption/acu-limits/devin/organizations/org-1 {"cycle_acu_limit":5}`: func(ctx context.Context, c *Client) error {
			return c.SetOrganizationACULimit(ctx, "org-1", new(Count(5)))
		},
		`DELETE /v3/enterprise/consumption/acu-limits/devin/organizations/org-1 `: func(ctx context.Context, c *Client) error {
			return c.SetOrganizationACULimit(ctx, "org-1", nil)
		},
		`PATCH /v3beta1/enterprise/organizations/org-1/consumption/acu-limits {"cloud_agent":{"cycle_acu_limit":0},"local_agent":null}`: func(ctx context.Context, c *Client) error {
			return c.SetOrganizationAgentACULimits(ctx, "org-1", map[Agent]*Count{CloudAgent: new(Count(0)), LocalAgent: nil})
		},
		`PATCH /v3beta1/enterprise/users/email%7C1/consumption/acu-limits {"local_agent":{"cycle_acu_limit":null}}`: func(ctx context.Context, c *Client) error {
			return c.SetUserACULimit(ctx, "email|1", nil)
		},
		`PATCH /v3beta1/enterprise/users/email%7C1/consumption/acu-limits {"local_agent":{"billing_org_id":"org-1"}}`: func(ctx context.Context, c *Client) error {
			return c.SetUserBillingOrganization(ctx, "email|1", new("org-1"))
		},
	} {
		got := ""
		c, _ := serve(t, func(r *http.Request) (int, string) {
			body := make([]byte, max(r.ContentLength, 0))
			if r.Body != nil {
				_, _ = r.Body.Read(body)
			}
			got = r.Method + " " + r.URL.EscapedPath() + " " + string(body)
			return http.StatusNoContent, ""
		})
		if err := write(t.Context(), c); err != nil || got != want {
			t.Errorf("sent %s, %v, want %s", got, err, want)
		}
	}
}

func TestClearingALimitThatIsNotSetIsNoError(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(*http.Request) (int, string) { return http.StatusNotFound, `{"detail":"Not found"}` })
	if err := c.SetOrganizationACULimit(t.Context(), "org-1", nil); err != nil {
		t.Errorf("clearing: %v", err)
	}
	if err := c.SetOrganizationACULimit(t.Context(), "org-1", new(Count(1))); !errors.Is(err, ErrNotFound) {
		t.Errorf("setting: %v", err)
	}
}

// Resources that are refreshed share one reading of the list; before a write, the list is
// read again.
func TestAFreshReadOfALimitIsNoKeptAnswer(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	c, _ := serve(t, func(*http.Request) (int, string) {
		return http.StatusOK, page(fmt.Sprintf(`{"scope":"org","cycle_acu_limit":%d,"org_id":"org-1"}`, asked.Add(1)))
	})
	for i, reading := range []struct {
		ctx  context.Context
		want Count
	}{
		{t.Context(), 1},
		{t.Context(), 1},
		{Fresh(t.Context()), 2},
		{t.Context(), 2},
		{Fresh(t.Context()), 3},
	} {
		if limit, err := c.OrganizationACULimit(reading.ctx, "org-1"); err != nil || *limit != reading.want {
			t.Errorf("reading %d: got %s, %v, want %d", i, agentLimit(limit), err, reading.want)
		}
	}
}

// A sign-in page or an empty body, with 200, is no confirmation.
func TestAWriteIsConfirmedOrAnError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		ok     bool
	}{
		"204": {204, "", true}, "200 with the object": {200, `{"cycle_acu_limit":5}`, true}, "201": {201, `{}`, true},
		"200 with nothing": {200, "", false}, "200 with a page": {200, "<html>Sign in</html>", false}, "200 with words": {200, "OK", false}, "202": {202, `{}`, false},
	} {
		c, _ := serve(t, func(*http.Request) (int, string) { return tt.status, tt.body })
		for _, err := range []error{
			c.SetOrganizationACULimit(t.Context(), "org-1", new(Count(5))), c.SetOrganizationACULimit(t.Context(), "org-1", nil),
			c.SetOrganizationAgentACULimits(t.Context(), "org-1", map[Agent]*Count{CloudAgent: nil}),
			c.SetUserACULimit(t.Context(), "u", nil), c.SetUserBillingOrganization(t.Context(), "u", nil),
		} {
			if (err == nil) != tt.ok || err != nil && !isOnly(err, ErrNotDevin) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
