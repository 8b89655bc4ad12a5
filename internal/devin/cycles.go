package devin

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// BillingCycle is a span of time that Devin bills, from StartsAt to EndsAt, where the
// next one starts. The `after` of its JSON is a time, and that of a query a cursor.
type BillingCycle struct {
	StartsAt *Instant `json:"after" tfsdk:"starts_at" api:"required"` // never nil
	EndsAt   *Instant `json:"before" tfsdk:"ends_at"`                 // nil while the cycle is open
	// StartDate and EndDate are the first and the last billing day of the cycle;
	// EndDate is nil while the cycle is open.
	StartDate Day  `json:"-" tfsdk:"start_date"`
	EndDate   *Day `json:"-" tfsdk:"end_date"`
}

// Check also sets the billing days of the cycle.
func (b *BillingCycle) Check() error {
	b.StartDate = firstDayFrom(*b.StartsAt)
	if b.EndsAt == nil {
		return nil
	}
	if *b.EndsAt < *b.StartsAt {
		return fmt.Errorf("the billing cycle from %s ends at %s, before it has begun", b.StartsAt, b.EndsAt)
	}
	// A cycle within a billing day has that day, although the next cycle has it too.
	last := max(firstDayFrom(*b.EndsAt)-1, b.StartDate)
	b.EndDate = &last
	return nil
}

// firstDayFrom is the first billing day of a cycle that begins at an instant. The cycle
// that ends there ends with the day before, so that every day is in exactly one cycle.
//
// A cycle is expected to begin with a billing day, at 08:00 UTC. An instant at 00:00 UTC
// is taken for the date of a billing day. At any other time, the current day belongs to
// the cycle that begins. The last second before counts as the instant itself: version 2
// of the API had cycles that end so.
func firstDayFrom(at Instant) Day {
	for _, seconds := range []Instant{at, at + 1} {
		if seconds%secondsPerDay == 0 {
			return Day(seconds / secondsPerDay)
		}
	}
	return DayAt((at + 1).Time())
}

// Identity is the span of the cycle.
func (b *BillingCycle) Identity() string {
	if b.EndsAt == nil {
		return b.StartsAt.String()
	}
	return b.StartsAt.String() + " to " + b.EndsAt.String()
}

// begun reports whether the cycle and its first billing day have begun by an instant.
func (b *BillingCycle) begun(now time.Time) bool {
	return !now.Before(b.StartsAt.Time()) && b.StartDate <= DayAt(now)
}

// hasEnded reports whether the cycle and its last billing day have ended by an instant.
func (b *BillingCycle) hasEnded(now time.Time) bool {
	return b.EndsAt != nil && !now.Before(b.EndsAt.Time()) && *b.EndDate < DayAt(now)
}

// CurrentBillingCycle returns the cycle of the current billing day: of cycles sorted as
// BillingCycles sorts them, the first that has begun and not ended; nil where there is
// none. A cycle that begins at 00:00 UTC is current when its first billing day begins,
// at 08:00 UTC.
func CurrentBillingCycle(cycles []BillingCycle, now time.Time) *BillingCycle {
	for i := range cycles {
		if cycles[i].begun(now) && !cycles[i].hasEnded(now) {
			return &cycles[i]
		}
	}
	return nil
}

// CycleProgress is how far a billing cycle has come.
type CycleProgress struct {
	BillingCycle
	DaysTotal     *int64 `tfsdk:"days_total"` // nil while the cycle is open
	DaysElapsed   int64  `tfsdk:"days_elapsed"`
	DaysRemaining *int64 `tfsdk:"days_remaining"` // including the current day; nil while the cycle is open
}

// Progress counts the days of the cycle that have ended before today.
func (b *BillingCycle) Progress(today Day) *CycleProgress {
	p := &CycleProgress{BillingCycle: *b, DaysElapsed: int64(today - b.StartDate)}
	if b.EndDate != nil {
		total := int64(Window{b.StartDate, *b.EndDate}.Len())
		p.DaysElapsed = min(p.DaysElapsed, total)
		remaining := total - p.DaysElapsed
		p.DaysTotal, p.DaysRemaining = &total, &remaining
	}
	return p
}

// PreviousBillingCycle returns the newest cycle that has ended, of cycles sorted as
// BillingCycles sorts them; nil where there is none.
func PreviousBillingCycle(cycles []BillingCycle, now time.Time) *BillingCycle {
	for i := range cycles {
		if cycles[i].hasEnded(now) {
			return &cycles[i]
		}
	}
	return nil
}

// BillingCycles reads the enterprise's billing cycles, newest first. A cycle of no
// length is left out.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-cycles
func (c *Client) BillingCycles(ctx context.Context) ([]BillingCycle, error) {
	r := rest.Request{Path: []string{"enterprise", "consumption", "cycles"}, Permission: ConsumptionPermission, Shared: true}
	return rest.Collect(ctx, c.rest, r, func(b *BillingCycle) bool { return b.EndsAt == nil || *b.EndsAt > *b.StartsAt },
		func(a, b BillingCycle) int { // the order of the list is not documented
			return cmp.Or(cmp.Compare(*b.StartsAt, *a.StartsAt), cmp.Compare(b.Identity(), a.Identity()))
		})
}

// CurrentBillingCycle reads the cycle of the current billing day; nil where there is none.
func (c *Client) CurrentBillingCycle(ctx context.Context) (*BillingCycle, error) {
	cycles, err := c.BillingCycles(ctx)
	if err != nil {
		return nil, err
	}
	return CurrentBillingCycle(cycles, c.Now()), nil
}
