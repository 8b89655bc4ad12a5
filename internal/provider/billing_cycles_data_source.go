package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newBillingCyclesDataSource() datasource.DataSource {
	return &dataSource[billingCyclesModel]{
		name:   "billing_cycles",
		action: "read the billing cycles",
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
				MarkdownDescription: "The cycle that covers the present moment; null when none does.",
				Attributes: func() map[string]schema.Attribute {
					attributes := cycleAttributes()
					attributes["days_total"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Billing days in the cycle."}
					attributes["days_elapsed"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Billing days of the cycle that have ended; 0 on its first day."}
					attributes["days_remaining"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Billing days of the cycle that have not ended, the running one included."}
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
		"end_date":   schema.StringAttribute{Computed: true, MarkdownDescription: "Last billing day of the cycle, included, as `YYYY-MM-DD`."},
		"starts_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "The instant at which the cycle starts, in UTC as RFC 3339."},
		"ends_at":    schema.StringAttribute{Computed: true, MarkdownDescription: "The instant at which the cycle ends, in UTC as RFC 3339; the next one starts there."},
	}
}

type billingCyclesModel struct {
	Cycles   []cycleModel       `tfsdk:"cycles"`
	Current  *currentCycleModel `tfsdk:"current"`
	Previous *cycleModel        `tfsdk:"previous"`
}

type cycleModel struct {
	StartDate devin.Day `tfsdk:"start_date"`
	EndDate   devin.Day `tfsdk:"end_date"`
	StartsAt  string    `tfsdk:"starts_at"`
	EndsAt    string    `tfsdk:"ends_at"`
}

type currentCycleModel struct {
	cycleModel
	DaysTotal     int64 `tfsdk:"days_total"`
	DaysElapsed   int64 `tfsdk:"days_elapsed"`
	DaysRemaining int64 `tfsdk:"days_remaining"`
}

func readBillingCycles(ctx context.Context, client *devin.Client, m *billingCyclesModel) error {
	cycles, err := client.BillingCycles(ctx)
	if err != nil {
		return err
	}
	now := client.Now()
	m.Cycles = make([]cycleModel, len(cycles))
	for i, cycle := range cycles {
		days := cycle.Days()
		m.Cycles[i] = cycleModel{
			StartDate: days.Start, EndDate: days.End,
			StartsAt: cycle.Start.UTC().Format(time.RFC3339), EndsAt: cycle.End.UTC().Format(time.RFC3339),
		}
		switch {
		case cycle.Covers(now) && m.Current == nil:
			total := days.Len()
			elapsed := min(max(int(devin.DayAt(now)-days.Start), 0), total)
			m.Current = &currentCycleModel{m.Cycles[i], int64(total), int64(elapsed), int64(total - elapsed)}
		case !cycle.End.After(now) && m.Previous == nil:
			m.Previous = &m.Cycles[i]
		}
	}
	return nil
}
