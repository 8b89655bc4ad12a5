package provider

import (
	"context"
	"iter"

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

const userLimitsPath = "/v3beta1/enterprise/users/{user_id}/consumption/acu-limits"

// userLimitRequests are those of both resources of a user.
var userLimitRequests = []endpoint{
	{userLimitsPath, "", devin.ConsumptionPermission, "once for each read, and before a write; after a write until the value shows"},
	{"PATCH " + userLimitsPath, "", devin.BillingPermission, "once to create, change or destroy"},
	{"/v3/enterprise/members/users/{user_id}", "users/get-members-user", devin.MembershipPermission, "only after an answer 403 or 404, to tell a user who is gone from an endpoint that is not enabled; then both lists of members, where the user is not found"},
}

const userLimitsNote = "The endpoint is [in beta](https://docs.devin.ai/admin/billing/user-acu-limits), and Devin enables it for an enterprise. "

func userACULimit() *managedResource {
	return &managedResource{
		name:   "user_acu_limit",
		what:   "the ACU limit of a user",
		plural: "the ACU limits of users",
		about: about{
			group: groupLimits,
			requests: append(userLimitRequests[:len(userLimitRequests):len(userLimitRequests)],
				endpoint{"/v3/enterprise/consumption/cycles", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
				endpoint{"/v3/enterprise/consumption/daily/users/{user_id}", "", devin.ConsumptionPermission, "once for a plan that changes the limit"},
			),
			notes: userLimitsNote + "The limit is a permanent override for one user. Devin calls it deprecated in favor of usage tiers, which this provider does not manage. " +
				limitsNote,
			enterpriseOnly: true,
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

// Both resources of a user share what follows.

func userValues(limits *devin.UserACULimits) fieldValues {
	return fieldValues{}.setCount("cycle_acu_limit", limits.CycleACULimit).setText("billing_org_id", limits.BillingOrgID)
}

func readUserLimits(ctx context.Context, client *devin.Client, userID string) (fieldValues, error) {
	limits, err := client.UserACULimits(ctx, userID)
	if err != nil {
		return nil, err
	}
	return userValues(limits), nil
}

// ownUserID is the id in the form that Devin has: Terraform composes characters.
func ownUserID(ctx context.Context, client *devin.Client, userID string) (string, error) {
	own, err := ownUserIDs(ctx, client, "user_id", userID)
	if err != nil {
		return "", err
	}
	return own[0], nil
}

func userIDs(ctx context.Context, client *devin.Client) ([]string, error) {
	members, err := client.Members(ctx, devin.MemberFilter{NoRoles: true})
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.UserID
	}
	return ids, err
}

// listUserLimits asks for each member, since no list has the limits of users.
func listUserLimits(ctx context.Context, client *devin.Client, field string) iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		report, err := devin.ReadUsers(ctx, client, devin.Selection{What: "limits"}, client.UserACULimits)
		if err != nil {
			yield(object{}, err)
			return
		}
		for _, user := range report.Readings {
			if user.Value == nil {
				continue
			}
			if fields := userValues(user.Value); fields[field] != nil && !yield(object{user.ID, fields}, nil) {
				return
			}
		}
	}
}
