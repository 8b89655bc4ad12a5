package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newGuardrailViolationsDataSource() datasource.DataSource {
	return &dataSource[guardrailViolationsModel]{
		name:   "guardrail_violations",
		action: "list the violations of guardrails",
		about: about{
			group:    groupSecurity,
			requests: []endpoint{{"/v3beta1/enterprise/guardrail-violations", "guardrail-violations/enterprise-guardrail-violations", devin.SettingsPermission, "once for every 200 violations, at least once for every 100 days of the window"}},
			notes: "The endpoint is [in beta](https://docs.devin.ai/api-reference/release-notes). What people wrote is left out unless `include_user_messages` is `true`. " +
				"With `redact_personal_data` it is left out even then, and so is `reasoning`, which may quote it.\n\n" + enterpriseKeyNote,
		},
		schema: guardrailViolationsSchema,
		read:   inScopeOfEnterpriseKey(readGuardrailViolations),
	}
}

func guardrailViolationsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the violations of the guardrails of the enterprise, or of one of its organizations, in a window, with counts by guardrail.",
		Attributes: attributes(scopeAttributes(), windowAttributes(billingDays), rowsAttributes("violations"), maxItemsAttributes("violations"),
			orderAttributes(violationOrders, "violations", "created_at"), map[string]schema.Attribute{
				"guardrail_id":          optionalText("Only violations of the guardrail with this id."),
				"session_id":            optionalText("Only violations in the session with this id (`devin-...`)."),
				"include_user_messages": optionalBool("Whether violations have `user_message`, which then is in the state too. Default: `false`."),
				"violations_count":      computedInt("Violations in the window that pass the filters."),
				"by_guardrail":          computedCounts("Violations by `guardrail_id`."),
				"violations": computedRows("The violations, from the newest to the oldest unless `order_by` says otherwise, then sorted by `violation_id`. Null unless `format` is `objects`.",
					map[string]schema.Attribute{
						"violation_id":     computedString("The id of the violation, a number with up to 64 bits, as text."),
						"created_at":       computedString("When it happened, in UTC as RFC 3339."),
						"guardrail_id":     computedString("The id of the guardrail."),
						"guardrail_name":   computedString("The name of the guardrail; null where Devin does not say."),
						"action_taken":     computedString("What Devin did about it; null where Devin does not say."),
						"confidence_score": computedFloat("How sure the guardrail is, as Devin has it; null where Devin does not say."),
						"org_id":           computedString("The organization; null where Devin does not say."),
						"session_id":       computedString("The session; null where it was in none."),
						"event_id":         computedString("The event in the session; null where Devin does not say."),
						"reasoning":        computedString("Why the guardrail takes it for a violation; null where Devin does not say, and with `redact_personal_data`."),
						"user_message":     computedString("What the person wrote; null without `include_user_messages`, and with `redact_personal_data`."),
					}),
			}),
	}
}

type guardrailViolationsModel struct {
	windowModel
	scopeModel
	rowsModel
	maxItemsModel
	orderModel
	GuardrailID         types.String               `tfsdk:"guardrail_id"`
	SessionID           types.String               `tfsdk:"session_id"`
	IncludeUserMessages types.Bool                 `tfsdk:"include_user_messages"`
	ViolationsCount     *int64                     `tfsdk:"violations_count"`
	ByGuardrail         map[string]int64           `tfsdk:"by_guardrail"`
	Violations          []devin.GuardrailViolation `tfsdk:"violations"`
}

var violationOrders = orders[devin.GuardrailViolation]{
	"confidence_score": func(v devin.GuardrailViolation) sortKey { return byNumber(v.ConfidenceScore) },
	"guardrail_name":   func(v devin.GuardrailViolation) sortKey { return byText(v.GuardrailName) },
}

func readGuardrailViolations(ctx context.Context, client *devin.Client, m *guardrailViolationsModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	violations, err := client.GuardrailViolations(ctx, w, devin.LogFilter{
		GuardrailID: m.GuardrailID.ValueString(), SessionID: m.SessionID.ValueString(), Limit: m.maxItems(),
	})
	if err != nil {
		return tooManyItems("violations", "a shorter window, guardrail_id or session_id", err)
	}
	if !m.IncludeUserMessages.ValueBool() {
		for i := range violations {
			violations[i].UserMessage = nil
		}
	}
	m.ViolationsCount = countOf(violations)
	m.ByGuardrail = countBy(violations, func(v devin.GuardrailViolation) *string { return &v.GuardrailID })
	return setRows(ctx, &m.rowsModel, &m.Violations, sortAndCut(&m.orderModel, violationOrders, violations))
}
