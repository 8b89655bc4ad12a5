package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newSessionDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[sessionDailyConsumptionModel]{
		name:   "session_daily_consumption",
		action: "read the daily consumption of a session",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/consumption/daily/sessions/{session_id}", "consumption/consumption-daily-sessions", devin.ConsumptionPermission, "once"},
			},
			notes: "If Devin reports no day, `total_acus` is null and not 0, because the answer for a session that Devin does not know may be the same.",
		},
		schema: sessionDailyConsumptionSchema,
		read:   inScope(readSessionDailyConsumption),
		fails: []failure{
			{"Session unknown to Devin", "Devin answers 404 to `session_id`."},
		},
	}
}

func sessionDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs one session consumed on each billing day of a window.",
		Attributes: attributes(scopeAttributes(), consumptionAttributes("null where Devin reports no day, "+
			"because its answer may be the same for a session that consumed nothing and for one that it does not know."), map[string]schema.Attribute{
			"session_id": requiredID("The id of the session (`devin-...`)."),
		}),
	}
}

type sessionDailyConsumptionModel struct {
	scopeModel
	consumptionModel
	SessionID types.String `tfsdk:"session_id"`
}

func readSessionDailyConsumption(ctx context.Context, client *devin.Client, m *sessionDailyConsumptionModel) error {
	id := m.SessionID.ValueString()
	err := m.read(ctx, client, "session_id", id, func(w devin.Window) (*devin.Consumption, error) {
		return client.SessionDailyConsumption(ctx, id, w)
	})
	if len(m.Days) == 0 {
		m.TotalACUs, m.ACUsByProduct = nil, nil
	}
	return err
}
