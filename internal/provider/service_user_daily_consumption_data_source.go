package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newServiceUserDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[serviceUserDailyConsumptionModel]{
		name:   "service_user_daily_consumption",
		action: "read the daily consumption of a service user",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/consumption/daily/service-users/{service_user_id}", "consumption/consumption-daily-service-users", devin.ConsumptionPermission, "once"},
				{"/v3/enterprise/members/service-users/{service_user_id}", "", devin.MembershipPermission, "once for one that consumed nothing, then the list if it is not found"},
			},
			notes: "A session counts for the service user that created it. A `service_user_id` that Devin answers 404 to is an error at that argument; " +
				"where it reports nothing for one that is not on the list of service users, `total_acus` is null, with a warning.\n\n" + organizationNote + "\n\n" + windowNote,
		},
		schema: serviceUserDailyConsumptionSchema,
		read:   inScope(readServiceUserDailyConsumption),
	}
}

func serviceUserDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs the sessions that one service user created consumed on each billing day of a window, in the whole enterprise or in one organization.",
		Attributes: attributes(scopeAttributes(), consumptionAttributes(nullIfUnknown), map[string]schema.Attribute{
			"service_user_id": requiredID("The id of the service user (`service-user-...`)."),
		}),
	}
}

type serviceUserDailyConsumptionModel struct {
	scopeModel
	consumptionModel
	ServiceUserID types.String `tfsdk:"service_user_id"`
}

func readServiceUserDailyConsumption(ctx context.Context, client *devin.Client, m *serviceUserDailyConsumptionModel) error {
	id := m.ServiceUserID.ValueString()
	err := m.read(client, "service_user_id", id, func(w devin.Window) (*devin.Consumption, error) {
		return client.ServiceUserDailyConsumption(ctx, id, w)
	})
	if err == nil {
		m.setUnknown(func() devin.Presence { return client.KnowsServiceUser(ctx, id) })
	}
	return err
}
