package devin

import (
	"fmt"
	"net/url"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzDay(f *testing.F) {
	for _, text := range []string{
		"2026-11-20", "2024-02-29", "2025-02-29", "2019-12-31", "2020-01-01", "2199-12-31", "2200-01-01", "0000-00-00", "2026-1-1",
		"2026-11-20T00:00:00Z", "+2026-11-20", "２０２６-11-20", "", " 2026-11-20", "99999-01-01", "2026-11-20\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, err := ParseDay(text)
		if err != nil {
			if utf8.ValidString(text) && len(err.Error()) > 10*len(text)+200 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			return
		}
		if day.String() != text {
			t.Errorf("%q is read as %s", text, day)
		}
		start := day.Start()
		if start.Hour() != 8 || DayAt(start) != day || DayAt(start.Add(-time.Nanosecond)) != day-1 || DayAt((day+1).Start()) != day+1 {
			t.Errorf("%s starts at %s", day, start)
		}
	})
}

func FuzzWindow(f *testing.F) {
	for _, seconds := range []int64{0, 1764921600, 1733385600, 1764921600000, -1, 1 << 53, -1 << 63, 1<<63 - 1, 1577865600, 1577865599, 7258147200} {
		f.Add(seconds, int64(0))
		f.Add(seconds, int64(30))
	}
	f.Fuzz(func(t *testing.T, seconds, more int64) {
		at, err := instantOfAPI(seconds)
		day := dayOfDate(at)
		if err != nil {
			if at := time.Unix(seconds, 0).UTC(); at.Year() > 2020 && at.Year() < 2199 {
				t.Errorf("%d is refused: %v", seconds, err)
			}
			return
		}
		if got := time.Unix(seconds, 0).UTC().Format(time.DateOnly); day.String() != got {
			t.Errorf("%d is the day %s, want %s", seconds, day, got)
		}
		if more < 0 || more > 40000 {
			return
		}
		w := Window{Start: day, End: day + Day(more)}
		q := w.query(url.Values{})
		var after, before int64
		if _, err := fmt.Sscan(q.Get("time_after")+" "+q.Get("time_before"), &after, &before); err != nil {
			t.Fatal(err)
		}
		if before-after != int64(w.Len())*secondsPerDay || after%secondsPerDay != 8*3600 || !w.Contains(w.End) || w.Contains(w.End+1) || w.Complete(w.End.Start()) {
			t.Errorf("%s asks for %v", w, q)
		}
	})
}
