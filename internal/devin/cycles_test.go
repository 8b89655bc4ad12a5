package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestBillingCyclesAreTheTruthNewestFirstInEitherOrder(t *testing.T) {
	t.Parallel()
	for _, newestFirst := range []bool{false, true} {
		fake := clienttest.StartFake(t, devintest.Options{PageSize: 5, Quirks: devintest.Quirks{CyclesNewestFirst: newestFirst}})
		cycles, err := newClient(t, fake.URL).BillingCycles(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		truth := fake.Cycles() // oldest first
		if len(cycles) != len(truth) || len(cycles) < 10 || fake.Count("*/cycles") < 3 {
			t.Fatalf("%d cycles on %d pages, want %d", len(cycles), fake.Count("*/cycles"), len(truth))
		}
		slices.Reverse(truth)
		for i, c := range cycles {
			if int64(*c.StartsAt) != truth[i].After || int64(*c.EndsAt) != truth[i].Before {
				t.Errorf("newest first %v: cycle %d is %v, want %v", newestFirst, i, c, truth[i])
			}
		}
		if CurrentBillingCycle(cycles, clienttest.Now) != &cycles[0] || !cycles[1].hasEnded(clienttest.Now) {
			t.Errorf("the first cycle is %v", cycles[0])
		}
	}
}

// cyclesServer gives pages of items as they stand.
func cyclesServer(t *testing.T, pages ...string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := 0
		_, _ = fmt.Sscanf(r.URL.Query().Get("after"), "page%d", &page)
		end := "null"
		if page+1 < len(pages) {
			end = fmt.Sprintf(`"page%d"`, page+1)
		}
		fmt.Fprintf(w, `{"items":[%s],"end_cursor":%s,"has_next_page":%t}`, pages[page], end, page+1 < len(pages))
	}))
	t.Cleanup(server.Close)
	return newClient(t, server.URL)
}

func TestBillingCycleOnTwoPagesIsListedOnce(t *testing.T) {
	t.Parallel()
	const a, b, c = `{"after":1762329600,"before":1764921600}`, `{"after":1764921600,"before":1767600000}`, `{"after":1767600000,"before":1770278400}`
	cycles, err := cyclesServer(t, a+","+b, b+","+c).BillingCycles(t.Context())
	if err != nil || len(cycles) != 3 || *cycles[0].StartsAt != 1767600000 || *cycles[2].StartsAt != 1762329600 {
		t.Errorf("got %v, %v", cycles, err)
	}
	none, err := cyclesServer(t, "").BillingCycles(t.Context())
	if err != nil || none == nil || len(none) != 0 {
		t.Errorf("got %v, %v", none, err)
	}
}

func TestMalformedBillingCyclesAreRefused(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]string{
		`{"before":1764921600}`:                        "the field items[0].after is missing",
		`{"after":null,"before":1764921600}`:           "the field items[0].after is missing",
		`{"after":1764921600,"before":1762329600}`:     "before it has begun",
		`{"after":1764921600000,"before":1767600000}`:  "the field items[0].after",
		`{"after":1764921600,"before":17676000000000}`: "the field items[0].before: 17676000000000, read as Unix seconds",
		`{"after":0,"before":1764921600}`:              "the field items[0].after",
		`{"after":"2025-12-05","before":1764921600}`:   "not an integer",
		`{"after":1764921600.5,"before":1767600000}`:   "not an integer",
	} {
		_, err := cyclesServer(t, item).BillingCycles(t.Context())
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrNotDevin) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", item, err, want)
		}
	}
}

func TestBillingCyclesNeedThePermission(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	_, err := newClient(t, fake.URL, withKey(t, devintest.KeyForbidden)).BillingCycles(t.Context())
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrForbidden) || e.Permission != ConsumptionPermission {
		t.Errorf("got %v", err)
	}
}

// instantAt is an instant written as in RFC 3339.
func instantAt(t *testing.T, text string) *Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return new(Instant(at.Unix()))
}

// cycleOf is a cycle as it is decoded and checked; an empty end is an open one.
func cycleOf(t *testing.T, start, end string) BillingCycle {
	t.Helper()
	b := BillingCycle{StartsAt: instantAt(t, start)}
	if end != "" {
		b.EndsAt = instantAt(t, end)
	}
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDaysOfABillingCycle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ start, end, want, why string }{
		{"2025-11-05T08:00:00Z", "2025-12-05T08:00:00Z", "2025-11-05 to 2025-12-04", "as expected"},
		{"2025-11-05T08:00:00Z", "2025-12-05T07:59:59Z", "2025-11-05 to 2025-12-04", "ends on the last second"},
		{"2025-11-05T00:00:00Z", "2025-12-05T00:00:00Z", "2025-11-05 to 2025-12-04", "boundaries at midnight UTC"},
		{"2025-11-05T00:00:00Z", "2025-12-04T23:59:59Z", "2025-11-05 to 2025-12-04", "as version 2 had them"},
		{"2025-11-05T08:00:00Z", "2025-11-06T08:00:00Z", "2025-11-05 to 2025-11-05", "a single day"},
		{"2024-02-29T08:00:00Z", "2024-03-31T08:00:00Z", "2024-02-29 to 2024-03-30", "a leap day"},
		{"2025-11-05T03:00:00Z", "2025-12-05T03:00:00Z", "2025-11-04 to 2025-12-03", "begins while the day of the 4th is running"},
		{"2025-11-05T07:00:00Z", "2025-12-05T08:00:00Z", "2025-11-04 to 2025-12-04", "begins at midnight in summer"},
		{"2025-11-05T15:00:00Z", "2025-12-05T15:00:00Z", "2025-11-05 to 2025-12-04", "begins while the day of the 5th is running"},
		{"2025-11-05T09:00:00Z", "2025-11-05T15:00:00Z", "2025-11-05 to 2025-11-05", "six hours of a day"},
		{"2025-11-05T00:30:00Z", "2025-11-05T06:00:00Z", "2025-11-04 to 2025-11-04", "hours before 08:00 UTC"},
		{"2025-11-05T00:00:00Z", "2025-11-05T06:00:00Z", "2025-11-05 to 2025-11-05", "hours from midnight UTC"},
		{"2025-11-05T08:00:00Z", "2025-11-05T08:00:01Z", "2025-11-05 to 2025-11-05", "a second"},
	} {
		b := cycleOf(t, tt.start, tt.end)
		if got := (Window{b.StartDate, *b.EndDate}).String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, got, tt.want)
		}
	}
	if b := cycleOf(t, "2025-11-05T03:00:00Z", ""); b.StartDate.String() != "2025-11-04" || b.EndDate != nil {
		t.Errorf("an open cycle is %s to %v", b.StartDate, b.EndDate)
	}
}

func TestBillingCyclesJoinWithoutAGapOrADayInBoth(t *testing.T) {
	t.Parallel()
	const most = 40 * 3600
	first := Instant(mustDay(t, "2025-11-01").Start().Unix())
	for offset := Instant(0); offset < most; offset += 899 {
		for _, seconds := range []Instant{offset, offset / 3600 * 3600, offset/3600*3600 - 1} {
			join := first + 9*secondsPerDay + seconds
			for _, end := range []Instant{join, join - 1} { // half-open, or with a last second
				before := BillingCycle{StartsAt: &first, EndsAt: &end}
				after := BillingCycle{StartsAt: &join, EndsAt: new(join + 30*secondsPerDay)}
				if err := errors.Join(before.Check(), after.Check()); err != nil {
					t.Fatal(err)
				}
				isLastSecond := end%3600 == 3599
				if (end == join || isLastSecond) && *before.EndDate+1 != after.StartDate {
					t.Errorf("one ends at %s with %s, the next begins at %s with %s", end, before.EndDate, join, after.StartDate)
				}
				isMidnight := join%secondsPerDay == 0 || (join+1)%secondsPerDay == 0
				if day := DayAt((join + 1).Time()); !isMidnight && after.StartDate != day {
					t.Errorf("a cycle that begins at %s begins with %s, and the current day is %s", join, after.StartDate, day)
				}
				if n := *after.EndDate - after.StartDate + 1; n != 30 {
					t.Errorf("30 days from %s are %d", join, n)
				}
			}
		}
	}
}

func TestTheCurrentBillingCycleIsThatOfTheRunningBillingDay(t *testing.T) {
	t.Parallel()
	at := func(text string) *Instant { return instantAt(t, text) }
	for joint, want := range map[string]map[string]string{
		// With a billing day.
		"2026-11-20T08:00:00Z": {"2026-11-20T07:59:59Z": "first", "2026-11-20T08:00:00Z": "second"},
		// At midnight UTC: its first billing day is that of the date.
		"2026-11-20T00:00:00Z": {"2026-11-19T23:59:59Z": "first", "2026-11-20T03:00:00Z": "first", "2026-11-20T08:00:00Z": "second"},
		// Within a billing day, which belongs to the second as soon as it has begun.
		"2026-11-20T15:00:00Z": {"2026-11-20T07:59:59Z": "first", "2026-11-20T14:59:59Z": "first", "2026-11-20T15:00:00Z": "second"},
	} {
		cycles := []BillingCycle{{StartsAt: at(joint), EndsAt: at("2026-12-20T08:00:00Z")}, {StartsAt: at("2026-10-20T08:00:00Z"), EndsAt: at(joint)}}
		for i := range cycles {
			if err := cycles[i].Check(); err != nil {
				t.Fatal(err)
			}
		}
		for now, name := range want {
			cycle := map[string]*BillingCycle{"first": &cycles[1], "second": &cycles[0]}[name]
			if got := CurrentBillingCycle(cycles, at(now).Time()); got != cycle {
				t.Errorf("joint at %s, now %s: got %v, want the %s", joint, now, got, name)
			}
			if ended := cycles[1].hasEnded(at(now).Time()); ended != (name == "second") {
				t.Errorf("joint at %s, now %s: the first has ended: %v", joint, now, ended)
			}
			if cycle.StartDate > DayAt(at(now).Time()) {
				t.Errorf("joint at %s, now %s: its first day is %s, in the future", joint, now, cycle.StartDate)
			}
		}
	}
	open := []BillingCycle{{StartsAt: at("2026-11-20T08:00:00Z"), StartDate: DayAt(at("2026-11-20T08:00:00Z").Time())}}
	if CurrentBillingCycle(open, at("2030-01-01T00:00:00Z").Time()) != &open[0] || CurrentBillingCycle(open, at("2026-11-20T07:00:00Z").Time()) != nil {
		t.Error("an open cycle is the current one from its start on")
	}
}

func TestAnyBillingCycleMayBeOpen(t *testing.T) {
	t.Parallel()
	for items, want := range map[string]string{
		`{"after":1762329600,"before":1764921600},{"after":1764921600,"before":null}`:       "2025-12-05 to open, 2025-11-05 to 2025-12-04",
		`{"after":1762329600,"before":1764921600},{"after":1764921600}`:                     "2025-12-05 to open, 2025-11-05 to 2025-12-04",
		`{"after":1762329600,"before":1764921600},{"after":1764921600,"before":0}`:          "2025-12-05 to open, 2025-11-05 to 2025-12-04",
		`{"after":1764921600,"before":253402300799}`:                                        "2025-12-05 to open",
		`{"after":1762329600},{"after":1764921600,"before":1767600000}`:                     "2025-12-05 to 2026-01-04, 2025-11-05 to open",
		`{"after":1762329600,"before":1762329600},{"after":1762329600}`:                     "2025-11-05 to open",
		`{"after":1762329600,"before":1762329600}`:                                          "",
		`{"after":1762329600,"before":1764921600},{"after":1762329600,"before":1764921600}`: "2025-11-05 to 2025-12-04",
	} {
		notices, err := noticed(t, func(ctx context.Context) error {
			cycles, err := cyclesServer(t, items).BillingCycles(ctx)
			var got []string
			for _, c := range cycles {
				end := "open"
				if c.EndDate != nil {
					end = c.EndDate.String()
				}
				got = append(got, c.StartDate.String()+" to "+end)
			}
			if text := strings.Join(got, ", "); text != want {
				t.Errorf("%s: got %s, want %s", items, text, want)
			}
			return err
		})
		if err != nil || notices != nil {
			t.Errorf("%s: %q, %v", items, notices, err)
		}
	}
}

func TestTheCurrentBillingCycleIsTheNewestThatCoversThePresent(t *testing.T) {
	t.Parallel()
	const past, current, open = `{"after":1770278400,"before":1772697600}`, `{"after":1772697600,"before":1775376000}`, `{"after":1767600000}`
	for items, want := range map[string]string{
		past + "," + current: "2026-03-05", past + "," + current + "," + open: "2026-03-05", open + "," + past: "2026-01-05", past: "", "": "",
	} {
		got, err := cyclesServer(t, items).CurrentBillingCycle(t.Context())
		switch {
		case err != nil, got == nil != (want == ""):
			t.Errorf("%s: got %+v, %v", items, got, err)
		case got != nil && got.StartDate.String() != want:
			t.Errorf("%s: got the cycle from %s, want %s", items, got.StartDate, want)
		}
	}
}

// spanOf is a cycle from one instant to another; an empty end is an open cycle.
func spanOf(t *testing.T, start, end string) BillingCycle {
	t.Helper()
	at := func(text string) *Instant {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return new(Instant(when.Unix()))
	}
	b := BillingCycle{StartsAt: at(start)}
	if end != "" {
		b.EndsAt = at(end)
	}
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestProgressCountsTheDaysThatHaveEnded(t *testing.T) {
	t.Parallel()
	whole := spanOf(t, "2026-11-05T08:00:00Z", "2026-12-05T08:00:00Z")
	// As version 2 of the API had them.
	lastSecond := spanOf(t, "2026-11-05T00:00:00Z", "2026-12-04T23:59:59Z")
	for _, tt := range []struct {
		cycle              BillingCycle
		today              string
		elapsed, remaining int64
	}{
		{whole, "2026-11-05", 0, 30},
		{whole, "2026-11-06", 1, 29},
		{whole, "2026-11-20", 15, 15},
		{whole, "2026-12-04", 29, 1},
		{whole, "2026-12-05", 30, 0},
		{whole, "2026-12-06", 30, 0},
		{lastSecond, "2026-12-04", 29, 1},
	} {
		p := tt.cycle.Progress(mustDay(t, tt.today))
		if p.StartDate != tt.cycle.StartDate || *p.DaysTotal != 30 || p.DaysElapsed != tt.elapsed || *p.DaysRemaining != tt.remaining {
			t.Errorf("%s to %s, today %s: %+v", tt.cycle.StartDate, tt.cycle.EndDate, tt.today, p)
		}
	}
	open := spanOf(t, "2026-11-05T08:00:00Z", "")
	if p := open.Progress(mustDay(t, "2026-11-20")); p.DaysTotal != nil || p.DaysElapsed != 15 || p.DaysRemaining != nil {
		t.Errorf("of an open cycle: %+v", p)
	}
}

func TestThePreviousBillingCycleIsTheNewestThatHasEnded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	december, november := spanOf(t, "2026-12-05T08:00:00Z", "2027-01-05T08:00:00Z"), spanOf(t, "2026-11-05T08:00:00Z", "2026-12-05T08:00:00Z")
	october, september := spanOf(t, "2026-10-05T08:00:00Z", "2026-11-05T08:00:00Z"), spanOf(t, "2026-09-05T08:00:00Z", "2026-10-05T08:00:00Z")
	all := []BillingCycle{december, november, october, september}
	if got := PreviousBillingCycle(all, now); got != &all[2] {
		t.Errorf("got %v", got)
	}
	gap := []BillingCycle{december, october}
	if got := PreviousBillingCycle(gap, now); got != &gap[1] || CurrentBillingCycle(gap, now) != nil {
		t.Errorf("in a gap: %v", got)
	}
	if got := PreviousBillingCycle(all[:1], now); got != nil {
		t.Errorf("before all: %v", got)
	}
}
