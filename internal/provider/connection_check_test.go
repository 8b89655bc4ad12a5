package provider

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

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

func TestConnectionCheckDataSourceReportsEveryCodeAndFailsForNone(t *testing.T) {
	t.Parallel()
	for _, tt := range checkCases {
		fake := newFixture(t, devintest.Options{})
		var m connectionCheckDataModel
		if err := readConnectionCheck(t.Context(), fake.Client(t, tt.key), &m); err != nil {
			t.Errorf("%s: %s", tt.key, err)
			continue
		}
		if *m.OK || text(m.ErrorCode) != tt.code || !strings.HasPrefix(*m.Message, tt.code+": ") || !strings.Contains(*m.Message, tt.summary) || !strings.Contains(*m.Message, tt.next) {
			t.Errorf("%s: ok %t, code %s, message %s", tt.key, *m.OK, text(m.ErrorCode), *m.Message)
		}
		summary, detail, _ := strings.Cut(*m.Message, "\n\n")
		inOrder(t, summary, detail)
		if *m.Summary != summary {
			t.Errorf("%s: the summary is %q and the message begins %q", tt.key, *m.Summary, summary)
		}
		for _, permission := range devin.DefaultRequirements() {
			has, ok := m.Permissions[permission.Name]
			denied := slices.Contains(tt.missing, permission.Name)
			unclear := tt.code == "invalid_credentials" || tt.code == "unavailable"
			if !ok || len(m.Permissions) != 3 || (has == nil) != unclear || has != nil && *has == denied {
				t.Errorf("%s: %s is %v in %v", tt.key, permission.Name, has, m.Permissions)
			}
		}
		if got := strings.Join(m.MissingPermissions, " "); got != strings.Join(tt.missing, " ") || m.MissingPermissions == nil {
			t.Errorf("%s: missing %s", tt.key, got)
		}
		for _, check := range m.Checks {
			if !strings.HasPrefix(check.Endpoint, "GET /v3/") || check.Message == "" {
				t.Errorf("%s: %+v", tt.key, check)
			}
			if check.OK && (check.StatusCode == nil || *check.StatusCode != http.StatusOK) {
				t.Errorf("%s: %s is ok with status %v", tt.key, check.Name, check.StatusCode)
			}
		}
	}
}

func TestConnectionCheckDataSourceReportsAKeyThatWorks(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]struct{ kind, name string }{
		devintest.KeyOK:                 {"service_user", "DX Import"},
		devintest.KeyPAT:                {"pat_user", ""},
		devintest.KeyNoOrganizationList: {"service_user", "DX Import"},
	} {
		fake := newFixture(t, devintest.Options{})
		var m connectionCheckDataModel
		if err := readConnectionCheck(t.Context(), fake.Client(t, key), &m); err != nil {
			t.Fatal(err)
		}
		for _, permission := range devin.DefaultRequirements() {
			if has := m.Permissions[permission.Name]; has == nil || !*has {
				t.Errorf("%s: %s is %v", key, permission.Name, has)
			}
		}
		if text(m.Summary) != text(m.Message) || strings.Contains(*m.Summary, "\n") {
			t.Errorf("%s: %s", key, text(m.Summary))
		}
		if !*m.OK || m.ErrorCode != nil || text(m.Principal.Type) != want.kind || m.OrgID != nil ||
			want.name != "" && text(m.Principal.Name) != want.name || !strings.Contains(*m.Message, "works and has every required permission") {
			t.Errorf("%s: %+v, %s", key, m, *m.Message)
		}
	}
}

func TestConnectionCheckLooksOnlyAtWhatIsRequiredByEitherName(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := connectionCheckDataModel{RequiredPermissions: permissionList(t, "ViewAccountMembership", "ViewAccountMetrics", "ManageAccountMembership")}
	if err := readConnectionCheck(t.Context(), fake.Client(t, devintest.KeyForbidden), &m); err != nil || !*m.OK {
		t.Errorf("a key without ManageBilling fails a check that does not require it: %s, %v", text(m.Message), err)
	}
	if n := fake.Count("/v3/enterprise/consumption/daily"); n != 0 {
		t.Errorf("%d requests for a permission that is not required", n)
	}
	m.RequiredPermissions = permissionList(t, "ViewAccountConsumption")
	if err := readConnectionCheck(t.Context(), fake.Client(t, devintest.KeyForbidden), &m); err != nil || text(m.ErrorCode) != string(devin.InvalidPermissions) {
		t.Errorf("the only required permission is denied: %s, %v", text(m.ErrorCode), err)
	}
}

func TestConnectionCheckOfEveryPermissionTellsOfEach(t *testing.T) {
	t.Parallel()
	for _, missing := range devin.Requirements() {
		fake := newFixture(t, devintest.Options{})
		fake.RemovePermission(devintest.KeyOK, missing.Name)
		var names []any
		for _, permission := range devin.Requirements() {
			names = append(names, permission.Name)
		}
		m := connectionCheckDataModel{RequiredPermissions: permissionList(t, names...)}
		if err := readConnectionCheck(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if want := "forbidden: the API key lacks " + missing.Name; *m.Summary != want || !slices.Equal(m.MissingPermissions, []string{missing.Name}) {
			t.Errorf("%s, %q is missing; want %s", *m.Summary, m.MissingPermissions, want)
		}
		for _, permission := range devin.Requirements() {
			if has := m.Permissions[permission.Name]; has == nil || *has != (permission != missing) {
				t.Errorf("without %s, %s is %v", missing, permission, has)
			}
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
	sources := []string{"devin_enterprise_daily_consumption", "devin_members_daily_consumption", "devin_pr_metrics", "devin_members_pr_metrics"}
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
	for _, source := range []string{"devin_enterprise_daily_consumption", "devin_pr_metrics"} {
		got := providertest.Messages(p.ReadData(t, source, map[string]any{"start_date": "2026-10-01"}).Diagnostics)
		if !strings.HasPrefix(got, "forbidden: ") || !strings.Contains(got, "Grant it") {
			t.Errorf("%s says: %s", source, got)
		}
	}
}

func TestInterruptedConnectionCheckIsAnErrorAndNoFinding(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var m connectionCheckDataModel
	if err := readConnectionCheck(ctx, fake.Client(t, devintest.KeyOK), &m); err == nil {
		t.Errorf("got %s", text(m.Message))
	}
}

const checkBody = `resource "devin_connection_check" "this" {}`

func TestAccConnectionCheckFailsThePlanWithItsCode(t *testing.T) {
	for _, tt := range checkCases {
		t.Run(tt.key, func(t *testing.T) {
			fake := newFixture(t, devintest.Options{})
			step := fake.Step(tt.key, checkBody)
			step.ExpectError = providertest.Wrapped("Error: " + tt.code + ": " + tt.summary)
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
	again := fake.Step("cog_test", checkBody)
	again.ConfigPlanChecks = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	denied := fake.Step("cog_test", checkBody)
	denied.PreConfig = func() { fake.RemovePermission("cog_test", "ManageBilling") }
	denied.ExpectError = providertest.Wrapped("Error: forbidden: the API key lacks ManageBilling")
	// The failure took nothing out of the state, and a key of somebody else changes nothing in it.
	exchanged := fake.Step(devintest.KeyOtherPrincipal, checkBody)
	exchanged.ConfigPlanChecks = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
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
	denied := fake.Step(devintest.KeyForbidden, config(`"ManageBilling"`))
	denied.ExpectError = providertest.Wrapped("Error: invalid_permissions: ")
	null := fake.Step(devintest.KeyOK, config("null"))
	null.ExpectError = providertest.Wrapped("Error: Null in a list")
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
	bad := fake.Step("", "")
	bad.Config = config(devintest.KeyForbidden, "1")
	bad.ExpectError = providertest.Wrapped("Error: forbidden: the API key lacks ManageBilling")
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
