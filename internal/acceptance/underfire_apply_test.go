package acceptance

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// checkAgain makes Terraform replace the check in every run, and so ask for it
// in every apply.
const checkAgain = `"devin_connection_check" "this" {
  lifecycle { replace_triggered_by = [terraform_data.run] }
}
resource "terraform_data" "run" { input = timestamp() }`

// A key loses a permission between a saved plan and its apply. Where Terraform
// has anything to do for the check, the apply fails before anything that
// depends on the check is touched.
//
// Where the check is to stay as it is, Terraform 1.11 calls no provider for it
// during the apply, so that no provider could fail it: measured here, and said
// in the resource's documentation with the way to have it otherwise.
func testPermissionLostBeforeApply(t *testing.T, bin binary) {
	const check = `"devin_connection_check" "this" {}`
	const added = `
resource "terraform_data" "added" { depends_on = [devin_connection_check.this] }
`
	stays := func(config string) string { return config }
	for name, tt := range map[string]struct {
		exists bool                // the check and the dependent are there already
		change func(string) string // of the configuration, before the plan
		plan   []string
		silent bool // Terraform asks nothing of the provider
	}{
		"the check is to be created":                       {false, stays, nil, false},
		"the check is to change":                           {true, replacing(check, `"devin_connection_check" "this" { required_permissions = ["ManageBilling", "ViewAccountMetrics"] }`), []string{"-var=input=two"}, false},
		"the check is to be replaced":                      {true, stays, []string{"-var=input=two", "-replace=devin_connection_check.this"}, false},
		"the check is replaced in every run":               {true, replacing(check, checkAgain), []string{"-var=input=two"}, false},
		"the check is to stay, a dependent to change":      {true, stays, []string{"-var=input=two"}, true},
		"the check is to stay, a dependent to be replaced": {true, stays, []string{"-replace=terraform_data.dependent"}, true},
		"the check is to stay, a dependent to be created":  {true, func(config string) string { return config + added }, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFixture(t, devintest.Options{})
			fake.AddKey(matrixKey, devintest.Principal{ID: "service-user-1", Name: "Matrix", Permissions: devintest.AllPermissions()})
			w := bin.commandLine(t, underFire, "DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+matrixKey)
			if tt.exists {
				if strings.Contains(tt.change(underFire), "timestamp()") {
					w.write(t, "main.tf", tt.change(underFire))
				}
				w.succeed(t, "apply", "-input=false", "-auto-approve")
			}
			w.write(t, "main.tf", tt.change(underFire))
			w.succeed(t, append([]string{"plan", "-input=false", "-out=saved.tfplan"}, tt.plan...)...)
			dependents := dependentsOf(t, w)
			fake.RemovePermission(matrixKey, devintest.ManageBilling)
			fake.ResetRequests()
			out, exit := w.run(t, "apply", "-input=false", "-no-color", "saved.tfplan")
			if tt.silent && len(fake.Requests()) == 0 {
				if exit != 0 {
					t.Errorf("the apply exits with %d:\n%s", exit, out)
				}
				return
			}
			if exit != 1 || !providertest.Wrapped("Error: forbidden: ").MatchString(out) {
				t.Errorf("the apply exits with %d:\n%s", exit, out)
			}
			if after := dependentsOf(t, w); after != dependents {
				t.Errorf("the dependents were\n%s\nand are\n%s\nafter\n%s", dependents, after, out)
			}
		})
	}
}

func replacing(old, replacement string) func(string) string {
	return func(config string) string { return strings.Replace(config, old, replacement, 1) }
}

// dependentsOf is what the state has of what depends on the check.
func dependentsOf(t *testing.T, w *workspace) string {
	t.Helper()
	var kept []string
	for _, r := range resourcesIn(t, w.state(t)) {
		if r.Type == "terraform_data" && r.Name != "run" {
			kept = append(kept, r.Name+" "+string(r.Instances))
		}
	}
	return strings.Join(kept, "\n")
}
