package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestUserBillingOrganizationIsPatchedAlone(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	body := func(id string) string { return `PATCH {"local_agent":{"billing_org_id":` + id + `}}` }
	checkWrites(t, fake, "devin_user_billing_organization",
		body(`"`+fake.Organizations()[0].OrgID+`"`), body(`"`+fake.Organizations()[1].OrgID+`"`), body("null"))
}

func TestAUsersLimitStaysWhereTheBillingOrganizationIsDestroyed(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	c := limitCaseOf(fake, "devin_user_billing_organization")
	fake.SetLimits(func(l *devintest.Limits) { l.Users[c.id()] = 70_000 })
	before := fake.Limits()
	r := newManaged(t, newTerraform(t, fake, nil), c.name)
	if r.plan(c.first); len(r.said) > 0 {
		t.Errorf("a plan of another field says %s", providertest.Messages(r.said))
	}
	if !r.apply(c.first) || fake.Limits().BillingOrgs[c.id()] != c.first["billing_org_id"] || !r.apply(nil) {
		t.Error(providertest.Messages(r.said))
	}
	checkLimits(t, fake, before)
}
