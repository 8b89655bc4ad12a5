package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestEnterpriseDailyConsumptionIsOfTheWholeOrOfOneOrganization(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-08")
	org := fake.Organizations()[0].OrgID
	for name, part := range map[string]devintest.Part{"the enterprise": {}, "an organization": {OrgID: org}} {
		m := enterpriseDailyConsumptionModel{
			scopeModel: scopeModel{OrgID: argument(part.OrgID)}, consumptionModel: consumptionModel{windowModel: window("2026-10-26", "2026-11-08")},
		}
		if err := readEnterpriseDailyConsumption(t.Context(), m.scope(fake.Client(t, devintest.KeyOK)), &m); err != nil {
			t.Fatal(err)
		}
		checkConsumption(t, name, &m.consumptionModel, fake.PartTotal(part, from, to), fake.PartDays(part, from, to))
	}
}
