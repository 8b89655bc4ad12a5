package rest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Versions of the API that a request may belong to.
const (
	V3      = "v3"
	V3Beta1 = "v3beta1"
)

// Request is a request to read or to change something.
type Request struct {
	Method     string     // empty is GET
	Version    string     // empty is V3
	Path       []string   // elements below the version, not escaped
	Query      url.Values // for a list, without first and after
	Body       any        // sent as JSON; nil is no body
	Permission *Permission
	// Shared lets callers of the same request share its answer, until some minutes after
	// it came.
	Shared bool
	// Limit is the most items that Collect may keep of a list; more are a
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

// repeatable reports whether the request may be sent again although it may have arrived:
// sent twice, it has the same effect.
func (r Request) repeatable() bool { return r.method() != http.MethodPost }

// answeredBy reports whether a 2xx status means that the answer is complete. 206 comes with
// a part of it, and 202 before it. 203 is a 200 that a proxy has changed.
func (r Request) answeredBy(status int) bool {
	switch status {
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
		return true
	case http.StatusCreated, http.StatusNoContent:
		return !r.reads()
	}
	return false
}

func (r Request) body() ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	return json.Marshal(r.Body, json.Deterministic(true))
}

// newError returns the Error of a request that has got no answer yet.
func (c *Client) newError(r Request, u *url.URL, kind, cause error) *Error {
	e := &Error{Method: r.method(), Host: u.Host, Path: c.path(u), Permission: r.Permission}
	return e.fail(kind, cause, false)
}

// path returns a URL's path for messages. It is redacted, since a user may have given the
// key in place of an id.
func (c *Client) path(u *url.URL) string { return c.keyForms.replace(u.EscapedPath()) }

// Address returns the path of a request as an Error shows it; empty if an id in it cannot
// be part of a path.
func (c *Client) Address(r Request) string {
	u, err := c.url(r)
	if err != nil {
		return ""
	}
	return c.path(u)
}

// url builds the URL from escaped elements: user ids contain `|` and `/`, and names of
// groups spaces. Its error is an ErrInvalidID.
func (c *Client) url(r Request) (*url.URL, error) {
	version := r.Version
	if version == "" {
		version = V3
	}
	u := &url.URL{
		Scheme: c.base.Scheme, Host: c.base.Host, RawQuery: r.Query.Encode(),
		Path: c.base.Path + "/" + version, RawPath: c.base.EscapedPath() + "/" + version,
	}
	for _, element := range r.Path {
		// Some servers and proxies resolve dots even if they are escaped, which would lead
		// to another path.
		if element == "" || element == "." || element == ".." {
			bad := fmt.Errorf("%q cannot be an id: it cannot be put into a URL's path", element)
			return nil, c.newError(r, u, ErrInvalidID, bad)
		}
		u.Path += "/" + element
		u.RawPath += "/" + url.PathEscape(element)
	}
	return u, nil
}

// Get reads, decodes and checks one answer: fields with the tag `api:"required"` must be
// there, and T's method Check() error, if there is one, must return nil. Callers of the
// same request that is Shared get the same *T, so they must not write to it.
func Get[T any](ctx context.Context, c *Client, r Request) (*T, error) {
	u, err := c.url(r)
	if err != nil {
		return nil, err
	}
	fetch := func(ctx context.Context) (any, int, error) {
		var result *T
		size := 0
		err := c.perform(ctx, r, u, func(body []byte) error {
			result, size = new(T), len(body) // new for each try: a broken answer leaves fields set
			return decode(body, result)
		})
		return result, size, err
	}
	var value any
	if r.Shared {
		value, err = c.cache.do(ctx, u.RequestURI(), fetch)
	} else {
		value, _, err = fetch(ctx)
	}
	if err != nil {
		return nil, err
	}
	result, ok := value.(*T)
	if !ok {
		return nil, fmt.Errorf("devin: %s was read as two different types", u.RequestURI())
	}
	return result, nil
}

// Raw reads one answer and returns its body, unchecked. The answer is not shared.
func Raw(ctx context.Context, c *Client, r Request) ([]byte, error) {
	u, err := c.url(r)
	if err != nil {
		return nil, err
	}
	var body []byte
	err = c.perform(ctx, r, u, func(answer []byte) error {
		body = bytes.Clone(answer)
		return nil
	})
	return body, err
}

// Send makes a change, and returns when Devin has confirmed it: with 204, or with
// another 2xx and a JSON body. It drops all kept answers, also if the change failed,
// since it may have arrived. A client that is ReadOnly returns ErrReadOnly.
func Send(ctx context.Context, c *Client, r Request) error {
	u, err := c.url(r)
	if err != nil {
		return err
	}
	if c.readOnly {
		return fmt.Errorf("%s %s: %w", r.method(), c.path(u), ErrReadOnly)
	}
	defer c.cache.clear()
	return c.perform(ctx, r, u, func(body []byte) error { return decode(body, new(jsontext.Value)) })
}

// With returns a copy of the request with one parameter of the query set or replaced.
func (r Request) With(name, value string) Request {
	r.Query = maps.Clone(r.Query)
	if r.Query == nil {
		r.Query = url.Values{}
	}
	r.Query.Set(name, value)
	return r
}

// Permission is a permission that a role must grant for an endpoint to answer.
// https://docs.devin.ai/api-reference/v3/overview
type Permission struct {
	// Name is the permission's name in Devin's older documentation and in the
	// connectors that import the same data.
	Name string
	// NewerName is the name in Devin's newer documentation; empty where it did
	// not change. Devin is moving from one to the other, page by page.
	NewerName string
}

// String returns the permission as messages show it, with both names.
func (p *Permission) String() string {
	if p.NewerName == "" {
		return p.Name
	}
	return p.Name + " (newer name: " + p.NewerName + ")"
}
