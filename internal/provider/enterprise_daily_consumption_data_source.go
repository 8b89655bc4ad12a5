package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newEnterpriseDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[enterpriseDailyConsumptionModel]{
		name:   "enterprise_daily_consumption",
		action: "read the daily consumption of the enterprise",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once"},
			},
			notes: organizationNote + "\n\n" + windowNote,
		},
		schema: enterpriseDailyConsumptionSchema,
		read:   inScope(readEnterpriseDailyConsumption),
	}
}

func enterpriseDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs the whole enterprise, or one organization, consumed on each billing day of a window: members, service users, people who left, and products tied to no user.",
		Attributes:          attributes(scopeAttributes(), consumptionAttributes("0 when nothing was.")),
	}
}

type enterpriseDailyConsumptionModel struct {
	scopeModel
	consumptionModel
}

func readEnterpriseDailyConsumption(ctx context.Context, client *devin.Client, m *enterpriseDailyConsumptionModel) error {
	return m.read(client, "", "", func(w devin.Window) (*devin.Consumption, error) {
		return client.WholeDailyConsumption(ctx, w)
	})
}
