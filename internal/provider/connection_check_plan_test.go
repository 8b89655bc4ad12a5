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

// planned is what ModifyPlan says of a plan; prior is nil for a check to create.
func planned(t *testing.T, data *providerData, prior *connectionCheckModel, required types.List) diag.Diagnostics {
	t.Helper()
	r := &connectionCheckResource{data: data}
	var schema resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
	none := tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), nil)
	req := resource.ModifyPlanRequest{
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
	resp := resource.ModifyPlanResponse{Plan: req.Plan}
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
		diags := planned(t, data, nil, list)
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
	if diags := planned(t, nil, nil, types.ListNull(types.StringType)); !diags.HasError() {
		t.Error("a check without provider data passes")
	}
}

func TestAPermissionThatNoOrganizationHasIsAnErrorAtTheArgument(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK).In(fake.Organizations()[0].OrgID)
	for _, permission := range devin.Requirements() {
		fake.ResetRequests()
		list := permissionList(t, "ViewAccountMetrics", permission.Name)
		diags := planned(t, &providerData{client: client}, nil, list)
		if client.CanRequire(permission) {
			if len(diags) > 0 {
				t.Errorf("%s: %v", permission, diags)
			}
			continue
		}
		at, ok := diags[0].(diag.DiagnosticWithPath)
		if len(diags) != 1 || !ok || at.Path().String() != "required_permissions[1]" || at.Summary() != "Not a permission of an organization" ||
			!strings.HasPrefix(at.Detail(), permission.Name) || len(fake.Requests()) > 0 {
			t.Errorf("%s: %v, %d requests", permission, diags, len(fake.Requests()))
		}
		m := connectionCheckDataModel{RequiredPermissions: list}
		if err := readConnectionCheck(t.Context(), client, &m); err == nil {
			t.Errorf("the data source, %s: %s", permission, text(m.Message))
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
