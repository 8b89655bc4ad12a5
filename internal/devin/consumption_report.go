package devin

import (
	"context"
	"math"

	"golang.org/x/sync/errgroup"
)

// ConsumptionReport is what a whole consumed in a window, and what each of its parts
// did.
type ConsumptionReport struct {
	*Report[Consumption] // the parts
	ConsumptionTotals
	// Whole is what the enterprise, or the client's organization, consumed.
	Whole *Consumption
}

// ConsumptionTotals is what all parts of a whole consumed, in ACUs.
type ConsumptionTotals struct {
	TotalACUs     *float64      `tfsdk:"total_acus"`
	ACUsByProduct ACUsByProduct `tfsdk:"acus_by_product"`
	// UnattributedACUs is the whole less its parts, rounded to a millionth. It may be
	// below 0, since the whole and its parts are read one after the other, and use is
	// reported late.
	UnattributedACUs *float64 `tfsdk:"unattributed_acus"`
}

// UsersDailyConsumption reads what each user consumed, with a request for each.
func (c *Client) UsersDailyConsumption(ctx context.Context, sel Selection, w Window) (*ConsumptionReport, error) {
	return c.consumptionReport(ctx, c.users(), sel, w, c.UserDailyConsumption)
}

// OrganizationsDailyConsumption reads what each organization of the enterprise
// consumed, with a request for each.
func (c *Client) OrganizationsDailyConsumption(ctx context.Context, sel Selection, w Window) (*ConsumptionReport, error) {
	return c.consumptionReport(ctx, c.organizations(), sel, w, c.OrganizationDailyConsumption)
}

// ServiceUsersDailyConsumption reads what the sessions of each service user consumed,
// with a request for each. includeInactive is that of ReadServiceUsers. For a key of an
// organization without sel.IDs, the error is ErrNoServiceUserList.
func (c *Client) ServiceUsersDailyConsumption(ctx context.Context, sel Selection, includeInactive bool, w Window) (*ConsumptionReport, error) {
	report, err := c.consumptionReport(ctx, c.serviceUsers(includeInactive || sel.IDs != nil), sel, w, c.ServiceUserDailyConsumption)
	if err != nil && sel.IDs == nil {
		err = c.explainServiceUserList(ctx, err)
	}
	return report, err
}

// consumptionReport reads the whole and its parts at the same time. Parts that consumed
// more than the whole on days that have ended are a notice.
func (c *Client) consumptionReport(ctx context.Context, parts population, sel Selection, w Window,
	read func(ctx context.Context, id string, w Window) (*Consumption, error),
) (*ConsumptionReport, error) {
	sel.What = "daily consumption"
	r := &ConsumptionReport{}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		r.Whole, err = c.WholeDailyConsumption(groupCtx, w)
		return err
	})
	group.Go(func() (err error) {
		r.Report, err = readEach(groupCtx, c, parts, sel, func(ctx context.Context, id string) (*Consumption, error) { return read(ctx, id, w) })
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	values := r.Values()
	r.ConsumptionTotals = totalsOf(r.Whole, values)
	if most, sum, exceeds := exceedsWhole(DayAt(c.Now()), r.Whole, values); exceeds {
		c.rest.Notice(ctx, c.consumptionRequest(w), NoticeTotals, "the whole consumed %s ACUs on the days of %s that have ended, "+
			"and its parts, read one by one, consumed %s together", number(most), w, number(sum))
	}
	return r, nil
}

func totalsOf(whole *Consumption, parts []*Consumption) ConsumptionTotals {
	acus, left, products := make([]float64, len(parts)), []float64{whole.TotalACUs}, make([]ACUsByProduct, len(parts))
	for i, part := range parts {
		acus[i], left, products[i] = part.TotalACUs, append(left, -part.TotalACUs), part.ByProduct()
	}
	total := SumACUs(acus)
	unattributed := math.Round(SumACUs(left)*1e6) / 1e6 // below that, what a subtraction leaves is no consumption
	return ConsumptionTotals{TotalACUs: &total, ACUsByProduct: SumProducts(products), UnattributedACUs: &unattributed}
}

// exceedsWhole says whether parts consumed more than their whole on the days before
// today, and how much each consumed on them.
func exceedsWhole(today Day, whole *Consumption, parts []*Consumption) (most, sum float64, exceeds bool) {
	ended := func(of *Consumption) (acus []float64) {
		for i, date := range of.days.dates {
			if date < today {
				acus = append(acus, of.days.acus(i))
			}
		}
		return acus
	}
	ofWhole, ofParts := ended(whole), []float64{}
	for _, part := range parts {
		ofParts = append(ofParts, ended(part)...)
	}
	most, sum = SumACUs(ofWhole), SumACUs(ofParts)
	// How the API rounds is not documented: a hundredth of an ACU for each part and
	// day, and one percent, are no difference.
	slack := 0.01*float64(len(parts)+len(ofWhole)+1) + 0.01*max(most, sum)
	return most, sum, sum-most > slack
}
