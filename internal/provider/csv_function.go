package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

type csvFunction struct{}

func newCSVFunction() function.Function { return csvFunction{} }

func (csvFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "csv"
}

func (csvFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A list of objects as CSV",
		MarkdownDescription: "Returns a list of objects as CSV, by the [rules of `format = \"csv\"`](../guides/reading.md#csv). In addition:\n\n" +
			"- The columns are all attributes that any of the objects has, sorted by name, because objects have no order in HCL.\n" +
			"- An object in a row becomes columns as a map does. Two attributes or keys that would share a column are an error.\n" +
			"- An attribute that a row lacks is an empty cell. A fraction has at most 17 digits.\n" +
			"- A list without a row is a header where the objects' attributes are known, as for a list of a data source, and else an empty text.",
		Parameters: []function.Parameter{function.DynamicParameter{
			Name:                "rows",
			MarkdownDescription: "A list of objects, such as a `for` expression makes.",
		}},
		Return: function.StringReturn{},
	}
}

func (csvFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var rows types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &rows); resp.Error != nil {
		return
	}
	raw, err := rows.ToTerraformValue(ctx)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	// A command line calls a function only when its arguments are known throughout.
	// OpenTofu 1.8.0, however, looks at the list and not inside it.
	if !raw.IsFullyKnown() {
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())
		return
	}
	text, err := wire.CSVOf(raw)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, text)
}
