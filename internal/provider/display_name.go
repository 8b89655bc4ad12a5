package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// displayName is what to call a user. HCL refuses null as the key of a map and in a
// text, and of email and name either may be null.
func displayName(userID string, email, name *string) string {
	for _, text := range []*string{name, email} {
		if text != nil && strings.TrimSpace(*text) != "" {
			return *text
		}
	}
	return userID
}

func displayNameAttribute() schema.StringAttribute {
	return computedString("What to call the user, never null: `name`, or else `email`, or else `user_id`. " +
		"Two users may have the same. With `redact_personal_data` it is the `user_id`.")
}

// userModel names a user in a result.
type userModel struct {
	UserID      string  `tfsdk:"user_id"`
	Email       *string `tfsdk:"email"`
	Name        *string `tfsdk:"name"`
	DisplayName string  `tfsdk:"display_name"`
}

func user(id string, email, name *string) userModel {
	return userModel{id, email, name, displayName(id, email, name)}
}

// byDisplayName sorts the users of a report.
func byDisplayName[T any](r devin.Reading[T]) sortKey { return byName(r.ID, r.Email, r.Name) }

func byName(userID string, email, name *string) sortKey {
	text := displayName(userID, email, name)
	return byText(&text)
}
