package devin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// OwnUserIDs returns user ids in the form in which Devin has them. Terraform composes
// the characters of every text (é for e and an accent), so an id of Devin's may come
// back changed.
//
// An id that looks like an e-mail address must be the id of a member, or else the error
// is an *EmailError: for an address that is none, Devin would report nothing, and no
// error. The lists of members are read only for such ids, and for ids with characters
// beyond ASCII, which are returned as they are where the lists do not have them.
func (c *Client) OwnUserIDs(ctx context.Context, ids []string) ([]string, error) {
	own, open := slices.Clone(ids), map[string][]int{} // open has the indexes of a composed id among ids
	for i, id := range ids {
		if !isASCII(id) || isAddress(id) {
			form := norm.NFC.String(id)
			open[form] = append(open[form], i)
		}
	}
	if len(open) == 0 {
		return own, nil
	}
	var listErr error
	for m, err := range c.eachMember(ctx, MemberFilter{NoRoles: true}) {
		if listErr = err; err != nil {
			break
		}
		form := norm.NFC.String(m.UserID)
		for _, i := range open[form] {
			own[i] = m.UserID
		}
		if delete(open, form); len(open) == 0 {
			return own, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, id := range ids {
		if isAddress(id) && open[norm.NFC.String(id)] != nil {
			e := &EmailError{Email: id, Index: i, Err: listErr}
			if listErr == nil {
				e.UserIDs, e.Err = c.userIDsOf(ctx, id)
			}
			return nil, e
		}
	}
	return own, nil
}

// isAddress reports whether an id looks like an e-mail address. An id such as
// email|ann@example.com does not.
func isAddress(id string) bool { return strings.Contains(id, "@") && !strings.Contains(id, "|") }

// EmailError means that an e-mail address stands for no user: it is no member's id, or
// not the address of exactly one member.
type EmailError struct {
	Email   string
	Index   int      // of the address among the ids of OwnUserIDs
	UserIDs []string // of the members with the address, sorted
	Err     error    // why the lists of members could not be read; nil where they were
}

func (e *EmailError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("whether a member has the id %s could not be read: %v", e.Email, e.Err)
	}
	return fmt.Sprintf("%d members have the e-mail address %s", len(e.UserIDs), e.Email)
}

// Unwrap is why the lists of members could not be read.
func (e *EmailError) Unwrap() error { return e.Err }

// UserIDOf returns the id of the member with an e-mail address, in upper or lower case.
// The error is an *EmailError if there is none, or several.
func (c *Client) UserIDOf(ctx context.Context, email string) (string, error) {
	ids, err := c.userIDsOf(ctx, email)
	switch {
	case err != nil:
		return "", err
	case len(ids) != 1:
		return "", &EmailError{Email: email, UserIDs: ids}
	}
	return ids[0], nil
}

func (c *Client) userIDsOf(ctx context.Context, email string) ([]string, error) {
	members, err := c.Members(ctx, MemberFilter{Email: email, NoRoles: true})
	var ids []string
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	return ids, err
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
