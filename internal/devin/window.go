package devin

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Devin counts consumption in days that start at midnight PST, a fixed UTC-8:
// no daylight saving moves it.
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily
const billingDayOffset = 8 * time.Hour

const secondsPerDay = 24 * 60 * 60

// Day is a billing day, named by its calendar date. It counts days from
// 1970-01-01, so days compare and subtract as numbers.
type Day int

// Devin went on sale in 2024; any date of the API before firstSaneDay or after
// lastSaneDay is a mistake, such as milliseconds read as seconds.
var (
	firstSaneDay = dayOfDate(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	lastSaneDay  = dayOfDate(time.Date(2199, 12, 31, 0, 0, 0, 0, time.UTC))
)

// ErrNoDate means that a text does not have the form of a date. A date in that form that
// the calendar does not have is another error.
var ErrNoDate = errors.New("is not a date written as YYYY-MM-DD")

var dateForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// ParseDay reads a billing day written as YYYY-MM-DD, from 2020 to 2199.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		if dateForm.MatchString(text) {
			return 0, fmt.Errorf("%s does not exist in the calendar", text)
		}
		return 0, fmt.Errorf("%q %w", text, ErrNoDate)
	}
	day := dayOfDate(t)
	if day < firstSaneDay || day > lastSaneDay {
		return 0, fmt.Errorf("%s is not between %s and %s", text, firstSaneDay, lastSaneDay)
	}
	return day, nil
}

// DayAt is the billing day that an instant falls in.
func DayAt(t time.Time) Day { return dayOfDate(t.UTC().Add(-billingDayOffset)) }

// dayOfDate is the day with the calendar date of a time in UTC.
func dayOfDate(t time.Time) Day {
	seconds := t.Unix()
	day := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		day--
	}
	return Day(day)
}

// UnmarshalJSONFrom reads a day in Unix seconds, of which the date in UTC counts: the
// API's own values lie on 08:00 UTC, and 00:00 UTC would name the same date.
func (d *Day) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	seconds, err := rest.ReadInteger(decoder)
	if err != nil {
		return err
	}
	t, err := instantOfAPI(seconds)
	*d = dayOfDate(t)
	return err
}

// instantOfAPI is the time of Unix seconds, or an error where they cannot be such.
func instantOfAPI(seconds int64) (time.Time, error) {
	t := time.Unix(seconds, 0).UTC()
	if t.Before(firstSaneDay.Start()) || !t.Before((lastSaneDay + 1).Start()) {
		return time.Time{}, fmt.Errorf("%d, read as Unix seconds, is not a time between %s and %s", seconds, firstSaneDay, lastSaneDay)
	}
	return t, nil
}

// String is the day's date, YYYY-MM-DD.
func (d Day) String() string { return d.midnightUTC().Format(time.DateOnly) }

// AppendText appends the text of String; it never fails. A large report has hundreds
// of thousands of dates, and AppendFormat takes four times as long.
func (d Day) AppendText(b []byte) ([]byte, error) {
	t := d.midnightUTC()
	if d < firstSaneDay || d > lastSaneDay {
		return t.AppendFormat(b, time.DateOnly), nil
	}
	year, month, day := t.Date()
	return append(b,
		'0'+byte(year/1000), '0'+byte(year/100%10), '0'+byte(year/10%10), '0'+byte(year%10), '-',
		'0'+byte(month/10), '0'+byte(month%10), '-',
		'0'+byte(day/10), '0'+byte(day%10)), nil
}

// Start is the instant at which the billing day begins: 08:00 UTC of its date.
// It ends where the next day starts.
func (d Day) Start() time.Time { return d.midnightUTC().Add(billingDayOffset) }

func (d Day) midnightUTC() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Window is a span of days, from Start to End, both included: of billing days, where
// nothing else is said.
type Window struct{ Start, End Day }

// Complete reports whether every billing day of the window has ended by now. Numbers
// of a window that is not complete still grow.
func (w Window) Complete(now time.Time) bool { return w.End < DayAt(now) }

// Len is the number of days in the window.
func (w Window) Len() int { return int(w.End-w.Start) + 1 }

// Contains reports whether a day lies in the window.
func (w Window) Contains(d Day) bool { return w.Start <= d && d <= w.End }

// String is the window for messages: "2026-03-01 to 2026-03-07".
func (w Window) String() string { return w.Start.String() + " to " + w.End.String() }

// query adds the window to a query as the API takes it: half-open, in Unix
// seconds. Whether the API includes its bounds is not documented, so readers
// of what has a date drop what lies outside.
func (w Window) query(q url.Values) url.Values {
	addSeconds(q, "time_after", w.Start.Start())
	addSeconds(q, "time_before", (w.End + 1).Start())
	return q
}

// UTCDayAt is the day in UTC that an instant falls in. Devin counts active users and
// code scans in such days, and not in billing days.
func UTCDayAt(t time.Time) Day { return dayOfDate(t.UTC()) }

// utcQuery is query for a window of days in UTC.
func (w Window) utcQuery(q url.Values) url.Values {
	addSeconds(q, "time_after", w.Start.midnightUTC())
	addSeconds(q, "time_before", (w.End + 1).midnightUTC())
	return q
}
