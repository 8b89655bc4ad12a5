package devin

import (
	"context"
	"math"
)

// Unattributed is what is left of the enterprise's own figure, in ACUs, rounded
// to a millionth: below that, what is left of a subtraction is no consumption.
//
// It may be below 0, since the enterprise and its parts are read one after the other,
// and use is reported late. Parts that consumed more than the whole on days that have
// ended are a notice.
func (c *Client) Unattributed(ctx context.Context, w Window, whole *Consumption, parts []*Consumption) float64 {
	today := DayAt(c.Now())
	ended := func(of *Consumption) (acus []float64) {
		for _, day := range of.Days {
			if day.Date < today {
				acus = append(acus, day.ACUs)
			}
		}
		return acus
	}
	acus, endedOfParts := []float64{whole.TotalACUs}, []float64{}
	for _, part := range parts {
		acus, endedOfParts = append(acus, -part.TotalACUs), append(endedOfParts, ended(part)...)
	}
	endedOfWhole := ended(whole)
	most, sum := SumACUs(endedOfWhole), SumACUs(endedOfParts)
	// How the API rounds is not documented: a hundredth of an ACU for each part and
	// day, and one percent, are no difference.
	if slack := 0.01*float64(len(parts)+len(endedOfWhole)+1) + 0.01*max(most, sum); sum-most > slack {
		c.rest.Notice(ctx, c.consumptionRequest(w), NoticeTotals, "the whole consumed %s ACUs on the days of %s that have ended, "+
			"and its parts, read one by one, consumed %s together", number(most), w, number(sum))
	}
	return math.Round(SumACUs(acus)*1e6) / 1e6
}
