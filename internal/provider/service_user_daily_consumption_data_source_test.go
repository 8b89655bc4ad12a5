package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestServiceUserDailyConsumptionIsTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	for _, org := range []string{"", fake.AllServiceUsers()[0].OrgIDs[0]} {
		part := devintest.Part{OrgID: org, ServiceUserID: fake.AllServiceUsers()[0].ServiceUserID}
		m := serviceUserDailyConsumptionModel{
			scopeModel: scopeModel{OrgID: argument(org)}, consumptionModel: consumptionModel{windowModel: window("2026-10-01", "2026-10-31")},
			ServiceUserID: types.StringValue(part.ServiceUserID),
		}
		if err := readServiceUserDailyConsumption(t.Context(), m.scope(fake.Client(t, devintest.KeyOK)), &m); err != nil {
			t.Fatal(err)
		}
		checkConsumption(t, org, &m.consumptionModel, fake.PartTotal(part, from, to), fake.PartDays(part, from, to))
	}
}

func TestUnknownServiceUserHasNoNumbers(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	ctx, notices := devin.WithNotices(t.Context())
	m := serviceUserDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "")}, ServiceUserID: types.StringValue("service-user-mistyped")}
	if err := readServiceUserDailyConsumption(ctx, fake.Client(t, devintest.KeyOK), &m); err != nil || m.TotalACUs != nil || len(notices.All()) != 1 {
		t.Errorf("%+v, %v, noticed %+v", m, err, notices.All())
	}
}
