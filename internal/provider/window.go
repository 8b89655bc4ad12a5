package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// dayKind is a kind of day in which Devin counts.
type dayKind struct {
	at                        func(time.Time) devin.Day // the day of an instant
	startDate, endDate, ended string                    // for the descriptions of the attributes
	runningDay, fromTimestamp string                    // for errors
}

var billingDays = &dayKind{
	at: devin.DayAt,
	startDate: "First billing day of the window, as `YYYY-MM-DD`. A billing day begins at 08:00 UTC " +
		"(midnight in a fixed UTC−8) and ends at 08:00 UTC of the next date, all year.",
	endDate: "Last billing day of the window, included, as `YYYY-MM-DD`. " +
		"Default: the last billing day that has ended, or the running one if the window starts with it.",
	ended:         "Whether every billing day of the window has ended.",
	runningDay:    "billing day (billing days begin at 08:00 UTC)",
	fromTimestamp: "It names a billing day; provider::devin::billing_date(...) makes one of a timestamp.",
}

var utcDays = &dayKind{
	at:        devin.UTCDayAt,
	startDate: "First day of the window, as `YYYY-MM-DD`. It is a day of UTC, from midnight to midnight, and not a billing day.",
	endDate: "Last day of the window in UTC, included, as `YYYY-MM-DD`. " +
		"Default: the last day that has ended, or the running one if the window starts with it.",
	ended:         "Whether every day of the window has ended in UTC.",
	runningDay:    "day in UTC",
	fromTimestamp: `It names a day of UTC; formatdate("YYYY-MM-DD", ...) makes one of a timestamp in UTC.`,
}

const utcWindowNote = "Dates are days of UTC, as Devin counts here, and not billing days; see [Windows and billing days](../guides/windows.md)."

// windowAttributes are the attributes of windowModel.
func windowAttributes(kind *dayKind) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"start_date": schema.StringAttribute{
			Required: true, MarkdownDescription: kind.startDate, Validators: []validator.String{dayValidator{kind: kind}},
		},
		"end_date": schema.StringAttribute{
			Optional: true, MarkdownDescription: kind.endDate, Validators: []validator.String{dayValidator{kind: kind, notBefore: "start_date"}},
		},
		"complete": computedBool(kind.ended + " While it is `false`, the numbers can still grow."),
	}
}

// resolve returns the window that the dates name, and sets Complete.
func (m *windowModel) resolve(client *devin.Client, kind *dayKind) (w devin.Window, err error) {
	if w.Start, err = devin.ParseDay(m.StartDate.ValueString()); err != nil {
		return devin.Window{}, dateError(path.Root("start_date"), kind, err)
	}
	// On the first day of a billing cycle, a window from the start of the cycle has no
	// finished day yet. It is the running day then, and not complete.
	today := kind.at(client.Now())
	w.End = max(w.Start, today-1)
	if text := m.EndDate.ValueString(); text != "" {
		if w.End, err = devin.ParseDay(text); err != nil {
			return devin.Window{}, dateError(path.Root("end_date"), kind, err)
		}
	}
	switch {
	case w.End < w.Start:
		return devin.Window{}, windowOrderError(w)
	case w.Start > today:
		return devin.Window{}, &attributeError{
			path: path.Root("start_date"), summary: "Window in the future",
			detail: fmt.Sprintf("start_date is %s, and %s is the running %s: "+
				"there is nothing to read yet. Use an earlier start_date.", w.Start, today, kind.runningDay),
		}
	}
	m.Complete = new(w.End < today)
	return w, nil
}

// dayValidator checks a date in terraform validate, and that it is not before the date
// in the argument notBefore.
type dayValidator struct {
	kind      *dayKind
	notBefore string // empty for none
}

func (dayValidator) Description(context.Context) string { return "must be a date, YYYY-MM-DD" }

func (v dayValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v dayValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	day, err := devin.ParseDay(req.ConfigValue.ValueString())
	if err != nil {
		addFailure(&resp.Diagnostics, "", dateError(req.Path, v.kind, err))
		return
	}
	if v.notBefore == "" {
		return
	}
	var other types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(v.notBefore), &other)...)
	if start, err := devin.ParseDay(other.ValueString()); err == nil && day < start {
		addFailure(&resp.Diagnostics, "", windowOrderError(devin.Window{Start: start, End: day}))
	}
}

// dateError is the error for a text that devin.ParseDay refuses.
func dateError(at path.Path, kind *dayKind, err error) error {
	if !errors.Is(err, devin.ErrNoDate) {
		return &attributeError{path: at, summary: "Impossible date", detail: fmt.Sprintf("%s: %s. Give another date.", at, err)}
	}
	return &attributeError{path: at, summary: "Malformed date", detail: fmt.Sprintf("%s: %s. %s", at, err, kind.fromTimestamp)}
}

func windowOrderError(w devin.Window) error {
	return &attributeError{path: path.Root("end_date"), summary: "Window ends before it starts", detail: fmt.Sprintf(
		"end_date is %s, which is before start_date, %s. Both days belong to the window; for a single day give the same date twice.", w.End, w.Start)}
}
