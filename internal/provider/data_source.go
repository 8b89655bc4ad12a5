package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// dataSource is the common part of all data sources. Each adds its schema, its model M
// and read.
//
// M has a field for each attribute, named by a tfsdk tag. When read is called, M holds
// the configuration, in which every computed attribute is null: its field at the top
// level must be a pointer, slice, map or types.*. Below the top level, plain types are
// enough. When read returns, M holds the result, in which nil is null. wiretest.Check
// tests that M fits the schema.
type dataSource[M any] struct {
	name   string // without the prefix devin_: "pr_metrics"
	action string // what the read does, for errors: "read pull-request metrics"
	about  about
	schema func() schema.Schema
	read   reader[M] // of inScope, inScopeOfEnterpriseKey, ofEnterprise or ofKey
	fails  []failure // besides those that its reader and its arguments have

	data *providerData
}

var _ datasource.DataSourceWithConfigure = (*dataSource[struct{}])(nil)

func (d *dataSource[M]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *dataSource[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema()
	resp.Schema.MarkdownDescription = d.about.describe(resp.Schema.MarkdownDescription) +
		describeFailures(slices.Concat(d.read.keys.failures(), d.fails, argumentFailures(resp.Schema)))
}

func (d *dataSource[M]) described() (string, about) { return d.name, d.about }

func (d *dataSource[M]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerDataOf(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !d.data.ready(d.action, &resp.Diagnostics) {
		return
	}
	var m M
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	reading, notices := devin.WithNotices(ctx)
	if err := d.read.fill(withWarnings(reading, &resp.Diagnostics), d.data.client, &m); err != nil {
		d.data.addFailure(&resp.Diagnostics, d.action, blameArgument(err, req.Config.Raw))
		return
	}
	addNotices(&resp.Diagnostics, notices.All(), d.data.strict)
	if err := wire.SetResult(ctx, &m); err != nil {
		addResultError(&resp.Diagnostics, d.action, err, func(argument string) bool {
			_, ok := d.schema().Attributes[argument]
			return ok
		})
	}
}
