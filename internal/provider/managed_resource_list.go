package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// listResource lists what a managed resource can be imported of, for terraform
// query. Lists need Terraform 1.14, and OpenTofu has none.
type listResource[M comparable] struct{ *managedResource[M] }

var _ list.ListResourceWithConfigure = (*listResource[struct{}])(nil)

func (l *listResource[M]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listschema.Schema{MarkdownDescription: "Lists every one that is set. It takes no arguments."}
}

func (l *listResource[M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	doing := "list each one of " + l.what
	if !l.data.ready(doing, &diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		n := int64(0)
		reading, notices := devin.WithNotices(ctx)
		for m, err := range l.all(reading, l.client()) {
			if err != nil {
				var diags diag.Diagnostics
				l.explain(ctx, doing, "", err, &diags)
				push(list.ListResult{Diagnostics: diags})
				return
			}
			if n++; n > req.Limit {
				break
			}
			result := req.NewListResult(ctx)
			result.DisplayName = l.id(m)
			result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root(l.identity), l.id(m))...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, &m)...)
			}
			if !push(result) {
				return
			}
		}
		var odd diag.Diagnostics
		if addNotices(&odd, notices.All(), l.data.strict); len(odd) > 0 {
			push(list.ListResult{Diagnostics: odd})
		}
	}
}
