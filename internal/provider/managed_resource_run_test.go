package provider

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

const stays = "What this run has set is not cleared"

// Without a moved block, Terraform destroys the old instance and creates the renamed one
// at the same time, in either order. The limit stays.
func TestARenamedBlockLosesNothing(t *testing.T) {
	t.Parallel()
	orders := map[string]struct {
		do   func(destroy, create func())
		says []string
	}{
		"created, then destroyed": {func(destroy, create func()) { create(); destroy() }, []string{stays}},
		"destroyed, then created": {func(destroy, create func()) { destroy(); create() }, nil},
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFixture(t, devintest.Options{Members: 4})
			tf := newTerraform(t, fake, nil)
			for _, c := range limitCases(fake) {
				old, renamed := newManaged(t, tf, c.name), newManaged(t, tf, c.name)
				if !old.apply(c.first) {
					t.Fatal(providertest.Messages(old.said))
				}
				tf.walk(t, func() {
					old.planChange(nil)
					renamed.planChange(c.first)
					renamed.says()
				})
				set := fake.Limits()
				tf.walk(t, func() { order.do(func() { old.applyChange(nil) }, func() { renamed.applyChange(c.first) }) })
				old.says(order.says...)
				old.has(nil)
				renamed.says()
				renamed.has(c.first)
				checkLimits(t, fake, set)
				if renamed.refresh(); !renamed.apply(nil) {
					t.Error(providertest.Messages(renamed.said))
				}
			}
			nothingIsSet(t, fake)
		})
	}
}

// The two writes of a renamed block are never under way at the same time.
func TestWritesToOneObjectWaitForEachOther(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	for _, slow := range []string{http.MethodDelete, http.MethodPut} {
		tf := newTerraform(t, fake, nil)
		c := limitCases(fake)[0]
		old, renamed := newManaged(t, tf, c.name), newManaged(t, tf, c.name)
		if !old.apply(c.first) {
			t.Fatal(providertest.Messages(old.said))
		}
		arrived, release := tf.hold(slow)
		tf.walk(t, func() {
			slower, faster := func() { old.applyChange(nil) }, func() { renamed.applyChange(c.first) }
			if slow == http.MethodPut {
				slower, faster = faster, slower
			}
			atOnce(slower, func() {
				<-arrived
				atOnce(faster, func() { close(release) })
			})
		})
		renamed.has(c.first)
		if got := fake.Limits().Organizations[fake.Organizations()[0].OrgID]; got != 70_000 {
			t.Errorf("where %s is slow, Devin has %d", slow, got)
		}
		tf.network.between = nil
		if !renamed.apply(nil) {
			t.Fatal(providertest.Messages(renamed.said))
		}
	}
}

// With -replace and create_before_destroy the new instance is of the same object.
func TestAReplacementThatIsCreatedFirstLosesNothing(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		r := newApplied(t, tf, c.name, c.first)
		set := fake.Limits()
		r.replace, r.createFirst = true, true
		if !r.apply(c.first) {
			t.Error(providertest.Messages(r.said))
		}
		r.says(stays)
		r.has(c.first)
		checkLimits(t, fake, set)
		r.replace = false
		if r.refresh(); !r.apply(nil) {
			t.Error(providertest.Messages(r.said))
		}
	}
	nothingIsSet(t, fake)
}

// Where the indices of count shift, each instance is replaced by one of the object that
// the next instance had.
func TestInstancesThatChangeTheirObjectsLoseNothing(t *testing.T) {
	t.Parallel()
	for name, createFirst := range map[string]bool{"destroyed first": false, "created first": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFixture(t, devintest.Options{Members: 4})
			tf := newTerraform(t, fake, nil)
			orgs := fake.Organizations()
			limit := func(i int) map[string]any {
				return map[string]any{"org_id": orgs[i].OrgID, "cycle_acu_limit": 70_000 + int64(i)}
			}
			// count is shifted: the first of three is taken out.
			var instances []*managed
			for i := range 3 {
				r := newManaged(t, tf, "devin_organization_acu_limit")
				if r.createFirst = createFirst; !r.apply(limit(i)) {
					t.Fatal(providertest.Messages(r.said))
				}
				instances = append(instances, r)
			}
			after := []map[string]any{limit(1), limit(2), nil}
			for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
				tf.walk(t, func() {
					for i, r := range instances {
						if r.planChange(after[i]); hasErrors(r.said) {
							t.Error(providertest.Messages(r.said))
						}
					}
				})
				tf.walk(t, func() {
					for _, i := range order {
						if !instances[i].applyChange(after[i]) {
							t.Error(providertest.Messages(instances[i].said))
						}
					}
				})
				l := fake.Limits().Organizations
				for i, r := range instances {
					r.has(after[i])
					if after[i] != nil && l[after[i]["org_id"].(string)] != after[i]["cycle_acu_limit"] { //nolint:forcetypeassert // see above
						t.Errorf("%v: Devin has %v", order, l)
					}
				}
				if len(l) != 2 {
					t.Errorf("%v: Devin has %v", order, l)
				}
				// Back to what it was, and then once more in another order.
				tf.walk(t, func() {
					for _, i := range order {
						if !instances[i].applyChange(limit(i)) {
							t.Error(providertest.Messages(instances[i].said))
						}
					}
				})
				if l := fake.Limits().Organizations; len(l) != 3 {
					t.Errorf("%v, back: Devin has %v", order, l)
				}
			}
		})
	}
}

// A second block that sets the same field of an object is an error in the plan, or in the
// apply where the id becomes known only then.
func TestTwoBlocksForOneObjectAreAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	const twice = "error: Two blocks for one object"
	for _, c := range limitCases(fake) {
		one, other := newManaged(t, tf, c.name), newManaged(t, tf, c.name)
		tf.walk(t, func() {
			one.planChange(c.first)
			one.says()
			other.planChange(c.first)
			other.says(twice)
		})
		// Values that become known in the apply only.
		var set devintest.Limits
		tf.walk(t, func() {
			one.applyPlanned(c.first)
			set = fake.Limits()
			other.applyPlanned(c.first)
			other.says(twice)
			other.mentions("Two blocks for one object", "was not sent")
		})
		one.has(c.first)
		other.has(nil)
		checkLimits(t, fake, set)
		// One is in the state, and has the same value.
		tf.walk(t, func() {
			other.planChange(c.first)
			other.says()
			one.planChange(c.first)
			one.says(twice)
		})
		// Both are in the state, as after two imports, and one is destroyed.
		other.state = one.state
		tf.walk(t, func() {
			one.planChange(c.first)
			one.says()
			other.planChange(nil)
			other.says("Two resources have the same in the state")
		})
		tf.walk(t, func() {
			other.planChange(nil)
			other.says()
			one.planChange(c.first)
			one.says("Two resources have the same in the state")
		})
		tf.walk(t, func() {
			one.planChange(c.first)
			one.says()
			other.planChange(c.second)
			if c.name != "devin_organization_agent_acu_limits" { // whose two have nothing in common
				other.says(twice)
			}
		})
		other.state = nil
		if !one.apply(nil) {
			t.Fatal(providertest.Messages(one.said))
		}
	}
}

// The steps of one instance are not taken for a second block.
func TestOneInstanceIsNeverTwoBlocks(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		r := newManaged(t, tf, c.name)
		for what, prepare := range map[string]func(){
			"a creation":    func() {},
			"no change":     func() { r.apply(c.first) },
			"-replace":      func() { r.apply(c.first); r.replace = true },
			"a replacement": func() { r.apply(c.first); r.tainted = true },
			"an import":     func() { r.apply(c.first); r.importID(c.id()) },
			"a moved block": func() { r.apply(c.first); other := *r; r = &other },
		} {
			prepare()
			tf.walk(t, func() { r.planChange(c.first) })
			if len(r.said) > 0 {
				t.Errorf("%s of %s: %s", what, c.name, providertest.Messages(r.said))
			}
			r.replace, r.tainted = false, false
			if !r.apply(nil) {
				t.Fatal(providertest.Messages(r.said))
			}
		}
	}
}

// otherDevin answers a PATCH of users and of agents as a Devin that does not merge: it
// writes back the fields that the body does not name as it read them before, or clears
// them.
type otherDevin struct {
	fake     *fixture
	slow     time.Duration // between what it reads and what it writes back
	replaces bool
}

func (d *otherDevin) answer(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	if r.Method != http.MethodPatch {
		next(w, r)
		return
	}
	before := d.fake.Limits()
	if d.replaces {
		before = devintest.Limits{}
	}
	time.Sleep(d.slow)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	next(w, r)
	id := strings.Split(r.URL.Path, "/")[4]
	restore := func(field string, now, before map[string]int64) {
		if !bytes.Contains(body, []byte(field)) {
			delete(now, id)
			if n, ok := before[id]; ok {
				now[id] = n
			}
		}
	}
	d.fake.SetLimits(func(l *devintest.Limits) {
		if strings.Contains(r.URL.Path, "/organizations/") {
			restore("cloud_agent", l.Cloud, before.Cloud)
			restore("local_agent", l.Local, before.Local)
			return
		}
		restore("cycle_acu_limit", l.Users, before.Users)
		if !bytes.Contains(body, []byte("billing_org_id")) {
			delete(l.BillingOrgs, id)
			if org, ok := before.BillingOrgs[id]; ok {
				l.BillingOrgs[id] = org
			}
		}
	})
}

// The server reads an object and writes it back later, so that two writes at the same
// time would undo each other.
func TestResourcesOfOneObjectAreWrittenOneAtATime(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	user, org := fake.Members()[0].UserID, fake.Organizations()[0].OrgID
	for range 10 {
		fake.SetLimits(func(l *devintest.Limits) { clear(l.Users); clear(l.BillingOrgs); clear(l.Cloud); clear(l.Local) })
		synctest.Test(t, func(t *testing.T) {
			tf := newTerraform(t, fake, nil)
			tf.network.between = (&otherDevin{fake: fake, slow: 200 * time.Millisecond}).answer
			instances := map[*managed]map[string]any{
				newManaged(t, tf, "devin_user_acu_limit"):                {"user_id": user, "cycle_acu_limit": int64(70_000)},
				newManaged(t, tf, "devin_user_billing_organization"):     {"user_id": user, "billing_org_id": org},
				newManaged(t, tf, "devin_organization_agent_acu_limits"): {"org_id": org, "cloud_agent_cycle_acu_limit": int64(70_000), "local_agent_cycle_acu_limit": nil},
				newManaged(t, tf, "devin_organization_agent_acu_limits"): {"org_id": org, "cloud_agent_cycle_acu_limit": nil, "local_agent_cycle_acu_limit": int64(80_000)},
			}
			tf.walk(t, func() {
				var steps []func()
				for r, config := range instances {
					steps = append(steps, func() { r.applyChange(config) })
				}
				atOnce(steps...)
			})
			for r, config := range instances {
				r.says()
				r.has(config)
			}
		})
		if l := fake.Limits(); l.Users[user] != 70_000 || l.BillingOrgs[user] != org || l.Cloud[org] != 70_000 || l.Local[org] != 80_000 {
			t.Errorf("Devin has %+v", l)
		}
	}
}

// The documentation says that the server merges a block.
func TestAServerThatReplacesTheBlockIsAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	user, org := fake.Members()[0].UserID, fake.Organizations()[0].OrgID
	fake.SetLimits(func(l *devintest.Limits) { l.Users[user] = 4000; l.Local[org] = 300 })
	tf.network.between = (&otherDevin{fake: fake, replaces: true}).answer
	const summary = "Devin changed more than was sent"
	billing := newManaged(t, tf, "devin_user_billing_organization")
	billing.apply(map[string]any{"user_id": user, "billing_org_id": org})
	billing.says("error: " + summary)
	billing.mentions(summary, "cycle_acu_limit = 4000", "nothing set", "PATCH /v3beta1/enterprise/users/{user_id}")
	billing.has(map[string]any{"user_id": user, "billing_org_id": org})
	cloud := newManaged(t, tf, "devin_organization_agent_acu_limits")
	cloud.apply(map[string]any{"org_id": org, "cloud_agent_cycle_acu_limit": int64(1_000_000), "local_agent_cycle_acu_limit": nil})
	cloud.says("error: " + summary)
	cloud.mentions(summary, "local_agent_cycle_acu_limit = 300", "nothing set")
	// The lost fields show no longer, so that clearing is no further change.
	if billing.refresh(); !billing.apply(nil) {
		t.Error(providertest.Messages(billing.said))
	}
}

// A read before another write of the object may be stale, or show less than was written.
func TestWritesOfThisRunAreNoChangesByDevin(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	user, org := fake.Members()[0].UserID, fake.Organizations()[0].OrgID
	limit := map[string]any{"user_id": user, "cycle_acu_limit": int64(5000)}
	payer := map[string]any{"user_id": user, "billing_org_id": org}
	tf := newTerraform(t, fake, nil)
	r, billing := newManaged(t, tf, "devin_user_acu_limit"), newManaged(t, tf, "devin_user_billing_organization")
	tf.walk(t, func() {
		r.applyPlanned(limit)
		fake.Fault("/v3beta1/enterprise/users/*", devintest.Fault{Body: "{}", Times: 1, When: isRead})
		billing.applyPlanned(payer)
	})
	r.says()
	billing.says()
	fake.ClearFaults()
	fake.SetLimits(func(l *devintest.Limits) { clear(l.Users); clear(l.BillingOrgs) })
	tf.capAt1000()
	r, billing = newManaged(t, tf, "devin_user_acu_limit"), newManaged(t, tf, "devin_user_billing_organization")
	tf.walk(t, func() {
		r.applyPlanned(limit)
		billing.applyPlanned(payer)
	})
	r.says("error: Devin shows another value than was written")
	billing.says()
}
