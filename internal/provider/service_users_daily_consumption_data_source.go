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

func newServiceUsersDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[serviceUsersDailyConsumptionModel]{
		name:   "service_users_daily_consumption",
		action: "read the daily consumption of the service users",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/members/service-users", "service-users/members-service-users", devin.MembershipPermission, "once for every 200 service users"},
				{"/v3/enterprise/members/service-users/{service_user_id}", "", devin.MembershipPermission, "with `service_user_ids`, once for each of up to 20, for their names"},
				{"/v3/enterprise/consumption/daily/service-users/{service_user_id}", "consumption/consumption-daily-service-users", devin.ConsumptionPermission, "once for each service user, whatever the length of the window"},
				{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once"},
			},
			notes: "A session counts for the service user that created it. With more than 20 `service_user_ids`, names come from the list. Those that cannot be read are null, with a warning.\n\n" +
				"The list of an organization's service users is `GET /v3/enterprise/organizations/{org_id}/members/service-users`, " +
				"which needs a key of the enterprise. With a key of the organization, name them in `service_user_ids`.",
		},
		schema: serviceUsersDailyConsumptionSchema,
		read:   inScope(readServiceUsersDailyConsumption),
		fails: []failure{
			{"forbidden: the API key may not list service users", "The key is of an organization, and `service_user_ids` is not given."},
		},
	}
}

func serviceUsersDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs the sessions of each service user of the enterprise, or of one organization, consumed on each billing day of a window, " +
			"with totals by service user and for the whole. Devin is asked once for each service user, many at a time.",
		Attributes: attributes(scopeAttributes(), organizationAttributes(),
			orderAttributes(namedConsumptionOrders, "service_users", "service_user_id"),
			consumptionReportAttributes("service_users", "what members, people who left, and products tied to no service user consumed.", true), map[string]schema.Attribute{
				"service_user_ids": idList("The service users to read, by their ids; for a single one, a list of one. Default: every service user of the enterprise, or of the organization. " +
					"An organization's own key may not list them, and has to name them here."),
				"include_inactive":          optionalBool("Whether to also read the service users that have expired or were removed. Default: `false`."),
				"skip_failed_service_users": skipFailed("service users", "failed_service_user_ids"),
				"failed_service_user_ids":   failedIDs("service users", "skip_failed_service_users"),
				"unknown_service_user_ids":  unknownIDs("service users"),
				"rows": computedRows("One row for each service user and billing day [that Devin reports](../guides/windows.md#days-without-rows), sorted as `service_users` is and by `date`. "+
					"Null unless `format` is `objects`.", attributes(serviceUserNameAttributes(), dayAttributes())),
				"service_users": computedRows("The service users that were read, sorted by `service_user_id` unless `order_by` says otherwise; also those that consumed nothing, and those in `unknown_service_user_ids`.",
					attributes(serviceUserNameAttributes(), totalAttributes("unknown_service_user_ids"))),
			}),
	}
}

func serviceUserNameAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"service_user_id": computedString("The id of the service user."),
		"name":            computedString("The name of the service user; null where it could not be read."),
	}
}

type serviceUsersDailyConsumptionModel struct {
	consumptionReportModel
	scopeModel
	organizationModel
	orderModel
	ServiceUserIDs         []string                `tfsdk:"service_user_ids"`
	IncludeInactive        types.Bool              `tfsdk:"include_inactive"`
	SkipFailedServiceUsers types.Bool              `tfsdk:"skip_failed_service_users"`
	FailedServiceUserIDs   []string                `tfsdk:"failed_service_user_ids"`
	UnknownServiceUserIDs  []string                `tfsdk:"unknown_service_user_ids"`
	Rows                   []serviceUserDayModel   `tfsdk:"rows"`
	ServiceUsers           []serviceUserTotalModel `tfsdk:"service_users"`
}

type serviceUserDayModel struct {
	ServiceUserID string  `tfsdk:"service_user_id"`
	Name          *string `tfsdk:"name"`
	devin.DayConsumption
}

type serviceUserTotalModel struct {
	ServiceUserID string  `tfsdk:"service_user_id"`
	Name          *string `tfsdk:"name"`
	totalModel
}

func readServiceUsersDailyConsumption(ctx context.Context, client *devin.Client, m *serviceUsersDailyConsumptionModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	sel := devin.Selection{IDs: m.ServiceUserIDs, SkipFailed: m.SkipFailedServiceUsers.ValueBool(), SkipArgument: "skip_failed_service_users"}
	report, err := client.ServiceUsersDailyConsumption(ctx, sel, m.IncludeInactive.ValueBool(), w)
	switch {
	case errors.Is(err, devin.ErrNoServiceUserList):
		return errorAt(path.Root("service_user_ids"), explain.ServiceUsersUnlisted(), err)
	case err != nil:
		return err
	}
	m.set(client, &m.organizationModel, report)
	m.UnknownServiceUserIDs, m.FailedServiceUserIDs = report.Unknown, skippedIDs(m.SkipFailedServiceUsers, report.Failed)
	report.Readings = sortAndCut(&m.orderModel, namedConsumptionOrders, report.Readings)
	m.ServiceUsers = make([]serviceUserTotalModel, len(report.Readings))
	for i, user := range report.Readings {
		m.ServiceUsers[i] = serviceUserTotalModel{user.ID, user.Name, totalOf(user.Value, report.Whole.TotalACUs)}
	}
	return setDayRows(ctx, &m.consumptionReportModel, &m.Rows, report, func(user devin.Reading[devin.Consumption], day devin.DayConsumption) serviceUserDayModel {
		return serviceUserDayModel{user.ID, user.Name, day}
	})
}
