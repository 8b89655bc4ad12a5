package provider

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestWeeksOfActiveUsersEndOnSundayHoweverDevinWritesTheEnd(t *testing.T) {
	t.Parallel()
	for _, next := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{PeriodsEndAtTheNext: next}})
		m := activeUsersModel{windowModel: window("2026-10-05", "2026-10-25"), Interval: types.StringValue("week"), MinSessions: types.NumberValue(big.NewFloat(3)), MinSearches: types.NumberValue(big.NewFloat(99))}
		if err := readActiveUsers(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Intervals) != 3 || m.Intervals[1].StartDate.String() != "2026-10-12" || m.Intervals[1].EndDate.String() != "2026-10-18" {
			t.Fatalf("%+v", m.Intervals)
		}
		for _, p := range m.Intervals {
			from := p.StartDate.Start().Add(-8 * time.Hour)
			if want := fake.ActiveUsers(devintest.Activity{MinSessions: 3, MinSearches: 99}, from, from.AddDate(0, 0, 7)); int64(*p.ActiveUsers) != want || want == 0 {
				t.Errorf("%s: %d are active, want %d", p.StartDate, *p.ActiveUsers, want)
			}
		}
	}
}

func TestActiveUsersAreCountedByPeriod(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 21)
	for period, want := range map[string]int{"": 1, "window": 1, "day": 21, "week": 3, "month": 1} {
		m := activeUsersModel{windowModel: window("2026-10-05", "2026-10-25"), Interval: argument(period)}
		if err := readActiveUsers(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Intervals) != want {
			t.Errorf("interval = %q: %d, want %d", period, len(m.Intervals), want)
		}
		all := fake.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, from, to)
		if one := m.Intervals[0]; want == 1 && int64(*one.ActiveUsers) != all || period == "" && (one.StartDate.String() != "2026-10-05" || one.EndDate.String() != "2026-10-25") {
			t.Errorf("interval = %q: %+v, want %d", period, one, all)
		}
	}
}

func TestActiveUsersOfADevinThatIgnoresMinSessionsAreAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{IgnoredFilters: []string{"min_sessions"}}})
	m := activeUsersModel{windowModel: window("2026-10-26", "2026-11-01"), MinSessions: types.NumberValue(big.NewFloat(5))}
	if err := readActiveUsers(t.Context(), fake.Client(t, devintest.KeyOK), &m); !errors.Is(err, devin.ErrFilterIgnored) {
		t.Errorf("got %v", err)
	}
}
