package devin

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// OwnUserIDs are user ids in the form in which Devin has them. Terraform composes
// the characters of every text (é for e and an accent), so that an id of Devin's
// may come back changed. Only where one has characters beyond ASCII is the list
// of members read for its form. Unsure are those that the list does not have, or
// all of them where it may not be read.
func (c *Client) OwnUserIDs(ctx context.Context, ids []string) (own []string, unsure map[string]bool, err error) {
	open := map[string][]int{} // ids that Terraform may have changed, and where they are
	own, unsure = append([]string{}, ids...), map[string]bool{}
	for i, id := range ids {
		if !isASCII(id) {
			form := norm.NFC.String(id)
			open[form], unsure[id] = append(open[form], i), true
		}
	}
	if len(open) == 0 {
		return own, unsure, nil
	}
	for m, err := range c.eachMember(ctx, MemberFilter{NoRoles: true}) {
		switch {
		case errors.Is(err, ErrForbidden), errors.Is(err, ErrUnauthorized):
			return own, unsure, nil
		case err != nil:
			return nil, nil, err
		case isASCII(m.UserID):
			continue
		}
		for _, i := range open[norm.NFC.String(m.UserID)] {
			own[i] = m.UserID
			delete(unsure, ids[i])
		}
		if len(unsure) == 0 {
			break
		}
	}
	return own, unsure, nil
}

// errComposedID says that a user is not read although Devin answered.
var errComposedID = errors.New("nothing is reported for the id, which has characters beyond ASCII; Terraform composes those, " +
	"and the list of members, which would tell Devin's own form, does not have the id or may not be read")

// withoutGuesses makes an empty answer for an id that may not be Devin's a
// failure: it would pass for a user who did nothing.
func withoutGuesses[T any](unsure map[string]bool, read func(context.Context, string) (*T, error)) func(context.Context, string) (*T, error) {
	return func(ctx context.Context, userID string) (*T, error) {
		value, err := read(ctx, userID)
		if err != nil || !unsure[userID] {
			return value, err
		}
		if answer, ok := any(value).(interface{ Empty() bool }); ok && answer.Empty() {
			return nil, errComposedID
		}
		return value, nil
	}
}

// EmailError says that an e-mail address does not name one member.
type EmailError struct {
	Email   string
	UserIDs []string // of those who have it, sorted; none or several
}

func (e *EmailError) Error() string {
	return fmt.Sprintf("%d members have the e-mail address %s, and one is wanted", len(e.UserIDs), e.Email)
}

// UserIDOf is the id of the one member with an e-mail address, in upper or lower
// case. Its error is an *EmailError where there is none, or several.
func (c *Client) UserIDOf(ctx context.Context, email string) (string, error) {
	members, err := c.Members(ctx, MemberFilter{Email: email, NoRoles: true})
	switch {
	case err != nil:
		return "", err
	case len(members) == 1:
		return members[0].UserID, nil
	}
	none := &EmailError{Email: email}
	for _, m := range members {
		none.UserIDs = append(none.UserIDs, m.UserID)
	}
	return "", none
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
