package devin

import (
	"context"
	"fmt"
	"iter"
	"strings"
)

// Selection says whom a report is about: which users, organizations or service
// users.
type Selection struct {
	// IDs are those to read; nil is all that the list has.
	IDs []string
	// SkipFailed goes on when some cannot be read, and lists them. A refused key
	// ends the report all the same, and so do too many failures.
	SkipFailed bool
	// What names what is read, in the log: "daily consumption".
	What string
}

// Report is what was read, by id. Whoever was asked for is in one of the three.
type Report[T any] struct {
	// Readings is sorted by ID, and has those that are Unknown as well.
	Readings []Reading[T]
	// Unknown are those whom Devin answered 404 for, sorted.
	Unknown []string
	// Failed are those left out, sorted; always empty without SkipFailed.
	Failed []string
}

// Reading is what was read of one user, organization or service user.
type Reading[T any] struct {
	ID    string
	Email *string // of a user; nil where Devin has none, or the list may not be read
	Name  *string // likewise
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
	// Asked is how many had been asked for by then.
	Asked int
	// Err is what the first of IDs came to.
	Err error
	// Reason is why the report was given up.
	Reason Reason
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
	return fmt.Sprintf("%d of %d %s could not be read (%s): %v", e.Count, e.Asked, e.Noun, strings.Join(e.IDs, ", "), e.Err)
}

// Unwrap is what the first of IDs came to.
func (e *ReportError) Unwrap() error { return e.Err }

// subject is whom a report asks for.
type subject struct {
	id          string
	email, name *string
	// weak says that another list has the word where both have this subject.
	weak bool
}

// absorb adds what another entry for the same subject says, whichever came
// first: lists race, and a result must not depend on who wins.
func (s *subject) absorb(other subject) {
	if s.weak && !other.weak {
		*s, other = other, *s
	}
	if s.email == nil {
		s.email = other.email
	}
	if s.name == nil {
		s.name = other.name
	}
}

// population is what a report goes over.
type population struct {
	noun string // in the plural: "users"
	// lists have all of it. The same subject may be on several.
	lists []list
	// named says that no other entry can add to what one says of its subject.
	named func(subject) bool
}

type list = func(context.Context) iter.Seq2[subject, error]

// ReadUsers asks for each member on their own, as the API wants it, many at a
// time. The first ones are asked for while the list of members is still coming in.
//
// A member whom read answers ErrNotFound for is among the Unknown. A user that
// was named and is no member is a failure then, unless failures are skipped.
func ReadUsers[T any](ctx context.Context, c *Client, sel Selection, read func(ctx context.Context, userID string) (*T, error)) (*Report[T], error) {
	own, unsure, err := c.OwnUserIDs(ctx, sel.IDs)
	if err != nil {
		return nil, err
	}
	if sel.IDs != nil {
		sel.IDs = own
	}
	return readEach(ctx, c, c.users(), sel, withoutGuesses(unsure, read))
}

func (c *Client) users() population {
	filter := MemberFilter{NoRoles: true}
	users := func(name string) list {
		return func(ctx context.Context) iter.Seq2[subject, error] {
			return subjects(c.memberList(name, filter)(ctx), func(m Member) subject {
				return subject{id: m.UserID, email: m.Email, name: m.Name, weak: m.idp}
			})
		}
	}
	return population{
		noun:  "users",
		lists: []list{users("users"), users("idp-users")},
		named: func(s subject) bool { return !s.weak && (c.redact || s.email != nil && s.name != nil) },
	}
}
