package devin

import (
	"fmt"
	"testing"
)

// burn is what a cycle from the 5th of December 2025 to the 3rd of January 2026, or an
// open one, consumed day by day up to today.
func burn(t *testing.T, open bool, today string, acus ...float64) Burn {
	t.Helper()
	end := "2026-01-04T08:00:00Z"
	if open {
		end = ""
	}
	last := mustDay(t, today)
	return BurnOf(consumed(last, acus...), cycleOf(t, "2025-12-05T08:00:00Z", end), last, func(d DayConsumption) float64 { return d.ACUs })
}

func TestTheBurnOfACycle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		burn Burn
		want string // total, rate, projected
	}{
		"the first day":                   {burn(t, false, "2025-12-05", 3), "3 none none"},
		"the second day":                  {burn(t, false, "2025-12-06", 3, 1), "4 3 90"},
		"the running day counts as total": {burn(t, false, "2025-12-07", 3, 5, 100), "108 4 120"},
		"more than at that rate":          {burn(t, false, "2026-01-03", 0, 0, 500), "500 0 500"},
		"days that are missing":           {burn(t, false, "2025-12-15", 10, 0), "10 1 30"},
		"an open cycle":                   {burn(t, true, "2025-12-07", 3, 5, 1), "9 4 none"},
		"nothing":                         {burn(t, false, "2025-12-07"), "0 0 0"},
	} {
		if got := fmt.Sprint(tt.burn.Total(), " ", orNothing(tt.burn.Rate()), " ", orNothing(tt.burn.Projected())); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func orNothing[T any](v *T) string {
	if v == nil {
		return "none"
	}
	return fmt.Sprint(*v)
}

func TestTheHeadroomOfALimit(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		burn  Burn
		limit Count
		want  string // left, and the day on which it is reached
	}{
		"blocked":                        {burn(t, false, "2025-12-07", 3, 5, 1), 0, "0 2025-12-05"},
		"reached on a day":               {burn(t, false, "2025-12-07", 3, 5, 1), 8, "0 2025-12-06"},
		"reached today":                  {burn(t, false, "2025-12-07", 3, 5, 1), 9, "0 2025-12-07"},
		"to be reached today":            {burn(t, false, "2025-12-07", 3, 5, 1), 12, "3 2025-12-07"},
		"to be reached later":            {burn(t, false, "2025-12-07", 3, 5, 1), 20, "11 2025-12-09"},
		"on the last day":                {burn(t, false, "2025-12-07", 3, 5, 1), 120, "111 2026-01-03"},
		"not in the cycle":               {burn(t, false, "2025-12-07", 3, 5, 1), 121, "112 none"},
		"never":                          {burn(t, false, "2025-12-07"), 5, "5 none"},
		"on the first day":               {burn(t, false, "2025-12-05", 3), 100, "97 none"},
		"in an open cycle":               {burn(t, true, "2025-12-07", 3, 5, 1), 121, "112 2026-01-04"},
		"in an open cycle, in centuries": {burn(t, true, "2025-12-07", 0.001, 0.001, 0), 1 << 53, "9.007199254740992e+15 none"},
	} {
		got := tt.burn.Against("limit", tt.limit)
		if text := fmt.Sprint(got.Left, " ", orNothing(got.ReachedOn)); text != tt.want || got.Limit != tt.limit || got.Name != "limit" {
			t.Errorf("%s: got %s, want %s", name, text, tt.want)
		}
	}
}
