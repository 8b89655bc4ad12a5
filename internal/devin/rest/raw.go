package rest

import (
	"bytes"
	"context"
)

// Raw asks once and returns the body of the answer as it came: not decoded, not
// checked and not shared. It is for package contract, which looks at what the API
// sends before anything else has an opinion of it.
func Raw(ctx context.Context, c *Client, r Request) ([]byte, error) {
	u, err := c.url(r)
	if err != nil {
		return nil, err
	}
	var raw []byte
	_, err = c.perform(ctx, r, u, func(_ context.Context, body []byte) error {
		raw = bytes.Clone(body)
		return nil
	})
	return raw, err
}
