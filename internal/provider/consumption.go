package provider

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// consumptionModel is embedded in the model of every data source that reads what
// one user, session or the like consumed.
type consumptionModel struct {
	windowModel
	TotalACUs     *float64               `tfsdk:"total_acus"`
	ACUsByProduct devin.ACUsByProduct    `tfsdk:"acus_by_product"`
	Days          []devin.DayConsumption `tfsdk:"days"`
}

// consumptionAttributes are the attributes of consumptionModel. total says when the
// total is 0, and when it is null.
func consumptionAttributes(total string) map[string]schema.Attribute {
	return attributes(windowAttributes(billingDays), map[string]schema.Attribute{
		"total_acus":      computedFloat("ACUs consumed in the window; " + total),
		"acus_by_product": productsAttribute("ACUs consumed in the window by product"),
		"days": computedRows("The billing days that Devin reports, sorted by `date`. "+
			"A day without consumption may be missing or have 0 ACUs; Devin does not document which.", dayAttributes()),
	})
}

// nullIfUnknown is what consumptionAttributes says of the total of an id that Devin may
// not know.
const nullIfUnknown = "0 when nothing was, null where Devin reports nothing for an id that is on none of its lists."

// read fills the model with the consumption that of returns for the window. A 404
// is an error at the argument that has the id.
func (m *consumptionModel) read(client *devin.Client, argument, id string, of func(devin.Window) (*devin.Consumption, error)) error {
	w, err := m.resolve(client, billingDays)
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

// setUnknown makes null what Devin reports for an id that it does not know: nothing,
// as for one that has consumed nothing. known looks the id up.
func (m *consumptionModel) setUnknown(known func() devin.Presence) devin.Presence {
	if m.TotalACUs == nil || *m.TotalACUs != 0 || len(m.Days) > 0 {
		return devin.Present
	}
	presence := known()
	if presence == devin.Gone {
		m.TotalACUs, m.ACUsByProduct, m.Days = nil, nil, nil
	}
	return presence
}

// dayAttributes are the attributes of devin.DayConsumption.
func dayAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"date":            computedString("The billing day, as `YYYY-MM-DD`; it begins at 08:00 UTC of this date."),
		"acus":            computedFloat("ACUs consumed on the day, over all products."),
		"acus_by_product": productsAttribute("ACUs consumed on the day by product"),
	}
}

func productsAttribute(what string) schema.MapAttribute {
	return schema.MapAttribute{
		Computed:    true,
		ElementType: types.Float64Type,
		MarkdownDescription: what + " (`devin`, `cascade`, `terminal`, `review`, and what Devin may add). " +
			"A product is absent when Devin gives no number for it.",
	}
}
