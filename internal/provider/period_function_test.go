package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestPeriodFunctionErrorsAreAtTheArgument(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for text, want := range map[string]string{
		"last_month":  "or a day such as 2026-10-31. last_month depends on the present, which a function does not know",
		"October":     `"October" is no period of the calendar: a month such as 2026-10, a quarter such as 2026-Q3,`,
		"2026-Q5":     "2026-Q5 does not exist in the calendar",
		"2026-02-29":  "2026-02-29 does not exist in the calendar",
		"2019-12":     "is not between 2020-01-01 and 2199-12-31",
		"last_8_days": "is no period of the calendar",
	} {
		argument, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, text))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := p.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "period", Arguments: []*tfprotov6.DynamicValue{&argument}})
		if err != nil {
			t.Fatal(err)
		}
		if e := resp.Error; e == nil || e.FunctionArgument == nil || *e.FunctionArgument != 0 || !strings.Contains(e.Text, want) || strings.HasSuffix(e.Text, ".") {
			t.Errorf("period(%q): %+v, want %s", text, e, want)
		}
	}
}

func TestAccPeriodFunctionGivesDatesOfAWindow(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	step := fake.Step(devintest.KeyOK, `
locals {
  quarter = provider::devin::period("2026-Q3")
}
data "devin_pr_metrics" "quarter" {
  start_date = local.quarter.start_date
  end_date   = local.quarter.end_date
}
output "quarter" { value = local.quarter }
output "read" { value = "${data.devin_pr_metrics.quarter.start_date} to ${data.devin_pr_metrics.quarter.end_date}" }
output "others" {
  value = join(" ", [for p in ["2026-10", "2026-W53", "2024-02-29"] : "${provider::devin::period(p).start_date}/${provider::devin::period(p).end_date}"])
}
`)
	step.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownOutputValue("quarter", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"start_date": knownvalue.StringExact("2026-07-01"), "end_date": knownvalue.StringExact("2026-09-30"),
		})),
		statecheck.ExpectKnownOutputValue("read", knownvalue.StringExact("2026-07-01 to 2026-09-30")),
		statecheck.ExpectKnownOutputValue("others", knownvalue.StringExact("2026-10-01/2026-10-31 2026-12-28/2027-01-03 2024-02-29/2024-02-29")),
	}
	wrong := fake.Step("", "")
	wrong.Config, wrong.ExpectError = `output "x" { value = provider::devin::period("current_cycle") }`, providertest.Wrapped("current_cycle depends on the present, which a function does not know.")
	providertest.Run(t, wrong, step)
}
