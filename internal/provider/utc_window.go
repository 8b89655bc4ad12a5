package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// utcWindowModel is windowModel for what Devin counts in days of UTC.
type utcWindowModel struct{ windowModel }

// utcWindowAttributes adds the attributes of utcWindowModel.
func utcWindowAttributes(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes = windowAttributes(attributes)
	attributes["start_date"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "First day of the window, as `YYYY-MM-DD`. It is a day of UTC, from midnight to midnight, and not a billing day.",
		Validators:          []validator.String{dayValidator{kind: utcDays}},
	}
	attributes["end_date"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Last day of the window in UTC, included, as `YYYY-MM-DD`. " +
			"When it is left out, the window ends with the last day that has ended, or with the running one if that is where it starts.",
		Validators: []validator.String{dayValidator{kind: utcDays, notBefore: "start_date"}},
	}
	attributes["complete"] = computedBool("Whether every day of the window has ended in UTC. While it is `false`, the numbers can still grow.")
	return attributes
}

var utcDays = dayKind{"day in UTC", `It names a day of UTC; formatdate("YYYY-MM-DD", ...) makes one of a timestamp in UTC.`}

// resolveUTC is resolve for days of UTC.
func (m *utcWindowModel) resolveUTC(client *devin.Client) (devin.Window, error) {
	start, err := devin.ParseDay(m.StartDate.ValueString())
	if err != nil {
		return devin.Window{}, badDate(path.Root("start_date"), utcDays, err)
	}
	return m.resolveAt(start, devin.UTCDayAt(client.Now()), utcDays)
}

const utcWindowNote = "Dates are days of UTC, as Devin counts here, and not billing days; see [Windows and billing days](../guides/windows.md)."
