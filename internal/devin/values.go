package devin

import (
	"fmt"
	"math"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Count is a number of things: a JSON integer that is not negative and can be
// trusted to the last digit.
type Count int64

// UnmarshalJSON refuses fractions, and what lies beyond 2^53.
func (c *Count) UnmarshalJSON(text []byte) error { return (*rest.Integer)(c).UnmarshalJSON(text) }

// Check refuses a negative number.
func (c Count) Check() error {
	if c < 0 {
		return fmt.Errorf("%d is negative, and a count cannot be", c)
	}
	return nil
}

// ACUs is an amount of ACUs, Devin's unit of use. It can be negative: the
// documentation rules out no credit.
type ACUs float64

// Check refuses what no enterprise can have consumed, before sums of it leave
// the range of numbers.
func (a ACUs) Check() error {
	const most = 1e12
	if math.Abs(float64(a)) > most {
		return fmt.Errorf("%g ACUs are more than anybody can consume", float64(a))
	}
	return nil
}
