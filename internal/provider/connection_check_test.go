package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// checkCases are the fake's keys and what the check makes of them.
var checkCases = []struct {
	key     string
	code    string
	summary string
	missing []string
	next    string // what the message tells to do
}{
	{devintest.KeyInvalidCredentials, "invalid_credentials", "Devin does not accept the API key", nil, "Create a key of an enterprise service user"},
	{devintest.KeyInvalidPermissions, "invalid_permissions", "the API key has none of the required permissions", []string{"ManageAccountMembership", "ManageBilling", "ViewAccountMetrics"}, "ViewAccountMembership"},
	{devintest.KeyOrganization, "invalid_permissions", "the API key has none of the required permissions", []string{"ManageAccountMembership", "ManageBilling", "ViewAccountMetrics"}, "belongs to the organization org-"},
	{devintest.KeyForbidden, "forbidden", "the API key lacks ManageBilling", []string{"ManageBilling"}, "Grant ManageBilling (newer name: ViewAccountConsumption)"},
	{devintest.KeyUnauthorized, "unauthorized", "the API key is denied ViewAccountMetrics", []string{"ViewAccountMetrics"}, "Grant ViewAccountMetrics"},
	{devintest.KeyNoResources, "no_resources", "the key works, but sees no organization and no members", nil, "Create it in the enterprise that has the organizations"},
	{devintest.KeyUnavailable, "unavailable", "Devin answered 503", nil, "This says nothing about the API key"},
	{devintest.KeyRateLimited, "unavailable", "Devin asks for fewer requests", nil, "requests_per_second"},
}

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

func TestACheckOfNoPermissionFails(t *testing.T) {
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
