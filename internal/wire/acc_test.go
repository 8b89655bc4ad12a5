package wire_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	testresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

type numbersModel struct {
	Tenth  *float64           `tfsdk:"tenth"`
	Acus   *float64           `tfsdk:"acus"`
	Half   *float64           `tfsdk:"half"`
	Whole  *float64           `tfsdk:"whole"`
	Tiny   *float64           `tfsdk:"tiny"`
	Huge   *float64           `tfsdk:"huge"`
	Typed  types.Float64      `tfsdk:"typed"`
	ByName map[string]float64 `tfsdk:"by_name"`
}

func numbersSchema() schema.Schema {
	number := schema.Float64Attribute{Computed: true}
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"tenth": number, "acus": number, "half": number, "whole": number, "tiny": number, "huge": number, "typed": number,
		"by_name": schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
	}}
}

func numbersSource() *source {
	tenth, acus, half, whole, tiny, huge := 0.1, 3.37, 0.5, 42.0, 1e-7, 1e23
	return &source{schema: numbersSchema, result: &numbersModel{
		&tenth, &acus, &half, &whole, &tiny, &huge, types.Float64Value(0.1),
		map[string]float64{"devin": 0.7, "review": 1.5},
	}}
}

// With numbers as State.Set sends them, Terraform 1.11.4 plans 0.3000000000000000166...
// for triple and true for over, and cannot apply what it planned: "Provider
// produced inconsistent final plan", since by then it has read the state, where
// a tenth is 0.1.
func TestAccNumbersAreTheSameInPlanAndState(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "terraformrc")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TF_CLI_CONFIG_FILE", empty)
	const config = `
		data "wiretest_source" "this" {}
		locals {
			numbers = data.wiretest_source.this
			derived = {
				triple = local.numbers.tenth * 3
				typed  = local.numbers.typed * 3
				over   = local.numbers.tenth > 0.1
				acus   = local.numbers.acus + 1.1
				months = ceil(local.numbers.tenth * 30)
				named  = sum(values(local.numbers.by_name))
				tiny   = local.numbers.tiny * 7
				huge   = local.numbers.huge + 1
			}
		}
		output "numbers" { value = local.numbers }
		output "derived" { value = jsonencode(local.derived) }
		resource "terraform_data" "this" { input = [local.numbers, local.derived] }`
	const derived = `{"acus":4.47,"huge":100000000000000000000001,"months":3,"named":2.2,"over":false,"tiny":0.0000007,"triple":0.3,"typed":0.3}`
	testresource.Test(t, testresource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"wiretest": func() (tfprotov6.ProviderServer, error) { return wire.NewServer(providerOf(numbersSource())) },
		},
		Steps: []testresource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("derived", knownvalue.StringExact(derived)),
				},
			},
			{
				Config:           config,
				ConfigPlanChecks: testresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
		},
	})
}
