package devin

import (
	"context"
	"fmt"
	"strings"
)

// Selection is which users, organizations or service users a report is about.
type Selection struct {
	// IDs are those to read; nil is all that the list has.
	IDs []string
	// SkipFailed goes on when some cannot be read, and lists them. More than 20 that
	// are more than 5 % end the report, and so does a key that is refused for all.
	SkipFailed bool
	// CanSkip says that the caller has an argument for SkipFailed, which an error may advise.
	CanSkip bool
	// What names what is read, in the log: "daily consumption".
	What string
}

// Report is what was read, by id.
type Report[T any] struct {
	// Readings is sorted by ID, and has those that are Unknown as well.
	Readings []Reading[T]
	// Unknown are those that Devin answered 404 for, and IDs of the selection for
	// which it reports nothing and that are on none of its lists, sorted.
	Unknown []string
	// Failed are those left out, sorted; always empty without SkipFailed.
	Failed []string
}

// Values are what was read, without those that are Unknown.
func (r *Report[T]) Values() []*T {
	values := make([]*T, 0, len(r.Readings))
	for _, reading := range r.Readings {
		if reading.Value != nil {
			values = append(values, reading.Value)
		}
	}
	return values
}

// Reading is what was read of one user, organization or service user.
type Reading[T any] struct {
	ID    string
	Email *string // of a user; nil where Devin has none, or it could not be read
	Name  *string // nil as Email is
	Value *T      // nil where the ID is among the Unknown
}

// ReportError says that some could not be read, and that the report is given up.
type ReportError struct {
	// Noun is what they are, in the plural: "users".
	Noun string
	// IDs are the first ones, sorted.
	IDs []string
	// Count is how many there were before the report was given up.
	Count int
	// Err is why the first of IDs could not be read.
	Err error
	// Reason is why the report was given up.
	Reason Reason
	// Listed says that IDs are of Devin's own lists, and not of a selection.
	Listed bool
	// CanSkip is that of the selection.
	CanSkip bool
}

// Reason is why a report was given up.
type Reason int

const (
	// SomeFailed says that failures were not to be skipped, or that there was nothing else.
	SomeFailed Reason = iota
	// TooManyFailed says that so many failed that the rest is no report.
	TooManyFailed
	// AllUnknown says that Devin knows none of those that were asked for.
	AllUnknown
)

func (e *ReportError) Error() string {
	return fmt.Sprintf("%d %s could not be read (%s): %v", e.Count, e.Noun, strings.Join(e.IDs, ", "), e.Err)
}

// Unwrap is why the first of IDs could not be read.
func (e *ReportError) Unwrap() error { return e.Err }

// ReadUsers asks for each member on their own, as the API wants it, many at a
// time. The first ones are asked for while the list of members is still coming in.
func ReadUsers[T any](ctx context.Context, c *Client, sel Selection, read func(ctx context.Context, userID string) (*T, error)) (*Report[T], error) {
	return readEach(ctx, c, c.users(), sel, read)
}

func (c *Client) users() population {
	direct, idp := c.membersRequest(MemberFilter{}, "users"), c.membersRequest(MemberFilter{}, "idp-users")
	p := populationOf(c, "users", func(m memberAnswer) subject {
		if c.redact {
			return subject{id: m.UserID}
		}
		return subject{id: m.UserID, email: m.Email, name: m.Name}
	}, direct, direct, idp)
	p.named = func(s subject) bool { return !s.weak && (c.redact || s.email != nil && s.name != nil) }
	return p
}
