package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

type billingDayStartFunction struct{}

func newBillingDayStartFunction() function.Function { return billingDayStartFunction{} }

func (billingDayStartFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "billing_day_start"
}

func (billingDayStartFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The instant at which a billing day begins",
		MarkdownDescription: "Returns the instant at which a [billing day](../guides/windows.md) begins, in UTC as RFC 3339: 08:00 UTC of its date, all year. " +
			"The day ends when the next one begins.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "date",
			MarkdownDescription: "A billing day as `YYYY-MM-DD`.",
		}},
		Return: function.StringReturn{},
	}
}

func (billingDayStartFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	day, err := devin.ParseDay(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, day.Start().Format(time.RFC3339))
}
