package devin

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"slices"
	"strconv"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Consumption is what was used in a window, in ACUs.
type Consumption struct {
	TotalACUs float64
	// Days is sorted. Days without consumption may be missing, or be there with
	// 0; the API does not say which.
	Days []DayConsumption
}

// DayConsumption is what was used on one billing day, in ACUs.
type DayConsumption struct {
	Date     Day
	ACUs     float64
	Products ACUsByProduct
}

// UserDailyConsumption reads what one user consumed, day by day. For a user
// that Devin does not know the API may answer 404 (ErrNotFound) or nothing
// consumed; its documentation does not say.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily-users
func (c *Client) UserDailyConsumption(ctx context.Context, userID string, w Window) (*Consumption, error) {
	return c.consumption(ctx, w, "users", userID)
}

// EnterpriseDailyConsumption reads what the whole enterprise consumed, day by
// day: its members, its service users, people who left, and products that are
// tied to no user.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily
func (c *Client) EnterpriseDailyConsumption(ctx context.Context, w Window) (*Consumption, error) {
	return c.consumption(ctx, w)
}

func (c *Client) consumption(ctx context.Context, w Window, scope ...string) (*Consumption, error) {
	answer, err := rest.Get[consumptionAnswer](ctx, c.rest, consumptionRequest(w, scope...))
	if err != nil {
		return nil, err
	}
	return answer.within(w), nil
}

func consumptionRequest(w Window, scope ...string) rest.Request {
	return rest.Request{
		Path:       append([]string{"enterprise", "consumption", "daily"}, scope...),
		Query:      w.query(url.Values{}),
		Permission: ConsumptionPermission,
		Shared:     true,
	}
}

type consumptionAnswer struct {
	TotalACUs *float64     `json:"total_acus"`
	ByDate    *[]dayAnswer `json:"consumption_by_date"`

	days []DayConsumption // what ByDate says, sorted
}

type dayAnswer struct {
	Date      *rest.Integer `json:"date"`
	ACUs      *float64      `json:"acus"`
	ByProduct ACUsByProduct `json:"acus_by_product"`
}

func (a *consumptionAnswer) Check() error {
	switch {
	case a.TotalACUs == nil:
		return rest.Missing("total_acus")
	case a.ByDate == nil:
		return rest.Missing("consumption_by_date")
	}
	if err := plausible("total_acus", *a.TotalACUs); err != nil {
		return err
	}
	a.days = make([]DayConsumption, len(*a.ByDate))
	for i, day := range *a.ByDate {
		switch {
		case day.Date == nil:
			return rest.Missing(fmt.Sprintf("consumption_by_date[%d].date", i))
		case day.ACUs == nil:
			return rest.Missing(fmt.Sprintf("consumption_by_date[%d].acus", i))
		}
		date, err := dayOfAPI(int64(*day.Date))
		if err != nil {
			return fmt.Errorf("consumption_by_date[%d] has a date that cannot be right: %w", i, err)
		}
		if day.ByProduct == nil {
			day.ByProduct = ACUsByProduct{}
		}
		for _, p := range day.ByProduct {
			if err := plausible("consumption_by_date.acus_by_product", p.ACUs); err != nil {
				return err
			}
		}
		if err := plausible("consumption_by_date.acus", *day.ACUs); err != nil {
			return err
		}
		a.days[i] = DayConsumption{Date: date, ACUs: *day.ACUs, Products: day.ByProduct}
	}
	a.ByDate = nil // an answer is kept, and this half of it has served
	slices.SortFunc(a.days, func(a, b DayConsumption) int { return cmp.Compare(a.Date, b.Date) })
	for i := 1; i < len(a.days); i++ {
		if date := a.days[i].Date; date == a.days[i-1].Date {
			return fmt.Errorf("consumption_by_date has %s twice, and which of the two is right cannot be told", date)
		}
	}
	return nil
}

// plausible refuses what no enterprise can have consumed, before sums of it
// leave the range of numbers.
func plausible(field string, acus float64) error {
	const most = 1e12
	if math.Abs(acus) > most {
		return fmt.Errorf("the field %s is %g, more than anybody can consume", field, acus)
	}
	return nil
}

// within is the part of the answer that lies in the window. Where other days
// were sent along, the total is the sum of those that are left.
func (a *consumptionAnswer) within(w Window) *Consumption {
	first, _ := slices.BinarySearchFunc(a.days, w.Start, func(d DayConsumption, day Day) int { return cmp.Compare(d.Date, day) })
	end, _ := slices.BinarySearchFunc(a.days, w.End+1, func(d DayConsumption, day Day) int { return cmp.Compare(d.Date, day) })
	result := &Consumption{TotalACUs: *a.TotalACUs, Days: a.days[first:end:end]}
	if len(result.Days) < len(a.days) {
		acus := make([]float64, len(result.Days))
		for i, day := range result.Days {
			acus[i] = day.ACUs
		}
		result.TotalACUs = SumACUs(acus)
	}
	return result
}

// SumACUs adds numbers as the decimals that the API wrote them as: 0.1 + 0.2
// is 0.3 and not 0.30000000000000004, in whatever order.
func SumACUs(acus []float64) float64 {
	sum, decimal := new(big.Rat), new(big.Rat)
	for _, x := range acus {
		// The shortest text that reads back as x is what the API sent, up to 15
		// digits; it always parses, since JSON has no infinity.
		if _, ok := decimal.SetString(strconv.FormatFloat(x, 'g', -1, 64)); ok {
			sum.Add(sum, decimal)
		}
	}
	total, _ := sum.Float64()
	return total
}
