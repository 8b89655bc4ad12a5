package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestOrganizationACULimitIsPutAndDeleted(t *testing.T) {
	t.Parallel()
	checkWrites(t, newFixture(t, devintest.Options{Members: 4}), "devin_organization_acu_limit",
		`PUT {"cycle_acu_limit":70000}`, `PUT {"cycle_acu_limit":80000}`, `DELETE `)
}

func TestAPlanOfAnOrganizationsLimitWarnsOfWhatItDoes(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	org := fake.Organizations()[0].OrgID
	limit := func(n int64) map[string]any { return map[string]any{"org_id": org, "cycle_acu_limit": n} }
	r := newManaged(t, newTerraform(t, fake, nil), "devin_organization_acu_limit")
	for n, want := range map[int64][]string{0: {blocksUse}, 1: {belowTheUse}, 1_000_000: nil} {
		r.plan(limit(n))
		r.says(want...)
	}
	r.plan(limit(1))
	r.mentions(belowTheUse, "is 1, and the organization "+org+" has consumed ")
	// The existing limit is known where only the use cannot be read.
	fake.Fault("/v3/enterprise/consumption/cycles", devintest.Fault{Status: 500, Times: 1})
	r.plan(limit(1))
	r.says(useNotKnown)
	r.mentions(useNotKnown, org, "GET /v3/enterprise/consumption/cycles", "500")
	fake.SetLimits(func(l *devintest.Limits) { l.Organizations[org] = 777_777 })
	r.plan(limit(1_000_000))
	r.says(takesOver)
	r.mentions(takesOver, "cycle_acu_limit = 777777", "cycle_acu_limit = 1000000")
	r.plan(limit(777_777))
	r.says()
	fake.SetLimits(func(l *devintest.Limits) { l.Cloud[org] = 5 })
	r.plan(limit(777_777))
	r.says("Two limits on the same use")
}

func TestAPlanWithAKeyThatMayNotReadLimitsSaysWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	org := fake.Organizations()[0].OrgID
	fake.AddKey("cog_no_consumption", devintest.Principal{Permissions: []string{devintest.WriteBilling, devintest.ManageOrganizations}})
	r := newManaged(t, newTerraform(t, fake, map[string]any{"api_key": "cog_no_consumption"}), "devin_organization_acu_limit")
	r.plan(map[string]any{"org_id": org, "cycle_acu_limit": int64(1)})
	r.says(notKnown)
	r.mentions(notKnown, org, "GET /v3/enterprise/consumption/acu-limits/devin", "403")
}
