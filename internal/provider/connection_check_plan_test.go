package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// permissionList has names, types.StringNull() or types.StringUnknown() on it.
func permissionList(t *testing.T, elements ...any) types.List {
	t.Helper()
	values := make([]attr.Value, len(elements))
	for i, element := range elements {
		switch element := element.(type) {
		case string:
			values[i] = types.StringValue(element)
		case types.String:
			values[i] = element
		}
	}
	list, diags := types.ListValue(types.StringType, values)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return list
}

// planned is what ModifyPlan makes of a plan; a nil state is a check to create.
func planned(t *testing.T, data *providerData, state *connectionCheckModel, required types.List) (connectionCheckModel, diag.Diagnostics) {
	t.Helper()
	r := &connectionCheckResource{data: data}
	var schema resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
	typ := schema.Schema.Type().TerraformType(t.Context())
	none := tftypes.NewValue(typ, nil)
	m := connectionCheckModel{RequiredPermissions: required, checkResult: unknownResult()}
	req := resource.ModifyPlanRequest{
		State: tfsdk.State{Schema: schema.Schema, Raw: none}, Plan: tfsdk.Plan{Schema: schema.Schema, Raw: none},
	}
	if state != nil {
		m.checkResult = state.checkResult // as Terraform proposes it
		if diags := req.State.Set(t.Context(), state); diags.HasError() {
			t.Fatal(diags)
		}
	}
	if diags := req.Plan.Set(t.Context(), &m); diags.HasError() {
		t.Fatal(diags)
	}
	resp := resource.ModifyPlanResponse{Plan: req.Plan}
	r.ModifyPlan(t.Context(), req, &resp)
	var result connectionCheckModel
	if diags := resp.Plan.Get(t.Context(), &result); diags.HasError() {
		t.Fatal(diags)
	}
	return result, resp.Diagnostics
}

// A saved plan may be applied under another key than it was made with.
func TestAResultIsPlannedOnlyWhereNothingChanges(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	data := &providerData{client: fake.Client(t, devintest.KeyOK)}
	all, one := types.ListNull(types.StringType), permissionList(t, "ViewAccountMetrics")
	same := passed(data.client.CheckConnection(t.Context(), devin.Permissions(), nil))
	another, lacking := same, same
	lacking.Permissions = types.MapNull(types.BoolType)
	another.PrincipalID = types.StringValue("service-user-another")
	for name, tt := range map[string]struct {
		state    *connectionCheckModel
		required types.List
		want     checkResult
	}{
		"a check to create":      {nil, all, unknownResult()},
		"an unchanged one":       {&connectionCheckModel{all, same}, all, same},
		"another key":            {&connectionCheckModel{all, another}, all, unknownResult()},
		"another result":         {&connectionCheckModel{all, lacking}, all, unknownResult()},
		"a change of what it is": {&connectionCheckModel{all, same}, one, unknownResult()},
	} {
		got, diags := planned(t, data, tt.state, tt.required)
		if len(diags) > 0 || !got.equal(tt.want) {
			t.Errorf("%s: %+v, %v", name, got, diags)
		}
	}
}

func TestACheckThatIsNotToldWhatToCheckFails(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	data := &providerData{client: fake.Client(t, devintest.KeyOK)}
	for name, list := range map[string]types.List{
		"null":              permissionList(t, types.StringNull()),
		"null beside a one": permissionList(t, "ViewAccountMetrics", types.StringNull()),
		"nothing":           permissionList(t),
		"no such thing":     permissionList(t, "ManageEverything"),
	} {
		_, diags := planned(t, data, nil, list)
		if !diags.HasError() || diags[0].Summary() != "Nothing to check" {
			t.Errorf("the resource, %s: %v", name, diags)
		}
		m := connectionCheckDataModel{RequiredPermissions: list}
		if err := readConnectionCheck(t.Context(), data.client, &m); err == nil {
			t.Errorf("the data source, %s: %s", name, text(m.Message))
		}
	}
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
	if _, diags := planned(t, nil, nil, types.ListNull(types.StringType)); !diags.HasError() {
		t.Error("a check without provider data passes")
	}
}

func TestAListWithUnknownElementsIsCheckedDuringApply(t *testing.T) {
	t.Parallel()
	data := &providerData{client: newFixture(t, devintest.Options{}).Client(t, devintest.KeyForbidden)}
	list := permissionList(t, "ViewAccountMetrics", types.StringUnknown())
	got, diags := planned(t, data, nil, list)
	if diags.HasError() || len(diags) != 1 || !strings.Contains(diags[0].Detail(), "required_permissions is known only after apply") ||
		!got.equal(unknownResult()) {
		t.Errorf("%+v, %v", got, diags)
	}
}

func TestValidateRefusesANullPermission(t *testing.T) {
	t.Parallel()
	for _, v := range requiredPermissionsValidators {
		var resp validator.ListResponse
		v.ValidateList(t.Context(), validator.ListRequest{ConfigValue: permissionList(t, types.StringNull())}, &resp)
		if said := fmt.Sprint(resp.Diagnostics); strings.Contains(v.Description(t.Context()), "must be one of") != strings.Contains(said, "Null in a list") {
			t.Errorf("%T says %s", v, said)
		}
	}
}
