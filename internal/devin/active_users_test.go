package devin

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// period is a period of an answer, from the beginning of a day in UTC to a number of
// seconds after the beginning of another.
func period(t *testing.T, from, to string, seconds int64) string {
	t.Helper()
	return fmt.Sprintf(`{"active_users":7,"start_time":%d,"end_time":%d}`, mustDay(t, from).midnightUTC().Unix(), mustDay(t, to).midnightUTC().Unix()+seconds)
}

// lastSecond and end are how a period may end; the API does not document which.
const (
	lastSecond = secondsPerDay - 1
	end        = secondsPerDay
	now        = 20 * 3600 // of the 10th of March 2026, clienttest.Now
)

func TestPeriodsOfActiveUsers(t *testing.T) {
	t.Parallel()
	type span struct {
		from, to string
		seconds  int64
	}
	for name, tt := range map[string]struct {
		period Interval
		window string // its first and its last day
		answer []span
		want   string // the periods that are shown
		notice string
	}{
		// The 2nd and the 9th of March 2026 are Mondays.
		"days":                          {IntervalDay, "2026-03-02 2026-03-03", []span{{"2026-03-02", "2026-03-02", lastSecond}, {"2026-03-03", "2026-03-03", lastSecond}}, "2026-03-02 to 2026-03-02, 2026-03-03 to 2026-03-03", ""},
		"days with an excluded end":     {IntervalDay, "2026-03-02 2026-03-03", []span{{"2026-03-03", "2026-03-03", end}, {"2026-03-02", "2026-03-02", end}}, "2026-03-02 to 2026-03-02, 2026-03-03 to 2026-03-03", ""},
		"the current day":               {IntervalDay, "2026-03-09 2026-03-10", []span{{"2026-03-09", "2026-03-09", end}, {"2026-03-10", "2026-03-10", now}}, "2026-03-09 to 2026-03-09, 2026-03-10 to 2026-03-10", ""},
		"the whole current day":         {IntervalDay, "2026-03-10 2026-03-10", []span{{"2026-03-10", "2026-03-10", end}}, "2026-03-10 to 2026-03-10", ""},
		"days to come":                  {IntervalDay, "2026-03-10 2026-03-12", []span{{"2026-03-10", "2026-03-10", end}}, "2026-03-10 to 2026-03-10", ""},
		"days to come, with 0":          {IntervalDay, "2026-03-10 2026-03-11", []span{{"2026-03-10", "2026-03-10", end}, {"2026-03-11", "2026-03-11", end}}, "2026-03-10 to 2026-03-10, 2026-03-11 to 2026-03-11", ""},
		"a last period of no length":    {IntervalDay, "2026-03-02 2026-03-02", []span{{"2026-03-02", "2026-03-02", end}, {"2026-03-03", "2026-03-03", 0}}, "2026-03-02 to 2026-03-02", ""},
		"a bound that is included":      {IntervalDay, "2026-03-02 2026-03-02", []span{{"2026-03-02", "2026-03-02", lastSecond}, {"2026-03-03", "2026-03-03", lastSecond}}, "2026-03-02 to 2026-03-02", ""},
		"whole weeks":                   {IntervalWeek, "2026-03-04 2026-03-10", []span{{"2026-03-02", "2026-03-08", lastSecond}, {"2026-03-09", "2026-03-15", lastSecond}}, "2026-03-02 to 2026-03-08, 2026-03-09 to 2026-03-15", ""},
		"weeks cut to the window":       {IntervalWeek, "2026-03-04 2026-03-09", []span{{"2026-03-04", "2026-03-08", lastSecond}, {"2026-03-09", "2026-03-09", lastSecond}}, "2026-03-04 to 2026-03-08, 2026-03-09 to 2026-03-09", ""},
		"a week cut at now":             {IntervalWeek, "2026-03-09 2026-03-15", []span{{"2026-03-09", "2026-03-10", now}}, "2026-03-09 to 2026-03-10", ""},
		"months":                        {IntervalMonth, "2026-02-10 2026-03-10", []span{{"2026-02-01", "2026-02-28", end}, {"2026-03-01", "2026-03-31", end}}, "2026-02-01 to 2026-02-28, 2026-03-01 to 2026-03-31", ""},
		"months cut":                    {IntervalMonth, "2026-02-10 2026-03-10", []span{{"2026-02-10", "2026-02-28", end}, {"2026-03-01", "2026-03-10", now}}, "2026-02-10 to 2026-02-28, 2026-03-01 to 2026-03-10", ""},
		"February of a leap year":       {IntervalMonth, "2024-02-01 2024-02-29", []span{{"2024-02-01", "2024-02-29", end}}, "2024-02-01 to 2024-02-29", ""},
		"a hole":                        {IntervalDay, "2026-03-02 2026-03-04", []span{{"2026-03-02", "2026-03-02", end}, {"2026-03-04", "2026-03-04", end}}, "2026-03-02 to 2026-03-02, 2026-03-04 to 2026-03-04", "the window is 2026-03-02 to 2026-03-04, and the day from 2026-03-03 is missing"},
		"fewer weeks than asked for":    {IntervalWeek, "2026-02-20 2026-03-08", []span{{"2026-03-02", "2026-03-08", end}}, "2026-03-02 to 2026-03-08", "the window is 2026-02-20 to 2026-03-08, and the week from 2026-02-20 is missing"},
		"none":                          {IntervalMonth, "2026-02-10 2026-03-10", nil, "", "the window is 2026-02-10 to 2026-03-10, and the month from 2026-02-10 is missing"},
		"another time":                  {IntervalDay, "2026-03-02 2026-03-02", []span{{"2025-03-02", "2025-03-02", end}}, "", "the window is 2026-03-02 to 2026-03-02, and the day from 2026-03-02 is missing"},
		"days for weeks":                {IntervalWeek, "2026-03-02 2026-03-08", []span{{"2026-03-02", "2026-03-02", end}, {"2026-03-03", "2026-03-03", end}}, "2026-03-02 to 2026-03-02, 2026-03-03 to 2026-03-03", "an interval from 2026-03-02 to 2026-03-02 is no week"},
		"weeks for days":                {IntervalDay, "2026-03-02 2026-03-08", []span{{"2026-03-02", "2026-03-08", end}}, "2026-03-02 to 2026-03-08", "an interval from 2026-03-02 to 2026-03-08 is no day"},
		"weeks from Sunday":             {IntervalWeek, "2026-03-02 2026-03-08", []span{{"2026-03-01", "2026-03-07", end}, {"2026-03-08", "2026-03-14", end}}, "2026-03-01 to 2026-03-07, 2026-03-08 to 2026-03-14", "an interval from 2026-03-01 to 2026-03-07 is no week"},
		"a period that comes twice":     {IntervalDay, "2026-03-02 2026-03-02", []span{{"2026-03-02", "2026-03-02", end}, {"2026-03-02", "2026-03-02", end}}, "2026-03-02 to 2026-03-02, 2026-03-02 to 2026-03-02", "the intervals from 2026-03-02 and from 2026-03-02 overlap"},
		"the window":                    {IntervalWindow, "2026-03-02 2026-03-04", []span{{"2026-03-02", "2026-03-04", lastSecond}}, "2026-03-02 to 2026-03-04", ""},
		"the window, excluded end":      {IntervalWindow, "2026-03-02 2026-03-04", []span{{"2026-03-02", "2026-03-04", end}}, "2026-03-02 to 2026-03-04", ""},
		"a running window up to now":    {IntervalWindow, "2026-03-02 2026-03-31", []span{{"2026-03-02", "2026-03-10", now}}, "2026-03-02 to 2026-03-31", ""},
		"a running window, whole":       {IntervalWindow, "2026-03-02 2026-03-31", []span{{"2026-03-02", "2026-03-31", end}}, "2026-03-02 to 2026-03-31", ""},
		"a window that starts later":    {IntervalWindow, "2026-03-02 2026-03-04", []span{{"2026-03-03", "2026-03-04", end}}, "2026-03-02 to 2026-03-04", "the window is 2026-03-02 to 2026-03-04, and the answer says that it is for 2026-03-03 to 2026-03-04"},
		"a window that ends now":        {IntervalWindow, "2026-03-02 2026-03-04", []span{{"2026-03-02", "2026-03-10", now}}, "2026-03-02 to 2026-03-04", "the window is 2026-03-02 to 2026-03-04, and the answer says that it is for 2026-03-02 to 2026-03-10"},
		"a window of a day too many":    {IntervalWindow, "2026-03-02 2026-03-04", []span{{"2026-03-02", "2026-03-05", end}}, "2026-03-02 to 2026-03-04", "the window is 2026-03-02 to 2026-03-04, and the answer says that it is for 2026-03-02 to 2026-03-05"},
		"an ended window, cut too soon": {IntervalWindow, "2026-03-02 2026-03-09", []span{{"2026-03-02", "2026-03-08", end}}, "2026-03-02 to 2026-03-09", "the window is 2026-03-02 to 2026-03-09, and the answer says that it is for 2026-03-02 to 2026-03-08"},
	} {
		var periods []string
		for _, s := range tt.answer {
			periods = append(periods, period(t, s.from, s.to, s.seconds))
		}
		body := "[" + strings.Join(periods, ",") + "]"
		if tt.period == IntervalWindow {
			body = periods[0]
		}
		var w Window
		from, to, _ := strings.Cut(tt.window, " ")
		w.Start, w.End = mustDay(t, from), mustDay(t, to)
		notices, err := noticed(t, func(ctx context.Context) error {
			all, err := serveOne(t, body).ActiveUsers(ctx, w, tt.period, ActivityFilter{})
			var got []string
			for _, a := range all {
				got = append(got, Window{a.StartDate, a.EndDate}.String())
			}
			if text := strings.Join(got, ", "); text != tt.want || all == nil {
				t.Errorf("%s: got %s, want %s", name, text, tt.want)
			}
			return err
		})
		if tt.notice != "" {
			tt.notice = "Devin answers for another time: " + tt.notice
		}
		if err != nil || strings.Join(notices, "\n") != tt.notice {
			t.Errorf("%s: %q, %v; want %q", name, notices, err, tt.notice)
		}
	}
}

func TestActiveUsersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`null`: "it is null, and not a list of intervals", `{}`: "is a JSON ", `[null]`: "[0].active_users is missing",
		`[{"active_users":1,"start_time":1772409600}]`:                         "[0].end_time is missing",
		`[{"active_users":1,"start_time":0,"end_time":1772409600}]`:            "[0].start_time is missing",
		`[{"active_users":1,"start_time":1772409600,"end_time":1772409599}]`:   "an interval cannot end before it starts",
		`[{"active_users":-1,"start_time":1772409600,"end_time":1772496000}]`:  "[0].active_users: -1 is negative",
		`[{"active_users":1.5,"start_time":1772409600,"end_time":1772496000}]`: "1.5 is not an integer",
	} {
		if got, err := serveOne(t, body).ActiveUsers(t.Context(), week, IntervalDay, ActivityFilter{}); got != nil || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v, want %q", body, got, err, want)
		}
	}
}

func TestActiveUsersAreReadInDaysInUTC(t *testing.T) {
	t.Parallel()
	w := Window{mustDay(t, "2026-03-02"), mustDay(t, "2026-03-04")}
	for p, path := range map[Interval]string{IntervalWindow: "active-users", IntervalDay: "dau", IntervalWeek: "wau", IntervalMonth: "mau"} {
		for _, orgID := range []string{"", "org-1"} {
			c, _ := serve(t, func(r *http.Request) (int, string) {
				want := fmt.Sprintf("min_searches=0&min_sessions=2&time_after=%d&time_before=%d", w.Start.midnightUTC().Unix(), w.End.midnightUTC().Add(24*time.Hour).Unix())
				if r.URL.Path != scopePath(orgID)+"/metrics/"+path || r.URL.RawQuery != want {
					t.Errorf("%s asks for %s", p, r.URL)
				}
				if p == IntervalWindow {
					return http.StatusOK, strings.Replace(period(t, "2026-03-02", "2026-03-04", end), "7", "0", 1)
				}
				return http.StatusOK, "[]"
			})
			if _, err := c.In(orgID).ActiveUsers(t.Context(), w, p, ActivityFilter{MinSessions: new(int64(2)), MinSearches: new(int64(0))}); err != nil {
				t.Error(err)
			}
		}
	}
}
