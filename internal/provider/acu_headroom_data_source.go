package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

func newACUHeadroomDataSource() datasource.DataSource {
	return &dataSource[acuHeadroomModel]{
		name:   "acu_headroom",
		action: "read how much of the ACU limits is left",
		about: about{
			group: groupLimits,
			requests: []endpoint{
				{"/v3/enterprise/consumption/cycles", "consumption/consumption-cycles", devin.ConsumptionPermission, "once for every 200 cycles"},
				{orgLimitsPath, "acu-limits/get-devin-acu-limits", devin.ConsumptionPermission, "once for every 200 limits"},
				{"/v3/enterprise/organizations", "", devin.OrganizationsPermission, "once for every 200 organizations"},
				{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once"},
				{"/v3/enterprise/consumption/daily/organizations/{org_id}", "consumption/consumption-daily-organizations", devin.ConsumptionPermission, "once for each organization"},
				{agentLimitsPath, "", devin.ConsumptionPermission, "once for each organization, fewer where the endpoint is not enabled"},
				{userLimitsPath, "", devin.ConsumptionPermission, "with `users = true`, once for each member"},
				{"/v3/enterprise/consumption/daily/users/{user_id}", "consumption/consumption-daily-users", devin.ConsumptionPermission, "with `users = true`, once for each member with a limit of their own"},
			},
			notes: "The limits `acu_limit` and `cloud_agent` are those of Devin's cloud sessions, so the product `devin` counts for them; they are probably the same setting. " +
				"For `local_agent`, the products `cascade` and `terminal` count; for the limit of a user, all but `review` do. " +
				"Devin does not document what counts for `max_cycle_acu_limit`; the provider takes all that Devin ties to the organization. " +
				"No list has the limits of users, so `users = true` takes a request for each member. " +
				"The limits of agents are in beta: if Devin answers 401, 403 or 404 for them, `agent_limits_known` is `false`.\n\n" + limitsNote,
		},
		schema: acuHeadroomSchema,
		read:   ofEnterprise(readACUHeadroom),
		fails: []failure{
			{"No billing cycle runs", "Devin lists no billing cycle for the current day. A cycle without an end counts as current."},
		},
	}
}

func acuHeadroomSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Says how much of each limit on ACUs is left in the current billing cycle, how fast it is used, and when it is reached: " +
			"for the enterprise, each organization and, if asked for, each user with a limit of their own.",
		Attributes: attributes(enterpriseAttributes(), map[string]schema.Attribute{
			"users":              optionalBool("Whether to also read the members with a limit of their own, which takes a request for each member. Default: `false`."),
			"start_date":         computedString("First billing day of the current cycle, as `YYYY-MM-DD`."),
			"end_date":           computedString("Last billing day of the current cycle, as `YYYY-MM-DD`; null while it has no end yet."),
			"agent_limits_known": computedBool("Whether Devin showed the limits of agents."),
			"enterprise":         computedObject("The whole enterprise.", acuUseAttributes()),
			"organizations": computedRows("All organizations, sorted by `org_id`.", attributes(acuUseAttributes(), map[string]schema.Attribute{
				"org_id": computedString("The id of the organization."),
				"name":   computedString("The name of the organization; null where it has none."),
			})),
			"members": computedRows("With `users = true`, the users who have a limit of their own, sorted by `user_id`; null without it.", attributes(acuUseAttributes(), map[string]schema.Attribute{
				"user_id": computedString("The id of the user."),
			})),
		}),
	}
}

// acuUseAttributes are the attributes of devin.Use.
func acuUseAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"used_acus":      computedFloat("ACUs consumed in the cycle so far, including the current day; null where Devin answers 404 for them."),
		"acus_per_day":   computedFloat("ACUs for each finished day of the cycle; null on its first day."),
		"projected_acus": computedFloat("ACUs at the end of the cycle, if use goes on at that rate; null on the first day, and while the cycle has no end yet."),
		"limits": computedRows("The limits that are set, sorted by `name`; empty where none is. Where there are several, Devin does not document which one counts.", map[string]schema.Attribute{
			"name":            computedString("Which limit it is: `acu_limit`, `max_cycle_acu_limit` (the organization's own), `cloud_agent` or `local_agent`."),
			"cycle_acu_limit": computedInt("The limit. 0 blocks all use."),
			"used_acus":       computedFloat("ACUs that count for this limit, so far; null where Devin answers 404 for them."),
			"left_acus":       computedFloat("ACUs that are left, 0 where the limit is reached; null where `used_acus` is."),
			"reached_on":      computedString("The billing day on which the limit was reached, or will be at the present rate, as `YYYY-MM-DD`; null where that is not in this cycle."),
		}),
	}
}

type acuHeadroomModel struct {
	enterpriseModel
	Users types.Bool `tfsdk:"users"`
	devin.Headroom
}

func readACUHeadroom(ctx context.Context, client *devin.Client, m *acuHeadroomModel) error {
	headroom, err := client.Headroom(ctx, m.Users.ValueBool())
	switch {
	case errors.Is(err, devin.ErrNoBillingCycle):
		return errorAt(path.Empty(), explain.NoCycle(), nil)
	case err != nil:
		return err
	}
	m.Headroom = *headroom
	return nil
}
