package provider

import (
	"strings"
	"testing"
)

func TestBillingDayStartIsEightUTCAllYear(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	// The last is the example of Devin's documentation, of the right year.
	for date := range strings.FieldsSeq("2020-01-01 2024-02-29 2026-07-01 2026-11-22 2199-12-31 2025-12-05") {
		start, failure := p.call(t, "billing_day_start", date)
		if failure != nil || start != date+"T08:00:00Z" {
			t.Errorf("billing_day_start(%q) is %q, %+v", date, start, failure)
		}
		if back, _ := p.call(t, "billing_date", start); back != date {
			t.Errorf("%s begins at %s, which is in %s", date, start, back)
		}
	}
}

func TestBillingDayStartRefusesWhatIsNoDate(t *testing.T) {
	t.Parallel()
	for argument, want := range map[string]string{
		"":                     "YYYY-MM-DD",
		"2026-02-30":           "does not exist",
		"2026-11-22T08:00:00Z": "YYYY-MM-DD",
		"2019-12-31":           "not between",
	} {
		checkArgumentError(t, "billing_day_start", argument, want)
	}
}
