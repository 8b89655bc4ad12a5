package acceptance

import (
	"bytes"
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
	cmd, out := w.command(t, "plan", "-input=false", "-no-color")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for range concurrent {
		select {
		case <-came:
		case err := <-ended:
			t.Fatalf("terraform ends with %v:\n%s", err, out)
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for range concurrent {
		<-went
	}
	var exit *exec.ExitError
	if err := <-ended; !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("terraform ends with %v:\n%s", err, out)
	}
	if !providertest.Wrapped("Error: Interrupted").MatchString(out.String()) {
		t.Errorf("terraform says:\n%s", out)
	}
	if n := len(came); n > 0 {
		t.Errorf("%d requests were sent after the interrupt", n)
	}
	own.mustNotRun(t)
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
			cmd, out := w.command(t, append([]string{tt.command[0], "-input=false", "-no-color"}, tt.command[1:]...)...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-came:
			case err := <-ended:
				t.Fatalf("terraform ends with %v:\n%s", err, out)
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			var exit *exec.ExitError
			if err := <-ended; !errors.As(err, &exit) || exit.ExitCode() != 1 || !providertest.Wrapped("Error: Interrupted").MatchString(out.String()) {
				t.Errorf("terraform ends with %v:\n%s", err, out)
			}
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

// mustNotRun finds processes of the binary, where the system tells.
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
		// Most processes are somebody else's, or gone by now.
		if path, err := os.Readlink(process); err == nil && strings.HasPrefix(path, string(bin)) {
			t.Errorf("%s is still running: %s", process, path)
		}
	}
}

// command is one that is started and waited for by the test.
func (w *workspace) command(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		path = "terraform"
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	out := new(bytes.Buffer)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.env, out, out
	return cmd, out
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
