package devintest

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	defaultMembers  = 40
	defaultPageSize = 7
)

// Options say what a fake is made of. The zero value is a company of forty
// people, served in pages of seven so that its member lists cross pages.
type Options struct {
	// Seed makes the data. The same seed, Members and Now make the same company.
	Seed uint64
	// Members is the number of people, including those known only through the
	// identity provider; 0 means 40.
	Members int
	// ServiceUsers is how many are active; 0 means 3. Two more are not.
	ServiceUsers int
	// Uniform makes a company of a known size, for benchmarks: all members are
	// direct ones with two roles, joined before the first day, and consume every day.
	Uniform bool
	// PageSize is the maximum number of items on a page, whatever `first` is; 0 means 7.
	PageSize int
	// Now is the clock; nil means time.Now. The company's history reaches from
	// twelve billing cycles before the current one to Now.
	Now func() time.Time
	// Prefix is a path the API is mounted under, such as "/api".
	Prefix string
	// RequestsPerMinute, if set, limits the requests in each minute of the clock.
	// Those beyond it get 429, without Retry-After.
	RequestsPerMinute int
	// Latency is added to every request.
	Latency time.Duration
	// Gzip compresses answers for clients that accept it.
	Gzip bool
	// Quirks choose among the readings of what the API leaves undocumented.
	Quirks Quirks
	// Forget keeps no record of the requests, for a fake that runs for a long time.
	Forget bool
	// Wrap, if set, is put around the fake by Start and StartTLS.
	Wrap func(http.Handler) http.Handler
	// Log, if set, is called after every request, with an empty Key.
	Log func(Request, time.Duration)
}

// Server is the fake. It is an http.Handler, safe for concurrent use.
type Server struct {
	// URL is the base URL, Options.Prefix included, once Start or StartTLS has run.
	URL string

	opts    Options
	company *company
	// empty is the company of a key without resources.
	empty *company

	keys     keyring
	limits   limits
	limiter  limiter
	faults   faults
	moves    moves
	recorder recorder
	serial   atomic.Uint64

	done chan struct{}
	stop sync.Once
	web  *httptest.Server
}

// New makes a fake that is not served yet.
func New(opts Options) *Server {
	if opts.Members == 0 {
		opts.Members = defaultMembers
	}
	if opts.PageSize == 0 {
		opts.PageSize = defaultPageSize
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.Prefix = strings.TrimRight(opts.Prefix, "/")

	opts.Quirks = opts.Quirks.resolved()

	s := &Server{
		opts:    opts,
		company: newCompany(&opts),
		empty:   newEmpty(&opts),
		done:    make(chan struct{}),
	}
	s.limits.set = newLimits()
	s.keys.issue(s.company)
	s.faults.rng = rand.New(rand.NewPCG(opts.Seed, 0xfa17))
	return s
}

// Close ends the requests that a fault or latency holds. After Start and StartTLS
// it is called by itself.
func (s *Server) Close() {
	s.stop.Do(func() { close(s.done) })
}

// ServeHTTP answers as the API would, unless a fault says otherwise.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := rawPath(r)
	entry := s.recorder.arrive(r, path, s.opts.Forget)
	started := time.Now()
	defer func() {
		s.recorder.leave(entry)
		if s.opts.Log != nil {
			request := entry.request()
			request.Key = ""
			s.opts.Log(request, time.Since(started))
		}
	}()
	if !s.wait(r, s.opts.Latency) {
		panic(http.ErrAbortHandler)
	}

	w.Header().Set("Date", s.opts.Now().UTC().Format(http.TimeFormat))
	c := s.newCall(r, path)
	if !s.limiter.allows(s.opts.RequestsPerMinute, s.opts.Now()) {
		s.send(w, r, c.problem(http.StatusTooManyRequests, "Too many requests"), entry)
		return
	}
	if fault := s.faults.pick(c, entry.inFlight); fault != nil {
		c.fault = *fault
		s.misbehave(w, c, fault, entry)
		return
	}
	s.send(w, r, c.answer(), entry)
}

// wait waits for d. It returns false if the client leaves or the fake is closed.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-s.done:
		return false
	}
}

// limiter counts the requests of each minute of the clock, as gateways do.
type limiter struct {
	mu     sync.Mutex
	minute time.Time
	count  int
}

func (l *limiter) allows(perMinute int, now time.Time) bool {
	if perMinute <= 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute, l.count = minute, 0
	}
	l.count++
	return l.count <= perMinute
}
