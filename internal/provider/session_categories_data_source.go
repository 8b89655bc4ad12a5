package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newSessionCategoriesDataSource() datasource.DataSource {
	return &dataSource[sessionCategoriesModel]{
		name:   "session_categories",
		action: "read the categories of sessions",
		about: about{
			group: groupSessions,
			requests: []endpoint{
				{"/v3/enterprise/metrics/sessions-by-category", "", devin.MetricsPermission, "once"},
			},
			notes: "The endpoint is one of [Devin's metrics](https://docs.devin.ai/sdk/api/classes/EnterpriseMetricsClient). " +
				"Devin assigns a category to each session by itself, and does not document when.",
		},
		schema: sessionCategoriesSchema,
		read:   ofEnterprise(readSessionCategories),
	}
}

func sessionCategoriesSchema() schema.Schema {
	acus := computedFloat("ACUs of these sessions.")
	sessions := computedInt("How many sessions these are.")
	return schema.Schema{
		MarkdownDescription: "Reads what the enterprise's sessions of a window were about, by category and subcategory, with their ACUs.",
		Attributes: attributes(enterpriseAttributes(), windowAttributes(billingDays), map[string]schema.Attribute{
			"org_ids":        queryList("Only sessions in the organizations with these ids."),
			"total_acus":     computedFloat("ACUs of all `categories`."),
			"sessions_count": computedInt("Sessions of all `categories`."),
			"categories": computedRows("The categories that have sessions, sorted by `category`.", map[string]schema.Attribute{
				"category":       computedString("The category, such as `bug_fixing` or `feature_development`."),
				"acus":           acus,
				"sessions_count": sessions,
				"subcategories": computedRows("The parts of the category, sorted by `display_name` and `subcategory_id`.", map[string]schema.Attribute{
					"subcategory_id": computedString("The id of the subcategory; null for sessions without one."),
					"display_name":   computedString("The name of the subcategory."),
					"acus":           acus,
					"sessions_count": sessions,
				}),
			}),
		}),
	}
}

type sessionCategoriesModel struct {
	enterpriseModel
	windowModel
	OrgIDs []string `tfsdk:"org_ids"`
	devin.SessionCategories
}

func (m *sessionCategoriesModel) narrowing() (argument string, settled bool) {
	return "org_ids", len(m.OrgIDs) > 0
}

func readSessionCategories(ctx context.Context, client *devin.Client, m *sessionCategoriesModel) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	found, err := client.SessionCategories(ctx, w, devin.MetricsFilter{OrgIDs: m.OrgIDs})
	if err == nil {
		m.SessionCategories = *found
	}
	return err
}
