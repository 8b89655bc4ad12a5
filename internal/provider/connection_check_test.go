package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
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

// Each permission that the page of a type names can be checked, but for that of writing.
func TestEveryPermissionOfATypeCanBeChecked(t *testing.T) {
	t.Parallel()
	types := typesByPermission()
	for permission, names := range types {
		if devin.PermissionNamed(permission.Name) == nil {
			t.Errorf("%s, of %v, cannot be checked", permission, names)
		}
	}
	for _, permission := range devin.Requirements() {
		if types[permission] == nil {
			t.Errorf("no type needs %s", permission)
		}
	}
	for _, want := range []string{
		"| `ViewAccountSessions` | `ViewOrgSessions` | `devin_sessions` |",
		"| `ManageAccountServiceUsers` | the enterprise only | `devin_service_user_api_keys` |",
		"cannot try what only a write needs: `devin_organization_acu_limit`, ",
	} {
		if table := permissionTable(); !strings.Contains(table, want) {
			t.Errorf("the table has no %s:\n%s", want, table)
		}
	}
}

// Of the errors of one run which have one wrong key as their cause, those of the check
// and the first other one say what to do.
func TestOneWrongKeyIsExplainedOnce(t *testing.T) {
	t.Parallel()
	sources := []string{"devin_daily_consumption", "devin_members_daily_consumption", "devin_pr_metrics", "devin_members_pr_metrics"}
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		for _, checkFirst := range []bool{true, false} {
			fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{BadKeyStatus: status}})
			p := newProtocol(t, fake.Provider())
			p.Configure(t, map[string]any{"api_key": "cog_mistyped", "api_url": fake.URL})
			check := func() string {
				// The data source's error is a value, which may be shown nowhere.
				if got := p.ReadData(t, "devin_connection_check", nil).Diagnostics; len(got) > 0 {
					t.Errorf("the check as data says: %s", providertest.Messages(got))
				}
				schema := p.Schemas.ResourceSchemas["devin_connection_check"]
				resp, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "devin_connection_check", CurrentState: providertest.Value(t, schema, nil)})
				if err != nil {
					t.Fatal(err)
				}
				return providertest.Messages(resp.Diagnostics)
			}
			if !checkFirst {
				p.ReadData(t, "devin_connection_check", nil)
			} else if got := check(); !strings.HasPrefix(got, "invalid_credentials: Devin does not accept the API key: ") || !strings.Contains(got, "What was asked") {
				t.Errorf("the check says: %s", got)
			}
			for i, source := range sources {
				got := providertest.Messages(p.ReadData(t, source, map[string]any{"start_date": "2026-10-01"}).Diagnostics)
				inFull := strings.Contains(got, "Enterprise settings > Service users") && strings.Contains(got, "What was asked")
				short := strings.Contains(got, ". Another error of this run says what to do.") && !strings.Contains(got, "\n\n")
				if !strings.HasPrefix(got, "invalid_credentials: Devin refused the API key: Could not ") || inFull == short || inFull != (i == 0 && !checkFirst) {
					t.Errorf("%d, check first %t, %s says: %s", status, checkFirst, source, got)
				}
			}
			if got := check(); !strings.Contains(got, "What was asked") {
				t.Errorf("the check, afterwards, says: %s", got)
			}
		}
	}
}

// The errors of a key that lacks permissions differ, and each is in full.
func TestAPermissionThatIsMissingIsExplainedEachTime(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	p := newProtocol(t, fake.Provider())
	p.Configure(t, map[string]any{"api_key": devintest.KeyInvalidPermissions, "api_url": fake.URL})
	for _, source := range []string{"devin_daily_consumption", "devin_pr_metrics"} {
		got := providertest.Messages(p.ReadData(t, source, map[string]any{"start_date": "2026-10-01"}).Diagnostics)
		if !strings.HasPrefix(got, "forbidden: ") || !strings.Contains(got, "Grant it") {
			t.Errorf("%s says: %s", source, got)
		}
	}
}
