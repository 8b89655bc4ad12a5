package devin

import (
	"context"
	"maps"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"
)

// ConsumptionReport is what a whole and each of its parts consumed in a window.
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
// with a request for each: of those that work, and with includeInactive also of those that
// have expired or were removed. For a key of an organization without sel.IDs, the error is
// ErrNoServiceUserList.
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
	return ConsumptionTotals{TotalACUs: &total, ACUsByProduct: sumProducts(products), UnattributedACUs: &unattributed}
}

// exceedsWhole reports whether parts consumed more than their whole on the days before
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
	return most, sum, sum-most > roundingSlack(len(parts)+len(ofWhole)+1, max(most, sum))
}

// Share is a part's share of the whole, rounded to six digits; nil where the part is nil,
// or the whole is not above 0.
func Share(part *float64, whole float64) *float64 {
	if part == nil || whole <= 0 {
		return nil
	}
	return new(math.Round(*part/whole*1e6) / 1e6)
}

// GroupConsumption is what the users of an IdP group consumed.
type GroupConsumption struct {
	// IDPGroupName is nil for the users of whom no group is known.
	IDPGroupName  *string       `tfsdk:"idp_group_name"`
	UsersCount    int64         `tfsdk:"users_count"`
	TotalACUs     *float64      `tfsdk:"total_acus"` // nil where Devin knows none of the users
	ACUsByProduct ACUsByProduct `tfsdk:"acus_by_product"`
	Share         *float64      `tfsdk:"share"` // of the whole
}

// ConsumptionByGroup adds up what the users of each IdP group consumed, sorted by group,
// with the users of whom no group is known last. A user of several groups counts in each.
// It is nil where the groups of no user are known.
func ConsumptionByGroup(users []Reading[Consumption], whole float64) []GroupConsumption {
	type sum struct {
		users    int64
		acus     []float64
		products []ACUsByProduct
	}
	sums, none, known := map[string]*sum{}, &sum{}, len(users) == 0
	for _, user := range users {
		known = known || user.IDPGroupNames != nil
		in := make([]*sum, 0, max(1, len(user.IDPGroupNames)))
		for _, name := range user.IDPGroupNames {
			if sums[name] == nil {
				sums[name] = &sum{}
			}
			in = append(in, sums[name])
		}
		if len(in) == 0 {
			in = append(in, none)
		}
		var products ACUsByProduct
		if user.Value != nil {
			products = user.Value.ByProduct()
		}
		for _, s := range in {
			s.users++
			if user.Value != nil {
				s.acus, s.products = append(s.acus, user.Value.TotalACUs), append(s.products, products)
			}
		}
	}
	if !known {
		return nil
	}
	groups := make([]GroupConsumption, 0, len(sums)+1)
	add := func(name *string, s *sum) {
		g := GroupConsumption{IDPGroupName: name, UsersCount: s.users}
		if len(s.acus) > 0 {
			g.TotalACUs, g.ACUsByProduct = new(SumACUs(s.acus)), sumProducts(s.products)
		}
		g.Share = Share(g.TotalACUs, whole)
		groups = append(groups, g)
	}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		add(&name, sums[name])
	}
	if none.users > 0 {
		add(nil, none)
	}
	return groups
}
