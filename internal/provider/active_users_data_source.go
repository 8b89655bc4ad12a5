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
					"once with `interval = \"window\"`",
				},
				{"/v3/enterprise/metrics/dau", "metrics/metrics-dau", devin.MetricsPermission, "once with `interval = \"day\"`"},
				{"/v3/enterprise/metrics/wau", "metrics/metrics-dau", devin.MetricsPermission, "once with `interval = \"week\"`"},
				{"/v3/enterprise/metrics/mau", "metrics/metrics-dau", devin.MetricsPermission, "once with `interval = \"month\"`"},
			},
			notes: "A user who is active in two intervals counts in both, so intervals cannot be summed. " +
				"The first and the last interval may extend beyond the window, and Devin does not document whether they count what lies outside. " +
				"For whole weeks, let the window begin on a Monday and end on a Sunday.\n\n" + utcWindowNote,
		},
		schema: activeUsersSchema,
		read:   inScope(readActiveUsers),
	}
}

func activeUsersSchema() schema.Schema {
	least := func(what string) schema.NumberAttribute {
		return optionalWhole("How many "+what+" in an interval make a user active. One of `min_sessions` and `min_searches` is enough. Default: 1.", 0, 1_000_000)
	}
	return schema.Schema{
		MarkdownDescription: "Counts the users of the enterprise, or of one organization, who were active in a window, or in each day, week or month of it.",
		Attributes: attributes(scopeAttributes(), windowAttributes(utcDays), map[string]schema.Attribute{
			"interval": optionalOneOf("What is counted at a time: `window`, the whole window at once; `day`; `week`, from Monday to Sunday; or `month`. "+
				"All are in UTC. Default: `window`.", string(devin.IntervalWindow), string(devin.IntervalDay), string(devin.IntervalWeek), string(devin.IntervalMonth)),
			"min_sessions": least("sessions"),
			"min_searches": least("searches"),
			"org_ids":      queryList("Only what users did in the organizations with these ids."),
			"intervals": computedRows("The intervals that the window touches, sorted by `start_date`; a single one for `window`.", map[string]schema.Attribute{
				"start_date":   computedString("First day of the interval in UTC, as `YYYY-MM-DD`."),
				"end_date":     computedString("Last day of the interval in UTC, included, as `YYYY-MM-DD`."),
				"active_users": computedInt("How many users were active in the interval."),
			}),
		}),
	}
}

type activeUsersModel struct {
	windowModel
	scopeModel
	Interval    types.String        `tfsdk:"interval"`
	MinSessions types.Number        `tfsdk:"min_sessions"`
	MinSearches types.Number        `tfsdk:"min_searches"`
	OrgIDs      []string            `tfsdk:"org_ids"`
	Intervals   []devin.ActiveUsers `tfsdk:"intervals"`
}

func readActiveUsers(ctx context.Context, client *devin.Client, m *activeUsersModel) error {
	w, err := m.resolve(ctx, client, utcDays)
	if err != nil {
		return err
	}
	if err := checkNoOrgIDs(client, m.OrgIDs); err != nil {
		return err
	}
	filter := devin.ActivityFilter{OrgIDs: m.OrgIDs, MinSessions: wholeNumber(m.MinSessions), MinSearches: wholeNumber(m.MinSearches)}
	interval := devin.IntervalWindow
	if !m.Interval.IsNull() {
		interval = devin.Interval(m.Interval.ValueString())
	}
	m.Intervals, err = client.ActiveUsers(ctx, w, interval, filter)
	return err
}
