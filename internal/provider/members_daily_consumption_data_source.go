package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newMembersDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[membersDailyConsumptionModel]{
		name:   "members_daily_consumption",
		action: "read the daily consumption of the members",
		about: about{
			group: groupConsumption,
			requests: append(slices.Clip(memberLists),
				endpoint{"/v3/enterprise/consumption/daily/users/{user_id}", "consumption/consumption-daily-users", devin.ConsumptionPermission, "once for each user, whatever the length of the window"},
				endpoint{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once"},
			),
			notes: usersNote + "\n\n" + organizationNote + "\n\n" + windowNote,
		},
		schema: membersDailyConsumptionSchema,
		read:   inScope(readMembersDailyConsumption),
	}
}

func membersDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs each member of the enterprise, or of one organization, consumed on each billing day of a window, " +
			"with totals by user and for the whole. Devin is asked once for each user, many at a time.",
		Attributes: attributes(scopeAttributes(), organizationAttributes(), usersAttributes(),
			orderAttributes(memberConsumptionOrders, "users", "users", "user_id", "`rows` and `csv` have the same. Totals are of all users."),
			consumptionReportAttributes("users", "what service users, people who left, and products tied to no user consumed."), map[string]schema.Attribute{
				"rows": computedRows("One row for each user and billing day that Devin reports, sorted as `users` is and by `date`; flat, so that a single `for` reads them. "+
					"A day without consumption may be missing or have 0 ACUs; Devin does not say which. Null unless `format` is `objects`.", attributes(userOfRowAttributes(), dayAttributes())),
				"users": computedRows("The users that were read, sorted by `user_id` unless `order_by` says otherwise; also those who consumed nothing, and those in `unknown_user_ids`.",
					attributes(userAttributes(), totalAttributes("unknown_user_ids"))),
			}),
	}
}

type membersDailyConsumptionModel struct {
	consumptionReportModel
	scopeModel
	organizationModel
	usersModel
	orderModel
	Rows  []memberDayModel   `tfsdk:"rows"`
	Users []memberTotalModel `tfsdk:"users"`
}

type memberDayModel struct {
	UserID      string  `tfsdk:"user_id"`
	Email       *string `tfsdk:"email"`
	DisplayName string  `tfsdk:"display_name"`
	devin.DayConsumption
}

type memberTotalModel struct {
	userModel
	totalModel
}

var memberConsumptionOrders = consumptionOrders("display_name", byReadingName[devin.Consumption])

func readMembersDailyConsumption(ctx context.Context, client *devin.Client, m *membersDailyConsumptionModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	sel, err := m.selection(ctx, client)
	if err != nil {
		return err
	}
	report, err := client.UsersDailyConsumption(ctx, sel, w)
	if err != nil {
		return err
	}
	m.set(client, &m.organizationModel, report)
	m.setMissing(report.Unknown, report.Failed)
	report.Readings = sortAndCut(&m.orderModel, memberConsumptionOrders, report.Readings)
	m.Users = make([]memberTotalModel, len(report.Readings))
	for i, r := range report.Readings {
		m.Users[i] = memberTotalModel{newUserModel(r.ID, r.Email, r.Name), totalOf(r.Value)}
	}
	return setDayRows(ctx, &m.consumptionReportModel, &m.Rows, report, func(r devin.Reading[devin.Consumption], day devin.DayConsumption) memberDayModel {
		return memberDayModel{r.ID, r.Email, displayName(r.ID, r.Email, r.Name), day}
	})
}
