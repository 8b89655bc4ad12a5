package devintest

import (
	"crypto/tls"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is one way to misbehave. Its parts combine where that makes sense: what
// is answered (Status, Body, Header, RetryAfter, Rewrite, the paging ones), when
// (Delay), and how it gets there (CutBody, Reset, ResetMidBody, Hang, Drip).
type Fault struct {
	// Status replaces the true answer's. Unless there is a Body, or EmptyBody,
	// the answer is that status's ProblemDetail.
	Status int
	// Body replaces the true answer's, with status 200 unless Status is given.
	Body string
	// EmptyBody answers Status, or 200, with nothing.
	EmptyBody bool
	// ContentType replaces what is guessed from Body's first character.
	ContentType string
	// Header is added. "Connection: close" makes an HTTP/2 server send GOAWAY.
	Header http.Header
	// RetryAfter is the header's value.
	RetryAfter string
	// Rewrite edits the true answer's body.
	Rewrite func(body []byte) []byte

	// Delay comes before anything else.
	Delay time.Duration
	// Apply has the request take effect, whatever is answered.
	Apply bool
	// Reset breaks the connection without an answer (RST where possible).
	Reset bool
	// ResetMidBody does so after half of the body, CutBody closes there.
	ResetMidBody, CutBody bool
	// Hang never answers, until the client leaves or the server closes.
	Hang bool
	// Drip sends a byte at a time at this interval.
	Drip time.Duration

	// RepeatCursor answers each page with the cursor it was asked with.
	RepeatCursor bool
	// DropCursor says that there is more and gives no cursor.
	DropCursor bool
	// CursorCycle leads from each second page back to the first cursor.
	CursorCycle bool
	// EmptyPageWithMore answers no items, and a new cursor to the same place.
	EmptyPageWithMore bool
	// Oversize answers half as many items again as were asked for.
	Oversize bool

	// Beyond leaves requests unharmed before which there were fewer than so many
	// being answered, as a server under load does.
	Beyond int
	// Skip leaves the first requests that match unharmed.
	Skip int
	// Times is how many requests are harmed; 0 means all.
	Times int
	// Random harms a request with this probability only, drawn from Options.Seed;
	// 0 means always.
	Random float64
	// When, if set, must hold for the request too, for instance for its query.
	When func(*http.Request) bool
}

// Fault makes requests misbehave whose decoded path, without Options.Prefix,
// matches the pattern: exact, or with "*" for any text. The first fault that was
// registered and applies is the one a request meets.
func (s *Server) Fault(pathPattern string, f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, &registeredFault{Fault: f, pattern: pathPattern})
}

// ClearFaults takes back every fault.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

type registeredFault struct {
	Fault
	pattern     string
	seen, fired int
}

type faults struct {
	mu   sync.Mutex
	list []*registeredFault
	rng  *rand.Rand
}

func (l *faults) pick(c *call, inFlight int) *Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.list {
		if !matches(f.pattern, c.decoded) || inFlight <= f.Beyond || f.When != nil && !f.When(c.request) {
			continue
		}
		f.seen++
		if f.seen <= f.Skip || f.Times > 0 && f.fired >= f.Times {
			continue
		}
		if f.Random > 0 && l.rng.Float64() >= f.Random {
			continue
		}
		f.fired++
		return &f.Fault
	}
	return nil
}

// matches compares text with a pattern in which "*" stands for any text.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = after
	}
	return strings.HasSuffix(text, parts[len(parts)-1])
}

func (s *Server) misbehave(w http.ResponseWriter, c *call, f *Fault, e *entry) {
	if !s.wait(c.request, f.Delay) {
		s.drop(e)
	}
	if f.Apply {
		c.answer()
	}
	if f.Hang {
		select {
		case <-c.request.Context().Done():
		case <-s.done:
		}
		s.drop(e)
	}
	if f.Reset {
		s.reset(w, e)
		return
	}

	a := f.replace(c)
	if f.Rewrite != nil {
		a.body = f.Rewrite(a.body)
	}
	if f.RetryAfter != "" {
		a.retryAfter = f.RetryAfter
	}
	maps.Copy(w.Header(), f.Header)
	if !f.CutBody && !f.ResetMidBody && f.Drip == 0 {
		e.status.Store(int32(a.status))
		s.send(w, c.request, a, e)
		return
	}
	s.sendPartly(w, c, f, a, e)
}

// replace is the answer that the fault asks for, or the true one.
func (f *Fault) replace(c *call) answer {
	switch {
	case f.Body != "" || f.EmptyBody:
		a := answer{status: or(f.Status, http.StatusOK), contentType: f.ContentType, body: []byte(f.Body)}
		if a.contentType == "" {
			a.contentType = contentTypeOf(f.Body)
		}
		return a
	case f.Status != 0:
		a := c.problem(f.Status, "")
		if f.ContentType != "" {
			a.contentType = f.ContentType
		}
		return a
	}
	a := c.answer()
	if f.ContentType != "" {
		a.contentType = f.ContentType
	}
	return a
}

func contentTypeOf(body string) string {
	switch {
	case body == "":
		return ""
	case strings.HasPrefix(body, "<"):
		return "text/html; charset=utf-8"
	}
	return jsonType
}

func (s *Server) sendPartly(w http.ResponseWriter, c *call, f *Fault, a answer, e *entry) {
	s.head(w, c.request, &a)
	// In pieces it is never compressed: half a gzip stream would test the client's
	// gzip reader.
	delete(w.Header(), "Content-Encoding")
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	e.status.Store(int32(a.status))
	flush := http.NewResponseController(w).Flush
	w.WriteHeader(a.status)

	body := a.body
	if f.CutBody || f.ResetMidBody {
		body = body[:len(body)/2]
	}
	if f.Drip > 0 {
		for i := range body {
			if i == len(body)-1 {
				s.recorder.leave(e)
			}
			if _, err := w.Write(body[i : i+1]); err != nil || flush() != nil || !s.wait(c.request, f.Drip) {
				s.drop(e)
			}
		}
	} else if _, err := w.Write(body); err != nil {
		s.drop(e)
	}
	if f.CutBody || f.ResetMidBody {
		// Should the flush fail the client has gone, and sees no half of anything.
		_ = flush()
	}
	switch {
	case f.ResetMidBody:
		s.reset(w, e)
	case f.CutBody:
		s.drop(e)
	}
}

// drop closes the connection, or the HTTP/2 stream, as it is.
func (s *Server) drop(e *entry) {
	s.recorder.leave(e)
	panic(http.ErrAbortHandler)
}

// reset sends RST where the connection is plain HTTP/1, and drops it elsewhere.
func (s *Server) reset(w http.ResponseWriter, e *entry) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		s.drop(e)
	}
	s.recorder.leave(e)
	inner := conn
	if secure, ok := conn.(*tls.Conn); ok {
		inner = secure.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok {
		// Without lingering, closing discards what is unsent and sends RST.
		_ = tcp.SetLinger(0)
	}
	_ = inner.Close()
}
