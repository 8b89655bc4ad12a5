package devin

import (
	"fmt"
	"math"
)

// Unattributed is what is left of the enterprise's own figure, in ACUs, rounded
// to a millionth: below that, what is left of a subtraction is no consumption.
//
// It may be below 0 while a day of the window is running, since the enterprise
// and its parts are read one after the other. Its error, an ErrNotDevin, is
// that the parts together consumed more than the whole on days that have ended.
func (c *Client) Unattributed(w Window, whole *Consumption, parts []*Consumption) (float64, error) {
	today := DayAt(c.Now())
	acus, ended := []float64{whole.TotalACUs}, []float64{}
	for _, part := range parts {
		acus = append(acus, -part.TotalACUs)
		for _, day := range part.Days {
			if day.Date < today {
				ended = append(ended, day.ACUs)
			}
		}
	}
	endedOfWhole := []float64{}
	for _, day := range whole.Days {
		if day.Date < today {
			endedOfWhole = append(endedOfWhole, day.ACUs)
		}
	}
	most, sum := SumACUs(endedOfWhole), SumACUs(ended)
	// How the API rounds is not documented: it is borne a hundredth of an ACU for
	// each part and day, and one percent.
	if slack := 0.01*float64(len(parts)+len(endedOfWhole)+1) + 0.01*max(most, sum); sum-most > slack {
		return 0, c.rest.BrokenList(c.consumptionRequest(w), fmt.Errorf("the whole consumed %v ACUs on the days of %s that have ended, "+
			"and those that were read one by one consumed %v together, which is more than there is", most, w, sum))
	}
	return math.Round(SumACUs(acus)*1e6) / 1e6, nil
}
