package provider

import (
	"math/big"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestActiveUsersByEitherReadingOfAPeriodsEnd(t *testing.T) {
	t.Parallel()
	for _, next := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{PeriodsEndAtTheNext: next}})
		m := activeUsersModel{utcWindowModel: utcWindowModel{window("2026-10-05", "2026-10-25")}, Period: types.StringValue("week"), MinSessions: types.NumberValue(big.NewFloat(3)), MinSearches: types.NumberValue(big.NewFloat(99))}
		if err := readActiveUsers(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Periods) != 3 || m.Periods[1].StartDate.String() != "2026-10-12" || m.Periods[1].EndDate.String() != "2026-10-18" {
			t.Fatalf("%+v", m.Periods)
		}
		for _, p := range m.Periods {
			from := p.StartDate.Start().Add(-8 * time.Hour)
			if want := fake.ActiveUsers(devintest.Activity{MinSessions: 3, MinSearch: 99}, from, from.AddDate(0, 0, 7)); int64(*p.ActiveUsers) != want || want == 0 {
				t.Errorf("%s: %d are active, want %d", p.StartDate, *p.ActiveUsers, want)
			}
		}
	}
}
