// Package providertest has what tests of the provider need: a fake Devin and the
// provider on the same clock, the provider behind the protocol, and the command line
// without an inherited configuration.
package providertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// Now is a Friday noon: 2026-11-19 is the last billing day that has ended.
var Now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Fixture is a fake Devin, and the provider on the same clock.
type Fixture struct {
	*devintest.Server
	Clock       *devintest.Clock
	newProvider func(devin.Clock) provider.Provider
}

// NewFixture starts a fake, at Now where opts names no other time, and has the
// provider made on the same clock.
func NewFixture(t testing.TB, opts devintest.Options, newProvider func(devin.Clock) provider.Provider) *Fixture {
	t.Helper()
	if opts.Now == nil {
		opts.Now = func() time.Time { return Now }
	}
	return &Fixture{devintest.Start(t, opts), devintest.NewClock(opts.Now()), newProvider}
}

// Client is one as the provider makes it, for tests of read functions.
func (f *Fixture) Client(t testing.TB, key string, change ...func(*devin.Config)) *devin.Client {
	t.Helper()
	k, err := devin.ParseKey(key)
	if err != nil {
		t.Fatal(err)
	}
	base, err := devin.ParseBaseURL(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	config := devin.Config{API: devin.API{BaseURL: base, Key: k, Clock: f.Clock, MaxRetries: 1}}
	for _, c := range change {
		c(&config)
	}
	client, err := devin.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// Provider is a provider on the fixture's clock.
func (f *Fixture) Provider() provider.Provider {
	return f.newProvider(f.Clock)
}

// Config is a configuration with a provider block for the fake.
func (f *Fixture) Config(key, body string) string {
	return fmt.Sprintf("provider \"devin\" {\n  api_key = %q\n  api_url = %q\n}\n%s", key, f.URL, body)
}

// Step is a TestStep served by the provider, with checks of the state after it. Factories stand on the step and
// not on the TestCase, where they would forbid provider blocks.
func (f *Fixture) Step(key, body string, checks ...statecheck.StateCheck) resource.TestStep {
	return resource.TestStep{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"devin": func() (tfprotov6.ProviderServer, error) { return wire.NewServer(f.Provider()) },
		},
		Config:            f.Config(key, body),
		ConfigStateChecks: checks,
	}
}

// Unchanged is a Step whose plan has nothing to do.
func (f *Fixture) Unchanged(key, body string) resource.TestStep {
	step := f.Step(key, body)
	step.ConfigPlanChecks = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	return step
}

// Failing is a Step that fails with a message.
func (f *Fixture) Failing(key, body, message string) resource.TestStep {
	step := f.Step(key, body)
	step.ExpectError = Wrapped(message)
	return step
}

// Attribute checks a top-level attribute of a resource or a data source in the state.
func Attribute(address, name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

// Run runs steps with the real command line, without an inherited configuration or
// setting.
func Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	ClearEnvironment(t)
	resource.Test(t, resource.TestCase{Steps: steps})
}

// ClearEnvironment unsets what configures Terraform or the provider.
func ClearEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"DEVIN_API_KEY", "DEVIN_TOKEN", "DEVIN_API_URL", "DEVIN_ORG_ID", "DEVIN_READ_ONLY", "DEVIN_STRICT"} {
		t.Setenv(name, "")
	}
	// An empty variable would mean the default file, which may have dev_overrides.
	file := filepath.Join(t.TempDir(), "empty.tfrc")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TF_CLI_CONFIG_FILE", file)
}

// Protocol is the provider as Terraform sees it, without Terraform.
type Protocol struct {
	tfprotov6.ProviderServer
	Schemas *tfprotov6.GetProviderSchemaResponse
}

// NewProtocol serves p.
func NewProtocol(t testing.TB, p provider.Provider) *Protocol {
	t.Helper()
	server, err := wire.NewServer(p)
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, Messages(schemas.Diagnostics))
	}
	return &Protocol{server, schemas}
}

// Value makes an object of a schema's type, null but for what is given as Go
// values or tftypes.UnknownValue.
func Value(t testing.TB, schema *tfprotov6.Schema, given map[string]any) *tfprotov6.DynamicValue {
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

// ValidateProvider validates settings.
func (p *Protocol) ValidateProvider(t *testing.T, given map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ValidateProviderConfig(context.Background(), &tfprotov6.ValidateProviderConfigRequest{Config: Value(t, p.Schemas.Provider, given)})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// Configure configures the provider with settings.
func (p *Protocol) Configure(t testing.TB, given map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", Config: Value(t, p.Schemas.Provider, given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// ValidateData validates the arguments of a data source.
func (p *Protocol) ValidateData(t *testing.T, name string, given map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ValidateDataResourceConfig(context.Background(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name, Config: Value(t, p.Schemas.DataSourceSchemas[name], given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// ReadData reads a data source.
func (p *Protocol) ReadData(t testing.TB, name string, given map[string]any) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	resp, err := p.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: Value(t, p.Schemas.DataSourceSchemas[name], given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// Messages are diagnostics as text: "attribute: summary: detail", a line each.
func Messages(diags []*tfprotov6.Diagnostic) string {
	var lines []string
	for _, d := range diags {
		var at strings.Builder
		if d.Attribute != nil {
			for _, step := range d.Attribute.Steps() {
				at.WriteString(fmt.Sprint(step) + ": ")
			}
		}
		lines = append(lines, at.String()+d.Summary+": "+d.Detail)
	}
	return strings.Join(lines, "\n")
}

// Wrapped matches a text that Terraform may have broken into lines.
func Wrapped(text string) *regexp.Regexp {
	return regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(text)), `[\s│]+`))
}

// Days is the window of billing days from start to end.
func Days(t testing.TB, start, end string) devin.Window {
	t.Helper()
	from, err := devin.ParseDay(start)
	if err != nil {
		t.Fatal(err)
	}
	to, err := devin.ParseDay(end)
	if err != nil {
		t.Fatal(err)
	}
	return devin.Window{Start: from, End: to}
}
