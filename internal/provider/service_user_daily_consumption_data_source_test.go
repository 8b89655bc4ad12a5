package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestUnknownServiceUserHasNoNumbers(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	ctx, notices := devin.WithNotices(t.Context())
	m := serviceUserDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "")}, ServiceUserID: types.StringValue("service-user-mistyped")}
	if err := readServiceUserDailyConsumption(ctx, fake.Client(t, devintest.KeyOK), &m); err != nil || m.TotalACUs != nil || len(notices.All()) != 1 {
		t.Errorf("%+v, %v, noticed %+v", m, err, notices.All())
	}
}
