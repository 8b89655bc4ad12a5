package provider

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

const (
	orgLimitsPath   = "/v3/enterprise/consumption/acu-limits/devin"
	orgLimitPath    = orgLimitsPath + "/organizations/{org_id}"
	agentLimitsPath = "/v3beta1/enterprise/organizations/{org_id}/consumption/acu-limits"
	userLimitsPath  = "/v3beta1/enterprise/users/{user_id}/consumption/acu-limits"
)

// Notes that several pages share.
const (
	limitsNote     = "[Limits](../guides/limits.md) says how limits relate."
	userLimitsNote = "The endpoint is [in beta](https://docs.devin.ai/admin/billing/user-acu-limits), and Devin enables it for an enterprise. "
)

// userLimitRequests are the requests of both resources of a user.
var userLimitRequests = []endpoint{
	{userLimitsPath, "", devin.ConsumptionPermission, "once for each read, and before a write; after a write until the value shows"},
	{"PATCH " + userLimitsPath, "", devin.BillingPermission, "once to create, change or destroy"},
	{"/v3/enterprise/members/users/{user_id}", "users/get-members-user", devin.MembershipPermission, "only after an answer 403 or 404, to tell a user who is gone from an endpoint that is not enabled; then both lists of members, where the user is not found"},
}

// identityAttribute is the id of the organization or user that a resource is about.
// Another id replaces the resource.
func identityAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required: true, MarkdownDescription: description,
		Validators:    []validator.String{notBlank{}},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

// wholeLimit accepts a limit on ACUs. The bound is above every limit that makes sense.
var wholeLimit = numberValidator{least: 0, most: 1_000_000_000_000, whole: true, hint: "Round a fraction, for example with floor(provider::devin::round(..., 6))."}

func limitAttribute(description string) schema.NumberAttribute {
	return schema.NumberAttribute{
		MarkdownDescription: description + " A [whole number](../guides/limits.md#whole-numbers); 0 blocks all use.",
		Validators:          []validator.Number{wholeLimit},
	}
}

// limitAdvice warns of a limit that blocks use: of 0, or of less than used returns, which
// reads what counts for the limit in the current billing cycle.
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

// organizationIDs returns the ids of all organizations of the enterprise.
func organizationIDs(ctx context.Context, client *devin.Client) ([]string, error) {
	limits, err := client.MaxCycleACULimits(ctx)
	return slices.Sorted(maps.Keys(limits)), err
}

func userIDs(ctx context.Context, client *devin.Client) ([]string, error) {
	members, err := client.Members(ctx, devin.MemberFilter{NoRoles: true})
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.UserID
	}
	return ids, err
}

// ownUserID returns the id in the form that Devin has. Terraform normalizes text to NFC,
// so the configured id may differ in its bytes.
func ownUserID(ctx context.Context, client *devin.Client, userID string) (string, error) {
	own, err := ownUserIDs(ctx, client, "user_id", userID)
	if err != nil {
		return "", err
	}
	return own[0], nil
}

func userFields(limits *devin.UserACULimits) fieldValues {
	return fieldValues{}.setCount("cycle_acu_limit", limits.CycleACULimit).setText("billing_org_id", limits.BillingOrgID)
}

func readUserLimits(ctx context.Context, client *devin.Client, userID string) (fieldValues, error) {
	limits, err := client.UserACULimits(ctx, userID)
	if err != nil {
		return nil, err
	}
	return userFields(limits), nil
}

// listUserLimits yields the members for whom field is set. It asks for each member,
// because no list of Devin has the limits of users.
func listUserLimits(ctx context.Context, client *devin.Client, field string) iter.Seq2[object, error] {
	return objectsOf(func() (*devin.Report[devin.UserACULimits], error) {
		return devin.ReadUsers(ctx, client, devin.Selection{What: "limits"}, client.UserACULimits)
	}, func(limits *devin.UserACULimits) fieldValues { return userFields(limits).only(fieldValues{field: nil}) })
}

// objectsOf yields the objects of a report of which a field is set.
func objectsOf[T any](read func() (*devin.Report[T], error), fields func(*T) fieldValues) iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		report, err := read()
		if err != nil {
			yield(object{}, err)
			return
		}
		for _, reading := range report.Readings {
			if reading.Value == nil {
				continue
			}
			if set := fields(reading.Value); len(set) > 0 && !yield(object{reading.ID, set}, nil) {
				return
			}
		}
	}
}
