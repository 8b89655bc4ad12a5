package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// providerData is what the provider's Configure passes to data sources and
// resources. It has a client, or the reason why there is none: the names of the
// settings that are not known yet, or a setting that is missing.
type providerData struct {
	client  *devin.Client
	unknown []string
	missing *problem
	// readOnly says that no plan may write to Devin.
	readOnly bool
	// strict makes an error of every notice.
	strict bool
	run    *run
}

// dataSource is what all data sources have in common. Each data source adds its
// schema, its model M and read.
//
// M has a field for each attribute, named by a tfsdk tag. M holds the configuration
// when read is called. Every computed attribute is null then, so its field at the
// top level must be a pointer, slice, map or types.*. Below the top level, plain
// types are enough. When read returns, M is the result, and nil is null.
// wiretest.Check tests that M fits the schema.
type dataSource[M any] struct {
	name   string // without the prefix devin_: "pr_metrics"
	action string // what the read does, for errors: "read pull-request metrics"
	about  about
	schema func() schema.Schema
	read   reader[M] // made by inScope or ofEnterprise, unless it reads neither

	data *providerData
}

var _ datasource.DataSourceWithConfigure = (*dataSource[struct{}])(nil)

func (d *dataSource[M]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *dataSource[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema()
	resp.Schema.MarkdownDescription = d.about.describe(resp.Schema.MarkdownDescription)
}

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
	if err := d.read(withWarnings(reading, &resp.Diagnostics), d.data.client, &m); err != nil {
		addFailure(&resp.Diagnostics, d.action, blameArgument(err, req.Config.Raw))
		return
	}
	addNotices(&resp.Diagnostics, notices.All(), d.data.strict)
	if err := wire.SetResult(ctx, &m); err != nil {
		addResultError(&resp.Diagnostics, d.action, err)
	}
}

type warningsKey struct{}

// withWarnings returns a context under which warn adds to diags.
func withWarnings(ctx context.Context, diags *diag.Diagnostics) context.Context {
	return context.WithValue(ctx, warningsKey{}, diags)
}

// warn adds a warning to the result that is read under the context. Unlike a notice of
// the client, it is about the configuration, and never an error.
func warn(ctx context.Context, summary, detail string) {
	if diags, ok := ctx.Value(warningsKey{}).(*diag.Diagnostics); ok {
		diags.AddWarning(summary, detail)
	}
}

// providerDataOf returns the ProviderData of a Configure call. It is nil while Terraform
// only validates, because the provider itself is not configured then.
func providerDataOf(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	typed, ok := data.(*providerData)
	if !ok {
		addError(diags, explain.Bug("The provider passed on a %T where a %T belongs.", data, typed))
	}
	return typed
}

// ready says whether there is a client, and adds an error when there is none.
// Terraform calls Read of a data source even while settings of the provider are
// unknown.
func (p *providerData) ready(action string, diags *diag.Diagnostics) bool {
	switch {
	case p != nil && p.client != nil:
		return true
	case p != nil && p.missing != nil:
		diags.AddError(p.missing.summary, p.missing.detail)
	case p == nil || len(p.unknown) == 0:
		addError(diags, explain.Bug("Could not %s: Terraform asked before the provider was configured.", action))
	default:
		addError(diags, explain.SettingsUnknown(action, p.unknown))
	}
	return false
}
