package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// The guide about windows warns against formatdate for billing days, and days of UTC
// are no billing days.
func TestABadDateIsToldWhatMakesAGoodOne(t *testing.T) {
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
