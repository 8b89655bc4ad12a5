package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAccCSVFunctionIsTheFormatOfDataSources(t *testing.T) {
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{ExtraProduct: "orbit"}})
	body := func(format string) string {
		return `
data "devin_members_daily_consumption" "` + format + `" {
  start_date = "2026-10-01"
  end_date   = "2026-10-14"
  by_product = true
  format     = "` + format + `"
}
`
	}
	step := fake.Step(devintest.KeyOK, body("objects")+body("csv")+`
locals {
  own  = provider::devin::csv(data.devin_members_daily_consumption.objects.rows)
  text = data.devin_members_daily_consumption.csv.csv
}
output "rows" { value = length(csvdecode(local.own)) > 100 }
output "same" { value = csvdecode(local.own) == csvdecode(local.text) }
output "users" { value = length(csvdecode(provider::devin::csv(data.devin_members_daily_consumption.objects.users))) }
output "none" { value = provider::devin::csv([]) }
output "made" { value = provider::devin::csv([for n in [1, 2] : { third = n / 3, name = n == 1 ? null : "=n" }]) }
`,
		statecheck.ExpectKnownOutputValue("rows", knownvalue.Bool(true)),
		statecheck.ExpectKnownOutputValue("same", knownvalue.Bool(true)),
		statecheck.ExpectKnownOutputValue("users", knownvalue.Int64Exact(int64(len(fake.Members())))),
		statecheck.ExpectKnownOutputValue("none", knownvalue.StringExact("")),
		statecheck.ExpectKnownOutputValue("made", knownvalue.StringExact("name,third\r\n,0.3333333333333333\r\n'=n,0.6666666666666666\r\n")),
	)
	var steps []resource.TestStep
	for given, message := range map[string]string{
		`"text"`:           "the value is not a list of objects",
		`[{ a = 1 }, "b"]`: "element 1 of the list is not an object",
		`[null]`:           "element 0 of the list is null",
	} {
		wrong := fake.Failing("", "", message)
		wrong.Config = `output "x" { value = provider::devin::csv(` + given + `) }`
		steps = append(steps, wrong)
	}
	providertest.Run(t, append(steps, step)...)
}

// With OpenTofu 1.8.0, which calls the function then, and with all others, which do not.
func TestAccCSVOfSomethingUnknownIsKnownAfterTheApply(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	step := fake.Step("", "", statecheck.ExpectKnownOutputValue("csv", knownvalue.StringExact("a,b\r\n1,2\r\n")))
	step.Config = `
resource "terraform_data" "b" { input = 2 }
output "csv" { value = provider::devin::csv([{ a = 1, b = terraform_data.b.output }]) }
`
	step.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("csv")}
	providertest.Run(t, step)
}

// As OpenTofu 1.8.0 calls it, which looks for unknown values in the list itself only.
func TestCSVOfSomethingUnknownIsUnknown(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	object := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String}}, map[string]tftypes.Value{"a": unknown})
	tuple := tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{object.Type()}}, []tftypes.Value{object})
	for name, rows := range map[string]tftypes.Value{
		"a cell": tuple,
		"a row":  tftypes.NewValue(tftypes.List{ElementType: object.Type()}, []tftypes.Value{tftypes.NewValue(object.Type(), tftypes.UnknownValue)}),
	} {
		argument, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, rows)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := p.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "csv", Arguments: []*tfprotov6.DynamicValue{&argument}})
		if err != nil || resp.Error != nil {
			t.Fatalf("%s: %v, %+v", name, err, resp.Error)
		}
		if result, err := resp.Result.Unmarshal(tftypes.String); err != nil || result.IsKnown() {
			t.Errorf("%s: %s, %v", name, result, err)
		}
	}
}
