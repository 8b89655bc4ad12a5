package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newACULimitsDataSource() datasource.DataSource {
	return &dataSource[acuLimitsModel]{
		name:   "acu_limits",
		action: "read the ACU limits",
		about: about{
			group:    groupLimits,
			requests: []endpoint{{orgLimitsPath, "acu-limits/get-devin-acu-limits", devin.ConsumptionPermission, "once for every 200 limits"}},
			notes: "Limits of agents, and an organization's own `max_cycle_acu_limit`, are not on this list: " +
				"[`devin_acu_headroom`](acu_headroom.md) shows them too. " + limitsNote,
		},
		schema: acuLimitsSchema,
		read:   ofEnterprise(readACULimits),
	}
}

func acuLimitsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the limits on ACUs that are set for the enterprise, its organizations and users.",
		Attributes: attributes(enterpriseAttributes(), map[string]schema.Attribute{
			"limits": computedRows("The limits, sorted by `scope`, `org_id` and `user_id`. An organization or user without a limit is not listed.", map[string]schema.Attribute{
				"scope":           computedString("What the limit is for: `enterprise`, `org` or `user`."),
				"org_id":          computedString("The organization; null unless `scope` is `org`."),
				"user_id":         computedString("The user; null unless `scope` is `user`."),
				"cycle_acu_limit": computedInt("The most ACUs that may be consumed in a billing cycle. 0 blocks all use."),
			}),
		}),
	}
}

type acuLimitsModel struct {
	enterpriseModel
	Limits []devin.ACULimit `tfsdk:"limits"`
}

func readACULimits(ctx context.Context, client *devin.Client, m *acuLimitsModel) (err error) {
	m.Limits, err = client.ACULimits(ctx)
	return err
}
