package devin

import "math"

// Headroom is how much of a limit is left in a billing cycle.
type Headroom struct {
	// Name is which limit it is, by the field that has it.
	Name  string `tfsdk:"name"`
	Limit Count  `tfsdk:"cycle_acu_limit"`
	// Used is what counts for this limit, so far.
	Used float64 `tfsdk:"used_acus"`
	// Left is never below 0.
	Left float64 `tfsdk:"left_acus"`
	// ReachedOn is the day on which the limit was reached, or is at the present
	// rate; nil where that is not in the cycle.
	ReachedOn *Day `tfsdk:"reached_on"`
}

// Burn is how fast ACUs are consumed in a billing cycle.
type Burn struct {
	Start Day
	End   *Day // the last day of the cycle; nil while it is open
	// Days are those that have consumption, the running day included.
	Days []DayACUs
	// Today is the running day.
	Today Day
}

// DayACUs is what was consumed on a day.
type DayACUs struct {
	Date Day
	ACUs float64
}

// Total is what was consumed so far.
func (b *Burn) Total() float64 { return b.sum(b.Today) }

func (b *Burn) sum(last Day) float64 {
	var parts []float64
	for _, d := range b.Days {
		if d.Date <= last {
			parts = append(parts, d.ACUs)
		}
	}
	return SumACUs(parts)
}

// Rate is ACUs for each finished day; nil on the first day of the cycle.
func (b *Burn) Rate() *float64 {
	finished := int(b.Today - b.Start)
	if finished <= 0 {
		return nil
	}
	rate := b.sum(b.Today-1) / float64(finished)
	return &rate
}

// Projected is what the whole cycle will have consumed at that rate; nil on its
// first day, and while it is open. It is never less than what was consumed already.
func (b *Burn) Projected() *float64 {
	rate := b.Rate()
	if rate == nil || b.End == nil {
		return nil
	}
	all := max(*rate*float64(*b.End-b.Start+1), b.Total())
	return &all
}

// Against is how much a limit leaves. A limit of 0 is reached from the start.
func (b *Burn) Against(name string, limit Count) Headroom {
	used := b.Total()
	h := Headroom{Name: name, Limit: limit, Used: used, Left: max(float64(limit)-used, 0)}
	h.ReachedOn = b.reached(float64(limit))
	return h
}

func (b *Burn) reached(limit float64) *Day {
	if limit <= 0 {
		return &b.Start
	}
	for day := b.Start; day <= b.Today; day++ {
		if b.sum(day) >= limit {
			return &day
		}
	}
	rate := b.Rate()
	if rate == nil || *rate <= 0 {
		return nil
	}
	finished := b.sum(b.Today - 1)
	days := math.Ceil((limit - finished) / *rate)
	if b.End != nil && days > float64(*b.End-b.Today+1) {
		return nil
	}
	on := max(b.Today-1+Day(min(days, float64(lastSaneDay))), b.Today)
	if on > lastSaneDay {
		return nil
	}
	return &on
}

// BurnOf is the consumption of some products, or of all, in a cycle up to now.
func BurnOf(c *Consumption, cycle BillingCycle, today Day, counts func(DayConsumption) float64) Burn {
	b := Burn{Start: cycle.StartDate, End: cycle.EndDate, Today: today}
	for d := range c.EachDay() {
		b.Days = append(b.Days, DayACUs{d.Date, counts(d)})
	}
	return b
}
