package provider

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// The guide about windows warns against formatdate for billing days, and UTC days
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
		_, read := (&windowModel{StartDate: types.StringValue(tt.date)}).resolve(t.Context(), client, billingDays)
		if tt.source == "devin_active_users" {
			_, read = (&windowModel{StartDate: types.StringValue(tt.date)}).resolve(t.Context(), client, utcDays)
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
		w, err := m.resolve(t.Context(), client, billingDays)
		switch {
		case tt.err != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.err)):
			t.Errorf("%s to %s: %v, want %s", tt.start, tt.end, err, tt.err)
		case tt.err == "" && (err != nil || w.String() != tt.want || *m.Complete != tt.complete):
			t.Errorf("%s to %s: %s, complete %v, %v", tt.start, tt.end, w, m.Complete, err)
		}
	}
}

// periodsAt is a client at an instant, of a fake at the same one.
func periodsAt(t *testing.T, now time.Time) *devin.Client {
	t.Helper()
	fake := newFixture(t, devintest.Options{Members: 2, Now: func() time.Time { return now }})
	return fake.Client(t, devintest.KeyOK)
}

// A cycle of the fake begins on the fifth of a month. The billing day of an instant
// before 08:00 UTC is the one before its date in UTC.
func TestPeriodIsTheWindowThatItNames(t *testing.T) {
	t.Parallel()
	type windows map[string]string // an asterisk is a window that is not complete
	for _, tt := range []struct {
		now  string
		kind *dayKind
		want windows
	}{
		{"2026-11-20T12:00:00Z", billingDays, windows{ // a Friday
			"current_cycle": "2026-11-05 to 2026-11-20*", "previous_cycle": "2026-10-05 to 2026-11-04",
			"month_to_date": "2026-11-01 to 2026-11-20*", "week_to_date": "2026-11-16 to 2026-11-20*",
			"quarter_to_date": "2026-10-01 to 2026-11-20*", "last_quarter": "2026-07-01 to 2026-09-30",
			"last_month": "2026-10-01 to 2026-10-31", "last_week": "2026-11-09 to 2026-11-15",
			"last_7_days": "2026-11-13 to 2026-11-19", "last_28_days": "2026-10-23 to 2026-11-19",
			"last_30_days": "2026-10-21 to 2026-11-19", "last_90_days": "2026-08-22 to 2026-11-19",
			"2026-10": "2026-10-01 to 2026-10-31", "2026-Q3": "2026-07-01 to 2026-09-30",
			"2026-W45": "2026-11-02 to 2026-11-08", "2026-10-31": "2026-10-31 to 2026-10-31",
			"2026-11": "2026-11-01 to 2026-11-30*", "2026-11-20": "2026-11-20 to 2026-11-20*",
		}},
		// The first instant and the last one before it.
		{"2026-11-05T08:00:00Z", billingDays, windows{"current_cycle": "2026-11-05 to 2026-11-05*", "previous_cycle": "2026-10-05 to 2026-11-04"}},
		{"2026-11-05T07:59:59Z", billingDays, windows{"current_cycle": "2026-10-05 to 2026-11-04*", "previous_cycle": "2026-09-05 to 2026-10-04"}},
		{"2026-11-05T07:59:59Z", utcDays, windows{"current_cycle": "2026-11-05 to 2026-11-05*", "previous_cycle": "2026-10-05 to 2026-11-04"}},
		// The first of a month, before and after 08:00 UTC.
		{"2026-11-01T08:00:00Z", billingDays, windows{"month_to_date": "2026-11-01 to 2026-11-01*", "last_month": "2026-10-01 to 2026-10-31", "last_7_days": "2026-10-25 to 2026-10-31"}},
		{"2026-11-01T07:59:59Z", billingDays, windows{"month_to_date": "2026-10-01 to 2026-10-31*", "last_month": "2026-09-01 to 2026-09-30", "last_7_days": "2026-10-24 to 2026-10-30"}},
		{"2026-11-01T07:59:59Z", utcDays, windows{"month_to_date": "2026-11-01 to 2026-11-01*", "last_month": "2026-10-01 to 2026-10-31", "last_7_days": "2026-10-25 to 2026-10-31"}},
		// The first of a quarter and of a year, before and after 08:00 UTC.
		{"2027-01-01T07:59:59Z", billingDays, windows{"quarter_to_date": "2026-10-01 to 2026-12-31*", "last_quarter": "2026-07-01 to 2026-09-30"}},
		{"2027-01-01T08:00:00Z", billingDays, windows{"quarter_to_date": "2027-01-01 to 2027-01-01*", "last_quarter": "2026-10-01 to 2026-12-31"}},
		{"2024-03-31T12:00:00Z", utcDays, windows{"quarter_to_date": "2024-01-01 to 2024-03-31*", "last_quarter": "2023-10-01 to 2023-12-31"}},
		// A Friday in the week 2026-W53, and the Monday after it.
		{"2027-01-01T12:00:00Z", billingDays, windows{"week_to_date": "2026-12-28 to 2027-01-01*", "2026-W53": "2026-12-28 to 2027-01-03*", "last_month": "2026-12-01 to 2026-12-31"}},
		{"2027-01-04T12:00:00Z", billingDays, windows{"week_to_date": "2027-01-04 to 2027-01-04*", "last_week": "2026-12-28 to 2027-01-03", "2026-W53": "2026-12-28 to 2027-01-03"}},
		{"2027-01-04T04:00:00Z", billingDays, windows{"week_to_date": "2026-12-28 to 2027-01-03*", "last_week": "2026-12-21 to 2026-12-27", "2026-W53": "2026-12-28 to 2027-01-03*"}},
		{"2027-01-04T04:00:00Z", utcDays, windows{"week_to_date": "2027-01-04 to 2027-01-04*", "last_week": "2026-12-28 to 2027-01-03", "2026-W53": "2026-12-28 to 2027-01-03"}},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		client := periodsAt(t, now)
		for name, want := range tt.want {
			m := windowModel{Period: types.StringValue(name)}
			w, err := m.resolve(t.Context(), client, tt.kind)
			if err != nil {
				t.Errorf("%s at %s: %v", name, tt.now, err)
				continue
			}
			shown := m.StartDate.ValueString() + " to " + m.EndDate.ValueString()
			if got := w.String(); shown != got {
				t.Errorf("%s at %s shows %s, and is %s", name, tt.now, shown, got)
			}
			if !*m.Complete {
				shown += "*"
			}
			if shown != want {
				t.Errorf("%s at %s is %s, want %s", name, tt.now, shown, want)
			}
		}
	}
}

func TestTheResultShowsTheDefaultOfEndDate(t *testing.T) {
	t.Parallel()
	m := window("2026-11-01", "")
	if _, err := m.resolve(t.Context(), periodsAt(t, providertest.Now), billingDays); err != nil || m.EndDate.ValueString() != "2026-11-19" || m.StartDate.ValueString() != "2026-11-01" || !m.Period.IsNull() {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestValidateWantsOneWindow(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	unknown := tftypes.UnknownValue
	for name, schema := range p.Schemas.DataSourceSchemas {
		has := map[string]*tfprotov6.SchemaAttribute{}
		given := map[string]any{}
		for _, a := range schema.Block.Attributes {
			if has[a.Name] = a; a.Required {
				given[a.Name] = "x"
			}
		}
		if has["complete"] == nil {
			continue
		}
		if has["email"] != nil {
			given["user_id"] = "x"
		}
		if a := has["period"]; a == nil || !a.Optional || a.Computed || !has["start_date"].Computed || !has["end_date"].Computed {
			t.Errorf("%s has no period, or dates that a result does not show", name)
			continue
		}
		for _, tt := range []struct {
			period, start, end any
			want               string
		}{
			{"last_month", nil, nil, ""},
			{nil, "2026-10-01", nil, ""},
			{unknown, nil, nil, ""},
			{nil, unknown, "2026-10-01", ""},
			// One of the two may turn out to be null.
			{unknown, "2026-10-01", "2026-10-02", ""},
			{"last_month", unknown, unknown, ""},
			{unknown, unknown, unknown, ""},
			{nil, nil, nil, `period: No window: Neither period nor start_date is given. Give period, such as "current_cycle"`},
			{nil, nil, "2026-10-31", "period: No window: "},
			{"last_month", "2026-10-01", nil, "period: Two windows: Both period and start_date are given"},
			{"last_month", "2026-10-01", "2026-10-31", "period: Two windows: "},
			{"last_month", nil, "2026-10-31", "end_date: Two windows: Both period and end_date are given"},
			{"last_mnoth", nil, nil, `period: Unknown period: period: "last_mnoth" is no period: a period is current_cycle, `},
			{"", nil, nil, "period: Unknown period: "},
			{"2026-W60", nil, nil, "period: Unknown period: period: 2026-W60 does not exist in the calendar. Give another period, or start_date and end_date."},
		} {
			arguments := with(with(with(given, "period", tt.period), "start_date", tt.start), "end_date", tt.end)
			diags := p.ValidateData(t, name, arguments)
			got := providertest.Messages(diags)
			if (tt.want == "") != (len(diags) == 0) || len(diags) > 1 || !strings.HasPrefix(got, tt.want) {
				t.Errorf("%s with %v, %v, %v: %q, want %q", name, tt.period, tt.start, tt.end, got, tt.want)
			}
		}
	}
}

func TestAPeriodThatHasNotBegunIsAnErrorAtThePeriod(t *testing.T) {
	t.Parallel()
	client := periodsAt(t, providertest.Now)
	_, err := (&windowModel{Period: types.StringValue("2026-12")}).resolve(t.Context(), client, billingDays)
	checkAttributeError(t, err, "period", "Period without a window",
		"period: 2026-12 begins on 2026-12-01, and the current day is 2026-11-20: there is nothing to read yet, so give an earlier period.")
	// What validate could not know yet is refused by a read as well.
	for _, tt := range []struct{ period, start, end, at string }{
		{"last_month", "2026-10-01", "", "period"},
		{"last_month", "", "2026-10-01", "end_date"},
	} {
		m := windowModel{Period: types.StringValue(tt.period), StartDate: argument(tt.start), EndDate: argument(tt.end)}
		_, err := m.resolve(t.Context(), client, billingDays)
		checkAttributeError(t, err, tt.at, "Two windows", "Remove one of the two.")
	}
}

// Cycles are the enterprise's, and everything else is read with an organization's key.
func TestCyclesOfAnOrganizationsKeyNameTheOtherPeriods(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	p := fake.configured(t, map[string]any{"api_key": devintest.KeyOrganization, "org_id": fake.Organizations()[0].OrgID})
	for _, source := range []string{"devin_pr_metrics", "devin_active_users"} {
		for _, period := range []string{"current_cycle", "previous_cycle"} {
			got := providertest.Messages(p.ReadData(t, source, map[string]any{"period": period}).Diagnostics)
			for _, want := range []string{
				"period: Period without a window: period: " + period + " is a billing cycle, and cycles are the enterprise's, which a key of one organization cannot read: give start_date and end_date, or another period",
				"month_to_date, quarter_to_date, week_to_date, last_month, last_quarter, last_week, last_7_days", "2026-Q3", "such as 2026-10-31.\n", "GET /v3/enterprise/consumption/cycles", "answered 403",
			} {
				if !strings.Contains(got, want) {
					t.Errorf("%s of %s does not say %q: %s", period, source, want, got)
				}
			}
		}
		if diags := p.ReadData(t, source, map[string]any{"period": "last_month"}).Diagnostics; len(diags) > 0 {
			t.Errorf("last_month: %s", providertest.Messages(diags))
		}
	}
	// A type that takes a key of the enterprise only says so, since no period would help.
	for _, source := range []string{"devin_session_categories", "devin_audit_logs"} {
		got := providertest.Messages(p.ReadData(t, source, map[string]any{"period": "current_cycle"}).Diagnostics)
		if !strings.Contains(got, "forbidden: the API key is of one organization") {
			t.Errorf("%s: %s", source, got)
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
		w, err := m.resolve(t.Context(), client, billingDays)
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
