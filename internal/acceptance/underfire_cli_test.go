package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin+string(filepath.Separator), "github.com/devin-community/terraform-provider-devin")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", err, out)
	}
	for name, test := range map[string]func(*testing.T, binary){
		"every command fails with the code and keeps the state":              testCommandsUnderFire,
		"the key is in no log, state, plan or message":                       testSecrets,
		"no person is in the provider's log but at DEBUG":                    testPeopleInLogs,
		"a key in the address is refused and not shown":                      testKeyInTheAddress,
		"an interrupt ends every request":                                    testInterrupt,
		"an interrupt ends each command that passes it on":                   testInterruptedCommands,
		"two instances use their own keys":                                   testTwoInstances,
		"a permission lost before apply fails it before anything is touched": testPermissionLostBeforeApply,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, binary(bin))
		})
	}
}

// binary is the folder with the provider.
type binary string

// commandLine is a folder with a configuration, in which Terraform takes the
// provider from the binary. Nothing of the environment steers either.
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

// succeed runs a command that must not fail.
func (w *workspace) succeed(t *testing.T, args ...string) string {
	t.Helper()
	out, code := w.run(t, args...)
	if code != 0 {
		t.Fatalf("terraform %s exits with %d:\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// state is the state file as it stands, empty where there is none.
func (w *workspace) state(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
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
