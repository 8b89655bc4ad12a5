package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// usersModel is embedded in the model of every report over users.
type usersModel struct {
	UserIDs         []string   `tfsdk:"user_ids"`
	SkipFailedUsers types.Bool `tfsdk:"skip_failed_users"`
	FailedUserIDs   []string   `tfsdk:"failed_user_ids"`
	UnknownUserIDs  []string   `tfsdk:"unknown_user_ids"`
}

// withUsers adds the choice of users to a schema's attributes.
func withUsers(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	maps.Copy(attributes, map[string]schema.Attribute{
		"user_ids": idList("The users to read, by their ids. Default: every member of the enterprise, as `devin_members` lists them. " +
			"A large enterprise can be split among several data sources by this."),
		"skip_failed_users": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to go on when users cannot be read, and list them in `failed_user_ids`. " +
				"A key that Devin refuses fails the read all the same, and so do more than 20 users who are more than 5 % of all. Default: `false`, so that one user who cannot be read fails the read.",
		},
		"failed_user_ids": schema.ListAttribute{
			Computed:    true,
			ElementType: types.StringType,
			MarkdownDescription: "With `skip_failed_users`, the ids of the users that could not be read and are missing from the result, sorted; " +
				"null without it.",
		},
		"unknown_user_ids": schema.ListAttribute{
			Computed:    true,
			ElementType: types.StringType,
			MarkdownDescription: "The ids of the users whom Devin does not know here (it answers 404 for them), sorted; their numbers are null. " +
				"A new member can be among them. A user of `user_ids` who is no member either fails the read, unless `skip_failed_users` is set. " +
				"Where Devin knows nobody at all, the read fails.",
		},
	})
	return attributes
}

func (m *usersModel) selection(what string) devin.Selection {
	return devin.Selection{IDs: m.UserIDs, SkipFailed: m.SkipFailedUsers.ValueBool(), What: what}
}

// setUnread lists whom a report has no numbers for.
func setUnread[T any](m *usersModel, report *devin.Report[T]) {
	m.UnknownUserIDs = report.Unknown
	if m.SkipFailedUsers.ValueBool() {
		m.FailedUserIDs = append([]string{}, report.Failed...)
	}
}

// values are what a report has read.
func values[T any](report *devin.Report[T]) []*T {
	all := make([]*T, 0, len(report.Readings))
	for _, reading := range report.Readings {
		if reading.Value != nil {
			all = append(all, reading.Value)
		}
	}
	return all
}

// userAttributes are those that name a user in a row.
func userAttributes(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	maps.Copy(attributes, map[string]schema.Attribute{
		"user_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the user, exactly as Devin has it."},
		"email": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The e-mail address; null where Devin has none, or for a user who is no member, or where the key may not list members.",
		},
		"name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The name; null where Devin has none, or for a user who is no member, or where the key may not list members.",
		},
	})
	return attributes
}
