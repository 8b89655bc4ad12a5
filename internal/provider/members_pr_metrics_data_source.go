package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newMembersPRMetricsDataSource() datasource.DataSource {
	return &dataSource[membersPRMetricsModel]{
		name:   "members_pr_metrics",
		action: "read the pull-request metrics of the members",
		about: about{
			group: groupPullRequests,
			requests: append(slices.Clip(memberLists),
				endpoint{"/v3/enterprise/metrics/prs", "metrics/metrics-prs", devin.MetricsPermission, "once for each user, and once more for each filter in use, `user_ids` included, to see that Devin applies it"},
			),
			notes: usersNote + "\n\nPull requests of service users are not included; [`devin_pr_metrics`](pr_metrics.md) counts them.",
		},
		schema: membersPRMetricsSchema,
		read:   inScope(readMembersPRMetrics),
	}
}

func membersPRMetricsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Counts the pull requests of each member's Devin sessions in a window. " +
			"Devin is asked once for each user, many at a time.\n\n" + prCaveats,
		Attributes: attributes(scopeAttributes(), windowAttributes(billingDays), rowsAttributes("users"), usersAttributes(),
			orderAttributes(prOrders, "users", "user_id"), map[string]schema.Attribute{
				"org_ids":     queryList("Only pull requests of sessions in the organizations with these ids."),
				"playbook_id": optionalText("Only pull requests of sessions with the playbook of this id."),
				"users": computedRows("The users that were read, sorted by `user_id` unless `order_by` says otherwise; also those without a pull request, and those in `unknown_user_ids`, all of whose counts are null. Null unless `format` is `objects`.",
					attributes(userAttributes(), groupNamesAttributes(), prCountAttributes())),
			}),
	}
}

type membersPRMetricsModel struct {
	windowModel
	scopeModel
	rowsModel
	usersModel
	orderModel
	OrgIDs     []string        `tfsdk:"org_ids"`
	PlaybookID types.String    `tfsdk:"playbook_id"`
	Users      []memberPRModel `tfsdk:"users"`
}

type memberPRModel struct {
	userModel
	IDPGroupNames []string `tfsdk:"idp_group_names"`
	devin.PRMetrics
}

var prOrders = orders[devin.Reading[devin.PRMetrics]]{
	"prs_created_count":    byCount(func(m *devin.PRMetrics) *devin.Count { return m.Created }),
	"prs_opened_count":     byCount(func(m *devin.PRMetrics) *devin.Count { return m.Opened }),
	"prs_merged_count":     byCount(func(m *devin.PRMetrics) *devin.Count { return m.Merged }),
	"prs_closed_count":     byCount(func(m *devin.PRMetrics) *devin.Count { return m.Closed }),
	"prs_taken_over_count": byCount(func(m *devin.PRMetrics) *devin.Count { return m.TakenOver }),
	"merge_rate":           byCount(func(m *devin.PRMetrics) *float64 { return m.MergeRate }),
	"display_name":         byReadingName[devin.PRMetrics],
}

func byCount[N ~int64 | ~float64](count func(*devin.PRMetrics) *N) func(devin.Reading[devin.PRMetrics]) sortKey {
	return func(r devin.Reading[devin.PRMetrics]) sortKey {
		if r.Value == nil {
			return sortKey{}
		}
		return byNumber(count(r.Value))
	}
}

func readMembersPRMetrics(ctx context.Context, client *devin.Client, m *membersPRMetricsModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err == nil {
		err = checkNoOrgIDs(client, m.OrgIDs)
	}
	if err != nil {
		return err
	}
	filter := devin.MetricsFilter{OrgIDs: m.OrgIDs, PlaybookID: m.PlaybookID.ValueString()}
	sel, err := m.selection(ctx, client)
	if err != nil {
		return err
	}
	sel.What = "pull-request metrics"
	report, err := devin.ReadUsers(ctx, client, sel, func(ctx context.Context, userID string) (*devin.PRMetrics, error) {
		of := filter
		of.UserIDs = []string{userID}
		return client.PRMetrics(ctx, w, of)
	})
	if err != nil {
		return err
	}
	m.setMissing(len(report.Readings), report.Unknown, report.Failed)
	report.Readings = sortAndCut(&m.orderModel, prOrders, report.Readings)
	rows := make([]memberPRModel, len(report.Readings))
	for i, r := range report.Readings {
		metrics := r.Value
		if metrics == nil {
			metrics = &devin.PRMetrics{}
		}
		rows[i] = memberPRModel{newUserModel(r.ID, r.Email, r.Name), r.IDPGroupNames, *metrics}
	}
	return setRows(ctx, &m.rowsModel, &m.Users, rows)
}
