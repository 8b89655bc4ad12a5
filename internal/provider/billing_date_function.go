package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

type billingDateFunction struct{}

func newBillingDateFunction() function.Function { return billingDateFunction{} }

func (billingDateFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "billing_date"
}

func (billingDateFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The billing day that an instant falls in",
		MarkdownDescription: "Returns the billing day, as `YYYY-MM-DD`, that an instant falls in. " +
			"[Billing days](../guides/windows.md) begin at 08:00 UTC all year, so `2026-11-22T07:59:59Z` still belongs to `2026-11-21`. " +
			"With Terraform 1.8 and 1.9 it cannot read `plantimestamp()`, which has no real value there during validation. Give the date as a variable.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "timestamp",
			MarkdownDescription: "An instant as RFC 3339, such as `plantimestamp()` returns.",
		}},
		Return: function.StringReturn{},
	}
}

func (billingDateFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	// Terraform puts a full stop after the message of a function.
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%q is not a timestamp in RFC 3339, such as 2026-11-22T07:59:59Z", text))
		return
	}
	// Measured with Terraform 1.8.5. Later versions pass an unknown value here.
	if t.Year() <= 1 {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%q is in the first year. While Terraform 1.8 and 1.9 validate a configuration, "+
			"they give plantimestamp() this value. Use Terraform 1.10 or newer, or give the date as a variable", text))
		return
	}
	date := devin.DayAt(t).String()
	if _, err := devin.ParseDay(date); err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, date)
}
