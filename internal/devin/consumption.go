package devin

import (
	"context"
	"fmt"
	"iter"
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
	days      dayTable
}

// Days is sorted. Days without consumption may be missing, or be there with
// 0; the API does not say which.
func (c *Consumption) Days() []DayConsumption {
	days := make([]DayConsumption, 0, c.NumDays())
	for day := range c.EachDay() {
		day.Products = slices.Clone(day.Products)
		days = append(days, day)
	}
	return days
}

// EachDay yields what Days returns. Products are overwritten by the next day's.
func (c *Consumption) EachDay() iter.Seq[DayConsumption] {
	return func(yield func(DayConsumption) bool) {
		products := ACUsByProduct{}
		for i, date := range c.days.dates {
			products = c.days.appendProducts(products[:0], i)
			if !yield(DayConsumption{Date: date, ACUs: c.days.acus(i), Products: products}) {
				return
			}
		}
	}
}

// NumDays is the number of days that the API reports.
func (c *Consumption) NumDays() int { return len(c.days.dates) }

// ActiveDays is the number of days with more than 0 ACUs.
func (c *Consumption) ActiveDays() int {
	active := 0
	for i := range c.days.dates {
		if c.days.acus(i) > 0 {
			active++
		}
	}
	return active
}

// Empty says that the API reports nothing.
func (c *Consumption) Empty() bool { return c.NumDays() == 0 && c.TotalACUs == 0 }

// ByProduct adds up the products of all days; it is empty where there is none.
func (c *Consumption) ByProduct() ACUsByProduct { return c.days.byProduct() }

// DayConsumption is what was used on one billing day, in ACUs. That its products add
// up to its ACUs is not documented: review may be null or missing, and the limits of
// users leave it out of their count.
type DayConsumption struct {
	Date     Day           `tfsdk:"date"`
	ACUs     float64       `tfsdk:"acus"`
	Products ACUsByProduct `tfsdk:"acus_by_product"`
}

// UserDailyConsumption reads what one user consumed, day by day. For a user
// that Devin does not know the API may answer 404 (ErrNotFound) or nothing
// consumed; its documentation does not say. OwnUserIDs gives the id's form.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily-users
func (c *Client) UserDailyConsumption(ctx context.Context, userID string, w Window) (*Consumption, error) {
	return c.consumption(ctx, w, "users", userID)
}

// ServiceUserDailyConsumption reads what the sessions that a service user created
// consumed, day by day; for one that Devin does not know as for a user.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily-service-users
func (c *Client) ServiceUserDailyConsumption(ctx context.Context, serviceUserID string, w Window) (*Consumption, error) {
	return c.consumption(ctx, w, "service-users", serviceUserID)
}

// SessionDailyConsumption reads what one session consumed, day by day; for one
// that Devin does not know as for a user.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily-sessions
func (c *Client) SessionDailyConsumption(ctx context.Context, sessionID string, w Window) (*Consumption, error) {
	return c.consumption(ctx, w, "sessions", sessionID)
}

// OrganizationDailyConsumption reads what one organization of the enterprise
// consumed, day by day, through the enterprise. For an organization's own key
// there is In(orgID).WholeDailyConsumption.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily-organizations
func (c *Client) OrganizationDailyConsumption(ctx context.Context, orgID string, w Window) (*Consumption, error) {
	return c.consumption(ctx, w, "organizations", orgID)
}

// WholeDailyConsumption reads what the whole enterprise, or the client's
// organization, consumed, day by day: members, service users, people who left,
// and products that are tied to no user.
//
// https://docs.devin.ai/api-reference/v3/consumption/consumption-daily
func (c *Client) WholeDailyConsumption(ctx context.Context, w Window) (*Consumption, error) {
	return c.consumption(ctx, w)
}

func (c *Client) consumption(ctx context.Context, w Window, of ...string) (*Consumption, error) {
	r := c.consumptionRequest(w, of...)
	answer, err := rest.Get[consumptionAnswer](ctx, c.rest, r)
	if err != nil {
		return nil, err
	}
	result, kind, text := answer.within(w)
	if kind != "" {
		c.rest.Notice(ctx, r, kind, "%s", text)
	}
	return result, nil
}

func (c *Client) consumptionRequest(w Window, of ...string) rest.Request {
	return rest.Request{
		Path:       c.path(append([]string{"consumption", "daily"}, of...)...),
		Query:      w.query(url.Values{}),
		Permission: c.permission(ConsumptionPermission),
		Shared:     true,
	}
}

type consumptionAnswer struct {
	TotalACUs *ACUs     `json:"total_acus" api:"required"`
	ByDate    *dayTable `json:"consumption_by_date" api:"required"`
}

// Check also sorts the days.
func (a *consumptionAnswer) Check() error {
	if a.ByDate.missing != "" {
		return rest.Missing("consumption_by_date" + a.ByDate.missing)
	}
	a.ByDate.sort()
	for i, date := range a.ByDate.dates {
		if i > 0 && date == a.ByDate.dates[i-1] {
			return fmt.Errorf("consumption_by_date has %s twice, and which of the two is right cannot be told", date)
		}
	}
	return nil
}

// within returns the part of the answer that lies in the window. Where other days
// were sent along, the total is the sum of those that are left. A kind of notice
// that is not empty says that the answer is odd, with what was found.
func (a *consumptionAnswer) within(w Window) (_ *Consumption, kind NoticeKind, text string) {
	total, all := float64(*a.TotalACUs), *a.ByDate
	days := all.between(w.Start, w.End)
	first, last := all.ends()
	switch {
	case len(days.dates) == 0 && len(all.dates) > 0 && total != 0 && (first < w.Start-1 || last > w.End+1):
		// A day beside the window is due to a bound that Devin includes.
		return &Consumption{TotalACUs: total, days: days}, NoticeWindow, fmt.Sprintf(
			"total_acus is %s, and none of the days in consumption_by_date, from %s to %s, lies in the window %s; the total is shown as it is, and no day",
			number(total), first, last, w)
	case !isSumOf(total, all) && !isSumOf(total, days):
		kind, text = NoticeTotals, fmt.Sprintf("total_acus is %s, and the %d days in consumption_by_date add up to %s", number(total), len(all.dates), number(SumACUs(all.allACUs())))
	}
	if kind == "" {
		if text = days.oddity(); text != "" {
			kind = NoticeTotals
		}
	}
	if len(days.dates) < len(all.dates) {
		total = SumACUs(days.allACUs())
	}
	return &Consumption{TotalACUs: total, days: days}, kind, text
}

// isSumOf says whether a total can be the sum of days. How the API rounds is
// not documented, and sessions run between its adding up and its listing: a
// hundredth of an ACU for each number, and one percent, are no difference.
func isSumOf(total float64, days dayTable) bool {
	sum := 0.0
	for i := range days.dates {
		sum += days.acus(i)
	}
	slack := 0.01*float64(len(days.dates)+1) + 0.01*max(math.Abs(total), math.Abs(sum))
	return math.Abs(total-sum) <= slack
}

// SumACUs adds numbers as the decimals that the API wrote them as: 0.1 + 0.2
// is 0.3 and not 0.30000000000000004, in whatever order.
func SumACUs(acus []float64) float64 {
	if total, ok := sumMillionths(acus); ok {
		return total
	}
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

// sumMillionths adds numbers that have at most six decimals, which takes a
// hundredth of the time. Not ok is one that has more, or is too large.
func sumMillionths(acus []float64) (total float64, ok bool) {
	const one, most = 1e6, 1 << 52
	var sum int64
	for _, x := range acus {
		scaled := math.Round(x * one)
		// A decimal of six digits is the float64 that lies closest to it, and so is
		// this quotient.
		if math.Abs(scaled) > most || scaled/one != x {
			return 0, false
		}
		if sum += int64(scaled); sum > most || sum < -most {
			return 0, false
		}
	}
	return float64(sum) / one, true
}
