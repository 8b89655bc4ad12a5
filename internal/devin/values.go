package devin

import (
	"fmt"
	"math"
	"time"

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

// Instant is a moment: Unix seconds as the API has it, RFC 3339 in UTC for
// Terraform.
type Instant int64

// UnmarshalJSON refuses fractions, and what lies beyond 2^53.
func (i *Instant) UnmarshalJSON(text []byte) error { return (*rest.Integer)(i).UnmarshalJSON(text) }

// Check refuses what cannot be meant as Unix seconds, such as milliseconds.
func (i Instant) Check() error {
	_, err := instantOfAPI(int64(i))
	return err
}

// Time is the instant in UTC.
func (i Instant) Time() time.Time { return time.Unix(int64(i), 0).UTC() }

// AppendText appends what String gives; it never fails.
func (i Instant) AppendText(b []byte) ([]byte, error) {
	return i.Time().AppendFormat(b, time.RFC3339), nil
}

// String is the instant as RFC 3339 in UTC.
func (i Instant) String() string { return i.Time().Format(time.RFC3339) }
