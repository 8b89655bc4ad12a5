package acceptance

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// workspace is a folder in which the real command line runs as a user would run
// it, with the provider of this process. terraform-plugin-testing takes a dozen
// commands for what is one here.
type workspace struct {
	dir string
	env []string
}

// newWorkspace serves the provider under every address given, or under that of
// the registry. variables are of the environment, as NAME=value.
func newWorkspace(t *testing.T, p provider.Provider, variables []string, addresses ...string) *workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	reattach := serve(t, p)
	if len(addresses) == 0 {
		addresses = []string{"devin-community/devin"}
	}
	host := os.Getenv("TF_ACC_PROVIDER_HOST")
	if host == "" {
		host = "registry.terraform.io"
	}
	at := map[string]any{}
	for _, address := range addresses {
		at[host+"/"+address] = reattach
	}
	text, err := json.Marshal(at)
	if err != nil {
		t.Fatal(err)
	}
	w := &workspace{dir: t.TempDir()}
	w.write(t, "cli.tfrc", "")
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); !strings.HasPrefix(name, "TF_") {
			w.env = append(w.env, entry)
		}
	}
	w.env = append(append(w.env, "TF_REATTACH_PROVIDERS="+string(text), "CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "cli.tfrc")), variables...)
	return w
}

func (w *workspace) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run returns what a command printed and its exit code.
func (w *workspace) run(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		path = "terraform"
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir, cmd.Env = w.dir, w.env
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// serve is what `terraform-provider-devin -debug` does, in this process. It
// returns what Terraform wants to know of it.
func serve(t *testing.T, p provider.Provider) map[string]any {
	t.Helper()
	server, err := wire.NewServer(p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	closed := make(chan struct{})
	config, debug := debugging(tf6server.WithDebug, ctx, closed)
	go func() {
		_ = tf6server.Serve("registry.terraform.io/devin-community/devin", func() tfprotov6.ProviderServer { return server },
			debug, tf6server.WithLoggingSink(t), tf6server.WithoutLogStderrOverride())
	}()
	t.Cleanup(func() {
		stop()
		<-closed
	})
	reattach := <-config
	return map[string]any{
		"Protocol": reattach.Protocol, "ProtocolVersion": reattach.ProtocolVersion, "Pid": reattach.Pid, "Test": true,
		"Addr": map[string]string{"Network": reattach.Addr.Network(), "String": reattach.Addr.String()},
	}
}

// debugging makes the channel that the option wants. C is a type of go-plugin,
// which the module need not depend on for a test.
func debugging[C any](option func(context.Context, chan *C, chan struct{}) tf6server.ServeOpt, ctx context.Context, closed chan struct{}) (chan *C, tf6server.ServeOpt) {
	config := make(chan *C, 1)
	return config, option(ctx, config, closed)
}
