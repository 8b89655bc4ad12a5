package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newPRMetricsDataSource() datasource.DataSource {
	return &dataSource[prMetricsModel]{
		name:   "pr_metrics",
		action: "read pull-request metrics",
		about: about{
			group: groupPullRequests,
			requests: []endpoint{{
				"/v3/enterprise/metrics/prs", "metrics/metrics-prs", devin.MetricsPermission,
				"once; with `daily = true` once more for each billing day, many at a time; " +
					"with a filter once more for each, to see that Devin applies it",
			}},
			notes: "The API has no breakdown by user. For numbers by person use [`devin_members_pr_metrics`](members_pr_metrics.md). " +
				"If a filter has an id that Devin does not know, nothing may be counted for it, without an error.",
		},
		schema: prMetricsSchema,
		read:   inScope(readPRMetrics),
		fails: []failure{
			{"Too many days", "The window is longer than 400 days, with `daily = true`."},
		},
	}
}

func prMetricsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Counts the pull requests that Devin created or took over in a window, for the whole enterprise, one organization, or a part of either.\n\n" + prCaveats,
		Attributes: attributes(scopeAttributes(), windowAttributes(billingDays), metricsFilterAttributes("pull requests of sessions"), prCountAttributes(), map[string]schema.Attribute{
			"daily": optionalBool(fmt.Sprintf("Whether to fill `days` too, for which Devin is asked once more for each billing day; "+
				"windows of up to %d days. Default: `false`.", mostPRDays)),
			"days": computedRows("The same counts for each billing day of the window, sorted by `date`, "+
				"up to the current one; null unless `daily` is `true`.", attributes(prCountAttributes(), map[string]schema.Attribute{
				"date": computedString("The billing day, as `YYYY-MM-DD`."),
			})),
		}),
	}
}

type prMetricsModel struct {
	windowModel
	scopeModel
	metricsFilterModel
	Daily types.Bool `tfsdk:"daily"`
	devin.PRMetrics
	Days []devin.DayPRMetrics `tfsdk:"days"`
}

// mostPRDays bounds the requests after a typing error, such as a start ten years ago.
const mostPRDays = 400

func readPRMetrics(ctx context.Context, client *devin.Client, m *prMetricsModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	filter, err := m.filter(ctx, client)
	if err != nil {
		return err
	}
	if !m.Daily.ValueBool() {
		metrics, err := client.PRMetrics(ctx, w, filter)
		if err == nil {
			m.PRMetrics = *metrics
		}
		return err
	}
	// Future days have no pull requests, and the API may refuse to answer for them.
	w.End = min(w.End, devin.DayAt(client.Now()))
	if w.Len() > mostPRDays {
		return &attributeError{path: path.Root("daily"), summary: "Too many days", detail: fmt.Sprintf(
			"The window %s has %d billing days, and with daily = true each takes a request; %d are the most. "+
				"Shorten the window, or leave daily out.", w, w.Len(), mostPRDays)}
	}
	metrics, days, err := client.DailyPRMetrics(ctx, w, filter)
	if err == nil {
		m.PRMetrics, m.Days = *metrics, days
	}
	return err
}
