package provider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// testNow is a Friday noon: 2026-11-19 is the last billing day that has ended.
var testNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// testClock stands still but for those who sleep, which takes no time.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// fixture is a fake Devin, and the provider on the same clock.
type fixture struct {
	*devintest.Server
	clock *testClock
}

func newFixture(t testing.TB, opts devintest.Options) *fixture {
	t.Helper()
	opts.Now = func() time.Time { return testNow }
	return &fixture{devintest.Start(t, opts), &testClock{now: testNow}}
}

// client is one as the provider makes it, for tests of read functions.
func (f *fixture) client(t testing.TB, key string) *devin.Client {
	t.Helper()
	k, err := devin.ParseKey(key)
	if err != nil {
		t.Fatal(err)
	}
	base, err := devin.ParseBaseURL(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := devin.New(devin.Config{API: devin.API{BaseURL: base, Key: k, Clock: f.clock, MaxRetries: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func (f *fixture) provider() provider.Provider {
	return &devinProvider{version: "test", clock: f.clock}
}

// config is a configuration with a provider block for the fake.
func (f *fixture) config(key, body string) string {
	return fmt.Sprintf("provider \"devin\" {\n  api_key = %q\n  api_url = %q\n}\n%s", key, f.URL, body)
}

// step is a TestStep served by the provider. Factories stand on the step and
// not on the TestCase, where they would forbid provider blocks.
func (f *fixture) step(key, body string) resource.TestStep {
	return resource.TestStep{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"devin": func() (tfprotov6.ProviderServer, error) { return wire.NewServer(f.provider()) },
		},
		Config: f.config(key, body),
	}
}

// acceptance runs steps with the real command line, in which an inherited
// configuration or setting has no place.
func acceptance(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	clearEnvironment(t)
	resource.Test(t, resource.TestCase{Steps: steps})
}

func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"DEVIN_API_KEY", "DEVIN_TOKEN", "DEVIN_API_URL"} {
		t.Setenv(name, "")
	}
	// An empty variable would mean the default file, which may have dev_overrides.
	file := filepath.Join(t.TempDir(), "empty.tfrc")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TF_CLI_CONFIG_FILE", file)
}

// protocol is the provider as Terraform sees it, without Terraform.
type protocol struct {
	tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

func newProtocol(t testing.TB, p provider.Provider) *protocol {
	t.Helper()
	server, err := wire.NewServer(p)
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, messages(schemas.Diagnostics))
	}
	return &protocol{server, schemas}
}

// value makes an object of a schema's type, null but for what is given as Go
// values or tftypes.UnknownValue.
func value(t testing.TB, schema *tfprotov6.Schema, given map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	typ, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("the schema is no object")
	}
	attributes := map[string]tftypes.Value{}
	for name, attribute := range typ.AttributeTypes {
		v := given[name]
		if list, ok := v.([]string); ok {
			elements := make([]tftypes.Value, len(list))
			for i, text := range list {
				elements[i] = tftypes.NewValue(tftypes.String, text)
			}
			v = elements
		}
		attributes[name] = tftypes.NewValue(attribute, v)
	}
	for name := range given {
		if _, ok := typ.AttributeTypes[name]; !ok {
			t.Fatalf("the schema has no attribute %s", name)
		}
	}
	dynamic, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, attributes))
	if err != nil {
		t.Fatal(err)
	}
	return &dynamic
}

func (p *protocol) validateProvider(t *testing.T, given map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ValidateProviderConfig(context.Background(), &tfprotov6.ValidateProviderConfigRequest{Config: value(t, p.schemas.Provider, given)})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *protocol) configure(t testing.TB, given map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", Config: value(t, p.schemas.Provider, given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *protocol) validateData(t *testing.T, name string, given map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ValidateDataResourceConfig(context.Background(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name, Config: value(t, p.schemas.DataSourceSchemas[name], given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *protocol) readData(t testing.TB, name string, given map[string]any) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	resp, err := p.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: value(t, p.schemas.DataSourceSchemas[name], given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// messages are diagnostics as text: "attribute: summary: detail", a line each.
func messages(diags []*tfprotov6.Diagnostic) string {
	var lines []string
	for _, d := range diags {
		at := ""
		if d.Attribute != nil {
			for _, step := range d.Attribute.Steps() {
				at += fmt.Sprint(step) + ": "
			}
		}
		lines = append(lines, at+d.Summary+": "+d.Detail)
	}
	return strings.Join(lines, "\n")
}

// wrapped matches a text that Terraform may have broken into lines.
func wrapped(text string) *regexp.Regexp {
	return regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(text)), `[\s│]+`))
}
