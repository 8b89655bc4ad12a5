package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// What the resources of limits share.

// identityAttribute is the id of what a limit is for. Another id is another limit.
func identityAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required: true, MarkdownDescription: description,
		Validators:    []validator.String{notBlank{}},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

// mostACUs is more than any limit can be meant to be.
const mostACUs = 1_000_000_000_000

func limitAttribute(description string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: description + " 0 blocks all use.",
		Validators:          []validator.Int64{int64validator.Between(0, mostACUs)},
	}
}

// countOf is a limit for the client; nil is none.
func countOf(value types.Int64) *devin.Count {
	if value.IsNull() {
		return nil
	}
	n := devin.Count(value.ValueInt64())
	return &n
}

// limitOf is a limit as Terraform has it.
func limitOf(n *devin.Count) types.Int64 {
	if n == nil {
		return types.Int64Null()
	}
	return types.Int64Value(int64(*n))
}

// shown is a list of values in words: "cycle_acu_limit = 500".
func shown(values ...any) string {
	var words []string
	for i := 0; i < len(values); i += 2 {
		switch value := values[i+1].(type) {
		case types.Int64:
			if !value.IsNull() {
				words = append(words, fmt.Sprintf("%s = %d", values[i], value.ValueInt64()))
			}
		case types.String:
			if !value.IsNull() {
				words = append(words, fmt.Sprintf("%s = %q", values[i], value.ValueString()))
			}
		}
	}
	if len(words) == 0 {
		return "nothing set"
	}
	return strings.Join(words, ", ")
}

// limitConcerns warns of a limit that blocks. used is what was consumed in the
// current billing cycle; a key that may not read it gets no warning.
func limitConcerns(ctx context.Context, client *devin.Client, attribute string, limit types.Int64, whom string,
	used func(ctx context.Context, w devin.Window) (float64, error),
) []concern {
	switch {
	case limit.IsNull():
		return nil
	case limit.ValueInt64() == 0:
		return []concern{blocksAll(attribute, whom)}
	}
	cycle, err := client.CurrentBillingCycle(ctx)
	if err != nil || cycle == nil {
		return nil
	}
	acus, err := used(ctx, devin.Window{Start: cycle.StartDate, End: devin.DayAt(client.Now())})
	if err != nil || acus <= float64(limit.ValueInt64()) {
		return nil
	}
	return []concern{belowUse(attribute, limit.ValueInt64(), whom, acus, cycle.StartDate)}
}
