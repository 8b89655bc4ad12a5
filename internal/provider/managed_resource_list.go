package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// listResource lists for terraform query every object that a managed resource could be
// imported for. Lists need Terraform 1.14, and OpenTofu has none.
type listResource struct{ *managedResource }

var _ list.ListResourceWithConfigure = (*listResource)(nil)

func (l *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listschema.Schema{MarkdownDescription: "Lists every one that is set. It takes no arguments of its own. " +
		"Terraform's `limit`, 100 unless the block says otherwise, bounds the list; where there are more, the last one says so."}
}

func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	if !l.data.ready("list "+l.plural, &diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		reading, notices := devin.WithNotices(ctx)
		n := int64(0)
		var last *list.ListResult // held back until it is known whether there are more
		for object, err := range l.list(reading, l.client()) {
			if err != nil {
				var diags diag.Diagnostics
				l.addListFailure(ctx, err, &diags)
				push(list.ListResult{Diagnostics: diags})
				return
			}
			if n == req.Limit {
				if last != nil {
					addWarning(&last.Diagnostics, explain.MoreThanLimit(l.plural, req.Limit))
				}
				break
			}
			n++
			if last != nil && !push(*last) {
				return
			}
			result := req.NewListResult(ctx)
			last = &result
			result.DisplayName = object.id
			result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root(l.identity), object.id)...)
			if req.IncludeResource {
				result.Resource.Raw = l.raw(ctx, object.id, object.fields.only(l.fields()), &result.Diagnostics)
			}
		}
		if last != nil && !push(*last) {
			return
		}
		var odd diag.Diagnostics
		if addNotices(&odd, notices.All(), l.data.strict); len(odd) > 0 {
			push(list.ListResult{Diagnostics: odd})
		}
	}
}

// addListFailure adds the error of a list that could not be read.
func (l *listResource) addListFailure(ctx context.Context, err error, diags *diag.Diagnostics) {
	err = explainEnterpriseRefusal(ctx, l.client(), err)
	if l.insteadOfBeta != "" && isBetaRefusal(err) {
		addError(diags, explain.BetaListRefused(l.plural, l.insteadOfBeta, err))
		return
	}
	l.data.addFailure(diags, "list "+l.plural, err)
}
