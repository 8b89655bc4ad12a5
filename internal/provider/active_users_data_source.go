package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newActiveUsersDataSource() datasource.DataSource {
	return &dataSource[activeUsersModel]{
		name:   "active_users",
		action: "count the active users",
		about: about{
			group: groupSessions,
			requests: []endpoint{
				{
					"/v3/enterprise/metrics/active-users", "metrics/metrics-dau", devin.MetricsPermission,
					"once with `period = \"window\"`",
				},
				{"/v3/enterprise/metrics/dau", "metrics/metrics-dau", devin.MetricsPermission, "once with `period = \"day\"`"},
				{"/v3/enterprise/metrics/wau", "metrics/metrics-dau", devin.MetricsPermission, "once with `period = \"week\"`"},
				{"/v3/enterprise/metrics/mau", "metrics/metrics-dau", devin.MetricsPermission, "once with `period = \"month\"`"},
			},
			notes: "A user who is active in two periods counts in both, so periods cannot be summed. " +
				"The first and the last period may extend beyond the window, and Devin does not document whether they count what lies outside: " +
				"for whole weeks, let the window begin on a Monday and end on a Sunday.\n\n" + organizationNote + "\n\n" + utcWindowNote,
		},
		schema: activeUsersSchema,
		read:   inScope(readActiveUsers),
	}
}

func activeUsersSchema() schema.Schema {
	least := func(what string) schema.NumberAttribute {
		return optionalWhole("How many "+what+" in a period make a user active. One of `min_sessions` and `min_searches` is enough. Default: 1.", 0, 1_000_000)
	}
	return schema.Schema{
		MarkdownDescription: "Counts the users of the enterprise, or of one organization, who were active in a window, or in each day, week or month of it.",
		Attributes: attributes(scopeAttributes(), windowAttributes(utcDays), map[string]schema.Attribute{
			"period": optionalOneOf("What is counted at a time: `window`, the whole window at once; `day`; `week`, from Monday to Sunday; or `month`. "+
				"All are in UTC. Default: `window`.", string(devin.PeriodWindow), string(devin.PeriodDay), string(devin.PeriodWeek), string(devin.PeriodMonth)),
			"min_sessions": least("sessions"),
			"min_searches": least("searches"),
			"org_ids":      queryList("Only what users did in the organizations with these ids. Default: all."),
			"periods": computedRows("The periods that the window touches, sorted by `start_date`; a single one for `window`.", map[string]schema.Attribute{
				"start_date":   computedString("First day of the period in UTC, as `YYYY-MM-DD`."),
				"end_date":     computedString("Last day of the period in UTC, included, as `YYYY-MM-DD`."),
				"active_users": computedInt("How many users were active in the period."),
			}),
		}),
	}
}

type activeUsersModel struct {
	windowModel
	scopeModel
	Period      types.String        `tfsdk:"period"`
	MinSessions types.Number        `tfsdk:"min_sessions"`
	MinSearches types.Number        `tfsdk:"min_searches"`
	OrgIDs      []string            `tfsdk:"org_ids"`
	Periods     []devin.ActiveUsers `tfsdk:"periods"`
}

func readActiveUsers(ctx context.Context, client *devin.Client, m *activeUsersModel) error {
	w, err := m.resolve(client, utcDays)
	if err != nil {
		return err
	}
	if err := checkNoOrgIDs(client, m.OrgIDs); err != nil {
		return err
	}
	filter := devin.ActivityFilter{OrgIDs: m.OrgIDs, MinSessions: wholeNumber(m.MinSessions), MinSearches: wholeNumber(m.MinSearches)}
	period := devin.PeriodWindow
	if !m.Period.IsNull() {
		period = devin.Period(m.Period.ValueString())
	}
	m.Periods, err = client.ActiveUsers(ctx, w, period, filter)
	return err
}
