package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newMembersDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[membersDailyConsumptionModel]{
		name:   "members_daily_consumption",
		action: "read the daily consumption of the members",
		about: about{
			group: groupConsumption,
			requests: append(slices.Clip(memberLists),
				endpoint{"/v3/enterprise/consumption/daily/users/{user_id}", "consumption/consumption-daily-users", devin.ConsumptionPermission, "once for each user, whatever the length of the window"},
				endpoint{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once"},
			),
			notes: usersNote + "\n\n" + windowNote,
		},
		schema: membersDailyConsumptionSchema,
		read:   readMembersDailyConsumption,
	}
}

func membersDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs each member of the enterprise consumed on each billing day of a window, " +
			"with totals by user and for the enterprise. Devin is asked once for each user, many at a time.",
		Attributes: windowAttributes(withUsers(map[string]schema.Attribute{
			"daily": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to fill `rows`. With `false`, `rows` is null and the state stays small: " +
					"a row of a day takes some 450 bytes of it. Default: `true`.",
			},
			"by_product": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether `rows` have `acus_by_product`. With `false` it is null in every row, and Terraform, " +
					"which spends most of a large plan on writing fractions, is done sooner. Default: `true`.",
			},
			"rows": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "One row for each user and billing day that Devin reports, sorted by `user_id` and `date`; flat, so that a single `for` reads them. " +
					"A day without consumption may be missing or have 0 ACUs; Devin does not say which. Null when `daily` is `false`.",
				NestedObject: schema.NestedAttributeObject{Attributes: userAttributes(dayAttributes())},
			},
			"users": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The users that were read, sorted by `user_id`; also those who consumed nothing, and those in `unknown_user_ids`.",
				NestedObject: schema.NestedAttributeObject{Attributes: userAttributes(map[string]schema.Attribute{
					"total_acus":  schema.Float64Attribute{Computed: true, MarkdownDescription: "ACUs that the user consumed in the window; 0 when nothing was, null for a user in `unknown_user_ids`."},
					"active_days": schema.Int64Attribute{Computed: true, MarkdownDescription: "Billing days of the window on which the user consumed more than 0 ACUs; null for a user in `unknown_user_ids`."},
				})},
			},
			"total_acus": schema.Float64Attribute{Computed: true, MarkdownDescription: "ACUs that all of `users` consumed in the window."},
			"enterprise_total_acus": schema.Float64Attribute{
				Computed:            true,
				MarkdownDescription: "ACUs that the whole enterprise consumed in the window, by Devin's own figure for it.",
			},
			"unattributed_acus": schema.Float64Attribute{
				Computed: true,
				MarkdownDescription: "`enterprise_total_acus` less `total_acus`, to a millionth of an ACU: what service users, people who left, and products tied to no user consumed. " +
					"It also holds the consumption of everybody else when `user_ids` is set, and of `failed_user_ids` and `unknown_user_ids`. " +
					"While a day of the window is running it can be below 0, because Devin is asked for the enterprise first and for the users after it.",
			},
		})),
	}
}

type membersDailyConsumptionModel struct {
	windowModel
	usersModel
	Daily               types.Bool         `tfsdk:"daily"`
	ByProduct           types.Bool         `tfsdk:"by_product"`
	Rows                []memberDayModel   `tfsdk:"rows"`
	Users               []memberTotalModel `tfsdk:"users"`
	TotalACUs           *float64           `tfsdk:"total_acus"`
	EnterpriseTotalACUs *float64           `tfsdk:"enterprise_total_acus"`
	UnattributedACUs    *float64           `tfsdk:"unattributed_acus"`
}

type memberDayModel struct {
	UserID string  `tfsdk:"user_id"`
	Email  *string `tfsdk:"email"`
	Name   *string `tfsdk:"name"`
	dayModel
}

type memberTotalModel struct {
	UserID     string   `tfsdk:"user_id"`
	Email      *string  `tfsdk:"email"`
	Name       *string  `tfsdk:"name"`
	TotalACUs  *float64 `tfsdk:"total_acus"`
	ActiveDays *int64   `tfsdk:"active_days"`
}

func readMembersDailyConsumption(ctx context.Context, client *devin.Client, m *membersDailyConsumptionModel) error {
	w, err := m.resolve(client)
	if err != nil {
		return err
	}
	var enterprise *devin.Consumption
	var report *devin.Report[devin.Consumption]
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		enterprise, err = client.EnterpriseDailyConsumption(ctx, w)
		return err
	})
	group.Go(func() (err error) {
		report, err = devin.ReadUsers(ctx, client, m.selection("daily consumption"), func(ctx context.Context, userID string) (*devin.Consumption, error) {
			return client.UserDailyConsumption(ctx, userID, w)
		})
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	m.setUsers(report)
	setUnread(&m.usersModel, report)
	unattributed, err := client.Unattributed(w, enterprise, values(report))
	m.EnterpriseTotalACUs, m.UnattributedACUs = &enterprise.TotalACUs, &unattributed
	return err
}

func (m *membersDailyConsumptionModel) setUsers(report *devin.Report[devin.Consumption]) {
	totals := []float64{}
	m.Users = make([]memberTotalModel, len(report.Readings))
	n := 0
	for i, user := range report.Readings {
		m.Users[i] = memberTotalModel{UserID: user.ID, Email: user.Email, Name: user.Name}
		if user.Value == nil {
			continue
		}
		active := int64(0)
		for _, day := range user.Value.Days {
			if day.ACUs > 0 {
				active++
			}
		}
		m.Users[i].TotalACUs, m.Users[i].ActiveDays = &user.Value.TotalACUs, &active
		totals = append(totals, user.Value.TotalACUs)
		n += len(user.Value.Days)
	}
	total := devin.SumACUs(totals)
	m.TotalACUs = &total
	if m.Daily.IsNull() || m.Daily.ValueBool() {
		m.Rows = memberDays(report, n)
	}
	if !m.ByProduct.IsNull() && !m.ByProduct.ValueBool() {
		for i := range m.Rows {
			m.Rows[i].ACUsByProduct = nil
		}
	}
}

// memberDays is the report's days, which are n: a slice that grew to 150,000
// rows would be most of what a read throws away.
func memberDays(report *devin.Report[devin.Consumption], n int) []memberDayModel {
	rows := make([]memberDayModel, 0, n)
	for _, user := range report.Readings {
		if user.Value == nil {
			continue
		}
		for _, day := range user.Value.Days {
			rows = append(rows, memberDayModel{user.ID, user.Email, user.Name, dayModel{day.Date, day.ACUs, day.Products}})
		}
	}
	return rows
}
