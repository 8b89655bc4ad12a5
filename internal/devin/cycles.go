package devin

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// BillingCycle is a span of time that Devin bills, from Start to End, which
// is where the next one starts.
type BillingCycle struct{ Start, End time.Time }

// Days are the billing days of the cycle, both included. A cycle is expected
// to begin and end at 08:00 UTC. One that begins at 00:00 UTC is taken to mean
// the billing day of that date, and one that ends on the last second of a date,
// as version 2 of the API had them, to include it.
func (b BillingCycle) Days() Window {
	return Window{Start: dayOfDate(b.Start), End: DayAt(b.End.Add(-time.Second))}
}

// Covers says whether an instant falls in the cycle.
func (b BillingCycle) Covers(t time.Time) bool { return !t.Before(b.Start) && t.Before(b.End) }

// BillingCycles reads the enterprise's billing cycles, newest first.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-cycles
func (c *Client) BillingCycles(ctx context.Context) ([]BillingCycle, error) {
	r := rest.Request{Path: []string{"enterprise", "consumption", "cycles"}, Permission: ConsumptionPermission, Shared: true}
	cycles := []BillingCycle{}
	for answer, err := range rest.List[cycleAnswer](ctx, c.rest, r) {
		if err != nil {
			return nil, err
		}
		cycle, err := answer.cycle()
		if err != nil {
			return nil, c.rest.BrokenList(r, err)
		}
		cycles = append(cycles, cycle)
	}
	slices.SortFunc(cycles, func(a, b BillingCycle) int {
		return cmp.Or(b.Start.Compare(a.Start), b.End.Compare(a.End))
	})
	// The order of the list is not documented, and it may move while it is read.
	return slices.Compact(cycles), nil
}

// cycleAnswer is not to be confused with the query's `after`, a cursor.
type cycleAnswer struct {
	After  *rest.Integer `json:"after"`
	Before *rest.Integer `json:"before"`
}

func (a *cycleAnswer) Identity() string { return fmt.Sprint(*a.After, *a.Before) }

func (a *cycleAnswer) Check() error {
	_, err := a.cycle()
	return err
}

func (a *cycleAnswer) cycle() (BillingCycle, error) {
	switch {
	case a.After == nil:
		return BillingCycle{}, rest.Missing("after")
	case a.Before == nil:
		return BillingCycle{}, rest.Missing("before")
	}
	start, err := instantOfAPI(int64(*a.After))
	if err != nil {
		return BillingCycle{}, fmt.Errorf("the start of a billing cycle: %w", err)
	}
	end, err := instantOfAPI(int64(*a.Before))
	if err != nil {
		return BillingCycle{}, fmt.Errorf("the end of a billing cycle: %w", err)
	}
	if !start.Before(end) {
		return BillingCycle{}, fmt.Errorf("a billing cycle ends at %s, before it starts at %s", end, start)
	}
	return BillingCycle{Start: start, End: end}, nil
}
