package acceptance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// The tests under fire run the real command line with the real binary, as a
// user would: each provider block is a process of its own, which Terraform
// starts, interrupts and kills.

// TestAccUnderFire is all of them, so that the binary is built once and gone
// with the last.
func TestAccUnderFire(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	t.Parallel()
	bin := buildProvider(t)
	for name, test := range map[string]func(*testing.T, binary){
		"every command fails with the code and keeps the state":              testCommandsUnderFire,
		"the key is in no log, state, plan or message":                       testSecrets,
		"no person is in the provider's log":                                 testPeopleInLogs,
		"a key in the address is refused and not shown":                      testKeyInTheAddress,
		"an interrupt ends every request":                                    testInterrupt,
		"an interrupt ends each command that passes it on":                   testInterruptedCommands,
		"two instances use their own keys":                                   testTwoInstances,
		"a permission lost before apply fails it before anything is touched": testPermissionLostBeforeApply,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, bin)
		})
	}
}

// binary is the folder with the provider.
type binary string

func buildProvider(t *testing.T) binary {
	t.Helper()
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir+string(filepath.Separator), "github.com/devin-community/terraform-provider-devin")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", err, out)
	}
	return binary(dir)
}

// commandLine is a folder with a configuration, in which Terraform takes the provider
// from the binary. Neither inherits settings from the environment.
func (bin binary) commandLine(t *testing.T, config string, variables ...string) *workspace {
	t.Helper()
	w := &workspace{dir: t.TempDir()}
	w.write(t, "main.tf", config)
	// Beside the folder, so that what a test finds in there is Terraform's.
	settings := filepath.Join(t.TempDir(), "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"devin-community/devin\" = %q\n  }\n  direct {}\n}\n", filepath.ToSlash(string(bin)))
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "DEVIN_") && !strings.Contains(strings.ToLower(name), "_proxy") {
			w.env = append(w.env, entry)
		}
	}
	w.env = append(append(w.env, "TF_CLI_CONFIG_FILE="+settings, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"), variables...)
	return w
}

// stateResource is an entry of a state file.
type stateResource struct {
	Type, Name string
	Instances  json.RawMessage
}

func resourcesIn(t *testing.T, state string) []stateResource {
	t.Helper()
	var file struct{ Resources []stateResource }
	if state != "" {
		if err := json.Unmarshal([]byte(state), &file); err != nil {
			t.Fatal(err)
		}
	}
	return file.Resources
}

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

// underFireCommands are the exit of each command while a check that is in the state
// fails. Terraform calls ModifyPlan for a plan and an apply, and Read unless
// -refresh=false says otherwise; both send the check's requests.
var underFireCommands = []struct {
	args  string
	fails bool
	once  bool // for one code only: what Terraform calls does not depend on it
}{
	{"validate -no-color", false, true},
	{"plan -input=false -no-color", true, false},
	{"plan -input=false -no-color -refresh=false", true, true},
	{"plan -input=false -no-color -refresh-only", true, true},
	{"plan -input=false -no-color -destroy", true, true},
	{"apply -input=false -no-color -auto-approve", true, true},
	{"apply -input=false -no-color -auto-approve -refresh=false", true, false},
	{"destroy -input=false -no-color -auto-approve", true, true},
	// The way out with a key that is revoked.
	{"destroy -input=false -no-color -auto-approve -refresh=false", false, false},
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
				if command.once && key != devintest.KeyInvalidCredentials {
					continue
				}
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

// An interrupt in the middle of a fan-out ends every request, and leaves no
// process. Nothing else would end them before a day is over.
func testInterrupt(t *testing.T, bin binary) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows knows no interrupt that one program could send to another")
	}
	const concurrent = 8
	came, went := make(chan struct{}, 1000), make(chan struct{}, 1000)
	fake := devintest.Start(t, devintest.Options{Log: func(r devintest.Request, _ time.Duration) {
		if strings.HasPrefix(r.Path, "/v3/enterprise/consumption/daily/users/") {
			went <- struct{}{}
		}
	}})
	fake.Fault(userPath, devintest.Fault{Hang: true, When: func(*http.Request) bool {
		came <- struct{}{}
		return true
	}})
	own := bin.copied(t)
	w := own.commandLine(t, fmt.Sprintf(`
terraform {
  required_providers {
    devin = { source = "devin-community/devin" }
  }
}
provider "devin" {
  max_concurrent_requests = %d
  request_timeout         = "24h"
}
data "devin_members_daily_consumption" "all" { start_date = "%s" }
output "users" { value = data.devin_members_daily_consumption.all.users }
`, concurrent, devin.DayAt(time.Now())-3), "DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+devintest.KeyOK)
	w.interrupt(t, came, concurrent, "plan")
	for range concurrent {
		<-went
	}
	if n := len(came); n > 0 {
		t.Errorf("%d requests were sent after the interrupt", n)
	}
	own.mustNotRun(t)
}

// interrupt runs a command, and interrupts it once so many requests have come. It wants
// the command to fail as interrupted.
func (w *workspace) interrupt(t *testing.T, came <-chan struct{}, requests int, args ...string) {
	t.Helper()
	cmd, out := w.command(t, append([]string{args[0], "-input=false", "-no-color"}, args[1:]...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for range requests {
		select {
		case <-came:
		case err := <-ended:
			t.Fatalf("terraform ends with %v:\n%s", err, out)
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := <-ended; !errors.As(err, &exit) || exit.ExitCode() != 1 || !providertest.Wrapped("Error: Interrupted").MatchString(out.String()) {
		t.Errorf("terraform ends with %v:\n%s", err, out)
	}
}

// README names the commands whose interrupt reaches the provider. While apply or
// destroy makes a plan of its own, Terraform and OpenTofu do not pass it on.
func testInterruptedCommands(t *testing.T, bin binary) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows knows no interrupt that one program could send to another")
	}
	for _, tt := range []struct{ before, command []string }{
		{[]string{"apply", "-auto-approve"}, []string{"plan"}},
		{[]string{"apply", "-auto-approve"}, []string{"plan", "-destroy"}},
		{[]string{"apply", "-auto-approve"}, []string{"refresh"}},
		{[]string{"plan", "-out=saved.tfplan"}, []string{"apply", "saved.tfplan"}},
	} {
		t.Run(strings.Join(tt.command, " "), func(t *testing.T) {
			fake := devintest.Start(t, devintest.Options{})
			w := bin.commandLine(t, `
terraform {
  required_providers {
    devin = { source = "devin-community/devin" }
  }
}
provider "devin" { request_timeout = "24h" }
resource "devin_connection_check" "this" {}
`, "DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+devintest.KeyOK)
			w.succeed(t, append(tt.before, "-input=false")...)
			came := make(chan struct{}, 1000)
			fake.Fault(selfPath, devintest.Fault{Hang: true, When: func(*http.Request) bool {
				came <- struct{}{}
				return true
			}})
			w.interrupt(t, came, 1, tt.command...)
		})
	}
}

// copied is a binary that no other test runs.
func (bin binary) copied(t *testing.T) binary {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(string(bin))); err != nil {
		t.Fatal(err)
	}
	return binary(dir)
}

// mustNotRun reports processes of the binary that still run, on Linux.
func (bin binary) mustNotRun(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return
	}
	processes, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	for _, process := range processes {
		// Most processes are other people's, or gone by now.
		if path, err := os.Readlink(process); err == nil && strings.HasPrefix(path, string(bin)) {
			t.Errorf("%s is still running: %s", process, path)
		}
	}
}

// Two provider blocks, each of them a process, with a key of its own.
func testTwoInstances(t *testing.T, bin binary) {
	first, second := newFixture(t, devintest.Options{}), newFixture(t, devintest.Options{Members: 30})
	block := func(alias string, fake *fixture, key string) string {
		return fmt.Sprintf("provider \"devin\" {\n  alias   = %q\n  api_key = %q\n  api_url = %q\n}\n", alias, key, fake.URL)
	}
	w := bin.commandLine(t, `
terraform {
  required_providers {
    devin = { source = "devin-community/devin" }
  }
}
`+block("first", first, devintest.KeyOK)+block("second", second, devintest.KeyOtherPrincipal)+block("third", first, devintest.KeyForbidden)+`
data "devin_members" "first" { provider = devin.first }
data "devin_members" "second" { provider = devin.second }
data "devin_principal" "first" { provider = devin.first }
data "devin_principal" "second" { provider = devin.second }
data "devin_connection_check" "third" { provider = devin.third }
output "all" {
  value = join(" ", [
    length(data.devin_members.first.members), data.devin_principal.first.principal_name,
    length(data.devin_members.second.members), data.devin_principal.second.principal_name,
    data.devin_connection_check.third.error_code,
  ])
}`)
	w.succeed(t, "apply", "-input=false", "-auto-approve")
	if got := strings.TrimSpace(w.succeed(t, "output", "-raw", "all")); got != "40 DX Import 30 Usage Reports forbidden" {
		t.Errorf("the output is %q", got)
	}
	onlyKey(t, second.Server, devintest.KeyOtherPrincipal)
	for _, r := range first.Requests() {
		if r.Key != devintest.KeyOK && r.Key != devintest.KeyForbidden {
			t.Errorf("%s came with the key %q", r.Path, r.Key)
		}
	}
}
