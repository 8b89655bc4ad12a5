package provider

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// Whatever fails before, during or after a write: the state has what was written, or may
// have been written; a message says what differs from the plan; and the next apply
// corrects it.
func TestFaultyWritesLeaveAStateThatTheNextPlanCorrects(t *testing.T) {
	t.Parallel()
	type faultCase struct {
		fault devintest.Fault
		says  string // the last summary
	}
	const (
		unknown = "error: It is not known whether the change was made"
		unread  = "The change was not read back"
		refused = "error: forbidden: Devin denied access"
	)
	faults := map[string]faultCase{
		"refused":                   {devintest.Fault{Status: 403, When: isWrite}, refused},
		"401":                       {devintest.Fault{Status: 401, When: isWrite}, "error: invalid_credentials: Devin refused the API key"},
		"409":                       {devintest.Fault{Status: 409, When: isWrite}, "error: Devin rejected the request"},
		"422":                       {devintest.Fault{Status: 422, When: isWrite}, "error: Devin rejected the request"},
		"429 for a while":           {devintest.Fault{Status: 429, RetryAfter: "1", Times: 3, When: isWrite}, ""},
		"503 for a while":           {devintest.Fault{Status: 503, Times: 2, When: isWrite}, ""},
		"503 to the end":            {devintest.Fault{Status: 503, When: isWrite}, unknown},
		"503, and yet it is":        {devintest.Fault{Status: 503, Apply: true, When: isWrite}, ""},
		"no connection":             {devintest.Fault{Reset: true, When: isWrite}, unknown},
		"the answer is lost":        {devintest.Fault{Reset: true, Apply: true, When: isWrite}, ""},
		"time-out":                  {devintest.Fault{Hang: true, When: isWrite}, unknown},
		"time-out, and yet":         {devintest.Fault{Hang: true, Apply: true, When: isWrite}, ""},
		"a proxy's page":            {devintest.Fault{Body: "<html>", ContentType: "text/html", When: isWrite}, unknown},
		"a proxy's page and yet":    {devintest.Fault{Body: "<html>", ContentType: "text/html", Apply: true, When: isWrite}, ""},
		"reads answer 503":          {devintest.Fault{Status: 503, When: isRead}, unread},
		"reads are refused":         {devintest.Fault{Status: 403, When: isRead}, unread},
		"reads are cut off":         {devintest.Fault{CutBody: true, When: isRead}, unread},
		"reads are not as expected": {devintest.Fault{Body: `{"error": "not ready"}`, When: isRead}, unread},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFixture(t, devintest.Options{Members: 4})
			settings := map[string]any{"max_retries": 2}
			if f.fault.Hang {
				settings["request_timeout"] = "150ms"
			}
			tf := newTerraform(t, fake, settings)
			for _, c := range limitCases(fake) {
				for _, what := range []string{"create", "update", "destroy"} {
					r := newManaged(t, tf, c.name)
					config := c.first
					if what != "create" {
						if !r.apply(c.first) {
							t.Fatal(providertest.Messages(r.said))
						}
						config = c.second
					}
					if what == "destroy" {
						config = nil
					}
					want, hadInDevin := config, fake.Limits()
					switch before := r.values(); {
					case f.says == unknown && what != "destroy":
						// What was there, and what may have been written.
						want = map[string]any{}
						for name, value := range config {
							if want[name] = before[name]; want[name] == nil {
								want[name] = value
							}
						}
					case strings.HasPrefix(f.says, "error: "):
						want = before
					}
					fake.Fault(c.path, f.fault)
					r.apply(config)
					fake.ClearFaults()
					r.has(want)
					if got := summaries(r.said); f.says == "" && len(got) > 0 || f.says != "" && !strings.HasPrefix(strings.Join(got[max(len(got)-1, 0):], ""), f.says) {
						t.Errorf("%s of %s says %q, want %q", what, c.name, got, f.says)
					}
					if next := strings.Contains(providertest.Messages(r.said), "the next plan reads it"); f.says == unread && next == (what == "destroy") {
						t.Errorf("no plan reads what is destroyed, and %s of %s says %s", what, c.name, providertest.Messages(r.said))
					}
					if strings.HasPrefix(f.says, "error: ") && !reflect.DeepEqual(fake.Limits(), hadInDevin) {
						t.Errorf("%s of %s changed Devin: %+v", what, c.name, fake.Limits())
					}
					for _, d := range r.said {
						if text := d.Summary + d.Detail; strings.Contains(text, devintest.KeyOK) || !strings.Contains(text, "/v3") {
							t.Errorf("%s of %s says %s", what, c.name, text)
						}
					}
					// The next apply corrects it.
					if r.refresh(); !r.apply(config) {
						t.Errorf("%s of %s is not corrected: %s", what, c.name, providertest.Messages(r.said))
					}
					r.has(config)
					if !r.apply(nil) {
						t.Fatal(providertest.Messages(r.said))
					}
				}
			}
			nothingIsSet(t, fake)
		})
	}
}

// A later try that is refused says nothing about an earlier one without an answer.
func TestALostTryMayHaveArrivedThoughALaterOneIsRefused(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		fake.Fault(c.path, devintest.Fault{Status: 504, Apply: true, Times: 1, When: isWrite})
		fake.Fault(c.path, devintest.Fault{Status: 422, When: isWrite})
		r := newManaged(t, tf, c.name)
		if !r.apply(c.first) {
			t.Errorf("%s", providertest.Messages(r.said))
		}
		r.has(c.first)
		fake.ClearFaults()
		// Where it cannot be read either, it stays in the state.
		fake.Fault(c.path, devintest.Fault{Status: 504, Apply: true, Times: 1, When: isWrite})
		fake.Fault(c.path, devintest.Fault{Status: 422, When: isWrite})
		fake.Fault(c.path, devintest.Fault{Status: 500, When: isRead})
		r.apply(nil)
		r.says("error: It is not known whether the change was made")
		r.has(c.first)
		fake.ClearFaults()
		r.refresh()
		r.says("No longer in the state")
		r.has(nil)
	}
	nothingIsSet(t, fake)
}

// Where a clearing has no answer, one stale read does not prove that it was made.
func TestALostClearingIsReadTwice(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, map[string]any{"max_retries": 0})
	for i, c := range limitCases(fake) {
		r := newApplied(t, tf, c.name, c.first)
		stale := devintest.Fault{Body: "{}", Skip: 1, Times: 1, When: isRead} // the first read comes before the write
		if i == 0 {
			stale = devintest.Fault{Body: emptyList, Times: 1, When: isRead}
		}
		fake.Fault(c.path, devintest.Fault{Status: 502, When: isWrite})
		fake.Fault(c.path, stale)
		r.apply(nil)
		r.says("error: It is not known whether the change was made")
		r.has(c.first)
		fake.ClearFaults()
	}
}

func TestAWriteIsReadBackUntilItShows(t *testing.T) {
	t.Parallel()
	for lag, shows := range map[int]bool{0: true, 1: true, 4: true, 9: false} {
		fake := newFixture(t, devintest.Options{Members: 4, Quirks: devintest.Quirks{LimitsLag: lag}})
		tf := newTerraform(t, fake, nil)
		for _, c := range limitCases(fake) {
			r := newManaged(t, tf, c.name)
			before := fake.Clock.Now()
			if !r.apply(c.first) {
				t.Errorf("lag of %d: %s", lag, providertest.Messages(r.said))
			}
			if waited := fake.Clock.Now().Sub(before); waited > 31*time.Second || lag > 1 && waited < time.Second {
				t.Errorf("lag of %d: %s after %s", lag, c.name, waited)
			}
			r.has(c.first)
			if shows {
				r.says()
				continue
			}
			// Longer than half a minute: the state has what was confirmed.
			r.says("Devin does not show the change yet")
			catchUp(r, c)
			r.refresh()
			r.has(c.first)
		}
	}
}

// A server that allows less than was written is distinguished from one that lags.
func TestACappedValueIsAnErrorThatShowsIt(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	tf.capAt1000()
	for _, c := range limitCases(fake)[:3] {
		capped, allowed := maps.Clone(c.first), maps.Clone(c.first)
		for name := range c.first {
			if _, ok := c.first[name].(int64); ok {
				capped[name], allowed[name] = int64(5000), int64(1000)
			}
		}
		r := newManaged(t, tf, c.name)
		r.apply(capped)
		if said := summaries(r.said); said[len(said)-1] != "error: Devin shows another value than was written" {
			t.Errorf("%s says %q", c.name, said)
		}
		r.mentions("Devin shows another value than was written", "= 1000", "= 5000", "Devin may allow less")
		r.has(allowed)
		if r.refresh(); !r.apply(allowed) {
			t.Errorf("%s", providertest.Messages(r.said))
		}
		// An update that changes nothing in Devin may be a lag, and says both.
		if !r.apply(capped) {
			t.Errorf("%s", providertest.Messages(r.said))
		}
		r.mentions("Devin does not show the change yet", "= 1000", "= 5000", "may allow no other value")
	}
}

// Terraform is interrupted while confirmed writes are read back: the state has them.
func TestAnInterruptedReadBackKeepsTheWriteInTheState(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4, Quirks: devintest.Quirks{LimitsLag: 2}})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		r := newManaged(t, tf, c.name)
		r.plan(c.first)
		ctx, cancel := context.WithCancel(t.Context())
		fake.Clock.OnSleep = cancel
		r.ctx = ctx
		tf.walk(t, func() { r.applyChange(c.first) })
		fake.Clock.OnSleep, r.ctx = nil, nil
		r.says("The change was not read back")
		r.has(c.first)
		catchUp(r, c)
		if r.refresh(); !r.apply(c.first) {
			t.Errorf("%s: %s", c.name, providertest.Messages(r.said))
		}
		r.has(c.first)
	}
}

// Terraform is interrupted among a hundred writes: what was confirmed is in the state,
// and the rest was not sent.
func TestAnInterruptedApplyKeepsEachConfirmedWriteInTheState(t *testing.T) {
	t.Parallel()
	const writes, before = 100, 40
	fake := newFixture(t, devintest.Options{Members: 200})
	ctx, cancel := context.WithCancel(t.Context())
	var sent atomic.Int64
	tf := newTerraform(t, fake, nil)
	tf.network.between = func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
		if next(w, r); isWrite(r) && sent.Add(1) == before {
			cancel()
		}
	}
	users := fake.Members()[:writes]
	instances := make([]*managed, writes)
	tf.walk(t, func() {
		inParallel(writes, func(i int) {
			instances[i] = newManaged(t, tf, "devin_user_acu_limit")
			instances[i].ctx = ctx
			instances[i].applyChange(map[string]any{"user_id": users[i].UserID, "cycle_acu_limit": int64(70_000)})
		})
	})
	set := fake.Limits().Users
	if len(set) < before || len(set) == writes {
		t.Fatalf("%d limits are set", len(set))
	}
	for i, r := range instances {
		if _, ok := set[users[i].UserID]; ok && r.state == nil {
			t.Errorf("the limit of %s is set, and not in the state: %q", users[i].UserID, summaries(r.said))
		}
	}
}

// Two Terraforms write the limit of the same organization: the later one wins, and
// the other's next plan shows it.
func TestTheLaterOfTwoTerraformsWins(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	for _, c := range limitCases(fake) {
		mine, theirs := newManaged(t, newTerraform(t, fake, nil), c.name), newManaged(t, newTerraform(t, fake, nil), c.name)
		if !mine.apply(c.first) || !theirs.apply(c.second) {
			t.Fatal(providertest.Messages(mine.said), providertest.Messages(theirs.said))
		}
		mine.refresh()
		planned := mine.plan(c.first)
		if reflect.DeepEqual(mine.values(), c.first) && c.name != "devin_organization_agent_acu_limits" || !reflect.DeepEqual(mine.valuesOf(planned.PlannedState), c.first) {
			t.Errorf("%s: refreshed to %v", c.name, mine.values())
		}
		if !mine.apply(c.first) {
			t.Error(providertest.Messages(mine.said))
		}
	}
}

func TestARefusedWriteNamesThePermissionThatTheKeyLacks(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	fake.AddKey("cog_reader_only", devintest.Principal{Permissions: []string{"ViewAccountConsumption", devintest.ManageOrganizations, devintest.ManageAccountMembership}})
	tf := newTerraform(t, fake, map[string]any{"api_key": "cog_reader_only"})
	for _, c := range limitCases(fake) {
		r := newManaged(t, tf, c.name)
		if ok := r.apply(c.first); ok || !strings.HasPrefix(r.said[len(r.said)-1].Summary, "forbidden: ") || !strings.Contains(r.said[len(r.said)-1].Detail, "ManageBilling") {
			t.Errorf("%s: %s", c.name, providertest.Messages(r.said))
		}
	}
	// An organization's own key cannot get the permission.
	r := newManaged(t, newTerraform(t, fake, map[string]any{"api_key": devintest.KeyOrganization}), "devin_organization_acu_limit")
	if ok := r.apply(limitCases(fake)[0].first); ok || !strings.Contains(r.said[len(r.said)-1].Summary, "the API key is of one organization") {
		t.Errorf("%s", providertest.Messages(r.said))
	}
}
