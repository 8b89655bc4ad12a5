package provider

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
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

// wholeLimit accepts a limit. Its most is more than any limit can be.
var wholeLimit = numberValidator{least: 0, most: 1_000_000_000_000, whole: true, hint: "Round a fraction, for example with floor(...)."}

func limitAttribute(description string) schema.NumberAttribute {
	return schema.NumberAttribute{
		MarkdownDescription: description + " A whole number; 0 blocks all use.",
		Validators:          []validator.Number{wholeLimit},
	}
}

// limitAdvice warns of a limit that blocks. used reads what counts for it.
func limitAdvice(attribute string, limit *devin.Count, subject string, used func() (*devin.CycleUse, error)) ([]explain.Message, error) {
	switch {
	case limit == nil:
		return nil, nil
	case *limit == 0:
		return []explain.Message{explain.BlocksAll(attribute, subject)}, nil
	}
	use, err := used()
	switch {
	case errors.Is(err, devin.ErrNoBillingCycle):
		return nil, nil
	case err != nil:
		return nil, err
	case use.ACUs <= float64(*limit):
		return nil, nil
	}
	return []explain.Message{explain.BelowUse(attribute, int64(*limit), subject, use.ACUs, use.StartDate)}, nil
}
