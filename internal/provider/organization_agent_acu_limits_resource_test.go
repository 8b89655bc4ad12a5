package provider

import (
	"net/http"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// agentLimitsOf makes configurations for an organization.
func agentLimitsOf(orgID string) func(cloud, local any) map[string]any {
	return func(cloud, local any) map[string]any {
		return map[string]any{"org_id": orgID, "cloud_agent_cycle_acu_limit": cloud, "local_agent_cycle_acu_limit": local}
	}
}

func TestAgentACULimitsArePatchedByAgent(t *testing.T) {
	t.Parallel()
	checkWrites(t, newFixture(t, devintest.Options{Members: 4}), "devin_organization_agent_acu_limits",
		`PATCH {"cloud_agent":{"cycle_acu_limit":70000}}`, `PATCH {"cloud_agent":null,"local_agent":{"cycle_acu_limit":80000}}`, `PATCH {"local_agent":null}`)
}

// The organization's limit and the cloud agent's are probably one setting.
func TestAPlanOfAgentsLimitsWarnsOfWhatTheyDo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	org := fake.Organizations()[0].OrgID
	limits := agentLimitsOf(org)
	fake.SetLimits(func(l *devintest.Limits) { l.Organizations[org] = 777_777 })
	r := newManaged(t, newTerraform(t, fake, nil), "devin_organization_agent_acu_limits")
	r.plan(limits(int64(0), int64(1)))
	r.says(blocksUse, belowTheUse, "Two limits on the same use")
	r.mentions(belowTheUse, "is 1, and the local agent for "+org+" has consumed ")
	r.plan(limits(nil, int64(1_000_000)))
	r.says()
}

// A limit goes from one block to another, and neither is destroyed: the warning does not
// say so.
func TestALimitThatGoesToAnotherBlockStays(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	org := fake.Organizations()[0].OrgID
	limits := agentLimitsOf(org)
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
	limits := agentLimitsOf(org)
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
	limits := agentLimitsOf(fake.Organizations()[0].OrgID)
	r := newApplied(t, tf, "devin_organization_agent_acu_limits", limits(int64(700_000), int64(800_000)))
	tf.network.between = func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
		if isWrite(r) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next(w, r)
	}
	r.apply(limits(int64(700_000), nil))
	r.says("error: Devin shows another value than was written")
	r.has(limits(int64(700_000), int64(800_000)))
}
