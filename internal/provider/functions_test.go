package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestFunctions(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for _, tt := range []struct{ function, argument, want string }{
		{"billing_date", "2026-11-22T08:00:00Z", "2026-11-22"},
		{"billing_date", "2026-11-22T07:59:59Z", "2026-11-21"},
		{"billing_date", "2026-11-22T07:59:59.999999999Z", "2026-11-21"},
		// The same instant in three zones, the last with daylight saving.
		{"billing_date", "2026-07-01T00:00:00-08:00", "2026-07-01"},
		{"billing_date", "2026-07-01T10:00:00+02:00", "2026-07-01"},
		{"billing_date", "2026-07-01T01:00:00-07:00", "2026-07-01"},
		{"billing_date", "2026-07-01T00:59:59-07:00", "2026-06-30"},
		{"billing_date", "2024-03-01T07:00:00Z", "2024-02-29"},
		{"billing_date", "2027-01-01T00:00:00Z", "2026-12-31"},
		{"billing_day_start", "2026-11-22", "2026-11-22T08:00:00Z"},
		{"billing_day_start", "2026-07-01", "2026-07-01T08:00:00Z"},
		{"billing_day_start", "2024-02-29", "2024-02-29T08:00:00Z"},
		// The example of Devin's documentation, of the right year.
		{"billing_day_start", "2025-12-05", "2025-12-05T08:00:00Z"},
	} {
		got, failure := p.call(t, tt.function, tt.argument)
		if failure != nil || got != tt.want {
			t.Errorf("%s(%q) is %q, %+v, want %q", tt.function, tt.argument, got, failure, tt.want)
		}
	}
	for date := range strings.FieldsSeq("2020-01-01 2024-02-29 2026-11-22 2199-12-31") {
		start, _ := p.call(t, "billing_day_start", date)
		if got, _ := p.call(t, "billing_date", start); got != date {
			t.Errorf("%s begins at %s, which is in %s", date, start, got)
		}
	}
}

func TestFunctionErrorsAreAtTheArgument(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for _, tt := range []struct{ function, argument, want string }{
		{"billing_date", "", "RFC 3339"},
		{"billing_date", "2026-11-22", "RFC 3339"},
		{"billing_date", "2026-11-22 08:00:00Z", "RFC 3339"},
		{"billing_date", "2026-02-30T08:00:00Z", "RFC 3339"},
		{"billing_date", "1764921600", "RFC 3339"},
		{"billing_date", "0001-01-01T00:00:00Z", "Use Terraform 1.10 or newer"},
		{"billing_date", "0000-12-18T00:00:00Z", "Use Terraform 1.10 or newer"},
		{"billing_date", "1970-01-01T00:00:00Z", "not between"},
		{"billing_date", "9999-01-01T00:00:00Z", "not between"},
		{"billing_day_start", "", "YYYY-MM-DD"},
		{"billing_day_start", "2026-02-30", "does not exist"},
		{"billing_day_start", "2026-11-22T08:00:00Z", "YYYY-MM-DD"},
		{"billing_day_start", "2019-12-31", "not between"},
	} {
		got, failure := p.call(t, tt.function, tt.argument)
		if failure == nil || failure.FunctionArgument == nil || *failure.FunctionArgument != 0 || !strings.Contains(failure.Text, tt.want) || strings.HasSuffix(failure.Text, ".") {
			t.Errorf("%s(%q) is %q, %+v, want an error with %q", tt.function, tt.argument, got, failure, tt.want)
		}
	}
}

func TestAccFunctions(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	// No provider block and no key: the functions need neither.
	step := fake.Step("", "")
	step.Config = `
output "date" { value = provider::devin::billing_date("2026-11-22T07:59:59Z") }
output "start" { value = provider::devin::billing_day_start("2026-11-22") }
output "back" { value = provider::devin::billing_date(provider::devin::billing_day_start("2026-11-22")) }
`
	step.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownOutputValue("date", knownvalue.StringExact("2026-11-21")),
		statecheck.ExpectKnownOutputValue("start", knownvalue.StringExact("2026-11-22T08:00:00Z")),
		statecheck.ExpectKnownOutputValue("back", knownvalue.StringExact("2026-11-22")),
	}
	var bad []resource.TestStep
	for config, want := range map[string]string{
		`output "x" { value = provider::devin::billing_date("yesterday") }`:       `is not a timestamp in RFC 3339, such as 2026-11-22T07:59:59Z.`,
		`output "x" { value = provider::devin::billing_day_start("2026-02-30") }`: `2026-02-30 does not exist in the calendar.`,
	} {
		wrong := fake.Step("", "")
		wrong.Config, wrong.ExpectError = config, providertest.Wrapped(want)
		bad = append(bad, wrong)
	}
	providertest.Run(t, append(bad, step)...)
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}
