package provider

import (
	"context"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

func newUserACULimitResource() resource.Resource { return userACULimit() }

func newUserACULimitList() list.ListResource {
	return &listResource{userACULimit()}
}

func userACULimit() *managedResource {
	return &managedResource{
		name:   "user_acu_limit",
		what:   "the ACU limit of a user",
		plural: "the ACU limits of users",
		about: about{
			group: groupLimits,
			requests: append(slices.Clip(userLimitRequests),
				endpoint{"/v3/enterprise/consumption/cycles", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
				endpoint{"/v3/enterprise/consumption/daily/users/{user_id}", "", devin.ConsumptionPermission, "once for a plan that changes the limit, to warn where it is below what the cycle has used already"},
			),
			notes: userLimitsNote + "The limit is a permanent override for one user. Devin calls it deprecated in favor of usage tiers, which this provider does not manage.",
		},
		schema:   userACULimitSchema,
		identity: "user_id",
		kind:     "user",
		read:     readUserLimits,
		write: func(ctx context.Context, client *devin.Client, userID string, change fieldValues) error {
			return client.SetUserACULimit(ctx, userID, change.count("cycle_acu_limit"))
		},
		request:  "PATCH " + userLimitsPath,
		presence: (*devin.Client).UserPresence,
		others:   userIDs,
		ownID:    ownUserID,
		advice:   adviseUserACULimit,
		list: func(ctx context.Context, client *devin.Client) iter.Seq2[object, error] {
			return listUserLimits(ctx, client, "cycle_acu_limit")
		},
		insteadOfBeta: "Devin has no stable endpoint for the limit of a user: " +
			"where this one is not enabled, cap the organization with devin_organization_acu_limit.",
	}
}

func userACULimitSchema() schema.Schema {
	limit := limitAttribute("The most ACUs that the user may consume in a billing cycle, in sessions and on their machine, Devin Review excepted.")
	limit.Required = true
	return schema.Schema{
		MarkdownDescription: "Sets the most ACUs that a user may consume in a billing cycle, and touches nothing else of the user. " +
			"Where Devin has such a limit already, the plan warns and shows it, and applying the plan replaces it. Destroying this resource clears the limit, and leaves the billing organization as it is.",
		Attributes: map[string]schema.Attribute{
			"user_id":         identityAttribute("The user, as `devin_members` lists them."),
			"cycle_acu_limit": limit,
		},
	}
}

func adviseUserACULimit(ctx context.Context, client *devin.Client, userID string, want fieldValues) ([]explain.Message, error) {
	return limitAdvice("cycle_acu_limit", want.count("cycle_acu_limit"), "the user "+userID,
		func() (*devin.CycleUse, error) { return client.UserCycleUse(ctx, userID) })
}
