package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
)

// Checked is a decoded answer that knows what it must have. encoding/json
// alone would read a missing or null field as zero, and a zero is a wrong
// number.
type Checked[T any] interface {
	*T
	Check() error
}

// Get asks for one answer, decodes and checks it. With a request that is
// Shared, who asks the same question of the same client gets the same *T back,
// so callers must not write to it.
func Get[T any, P Checked[T]](ctx context.Context, c *Client, r Request) (*T, error) {
	return get(ctx, c, r, math.MaxInt, func(result *T) error { return P(result).Check() })
}

// get is Get with a bound on the elements of the answer's longest array.
func get[T any](ctx context.Context, c *Client, r Request, mostElements int, check func(*T) error) (*T, error) {
	u, err := c.url(r)
	if err != nil {
		return nil, err
	}
	ask := func(ctx context.Context) (any, int64, error) {
		var result *T
		size, err := c.perform(ctx, r, u, func(ctx context.Context, body []byte) error {
			result = new(T) // for each try its own: a broken one leaves fields set
			if err := c.decodeJSON(ctx, body, result, mostElements); err != nil {
				return err
			}
			return check(result)
		})
		return result, size, err
	}
	if !r.Shared || ctx.Value(unsharedKey{}) != nil {
		value, _, err := ask(ctx)
		return valueOf[T](value, err, u)
	}
	value, err := c.shared.do(ctx, u.RequestURI(), ask)
	return valueOf[T](value, err, u)
}

type unsharedKey struct{}

// Unshared is a context under which every request is sent, whatever it allows:
// its answer is what Devin says now.
func Unshared(ctx context.Context) context.Context {
	return context.WithValue(ctx, unsharedKey{}, true)
}

func valueOf[T any](value any, err error, u *url.URL) (*T, error) {
	if err != nil {
		return nil, err
	}
	result, ok := value.(*T)
	if !ok {
		return nil, fmt.Errorf("devin: %s was read as two different types", u.RequestURI())
	}
	return result, nil
}

// Send makes a change, and ends when Devin has confirmed it. What was kept of
// earlier answers is dropped, also where the change failed: it may have arrived.
// A client that is ReadOnly gives ErrReadOnly.
func Send(ctx context.Context, c *Client, r Request) error {
	u, err := c.url(r)
	if err != nil {
		return err
	}
	if c.readOnly {
		return fmt.Errorf("%s %s: %w", r.method(), u.EscapedPath(), ErrReadOnly)
	}
	c.shared.clear()
	defer c.shared.clear()
	_, err = c.perform(ctx, r, u, nil)
	return err
}

// bytesPerValue is about what a JSON value takes once it is decoded.
const bytesPerValue = 64

// decodeJSON reads a body into a value, once scan has found nothing in it that
// encoding/json would take in silence.
func (c *Client) decodeJSON(ctx context.Context, body []byte, into any, mostElements int) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return errors.New("its body is empty")
	}
	s := scanner{body: body, names: namesOf(into), mostElements: mostElements, hidden: func(text string) bool { return c.secret.isIn([]byte(text)) }}
	values, err := s.scan(ctx)
	if err != nil {
		return err
	}
	size := int64(values) * bytesPerValue
	defer c.underWay.Add(-size)
	if c.underWay.Add(size) > maxUnderWay {
		return errTooMuch
	}
	err = json.Unmarshal(body, into)
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		return fmt.Errorf("%s is a JSON %s, where the Devin API documents another type", fieldOr(wrong.Field, "the whole"), wrong.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not valid JSON at byte %d: %s", syntax.Offset, Excerpt(string(around(body, syntax.Offset))))
	}
	return err
}

func around(body []byte, offset int64) []byte {
	const each = 30
	from, to := max(offset-each, 0), min(offset+each, int64(len(body)))
	return body[from:to]
}

func fieldOr(field, otherwise string) string {
	if field == "" {
		return otherwise
	}
	return "the field " + field
}

// Missing is the error of a field that an answer must have.
func Missing(field string) error {
	return fmt.Errorf("the field %s is missing or null", field)
}

// Integer is a JSON integer. A float that is whole, such as 45.0, is taken for
// one; beyond 2^53 whoever wrote it may have rounded it, so it is refused.
type Integer int64

// UnmarshalJSON reads what can be trusted to the last digit.
func (i *Integer) UnmarshalJSON(text []byte) error {
	const exact = 1 << 53
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil && -exact <= n && n <= exact {
		*i = Integer(n)
		return nil
	}
	// 2^53 itself may be a rounded 2^53+1.
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= exact {
		return fmt.Errorf("%s is not an integer that can be trusted to the last digit", Excerpt(string(text)))
	}
	*i = Integer(f)
	return nil
}

// Count is an integer that cannot be negative.
func (i *Integer) Count(field string) (int64, error) {
	if i == nil {
		return 0, Missing(field)
	}
	if *i < 0 {
		return 0, fmt.Errorf("the field %s is %d, and a count cannot be negative", field, *i)
	}
	return int64(*i), nil
}
