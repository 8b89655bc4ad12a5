package provider

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	testresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

type wireNumbersModel struct {
	Tenth  *float64           `tfsdk:"tenth"`
	Acus   *float64           `tfsdk:"acus"`
	Half   *float64           `tfsdk:"half"`
	Whole  *float64           `tfsdk:"whole"`
	Tiny   *float64           `tfsdk:"tiny"`
	Huge   *float64           `tfsdk:"huge"`
	Typed  types.Float64      `tfsdk:"typed"`
	ByName map[string]float64 `tfsdk:"by_name"`
}

func wireNumbersSchema() schema.Schema {
	number := schema.Float64Attribute{Computed: true}
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"tenth": number, "acus": number, "half": number, "whole": number, "tiny": number, "huge": number, "typed": number,
		"by_name": schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
	}}
}

func readWireNumbers(_ context.Context, _ *devin.Client, m *wireNumbersModel) error {
	tenth, acus, half, whole, tiny, huge := 0.1, 3.37, 0.5, 42.0, 1e-7, 1e23
	*m = wireNumbersModel{
		&tenth, &acus, &half, &whole, &tiny, &huge, types.Float64Value(2.2),
		map[string]float64{"devin": 0.7, "review": 1.5},
	}
	return nil
}

func newWireNumbers() datasource.DataSource {
	return &dataSource[wireNumbersModel]{name: "numbers", doing: "read numbers", schema: wireNumbersSchema, read: readWireNumbers}
}

// stateSetNumbers reads the same by State.Set.
type stateSetNumbers struct{ datasource.DataSource }

func (stateSetNumbers) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m wireNumbersModel
	_ = readWireNumbers(ctx, nil, &m)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// What is read goes to an output and, whole, into another resource: there a
// number that is not itself any more after a way through the state shows up.
const wireNumbersConfig = `
data "wiretest_numbers" "this" {}
output "numbers" { value = data.wiretest_numbers.this }
output "sum" { value = data.wiretest_numbers.this.tenth + data.wiretest_numbers.this.acus }
resource "terraform_data" "this" { input = data.wiretest_numbers.this }
`

func wireNumbersCase(t *testing.T, serve func() (tfprotov6.ProviderServer, error), second plancheck.PlanCheck, changes bool) {
	empty := filepath.Join(t.TempDir(), "terraformrc")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TF_CLI_CONFIG_FILE", empty)
	testresource.Test(t, testresource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){"wiretest": serve},
		Steps: []testresource.TestStep{
			{Config: wireNumbersConfig, ExpectNonEmptyPlan: changes},
			{
				Config:             wireNumbersConfig,
				ExpectNonEmptyPlan: changes,
				ConfigPlanChecks:   testresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{second}},
			},
		},
	})
}

func TestAccWireNumbersDoNotDrift(t *testing.T) {
	wireNumbersCase(t, func() (tfprotov6.ProviderServer, error) {
		return wireProtocol6(&wireTestProvider{data: wireTestClient(), sources: []func() datasource.DataSource{newWireNumbers}})
	}, plancheck.ExpectEmptyPlan(), false)
}

// The reason for decimal text on the wire. Should this fail, Terraform or the
// framework has learnt to do without.
func TestAccStateSetNumbersDrift(t *testing.T) {
	wireNumbersCase(t, func() (tfprotov6.ProviderServer, error) {
		return providerserver.NewProtocol6(&wireTestProvider{data: wireTestClient(), sources: []func() datasource.DataSource{
			func() datasource.DataSource { return stateSetNumbers{newWireNumbers()} },
		}})(), nil
	}, plancheck.ExpectNonEmptyPlan(), true)
}
