package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newUsageMetricsDataSource() datasource.DataSource {
	return &dataSource[usageMetricsModel]{
		name:   "usage_metrics",
		action: "read the usage metrics",
		about: about{
			group: groupSessions,
			requests: []endpoint{
				{"/v3/enterprise/metrics/usage", "metrics/organizations-metrics-usage", devin.MetricsPermission, "once"},
			},
		},
		schema: usageMetricsSchema,
		read:   inScope(readUsageMetrics),
	}
}

func usageMetricsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Counts the sessions, searches and pull requests of a window, for the whole enterprise or one organization.\n\n" + prCaveats,
		Attributes: attributes(scopeAttributes(), windowAttributes(billingDays), map[string]schema.Attribute{
			"sessions_count":    computedInt("Sessions in the window."),
			"searches_count":    computedInt("Searches in the window."),
			"prs_created_count": computedInt("Pull requests that Devin created in the window."),
			"prs_merged_count":  computedInt("Merged pull requests that Devin counts in the window. There can be more of them than `prs_created_count`, for one may have been created before it."),
		}),
	}
}

type usageMetricsModel struct {
	windowModel
	scopeModel
	devin.UsageMetrics
}

func readUsageMetrics(ctx context.Context, client *devin.Client, m *usageMetricsModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	metrics, err := client.UsageMetrics(ctx, w)
	if err == nil {
		m.UsageMetrics = *metrics
	}
	return err
}
