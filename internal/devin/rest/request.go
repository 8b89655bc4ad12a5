package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Versions of the API that a request may belong to.
const (
	V3      = "v3"
	V3Beta1 = "v3beta1"
)

// Request is one question to the API, or one change.
type Request struct {
	Method     string     // empty is GET
	Version    string     // empty is V3
	Path       []string   // elements below the version, not escaped
	Query      url.Values // the pages of a list set first and after themselves
	Body       any        // sent as JSON; nil is no body
	Permission *Permission
	// Shared lets another asker of the same question have the answer, now or
	// later. It is for answers that a moment more or less does not make wrong.
	Shared bool
	// Limit is the most items that a list may have; a longer one is a
	// LongListError. 0 is no limit.
	Limit int
	// PageSize is the most items that a page of a list may have; 0 is 200,
	// which most lists take.
	PageSize int
}

func (r Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

func (r Request) reads() bool { return r.method() == http.MethodGet }

// repeatable says whether the request may be sent again although it may have
// arrived: sent twice, it comes to the same as sent once.
func (r Request) repeatable() bool { return r.method() != http.MethodPost }

// answeredBy says whether a 2xx is an answer to the request: 206 has a part of
// it, and 202 promises one.
func (r Request) answeredBy(status int) bool {
	if r.reads() {
		return status == http.StatusOK
	}
	return status == http.StatusOK || status == http.StatusCreated || status == http.StatusNoContent
}

func (r Request) body() ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	return json.Marshal(r.Body)
}

// failed is the error of a request that got no answer of its own.
func (r Request) failed(u *url.URL, kind, cause error) *Error {
	e := &Error{Method: r.method(), Host: u.Host, Path: u.EscapedPath(), Permission: r.Permission}
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
	version := r.Version
	if version == "" {
		version = V3
	}
	plain, escaped := c.base.Path+"/"+version, c.base.EscapedPath()+"/"+version
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
