package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newUserDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[userDailyConsumptionModel]{
		name:   "user_daily_consumption",
		action: "read the daily consumption of a user",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/consumption/daily/users/{user_id}", "consumption/consumption-daily-users", devin.ConsumptionPermission, "once"},
			},
			notes: "A `user_id` that Devin answers 404 to is an error at that argument. One that it knows and that consumed nothing has `total_acus` 0. " +
				"For more than a handful of users, [`devin_members_daily_consumption`](members_daily_consumption.md) reads them all at once, " +
				"where `for_each` over this data source would make Terraform itself slow.\n\n" + organizationNote + "\n\n" + windowNote,
		},
		schema: userDailyConsumptionSchema,
		read:   readUserDailyConsumption,
	}
}

func userDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs one user consumed on each billing day of a window, in the whole enterprise or in one organization.",
		Attributes: withScope(withConsumption(map[string]schema.Attribute{
			"user_id": requiredID("The id of the user, as `devin_members` lists it."),
		})),
	}
}

type userDailyConsumptionModel struct {
	scopeModel
	consumptionModel
	UserID types.String `tfsdk:"user_id"`
}

func readUserDailyConsumption(ctx context.Context, client *devin.Client, m *userDailyConsumptionModel) error {
	id := m.UserID.ValueString()
	var unsure map[string]bool
	err := m.read(client, "user_id", id, func(w devin.Window) (*devin.Consumption, error) {
		own, notTold, err := client.OwnUserIDs(ctx, []string{id})
		if err != nil {
			return nil, err
		}
		unsure = notTold
		return client.UserDailyConsumption(ctx, own[0], w)
	})
	if err == nil && unsure[id] && len(m.Days) == 0 {
		return composedID(id)
	}
	return err
}
