package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// windowModel is embedded in the model of every data source with a window.
type windowModel struct {
	StartDate types.String `tfsdk:"start_date"`
	EndDate   types.String `tfsdk:"end_date"`
	Complete  *bool        `tfsdk:"complete"`
}

// windowAttributes adds the attributes of windowModel.
func windowAttributes(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["start_date"] = schema.StringAttribute{
		Required: true,
		MarkdownDescription: "First billing day of the window, as `YYYY-MM-DD`. A billing day begins at 08:00 UTC " +
			"(midnight in a fixed UTC−8) and ends at 08:00 UTC of the next date, all year.",
		Validators: []validator.String{dayValidator{kind: billingDays}},
	}
	attributes["end_date"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Last billing day of the window, included, as `YYYY-MM-DD`. " +
			"When it is left out, the window ends with the last billing day that has ended, " +
			"or with the running one if that is where it starts.",
		Validators: []validator.String{dayValidator{kind: billingDays, notBefore: "start_date"}},
	}
	attributes["complete"] = computedBool("Whether every billing day of the window has ended. " +
		"While it is `false`, the numbers can still grow.")
	return attributes
}

// resolve makes a window from the dates, and sets Complete. The defaults depend on
// the current time.
func (m *windowModel) resolve(client *devin.Client) (devin.Window, error) {
	start, err := devin.ParseDay(m.StartDate.ValueString())
	if err != nil {
		return devin.Window{}, badDate(path.Root("start_date"), billingDays, err)
	}
	return m.resolveAt(start, devin.DayAt(client.Now()), billingDays)
}

// dayKind is what the dates of a window name, in the words of errors.
type dayKind struct{ running, ofTimestamp string }

var billingDays = dayKind{
	"billing day (billing days begin at 08:00 UTC)",
	"It names a billing day; provider::devin::billing_date(...) makes one of a timestamp.",
}

// resolveAt is resolve for days of a kind, of which today is the running one.
func (m *windowModel) resolveAt(start, today devin.Day, kind dayKind) (w devin.Window, err error) {
	// On the first day of a billing cycle, a window from the start of the cycle has no
	// finished day yet. Then the window is the running day, and is not complete.
	w = devin.Window{Start: start, End: max(start, today-1)}
	if text := m.EndDate.ValueString(); text != "" {
		if w.End, err = devin.ParseDay(text); err != nil {
			return devin.Window{}, badDate(path.Root("end_date"), kind, err)
		}
	}
	switch {
	case w.End < w.Start:
		return devin.Window{}, windowBackwards(w)
	case w.Start > today:
		return devin.Window{}, &attributeError{
			path: path.Root("start_date"), summary: "Window in the future",
			detail: fmt.Sprintf("start_date is %s, and %s is the running %s: "+
				"there is nothing to read yet. Use an earlier start_date.", w.Start, today, kind.running),
		}
	}
	complete := w.End < today
	m.Complete = &complete
	return w, nil
}

// dayValidator checks a date in terraform validate. It also checks that the date is
// not before the one in another argument.
type dayValidator struct {
	kind      dayKind
	notBefore string
}

func (dayValidator) Description(context.Context) string { return "must be a date, YYYY-MM-DD" }

func (v dayValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v dayValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	day, err := devin.ParseDay(req.ConfigValue.ValueString())
	if err != nil {
		addFailure(&resp.Diagnostics, "", badDate(req.Path, v.kind, err))
		return
	}
	if v.notBefore == "" {
		return
	}
	var other types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(v.notBefore), &other)...)
	if start, err := devin.ParseDay(other.ValueString()); err == nil && day < start {
		addFailure(&resp.Diagnostics, "", windowBackwards(devin.Window{Start: start, End: day}))
	}
}

// badDate is the error for a text that devin.ParseDay does not take.
func badDate(at path.Path, kind dayKind, err error) error {
	if !errors.Is(err, devin.ErrNoDate) {
		return &attributeError{path: at, summary: "Impossible date", detail: fmt.Sprintf("%s: %s. Give another date.", at, err)}
	}
	return &attributeError{path: at, summary: "Malformed date", detail: fmt.Sprintf("%s: %s. %s", at, err, kind.ofTimestamp)}
}

func windowBackwards(w devin.Window) error {
	return &attributeError{path: path.Root("end_date"), summary: "Window ends before it starts", detail: fmt.Sprintf(
		"end_date is %s, which is before start_date, %s. Both days belong to the window; for a single day give the same date twice.", w.End, w.Start)}
}

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
