package provider

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// limitCase is one of the four resources, with two configurations.
type limitCase struct {
	name, path    string
	first, second map[string]any
}

func limitCases(fake *fixture) []limitCase {
	org, user := fake.Organizations()[0].OrgID, fake.Members()[0].UserID
	return []limitCase{
		{
			"devin_organization_acu_limit", "/v3/enterprise/consumption/acu-limits/devin*",
			map[string]any{"org_id": org, "cycle_acu_limit": int64(70_000)},
			map[string]any{"org_id": org, "cycle_acu_limit": int64(80_000)},
		},
		{
			"devin_organization_agent_acu_limits", "/v3beta1/enterprise/organizations/*",
			map[string]any{"org_id": org, "cloud_agent_cycle_acu_limit": int64(70_000), "local_agent_cycle_acu_limit": nil},
			map[string]any{"org_id": org, "cloud_agent_cycle_acu_limit": nil, "local_agent_cycle_acu_limit": int64(80_000)},
		},
		{
			"devin_user_acu_limit", "/v3beta1/enterprise/users/*",
			map[string]any{"user_id": user, "cycle_acu_limit": int64(70_000)},
			map[string]any{"user_id": user, "cycle_acu_limit": int64(80_000)},
		},
		{
			"devin_user_billing_organization", "/v3beta1/enterprise/users/*",
			map[string]any{"user_id": user, "billing_org_id": org},
			map[string]any{"user_id": user, "billing_org_id": fake.Organizations()[1].OrgID},
		},
	}
}

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet }

func isRead(r *http.Request) bool { return r.Method == http.MethodGet }

// Every fault before, during and after a write: state and Devin agree afterwards,
// or an error says how they differ, and the next plan mends it.
func TestWritesUnderFire(t *testing.T) {
	t.Parallel()
	type under struct {
		fault devintest.Fault
		says  string // the summary; empty where the write succeeds all the same
	}
	const unknown = "It is not known whether the change was made"
	faults := map[string]under{
		"refused":                {devintest.Fault{Status: 403, When: isWrite}, "forbidden: Devin denied access"},
		"401":                    {devintest.Fault{Status: 401, When: isWrite}, "invalid_credentials: Devin refused the API key"},
		"409":                    {devintest.Fault{Status: 409, When: isWrite}, "Devin rejected the request"},
		"422":                    {devintest.Fault{Status: 422, When: isWrite}, "Devin rejected the request"},
		"429 for a while":        {devintest.Fault{Status: 429, RetryAfter: "1", Times: 3, When: isWrite}, ""},
		"503 for a while":        {devintest.Fault{Status: 503, Times: 2, When: isWrite}, ""},
		"503 to the end":         {devintest.Fault{Status: 503, When: isWrite}, unknown},
		"503, and yet it is":     {devintest.Fault{Status: 503, Apply: true, When: isWrite}, ""},
		"no connection":          {devintest.Fault{Reset: true, When: isWrite}, unknown},
		"the answer is lost":     {devintest.Fault{Reset: true, Apply: true, When: isWrite}, ""},
		"time-out":               {devintest.Fault{Hang: true, When: isWrite}, unknown},
		"time-out, and yet":      {devintest.Fault{Hang: true, Apply: true, When: isWrite}, ""},
		"a proxy's page":         {devintest.Fault{Body: "<html>", ContentType: "text/html", When: isWrite}, unknown},
		"a proxy's page and yet": {devintest.Fault{Body: "<html>", ContentType: "text/html", Apply: true, When: isWrite}, ""},
		"read back is refused":   {devintest.Fault{Status: 503, When: isRead}, "unavailable: Devin answered 503"},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFixture(t, devintest.Options{Members: 4})
			server := limitServer(t, fake, map[string]any{"request_timeout": "150ms", "max_retries": 2})
			for _, c := range limitCases(fake) {
				for _, what := range []string{"create", "update", "destroy"} {
					r := newManaged(t, server, c.name)
					config, want := c.first, c.first
					if what != "create" {
						if !r.apply(c.first) {
							t.Fatal(providertest.Messages(r.said))
						}
						config, want = c.second, c.second
					}
					if what == "destroy" {
						config, want = nil, nil
					}
					before, hadInDevin := r.values(), fake.Limits()
					fake.Fault(c.path, f.fault)
					ok := r.apply(config)
					fake.ClearFaults()
					switch {
					case f.says == "" && (!ok || !reflect.DeepEqual(r.values(), want)):
						t.Errorf("%s of %s: the state is %v, want %v\n%s", what, c.name, r.values(), want, providertest.Messages(r.said))
					case f.says != "" && (ok || !reflect.DeepEqual(r.values(), before) || len(r.said) == 0 || !strings.HasPrefix(r.said[len(r.said)-1].Summary, f.says)):
						t.Errorf("%s of %s: the state is %v, want %v\n%s", what, c.name, r.values(), before, providertest.Messages(r.said))
					case f.says != "" && isWriteFault(f.fault) && !reflect.DeepEqual(fake.Limits(), hadInDevin):
						t.Errorf("%s of %s changed Devin: %+v", what, c.name, fake.Limits())
					}
					for _, d := range r.said {
						if text := d.Summary + d.Detail; strings.Contains(text, devintest.KeyOK) || f.says != "" && !strings.Contains(text, "/v3") {
							t.Errorf("%s of %s says %s", what, c.name, text)
						}
					}
					// The next plan mends it.
					if r.refresh(); !r.apply(config) || !reflect.DeepEqual(r.values(), want) {
						t.Errorf("%s of %s is not mended: %v\n%s", what, c.name, r.values(), providertest.Messages(r.said))
					}
					if r.state != nil && !r.apply(nil) {
						t.Fatal(providertest.Messages(r.said))
					}
				}
			}
			if left := fake.Limits(); len(left.Organizations)+len(left.Cloud)+len(left.Local)+len(left.Users)+len(left.BillingOrgs) > 0 {
				t.Errorf("left over: %+v", left)
			}
		})
	}
}

func isWriteFault(f devintest.Fault) bool {
	return f.When != nil && f.When(&http.Request{Method: http.MethodPut})
}

func TestAWriteIsReadBackUntilItShows(t *testing.T) {
	t.Parallel()
	for lag, shows := range map[int]bool{0: true, 1: true, 4: true, 7: false} {
		fake := newFixture(t, devintest.Options{Members: 4, Quirks: devintest.Quirks{LimitsLag: lag}})
		server := limitServer(t, fake, nil)
		for _, c := range limitCases(fake) {
			r := newManaged(t, server, c.name)
			before := fake.Clock.Now()
			ok := r.apply(c.first)
			waited := fake.Clock.Now().Sub(before)
			if ok != shows || waited > 31*time.Second || lag > 1 && waited < time.Second {
				t.Errorf("lag of %d: %s after %s: %s", lag, c.name, waited, providertest.Messages(r.said))
			}
			if !ok && (r.said[0].Summary != "Devin shows another value than was written" || !strings.Contains(r.said[0].Detail, "nothing set") || r.state != nil) {
				t.Errorf("lag of %d: %s: %s", lag, c.name, providertest.Messages(r.said))
			}
		}
	}
}

// Terraform is interrupted while a confirmed write is read back: the state has it.
func TestInterruptedBetweenWriteAndState(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4, Quirks: devintest.Quirks{LimitsLag: 3}})
	server := limitServer(t, fake, nil)
	for _, c := range limitCases(fake) {
		r := newManaged(t, server, c.name)
		ctx, cancel := context.WithCancel(t.Context())
		fake.Clock.OnSleep = cancel
		r.ctx = ctx
		ok := r.apply(c.first)
		fake.Clock.OnSleep, r.ctx = nil, nil
		if !ok || !reflect.DeepEqual(r.values(), c.first) || len(r.said) != 1 || r.said[0].Summary != "Interrupted before the change was read back" {
			t.Errorf("%s: %v\n%s", c.name, r.values(), providertest.Messages(r.said))
		}
		for range 4 { // what lags behind has caught up
			r.refresh()
		}
		if !r.apply(c.first) || len(r.said) > 0 {
			t.Errorf("%s: %s", c.name, providertest.Messages(r.said))
		}
	}
}

// Two Terraforms write the limit of the same organization: the later one wins, and
// the other's next plan shows it.
func TestTwoTerraformsAtOnce(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	for _, c := range limitCases(fake) {
		mine, theirs := newManaged(t, limitServer(t, fake, nil), c.name), newManaged(t, limitServer(t, fake, nil), c.name)
		if !mine.apply(c.first) || !theirs.apply(c.second) {
			t.Fatal(providertest.Messages(mine.said), providertest.Messages(theirs.said))
		}
		mine.refresh()
		planned, _ := mine.plan(c.first)
		if reflect.DeepEqual(mine.values(), c.first) && c.name != "devin_organization_agent_acu_limits" || !reflect.DeepEqual(mine.valuesOf(planned.PlannedState), c.first) {
			t.Errorf("%s: refreshed to %v", c.name, mine.values())
		}
		if !mine.apply(c.first) {
			t.Error(providertest.Messages(mine.said))
		}
	}
}
