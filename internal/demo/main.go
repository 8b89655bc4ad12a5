// Command demo shows the provider at work: it builds it, plans and applies
// examples/demo with it, and prints what came out; then it applies the recipe
// usage-report, and prints that, too. With a key of the fake that is there to fail it
// shows the failure, and ends well. Without DEVIN_API_KEY it does so against a
// fake Devin API on a loopback port. It leaves nothing behind but the page that
// the recipe makes, and says where that is.
//
// Run it as `make demo`, from the repository's root.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// days is how many billing days the demo reads: two weeks show the weekends.
const days = 14

// price is what an ACU costs in the demo: a made-up number, as the real one is in a contract.
const price = "2.25"

// demo is one run.
type demo struct {
	root      string // the repository
	terraform string // path or name of terraform or tofu
	apiKey    string // a key of the real API; empty means the fake
	orgID     string // the organization of the key; empty means the enterprise
	apiURL    string // where the real API is; empty means the provider's default
	fakeKey   string // which of the fake's keys to use
	members   int    // how many people the fake makes up
	now       time.Time
	stdout    io.Writer
	stderr    io.Writer
}

func main() {
	d := demo{
		root:   ".",
		apiKey: strings.TrimSpace(os.Getenv("DEVIN_API_KEY")),
		orgID:  strings.TrimSpace(os.Getenv("DEVIN_ORG_ID")),
		apiURL: os.Getenv("DEVIN_API_URL"),
		now:    time.Now(),
		stdout: os.Stdout,
		stderr: os.Stderr,
	}
	// Not flag.CommandLine: net/http/httptest registers a flag of its own there.
	flags := flag.NewFlagSet("demo", flag.ExitOnError)
	flags.StringVar(&d.terraform, "terraform", "terraform", "`path` of terraform or tofu")
	flags.StringVar(&d.fakeKey, "key", "", "one of the fake's `key`s; uses the fake even where DEVIN_API_KEY is set")
	flags.IntVar(&d.members, "members", 40, "`number` of people in the fake")
	_ = flags.Parse(os.Args[1:]) // exits by itself where it fails

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := d.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "\ndemo: %v\n", err)
		os.Exit(exitCode(err))
	}
}

// exitCode is that of the command which failed, where one did.
func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode()
	}
	return 1
}

func (d demo) run(ctx context.Context) error {
	if d.apiKey == "" && d.fakeKey == "" {
		d.fakeKey = devintest.KeyOK
	}
	key, err := fakeKey(d.fakeKey)
	if err != nil {
		return err
	}
	if d.members < 1 {
		return errors.New("-members must be at least 1")
	}

	temp, err := os.MkdirTemp("", "devin-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	if d.fakeKey != "" {
		fake := httptest.NewServer(devintest.New(devintest.Options{Members: d.members}))
		defer fake.Close()
		d.apiKey, d.apiURL, d.orgID = d.fakeKey, fake.URL, ""
		fmt.Fprintf(d.stdout, "A fake Devin API listens on %s.\nThe key is %s:\n  %s.\n", fake.URL, key.Key, key.Description)
	} else {
		fmt.Fprintf(d.stdout, "The key is that of DEVIN_API_KEY.\nThis reads the real Devin API at %s.\n", cmp.Or(d.apiURL, devin.DefaultBaseURL))
	}

	fmt.Fprint(d.stdout, "\nCompiling the provider, which takes about a minute the first time.\n")
	if err := d.build(ctx, filepath.Join(temp, "bin")); err != nil {
		return fmt.Errorf("building the provider: %w", err)
	}
	cli, err := d.prepare(temp, "demo")
	if err != nil {
		return err
	}
	if key.Code != "" {
		return d.showFailure(ctx, cli, key)
	}
	if err := cli.run(ctx, "plan", "-out=demo.tfplan"); err != nil {
		return fmt.Errorf("the plan failed: %w", err)
	}
	raw, err := cli.apply(ctx, "demo.tfplan")
	if err != nil {
		return err
	}
	if err := report(d.stdout, raw); err != nil {
		return err
	}
	return d.usage(ctx, temp)
}

// usage applies the recipe usage-report, shows what it counts, and leaves its
// page in the system's folder for temporary files.
func (d demo) usage(ctx context.Context, temp string) error {
	fmt.Fprint(d.stdout, "\nNow every member at once: examples/recipes/usage-report.\n")
	raw, err := d.recipe(ctx, temp, "usage-report")
	if err != nil {
		return err
	}
	page, of, err := reportUsage(d.stdout, raw)
	if err != nil {
		return err
	}
	if err := d.where(ctx, temp, of); err != nil {
		return err
	}
	path, err := keepPage(page)
	if err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	fmt.Fprintf(d.stdout, "\nPAGE  %s\n  The same for a browser, with charts. The next make demo replaces it.\n", path)
	return nil
}

// recipe applies one of examples/recipes, and returns its outputs.
func (d demo) recipe(ctx context.Context, temp, name string) ([]byte, error) {
	cli, err := d.prepare(temp, filepath.Join("recipes", name))
	if err != nil {
		return nil, err
	}
	return cli.apply(ctx)
}

// fakeKey looks up one of the fake's keys; an empty one has no code. It refuses a
// misspelt key, which the fake would take for one that Devin has never issued. A key of
// the old kind reaches no server, so any of them shows what the provider says.
func fakeKey(key string) (devintest.KeyInfo, error) {
	if key == "" {
		return devintest.KeyInfo{}, nil
	}
	if strings.HasPrefix(key, "apk_") {
		return devintest.KeyInfo{
			Key: key, Code: string(devin.InvalidCredentials),
			Description: "a key of the kind made for versions 1 and 2 of the API",
		}, nil
	}
	known := devintest.Keys()
	if i := slices.IndexFunc(known, func(k devintest.KeyInfo) bool { return k.Key == key }); i >= 0 {
		return known[i], nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the fake has no key %q. It has:", key)
	for _, k := range known {
		fmt.Fprintf(&b, "\n  %s\n    %s", k.Key, k.Description)
	}
	return devintest.KeyInfo{}, errors.New(b.String())
}

func (d demo) build(ctx context.Context, into string) error {
	if err := os.Mkdir(into, 0o700); err != nil {
		return err
	}
	// With a folder for -o, go build names the binary as Terraform expects it.
	build := exec.CommandContext(ctx, "go", "build", "-o", into+string(filepath.Separator), ".")
	build.Dir, build.Stdout, build.Stderr = d.root, d.stderr, d.stderr
	return build.Run()
}

// prepare lays out a folder to run Terraform in: a copy of one of examples, since
// state lands beside the configuration, and a CLI configuration that makes
// Terraform take the provider from bin.
func (d demo) prepare(temp, example string) (*commandLine, error) {
	work := filepath.Join(temp, filepath.Base(example))
	if err := os.CopyFS(work, os.DirFS(filepath.Join(d.root, "examples", example))); err != nil {
		return nil, err
	}
	config := filepath.Join(temp, "cli.tfrc")
	// A source without a host means the registry of whichever CLI reads this,
	// as it does in examples/demo, so one entry serves Terraform and OpenTofu.
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"devin-community/devin\" = %q\n  }\n  direct {}\n}\n",
		filepath.ToSlash(filepath.Join(temp, "bin")))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}

	last := devin.DayAt(d.now) - 1
	env := append(cleanEnvironment(os.Environ()),
		"TF_CLI_CONFIG_FILE="+config,
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"TF_VAR_start_date="+(last-days+1).String(),
		"TF_VAR_end_date="+last.String(),
		"TF_VAR_acu_price="+price,
		"DEVIN_API_KEY="+d.apiKey,
		"DEVIN_ORG_ID="+d.orgID,
	)
	if d.apiURL != "" {
		env = append(env, "DEVIN_API_URL="+d.apiURL)
	}
	return &commandLine{path: d.terraform, dir: work, env: env, stdout: d.stdout, stderr: d.stderr}, nil
}
