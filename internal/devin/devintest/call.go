package devintest

import (
	"net/http"
	"net/url"
	"strings"
)

// call is one request on its way through the fake.
type call struct {
	server  *Server
	request *http.Request
	// path is escaped and lacks the prefix, decoded is it unescaped.
	path, decoded string
	mounted       bool
	// fault is the fault that the request meets, zero if none.
	fault Fault

	principal *Principal
	company   *company
	route     *route
	// id and orgID are the values of the placeholders in the route's pattern.
	id, orgID string
	// org is the index of orgID, nowhere for the enterprise.
	org int8
	// query, first and window are what the query parameters say.
	query  url.Values
	first  int
	window window
}

// newCall is the call before it is routed.
func (s *Server) newCall(r *http.Request, path string) *call {
	c := &call{server: s, request: r, path: strings.TrimPrefix(path, s.opts.Prefix)}
	c.mounted = s.opts.Prefix == "" || len(c.path) < len(path)
	// What cannot be decoded is refused later, and matches no fault.
	c.decoded, _ = url.PathUnescape(c.path)
	return c
}

// rawPath is the path as it was sent. URL.EscapedPath would hide a raw pipe by
// escaping it.
func rawPath(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		path, _, _ := strings.Cut(r.RequestURI, "?")
		return path
	}
	return r.URL.EscapedPath()
}

// escaped reports whether everything in the path is escaped as it must be.
func (c *call) escaped() bool {
	for segment := range strings.SplitSeq(c.path, "/") {
		// A proxy would resolve a raw dot segment and ask for something else.
		if segment == "." || segment == ".." {
			return false
		}
		for _, b := range []byte(segment) {
			if b != '%' && !pathByte(b) {
				return false
			}
		}
	}
	return c.decoded != "" || c.path == ""
}

// pathByte reports whether RFC 3986 allows b unescaped within a segment.
func pathByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		strings.IndexByte("-._~!$&'()*+,;=:@", b) >= 0
}

// find sets the call's route, or returns why it has none.
func (c *call) find() (refused answer, ok bool) {
	if !c.mounted || !strings.HasPrefix(c.path, "/") {
		return c.unknownPath(), false
	}
	m := &match{header: http.Header{}}
	// The mux gets the escaped path as if it were not escaped: it would take a
	// segment %2F for the end of the path.
	routes.ServeHTTP(m, &http.Request{Method: c.request.Method, URL: &url.URL{Path: c.path}})
	switch {
	case m.route != nil && c.request.Method == http.MethodHead:
		m.status = http.StatusMethodNotAllowed
		m.header.Set("Allow", http.MethodGet)
	case m.route != nil:
		c.route = m.route
		// The whole path could be unescaped, and so can its segments.
		c.id, _ = url.PathUnescape(m.id)
		c.orgID, _ = url.PathUnescape(m.orgID)
		return answer{}, true
	}
	if m.status == http.StatusMethodNotAllowed {
		a := c.problem(m.status, "Method Not Allowed")
		// The mux answers HEAD wherever it answers GET. The API does not.
		a.allow = strings.Replace(m.header.Get("Allow"), ", HEAD", "", 1)
		return a, false
	}
	return c.unknownPath(), false
}

// answer is the answer without a fault.
func (c *call) answer() answer {
	q := &c.server.opts.Quirks
	c.principal = c.server.keys.holder(c.request.Header)
	if p := c.principal; p != nil && p.Status != 0 {
		a := c.problem(p.Status, "")
		if p.Status == http.StatusTooManyRequests && !q.NoRetryAfter {
			a.retryAfter = "1"
		}
		return a
	}
	if !c.escaped() {
		return c.problem(http.StatusBadRequest, "The path is not percent-encoded")
	}
	if refused, ok := c.find(); !ok {
		return refused
	}
	switch {
	case c.principal == nil:
		return c.problem(or(q.BadKeyStatus, http.StatusForbidden), "Unauthorized")
	case c.route.refuses(c.principal, c.orgID):
		return c.denied()
	}
	if bad := c.parseQuery(); len(bad) > 0 {
		return c.invalid(bad)
	}
	c.company = c.server.company
	if c.principal.Empty {
		c.company = c.server.empty
	}
	if c.org = c.company.orgIndex(c.orgID); c.orgID != "" && c.org == nowhere {
		return c.unknown(or(q.UnknownOrganization, http.StatusForbidden), "Organization not found")
	}
	return c.route.handle(c)
}
