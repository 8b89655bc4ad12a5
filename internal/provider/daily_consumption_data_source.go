package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[dailyConsumptionModel]{
		name:   "daily_consumption",
		action: "read the daily consumption",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once"},
			},
			notes: "For more than a handful of organizations, [`devin_organizations_daily_consumption`](organizations_daily_consumption.md) reads them all at once. " +
				"If Devin answers 404 for an organization, that is an error at `org_id`.\n\n",
		},
		schema: dailyConsumptionSchema,
		read:   inScope(readDailyConsumption),
		fails: []failure{
			{"Organization unknown to Devin", "Devin answers 404 to `org_id`."},
		},
	}
}

func dailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs the whole enterprise, or one organization, consumed on each billing day of a window: members, service users, people who left, and products tied to no user.",
		Attributes:          attributes(scopeAttributes(), consumptionAttributes("0 when nothing was.")),
	}
}

type dailyConsumptionModel struct {
	scopeModel
	consumptionModel
}

func readDailyConsumption(ctx context.Context, client *devin.Client, m *dailyConsumptionModel) error {
	argument := ""
	if client.OrgID() != "" {
		argument = "org_id"
	}
	return m.read(ctx, client, argument, client.OrgID(), func(w devin.Window) (*devin.Consumption, error) {
		return client.WholeDailyConsumption(ctx, w)
	})
}
