package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// What only Terraform 1.14 and newer have: lists with terraform query, the import of
// what they find, and actions.
func TestAccQueryImportByIdentityAndAction(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	t.Parallel()
	bin := buildProvider(t)
	bin.commandLine(t, "").needs(t, "Terraform 1.14")
	for name, test := range map[string]func(*testing.T, binary){
		"what a query generates imports every limit and changes nothing": testQueryAndImport,
		"a query with a key that lacks the permission says so":           testRefusedQuery,
		"an action checks the key, also without a config block":          testAction,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, bin)
		})
	}
}

// limitedCommandLine is a fake in which an organization and a user have limits, and a command
// line that uses it.
func limitedCommandLine(t *testing.T, bin binary, key string) (*devintest.Server, *workspace) {
	t.Helper()
	fake := devintest.Start(t, devintest.Options{Members: 4})
	org, user := fake.Organizations()[0].OrgID, fake.Members()[0].UserID
	settings := []string{"DEVIN_API_URL=" + fake.URL, "DEVIN_API_KEY=" + devintest.KeyOK}
	bin.commandLine(t, "", settings...).apply(t, requirement+fmt.Sprintf(`
resource "devin_organization_acu_limit" "a" {
  org_id          = %[1]q
  cycle_acu_limit = 900000
}
resource "devin_organization_agent_acu_limits" "a" {
  org_id                      = %[1]q
  cloud_agent_cycle_acu_limit = 800000
}
resource "devin_user_acu_limit" "a" {
  user_id         = %[2]q
  cycle_acu_limit = 70000
}
resource "devin_user_billing_organization" "a" {
  user_id        = %[2]q
  billing_org_id = %[1]q
}
`, org, user))
	settings[1] = "DEVIN_API_KEY=" + key
	w := bin.commandLine(t, requirement+"provider \"devin\" {}\n", settings...)
	lists := ""
	for _, name := range writingTypes() {
		lists += fmt.Sprintf("list %q \"all\" {\n  provider         = devin\n  include_resource = true\n}\n", name)
	}
	w.write(t, "limits.tfquery.hcl", lists)
	return fake, w
}

func writingTypes() []string {
	return []string{"devin_organization_acu_limit", "devin_organization_agent_acu_limits", "devin_user_acu_limit", "devin_user_billing_organization"}
}

func testQueryAndImport(t *testing.T, bin binary) {
	fake, w := limitedCommandLine(t, bin, devintest.KeyOK)
	before := fake.Limits()
	w.succeed(t, "query", "-no-color", "-generate-config-out=generated.tf")
	text, err := os.ReadFile(filepath.Join(w.dir, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	generated := string(text)
	want := map[string]int{
		"devin_organization_acu_limit":        len(before.Organizations),
		"devin_organization_agent_acu_limits": len(agentLimited(before)),
		"devin_user_acu_limit":                len(before.Users),
		"devin_user_billing_organization":     len(before.BillingOrgs),
	}
	total := 0
	for name, n := range want {
		if got := strings.Count(generated, "resource \""+name+"\""); got != n || n == 0 {
			t.Errorf("%d blocks of %s, want %d:\n%s", got, name, n, generated)
		}
		total += n
	}
	if got := strings.Count(generated, "identity = {"); got != total {
		t.Errorf("%d imports by identity, want %d:\n%s", got, total, generated)
	}
	out := w.succeed(t, "plan", "-no-color", "-input=false")
	if summary := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", total); !strings.Contains(out, summary) {
		t.Errorf("no %q in\n%s", summary, out)
	}
	w.applied(t)
	if after := fake.Limits(); !reflect.DeepEqual(after, before) {
		t.Errorf("Devin has %+v, and had %+v", after, before)
	}
}

// agentLimited are the organizations with a limit of either agent.
func agentLimited(l devintest.Limits) map[string]bool {
	orgs := map[string]bool{}
	for _, limits := range []map[string]int64{l.Cloud, l.Local} {
		for org := range limits {
			orgs[org] = true
		}
	}
	return orgs
}

func testRefusedQuery(t *testing.T, bin binary) {
	_, w := limitedCommandLine(t, bin, devintest.KeyForbidden)
	out, _ := w.run(t, "query", "-no-color")
	if !providertest.Wrapped("forbidden: Devin denied access").MatchString(out) || strings.Contains(out, "provider developers") {
		t.Errorf("a refused query says\n%s", out)
	}
}

func testAction(t *testing.T, bin binary) {
	fake := devintest.Start(t, devintest.Options{})
	for body, codes := range map[string]map[string]string{
		"": {devintest.KeyOK: "", devintest.KeyForbidden: "forbidden: the API key lacks ManageBilling"},
		"config { required_permissions = [\"ViewAccountMetrics\"] }": {
			devintest.KeyForbidden: "", devintest.KeyInvalidPermissions: "invalid_permissions: the API key lacks ViewAccountMetrics",
		},
	} {
		for key, says := range codes {
			w := bin.commandLine(t, requirement+"action \"devin_connection_check\" \"this\" {\n  "+body+"\n}\n", "DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+key)
			out, code := w.run(t, "apply", "-no-color", "-auto-approve", "-input=false", "-invoke=action.devin_connection_check.this")
			if (code == 0) != (says == "") || says != "" && !providertest.Wrapped(says).MatchString(out) || !strings.Contains(out, "GET /v3/self answered 200.") {
				t.Errorf("%s, %q: exit code %d:\n%s", key, body, code, out)
			}
		}
	}
}
