package provider

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// consumptionModel is embedded in the model of every data source that reads the
// consumption of one user, session, organization or the like.
type consumptionModel struct {
	windowModel
	TotalACUs     *float64               `tfsdk:"total_acus"`
	ACUsByProduct devin.ACUsByProduct    `tfsdk:"acus_by_product"`
	Days          []devin.DayConsumption `tfsdk:"days"`
}

// consumptionAttributes are the attributes of consumptionModel. total says when
// total_acus is 0 or null.
func consumptionAttributes(total string) map[string]schema.Attribute {
	return attributes(windowAttributes(billingDays), map[string]schema.Attribute{
		"total_acus":      computedFloat("ACUs consumed in the window; " + total),
		"acus_by_product": productsAttribute("`total_acus`", ""),
		"days":            computedRows("The billing days [that Devin reports](../guides/windows.md#days-without-rows), sorted by `date`.", dayAttributes()),
	})
}

// read fills the model with the consumption that of returns for the window. A 404 is an
// error at the argument with the id; argument is empty where there is none.
func (m *consumptionModel) read(ctx context.Context, client *devin.Client, argument, id string, of func(devin.Window) (*devin.Consumption, error)) error {
	w, err := m.resolve(ctx, client, billingDays)
	if err != nil {
		return err
	}
	consumption, err := of(w)
	switch {
	case errors.Is(err, devin.ErrNotFound) && argument != "":
		return errorAt(path.Root(argument), explain.UnknownID(argument, id, err), err)
	case err != nil:
		return err
	}
	m.TotalACUs, m.ACUsByProduct, m.Days = &consumption.TotalACUs, consumption.ByProduct(), consumption.Days()
	return nil
}

// dayAttributes are the attributes of devin.DayConsumption.
func dayAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"date":            computedString("The billing day, as `YYYY-MM-DD`."),
		"acus":            computedFloat("ACUs on the day."),
		"acus_by_product": productsAttribute("`acus`", ""),
	}
}

func productsAttribute(what, more string) schema.MapAttribute {
	return schema.MapAttribute{
		Computed:            true,
		ElementType:         types.Float64Type,
		MarkdownDescription: strings.TrimSpace(what + " by [product](../guides/reading.md#acus-by-product). " + more),
	}
}

// consumptionReportModel is embedded in the model of every data source that reads the
// consumption of each of many users, organizations or service users.
type consumptionReportModel struct {
	windowModel
	rowsModel
	devin.ConsumptionTotals
	ByProduct           types.Bool             `tfsdk:"by_product"`
	EnterpriseTotalACUs *float64               `tfsdk:"enterprise_total_acus"`
	EnterpriseDays      []devin.DayConsumption `tfsdk:"enterprise_days"`
}

// consumptionReportAttributes are the attributes of consumptionReportModel. parts is the
// attribute that lists the parts, such as users; rest says what else consumed.
// ofOrganization is set where the whole may be one organization.
func consumptionReportAttributes(parts, rest string, ofOrganization bool) map[string]schema.Attribute {
	noun := strings.ReplaceAll(parts, "_", " ")
	orNull, whole := "", "the whole enterprise"
	if ofOrganization {
		orNull, whole = "; null where an organization was read", "the whole enterprise, or the organization that was read,"
	}
	return attributes(windowAttributes(billingDays), rowsAttributes("rows"), map[string]schema.Attribute{
		"by_product":            optionalBool("Whether to add [ACUs by product](../guides/reading.md#acus-by-product) to `rows` and `csv`. Default: `false`."),
		"total_acus":            computedFloat("ACUs that all " + noun + " that were read consumed in the window, also with `first`."),
		"acus_by_product":       productsAttribute("`total_acus`", ""),
		"enterprise_total_acus": computedFloat("ACUs that the whole enterprise consumed in the window, by Devin's own figure for it" + orNull + "."),
		"enterprise_days":       computedRows("What the whole enterprise consumed by billing day, sorted by `date`, from the same answer as `enterprise_total_acus`"+orNull+".", dayAttributes()),
		"unattributed_acus":     computedFloat("Devin's own figure for " + whole + " [less `total_acus`](../guides/reading.md#what-is-not-attributed): " + rest),
	})
}

// organizationModel is embedded in the model of a report that can also read one
// organization.
type organizationModel struct {
	OrganizationTotalACUs *float64               `tfsdk:"organization_total_acus"`
	OrganizationDays      []devin.DayConsumption `tfsdk:"organization_days"`
}

// organizationAttributes are the attributes of organizationModel.
func organizationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"organization_total_acus": computedFloat("ACUs that the organization in `org_id` consumed in the window, by Devin's own figure for it; null where the enterprise was read."),
		"organization_days":       computedRows("What the organization consumed by billing day, sorted by `date`, from the same answer as `organization_total_acus`; null where the enterprise was read.", dayAttributes()),
	}
}

// set puts the totals of a report, and the consumption of the whole, into the result. The
// whole is the organization that client reads, if any, and goes into org; else it is the
// enterprise.
func (m *consumptionReportModel) set(client *devin.Client, org *organizationModel, report *devin.ConsumptionReport) {
	m.ConsumptionTotals = report.ConsumptionTotals
	if client.OrgID() != "" {
		org.OrganizationTotalACUs, org.OrganizationDays = &report.Whole.TotalACUs, report.Whole.Days()
	} else {
		m.EnterpriseTotalACUs, m.EnterpriseDays = &report.Whole.TotalACUs, report.Whole.Days()
	}
}

// consumptionOrders are the values of order_by of a report. Parts are sorted by name in
// the order of byName.
func consumptionOrders(name string, byName func(devin.Reading[devin.Consumption]) sortKey) orders[devin.Reading[devin.Consumption]] {
	return orders[devin.Reading[devin.Consumption]]{
		"total_acus":  func(r devin.Reading[devin.Consumption]) sortKey { return byNumber(totalOf(r.Value, 0).TotalACUs) },
		"active_days": func(r devin.Reading[devin.Consumption]) sortKey { return byNumber(totalOf(r.Value, 0).ActiveDays) },
		name:          byName,
	}
}

// namedConsumptionOrders are the consumptionOrders of parts with the attribute name.
var namedConsumptionOrders = consumptionOrders("name", func(r devin.Reading[devin.Consumption]) sortKey { return byText(r.Name) })

// setDayRows puts a row for each day of each part of a report into the result, in the
// form that format names.
func setDayRows[R any](ctx context.Context, m *consumptionReportModel, objects *[]R, report *devin.ConsumptionReport, row func(devin.Reading[devin.Consumption], devin.DayConsumption) R) error {
	rows := func(yield func(R) bool) {
		for _, reading := range report.Readings {
			if reading.Value == nil {
				continue
			}
			for day := range reading.Value.EachDay() {
				switch {
				case !m.ByProduct.ValueBool():
					day.Products = nil
				case m.asObjects():
					day.Products = slices.Clone(day.Products) // EachDay reuses them
				}
				if !yield(row(reading, day)) {
					return
				}
			}
		}
	}
	switch {
	case m.asObjects():
		n := 0
		for _, part := range report.Values() {
			n += part.NumDays()
		}
		// A slice that grew to 150,000 rows would make most of the garbage of a read.
		return setRows(ctx, &m.rowsModel, objects, slices.AppendSeq(make([]R, 0, n), rows))
	case m.wanted():
		return setLines(&m.rowsModel, rows)
	}
	return nil
}

// totalModel is the consumption of one part of a report. All of it is null where Devin
// does not know the id.
type totalModel struct {
	TotalACUs     *float64            `tfsdk:"total_acus"`
	ACUsByProduct devin.ACUsByProduct `tfsdk:"acus_by_product"`
	ActiveDays    *int64              `tfsdk:"active_days"`
	Share         *float64            `tfsdk:"share"`
}

// totalAttributes are the attributes of totalModel. unknown is the attribute that lists
// the ids that Devin does not know.
func totalAttributes(unknown string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"total_acus":      computedFloat("ACUs consumed in the window; 0 when nothing was, null where the id is in `" + unknown + "`."),
		"acus_by_product": productsAttribute("`total_acus`", "Null where the id is in `"+unknown+"`."),
		"active_days":     computedInt("Billing days of the window with more than 0 ACUs; null where the id is in `" + unknown + "`."),
		"share":           shareAttribute("the id is in `" + unknown + "`"),
	}
}

// shareAttribute is a part's share of the whole; null says when it is null beside a whole
// of 0.
func shareAttribute(null string) schema.Float64Attribute {
	return computedFloat("The [share](../guides/reading.md#shares) of `total_acus` in the whole, from 0 to 1; null where the whole is 0, and where " + null + ".")
}

// totalOf is what a part consumed, and its share of the ACUs of the whole.
func totalOf(c *devin.Consumption, whole float64) totalModel {
	if c == nil {
		return totalModel{}
	}
	return totalModel{TotalACUs: &c.TotalACUs, ACUsByProduct: c.ByProduct(), ActiveDays: new(int64(c.ActiveDays())), Share: devin.Share(&c.TotalACUs, whole)}
}
