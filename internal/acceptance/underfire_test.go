package acceptance

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

const underFire = `
terraform {
  required_providers {
    devin = { source = "devin-community/devin" }
  }
}
variable "input" { default = "one" }
# Every failure is final, so that none takes its time.
provider "devin" {
  max_retries        = 0
  rate_limit_timeout = "1s"
}
resource "devin_connection_check" "this" {}
resource "terraform_data" "dependent" {
  input      = var.input
  depends_on = [devin_connection_check.this]
}
`

// What each command comes to while a check that is in the state fails. The
// check is asked in ModifyPlan and in Read; see design.md §9 for when Terraform
// calls which.
var underFireCommands = []struct {
	args  string
	fails bool
}{
	{"validate -no-color", false},
	{"plan -input=false -no-color", true},
	{"plan -input=false -no-color -refresh=false", true},
	{"plan -input=false -no-color -refresh-only", true},
	{"plan -input=false -no-color -destroy", true},
	{"apply -input=false -no-color -auto-approve", true},
	{"apply -input=false -no-color -auto-approve -refresh=false", true},
	{"destroy -input=false -no-color -auto-approve", true},
	// The way out with a dead key.
	{"destroy -input=false -no-color -auto-approve -refresh=false", false},
}

func testCommandsUnderFire(t *testing.T, bin binary) {
	fake := newFixture(t, devintest.Options{})
	good := bin.commandLine(t, underFire, "DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+devintest.KeyOK)
	good.succeed(t, "apply", "-input=false", "-auto-approve")
	for key, code := range map[string]string{
		devintest.KeyInvalidCredentials: "invalid_credentials",
		devintest.KeyInvalidPermissions: "invalid_permissions",
		devintest.KeyForbidden:          "forbidden",
		devintest.KeyUnauthorized:       "unauthorized",
		devintest.KeyNoResources:        "no_resources",
		devintest.KeyUnavailable:        "unavailable",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := bin.commandLine(t, underFire, "DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+key)
			before := good.state(t)
			w.write(t, "terraform.tfstate", before)
			for _, command := range underFireCommands {
				out, exit := w.run(t, strings.Fields(command.args)...)
				if want := map[bool]int{true: 1}[command.fails]; exit != want {
					t.Errorf("terraform %s exits with %d, want %d:\n%s", command.args, exit, want, out)
				}
				if !command.fails {
					continue
				}
				if n := strings.Count(out, "Error: "); n != 1 || !providertest.Wrapped("Error: "+code+": ").MatchString(out) {
					t.Errorf("terraform %s says:\n%s", command.args, out)
				}
				if w.state(t) != before {
					t.Errorf("terraform %s changed the state:\n%s", command.args, w.state(t))
				}
			}
			if state := w.state(t); strings.Contains(state, "devin_connection_check") {
				t.Errorf("after the destroy the state is\n%s", state)
			}
			// Where nothing is in the state yet, nothing comes into it.
			for _, args := range []string{"plan -input=false -no-color", "apply -input=false -no-color -auto-approve"} {
				if out, exit := w.run(t, strings.Fields(args)...); exit != 1 || !providertest.Wrapped("Error: "+code+": ").MatchString(out) {
					t.Errorf("terraform %s exits with %d:\n%s", args, exit, out)
				}
			}
			if state := w.state(t); strings.Contains(state, "terraform_data") || strings.Contains(state, "devin_connection_check") {
				t.Errorf("after a failed apply the state is\n%s", state)
			}
		})
	}
}
