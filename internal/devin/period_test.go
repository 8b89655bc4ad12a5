package devin

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func mustPeriod(t *testing.T, name string) Period {
	t.Helper()
	p, err := ParsePeriod(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPeriodsOfTheCalendar(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"2026-10":    "2026-10-01 to 2026-10-31",
		"2026-12":    "2026-12-01 to 2026-12-31",
		"2026-02":    "2026-02-01 to 2026-02-28",
		"2024-02":    "2024-02-01 to 2024-02-29",
		"2100-02":    "2100-02-01 to 2100-02-28",
		"2020-01":    "2020-01-01 to 2020-01-31",
		"2199-12":    "2199-12-01 to 2199-12-31",
		"2026-Q1":    "2026-01-01 to 2026-03-31",
		"2026-Q2":    "2026-04-01 to 2026-06-30",
		"2026-Q3":    "2026-07-01 to 2026-09-30",
		"2026-Q4":    "2026-10-01 to 2026-12-31",
		"2024-Q1":    "2024-01-01 to 2024-03-31",
		"2026-W45":   "2026-11-02 to 2026-11-08",
		"2026-W01":   "2025-12-29 to 2026-01-04",
		"2026-W53":   "2026-12-28 to 2027-01-03",
		"2027-W01":   "2027-01-04 to 2027-01-10",
		"2020-W53":   "2020-12-28 to 2021-01-03",
		"2024-W01":   "2024-01-01 to 2024-01-07",
		"2024-W09":   "2024-02-26 to 2024-03-03",
		"2026-10-31": "2026-10-31 to 2026-10-31",
		"2024-02-29": "2024-02-29 to 2024-02-29",
	} {
		p := mustPeriod(t, name)
		if w, ok := p.Dates(); !ok || w.String() != want || p.String() != name {
			t.Errorf("%s is %s, want %s", p, w, want)
		}
	}
}

// Every day is in the month, quarter and week that package time says.
func TestEveryDayIsInItsPeriods(t *testing.T) {
	t.Parallel()
	for day := mustDay(t, "2020-01-06"); day <= mustDay(t, "2199-12-29"); day++ {
		date := day.midnightUTC()
		year, week := date.ISOWeek()
		for name, length := range map[string]int{
			date.Format("2006-01"): 31,
			fmt.Sprintf("%d-Q%d", date.Year(), (int(date.Month())+2)/3): 92,
			fmt.Sprintf("%d-W%02d", year, week):                         7,
			day.String():                                                1,
		} {
			if w, err := ParseCalendarPeriod(name); err != nil || !w.Contains(day) || w.Len() > length {
				t.Fatalf("%s is %s, %v, and %s should be in it", name, w, err, day)
			}
		}
	}
}

func TestParsePeriodSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                "is no period: a period is current_cycle, previous_cycle, month_to_date, quarter_to_date, week_to_date, last_month, last_quarter, last_week, last_7_days,",
		"october":         "a month such as 2026-10, a quarter such as 2026-Q3, a week from Monday to Sunday such as 2026-W45, or a day such as 2026-10-31",
		"last month":      "is no period",
		"LAST_MONTH":      "is no period",
		"last_8_days":     "is no period",
		"2026":            "is no period",
		"2026-1":          "is no period",
		"2026-q3":         "is no period",
		"2026-Q03":        "is no period",
		"2026-W5":         "is no period",
		"2026W45":         "is no period",
		"2026-10 ":        "is no period",
		"2026-10-1":       "is no period",
		"2026-10-01T00":   "is no period",
		"２０２６-10":         "is no period",
		"2026-00":         "2026-00 does not exist in the calendar",
		"2026-13":         "2026-13 does not exist in the calendar",
		"2026-Q0":         "does not exist in the calendar",
		"2026-Q5":         "does not exist in the calendar",
		"2026-W00":        "does not exist in the calendar",
		"2026-W54":        "does not exist in the calendar",
		"2025-W53":        "does not exist in the calendar",
		"2026-02-29":      "2026-02-29 does not exist in the calendar",
		"2019-12":         "2019-12 is 2019-12-01 to 2019-12-31, which is not between 2020-01-01 and 2199-12-31",
		"2019-Q4":         "is not between",
		"2020-W01":        "2020-W01 is 2019-12-30 to 2020-01-05, which is not between",
		"2200-W01":        "is not between",
		"2200-01":         "is not between",
		"0000-01":         "is not between",
		"2019-12-31":      "is not between",
		"current_cycle\n": "is no period",
	} {
		if p, err := ParsePeriod(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %v, %v, want %s", text, p, err, want)
		}
	}
}

// windowOf is the window of a period on the current day, without its cycles.
func windowOf(t *testing.T, name, today string) string {
	t.Helper()
	w, err := (&Client{}).WindowOf(t.Context(), mustPeriod(t, name), mustDay(t, today))
	if err != nil {
		return err.Error()
	}
	return w.String()
}

func TestPeriodsThatMove(t *testing.T) {
	t.Parallel()
	for today, want := range map[string]map[string]string{
		"2026-11-27": { // a Friday
			"month_to_date": "2026-11-01 to 2026-11-27",
			"week_to_date":  "2026-11-23 to 2026-11-27",
			"last_month":    "2026-10-01 to 2026-10-31",
			"last_week":     "2026-11-16 to 2026-11-22",
			"last_7_days":   "2026-11-20 to 2026-11-26",
			"last_28_days":  "2026-10-30 to 2026-11-26",
			"last_30_days":  "2026-10-28 to 2026-11-26",
			"last_90_days":  "2026-08-29 to 2026-11-26",
		},
		"2026-06-01": { // a Monday and the first of a month
			"month_to_date": "2026-06-01 to 2026-06-01",
			"week_to_date":  "2026-06-01 to 2026-06-01",
			"last_month":    "2026-05-01 to 2026-05-31",
			"last_week":     "2026-05-25 to 2026-05-31",
		},
		"2027-01-01": { // a Friday in the week 2026-W53
			"month_to_date": "2027-01-01 to 2027-01-01",
			"week_to_date":  "2026-12-28 to 2027-01-01",
			"last_month":    "2026-12-01 to 2026-12-31",
			"last_week":     "2026-12-21 to 2026-12-27",
			"last_7_days":   "2026-12-25 to 2026-12-31",
		},
		"2027-01-10": { // a Sunday
			"week_to_date": "2027-01-04 to 2027-01-10",
			"last_week":    "2026-12-28 to 2027-01-03",
		},
		"2024-03-01": {"last_month": "2024-02-01 to 2024-02-29", "last_7_days": "2024-02-23 to 2024-02-29"},
		"2025-03-31": {"last_month": "2025-02-01 to 2025-02-28"},
	} {
		for name, window := range want {
			if got := windowOf(t, name, today); got != window {
				t.Errorf("on %s, %s is %s, want %s", today, name, got, window)
			}
		}
	}
}

// A period of the calendar that is running keeps its dates, as start_date and end_date
// in one do.
func TestAPeriodOfTheCalendarIsReadOnceItHasBegun(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"2026-11":    "2026-11-01 to 2026-11-30",
		"2026-Q4":    "2026-10-01 to 2026-12-31",
		"2026-W48":   "2026-11-23 to 2026-11-29",
		"2026-11-27": "2026-11-27 to 2026-11-27",
		"2026-11-28": "2026-11-28 begins on 2026-11-28, and the current day is 2026-11-27: there is nothing to read yet",
		"2026-12":    "2026-12 begins on 2026-12-01, and the current day is",
		"2027-Q1":    "2027-Q1 begins on 2027-01-01",
		"2026-W49":   "2026-W49 begins on 2026-11-30",
	} {
		if got := windowOf(t, name, "2026-11-27"); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestPeriodsOfBillingCycles(t *testing.T) {
	t.Parallel()
	const past, running, open = `{"after":1770278400,"before":1772697600}`, `{"after":1772697600,"before":1775376000}`, `{"after":1772697600}`
	const midnight = `{"after":1770249600,"before":1773187200},{"after":1773187200,"before":1775865600}` // from 2026-03-11T00:00:00Z on
	// The current billing day is 2026-03-10.
	for _, tt := range []struct{ cycles, today, current, previous string }{
		{past + "," + running, "2026-03-10", "2026-03-05 to 2026-03-10", "2026-02-05 to 2026-03-04"},
		{past + "," + open, "2026-03-10", "2026-03-05 to 2026-03-10", "2026-02-05 to 2026-03-04"},
		{running, "2026-03-10", "2026-03-05 to 2026-03-10", "Devin lists no billing cycle that has ended by 2026-03-10"},
		{past, "2026-03-10", "Devin lists no billing cycle that 2026-03-10 is in", "2026-02-05 to 2026-03-04"},
		{"", "2026-03-10", "Devin lists no billing cycle", "Devin lists no billing cycle"},
		{midnight, "2026-03-10", "2026-02-05 to 2026-03-10", "Devin lists no billing cycle"},
		// Of the day in UTC, which begins eight hours earlier.
		{past, "2026-03-11", "Devin lists no billing cycle that 2026-03-11 is in", "2026-02-05 to 2026-03-04"},
		{`{"after":1770796800,"before":1773216000}`, "2026-03-11", "2026-03-11 to 2026-03-11", "2026-02-11 to 2026-03-10"},
		{`{"after":1770796800,"before":1773216000}`, "2026-03-10", "2026-02-11 to 2026-03-10", "Devin lists no billing cycle that has ended by"},
		{midnight, "2026-03-11", "2026-03-11 to 2026-03-11", "2026-02-05 to 2026-03-10"},
	} {
		client := cyclesServer(t, tt.cycles)
		for name, want := range map[string]string{"current_cycle": tt.current, "previous_cycle": tt.previous} {
			w, err := client.WindowOf(t.Context(), mustPeriod(t, name), mustDay(t, tt.today))
			var none *PeriodError
			switch {
			case errors.As(err, &none):
				if !strings.HasPrefix(none.Error(), want) || none.Err != nil {
					t.Errorf("%s: %s is an error, want %s: %v", tt.cycles, name, want, err)
				}
			case err != nil || w.String() != want:
				t.Errorf("%s: %s is %s, %v, want %s", tt.cycles, name, w, err, want)
			}
		}
	}
}

// On the first day of a cycle the period is that day, as with start_date alone.
func TestTheCurrentCycleOnItsFirstDay(t *testing.T) {
	t.Parallel()
	client := cyclesServer(t, `{"after":1773129600,"before":1775376000}`) // 2026-03-10T08:00:00Z
	if w, err := client.WindowOf(t.Context(), mustPeriod(t, "current_cycle"), DayAt(client.Now())); err != nil || w.String() != "2026-03-10 to 2026-03-10" {
		t.Errorf("got %s, %v", w, err)
	}
}

func TestCyclesAreReadWithAKeyOfTheEnterpriseOnly(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	today := DayAt(clienttest.Now)
	period := mustPeriod(t, "current_cycle")
	enterprise := newClient(t, fake.URL)
	self, err := newClient(t, fake.URL, withKey(t, devintest.KeyOrganization)).Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	orgID := *self.OrgID
	want, err := enterprise.WindowOf(t.Context(), period, today)
	if err != nil {
		t.Fatal(err)
	}
	if w, err := enterprise.In(orgID).WindowOf(t.Context(), period, today); err != nil || w != want {
		t.Errorf("with a key of the enterprise: %s, %v, want %s", w, err, want)
	}
	for key, cause := range map[string]bool{devintest.KeyOrganization: true, devintest.KeyForbidden: false} {
		_, err := newClient(t, fake.URL, withKey(t, key)).In(orgID).WindowOf(t.Context(), period, today)
		var period *PeriodError
		if errors.As(err, &period) != cause || !errors.Is(err, ErrForbidden) {
			t.Fatalf("%s: %v", key, err)
		}
		if !cause {
			continue
		}
		for _, text := range []string{"current_cycle is a billing cycle", "a key of one organization cannot read", "another period, which is month_to_date,", "2026-Q3"} {
			if !strings.Contains(period.Reason, text) {
				t.Errorf("the error does not say %q: %s", text, period.Reason)
			}
		}
	}
	if _, err := newClient(t, fake.URL, withKey(t, devintest.KeyOrganization)).In(orgID).WindowOf(t.Context(), mustPeriod(t, "last_month"), today); err != nil {
		t.Errorf("another period: %v", err)
	}
}

func FuzzPeriod(f *testing.F) {
	for _, text := range append(MovingPeriods(), "2026-10", "2026-Q3", "2026-W45", "2026-W53", "2025-W53", "2026-10-31", "2020-W01", "0000-00", "9999-Q4", "2026-Q", "", "\n") {
		f.Add(text, 0)
		f.Add(text, 2500)
	}
	f.Fuzz(func(t *testing.T, text string, days int) {
		p, err := ParsePeriod(text)
		if err != nil {
			if utf8.ValidString(text) && len(err.Error()) > 10*len(text)+600 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			return
		}
		today := firstSaneDay + Day(uint(days)%uint(lastSaneDay-firstSaneDay))
		w, ok := p.Dates()
		if !ok && strings.HasSuffix(text, "_cycle") {
			return
		}
		if !ok {
			if w, err = (&Client{}).WindowOf(t.Context(), p, today); err != nil {
				t.Fatal(err)
			}
			if toDate := strings.HasSuffix(text, "_to_date"); w.Contains(today) != toDate || toDate && w.End != today || w.End > today {
				t.Errorf("on %s, %s is %s", today, text, w)
			}
		}
		if p.String() != text || w.Start > w.End || w.Len() > 92 {
			t.Errorf("%q is %s, %s", text, p, w)
		}
		if strings.Contains(text, "week") || strings.Contains(text, "W") {
			if w.Start.midnightUTC().Weekday() != time.Monday {
				t.Errorf("%s begins on a %s", text, w.Start.midnightUTC().Weekday())
			}
		}
	})
}
