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

// Fault is what goes wrong with a request: what is answered (Status to Rewrite, and
// the cursors and pages), when (Delay), and how the answer is sent (Reset to Drip).
// The parts combine.
type Fault struct {
	// Status replaces the answer's status, and its body, without Body or EmptyBody,
	// with a ProblemDetail.
	Status int
	// Body replaces the answer's body, with status 200 unless Status is set.
	Body string
	// EmptyBody replaces the answer's body with an empty one.
	EmptyBody bool
	// ContentType replaces what is guessed from Body's first character.
	ContentType string
	// Header is added. "Connection: close" makes an HTTP/2 server send GOAWAY.
	Header http.Header
	// RetryAfter is the value of Retry-After.
	RetryAfter string
	// Rewrite edits the answer's body.
	Rewrite func(body []byte) []byte

	// Delay comes before anything else.
	Delay time.Duration
	// Apply performs the request, although another answer is given.
	Apply bool
	// Reset breaks the connection without an answer (RST where possible).
	Reset bool
	// ResetMidBody breaks it, and CutBody closes it, after half of the body.
	ResetMidBody, CutBody bool
	// Hang never answers, until the client leaves or the server closes.
	Hang bool
	// Drip is the interval between the bytes of the body.
	Drip time.Duration

	// RepeatCursor gives each page the cursor of its own request.
	RepeatCursor bool
	// DropCursor announces another page without a cursor.
	DropCursor bool
	// CursorCycle leads from each second page back to the first cursor.
	CursorCycle bool
	// EmptyPageWithMore answers without items, with another cursor for the same place.
	EmptyPageWithMore bool
	// Oversize answers with one and a half times as many items as `first`.
	Oversize bool

	// Beyond limits the fault to requests that come while so many others are being
	// answered, as with a server under load.
	Beyond int
	// Skip is how many matching requests come before the first with the fault.
	Skip int
	// Times is how many requests have the fault; 0 means all.
	Times int
	// Random is the probability of the fault, drawn from Options.Seed; 0 means always.
	Random float64
	// When, if set, must hold for the request too, for instance for its query.
	When func(*http.Request) bool
}

// Fault registers a fault for the requests whose decoded path, without
// Options.Prefix, matches the pattern: exact, or with "*" for any text. A request
// meets the first registered fault that applies.
func (s *Server) Fault(pathPattern string, f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, &registeredFault{Fault: f, pattern: pathPattern})
}

// ClearFaults removes all faults.
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

// pick is the fault that a call meets, nil if none.
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

// misbehave answers with a fault.
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

	a := f.answer(c)
	maps.Copy(w.Header(), f.Header)
	if !f.CutBody && !f.ResetMidBody && f.Drip == 0 {
		s.send(w, c.request, a, e)
		return
	}
	s.sendPartly(w, c, f, a, e)
}

// answer is the answer that replaces the call's, or that one.
func (f *Fault) answer(c *call) (a answer) {
	switch {
	case f.Body != "" || f.EmptyBody:
		a = answer{status: or(f.Status, http.StatusOK), contentType: contentTypeOf(f.Body), body: []byte(f.Body)}
	case f.Status != 0:
		a = c.problem(f.Status, "")
	default:
		a = c.answer()
	}
	a.contentType = or(f.ContentType, a.contentType)
	a.retryAfter = or(f.RetryAfter, a.retryAfter)
	if f.Rewrite != nil {
		a.body = f.Rewrite(a.body)
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

// sendPartly sends half of an answer, or drips it.
func (s *Server) sendPartly(w http.ResponseWriter, c *call, f *Fault, a answer, e *entry) {
	s.head(w, c.request, &a)
	// Never compressed: half a gzip stream would test the client's gzip reader.
	w.Header().Del("Content-Encoding")
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	s.recorder.setStatus(e, a.status)
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
		// An error means that the client has gone.
		_ = flush()
	}
	switch {
	case f.ResetMidBody:
		s.reset(w, e)
	case f.CutBody:
		s.drop(e)
	}
}

// drop closes the connection, or the HTTP/2 stream.
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
