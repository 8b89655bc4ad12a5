package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newSessionMetricsDataSource() datasource.DataSource {
	return &dataSource[sessionMetricsModel]{
		name:   "session_metrics",
		action: "read the session metrics",
		about: about{
			group: groupSessions,
			requests: []endpoint{{
				"/v3/enterprise/metrics/sessions", "metrics/metrics-sessions", devin.MetricsPermission,
				"once; with a filter once more for each, to see that Devin applies it",
			}},
		},
		schema: sessionMetricsSchema,
		read:   inScope(readSessionMetrics),
	}
}

func sessionMetricsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Counts the sessions that were created in a window by origin and size, with their average consumption, " +
			"for the whole enterprise, one organization, or a part of either.",
		Attributes: attributes(scopeAttributes(), windowAttributes(billingDays), metricsFilterAttributes("sessions"), map[string]schema.Attribute{
			"sessions_created_count": computedInt("Sessions created in the window."),
			"avg_acus_per_session":   computedFloat("Average ACUs of these sessions, as Devin rounds it; null where no session was created and Devin gives no average."),
			"sessions_created_by_origin": computedCounts("Sessions by where they were started (`api`, `automation`, `slack`, `webapp` and so on; scheduled ones are under `automation`). " +
				"Devin leaves older origins out, so these need not add up to `sessions_created_count`."),
			"sessions_created_by_size":             computedCounts("Sessions by size: `xs`, `s`, `m`, `l` and `xl`."),
			"sessions_created_with_playbook_count": computedInt("Of the sessions created, those with a playbook."),
			"sessions_created_with_search_count":   computedInt("Of the sessions created, those that came from a search."),
			"sessions_with_merged_prs_count":       computedInt("Sessions with a pull request that is merged. Devin does not say that they were created in the window, so there can be more of them than `sessions_created_count`."),
			"sessions_with_merged_prs_by_size":     computedCounts("Sessions with a merged pull request by size."),
		}),
	}
}

type sessionMetricsModel struct {
	windowModel
	scopeModel
	metricsFilterModel
	devin.SessionMetrics
}

func readSessionMetrics(ctx context.Context, client *devin.Client, m *sessionMetricsModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	filter, err := m.filter(ctx, client)
	if err != nil {
		return err
	}
	metrics, err := client.SessionMetrics(ctx, w, filter)
	if err == nil {
		m.SessionMetrics = *metrics
	}
	return err
}
