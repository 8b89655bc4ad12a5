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
	"sync/atomic"
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

type entry struct {
	method, path, rawQuery string
	body                   string
	header                 http.Header
	status                 atomic.Int32
	// inFlight is how many requests were being answered when it came, with itself.
	inFlight int
	// left is touched by the request's own goroutine only.
	left bool
}

func (e *entry) request() Request {
	// A malformed query is still a request; what could be read of it is shown.
	query, _ := url.ParseQuery(e.rawQuery)
	header := e.header.Clone()
	header.Del("Authorization")
	return Request{
		Method: e.method, Path: e.path, Query: query,
		Key: bearer(e.header), Header: header, Body: e.body, Status: int(e.status.Load()),
	}
}

type recorder struct {
	mu      sync.Mutex
	entries []*entry

	inFlight    atomic.Int64
	most        atomic.Int64
	connections atomic.Int64
}

func (l *recorder) arrive(r *http.Request, path string, forget bool) *entry {
	now := l.inFlight.Add(1)
	for most := l.most.Load(); now > most && !l.most.CompareAndSwap(most, now); most = l.most.Load() {
	}
	e := &entry{method: r.Method, path: path, rawQuery: r.URL.RawQuery, header: r.Header, inFlight: int(now)}
	if r.Method != http.MethodGet {
		// A body that breaks off is still what was sent.
		body, _ := io.ReadAll(r.Body)
		e.body, r.Body = string(body), io.NopCloser(bytes.NewReader(body))
	}
	if forget {
		return e
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// One client sends the same headers every time. Sharing them keeps the record
	// of 50,000 requests at a few megabytes.
	if n := len(l.entries); n > 0 && maps.EqualFunc(e.header, l.entries[n-1].header, slices.Equal[[]string]) {
		e.header = l.entries[n-1].header
	}
	l.entries = append(l.entries, e)
	return e
}

// leave ends a request's time in flight. It is called before the last byte of the
// answer is written, since a client that limits its requests in flight may send the
// next one as soon as it has read that byte.
func (l *recorder) leave(e *entry) {
	if !e.left {
		e.left = true
		l.inFlight.Add(-1)
	}
}

func (l *recorder) all() []*entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}

// Requests are the recorded requests, in order of arrival.
func (s *Server) Requests() []Request {
	entries := s.recorder.all()
	requests := make([]Request, len(entries))
	for i, e := range entries {
		requests[i] = e.request()
	}
	return requests
}

// Count is the number of requests whose decoded path, without Options.Prefix,
// matches the pattern; "*" in it stands for any text.
func (s *Server) Count(pattern string) int {
	n := 0
	for _, e := range s.recorder.all() {
		path := strings.TrimPrefix(e.path, s.opts.Prefix)
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
func (s *Server) InFlight() int { return int(s.recorder.inFlight.Load()) }

// MostInFlight is the largest number of requests that were answered at a time.
func (s *Server) MostInFlight() int { return int(s.recorder.most.Load()) }

// Connections is the number of connections that clients opened.
func (s *Server) Connections() int { return int(s.recorder.connections.Load()) }

// ResetRequests clears the record and restarts the counts.
func (s *Server) ResetRequests() {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	s.recorder.entries = nil
	s.recorder.most.Store(s.recorder.inFlight.Load())
	s.recorder.connections.Store(0)
}
