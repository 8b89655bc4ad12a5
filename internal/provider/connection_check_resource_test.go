package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	framework "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// planned is what ModifyPlan says of a plan; prior is nil for a check to create.
func planned(t *testing.T, data *providerData, prior *connectionCheckModel, required types.List) diag.Diagnostics {
	t.Helper()
	r := &connectionCheckResource{data: data}
	var schema framework.SchemaResponse
	r.Schema(t.Context(), framework.SchemaRequest{}, &schema)
	none := tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), nil)
	req := framework.ModifyPlanRequest{
		State: tfsdk.State{Schema: schema.Schema, Raw: none}, Plan: tfsdk.Plan{Schema: schema.Schema, Raw: none},
	}
	if prior != nil {
		if diags := req.State.Set(t.Context(), prior); diags.HasError() {
			t.Fatal(diags)
		}
	}
	if diags := req.Plan.Set(t.Context(), &connectionCheckModel{required}); diags.HasError() {
		t.Fatal(diags)
	}
	resp := framework.ModifyPlanResponse{Plan: req.Plan}
	r.ModifyPlan(t.Context(), req, &resp)
	if !resp.Plan.Raw.Equal(req.Plan.Raw) {
		t.Errorf("the plan was changed to %s", resp.Plan.Raw)
	}
	return resp.Diagnostics
}

// Terraform asks a provider during an apply only about what the plan changes.
func TestTheWarningOfAnUncheckedKeySaysWhetherTheApplyChecksIt(t *testing.T) {
	t.Parallel()
	data := &providerData{unknown: []string{"api_key"}}
	all, one := types.ListNull(types.StringType), permissionList(t, "ViewAccountMetrics")
	for name, tt := range map[string]struct {
		prior *connectionCheckModel
		want  string
	}{
		"a check to create":  {nil, "The Devin API key is checked during apply only"},
		"a changed one":      {&connectionCheckModel{one}, "The Devin API key is checked during apply only"},
		"an unchanged check": {&connectionCheckModel{all}, "The Devin API key is not checked"},
	} {
		diags := planned(t, data, tt.prior, all)
		if diags.HasError() || len(diags) != 1 || diags[0].Summary() != tt.want || !strings.Contains(diags[0].Detail(), "api_key of the Devin provider") {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestAListWithUnknownElementsIsCheckedDuringApply(t *testing.T) {
	t.Parallel()
	data := &providerData{client: newFixture(t, devintest.Options{}).Client(t, devintest.KeyForbidden)}
	list := permissionList(t, "ViewAccountMetrics", types.StringUnknown())
	diags := planned(t, data, nil, list)
	if diags.HasError() || len(diags) != 1 || !strings.Contains(diags[0].Detail(), "required_permissions is known only after apply") {
		t.Errorf("%v", diags)
	}
}

const checkBody = `resource "devin_connection_check" "this" {}`

func TestAccConnectionCheckFailsThePlanWithItsCode(t *testing.T) {
	for _, tt := range checkCases {
		t.Run(tt.key, func(t *testing.T) {
			fake := newFixture(t, devintest.Options{})
			step := fake.Failing(tt.key, checkBody, "Error: "+tt.code+": "+tt.summary)
			providertest.Run(t, step)
		})
	}
}

func TestAccConnectionCheckFailsAlsoWhereNothingChanges(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	fake.AddKey("cog_test", devintest.Principal{ID: "service-user-1", Name: "One", Permissions: []string{
		devintest.ManageAccountMembership, devintest.ManageBilling, devintest.ViewAccountMetrics, devintest.ManageOrganizations,
	}})
	create := fake.Step("cog_test", checkBody)
	again := fake.Unchanged("cog_test", checkBody)
	denied := fake.Failing("cog_test", checkBody, "Error: forbidden: the API key lacks ManageBilling")
	denied.PreConfig = func() { fake.RemovePermission("cog_test", "ManageBilling") }
	// The failure took nothing out of the state, and a key of somebody else changes nothing in it.
	exchanged := fake.Unchanged(devintest.KeyOtherPrincipal, checkBody)
	narrowed := fake.Step(devintest.KeyOtherPrincipal, `resource "devin_connection_check" "this" { required_permissions = ["ViewAccountMetrics"] }`)
	narrowed.ConfigPlanChecks = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("devin_connection_check.this", plancheck.ResourceActionUpdate),
	}}
	providertest.Run(t, create, again, denied, exchanged, narrowed)
}

func TestAccConnectionCheckWaitsForPermissionsThatAreNotKnownYet(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	config := func(name string) string {
		return `
resource "terraform_data" "name" { input = ` + name + ` }
resource "devin_connection_check" "this" { required_permissions = [terraform_data.name.output] }
`
	}
	denied := fake.Failing(devintest.KeyForbidden, config(`"ManageBilling"`), "Error: invalid_permissions: ")
	null := fake.Failing(devintest.KeyOK, config("null"), "Error: Null in a list")
	providertest.Run(t, denied, null, fake.Step(devintest.KeyForbidden, config(`"ViewAccountMetrics"`)))
}

func TestAccConnectionCheckWaitsForSettingsThatAreNotKnownYet(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	config := func(key, version string) string {
		return `
resource "terraform_data" "key" {
  input            = "` + key + `"
  triggers_replace = ` + version + `
}
provider "devin" {
  api_key = terraform_data.key.output
  api_url = "` + fake.URL + `"
}
` + checkBody
	}
	bad := fake.Failing("", "", "Error: forbidden: the API key lacks ManageBilling")
	bad.Config = config(devintest.KeyForbidden, "1")
	good := fake.Step("", "")
	good.Config = config(devintest.KeyOK, "1")
	// A key that is rotated in one configuration is unknown while the check is in the
	// state, so that Terraform refreshes it without a client.
	rotated := fake.Step("", "")
	rotated.Config = config(devintest.KeyOK, "2")
	rotated.ConfigPlanChecks = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("devin_connection_check.this", plancheck.ResourceActionNoop),
	}}
	providertest.Run(t, bad, good, rotated)
}
