package provider

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// The organization's own key may read it, which may not read the enterprise.
func TestOrganizationDailyConsumptionIsReadWithAKeyOfEither(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-08")
	org := devintest.Part{OrgID: fake.Organizations()[0].OrgID}
	for _, key := range []string{devintest.KeyOK, devintest.KeyOrganization} {
		m := organizationDailyConsumptionModel{
			scopeModel: scopeModel{OrgID: types.StringValue(org.OrgID)}, consumptionModel: consumptionModel{windowModel: window("2026-10-26", "2026-11-08")},
		}
		if err := readOrganizationDailyConsumption(t.Context(), m.scope(fake.Client(t, key)), &m); err != nil {
			t.Fatal(err)
		}
		checkConsumption(t, key, &m.consumptionModel, fake.PartTotal(org, from, to), fake.PartDays(org, from, to))
	}
}

func TestAnUnknownOrganizationIsAnErrorAtTheArgument(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{UnknownOrganization: http.StatusNotFound}})
	m := organizationDailyConsumptionModel{
		scopeModel: scopeModel{OrgID: types.StringValue("org-unknown")}, consumptionModel: consumptionModel{windowModel: window("2026-10-26", "")},
	}
	checkAttributeError(t, readOrganizationDailyConsumption(t.Context(), m.scope(fake.Client(t, devintest.KeyOK)), &m),
		"org_id", "Organization unknown to Devin", `"org-unknown"`)
}
