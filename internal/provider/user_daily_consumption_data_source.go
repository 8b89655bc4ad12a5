package provider

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

func newUserDailyConsumptionDataSource() datasource.DataSource {
	return &dataSource[userDailyConsumptionModel]{
		name:   "user_daily_consumption",
		action: "read the daily consumption of a user",
		about: about{
			group: groupConsumption,
			requests: append([]endpoint{
				{"/v3/enterprise/consumption/daily/users/{user_id}", "consumption/consumption-daily-users", devin.ConsumptionPermission, "once"},
				{"/v3/enterprise/members/users/{user_id}", "users/get-members-user", devin.MembershipPermission, "once for a `user_id` that consumed nothing, then the lists if it is not found"},
			}, emailLists...),
			notes: "If Devin answers 404 for a `user_id`, that is an error at the argument. So is an e-mail address, unless it is the id of a member. " +
				"`total_acus` of a user who consumed nothing is 0. It is null, with a warning, if no list of members has the user; the lists are read only then. " +
				"For more than a handful of users, [`devin_members_daily_consumption`](members_daily_consumption.md) reads them all at once; " +
				"`for_each` over this data source would make Terraform itself slow.",
		},
		schema: userDailyConsumptionSchema,
		read:   inScope(readUserDailyConsumption),
		fails: []failure{
			{"User unknown to Devin", "Devin answers 404 to `user_id`."},
			{"User perhaps unknown to Devin", "`user_id` has characters beyond ASCII and consumed nothing, and the lists of members, which would show how Devin writes it, cannot be read."},
			{"No member with this e-mail address", "No member has `email`. People who left are on no list: give their `user_id`."},
			{"Several members with this e-mail address", "Several members have `email`."},
		},
	}
}

// emailLists are the requests that turn an e-mail address into an id.
var emailLists = []endpoint{
	{"/v3/enterprise/members/users", "users/members-users", devin.MembershipPermission, "once with `email`, or for every 200 people if its filter finds no member"},
	{"/v3/enterprise/members/idp-users", "", devin.MembershipPermission, "the same"},
}

func userDailyConsumptionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads how many ACUs one user consumed on each billing day of a window, in the whole enterprise or in one organization.",
		Attributes: attributes(scopeAttributes(), consumptionAttributes("0 when nothing was, null where Devin reports nothing for an id that is on none of its lists."), map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The id of the user, as `devin_members` lists it. Give either this or `email`; with `email` it is the id that belongs to the address.",
				Validators:          []validator.String{stringvalidator.ExactlyOneOf(path.MatchRoot("email")), notBlank{}},
			},
			"email": optionalText("The e-mail address of a member, in upper or lower case, in place of `user_id`. " +
				"An address that no member has, or that several have, is an error."),
		}),
	}
}

type userDailyConsumptionModel struct {
	scopeModel
	consumptionModel
	UserID types.String `tfsdk:"user_id"`
	Email  types.String `tfsdk:"email"`
}

func readUserDailyConsumption(ctx context.Context, client *devin.Client, m *userDailyConsumptionModel) error {
	if !m.Email.IsNull() {
		return readByEmail(ctx, client, m)
	}
	id := m.UserID.ValueString()
	own, err := ownUserIDs(ctx, client, "user_id", id)
	if err != nil {
		return err
	}
	err = m.read(ctx, client, "user_id", id, func(w devin.Window) (*devin.Consumption, error) {
		return client.UserDailyConsumption(ctx, own[0], w)
	})
	if err != nil {
		return err
	}
	if *m.TotalACUs != 0 || len(m.Days) > 0 {
		return nil
	}
	// Devin may answer the same for a user whom it does not know.
	switch client.KnowsUser(ctx, own[0]) {
	case devin.Gone:
		m.TotalACUs, m.ACUsByProduct, m.Days = nil, nil, nil
	case devin.PresenceUnknown:
		if strings.ContainsFunc(id, func(r rune) bool { return r > unicode.MaxASCII }) {
			return errorAt(path.Root("user_id"), explain.ComposedID(id), nil)
		}
	}
	return nil
}

func readByEmail(ctx context.Context, client *devin.Client, m *userDailyConsumptionModel) error {
	return m.read(ctx, client, "", "", func(w devin.Window) (*devin.Consumption, error) {
		id, err := client.UserIDOf(ctx, m.Email.ValueString())
		var none *devin.EmailError
		switch {
		case errors.As(err, &none):
			return nil, errorAt(path.Root("email"), explain.NotOneMember(none), nil)
		case err != nil:
			return nil, err
		}
		m.UserID = types.StringValue(id)
		consumption, err := client.UserDailyConsumption(ctx, id, w)
		if errors.Is(err, devin.ErrNotFound) {
			return nil, errorAt(path.Root("user_id"), explain.UnknownID("user_id", id, err), err)
		}
		return consumption, err
	})
}
