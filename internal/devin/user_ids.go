package devin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// OwnUserIDs returns user ids in the form in which Devin has them. Terraform
// composes the characters of every text (é for e and an accent), so that an id of
// Devin's may come back changed. An e-mail address is an id only where a member has
// it for one: Devin reports nothing for any other, and says no more. Its error is an
// *EmailError then.
//
// The lists of members are read only where an id looks like an address or has
// characters beyond ASCII. Such an id that they do not have is returned as it is.
func (c *Client) OwnUserIDs(ctx context.Context, ids []string) ([]string, error) {
	own, open := slices.Clone(ids), map[string][]int{} // open has where a form is among the ids
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

// isAddress says that an id looks like an e-mail address. Ids such as
// email|ann@example.com do not.
func isAddress(id string) bool { return strings.Contains(id, "@") && !strings.Contains(id, "|") }

// EmailError says that an e-mail address stands for no user: no member has it for
// an id, or it is not the address of one member.
type EmailError struct {
	Email   string
	Index   int      // among the ids, where it was given for one
	UserIDs []string // of the members whose address it is, sorted
	Err     error    // why members could not be looked through; nil where they were
}

func (e *EmailError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("whether a member has the id %s could not be read: %v", e.Email, e.Err)
	}
	return fmt.Sprintf("%d members have the e-mail address %s", len(e.UserIDs), e.Email)
}

// Unwrap is why members could not be looked through.
func (e *EmailError) Unwrap() error { return e.Err }

// UserIDOf is the id of the one member with an e-mail address, in upper or lower
// case. Its error is an *EmailError where there is none, or several.
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
