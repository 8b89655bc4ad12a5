package devin

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// consumed is what was consumed day by day, up to and with a last day.
func consumed(last Day, acus ...float64) *Consumption {
	c := &Consumption{TotalACUs: SumACUs(acus)}
	for i, n := range acus {
		c.days.add(last-Day(len(acus)-1-i), n, nil)
	}
	return c
}

func TestUnattributedIsWhatIsLeft(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://devin.example.com")
	yesterday := DayAt(clienttest.Now) - 1
	for name, tt := range map[string]struct {
		whole *Consumption
		parts []*Consumption
		want  float64
	}{
		"a rest":    {consumed(yesterday, 3, 4), []*Consumption{consumed(yesterday, 1, 1), consumed(yesterday, 0.5)}, 4.5},
		"nothing":   {consumed(yesterday, 3), []*Consumption{consumed(yesterday, 1), consumed(yesterday, 2)}, 0},
		"no parts":  {consumed(yesterday, 3), nil, 3},
		"a residue": {&Consumption{TotalACUs: 0.30000000000004, days: consumed(yesterday, 0.3).days}, []*Consumption{consumed(yesterday, 0.1), consumed(yesterday, 0.2)}, 0},
		// The enterprise was read before the user's last session, and the user after it.
		"below 0 on a running day": {consumed(yesterday+1, 3, 1), []*Consumption{consumed(yesterday+1, 3, 2)}, -1},
	} {
		notices, err := noticed(t, func(ctx context.Context) error {
			if got := client.Unattributed(ctx, week, tt.whole, tt.parts); got != tt.want {
				return fmt.Errorf("got %v, want %v", got, tt.want)
			}
			return nil
		})
		if err != nil || len(notices) > 0 {
			t.Errorf("%s: %v, %q", name, err, notices)
		}
	}
}

// A server that ignores the user in the path answers the whole enterprise's figure for
// each. Or the parts were read a while after the whole, and late use had been added.
func TestPartsThatAreMoreThanTheWholeAreNoticed(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://devin.example.com")
	whole := consumed(DayAt(clienttest.Now)-1, 500, 1000)
	for want, parts := range map[string][]*Consumption{
		"the whole consumed 1500 ACUs on the days of 2026-03-01 to 2026-03-07 that have ended, and its parts, read one by one, consumed 4500 together": {whole, whole, whole},
		"the whole consumed 1500 ACUs on the days of 2026-03-01 to 2026-03-07 that have ended, and its parts, read one by one, consumed 1575 together": {consumed(DayAt(clienttest.Now)-1, 525, 1050)},
	} {
		notices, err := noticed(t, func(ctx context.Context) error {
			client.Unattributed(ctx, week, whole, parts)
			return nil
		})
		if err != nil || !slices.Equal(notices, []string{"Devin's numbers do not add up: " + want}) {
			t.Errorf("got %q, %v, want %q", notices, err, want)
		}
	}
}
