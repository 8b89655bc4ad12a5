package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newUserDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[userDailyConsumptionModel]{
		name:   "user_daily_consumption",
		action: "read the daily consumption of a user",
		about: about{
			group: groupConsumption,
			requests: []endpoint{
				{"/v3/enterprise/consumption/daily/users/{user_id}", "consumption/consumption-daily-users", devin.ConsumptionPermission, "once"},
			},
			notes: "A `user_id` that Devin answers 404 to is an error at that argument. One that it knows and that consumed nothing has `total_acus` 0. " +
				"For more than a handful of users, [`devin_members_daily_consumption`](members_daily_consumption.md) reads them all at once, " +
				"where `for_each` over this data source would make Terraform itself slow.\n\n" + windowNote,
		},
		schema: userDailyConsumptionSchema,
		read:   readUserDailyConsumption,
	}
}

func userDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs one user consumed on each billing day of a window.",
		Attributes: windowAttributes(map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id of the user, as `devin_members` lists it.",
				Validators:          []validator.String{notBlank{}},
			},
			"total_acus": schema.Float64Attribute{
				Computed:            true,
				MarkdownDescription: "ACUs consumed in the window; 0 when nothing was.",
			},
			"days": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "The billing days that Devin reports, sorted by `date`. " +
					"A day without consumption may be missing or have 0 ACUs; Devin does not say which.",
				NestedObject: schema.NestedAttributeObject{Attributes: dayAttributes()},
			},
		}),
	}
}

// dayAttributes are those of one billing day's consumption.
func dayAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"date": schema.StringAttribute{Computed: true, MarkdownDescription: "The billing day, as `YYYY-MM-DD`; it begins at 08:00 UTC of this date."},
		"acus": schema.Float64Attribute{Computed: true, MarkdownDescription: "ACUs consumed on the day, over all products."},
		"acus_by_product": schema.MapAttribute{
			Computed:    true,
			ElementType: types.Float64Type,
			MarkdownDescription: "ACUs consumed on the day by product (`devin`, `cascade`, `terminal`, `review`, and what Devin may add). " +
				"A product that Devin gives no number for is absent.",
		},
	}
}

type userDailyConsumptionModel struct {
	windowModel
	UserID    types.String `tfsdk:"user_id"`
	TotalACUs *float64     `tfsdk:"total_acus"`
	Days      []dayModel   `tfsdk:"days"`
}

type dayModel struct {
	Date          devin.Day           `tfsdk:"date"`
	ACUs          float64             `tfsdk:"acus"`
	ACUsByProduct devin.ACUsByProduct `tfsdk:"acus_by_product"`
}

func readUserDailyConsumption(ctx context.Context, client *devin.Client, m *userDailyConsumptionModel) error {
	w, err := m.resolve(client)
	if err != nil {
		return err
	}
	ids, unsure, err := client.OwnUserIDs(ctx, []string{m.UserID.ValueString()})
	if err != nil {
		return err
	}
	consumption, err := client.UserDailyConsumption(ctx, ids[0], w)
	if errors.Is(err, devin.ErrNotFound) {
		return unknownUser(m.UserID.ValueString(), err)
	}
	if err != nil {
		return err
	}
	if len(unsure) > 0 && len(consumption.Days) == 0 {
		return composedID(m.UserID.ValueString())
	}
	m.TotalACUs = &consumption.TotalACUs
	m.Days = make([]dayModel, len(consumption.Days))
	for i, day := range consumption.Days {
		m.Days[i] = dayModel{Date: day.Date, ACUs: day.ACUs, ACUsByProduct: day.Products}
	}
	return nil
}
