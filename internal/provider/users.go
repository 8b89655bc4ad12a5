package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// userModel names a user in a result.
type userModel struct {
	UserID      string  `tfsdk:"user_id"`
	Email       *string `tfsdk:"email"`
	Name        *string `tfsdk:"name"`
	DisplayName string  `tfsdk:"display_name"`
}

// userAttributes are the attributes of userModel.
func userAttributes() map[string]schema.Attribute {
	return attributes(userOfRowAttributes(), map[string]schema.Attribute{
		"name": computedString("The name; null where it [is not known](../guides/reading.md#people)."),
	})
}

// groupNamesAttributes are the groups of a user of a report.
func groupNamesAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"idp_group_names": computedStrings("The IdP groups that give the user a role, sorted; null where they [are not known](../guides/reading.md#people)."),
	}
}

// userOfRowAttributes are the attributes that name a user in a list with many rows for a
// user. It leaves the name to the list with one row for each user.
func userOfRowAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"user_id":      computedString("The id of the user."),
		"email":        computedString("The e-mail address; null where it [is not known](../guides/reading.md#people)."),
		"display_name": displayNameAttribute(),
	}
}

func newUserModel(id string, email, name *string) userModel {
	return userModel{id, email, name, displayName(id, email, name)}
}

// displayName returns what to call a user. It is never null, unlike email and name: HCL
// refuses null as the key of a map and in a template.
func displayName(userID string, email, name *string) string {
	for _, text := range []*string{name, email} {
		if text != nil && strings.TrimSpace(*text) != "" {
			return *text
		}
	}
	return userID
}

func displayNameAttribute() schema.StringAttribute {
	return computedString("`name`, or else `email`, or else `user_id`; [never null](../guides/reading.md#people).")
}

// byReadingName sorts the users of a report by display name.
func byReadingName[T any](r devin.Reading[T]) sortKey { return byDisplayName(r.ID, r.Email, r.Name) }

func byDisplayName(userID string, email, name *string) sortKey {
	text := displayName(userID, email, name)
	return byText(&text)
}

// usersModel is embedded in the model of every report on users.
type usersModel struct {
	UserIDs         []string   `tfsdk:"user_ids"`
	SkipFailedUsers types.Bool `tfsdk:"skip_failed_users"`
	FailedUserIDs   []string   `tfsdk:"failed_user_ids"`
	UnknownUserIDs  []string   `tfsdk:"unknown_user_ids"`
	UsersCount      *int64     `tfsdk:"users_count"`
}

// usersAttributes are the attributes of usersModel.
func usersAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"user_ids":          idList("The users to read, by their ids. Default: every member, as `devin_members` lists them."),
		"skip_failed_users": skipFailed("users", "failed_user_ids"),
		"failed_user_ids":   failedIDs("users", "skip_failed_users"),
		"unknown_user_ids":  unknownIDs("users"),
		"users_count":       computedInt("Users that were read, also with `first`: also those without use, and those in `unknown_user_ids`, but not those in `failed_user_ids`."),
	}
}

// skipFailed, failedIDs and unknownIDs are attributes of every report: what happens to
// those that cannot be read, and which those are.
func skipFailed(noun, failedIDs string) schema.BoolAttribute {
	return optionalBool(fmt.Sprintf("Whether to go on when [some %s cannot be read](../guides/reading.md#when-some-cannot-be-read), and list them in `%s`. Default: `false`.", noun, failedIDs))
}

func failedIDs(noun, skip string) schema.ListAttribute {
	return computedStrings(fmt.Sprintf("With `%s`, the ids of the %s that could not be read and are missing from the result, sorted; null without it.",
		skip, noun))
}

func unknownIDs(noun string) schema.ListAttribute {
	return computedStrings(fmt.Sprintf("The ids of the %s that Devin [does not know](../guides/reading.md#ids-that-devin-does-not-know), sorted.", noun))
}

// selection returns the users that the arguments select.
func (m *usersModel) selection(ctx context.Context, client *devin.Client) (devin.Selection, error) {
	ids, err := ownUserIDs(ctx, client, "user_ids", m.UserIDs...)
	return devin.Selection{IDs: ids, SkipFailed: m.SkipFailedUsers.ValueBool(), SkipArgument: "skip_failed_users"}, err
}

// setMissing says how many users were read, and lists those without numbers.
func (m *usersModel) setMissing(n int, unknown, failedIDs []string) {
	m.UsersCount = new(int64(n))
	m.UnknownUserIDs, m.FailedUserIDs = unknown, skippedIDs(m.SkipFailedUsers, failedIDs)
}

// skippedIDs returns the failed ids of a report; nil unless it may skip any.
func skippedIDs(skip types.Bool, ids []string) []string {
	if !skip.ValueBool() {
		return nil
	}
	return append([]string{}, ids...)
}
