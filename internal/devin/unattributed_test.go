package devin

import (
	"errors"
	"strings"
	"testing"
)

// consumed is what somebody consumed day by day, up to and with a last day.
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
	yesterday := DayAt(testNow) - 1
	for name, tt := range map[string]struct {
		whole *Consumption
		parts []*Consumption
		want  float64
	}{
		"a rest":    {consumed(yesterday, 3, 4), []*Consumption{consumed(yesterday, 1, 1), consumed(yesterday, 0.5)}, 4.5},
		"nothing":   {consumed(yesterday, 3), []*Consumption{consumed(yesterday, 1), consumed(yesterday, 2)}, 0},
		"no parts":  {consumed(yesterday, 3), nil, 3},
		"a residue": {&Consumption{TotalACUs: 0.30000000000004, days: consumed(yesterday, 0.3).days}, []*Consumption{consumed(yesterday, 0.1), consumed(yesterday, 0.2)}, 0},
		// The enterprise was read before somebody worked, and the user after it.
		"below 0 on a running day": {consumed(yesterday+1, 3, 1), []*Consumption{consumed(yesterday+1, 3, 2)}, -1},
	} {
		got, err := client.Unattributed(week, tt.whole, tt.parts)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, tt.want)
		}
	}
}

// A server that ignores the user in the path answers everybody's figure for each.
func TestPartsThatAreMoreThanTheWholeAreAnError(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://devin.example.com")
	whole := consumed(DayAt(testNow)-1, 500, 1000)
	_, err := client.Unattributed(week, whole, []*Consumption{whole, whole, whole})
	if !errors.Is(err, ErrNotDevin) || !strings.Contains(err.Error(), "1500 ACUs") || !strings.Contains(err.Error(), "4500 together") {
		t.Errorf("got %v", err)
	}
}
