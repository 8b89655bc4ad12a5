package wire_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/wire"
	"github.com/devin-community/terraform-provider-devin/internal/wire/wiretest"
)

// source is a data source whose result is there already. err is what SetResult
// said.
type source struct {
	schema func() schema.Schema
	result any
	say    func(*datasource.ReadResponse) // what Read says beside the result
	err    error
}

func (s *source) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "wiretest_source"
}

func (s *source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = s.schema()
}

func (s *source) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	if s.err = wire.SetResult(ctx, s.result); s.err != nil {
		resp.Diagnostics.AddError("no result", s.err.Error())
	}
	if s.say != nil {
		s.say(resp)
	}
}

func providerOf(s *source) *wiretest.Provider {
	return &wiretest.Provider{Sources: []func() datasource.DataSource{func() datasource.DataSource { return s }}}
}

func newServer(t testing.TB, s *source) tfprotov6.ProviderServer {
	t.Helper()
	server, err := wire.NewServer(providerOf(s))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func textSchema() schema.Schema {
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"text": schema.StringAttribute{Computed: true},
	}}
}

// textSource reads a text.
func textSource(text string, say func(*datasource.ReadResponse)) *source {
	return &source{schema: textSchema, say: say, result: &struct {
		Text *string `tfsdk:"text"`
	}{&text}}
}

func readText(t *testing.T, server tfprotov6.ProviderServer) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	return wiretest.Read(t, server, "wiretest_source", textSchema(), nil)
}

func textOf(t *testing.T, resp *tfprotov6.ReadDataSourceResponse) tftypes.Value {
	t.Helper()
	return wiretest.Attribute(t, resp, textSchema(), "text")
}

func TestServerSendsWhatTheDataSourceEncoded(t *testing.T) {
	got := textOf(t, readText(t, newServer(t, textSource("Zoë", nil))))
	if !got.Equal(tftypes.NewValue(tftypes.String, "Zoë")) {
		t.Errorf("got %s", got)
	}
}

func TestServerKeepsWarnings(t *testing.T) {
	resp := readText(t, newServer(t, textSource("x", func(r *datasource.ReadResponse) { r.Diagnostics.AddWarning("careful", "mind the gap") })))
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "careful" {
		t.Errorf("diagnostics: %v", resp.Diagnostics)
	}
	if textOf(t, resp).IsNull() {
		t.Error("the result is lost")
	}
}

func TestServerLeavesTheStateOfAFailedRead(t *testing.T) {
	resp := readText(t, newServer(t, textSource("x", func(r *datasource.ReadResponse) { r.Diagnostics.AddError("broken", "") })))
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "broken" {
		t.Fatalf("diagnostics: %v", resp.Diagnostics)
	}
	resp.Diagnostics = nil
	if got := textOf(t, resp); !got.IsNull() {
		t.Errorf("the state is %s", got)
	}
}

// What is deferred was not read: Terraform asks again, and then gets a result.
func TestServerGivesNoResultBesideADeferral(t *testing.T) {
	resp := readText(t, newServer(t, textSource("x", func(r *datasource.ReadResponse) {
		r.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
	})))
	if resp.Deferred == nil || resp.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
		t.Errorf("deferred: %v", resp.Deferred)
	}
	if got := textOf(t, resp); !got.IsNull() {
		t.Errorf("the state is %s", got)
	}
}

func TestServerRefusesAResultTooLargeForTerraform(t *testing.T) {
	text := textSource(strings.Repeat("x", 2<<20), nil)
	server := newServer(t, text)
	wire.LimitTo(t, server, 1<<20)
	resp := readText(t, server)
	if len(resp.Diagnostics) != 1 {
		t.Fatalf("diagnostics: %v", resp.Diagnostics)
	}
	var size *wire.SizeError
	if !errors.As(text.err, &size) || size.Size <= 2<<20 || size.Limit != 1<<20 {
		t.Fatalf("got %v", text.err)
	}
	for _, want := range []string{"2.0 MiB", "at most 1.0 MiB"} {
		if !strings.Contains(size.Error(), want) {
			t.Errorf("%q does not say %q", size, want)
		}
	}
}

// plugin-go finds out by type assertion what a server can do.
func TestServerHidesNothingOfTheFrameworks(t *testing.T) {
	p := &wiretest.Provider{}
	inner := providerserver.NewProtocol6(p)()
	wrapped, err := wire.NewServer(p)
	if err != nil {
		t.Fatal(err)
	}
	for method := range reflect.TypeOf(inner).Methods() {
		name := method.Name
		if _, ok := reflect.TypeOf(wrapped).MethodByName(name); !ok {
			t.Errorf("%s is hidden: it belongs into frameworkServer", name)
		}
	}
}

func TestDataSourceOfAnotherServerSaysSo(t *testing.T) {
	resp := readText(t, providerserver.NewProtocol6(providerOf(textSource("x", nil)))())
	if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, "not served by wire.NewServer") {
		t.Errorf("diagnostics: %v", resp.Diagnostics)
	}
}
