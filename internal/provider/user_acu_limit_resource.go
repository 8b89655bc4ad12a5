package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newUserACULimitResource() resource.Resource { return userACULimit() }

func newUserACULimitList() list.ListResource {
	return &listResource[userACULimitModel]{userACULimit()}
}

const userLimitsPath = "/v3beta1/enterprise/users/{user_id}/consumption/acu-limits"

// userLimitRequests are those of both resources of a user.
var userLimitRequests = []endpoint{
	{userLimitsPath, "", devin.ConsumptionPermission, "once for each read; after a write until the value shows"},
	{"PATCH " + userLimitsPath, "", devin.BillingPermission, "once to create, change or destroy"},
	{"/v3/enterprise/members/users/{user_id}", "users/get-members-user", devin.MembershipPermission, "only after an answer 403 or 404, to tell a user who is gone from an endpoint that is not enabled; then both lists of members, where the user is not found"},
}

const userLimitsNote = "The endpoint is [in beta](https://docs.devin.ai/admin/billing/user-acu-limits), and Devin enables it for an enterprise. "

func userACULimit() *managedResource[userACULimitModel] {
	return &managedResource[userACULimitModel]{
		name: "user_acu_limit",
		what: "the ACU limit of a user",
		about: about{
			group: groupLimits,
			requests: append(userLimitRequests[:len(userLimitRequests):len(userLimitRequests)],
				endpoint{"/v3/enterprise/consumption/cycles", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
				endpoint{"/v3/enterprise/consumption/daily/users/{user_id}", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
				endpoint{orgLimitsPath, "acu-limits/get-devin-acu-limits", devin.ConsumptionPermission, "to list, once for every 200 limits"},
			),
			notes: userLimitsNote + "The limit is a permanent override for one user. Devin calls it deprecated in favor of usage tiers, which this provider does not manage. " +
				limitsNote,
			enterpriseOnly: true,
		},
		schema:   userACULimitSchema,
		identity: "user_id",
		id:       func(m userACULimitModel) string { return m.UserID.ValueString() },
		of: func(id string) userACULimitModel {
			return userACULimitModel{types.StringValue(id), types.Int64Null()}
		},
		read: func(ctx context.Context, client *devin.Client, id string) (userACULimitModel, error) {
			limits, err := client.UserACULimits(ctx, id)
			if err != nil {
				return userACULimitModel{}, err
			}
			return userACULimitModel{types.StringValue(id), limitOf(limits.CycleACULimit)}, nil
		},
		owned: func(now userACULimitModel, _ ...userACULimitModel) userACULimitModel { return now },
		write: func(ctx context.Context, client *devin.Client, want, _ userACULimitModel) error {
			return client.SetUserACULimit(ctx, want.UserID.ValueString(), countOf(want.CycleACULimit))
		},
		request: "PATCH " + userLimitsPath,
		exists: func(ctx context.Context, client *devin.Client, id string) (devin.Presence, error) {
			return client.UserPresence(ctx, id)
		},
		concerns: userConcerns,
		show:     func(m userACULimitModel) string { return shown("cycle_acu_limit", m.CycleACULimit) },
		all:      everyUserACULimit,
		insteadOfBeta: "Devin has no stable endpoint for the limit of a user: " +
			"where this one is not enabled, cap the organization with devin_organization_acu_limit.",
	}
}

func userACULimitSchema() schema.Schema {
	limit := limitAttribute("The most ACUs that the user may consume in a billing cycle, in sessions and on their machine, Devin Review excepted.")
	limit.Required = true
	return schema.Schema{
		MarkdownDescription: "Sets the most ACUs that a user may consume in a billing cycle, and touches nothing else of the user. " +
			"Where Devin has such a limit already, the plan warns and shows it, and applying the plan replaces it. Destroying this resource clears the limit.",
		Attributes: map[string]schema.Attribute{
			"user_id":         identityAttribute("The user, as `devin_members` lists them."),
			"cycle_acu_limit": limit,
		},
	}
}

type userACULimitModel struct {
	UserID        types.String `tfsdk:"user_id"`
	CycleACULimit types.Int64  `tfsdk:"cycle_acu_limit"`
}

func userConcerns(ctx context.Context, client *devin.Client, want userACULimitModel) []concern {
	userID := want.UserID.ValueString()
	return limitConcerns(ctx, client, "cycle_acu_limit", want.CycleACULimit, "the user "+userID, func(ctx context.Context, w devin.Window) (float64, error) {
		return userUse(ctx, client, userID, w)
	})
}

// userUse is what counts for the limit of a user: all but Devin Review.
func userUse(ctx context.Context, client *devin.Client, userID string, w devin.Window) (float64, error) {
	consumption, err := client.UserDailyConsumption(ctx, userID, w)
	if err != nil {
		return 0, err
	}
	return consumption.TotalACUs - consumption.Of([]string{"review"}), nil
}

func everyUserACULimit(ctx context.Context, client *devin.Client) iter.Seq2[userACULimitModel, error] {
	return func(yield func(userACULimitModel, error) bool) {
		limits, err := client.ACULimits(devin.Fresh(ctx))
		if err != nil {
			yield(userACULimitModel{}, err)
			return
		}
		for _, l := range limits {
			if l.Scope == "user" && !yield(userACULimitModel{types.StringValue(*l.UserID), limitOf(l.CycleACULimit)}, nil) {
				return
			}
		}
	}
}
