package provider

import (
	"net/http"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// A limit goes from one block to another, and neither is destroyed: the warning does not
// say so.
func TestALimitThatGoesToAnotherBlockStays(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	org := fake.Organizations()[0].OrgID
	limits := func(cloud, local any) map[string]any {
		return map[string]any{"org_id": org, "cloud_agent_cycle_acu_limit": cloud, "local_agent_cycle_acu_limit": local}
	}
	from, to := newManaged(t, tf, "devin_organization_agent_acu_limits"), newManaged(t, tf, "devin_organization_agent_acu_limits")
	if !from.apply(limits(int64(100), int64(200))) {
		t.Fatal(providertest.Messages(from.said))
	}
	tf.walk(t, func() {
		to.applyChange(limits(nil, int64(200)))
		from.applyChange(limits(int64(100), nil))
	})
	from.says(stays)
	from.mentions(stays, "one resource of this run has set local_agent_cycle_acu_limit = 200, and another would clear it.")
	if l := fake.Limits(); l.Cloud[org] != 100 || l.Local[org] != 200 {
		t.Errorf("Devin has %+v", l)
	}
}

// Of the agents' limits, a block that is destroyed clears what no other one has set.
func TestABlockClearsWhatNoOtherHasSet(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	org := fake.Organizations()[0].OrgID
	limits := func(cloud, local any) map[string]any {
		return map[string]any{"org_id": org, "cloud_agent_cycle_acu_limit": cloud, "local_agent_cycle_acu_limit": local}
	}
	both, cloud := newManaged(t, tf, "devin_organization_agent_acu_limits"), newManaged(t, tf, "devin_organization_agent_acu_limits")
	if !both.apply(limits(int64(100), int64(200))) {
		t.Fatal(providertest.Messages(both.said))
	}
	fake.ResetRequests()
	tf.walk(t, func() {
		cloud.applyChange(limits(int64(300), nil))
		both.applyChange(nil)
	})
	both.says(stays)
	both.mentions(stays, "cloud_agent_cycle_acu_limit = 300")
	if sent := written(fake); len(sent) != 2 || fake.Limits().Cloud[org] != 300 || len(fake.Limits().Local) > 0 {
		t.Errorf("sent %q, Devin has %+v", sent, fake.Limits())
	}
}

// A field that Devin confirms to have cleared, and goes on to show, stays in the state.
func TestAFieldThatIsNotClearedStaysInTheState(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	limits := func(local any) map[string]any {
		return map[string]any{"org_id": fake.Organizations()[0].OrgID, "cloud_agent_cycle_acu_limit": int64(700_000), "local_agent_cycle_acu_limit": local}
	}
	r := newManaged(t, tf, "devin_organization_agent_acu_limits")
	if !r.apply(limits(int64(800_000))) {
		t.Fatal(providertest.Messages(r.said))
	}
	tf.network.between = func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
		if isWrite(r) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next(w, r)
	}
	r.apply(limits(nil))
	r.says("error: Devin shows another value than was written")
	r.has(limits(int64(800_000)))
}
