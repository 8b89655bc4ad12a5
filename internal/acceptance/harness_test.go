// Package acceptance tests the provider from outside only: over the protocol that
// Terraform speaks, and with the command line (TestAcc...).
//
//   - types_test.go has a row for each data source and resource. A type that is new
//     needs one, and no other change of this package.
//   - truth_test.go has the states that the rows want, by the fake's own data.
//   - matrix_test.go has what a cell of the fault matrix is, and errors by status;
//     answers_test.go, wrong answers with status 200; networks_test.go, connections and
//     faults that pass; check_test.go, what the connection check must say to each.
//   - fanout_test.go, stop_test.go and soak_test.go have reports with a thousand
//     requests, interrupts, and make soak.
//   - scope_test.go has organizations and keys; settings_test.go, what
//     redact_personal_data, strict and format change of every row.
//   - docs_test.go and recipes_*_test.go apply everything that the documentation shows.
//     recipes_table_test.go has a row for each recipe, and cookbook_test.go one for each
//     block with outputs; both are applied to the enterprise of hostile_test.go.
//     people_test.go finds names and addresses in what all that prints.
//   - imports_test.go imports by what the pages show, and claims_test.go holds what pages
//     claim to what the types are.
//   - limits_test.go, underfire_test.go and secrets_test.go run the command line, the
//     latter two with the provider as a binary.
//   - bench_*_test.go have the benchmarks of BENCHMARKS.md.
//   - harness_test.go has the fake, the provider and the command line for all of them.
package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// root is the folder of the repository.
const root = "../.."

type (
	fixture  struct{ *providertest.Fixture }
	protocol struct{ *providertest.Protocol }
)

// newProvider makes a provider; nil is the machine's clock, and the network.
func newProvider(clock devin.Clock, transport http.RoundTripper) framework.Provider {
	return provider.New(provider.Options{Version: "test", Clock: clock, Transport: transport})
}

func newFixture(t testing.TB, opts devintest.Options) *fixture {
	t.Helper()
	return &fixture{providertest.NewFixture(t, opts, func(clock devin.Clock) framework.Provider {
		return newProvider(clock, nil)
	})}
}

func newProtocol(t testing.TB, p framework.Provider) *protocol {
	t.Helper()
	return &protocol{providertest.NewProtocol(t, p)}
}

// The fault matrix runs in synctest bubbles: fake and provider talk over pipes
// in memory, so that a minute of waiting takes no time, a read that hangs is a
// deadlock that synctest reports, and so is a goroutine that is left over.

// matrixKey looks like a key of Devin's. Nothing else in the tests has a part of it, so
// that a text with one has leaked it.
const matrixKey = "cog_Zx81QvKq7TbN4mWe0RjYhLd2"

// bubble is a fake Devin inside a synctest bubble.
type bubble struct {
	*devintest.Server
	pipes     *pipes
	transport *http.Transport
	started   time.Time
}

// inBubble runs f with a fake. Providers made in it have the defaults of
// every user: 4 retries, 60 s for each, 16 requests at a time.
func inBubble(t *testing.T, opts devintest.Options, f func(t *testing.T, b *bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(opts)
		defer b.close()
		f(t, b)
	})
}

func newBubble(opts devintest.Options) *bubble {
	b := &bubble{pipes: newPipes(), started: time.Now()}
	opts.Now = b.Now
	b.Server = devintest.New(opts)
	b.AddKey(matrixKey, devintest.Principal{ID: "service-user-1", Name: "Matrix", Permissions: devintest.AllPermissions()})
	// As many idle connections as the client's own transport keeps.
	b.transport = &http.Transport{DialContext: b.pipes.dial, MaxIdleConns: 16, MaxIdleConnsPerHost: 16}
	server := &http.Server{
		Handler: b.Server, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute,
	}
	go func() {
		<-b.pipes.closed
		_ = server.Close()
	}()
	go func() { _ = server.Serve(b.pipes) }()
	return b
}

func (b *bubble) close() {
	b.transport.CloseIdleConnections()
	b.Close()
	_ = b.pipes.Close()
}

// Now is providertest.Now, and from there on the time of the bubble.
func (b *bubble) Now() time.Time { return providertest.Now.Add(time.Since(b.started)) }

// Sleep is that of the bubble, which jumps over it.
func (b *bubble) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bubble) Provider() framework.Provider {
	return newProvider(b, b.transport)
}

// configured is a provider that asks the bubble's fake, with a key that may do
// everything unless settings has another.
func (b *bubble) configured(t *testing.T, settings map[string]any) *protocol {
	t.Helper()
	return configuredProtocol(t, b.Provider(), "http://127.0.0.1", settings)
}

func configuredProtocol(t *testing.T, p framework.Provider, url string, settings map[string]any) *protocol {
	t.Helper()
	server, err := wire.NewServer(p)
	if err != nil {
		t.Fatal(err)
	}
	protocol := &protocol{&providertest.Protocol{ProviderServer: server, Schemas: allSchemas()}}
	all := map[string]any{"api_key": matrixKey, "api_url": url}
	maps.Copy(all, settings)
	if diags := protocol.Configure(t, all); len(diags) > 0 {
		t.Fatal(providertest.Messages(diags))
	}
	return protocol
}

// allSchemas are made once: thousands of providers are, and they are the same.
var allSchemas = sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
	server, err := wire.NewServer(newProvider(nil, nil))
	if err != nil {
		panic(err)
	}
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return schemas
})

// pipes is a network of one server in memory.
type pipes struct {
	arriving chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func newPipes() *pipes { return &pipes{arriving: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.arriving:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	select {
	case p.arriving <- theirs:
		return mine, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (b *bubble) schemaOf(source string) *tfprotov6.Schema {
	return allSchemas().DataSourceSchemas[source]
}

// workspace is a folder in which the real command line runs as a user would run
// it, with the provider of this process. terraform-plugin-testing takes a dozen
// commands for what is one here.
type workspace struct {
	dir string
	env []string
	// providers are those of this process, by their addresses.
	providers map[string]any
}

// newWorkspace serves the provider under every address given, or under that of
// the registry. variables are of the environment, as NAME=value.
func newWorkspace(t *testing.T, p framework.Provider, variables []string, addresses ...string) *workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	if len(addresses) == 0 {
		addresses = []string{"devin-community/devin"}
	}
	w := &workspace{dir: t.TempDir(), providers: map[string]any{}}
	w.write(t, "cli.tfrc", "")
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); !strings.HasPrefix(name, "TF_") {
			w.env = append(w.env, entry)
		}
	}
	w.env = append(append(w.env, "CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "cli.tfrc")), variables...)
	w.serve(t, p, addresses...)
	return w
}

// serve serves a provider under every address given.
func (w *workspace) serve(t *testing.T, p framework.Provider, addresses ...string) {
	t.Helper()
	host := os.Getenv("TF_ACC_PROVIDER_HOST")
	if host == "" {
		host = "registry.terraform.io"
	}
	reattach := serve(t, p)
	for _, address := range addresses {
		w.providers[host+"/"+address] = reattach
	}
	text, err := json.Marshal(w.providers)
	if err != nil {
		t.Fatal(err)
	}
	w.env = append(w.env, "TF_REATTACH_PROVIDERS="+string(text)) // the last one counts
}

func (w *workspace) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
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

// run returns what a command printed and its exit code.
func (w *workspace) run(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	cmd, out := w.command(t, args...)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// version is the command line in use: "OpenTofu v1.12.6", "OpenTofu" and "12".
func (w *workspace) version(t *testing.T) (all, product, minor string) {
	t.Helper()
	out := w.succeed(t, "version")
	found := regexp.MustCompile(`(Terraform|OpenTofu) v1\.(\d+)\S*`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("the version is not in:\n%s", out)
	}
	return found[0], found[1], found[2]
}

// needs skips the test where the command line is older than least, such as
// "Terraform 1.10 or OpenTofu 1.8". No version of one that is not named will do.
func (w *workspace) needs(t *testing.T, least string) {
	t.Helper()
	all, product, minor := w.version(t)
	needed := regexp.MustCompile(product + ` 1\.(\d+)`).FindStringSubmatch(least)
	if needed == nil || number(t, minor) < number(t, needed[1]) {
		t.Skipf("needs %s, and this is %s", least, all)
	}
}

// apply applies a configuration, and returns what Terraform says.
func (w *workspace) apply(t *testing.T, config string, arguments ...string) string {
	t.Helper()
	w.write(t, "main.tf", config)
	return w.succeed(t, append([]string{"apply", "-auto-approve", "-input=false", "-no-color"}, arguments...)...)
}

// isSettled wants a plan that changes nothing.
func (w *workspace) isSettled(t *testing.T) {
	t.Helper()
	if out, code := w.run(t, "plan", "-detailed-exitcode", "-input=false", "-no-color"); code != 0 {
		t.Errorf("the second plan: exit code %d:\n%s", code, out)
	}
}

// applied applies, and wants the second plan to be empty.
func (w *workspace) applied(t *testing.T) string {
	t.Helper()
	out := w.succeed(t, "apply", "-auto-approve", "-input=false", "-no-color")
	w.isSettled(t)
	return out
}

// failsToPlan wants a plan that ends in an error.
func (w *workspace) failsToPlan(t *testing.T, says string) {
	t.Helper()
	if out, code := w.run(t, "plan", "-input=false", "-no-color"); code != 1 || !providertest.Wrapped(says).MatchString(out) {
		t.Errorf("exit code %d, and not %q:\n%s", code, says, out)
	}
}

// failsToApply wants an apply that ends in an error.
func (w *workspace) failsToApply(t *testing.T, says string) {
	t.Helper()
	out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color")
	if code != 1 || !providertest.Wrapped(says).MatchString(out) {
		t.Errorf("exit code %d, and not %q:\n%s", code, says, out)
	}
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

// serve is what `terraform-provider-devin -debug` does, in this process. It
// returns what Terraform wants to know of it.
func serve(t *testing.T, p framework.Provider) map[string]any {
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
