package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newOrganizationsDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[organizationsDailyConsumptionModel]{
		name:   "organizations_daily_consumption",
		action: "read the daily consumption of the organizations",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/organizations", "", devin.OrganizationsPermission, "once for every 200 organizations"},
				{"/v3/enterprise/organizations/{org_id}", "", devin.OrganizationsPermission, "with `org_ids`, once for each of up to 20, for their names"},
				{"/v3/enterprise/consumption/daily/organizations/{org_id}", "consumption/consumption-daily-organizations", devin.ConsumptionPermission, "once for each organization, whatever the length of the window"},
				{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once"},
			},
			notes: "With `org_ids`, the permission `ManageOrganizations` is needed for names only. The provider then reads up to 20 organizations by their ids, and the list for more. Names that cannot be read are null, with a warning. " +
				"What is left in `unattributed_acus` depends on whether Devin ties local agents (Cascade, Terminal) to organizations, which it does not document.",
		},
		schema: organizationsDailyConsumptionSchema,
		read:   ofEnterprise(readOrganizationsDailyConsumption),
	}
}

func organizationsDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs each organization of the enterprise consumed on each billing day of a window, " +
			"with totals by organization and for the enterprise. Devin is asked once for each organization, many at a time.",
		Attributes: attributes(enterpriseAttributes(), orderAttributes(namedConsumptionOrders, "organizations", "org_id"),
			consumptionReportAttributes("organizations", "what Devin ties to no organization.", false), map[string]schema.Attribute{
				"org_ids": idList("The organizations to read, by their ids. Default: every organization of the enterprise, which takes the permission `ManageOrganizations`. " +
					"With `org_ids` that permission brings the names only."),
				"skip_failed_organizations": skipFailed("organizations", "failed_org_ids"),
				"failed_org_ids":            failedIDs("organizations", "skip_failed_organizations"),
				"unknown_org_ids":           unknownIDs("organizations"),
				"rows": computedRows("One row for each organization and billing day [that Devin reports](../guides/windows.md#days-without-rows), sorted as `organizations` is and by `date`. "+
					"Null unless `format` is `objects`.", attributes(organizationNameAttributes(), dayAttributes())),
				"organizations": computedRows("The organizations that were read, sorted by `org_id` unless `order_by` says otherwise; also those that consumed nothing, and those in `unknown_org_ids`.",
					attributes(organizationNameAttributes(), totalAttributes("unknown_org_ids"))),
			}),
	}
}

func organizationNameAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"org_id": computedString("The id of the organization."),
		"name":   computedString("The name of the organization; null where it could not be read."),
	}
}

type organizationsDailyConsumptionModel struct {
	enterpriseModel
	consumptionReportModel
	orderModel
	OrgIDs                  []string                 `tfsdk:"org_ids"`
	SkipFailedOrganizations types.Bool               `tfsdk:"skip_failed_organizations"`
	FailedOrgIDs            []string                 `tfsdk:"failed_org_ids"`
	UnknownOrgIDs           []string                 `tfsdk:"unknown_org_ids"`
	Rows                    []organizationDayModel   `tfsdk:"rows"`
	Organizations           []organizationTotalModel `tfsdk:"organizations"`
}

type organizationDayModel struct {
	OrgID string  `tfsdk:"org_id"`
	Name  *string `tfsdk:"name"`
	devin.DayConsumption
}

type organizationTotalModel struct {
	OrgID string  `tfsdk:"org_id"`
	Name  *string `tfsdk:"name"`
	totalModel
}

func (m *organizationsDailyConsumptionModel) narrowing() (argument string, settled bool) {
	return "org_ids", len(m.OrgIDs) > 0
}

func readOrganizationsDailyConsumption(ctx context.Context, client *devin.Client, m *organizationsDailyConsumptionModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	sel := devin.Selection{IDs: m.OrgIDs, SkipFailed: m.SkipFailedOrganizations.ValueBool(), SkipArgument: "skip_failed_organizations"}
	report, err := client.OrganizationsDailyConsumption(ctx, sel, w)
	if err != nil {
		return err
	}
	m.set(client, nil, report)
	m.UnknownOrgIDs, m.FailedOrgIDs = report.Unknown, skippedIDs(m.SkipFailedOrganizations, report.Failed)
	report.Readings = sortAndCut(&m.orderModel, namedConsumptionOrders, report.Readings)
	m.Organizations = make([]organizationTotalModel, len(report.Readings))
	for i, org := range report.Readings {
		m.Organizations[i] = organizationTotalModel{org.ID, org.Name, totalOf(org.Value, report.Whole.TotalACUs)}
	}
	return setDayRows(ctx, &m.consumptionReportModel, &m.Rows, report, func(org devin.Reading[devin.Consumption], day devin.DayConsumption) organizationDayModel {
		return organizationDayModel{org.ID, org.Name, day}
	})
}
