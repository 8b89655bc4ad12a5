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
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// windowModel is embedded in the model of every data source with a window.
type windowModel struct {
	Period    types.String `tfsdk:"period"`
	StartDate types.String `tfsdk:"start_date"`
	EndDate   types.String `tfsdk:"end_date"`
	Complete  *bool        `tfsdk:"complete"`
}

// dayKind is a kind of day in which Devin counts.
type dayKind struct {
	at                        func(time.Time) devin.Day // the day of an instant
	startDate, endDate        string                    // for the descriptions of the attributes
	runningDay, fromTimestamp string                    // for errors
}

var billingDays = &dayKind{
	at:            devin.DayAt,
	startDate:     "First [billing day](../guides/windows.md#a-window) (`YYYY-MM-DD`); required without `period`.",
	endDate:       "Last billing day, included. Default: the last that has ended.",
	runningDay:    "billing day (billing days begin at 08:00 UTC)",
	fromTimestamp: "It names a billing day; provider::devin::billing_date(...) makes one of a timestamp.",
}

var utcDays = &dayKind{
	at:            devin.UTCDayAt,
	startDate:     "First [day in UTC](../guides/windows.md#a-window), which is not a billing day (`YYYY-MM-DD`); required without `period`.",
	endDate:       "Last day in UTC, included. Default: the last that has ended.",
	runningDay:    "day in UTC",
	fromTimestamp: `It names a day of UTC; formatdate("YYYY-MM-DD", ...) makes one of a timestamp in UTC.`,
}

const utcWindowNote = "Dates are UTC days, not billing days, because Devin counts in UTC days here; see [Windows and billing days](../guides/windows.md)."

// windowAttributes are the attributes of windowModel.
func windowAttributes(kind *dayKind) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"period": schema.StringAttribute{
			Optional: true, Validators: []validator.String{periodValidator{}},
			MarkdownDescription: "A [period](../guides/windows.md#periods), such as `last_month` or `2026-10`.",
		},
		"start_date": schema.StringAttribute{
			Optional: true, Computed: true, MarkdownDescription: kind.startDate, Validators: []validator.String{dayValidator{kind: kind}},
		},
		"end_date": schema.StringAttribute{
			Optional: true, Computed: true, MarkdownDescription: kind.endDate, Validators: []validator.String{dayValidator{kind: kind, notBefore: "start_date"}},
		},
		"complete": computedBool("Whether the [window](../guides/windows.md#a-window) has ended."),
	}
}

// resolve returns the window that the arguments name, and puts its dates and Complete
// into the result.
func (m *windowModel) resolve(ctx context.Context, client *devin.Client, kind *dayKind) (w devin.Window, err error) {
	today := kind.at(client.Now())
	if m.Period.IsNull() {
		w, err = m.ofDates(kind, today)
	} else {
		w, err = m.ofPeriod(ctx, client, today)
	}
	if err != nil {
		return devin.Window{}, err
	}
	m.StartDate, m.EndDate = types.StringValue(w.Start.String()), types.StringValue(w.End.String())
	m.Complete = new(w.End < today)
	return w, nil
}

// ofPeriod is the window that period stands for.
func (m *windowModel) ofPeriod(ctx context.Context, client *devin.Client, today devin.Day) (devin.Window, error) {
	if err := checkPeriod(m.Period, m.StartDate, m.EndDate); err != nil {
		return devin.Window{}, err
	}
	period, err := devin.ParsePeriod(m.Period.ValueString())
	if err != nil {
		return devin.Window{}, errorAt(path.Root("period"), explain.UnknownPeriod(err), nil)
	}
	w, err := client.WindowOf(ctx, period, today)
	if none, ok := errors.AsType[*devin.PeriodError](err); ok {
		err = errorAt(path.Root("period"), explain.PeriodWithoutWindow(none), none.Err)
	}
	return w, err
}

// ofDates is the window that start_date and end_date name.
func (m *windowModel) ofDates(kind *dayKind, today devin.Day) (w devin.Window, err error) {
	if w.Start, err = devin.ParseDay(m.StartDate.ValueString()); err != nil {
		return devin.Window{}, dateError(path.Root("start_date"), kind, err)
	}
	// On the first day of a billing cycle, a window from the start of the cycle has no
	// finished day yet. It is the current day then, and not complete.
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
	return w, nil
}

// periodValidator checks a period in terraform validate, and that the window is given
// either by it or by dates.
type periodValidator struct{}

func (periodValidator) Description(context.Context) string {
	return "must be the name of a period, in place of start_date and end_date"
}

func (v periodValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString is also called where period is null.
func (periodValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var start, end types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("start_date"), &start)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("end_date"), &end)...)
	if err := checkPeriod(req.ConfigValue, start, end); err != nil {
		addFailure(&resp.Diagnostics, "", err)
	}
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := devin.ParsePeriod(req.ConfigValue.ValueString()); err != nil {
		addErrorAt(&resp.Diagnostics, req.Path, explain.UnknownPeriod(err))
	}
}

// checkPeriod returns an error where the arguments give no window or two. A value that is
// unknown may yet be null.
func checkPeriod(period, start, end types.String) error {
	given := func(value types.String) bool { return !value.IsNull() && !value.IsUnknown() }
	switch {
	case period.IsNull() && start.IsNull():
		return errorAt(path.Root("period"), explain.NoWindow(), nil)
	case given(period) && given(start):
		return errorAt(path.Root("period"), explain.TwoWindows("start_date"), nil)
	case given(period) && given(end):
		return errorAt(path.Root("end_date"), explain.TwoWindows("end_date"), nil)
	}
	return nil
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
