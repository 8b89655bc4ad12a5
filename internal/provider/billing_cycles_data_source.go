package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newBillingCyclesDataSource() datasource.DataSource {
	return &dataSource[billingCyclesModel]{
		name:   "billing_cycles",
		action: "read the billing cycles",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/consumption/cycles", "consumption/consumption-cycles", devin.ConsumptionPermission, "once for every 200 cycles"},
			},
			notes: "A window from `current.start_date` without `end_date` has the finished days of the cycle, without the current day. " +
				"On the first day of a cycle it is that day alone, with `complete = false`. " +
				"Dates are [billing days](../guides/windows.md).",
		},
		schema: billingCyclesSchema,
		read:   ofEnterprise(readBillingCycles),
	}
}

func billingCyclesSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the enterprise's billing cycles, with the progress of the current one. " +
			"To read a cycle to date, including the current day, give another data source `period = \"current_cycle\"`; it needs no `devin_billing_cycles`.",
		Attributes: attributes(enterpriseAttributes(), map[string]schema.Attribute{
			"cycles": computedRows("All billing cycles that Devin lists, newest first.", cycleAttributes()),
			"current": computedObject("The cycle of the current billing day; null when there is none. A cycle that begins at 00:00 UTC is current from 08:00 UTC on, when its first billing day begins.", attributes(cycleAttributes(), map[string]schema.Attribute{
				"days_total":     computedInt("Billing days in the cycle; null while it has no end yet."),
				"days_elapsed":   computedInt("Billing days of the cycle that have ended; 0 on its first day."),
				"days_remaining": computedInt("Billing days of the cycle that have not ended, including the current one; null while the cycle has no end yet."),
			})),
			"previous": computedObject("The newest cycle that has ended; null when there is none.", cycleAttributes()),
		}),
	}
}

func cycleAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"start_date": computedString("First billing day of the cycle, as `YYYY-MM-DD`."),
		"end_date":   computedString("Last billing day of the cycle, included, as `YYYY-MM-DD`; null while the cycle has no end yet."),
		"starts_at":  computedString("The instant at which the cycle starts, in UTC as RFC 3339."),
		"ends_at":    computedString("The instant at which the cycle ends, in UTC as RFC 3339; the next one starts there. Null while the cycle has no end yet."),
	}
}

type billingCyclesModel struct {
	enterpriseModel
	Cycles   []devin.BillingCycle `tfsdk:"cycles"`
	Current  *devin.CycleProgress `tfsdk:"current"`
	Previous *devin.BillingCycle  `tfsdk:"previous"`
}

// narrowing is settled, because the cycles of an organization are those of its enterprise.
func (m *billingCyclesModel) narrowing() (argument string, settled bool) { return "", true }

func readBillingCycles(ctx context.Context, client *devin.Client, m *billingCyclesModel) error {
	cycles, err := client.BillingCycles(ctx)
	if err != nil {
		return err
	}
	now := client.Now()
	m.Cycles = cycles
	if current := devin.CurrentBillingCycle(cycles, now); current != nil {
		m.Current = current.Progress(devin.DayAt(now))
	}
	m.Previous = devin.PreviousBillingCycle(cycles, now)
	return nil
}
