package provider

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// A thousand random sequences of create, update, drift, import and destroy over the
// four resources, for the same two organizations and the same two users, each held
// after every step against a model: Devin has what was asked for, and whatever else
// was there before, and nothing else was sent.
func TestNoSequenceOfChangesTouchesWhatItWasNotAskedFor(t *testing.T) {
	t.Parallel()
	const sequences, steps = 1000, 12
	fake := newFixture(t, devintest.Options{Members: 4, PageSize: 200})
	server := limitServer(t, fake, nil)
	orgs := []string{fake.Organizations()[0].OrgID, fake.Organizations()[1].OrgID}
	users := []string{fake.Members()[0].UserID, fake.Members()[1].UserID}
	for seed := range uint64(sequences) {
		rng := rand.New(rand.NewPCG(seed, 11))
		fake.ResetRequests()
		fake.SetLimits(func(l *devintest.Limits) {
			clear(l.Organizations)
			clear(l.Cloud)
			clear(l.Local)
			clear(l.Users)
			clear(l.BillingOrgs)
		})
		w := &limitsWorld{t: t, fake: fake, server: server, rng: rng, orgs: orgs, users: users, resources: map[string]*managed{}}
		w.want = fake.Limits()
		for step := range steps {
			did := w.step()
			if got := fake.Limits(); !reflect.DeepEqual(got, w.want) {
				t.Fatalf("seed %d, step %d, after %s: Devin has\n%+v\nwant\n%+v", seed, step, did, got, w.want)
			}
			if t.Failed() {
				t.Fatalf("seed %d, step %d: %s", seed, step, did)
			}
		}
	}
}

// limitsWorld is a model of what Devin must have.
type limitsWorld struct {
	t           *testing.T
	fake        *fixture
	server      *protocol
	rng         *rand.Rand
	orgs, users []string
	resources   map[string]*managed
	want        devintest.Limits
}

func (w *limitsWorld) pick(all []string) string { return all[w.rng.IntN(len(all))] }

func (w *limitsWorld) limit() int64 { return 100_000 + w.rng.Int64N(5) }

// step does something to one of the resources, or to Devin behind its back, and
// says what.
func (w *limitsWorld) step() string {
	names := []string{"devin_organization_acu_limit", "devin_organization_agent_acu_limits", "devin_user_acu_limit", "devin_user_billing_organization"}
	name := w.pick(names)
	id := w.pick(w.orgs)
	if name == names[2] || name == names[3] {
		id = w.pick(w.users)
	}
	r := w.resources[name+id]
	if r == nil {
		r = newManaged(w.t, w.server, name)
		w.resources[name+id] = r
	}
	refresh := func() {
		if !r.refresh() {
			w.t.Error(providertest.Messages(r.said))
		}
	}
	config := w.config(name, id)
	switch w.rng.IntN(6) {
	case 0:
		w.fake.SetLimits(func(l *devintest.Limits) { w.set(l, name, id, config, nil) })
		w.set(&w.want, name, id, config, nil)
		return "drift of " + name
	case 1:
		w.fake.SetLimits(func(l *devintest.Limits) { w.set(l, name, id, nil, w.everything(name)) })
		w.set(&w.want, name, id, nil, w.everything(name))
		return "removal of " + name
	case 2:
		if refresh(); r.state == nil {
			r.importID(id) // fails where nothing is set, and changes nothing either way
		}
		return "import of " + name
	case 3:
		refresh()
		if owned := r.values(); owned != nil {
			if !r.apply(nil) {
				w.t.Error(providertest.Messages(r.said))
			}
			w.set(&w.want, name, id, nil, owned)
		}
		return "destruction of " + name
	}
	refresh()
	owned := r.values()
	if !r.apply(config) {
		w.t.Error(providertest.Messages(r.said))
	}
	w.set(&w.want, name, id, config, owned)
	if got := r.values(); !reflect.DeepEqual(got, w.whole(name, config)) {
		w.t.Errorf("%s has the state %v, want %v", name, got, config)
	}
	// A second plan is empty.
	if again, _ := r.plan(config); !reflect.DeepEqual(r.valuesOf(again.PlannedState), r.values()) || len(again.Diagnostics) > 0 {
		w.t.Errorf("the second plan of %s is %v: %s", name, r.valuesOf(again.PlannedState), providertest.Messages(again.Diagnostics))
	}
	return fmt.Sprintf("%s = %v", name, config)
}

func (w *limitsWorld) config(name, id string) map[string]any {
	switch name {
	case "devin_organization_agent_acu_limits":
		config := map[string]any{"org_id": id}
		which := w.rng.IntN(3)
		if which != 1 {
			config["cloud_agent_cycle_acu_limit"] = w.limit()
		}
		if which != 0 {
			config["local_agent_cycle_acu_limit"] = w.limit()
		}
		return config
	case "devin_organization_acu_limit":
		return map[string]any{"org_id": id, "cycle_acu_limit": w.limit()}
	case "devin_user_acu_limit":
		return map[string]any{"user_id": id, "cycle_acu_limit": w.limit()}
	}
	return map[string]any{"user_id": id, "billing_org_id": w.pick(w.orgs)}
}

// whole is a configuration with its nulls.
func (w *limitsWorld) whole(name string, config map[string]any) map[string]any {
	all := map[string]any{}
	for _, a := range w.server.Schemas.ResourceSchemas[name].Block.Attributes {
		all[a.Name] = nil
	}
	maps.Copy(all, config)
	return all
}

// everything is what a resource of a type can own.
func (w *limitsWorld) everything(name string) map[string]any {
	all := map[string]any{}
	for _, a := range w.server.Schemas.ResourceSchemas[name].Block.Attributes {
		all[a.Name] = true
	}
	return all
}

// set is what a change does: sets what config has, and clears what only owned has.
func (w *limitsWorld) set(l *devintest.Limits, name, id string, config, owned map[string]any) {
	field := func(attribute string, limits map[string]int64) {
		switch value, set := config[attribute].(int64); {
		case set:
			limits[id] = value
		case owned[attribute] != nil:
			delete(limits, id)
		}
	}
	switch name {
	case "devin_organization_acu_limit":
		field("cycle_acu_limit", l.Organizations)
	case "devin_organization_agent_acu_limits":
		field("cloud_agent_cycle_acu_limit", l.Cloud)
		field("local_agent_cycle_acu_limit", l.Local)
	case "devin_user_acu_limit":
		field("cycle_acu_limit", l.Users)
	default:
		switch org, set := config["billing_org_id"].(string); {
		case set:
			l.BillingOrgs[id] = org
		case owned["billing_org_id"] != nil:
			delete(l.BillingOrgs, id)
		}
	}
}
