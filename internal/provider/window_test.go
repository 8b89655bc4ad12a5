package provider

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// The guide about windows warns against formatdate for billing days, and days of UTC
// are no billing days.
func TestTheErrorOfABadDateSaysHowToWriteOne(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	p, client := newProtocol(t, fake.Provider()), fake.Client(t, devintest.KeyOK)
	for _, tt := range []struct {
		source, date, summary, says, not string
	}{
		{"devin_pr_metrics", "2026-11-1", "Malformed date", `"2026-11-1" is not a date written as YYYY-MM-DD. It names a billing day; provider::devin::billing_date(...)`, "formatdate"},
		{"devin_pr_metrics", "2026-11-31", "Impossible date", "2026-11-31 does not exist in the calendar", "YYYY-MM-DD"},
		{"devin_pr_metrics", "1999-12-31", "Impossible date", "1999-12-31 is not between 2020-01-01 and 2199-12-31", "YYYY-MM-DD"},
		{"devin_active_users", "2026-11-01T00:00:00Z", "Malformed date", "It names a day of UTC; formatdate(", "billing"},
		{"devin_active_users", "2026-11-31", "Impossible date", "2026-11-31 does not exist in the calendar", "billing"},
	} {
		_, read := (&windowModel{StartDate: types.StringValue(tt.date)}).resolve(client, billingDays)
		if tt.source == "devin_active_users" {
			_, read = (&windowModel{StartDate: types.StringValue(tt.date)}).resolve(client, utcDays)
		}
		for _, argument := range []string{"start_date", "end_date"} {
			given := map[string]any{"start_date": "2026-11-01"}
			given[argument] = tt.date
			got := providertest.Messages(p.ValidateData(t, tt.source, given))
			if argument == "start_date" && !strings.Contains(got, read.Error()) {
				t.Errorf("validate says %q, and a read %q", got, read)
			}
			if !strings.Contains(got, argument+": "+tt.summary) || !strings.Contains(got, tt.says) || strings.Contains(got, tt.not) {
				t.Errorf("%s = %q: %s", argument, tt.date, got)
			}
		}
	}
}

func TestWindowDefaultsToTheLastBillingDayThatHasEnded(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	for _, tt := range []struct {
		start, end string
		want       string
		complete   bool
		err        string
	}{
		{"2026-11-01", "", "2026-11-01 to 2026-11-19", true, ""},
		{"2026-11-19", "", "2026-11-19 to 2026-11-19", true, ""},
		// A cycle to date is read on its first day, too, which has not ended.
		{"2026-11-20", "", "2026-11-20 to 2026-11-20", false, ""},
		{"2026-11-01", "2026-11-20", "2026-11-01 to 2026-11-20", false, ""},
		{"2026-11-01", "2026-12-31", "2026-11-01 to 2026-12-31", false, ""},
		{"2026-11-21", "", "", false, "start_date: Window in the future"},
		{"2026-11-21", "2026-11-25", "", false, "start_date: Window in the future"},
		{"2026-11-05", "2026-11-04", "", false, "end_date: Window ends before it starts"},
		{"2026-13-01", "", "", false, "start_date: Impossible date"},
		{"2026-11-01", "yesterday", "", false, "end_date: Malformed date"},
	} {
		m := window(tt.start, tt.end)
		w, err := m.resolve(client, billingDays)
		switch {
		case tt.err != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.err)):
			t.Errorf("%s to %s: %v, want %s", tt.start, tt.end, err, tt.err)
		case tt.err == "" && (err != nil || w.String() != tt.want || *m.Complete != tt.complete):
			t.Errorf("%s to %s: %s, complete %v, %v", tt.start, tt.end, w, m.Complete, err)
		}
	}
}

// Validate and resolve refuse the same dates, those in the future excepted.
func FuzzDates(f *testing.F) {
	for _, seed := range [][2]string{
		{"2026-11-01", ""},
		{"2026-11-01", "2026-11-20"},
		{"2026-11-20", "2026-11-01"},
		{"2026-02-30", ""},
		{"", ""},
		{"2026-11-01", "2199-12-31"},
		{"2199-12-31", "2199-12-31"},
		{"2020-01-01", "x"},
		{"0001-01-01", "9999-12-31"},
		{"2026-11-01T00:00:00Z", "\x00"},
	} {
		f.Add(seed[0], seed[1])
	}
	key, err := devin.ParseKey("cog_Zx81QvKq7TbN4mWe0RjYhLd2")
	if err != nil {
		f.Fatal(err)
	}
	client, err := devin.New(devin.Config{API: devin.API{Key: key, Clock: devintest.NewClock(providertest.Now)}})
	if err != nil {
		f.Fatal(err)
	}
	p := newProtocol(f, New(Options{Version: "test"}))
	f.Fuzz(func(t *testing.T, start, end string) {
		if !utf8.ValidString(start) || !utf8.ValidString(end) {
			return
		}
		m := windowModel{StartDate: types.StringValue(start)}
		given := map[string]any{"start_date": start}
		if end != "" {
			m.EndDate, given["end_date"] = types.StringValue(end), end
		}
		w, err := m.resolve(client, billingDays)
		diags := p.ValidateData(t, "devin_pr_metrics", given)
		future := err != nil && strings.Contains(err.Error(), "Window in the future")
		if (len(diags) > 0) != (err != nil && !future) {
			t.Errorf("%q to %q: validate says %q, resolve %v", start, end, providertest.Messages(diags), err)
		}
		for _, d := range diags {
			if d.Attribute == nil {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
		}
		if err == nil && (w.Len() < 1 || m.Complete == nil || w.Start.String() != start || end != "" && w.End.String() != end) {
			t.Errorf("%q to %q is %s", start, end, w)
		}
	})
}
