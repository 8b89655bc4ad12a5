package devin

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Period is a window by its name: one that moves with the current day, such as
// last_month, or one of the calendar, such as 2026-Q3.
type Period struct {
	name  string
	dates Window // of a period of the calendar
}

// The periods of the enterprise's billing cycles.
const (
	currentCycle  = "current_cycle"
	previousCycle = "previous_cycle"
)

// movingPeriods are the names of windows that move, and their windows on a running
// day. A name that ends in to_date includes that day, and a last one never does.
var movingPeriods = []struct {
	name   string
	window func(today Day) Window // nil where it depends on the billing cycles
}{
	{currentCycle, nil},
	{previousCycle, nil},
	{"month_to_date", func(today Day) Window { return Window{IntervalMonth.around(today).Start, today} }},
	{"quarter_to_date", func(today Day) Window { return Window{quarterOf(today).Start, today} }},
	{"week_to_date", func(today Day) Window { return Window{IntervalWeek.around(today).Start, today} }},
	{"last_month", func(today Day) Window { return IntervalMonth.around(IntervalMonth.around(today).Start - 1) }},
	{"last_quarter", func(today Day) Window { return quarterOf(quarterOf(today).Start - 1) }},
	{"last_week", func(today Day) Window { return IntervalWeek.around(today - daysPerWeek) }},
	{"last_7_days", lastDays(7)},
	{"last_28_days", lastDays(28)},
	{"last_30_days", lastDays(30)},
	{"last_90_days", lastDays(90)},
}

const daysPerWeek = 7

func lastDays(n Day) func(Day) Window {
	return func(today Day) Window { return Window{today - n, today - 1} }
}

func quarterOf(d Day) Window {
	year, month, _ := d.midnightUTC().Date()
	return months(year, int(month-1)/3*3+1, 3)
}

// MovingPeriods are the names of the periods that move with the current day.
func MovingPeriods() []string {
	names := make([]string, len(movingPeriods))
	for i, p := range movingPeriods {
		names[i] = p.name
	}
	return names
}

// errNoCalendarPeriod names the periods of the calendar.
var errNoCalendarPeriod = errors.New("a month such as 2026-10, a quarter such as 2026-Q3, a week from Monday to Sunday such as 2026-W45, or a day such as 2026-10-31")

var calendarForm = regexp.MustCompile(`^([0-9]{4})-([QW]?)([0-9]{1,2})$`)

// ParsePeriod reads the name of a period. Its error says what the names are.
func ParsePeriod(text string) (Period, error) {
	if slices.Contains(MovingPeriods(), text) {
		return Period{name: text}, nil
	}
	w, err := ParseCalendarPeriod(text)
	switch {
	case errors.Is(err, errNoCalendarPeriod):
		return Period{}, fmt.Errorf("%q is no period: a period is %s, %w", text, strings.Join(MovingPeriods(), ", "), errNoCalendarPeriod)
	case err != nil:
		return Period{}, err
	}
	return Period{text, w}, nil
}

// ParseCalendarPeriod reads a period of the calendar.
func ParseCalendarPeriod(text string) (w Window, err error) {
	if dateForm.MatchString(text) {
		day, err := ParseDay(text)
		return Window{day, day}, err
	}
	parts := calendarForm.FindStringSubmatch(text)
	if parts == nil || (parts[2] == "Q") != (len(parts[3]) == 1) {
		return Window{}, fmt.Errorf("%q is no period of the calendar: %w", text, errNoCalendarPeriod)
	}
	year, _ := strconv.Atoi(parts[1])
	n, _ := strconv.Atoi(parts[3])
	exists := false
	switch parts[2] {
	case "W":
		w.Start = firstMonday(year) + Day(n-1)*daysPerWeek
		w.End = w.Start + daysPerWeek - 1
		exists = n >= 1 && w.Start < firstMonday(year+1)
	case "Q":
		w = months(year, 3*n-2, 3)
		exists = 1 <= n && n <= 4
	default:
		w = months(year, n, 1)
		exists = 1 <= n && n <= 12
	}
	switch {
	case !exists:
		return Window{}, fmt.Errorf("%s does not exist in the calendar", text)
	case w.Start < firstSaneDay || w.End > lastSaneDay:
		return Window{}, fmt.Errorf("%s is %s, which is not between %s and %s", text, w, firstSaneDay, lastSaneDay)
	}
	return w, nil
}

// firstMonday begins the first ISO week of a year, which is the week of 4 January.
func firstMonday(year int) Day {
	return IntervalWeek.around(dayOfDate(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC))).Start
}

func months(year, first, count int) Window {
	start := time.Date(year, time.Month(first), 1, 0, 0, 0, 0, time.UTC)
	return Window{dayOfDate(start), dayOfDate(start.AddDate(0, count, 0)) - 1}
}

// String is the name.
func (p Period) String() string { return p.name }

// Dates are those of a period of the calendar; a period that moves has none of its own.
func (p Period) Dates() (w Window, ok bool) { return p.dates, p.dates != Window{} }

// PeriodError says that a period stands for no window at present, or for none that can
// be read. Its text is a sentence without its full stop.
type PeriodError struct {
	Reason string
	Err    error // what Devin answered; nil where nothing was read
}

func (e *PeriodError) Error() string { return e.Reason }

// Unwrap is what Devin answered.
func (e *PeriodError) Unwrap() error { return e.Err }

// WindowOf is the window that a period stands for, where today is the current day: a
// billing day or, for what Devin counts in UTC days, one of these. A period of the
// calendar keeps its dates while it is running, as a window with an end in the future
// does, and is a PeriodError where it has not begun. Only the periods of billing
// cycles send a request.
func (c *Client) WindowOf(ctx context.Context, p Period, today Day) (Window, error) {
	if w, ok := p.Dates(); ok {
		if w.Start > today {
			return Window{}, &PeriodError{Reason: fmt.Sprintf("%s begins on %s, and the current day is %s: there is nothing to read yet, so give an earlier period", p, w.Start, today)}
		}
		return w, nil
	}
	for _, moving := range movingPeriods {
		if moving.name == p.name && moving.window != nil {
			return moving.window(today), nil
		}
	}
	cycles, err := c.BillingCycles(ctx)
	if err != nil {
		return Window{}, c.explainCycles(ctx, p, err)
	}
	// A day of UTC begins eight hours before the billing day of its date, by which it
	// belongs to a cycle.
	now, ahead := c.Now(), false
	if start := today.Start(); now.Before(start) {
		now, ahead = start, true
	}
	previous := PreviousBillingCycle(cycles, now)
	if p.name == currentCycle {
		if cycle := CurrentBillingCycle(cycles, now); cycle != nil {
			return Window{cycle.StartDate, today}, nil
		}
		// A cycle that begins within those hours may not be listed before it has begun.
		if ahead && previous != nil && *previous.EndDate == today-1 {
			return Window{today, today}, nil
		}
		return Window{}, &PeriodError{Reason: fmt.Sprintf("Devin lists no billing cycle that %s is in: give another period, or start_date and end_date", today)}
	}
	if previous != nil {
		return Window{previous.StartDate, *previous.EndDate}, nil
	}
	return Window{}, &PeriodError{Reason: fmt.Sprintf("Devin lists no billing cycle that has ended by %s: give another period, or start_date and end_date", today)}
}

// explainCycles finds out whether the cycles were refused because the key is that of
// the organization whose numbers are read.
func (c *Client) explainCycles(ctx context.Context, p Period, err error) error {
	if c.orgID == "" || !isRefusal(err) {
		return err
	}
	self, selfErr := c.Self(rest.Fresh(ctx))
	if selfErr != nil || self.OrgID == nil || *self.OrgID != c.orgID {
		return err
	}
	return &PeriodError{Err: err, Reason: fmt.Sprintf("%s is a billing cycle, and cycles are the enterprise's, which a key of one organization cannot read: "+
		"give start_date and end_date, or another period, which is %s, %s", p, strings.Join(MovingPeriods()[2:], ", "), errNoCalendarPeriod)}
}
