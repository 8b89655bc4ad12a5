package devintest

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Request is a request that the fake received.
type Request struct {
	Method string
	// Path is escaped as it was sent, Options.Prefix included.
	Path  string
	Query url.Values
	Key   string
	// Header lacks Authorization.
	Header http.Header
	// Body is what was sent, empty for a GET.
	Body string
	// Status is the answer's; 0 before the answer, and if a fault prevents one.
	Status int
}

// entry is a request in the record. Its Query is parsed when the record is read.
type entry struct {
	Request
	rawQuery string
	// inFlight is how many requests were being answered when it came, with itself.
	inFlight int
	left     bool
}

func (e *entry) request() Request {
	r := e.Request
	// A malformed query is recorded as far as it can be parsed.
	r.Query, _ = url.ParseQuery(e.rawQuery)
	return r
}

type recorder struct {
	mu                          sync.Mutex
	entries                     []*entry
	inFlight, most, connections int
}

func (l *recorder) arrive(r *http.Request, path string, forget bool) *entry {
	e := &entry{Request: Request{Method: r.Method, Path: path, Key: bearer(r.Header), Header: r.Header.Clone()}, rawQuery: r.URL.RawQuery}
	e.Header.Del("Authorization")
	if r.Method != http.MethodGet {
		// A body that breaks off is recorded as far as it was read.
		body, _ := io.ReadAll(r.Body)
		e.Body, r.Body = string(body), io.NopCloser(bytes.NewReader(body))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight++
	l.most = max(l.most, l.inFlight)
	e.inFlight = l.inFlight
	if forget {
		return e
	}
	// A client sends the same headers every time. Sharing them keeps the record of
	// 50,000 requests at a few megabytes.
	if n := len(l.entries); n > 0 && maps.EqualFunc(e.Header, l.entries[n-1].Header, slices.Equal[[]string]) {
		e.Header = l.entries[n-1].Header
	}
	l.entries = append(l.entries, e)
	return e
}

// leave ends a request's time in flight. It is called before the last byte of the
// answer is written, since a client that limits its requests in flight may send the
// next one as soon as it has read that byte.
func (l *recorder) leave(e *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !e.left {
		e.left = true
		l.inFlight--
	}
}

func (l *recorder) setStatus(e *entry, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Status = status
}

// number is one of the counts.
func (l *recorder) number(of *int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return *of
}

// Requests are the recorded requests, in order of arrival.
func (s *Server) Requests() []Request {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	requests := make([]Request, len(s.recorder.entries))
	for i, e := range s.recorder.entries {
		requests[i] = e.request()
	}
	return requests
}

// Count is the number of requests whose decoded path, without Options.Prefix,
// matches the pattern; "*" in it stands for any text.
func (s *Server) Count(pattern string) int {
	n := 0
	for _, r := range s.Requests() {
		path := strings.TrimPrefix(r.Path, s.opts.Prefix)
		if decoded, err := url.PathUnescape(path); err == nil {
			path = decoded
		}
		if matches(pattern, path) {
			n++
		}
	}
	return n
}

// InFlight is the number of requests being answered now.
func (s *Server) InFlight() int { return s.recorder.number(&s.recorder.inFlight) }

// MostInFlight is the largest number of requests that were answered at a time.
func (s *Server) MostInFlight() int { return s.recorder.number(&s.recorder.most) }

// Connections is the number of connections that clients opened.
func (s *Server) Connections() int { return s.recorder.number(&s.recorder.connections) }

// ResetRequests clears the record and restarts the counts.
func (s *Server) ResetRequests() {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	s.recorder.entries = nil
	s.recorder.most = s.recorder.inFlight
	s.recorder.connections = 0
}
