package acceptance

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

var checkEndpoints = []endpoint{
	{path: selfPath, answer: aPrincipal},
	{path: usersPath, answer: aListOfMembers, permission: "ManageAccountMembership"},
	{path: enterprisePath, answer: aConsumption, permission: "ManageBilling"},
	{path: prsPath, answer: aCountOfPRs, permission: "ViewAccountMetrics"},
	{path: organizationsPath, answer: aList},
}

func checkSubjects() []subject {
	return []subject{
		{name: "the check as data", endpoints: checkEndpoints, read: readCheckData, ask: askCheckData},
		{name: "the check's plan", endpoints: checkEndpoints, read: planCheck, ask: askCheckPlan},
		{name: "the check's refresh", endpoints: checkEndpoints, read: refreshCheck, ask: askCheckRefresh},
	}
}

// organizationCheckEndpoints are those of a check with org_id in the provider block.
var organizationCheckEndpoints = []endpoint{
	{path: selfPath, answer: aPrincipal},
	{path: "/v3beta1/organizations/*/members/users", answer: aListOfMembers, permission: "ViewOrgMembership"},
	{path: inOrg("consumption/daily"), answer: aConsumption, permission: "ManageBilling"},
	{path: inOrg("metrics/prs"), answer: aCountOfPRs, permission: "ViewAccountMetrics"},
}

func organizationCheckSubjects() []subject {
	all := checkSubjects()
	for i := range all {
		all[i].name += " in an organization"
		all[i].endpoints, all[i].inOrganization = organizationCheckEndpoints, true
	}
	return all
}

// verdictOf is the code in docs/guides/error-codes.md where one endpoint of the check answers
// like c and the others as they should: a code, or nothing.
func verdictOf(e endpoint, c class) string {
	refused := c == unauthorized || c == forbidden
	switch {
	case c == fine:
		return ""
	case c == notFound && e.path == organizationsPath:
		return "" // the check can do without this list
	case !refused:
		return "unavailable"
	case e.path == everywhere.path, e.path == selfPath && c == unauthorized:
		return "invalid_credentials"
	case e.path == selfPath, e.path == organizationsPath:
		return "" // the three permissions are there, and so are members
	case c == unauthorized:
		return "unauthorized"
	}
	return "forbidden"
}

// missingOf are the permissions that were denied, as the data source lists them.
func missingOf(e endpoint, c class) []any {
	switch {
	case c != unauthorized && c != forbidden:
		return []any{}
	case e.permission != "":
		return []any{e.permission}
	}
	return []any{}
}

// principalOf is what the state has of the key's principal.
func principalOf(e endpoint, c class) object {
	if c != fine && (e.path == selfPath || e.path == everywhere.path) {
		return object{"principal_type": nil, "principal_id": nil, "principal_name": nil, "org_id": nil}
	}
	return object{"principal_type": "service_user", "principal_id": "service-user-1", "principal_name": "Matrix", "org_id": nil}
}

func readCheckData(t *testing.T, _ *devintest.Server, p *protocol, e endpoint, c class) {
	t.Helper()
	const source = "devin_connection_check"
	resp := p.ReadData(t, source, nil)
	if len(resp.Diagnostics) > 0 {
		t.Fatalf("the check as data fails: %s", providertest.Messages(resp.Diagnostics))
	}
	state, _ := stateOf(t, p.Schemas.DataSourceSchemas[source], resp.State).(object)
	code := verdictOf(e, c)
	sameState(t, object{
		"ok": state["ok"], "code": state["error_code"], "missing": state["missing_permissions"],
		"principal_type": state["principal_type"], "principal_id": state["principal_id"],
		"principal_name": state["principal_name"], "org_id": state["org_id"],
	}, with(principalOf(e, c), object{"ok": code == "", "code": textOrNil(code), "missing": missingOf(e, c)}))
	message, _ := state["message"].(string)
	if code == "" {
		if !strings.Contains(message, "works and has every required permission") {
			t.Errorf("the message is %s", message)
		}
		return
	}
	summary, detail, _ := strings.Cut(message, "\n\n")
	checkFailure(t, []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}}, code+": ", e, c)
	checks, _ := state["checks"].([]any)
	wrong := 0
	for _, item := range checks {
		check, _ := item.(object)
		if check["ok"] == true {
			continue
		}
		wrong++
		text, _ := check["message"].(string)
		noKey(t, text)
		asked, _ := check["endpoint"].(string)
		if skipped := strings.Contains(text, "was not asked"); !skipped && e.path != "*" && !e.isIn(asked) {
			t.Errorf("%s is not ok: %s", asked, text)
		}
	}
	if len(checks) < len(organizationCheckEndpoints) || wrong == 0 {
		t.Errorf("%d of %d checks are not ok", wrong, len(checks))
	}
}

func askCheckData(t *testing.T, _ *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
	t.Helper()
	return p.ReadData(t, "devin_connection_check", nil).Diagnostics
}

func askCheckRefresh(t *testing.T, _ *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
	t.Helper()
	return p.readResource(t, "devin_connection_check", nil).Diagnostics
}

func askCheckPlan(t *testing.T, _ *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
	t.Helper()
	return p.planNewCheck(t).Diagnostics
}

// planNewCheck plans a check that is not in the state.
func (p *protocol) planNewCheck(t *testing.T) *tfprotov6.PlanResourceChangeResponse {
	t.Helper()
	schema := p.Schemas.ResourceSchemas["devin_connection_check"]
	typ := schema.ValueType()
	none, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, nil))
	if err != nil {
		t.Fatal(err)
	}
	return p.planResource(t, &none, providertest.Value(t, schema, nil), providertest.Value(t, schema, nil))
}

func planCheck(t *testing.T, _ *devintest.Server, p *protocol, e endpoint, c class) {
	t.Helper()
	resp := p.planNewCheck(t)
	if code := verdictOf(e, c); code != "" {
		checkFailure(t, resp.Diagnostics, code+": ", e, c)
		return
	}
	if len(resp.Diagnostics) > 0 {
		t.Errorf("the plan says: %s", providertest.Messages(resp.Diagnostics))
	}
}

func refreshCheck(t *testing.T, _ *devintest.Server, p *protocol, e endpoint, c class) {
	t.Helper()
	resp := p.readResource(t, "devin_connection_check", nil)
	if code := verdictOf(e, c); code != "" {
		checkFailure(t, resp.Diagnostics, code+": ", e, c)
	} else if len(resp.Diagnostics) > 0 {
		t.Errorf("the refresh says: %s", providertest.Messages(resp.Diagnostics))
	}
	// Whatever the key has come to, the check stays in the state as it was.
	sameState(t, stateOf(t, p.Schemas.ResourceSchemas["devin_connection_check"], resp.NewState),
		object{"required_permissions": nil})
}

// readResource refreshes a resource that is in the state.
func (p *protocol) readResource(t *testing.T, name string, state object) *tfprotov6.ReadResourceResponse {
	t.Helper()
	resp, err := p.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{
		TypeName: name, CurrentState: providertest.Value(t, p.Schemas.ResourceSchemas[name], state),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// planResource plans a check. prior is null where there is none.
func (p *protocol) planResource(t *testing.T, prior, config, proposed *tfprotov6.DynamicValue) *tfprotov6.PlanResourceChangeResponse {
	t.Helper()
	resp, err := p.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "devin_connection_check", PriorState: prior, Config: config, ProposedNewState: proposed,
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}
