package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestSessionDailyConsumptionIsTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-18")
	var part devintest.Part
	for _, session := range fake.Sessions() {
		if of := (devintest.Part{SessionID: session.SessionID}); fake.PartTotal(of, from, to) > 0 {
			part = of
			break
		}
	}
	m := sessionDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-26", "2026-11-18")}, SessionID: types.StringValue(part.SessionID)}
	if err := readSessionDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	checkConsumption(t, part.SessionID, &m.consumptionModel, fake.PartTotal(part, from, to), fake.PartDays(part, from, to))
}

// An empty answer is the same for a session that consumed nothing and for one
// that Devin does not know.
func TestSessionWithoutADayHasNoTotal(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := sessionDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "2026-10-31")}}
	m.SessionID = types.StringValue("devin-unknown")
	if err := readSessionDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	if m.TotalACUs != nil || m.ACUsByProduct != nil || m.Days == nil || len(m.Days) > 0 {
		t.Errorf("got %+v", m)
	}
}
