package devin

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
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

// Counts are numbers of things by a name; the set of names is open. A name that
// the API gives no number for is absent.
type Counts map[string]Count

// UnmarshalJSONFrom leaves out what is null.
func (c *Counts) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var numbers map[string]*Count
	if err := json.UnmarshalDecode(d, &numbers); err != nil {
		return err
	}
	if numbers == nil {
		return nil
	}
	*c = Counts{}
	for name, n := range numbers {
		if n != nil {
			(*c)[name] = *n
		}
	}
	return nil
}

func (c Counts) sum() (n Count) {
	for _, part := range c {
		n += part
	}
	return n
}

// ACUs is an amount of ACUs, Devin's unit of use. It can be negative: the
// documentation rules out no credit.
type ACUs float64

// UnmarshalJSONFrom refuses what no enterprise can have consumed, before sums of it
// leave the range of numbers.
func (a *ACUs) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	const most = 1e12
	if err := readFloat(d, (*float64)(a)); err != nil {
		return err
	}
	if math.Abs(float64(*a)) > most {
		return fmt.Errorf("%g ACUs are more than an enterprise can consume", float64(*a))
	}
	return nil
}

// SumACUs adds numbers as the decimals that the API sent: 0.1 + 0.2 is 0.3 and not
// 0.30000000000000004. The order does not matter.
func SumACUs(acus []float64) float64 {
	if total, ok := sumMillionths(acus); ok {
		return total
	}
	sum := new(big.Rat)
	for _, x := range acus {
		sum.Add(sum, decimal(x))
	}
	total, _ := sum.Float64()
	return total
}

// sumMillionths adds numbers with up to six decimals, in a hundredth of the time. ok is
// false if a number has more, or is too large.
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

// decimal is the exact value of the shortest decimal that reads as x: of up to 15 digits,
// what the API sent. JSON has no infinity, so it always parses.
func decimal(x float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64))
	if !ok {
		return new(big.Rat)
	}
	return r
}

// roundingSlack is how much a sum of n numbers may differ from what the API gives for it.
// How the API rounds is not documented, and sessions run while it adds up: a hundredth
// for each number, and one percent, are no difference.
func roundingSlack(n int, acus float64) float64 {
	return 0.01*float64(n) + 0.01*math.Abs(acus)
}

// readFloat reads a number as json.UnmarshalDecode does, in a third of the time. A
// report has a million of them.
func readFloat(d *jsontext.Decoder, into *float64) error {
	if d.PeekKind() != '0' {
		return json.UnmarshalDecode(d, into)
	}
	text, err := d.ReadValue()
	if err != nil {
		return err
	}
	*into, err = strconv.ParseFloat(string(text), 64)
	return errors.Unwrap(err) // without the number, which may be long
}

// readNotNegative reads a number that cannot be below zero.
func readNotNegative(d *jsontext.Decoder, into *float64) error {
	if err := json.UnmarshalDecode(d, into); err != nil {
		return err
	}
	if *into < 0 {
		return fmt.Errorf("%s is negative, and this number cannot be", strconv.FormatFloat(*into, 'f', -1, 64))
	}
	return nil
}

// Seconds is a length of time.
type Seconds float64

// UnmarshalJSONFrom refuses a negative one.
func (s *Seconds) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return readNotNegative(d, (*float64)(s))
}

// Percent is a share, of 100.
type Percent float64

// UnmarshalJSONFrom refuses a negative one. More than 100 is possible: a machine can be
// given more than it has.
func (p *Percent) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return readNotNegative(d, (*float64)(p))
}

// Instant is a point in time: Unix seconds in the API, RFC 3339 in UTC for Terraform.
// Zero is none. An instant that stands for "never" or "not known" is read as zero: then
// an optional field is nil, and a required one is missing.
type Instant int64

// An instant before 2000 or in the year 9999 stands for "never" or "not known".
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

// IsZero reports whether i is no instant.
func (i Instant) IsZero() bool { return i == 0 }

// Time is the instant in UTC.
func (i Instant) Time() time.Time { return time.Unix(int64(i), 0).UTC() }

// AppendText appends the text of String; it never fails.
func (i Instant) AppendText(b []byte) ([]byte, error) {
	return i.Time().AppendFormat(b, time.RFC3339), nil
}

// String is the instant as RFC 3339 in UTC.
func (i Instant) String() string { return i.Time().Format(time.RFC3339) }

// JSONText is a JSON object as text. Its keys are sorted, so that the same object always
// has the same text.
type JSONText string

// UnmarshalJSONFrom reads an object, and keeps numbers as they are written.
func (t *JSONText) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '{' {
		return json.UnmarshalDecode(d, &map[string]any{}) // null, or an error
	}
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	text := value.Clone()
	err = text.Format(jsontext.ReorderRawObjects(true), jsontext.CanonicalizeRawInts(false), jsontext.AllowInvalidUTF8(true))
	*t = JSONText(text)
	return err
}

// ID is an id that Devin sends as a number, which may have 64 bits.
type ID string

// UnmarshalJSONFrom keeps every digit.
func (id *ID) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	value, err := d.ReadValue()
	switch {
	case err != nil:
		return err
	case value.Kind() == '"':
		return json.Unmarshal(value, (*string)(id))
	case value.Kind() != '0':
		return fmt.Errorf("%s is no id", rest.Excerpt(string(value)))
	}
	*id = ID(value)
	return nil
}

// compareNilFirst is cmp.Compare for values that may be nil, which sort first.
func compareNilFirst[T cmp.Ordered](a, b *T) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// orNone is the text, or an empty one for nil.
func orNone(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// number formats a number for messages: 1000000.5 and not 1.0000005e+06.
func number(n float64) string { return strconv.FormatFloat(math.Round(n*1e6)/1e6, 'f', -1, 64) }
