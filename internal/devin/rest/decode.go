package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// Checked is a decoded answer that knows what it must have. encoding/json
// alone would read a missing or null field as zero, and a zero is a wrong
// number.
type Checked[T any] interface {
	*T
	Check() error
}

// Get asks for one answer and decodes it. Who asks the same question of the
// same client gets the same *T back, so callers must not write to it.
func Get[T any, P Checked[T]](ctx context.Context, c *Client, r Request) (*T, error) {
	u, err := c.url(r)
	if err != nil {
		return nil, err
	}
	question := u.RequestURI()
	value, err := c.memo.do(ctx, question, func(ctx context.Context) (any, int64, error) {
		var result *T
		size, err := c.perform(ctx, r, u, func(body []byte) error {
			result = new(T) // anew for each try, or a broken one would shine through
			if err := decodeJSON(body, result); err != nil {
				return err
			}
			return P(result).Check()
		})
		return result, size, err
	})
	if err != nil {
		return nil, err
	}
	result, ok := value.(*T)
	if !ok {
		return nil, fmt.Errorf("devin: %s was read as two different types", question)
	}
	return result, nil
}

func decodeJSON(body []byte, into any) error {
	// encoding/json would put U+FFFD where the bytes are not UTF-8, and so
	// change an id in silence.
	if !utf8.Valid(body) {
		return errors.New("it is not valid UTF-8")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return errors.New("its body is empty")
	}
	err := json.Unmarshal(body, into)
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

func fieldOr(field, otherwise string) string {
	if field == "" {
		return otherwise
	}
	return "the field " + field
}

func around(body []byte, offset int64) []byte {
	const each = 30
	from, to := max(offset-each, 0), min(offset+each, int64(len(body)))
	return body[from:to]
}

func Missing(field string) error {
	return fmt.Errorf("the field %s is missing or null", field)
}

// Integer is a JSON Integer. A float that is whole, such as 45.0, is taken for
// one; beyond 2^53 whoever wrote it may have rounded it, so it is refused.
type Integer int64

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
