package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newCodeScanMetricsDataSource() datasource.DataSource {
	return &dataSource[codeScanMetricsModel]{
		name:   "code_scan_metrics",
		action: "read the metrics of code scans",
		about: about{
			group:    groupSecurity,
			requests: []endpoint{{"/v3/enterprise/code-scans/metrics", "code-scans/enterprise-code-scans-metrics", devin.CodeScansPermission, "once; with `org_ids` once more, to see that Devin applies it"}},
			notes: "Devin counts over 100 days at most. The provider does not join the counts of a longer window from parts, " +
				"because repositories would count twice and averages cannot be added.\n\n" + utcWindowNote,
		},
		schema: codeScanMetricsSchema,
		read:   inScope(readCodeScanMetrics),
		fails: []failure{
			{"Window too long for code scans", "The window is longer than 100 days."},
		},
	}
}

func codeScanMetricsSchema() schema.Schema {
	open := func(severity string) schema.Int64Attribute {
		return computedInt("Findings of the severity " + severity + " that are open now, and not at the end of the window.")
	}
	return schema.Schema{
		MarkdownDescription: "Counts the code scans of a window, what they left open, and the pull requests that they led to, for the whole enterprise or one organization.",
		Attributes: attributes(scopeAttributes(), windowAttributes(utcDays), map[string]schema.Attribute{
			"org_ids":                      queryList("Only scans in the organizations with these ids."),
			"scans_count":                  computedInt("Scans in the window."),
			"repos_scanned_count":          computedInt("Repositories that were scanned in the window, each once."),
			"open_critical_findings_count": open("critical"),
			"open_high_findings_count":     open("high"),
			"open_medium_findings_count":   open("medium"),
			"open_low_findings_count":      open("low"),
			"prs_created_count":            computedInt("Pull requests that scans created."),
			"prs_open_count":               computedInt("Of the pull requests, those that are open now."),
			"prs_merged_count":             computedInt("Of the pull requests, those that are merged."),
			"prs_closed_count":             computedInt("Of the pull requests, those that were closed without a merge."),
			"avg_pr_open_duration_seconds": computedFloat("How long a pull request was open on average, in seconds; null where there is no pull request."),
			"avg_pr_time_to_merge_seconds": computedFloat("How long it took on average until a pull request was merged, in seconds; null where none was."),
		}),
	}
}

type codeScanMetricsModel struct {
	windowModel
	scopeModel
	OrgIDs []string `tfsdk:"org_ids"`
	devin.CodeScanMetrics
}

func readCodeScanMetrics(ctx context.Context, client *devin.Client, m *codeScanMetricsModel) error {
	w, err := m.resolve(ctx, client, utcDays)
	if err != nil {
		return err
	}
	if w.Len() > devin.MostScanDays {
		return &attributeError{
			path: path.Root("start_date"), summary: "Window too long for code scans",
			detail: fmt.Sprintf("The window from %s has %d days, and Devin counts code scans over %d at most. Use a start_date of %s or later, or an earlier end_date.",
				w, w.Len(), devin.MostScanDays, w.End-devin.MostScanDays+1),
		}
	}
	if err := checkNoOrgIDs(client, m.OrgIDs); err != nil {
		return err
	}
	metrics, err := client.CodeScanMetrics(ctx, w, m.OrgIDs)
	if err == nil {
		m.CodeScanMetrics = *metrics
	}
	return err
}
