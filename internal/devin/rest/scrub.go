package rest

import (
	"errors"
	"regexp"
	"strings"
)

var keyLike = regexp.MustCompile(`cog_[A-Za-z0-9_-]+`)

// scrub takes keys out of text that came from a server: some echo what they
// were sent, or the part of it that follows the prefix.
func (c *Client) scrub(text string) string {
	text = strings.ReplaceAll(text, *c.key.secret, "(key)")
	const telling = 8 // bytes; less is no secret, and may stand anywhere
	if body := strings.TrimPrefix(*c.key.secret, "cog_"); len(body) >= telling {
		text = strings.ReplaceAll(text, body, "(key)")
	}
	return keyLike.ReplaceAllString(text, "cog_(...)")
}

func (c *Client) scrubbed(err error) error {
	if text := c.scrub(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}
