package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newCodeScanFindingsDataSource() datasource.DataSource {
	return &dataSource[codeScanFindingsModel]{
		name:   "code_scan_findings",
		action: "list the findings of code scans",
		about: about{
			group: groupSecurity,
			requests: []endpoint{{
				"/v3/enterprise/code-scans/findings", "code-scans/enterprise-code-scans-findings", devin.CodeScansPermission,
				"once for every 200 findings; once more with `org_ids`, to see that Devin applies it; once for each severity where the findings do not show theirs",
			}},
			notes: "The provider applies the filters to the answer again, and leaves out findings that do not pass.",
		},
		schema: codeScanFindingsSchema,
		read:   inScope(readCodeScanFindings),
	}
}

func codeScanFindingsSchema() schema.Schema {
	among := func(description string, values ...string) schema.ListAttribute {
		return idList(description, listvalidator.UniqueValues(), listvalidator.ValueStringsAre(stringvalidator.OneOf(values...)))
	}
	return schema.Schema{
		MarkdownDescription: "Lists what code scans of the enterprise, or of one organization, found, with counts by severity.",
		Attributes: attributes(scopeAttributes(), rowsAttributes("findings"), maxItemsAttributes("findings"),
			orderAttributes(findingOrders, "findings", "severity"), map[string]schema.Attribute{
				"severities":     among("Only findings of these severities: `critical`, `high`, `medium`, `low`.", devin.Severities()...),
				"statuses":       among("Only findings with these statuses: `open`, `dismissed`, `resolved`.", "open", "dismissed", "resolved"),
				"org_ids":        queryList("Only findings in the organizations with these ids."),
				"scan_id":        optionalText("Only findings of the scan with this id."),
				"repo_name":      optionalText("Only findings in this repository, such as `acme/web`."),
				"findings_count": computedInt("Findings that pass the filters."),
				"by_severity":    computedCounts("Findings by severity. Each severity that was asked for has a number, which may be 0."),
				"findings": computedRows("The findings, sorted by `severity`, the worst first, unless `order_by` says otherwise, then from the newest to the oldest, then by `finding_id`. Null unless `format` is `objects`.",
					map[string]schema.Attribute{
						"finding_id":     computedString("The id of the finding."),
						"severity":       computedString("`critical`, `high`, `medium`, `low`, or one that Devin adds; null where Devin does not say."),
						"status":         computedString("`open`, `dismissed` or `resolved`; null where Devin does not say."),
						"scan_id":        computedString("The scan that found it; null where Devin does not say."),
						"session_id":     computedString("The session that found it; null where Devin does not say."),
						"repo_name":      computedString("The repository; null where Devin does not say."),
						"title":          computedString("What was found, in a line; null where Devin does not say."),
						"category":       computedString("The kind of finding; null where Devin does not say."),
						"description":    computedString("What was found; null where Devin does not say."),
						"recommendation": computedString("What Devin recommends; null where it recommends nothing."),
						"pr_url":         computedString("The pull request that fixes it; null where there is none."),
						"created_at":     computedString("When it was found, in UTC as RFC 3339; null where Devin does not say."),
					}),
			}),
	}
}

type codeScanFindingsModel struct {
	scopeModel
	rowsModel
	maxItemsModel
	orderModel
	Severities    []string                `tfsdk:"severities"`
	Statuses      []string                `tfsdk:"statuses"`
	OrgIDs        []string                `tfsdk:"org_ids"`
	ScanID        types.String            `tfsdk:"scan_id"`
	RepoName      types.String            `tfsdk:"repo_name"`
	FindingsCount *int64                  `tfsdk:"findings_count"`
	BySeverity    map[string]int64        `tfsdk:"by_severity"`
	Findings      []devin.CodeScanFinding `tfsdk:"findings"`
}

var findingOrders = orders[devin.CodeScanFinding]{
	"created_at": func(f devin.CodeScanFinding) sortKey { return byNumber(f.CreatedAt) },
	"repo_name":  func(f devin.CodeScanFinding) sortKey { return byText(f.RepoName) },
}

func readCodeScanFindings(ctx context.Context, client *devin.Client, m *codeScanFindingsModel) error {
	if err := checkNoOrgIDs(client, m.OrgIDs); err != nil {
		return err
	}
	findings, err := client.CodeScanFindings(ctx, devin.FindingFilter{
		OrgIDs: m.OrgIDs, Severities: m.Severities, Statuses: m.Statuses,
		ScanID: m.ScanID.ValueString(), RepoName: m.RepoName.ValueString(), Limit: m.maxItems(),
	})
	if err != nil {
		return tooManyItems("findings", "severities, statuses or repo_name", err)
	}
	m.FindingsCount = countOf(findings)
	m.BySeverity = countBy(findings, func(f devin.CodeScanFinding) *string { return f.Severity })
	asked := m.Severities
	if asked == nil {
		asked = devin.Severities()
	}
	for _, severity := range asked {
		m.BySeverity[severity] += 0
	}
	return setRows(ctx, &m.rowsModel, &m.Findings, sortAndCut(&m.orderModel, findingOrders, findings))
}
