package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

type periodFunction struct{}

func newPeriodFunction() function.Function { return periodFunction{} }

func (periodFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "period"
}

func (periodFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The first and the last day of a month, a quarter or a week",
		MarkdownDescription: "Returns an object with the `start_date` and the `end_date`, both as `YYYY-MM-DD` and both included, of a [period](../guides/windows.md#periods) of the calendar: " +
			"a month such as `2026-10`, a quarter such as `2026-Q3`, an ISO week from Monday to Sunday such as `2026-W45`, or a day such as `2026-10-31`. " +
			"It sends no request, and so it does not know `last_month` and the like, which depend on the present.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "period",
			MarkdownDescription: "A month, a quarter, an ISO week or a day.",
		}},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{"start_date": types.StringType, "end_date": types.StringType}},
	}
}

func (periodFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	w, err := devin.ParseCalendarPeriod(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		if slices.Contains(devin.MovingPeriods(), text) {
			resp.Error.Text += ". " + text + " depends on the present, which a function does not know"
		}
		return
	}
	resp.Error = resp.Result.Set(ctx, struct {
		StartDate string `tfsdk:"start_date"`
		EndDate   string `tfsdk:"end_date"`
	}{w.Start.String(), w.End.String()})
}
