package devin

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Count is a number of things: a JSON integer that is not negative and can be
// trusted to the last digit.
type Count int64

// UnmarshalJSONFrom refuses fractions, negative numbers, and what lies beyond 2^53.
func (c *Count) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	n, err := rest.ReadInteger(d)
	if err == nil && n < 0 {
		err = fmt.Errorf("%d is negative, and a count cannot be", n)
	}
	*c = Count(n)
	return err
}

// ACUs is an amount of ACUs, Devin's unit of use. It can be negative: the
// documentation rules out no credit.
type ACUs float64

// UnmarshalJSONFrom refuses what no enterprise can have consumed, before sums of it
// leave the range of numbers.
func (a *ACUs) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	const most = 1e12
	if err := json.UnmarshalDecode(d, (*float64)(a)); err != nil {
		return err
	}
	if math.Abs(float64(*a)) > most {
		return fmt.Errorf("%g ACUs are more than an enterprise can consume", float64(*a))
	}
	return nil
}

// readNotNegative reads a number that cannot be below zero.
func readNotNegative(d *jsontext.Decoder, into *float64) error {
	if err := json.UnmarshalDecode(d, into); err != nil {
		return err
	}
	if *into < 0 {
		return fmt.Errorf("%g is negative, and this number cannot be", *into)
	}
	return nil
}

// Instant is a moment: Unix seconds as the API has it, RFC 3339 in UTC for
// Terraform. Zero is none: where an answer has one that stands for "never" or "not
// known", an optional field is nil, and a required one is missing.
type Instant int64

// What stands for "never" or "not known" lies before 2000 or in the year 9999.
const (
	year2000  = 946_684_800
	year9999  = 253_370_764_800
	year10000 = 253_402_300_800
)

// UnmarshalJSONFrom refuses what cannot be Unix seconds, such as milliseconds.
func (i *Instant) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	n, err := rest.ReadInteger(d)
	switch {
	case err != nil:
		return err
	case n < year2000, year9999 <= n && n <= year10000:
		*i = 0
		return nil
	}
	*i = Instant(n)
	_, err = instantOfAPI(n)
	return err
}

// IsZero says that it is no instant.
func (i Instant) IsZero() bool { return i == 0 }

// Time is the instant in UTC.
func (i Instant) Time() time.Time { return time.Unix(int64(i), 0).UTC() }

// AppendText appends what String gives; it never fails.
func (i Instant) AppendText(b []byte) ([]byte, error) {
	return i.Time().AppendFormat(b, time.RFC3339), nil
}

// String is the instant as RFC 3339 in UTC.
func (i Instant) String() string { return i.Time().Format(time.RFC3339) }

// Values are compared so that nil stands first.

func compareTexts(a, b *string) int {
	if a == nil || b == nil {
		return compareNil(a == nil, b == nil)
	}
	return strings.Compare(*a, *b)
}

func compareInstants(a, b *Instant) int {
	if a == nil || b == nil {
		return compareNil(a == nil, b == nil)
	}
	return cmp.Compare(*a, *b)
}

func compareNil(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// orNone is a text that may be nil.
func orNone(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// number is a fraction as people write it: 1000000.5 and not 1.0000005e+06.
func number(n float64) string { return strconv.FormatFloat(math.Round(n*1e6)/1e6, 'f', -1, 64) }

// addTo repeats a parameter of a query for each value, which is how OpenAPI encodes a
// list by default. Empty values are left out.
func addTo(q url.Values, name string, values ...string) {
	for _, value := range values {
		if value != "" {
			q.Add(name, value)
		}
	}
}
