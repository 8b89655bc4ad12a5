package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newAuditLogsDataSource() datasource.DataSource {
	return &dataSource[auditLogsModel]{
		name:   "audit_logs",
		action: "read the audit log",
		about: about{
			group:    groupSecurity,
			requests: []endpoint{{"/v3/enterprise/audit-logs", "audit-logs/enterprise-audit-logs", devin.SettingsPermission, "once for every 200 entries, at least once for every 100 days of the window"}},
			notes: "The list contains people's e-mail addresses, and so does the state: see [Privacy](../guides/privacy.md). " +
				"With `redact_personal_data`, `user_email` and `data` are null; `data` may name people.\n\n" + enterpriseKeyNote,
		},
		schema: auditLogsSchema,
		read:   inScopeOfEnterpriseKey(readAuditLogs),
	}
}

func auditLogsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists what was done in the enterprise, or in one of its organizations, in a window, with counts by action.",
		Attributes: attributes(scopeAttributes(), windowAttributes(billingDays), rowsAttributes("entries"), maxItemsAttributes("entries"),
			orderAttributes(auditLogOrders, "entries", "created_at"), map[string]schema.Attribute{
				"action":        optionalText("Only entries of this action, such as `create_service_user_api_key`."),
				"entries_count": computedInt("Entries in the window that pass the filter."),
				"by_action":     computedCounts("Entries by `action`."),
				"entries": computedRows("The entries, from the newest to the oldest unless `order_by` says otherwise, then sorted by `audit_log_id`. Null unless `format` is `objects`.",
					map[string]schema.Attribute{
						"audit_log_id":      computedString("The id of the entry."),
						"created_at":        computedString("When it was done, in UTC as RFC 3339."),
						"action":            computedString("What was done, such as `login` or `create_session`."),
						"org_id":            computedString("The organization in which it was done; null for the enterprise."),
						"user_id":           computedString("The user who did it; null where none did."),
						"user_email":        computedString("The e-mail address of the user; null where Devin has none, and with `redact_personal_data`."),
						"service_user_id":   computedString("The service user that did it; null where none did."),
						"service_user_name": computedString("The name of the service user; null where none did it."),
						"data":              computedString("What else Devin says of it, as JSON for `jsondecode`, with sorted keys; null where Devin says nothing, and with `redact_personal_data`."),
					}),
			}),
	}
}

type auditLogsModel struct {
	windowModel
	scopeModel
	rowsModel
	maxItemsModel
	orderModel
	Action       types.String     `tfsdk:"action"`
	EntriesCount *int64           `tfsdk:"entries_count"`
	ByAction     map[string]int64 `tfsdk:"by_action"`
	Entries      []devin.AuditLog `tfsdk:"entries"`
}

var auditLogOrders = orders[devin.AuditLog]{
	"action":     func(l devin.AuditLog) sortKey { return byText(&l.Action) },
	"user_email": func(l devin.AuditLog) sortKey { return byText(l.UserEmail) },
}

func readAuditLogs(ctx context.Context, client *devin.Client, m *auditLogsModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	entries, err := client.AuditLogs(ctx, w, devin.LogFilter{Action: m.Action.ValueString(), Limit: m.maxItems()})
	if err != nil {
		return tooManyItems("entries", "a shorter window or action", err)
	}
	m.EntriesCount = countOf(entries)
	m.ByAction = countBy(entries, func(l devin.AuditLog) *string { return &l.Action })
	return setRows(ctx, &m.rowsModel, &m.Entries, sortAndCut(&m.orderModel, auditLogOrders, entries))
}
