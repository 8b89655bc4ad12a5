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
				{"/v3/enterprise/consumption/cycles", "consumption/consumption-cycles", devin.ConsumptionPermission, "once for every 200 cycles, at least once"},
			},
			notes:          "On the first day of a cycle, a window from `current.start_date` is that running day alone, with `complete = false`.\n\n" + windowNote,
			enterpriseOnly: true,
		},
		schema: billingCyclesSchema,
		read:   readBillingCycles,
	}
}

func billingCyclesSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the enterprise's billing cycles, and says how far the current one has come. " +
			"`current.start_date` as the `start_date` of another data source reads a cycle to date.",
		Attributes: map[string]schema.Attribute{
			"cycles": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "All billing cycles that Devin lists, newest first.",
				NestedObject:        schema.NestedAttributeObject{Attributes: cycleAttributes()},
			},
			"current": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The cycle of the running billing day; null when there is none. A cycle that begins at 00:00 UTC is current from 08:00 UTC on, when its first billing day begins.",
				Attributes: func() map[string]schema.Attribute {
					attributes := cycleAttributes()
					attributes["days_total"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Billing days in the cycle; null while it has no end yet."}
					attributes["days_elapsed"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Billing days of the cycle that have ended; 0 on its first day."}
					attributes["days_remaining"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Billing days of the cycle that have not ended, the running one included; null while the cycle has no end yet."}
					return attributes
				}(),
			},
			"previous": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The newest cycle that has ended; null when there is none.",
				Attributes:          cycleAttributes(),
			},
		},
	}
}

func cycleAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"start_date": schema.StringAttribute{Computed: true, MarkdownDescription: "First billing day of the cycle, as `YYYY-MM-DD`."},
		"end_date":   schema.StringAttribute{Computed: true, MarkdownDescription: "Last billing day of the cycle, included, as `YYYY-MM-DD`; null while the cycle has no end yet."},
		"starts_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "The instant at which the cycle starts, in UTC as RFC 3339."},
		"ends_at":    schema.StringAttribute{Computed: true, MarkdownDescription: "The instant at which the cycle ends, in UTC as RFC 3339; the next one starts there. Null while the cycle has no end yet."},
	}
}

type billingCyclesModel struct {
	Cycles   []devin.BillingCycle `tfsdk:"cycles"`
	Current  *currentCycleModel   `tfsdk:"current"`
	Previous *devin.BillingCycle  `tfsdk:"previous"`
}

type currentCycleModel struct {
	devin.BillingCycle
	DaysTotal     *int64 `tfsdk:"days_total"` // nil while the cycle is open
	DaysElapsed   int64  `tfsdk:"days_elapsed"`
	DaysRemaining *int64 `tfsdk:"days_remaining"` // nil while the cycle is open
}

func readBillingCycles(ctx context.Context, client *devin.Client, m *billingCyclesModel) error {
	cycles, err := client.BillingCycles(ctx)
	if err != nil {
		return err
	}
	now := client.Now()
	m.Cycles = cycles
	if current := devin.CurrentBillingCycle(cycles, now); current != nil {
		m.Current = currentCycle(*current, devin.DayAt(now))
	}
	m.Previous = devin.PreviousBillingCycle(cycles, now)
	return nil
}

// currentCycle counts the days of a cycle that have ended before today.
func currentCycle(cycle devin.BillingCycle, today devin.Day) *currentCycleModel {
	m := &currentCycleModel{BillingCycle: cycle, DaysElapsed: int64(today - cycle.StartDate)}
	if cycle.EndDate != nil {
		total := int64(devin.Window{Start: cycle.StartDate, End: *cycle.EndDate}.Len())
		m.DaysElapsed = min(m.DaysElapsed, total)
		remaining := total - m.DaysElapsed
		m.DaysTotal, m.DaysRemaining = &total, &remaining
	}
	return m
}
