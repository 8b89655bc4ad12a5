package rest

import (
	"fmt"
	"net/http"
	"net/url"
)

// Request is one question to the API; all of them are GET.
type Request struct {
	Path       []string // elements below /v3, not escaped
	Query      url.Values
	Permission *Permission // what the endpoint demands
}

// failed is the error of a request that got no answer of its own.
func (r Request) failed(u *url.URL, kind, cause error) *Error {
	e := &Error{Method: http.MethodGet, Host: u.Host, Path: u.EscapedPath(), Permission: r.Permission}
	return e.because(kind, cause, false)
}

// Address is the path of a request as it is sent, escaped, without the query;
// empty where the request has an id that no path can carry.
func (c *Client) Address(r Request) string {
	u, err := c.url(r)
	if err != nil {
		return ""
	}
	return u.EscapedPath()
}

// url builds the address from escaped elements: user ids contain `|` and `/`,
// group names spaces.
func (c *Client) url(r Request) (*url.URL, error) {
	plain, escaped := c.base.Path+"/v3", c.base.EscapedPath()+"/v3"
	for _, element := range r.Path {
		// Dots alone cannot be escaped so that every server and proxy on the
		// way reads them as a name: they would climb out of the segment.
		if element == "" || element == "." || element == ".." {
			bad := fmt.Errorf("%q cannot be an id: it cannot be put into a URL's path", element)
			return nil, r.failed(&url.URL{Host: c.base.Host, Path: escaped}, ErrRejected, bad)
		}
		plain += "/" + element
		escaped += "/" + url.PathEscape(element)
	}
	return &url.URL{Scheme: c.base.Scheme, Host: c.base.Host, Path: plain, RawPath: escaped, RawQuery: r.Query.Encode()}, nil
}
