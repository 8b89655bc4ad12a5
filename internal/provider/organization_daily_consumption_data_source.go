package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newOrganizationDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[organizationDailyConsumptionModel]{
		name:   "organization_daily_consumption",
		action: "read the daily consumption of an organization",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/organizations/{org_id}/consumption/daily", "consumption/organizations-consumption-daily", devin.OrganizationConsumptionPermission, "once"},
			},
			notes: "For more than a handful of organizations, [`devin_organizations_daily_consumption`](organizations_daily_consumption.md) reads them all at once, " +
				"with a key of the enterprise.\n\n" + windowNote,
		},
		schema: organizationDailyConsumptionSchema,
		read:   inScope(readOrganizationDailyConsumption),
	}
}

func organizationDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs one organization consumed on each billing day of a window. A key of that organization may read it, and so may a key of the enterprise.",
		Attributes: attributes(consumptionAttributes("0 when nothing was."), map[string]schema.Attribute{
			"org_id": requiredID("The id of the organization (`org-...`)."),
		}),
	}
}

type organizationDailyConsumptionModel struct {
	scopeModel
	consumptionModel
}

func readOrganizationDailyConsumption(ctx context.Context, client *devin.Client, m *organizationDailyConsumptionModel) error {
	return m.read(client, "org_id", m.OrgID.ValueString(), func(w devin.Window) (*devin.Consumption, error) {
		return client.WholeDailyConsumption(ctx, w)
	})
}
