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
			notes: usersNote + "\n\n",
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
			orderAttributes(memberConsumptionOrders, "users", "user_id"),
			consumptionReportAttributes("users", "what service users, people who left, and products tied to no user consumed.", true), map[string]schema.Attribute{
				"rows": computedRows("One row for each user and billing day [that Devin reports](../guides/windows.md#days-without-rows), sorted as `users` is and by `date`; flat, so that a single `for` reads them. "+
					"Null unless `format` is `objects`.", attributes(userOfRowAttributes(), dayAttributes())),
				"users": computedRows("The users that were read, sorted by `user_id` unless `order_by` says otherwise; also those who consumed nothing, and those in `unknown_user_ids`.",
					attributes(userAttributes(), groupNamesAttributes(), totalAttributes("unknown_user_ids"))),
				"by_group": computedRows("What the users of each IdP group consumed, sorted by `idp_group_name`, also with `first`. **A user of two groups counts in both**, so the rows can add up to more than `total_acus`. "+
					"The last row, whose `idp_group_name` is null, is of the users in no group and of those whose `idp_group_names` are null; it is absent where there are none. "+
					"Null where the groups of no user could be read.", map[string]schema.Attribute{
					"idp_group_name":  computedString("The name of the group; null in the row of the users in no group."),
					"users_count":     computedInt("Users of the group that were read, also those who consumed nothing, and those in `unknown_user_ids`."),
					"total_acus":      computedFloat("ACUs that the users of the group consumed in the window; null where all of them are in `unknown_user_ids`."),
					"acus_by_product": productsAttribute("`total_acus`", "Null where all of them are in `unknown_user_ids`."),
					"share":           shareAttribute("`total_acus` is null"),
				}),
			}),
	}
}

type membersDailyConsumptionModel struct {
	consumptionReportModel
	scopeModel
	organizationModel
	usersModel
	orderModel
	Rows    []memberDayModel         `tfsdk:"rows"`
	Users   []memberTotalModel       `tfsdk:"users"`
	ByGroup []devin.GroupConsumption `tfsdk:"by_group"`
}

type memberDayModel struct {
	UserID      string  `tfsdk:"user_id"`
	Email       *string `tfsdk:"email"`
	DisplayName string  `tfsdk:"display_name"`
	devin.DayConsumption
}

type memberTotalModel struct {
	userModel
	IDPGroupNames []string `tfsdk:"idp_group_names"`
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
	whole := report.Whole.TotalACUs
	m.setMissing(len(report.Readings), report.Unknown, report.Failed)
	m.ByGroup = devin.ConsumptionByGroup(report.Readings, whole)
	report.Readings = sortAndCut(&m.orderModel, memberConsumptionOrders, report.Readings)
	m.Users = make([]memberTotalModel, len(report.Readings))
	for i, r := range report.Readings {
		m.Users[i] = memberTotalModel{newUserModel(r.ID, r.Email, r.Name), r.IDPGroupNames, totalOf(r.Value, whole)}
	}
	return setDayRows(ctx, &m.consumptionReportModel, &m.Rows, report, func(r devin.Reading[devin.Consumption], day devin.DayConsumption) memberDayModel {
		return memberDayModel{r.ID, r.Email, displayName(r.ID, r.Email, r.Name), day}
	})
}
