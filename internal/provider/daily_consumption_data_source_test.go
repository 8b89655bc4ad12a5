package provider

import (
	"net/http"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// The organization's own key may read it, too.
func TestDailyConsumptionIsOfTheWholeOrOfOneOrganization(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-08")
	org := fake.Organizations()[0].OrgID
	for name, tt := range map[string]struct {
		key  string
		part devintest.Part
	}{
		"the enterprise":               {devintest.KeyOK, devintest.Part{}},
		"an organization":              {devintest.KeyOK, devintest.Part{OrgID: org}},
		"an organization with its key": {devintest.KeyOrganization, devintest.Part{OrgID: org}},
	} {
		m := dailyConsumptionModel{
			scopeModel: scopeModel{OrgID: argument(tt.part.OrgID)}, consumptionModel: consumptionModel{windowModel: window("2026-10-26", "2026-11-08")},
		}
		if err := readDailyConsumption(t.Context(), m.scope(fake.Client(t, tt.key)), &m); err != nil {
			t.Fatal(err)
		}
		checkConsumption(t, name, &m.consumptionModel, fake.PartTotal(tt.part, from, to), fake.PartDays(tt.part, from, to))
	}
}

func TestAnUnknownOrganizationIsAnErrorAtTheArgument(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{UnknownOrganization: http.StatusNotFound}})
	m := dailyConsumptionModel{
		scopeModel: scopeModel{OrgID: argument("org-unknown")}, consumptionModel: consumptionModel{windowModel: window("2026-10-26", "")},
	}
	checkAttributeError(t, readDailyConsumption(t.Context(), m.scope(fake.Client(t, devintest.KeyOK)), &m),
		"org_id", "Organization unknown to Devin", `"org-unknown"`)
}
