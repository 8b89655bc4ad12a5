package devin

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"
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
	Date Day
	ACUs float64
	// ACUsByProduct has the products that the API gives a number for, under the
	// API's names: `devin`, `cascade`, `terminal`, `review` and what may come.
	ACUsByProduct map[string]float64
}

// UserDailyConsumption reads what one user consumed, day by day. For a user
// that Devin does not know the API may answer 404 (ErrNotFound) or nothing
// consumed; its documentation does not say.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily-users
func (c *Client) UserDailyConsumption(ctx context.Context, userID string, w Window) (*Consumption, error) {
	return c.consumption(ctx, w, "users", userID)
}

func (c *Client) consumption(ctx context.Context, w Window, scope ...string) (*Consumption, error) {
	r := consumptionRequest(w, scope...)
	answer, err := get[consumptionAnswer](ctx, c, r)
	if err != nil {
		return nil, err
	}
	result, err := answer.within(w)
	if err != nil {
		return nil, c.brokenList(r, err)
	}
	return result, nil
}

func consumptionRequest(w Window, scope ...string) request {
	return request{
		path:       append([]string{"enterprise", "consumption", "daily"}, scope...),
		query:      w.query(url.Values{}),
		permission: ConsumptionPermission,
	}
}

type consumptionAnswer struct {
	TotalACUs *float64     `json:"total_acus"`
	ByDate    *[]dayAnswer `json:"consumption_by_date"`
}

type dayAnswer struct {
	Date      *integer            `json:"date"`
	ACUs      *float64            `json:"acus"`
	ByProduct map[string]*float64 `json:"acus_by_product"`
}

func (a *consumptionAnswer) check() error {
	switch {
	case a.TotalACUs == nil:
		return missing("total_acus")
	case a.ByDate == nil:
		return missing("consumption_by_date")
	}
	for i, day := range *a.ByDate {
		switch {
		case day.Date == nil:
			return missing(fmt.Sprintf("consumption_by_date[%d].date", i))
		case day.ACUs == nil:
			return missing(fmt.Sprintf("consumption_by_date[%d].acus", i))
		}
	}
	return nil
}

// within makes a result of the days that lie in the window. Where others were
// sent along, the total is the sum of those that are left.
func (a *consumptionAnswer) within(w Window) (*Consumption, error) {
	result := &Consumption{TotalACUs: *a.TotalACUs, Days: make([]DayConsumption, 0, len(*a.ByDate))}
	outside := false
	for _, day := range *a.ByDate {
		date, err := dayOfAPI(int64(*day.Date))
		if err != nil {
			return nil, fmt.Errorf("consumption_by_date has a date that cannot be right: %w", err)
		}
		if !w.Contains(date) {
			outside = true
			continue
		}
		products := make(map[string]float64, len(day.ByProduct))
		for product, acus := range day.ByProduct {
			if acus != nil {
				products[product] = *acus
			}
		}
		result.Days = append(result.Days, DayConsumption{Date: date, ACUs: *day.ACUs, ACUsByProduct: products})
	}
	slices.SortFunc(result.Days, func(a, b DayConsumption) int { return cmp.Compare(a.Date, b.Date) })
	for i := 1; i < len(result.Days); i++ {
		if day := result.Days[i].Date; day == result.Days[i-1].Date {
			return nil, fmt.Errorf("consumption_by_date has %s twice, and which of the two is right cannot be told", day)
		}
	}
	if outside {
		acus := make([]float64, len(result.Days))
		for i, day := range result.Days {
			acus[i] = day.ACUs
		}
		result.TotalACUs = SumACUs(acus)
	}
	return result, nil
}

// SumACUs adds numbers as the decimals that the API wrote them as: 0.1 + 0.2
// is 0.3 and not 0.30000000000000004, in whatever order.
func SumACUs(acus []float64) float64 {
	const bits = 512 // what Terraform itself counts with
	sum := new(big.Float).SetPrec(bits)
	for _, x := range acus {
		// The shortest text that reads back as x is what the API sent, up to 15
		// digits; it always parses.
		decimal, _, err := big.ParseFloat(strconv.FormatFloat(x, 'g', -1, 64), 10, bits, big.ToNearestEven)
		if err == nil {
			sum.Add(sum, decimal)
		}
	}
	total, _ := sum.Float64()
	return total
}
