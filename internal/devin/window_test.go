package devin

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	// The test of daylight saving needs time zones on any machine.
	_ "time/tzdata"
)

func mustDay(t *testing.T, text string) Day {
	t.Helper()
	day, err := ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func TestParseDayReadsRealDatesOnly(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"2020-01-01": true, "2199-12-31": true, "2024-02-29": true, "2025-12-05": true,
		"2019-12-31": false, "2200-01-01": false, "0000-01-01": false, "1970-01-01": false,
		"2025-02-29": false, "2025-13-01": false, "2025-00-10": false, "2025-04-31": false, "2025-01-00": false,
		"2025-1-1": false, "2025-12-5": false, "20251205": false, "2025/12/05": false, "05-12-2025": false,
		"2025-12-05T00:00:00Z": false, " 2025-12-05": false, "2025-12-05 ": false, "": false, "today": false,
		"1764921600": false, "٢٠٢٥-١٢-٠٥": false,
	} {
		day, err := ParseDay(text)
		switch {
		case ok && (err != nil || day.String() != text):
			t.Errorf("ParseDay(%q) = %s, %v", text, day, err)
		case !ok && err == nil:
			t.Errorf("ParseDay(%q) = %s, want an error", text, day)
		case !ok && errors.Is(err, ErrNoDate) == (len(text) == 10 && text[4] == '-' && text[7] == '-'):
			t.Errorf("ParseDay(%q) does not tell the form from the date: %v", text, err)
		case !ok && text != "" && !strings.Contains(err.Error(), text):
			t.Errorf("ParseDay(%q) does not name it: %v", text, err)
		}
	}
}

func TestDayAppendsTheDateThatStringGives(t *testing.T) {
	t.Parallel()
	// From 1968 to 2215, and a year of five digits.
	days := []Day{3_000_000}
	for day := Day(-500); day < 90_000; day++ {
		days = append(days, day)
	}
	for _, day := range days {
		if text, err := day.AppendText([]byte("on ")); err != nil || string(text) != "on "+day.String() {
			t.Fatalf("got %q, %v, want the date %s", text, err, day)
		}
	}
}

func TestABillingDayRunsFrom8To8UTCAllYear(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2025-12-05T07:59:59Z":      "2025-12-04",
		"2025-12-05T08:00:00Z":      "2025-12-05",
		"2025-12-05T23:59:59Z":      "2025-12-05",
		"2025-12-06T07:59:59.999Z":  "2025-12-05",
		"2026-01-01T00:00:00Z":      "2025-12-31",
		"2024-02-29T08:00:00Z":      "2024-02-29",
		"2025-12-05T00:00:00-08:00": "2025-12-05",
		"2025-12-04T23:59:59-08:00": "2025-12-04",
		// The days on which California changes its clocks, and high summer, when
		// its midnight is 07:00 UTC: the billing day stays.
		"2026-03-08T07:59:59Z": "2026-03-07",
		"2026-03-08T08:00:00Z": "2026-03-08",
		"2026-03-09T07:30:00Z": "2026-03-08",
		"2026-07-01T07:30:00Z": "2026-06-30",
		"2026-07-01T08:00:00Z": "2026-07-01",
		"2026-11-01T08:00:00Z": "2026-11-01",
		"2026-11-02T07:59:59Z": "2026-11-01",
		"1969-12-31T23:00:00Z": "1969-12-31",
	} {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayAt(at).String(); got != want {
			t.Errorf("DayAt(%s) = %s, want %s", text, got, want)
		}
		california, err := time.LoadLocation("America/Los_Angeles")
		if err != nil {
			t.Fatal(err)
		}
		if got := DayAt(at.In(california)).String(); got != want {
			t.Errorf("DayAt(%s in California) = %s, want %s", text, got, want)
		}
	}
}

func TestEveryDayOf2026StartsAt8UTCAndIs24HoursLong(t *testing.T) {
	t.Parallel()
	for d := mustDay(t, "2026-01-01"); d <= mustDay(t, "2026-12-31"); d++ {
		start := d.Start()
		if start.Hour() != 8 || start.Location() != time.UTC || start.Format(time.DateOnly) != d.String() {
			t.Errorf("%s starts at %s", d, start)
		}
		if DayAt(start) != d || DayAt(start.Add(-time.Second)) != d-1 || !(d + 1).Start().Equal(start.Add(24*time.Hour)) {
			t.Errorf("%s does not run from %s for a day", d, start)
		}
	}
}

func TestTheQueryOfAWindowIsNotAYearOff(t *testing.T) {
	t.Parallel()
	// Devin's own example has 1733385600, a year early.
	day := mustDay(t, "2025-12-05")
	got := Window{day, day}.query(url.Values{"x": {"1"}}).Encode()
	if want := "time_after=1764921600&time_before=1765008000&x=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got = Window{mustDay(t, "2026-03-07"), mustDay(t, "2026-03-09")}.query(url.Values{}).Encode()
	if want := "time_after=1772870400&time_before=1773129600"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAWindowIsCompleteOnceItsLastDayHasEnded(t *testing.T) {
	t.Parallel()
	w := Window{mustDay(t, "2025-12-01"), mustDay(t, "2025-12-05")}
	end := time.Date(2025, 12, 6, 8, 0, 0, 0, time.UTC)
	for offset, want := range map[time.Duration]bool{
		-5 * 24 * time.Hour: false, -time.Nanosecond: false, 0: true, time.Hour: true,
	} {
		if got := w.Complete(end.Add(offset)); got != want {
			t.Errorf("%s after its end it is complete: %t", offset, got)
		}
	}
}

func TestAWindowIncludesBothItsDays(t *testing.T) {
	t.Parallel()
	w := Window{mustDay(t, "2025-12-01"), mustDay(t, "2025-12-05")}
	if w.Len() != 5 || (Window{w.End, w.End}).Len() != 1 {
		t.Errorf("it is %d days long", w.Len())
	}
	if w.Contains(w.Start-1) || !w.Contains(w.Start) || !w.Contains(w.End) || w.Contains(w.End+1) {
		t.Error("its bounds are wrong")
	}
	if w.String() != "2025-12-01 to 2025-12-05" {
		t.Errorf("it is written %s", w)
	}
}

func TestTheAPIsDaysAreReadAsUTCDates(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]string{
		1764921600: "2025-12-05", // 08:00 UTC
		1764892800: "2025-12-05", // 00:00 UTC
		1733385600: "2024-12-05",
		1577865600: "2020-01-01",
		7258060800: "2199-12-31",
	} {
		if day := readAs[Day](fmt.Sprint(seconds)); day != want {
			t.Errorf("%d is read as %s, want %s", seconds, day, want)
		}
	}
}

func TestAbsurdTimesOfTheAPIAreRefusedByName(t *testing.T) {
	t.Parallel()
	for seconds, name := range map[int64]string{
		1764921600000:       "1764921600000", // milliseconds
		0:                   "0",
		86400:               "86400",
		-1:                  "-1",
		20251205:            "20251205",
		1 << 53:             "9007199254740992",
		-(1 << 53):          "-9007199254740992",
		9223372036854775807: "9223372036854775807",
	} {
		if _, err := instantOfAPI(seconds); err == nil || !strings.HasPrefix(err.Error(), name+",") {
			t.Errorf("%d gave %v", seconds, err)
		}
	}
}
