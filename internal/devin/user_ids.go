package devin

import (
	"context"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// OwnUserIDs are user ids in the form in which Devin has them. Terraform composes
// the characters of every text (é for e and an accent), so that an id of Devin's
// may come back changed. Only where one has characters beyond ASCII is the list
// of members read for its form. Unsure are those that the list does not have, or
// all of them where it may not be read.
func (c *Client) OwnUserIDs(ctx context.Context, ids []string) (own []string, unsure map[string]bool, err error) {
	open := map[string]int{} // ids that Terraform may have changed, and where they are
	own, unsure = append([]string{}, ids...), map[string]bool{}
	for i, id := range ids {
		if !isASCII(id) {
			open[norm.NFC.String(id)], unsure[id] = i, true
		}
	}
	if len(open) == 0 {
		return own, unsure, nil
	}
	for m, err := range c.eachMember(ctx, MemberFilter{onlyNamed: true}) {
		switch {
		case errors.Is(err, ErrForbidden), errors.Is(err, ErrUnauthorized):
			return own, unsure, nil
		case err != nil:
			return nil, nil, err
		case isASCII(m.UserID):
			continue
		}
		if i, ok := open[norm.NFC.String(m.UserID)]; ok {
			own[i] = m.UserID
			delete(unsure, ids[i])
		}
		if len(unsure) == 0 {
			break
		}
	}
	return own, unsure, nil
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
