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

func TestBillingDateIsTheDayThatBeganAtEightUTC(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for instant, want := range map[string]string{
		"2026-11-22T08:00:00Z":           "2026-11-22",
		"2026-11-22T07:59:59Z":           "2026-11-21",
		"2026-11-22T07:59:59.999999999Z": "2026-11-21",
		// Around one instant in three zones, the last with daylight saving.
		"2026-07-01T00:00:00-08:00": "2026-07-01",
		"2026-07-01T10:00:00+02:00": "2026-07-01",
		"2026-07-01T01:00:00-07:00": "2026-07-01",
		"2026-07-01T00:59:59-07:00": "2026-06-30",
		"2024-03-01T07:00:00Z":      "2024-02-29",
		"2027-01-01T00:00:00Z":      "2026-12-31",
	} {
		if got, failure := p.call(t, "billing_date", instant); failure != nil || got != want {
			t.Errorf("billing_date(%q) is %q, %+v, want %q", instant, got, failure, want)
		}
	}
}

func TestBillingDateRefusesWhatIsNoTimestamp(t *testing.T) {
	t.Parallel()
	for argument, want := range map[string]string{
		"":                     "RFC 3339",
		"2026-11-22":           "RFC 3339",
		"2026-11-22 08:00:00Z": "RFC 3339",
		"2026-02-30T08:00:00Z": "RFC 3339",
		"1764921600":           "RFC 3339",
		"0001-01-01T00:00:00Z": "Use Terraform 1.10 or newer",
		"0000-12-18T00:00:00Z": "Use Terraform 1.10 or newer",
		"1970-01-01T00:00:00Z": "not between",
		"9999-01-01T00:00:00Z": "not between",
	} {
		checkArgumentError(t, "billing_date", argument, want)
	}
}

// checkArgumentError wants an error at the only argument of a function. Its text has no
// full stop at the end, since Terraform adds one.
func checkArgumentError(t *testing.T, function, argument, want string) {
	t.Helper()
	got, failure := newProtocol(t, New(Options{Version: "test"})).call(t, function, argument)
	if failure == nil || failure.FunctionArgument == nil || *failure.FunctionArgument != 0 || !strings.Contains(failure.Text, want) || strings.HasSuffix(failure.Text, ".") {
		t.Errorf("%s(%q) is %q, %+v, want an error with %q", function, argument, got, failure, want)
	}
}

// The functions need neither a provider block nor a key.
func TestAccBillingFunctions(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	step := fake.Step("", "",
		statecheck.ExpectKnownOutputValue("date", knownvalue.StringExact("2026-11-21")),
		statecheck.ExpectKnownOutputValue("start", knownvalue.StringExact("2026-11-22T08:00:00Z")),
		statecheck.ExpectKnownOutputValue("back", knownvalue.StringExact("2026-11-22")),
	)
	step.Config = `
output "date" { value = provider::devin::billing_date("2026-11-22T07:59:59Z") }
output "start" { value = provider::devin::billing_day_start("2026-11-22") }
output "back" { value = provider::devin::billing_date(provider::devin::billing_day_start("2026-11-22")) }
`
	var steps []resource.TestStep
	for call, message := range map[string]string{
		`billing_date("yesterday")`:       `is not a timestamp in RFC 3339, such as 2026-11-22T07:59:59Z.`,
		`billing_day_start("2026-02-30")`: `2026-02-30 does not exist in the calendar.`,
	} {
		wrong := fake.Failing("", "", message)
		wrong.Config = `output "x" { value = provider::devin::` + call + ` }`
		steps = append(steps, wrong)
	}
	providertest.Run(t, append(steps, step)...)
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}
