package devintest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// call is one request on its way through the fake.
type call struct {
	server  *Server
	request *http.Request
	// path is escaped and lacks the prefix; segments are decoded.
	path     string
	mounted  bool
	segments []string
	escaped  bool
	paging   paging

	principal *Principal
	company   *company
	// id and orgID are what stands for the placeholders in the route's pattern.
	id, orgID string
	params    params
}

// answer is a whole response. Nothing is written before it is complete, so that
// a fault can take it apart.
type answer struct {
	status      int
	contentType string
	retryAfter  string
	body        []byte
}

func pattern(path string) []string { return strings.Split(path[1:], "/") }

// rawPath is the path as it was sent. URL.EscapedPath would hide a raw pipe by
// escaping it.
func rawPath(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		path, _, _ := strings.Cut(r.RequestURI, "?")
		return path
	}
	return r.URL.EscapedPath()
}

// splitPath decodes a path segment by segment, so that an id's %2F stays within
// its segment. It reports whether everything was escaped as it must be.
func splitPath(path string) (segments []string, ok bool) {
	ok = true
	segments = strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		// A proxy would resolve a raw dot segment and ask for something else.
		if segment == "." || segment == ".." {
			ok = false
		}
		for _, b := range []byte(segment) {
			ok = ok && (b == '%' || pathByte(b))
		}
		if !strings.Contains(segment, "%") {
			continue
		}
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			ok = false
			continue
		}
		segments[i] = decoded
	}
	return segments, ok
}

// pathByte reports whether RFC 3986 allows b unescaped within a segment.
func pathByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		strings.IndexByte("-._~!$&'()*+,;=:@", b) >= 0
}

func (c *call) find() *route {
	if !c.mounted || !strings.HasPrefix(c.path, "/") {
		return nil
	}
	var other *route // that has the path, and takes another method
	for i := range routes {
		if id, orgID, ok := routes[i].match(c.segments); ok {
			c.id, c.orgID, other = id, orgID, &routes[i]
			if routes[i].takes(c.request.Method) {
				break
			}
		}
	}
	return other
}

func (r *route) takes(method string) bool {
	return method == r.method || method == http.MethodGet && r.method == ""
}

func (r *route) match(segments []string) (id, orgID string, ok bool) {
	if len(segments) != len(r.pattern) {
		return "", "", false
	}
	for i, want := range r.pattern {
		switch {
		case want == "{}" && segments[i] != "":
			id = segments[i]
		case want == "{org}" && segments[i] != "":
			orgID = segments[i]
		case want != segments[i]:
			return "", "", false
		}
	}
	return id, orgID, true
}

// refuses says whether a key may not ask at the route.
func (r *route) refuses(p *Principal, orgID string) bool {
	switch {
	case r.permission == "":
		return false
	case p.OrgID != "" && (!r.ofOrganization || p.OrgID != orgID):
		return true
	}
	return !p.may(r.permission)
}

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
	if !c.escaped {
		return c.problem(http.StatusBadRequest, "The path is not percent-encoded")
	}
	route := c.find()
	switch {
	case route == nil:
		return c.unknownPath()
	case !route.takes(c.request.Method):
		return c.problem(http.StatusMethodNotAllowed, "Method Not Allowed")
	case c.principal == nil:
		return c.problem(or(q.BadKeyStatus, http.StatusForbidden), "Unauthorized")
	case route.refuses(c.principal, c.orgID):
		return c.denied()
	}
	if bad := c.params.parse(c, route); len(bad) > 0 {
		return c.invalid(bad)
	}
	c.company = c.server.company
	if c.principal.Empty {
		c.company = c.server.nobody
	}
	if c.orgID != "" && c.company.orgIndex(c.orgID) < 0 {
		return c.unknown(or(q.UnknownOrganization, http.StatusForbidden), "Organization not found")
	}
	return route.handle(c)
}

func (c *call) denied() answer {
	detail := c.server.opts.Quirks.PermissionDetail
	if detail == "" {
		detail = "You do not have permission to perform this action"
	}
	return c.problem(or(c.principal.DenyStatus, http.StatusForbidden), detail)
}

// knows says whether the route takes a query key; its list has "[]" after one that
// may be repeated.
func (r *route) knows(key string) bool {
	return slices.Contains(r.query, key) || slices.Contains(r.query, key+"[]")
}
