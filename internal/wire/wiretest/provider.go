package wiretest

import (
	"context"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Provider has no settings: Data is what its data sources get.
type Provider struct {
	Data    any
	Sources []func() datasource.DataSource
}

func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "wiretest"
}

func (p *Provider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {
}

func (p *Provider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.DataSourceData = p.Data
}

func (p *Provider) DataSources(context.Context) []func() datasource.DataSource {
	return p.Sources
}
func (p *Provider) Resources(context.Context) []func() resource.Resource { return nil }

// Read configures the server and reads a data source by its type name,
// with every attribute null that config does not set.
func Read(t testing.TB, server tfprotov6.ProviderServer, name string, s schema.Schema, config map[string]tftypes.Value) *tfprotov6.ReadDataSourceResponse {
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
	maps.Copy(all, config)
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

// Attribute is one attribute of a response's state.
func Attribute(t *testing.T, resp *tfprotov6.ReadDataSourceResponse, s schema.Schema, name string) tftypes.Value {
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
