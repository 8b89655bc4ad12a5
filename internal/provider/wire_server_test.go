package provider

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// wireTestProvider has no settings: data is what its data sources get.
type wireTestProvider struct {
	data    any
	sources []func() datasource.DataSource
}

func (p *wireTestProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "wiretest"
}

func (p *wireTestProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {
}

func (p *wireTestProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.DataSourceData = p.data
}

func (p *wireTestProvider) DataSources(context.Context) []func() datasource.DataSource {
	return p.sources
}
func (p *wireTestProvider) Resources(context.Context) []func() resource.Resource { return nil }

func wireTestServer(t testing.TB, data any, sources ...func() datasource.DataSource) *wireServer {
	t.Helper()
	server, err := wireProtocol6(&wireTestProvider{data: data, sources: sources})
	if err != nil {
		t.Fatal(err)
	}
	wrapped, ok := server.(*wireServer)
	if !ok {
		t.Fatalf("served by a %T", server)
	}
	return wrapped
}

// wireTestRead configures the server and reads a data source by its type name,
// with every attribute null that config does not set.
func wireTestRead(t testing.TB, server tfprotov6.ProviderServer, name string, s schema.Schema, config map[string]tftypes.Value) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	ctx := context.Background()
	none := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	empty, _ := tfprotov6.NewDynamicValue(none, tftypes.NewValue(none, map[string]tftypes.Value{}))
	if _, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: &empty}); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]tftypes.Value)
	for attribute, a := range s.GetAttributes() {
		all[attribute] = tftypes.NewValue(a.GetType().TerraformType(ctx), nil)
	}
	for attribute, v := range config {
		all[attribute] = v
	}
	typ := s.Type().TerraformType(ctx)
	raw, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, all))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: &raw})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// wireTestAttribute is one attribute of a response's state.
func wireTestAttribute(t *testing.T, resp *tfprotov6.ReadDataSourceResponse, s schema.Schema, name string) tftypes.Value {
	t.Helper()
	for _, d := range resp.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
	raw, err := resp.State.Unmarshal(s.Type().TerraformType(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	attributes := make(map[string]tftypes.Value)
	if err := raw.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes[name]
}

type wireTestTextModel struct {
	Text *string `tfsdk:"text"`
}

func wireTestTextSchema() schema.Schema {
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"text": schema.StringAttribute{Computed: true},
	}}
}

// wireTestText reads text, or fails with err.
func wireTestText(text string, err error) func() datasource.DataSource {
	return func() datasource.DataSource { return newWireTestText(text, err) }
}

func newWireTestText(text string, err error) datasource.DataSourceWithConfigure {
	return &dataSource[wireTestTextModel]{
		name: "text", doing: "read the text", schema: wireTestTextSchema,
		read: func(_ context.Context, client *devin.Client, m *wireTestTextModel) error {
			if client == nil {
				return errors.New("read was called without a client")
			}
			m.Text = &text
			return err
		},
	}
}

func wireTestClient() *providerData { return &providerData{client: new(devin.Client)} }

func TestWireServerSendsWhatTheDataSourceEncoded(t *testing.T) {
	server := wireTestServer(t, wireTestClient(), wireTestText("Zoë", nil))
	resp := wireTestRead(t, server, "wiretest_text", wireTestTextSchema(), nil)
	got := wireTestAttribute(t, resp, wireTestTextSchema(), "text")
	if !got.Equal(tftypes.NewValue(tftypes.String, "Zoë")) {
		t.Errorf("got %s", got)
	}
}

// wireTestMore is a dataSource whose Read says more than its result.
type wireTestMore struct {
	datasource.DataSourceWithConfigure
	say func(*datasource.ReadResponse)
}

func (w *wireTestMore) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	w.DataSourceWithConfigure.Read(ctx, req, resp)
	w.say(resp)
}

func TestWireServerKeepsWarnings(t *testing.T) {
	server := wireTestServer(t, wireTestClient(), func() datasource.DataSource {
		return &wireTestMore{newWireTestText("x", nil), func(r *datasource.ReadResponse) { r.Diagnostics.AddWarning("careful", "mind the gap") }}
	})
	resp := wireTestRead(t, server, "wiretest_text", wireTestTextSchema(), nil)
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "careful" {
		t.Errorf("diagnostics: %v", resp.Diagnostics)
	}
	if got := wireTestAttribute(t, resp, wireTestTextSchema(), "text"); got.IsNull() {
		t.Error("the result is lost")
	}
}

func TestWireServerLeavesTheStateOfAFailedRead(t *testing.T) {
	server := wireTestServer(t, wireTestClient(), func() datasource.DataSource {
		return &wireTestMore{newWireTestText("x", nil), func(r *datasource.ReadResponse) { r.Diagnostics.AddError("broken", "") }}
	})
	resp := wireTestRead(t, server, "wiretest_text", wireTestTextSchema(), nil)
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "broken" {
		t.Fatalf("diagnostics: %v", resp.Diagnostics)
	}
	resp.Diagnostics = nil
	if got := wireTestAttribute(t, resp, wireTestTextSchema(), "text"); !got.IsNull() {
		t.Errorf("the state is %s", got)
	}
}

// What is deferred was not read: Terraform asks again, and then gets a result.
func TestWireServerGivesNoResultBesideADeferral(t *testing.T) {
	server := wireTestServer(t, wireTestClient(), func() datasource.DataSource {
		return &wireTestMore{newWireTestText("x", nil), func(r *datasource.ReadResponse) {
			r.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
		}}
	})
	resp := wireTestRead(t, server, "wiretest_text", wireTestTextSchema(), nil)
	if resp.Deferred == nil || resp.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
		t.Errorf("deferred: %v", resp.Deferred)
	}
	if got := wireTestAttribute(t, resp, wireTestTextSchema(), "text"); !got.IsNull() {
		t.Errorf("the state is %s", got)
	}
}

func TestWireServerRefusesAResultTooLargeForTerraform(t *testing.T) {
	server := wireTestServer(t, wireTestClient(), wireTestText(strings.Repeat("x", 2<<20), nil))
	server.limit = 1 << 20
	resp := wireTestRead(t, server, "wiretest_text", wireTestTextSchema(), nil)
	if len(resp.Diagnostics) != 1 {
		t.Fatalf("diagnostics: %v", resp.Diagnostics)
	}
	d := resp.Diagnostics[0]
	for _, want := range []string{"too large", "Could not read the text", "2.0 MiB", "at most 1.0 MiB", "shorter window", "daily = false", "user_ids"} {
		if text := d.Summary + ": " + d.Detail; !strings.Contains(text, want) {
			t.Errorf("%q does not say %q", text, want)
		}
	}
}

func TestNewServerServesTheWire(t *testing.T) {
	factory, err := NewServer("test")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := factory().(*wireServer); !ok {
		t.Errorf("served by a %T", factory())
	}
}

// plugin-go finds out by type assertion what a server can do.
func TestWireServerHidesNothingOfTheFrameworks(t *testing.T) {
	inner := providerserver.NewProtocol6(&wireTestProvider{})()
	wrapped, err := wireProtocol6(&wireTestProvider{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeOf(inner).NumMethod() {
		name := reflect.TypeOf(inner).Method(i).Name
		if _, ok := reflect.TypeOf(wrapped).MethodByName(name); !ok {
			t.Errorf("%s is hidden: it belongs into frameworkServer", name)
		}
	}
}

func TestDataSourceOfAnotherServerSaysSo(t *testing.T) {
	server := providerserver.NewProtocol6(&wireTestProvider{
		data: wireTestClient(), sources: []func() datasource.DataSource{wireTestText("x", nil)},
	})()
	resp := wireTestRead(t, server, "wiretest_text", wireTestTextSchema(), nil)
	if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, "not served by wireProtocol6") {
		t.Errorf("diagnostics: %v", resp.Diagnostics)
	}
}
