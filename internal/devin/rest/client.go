package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Defaults of a Config's fields that are zero.
const (
	DefaultBaseURL               = "https://api.devin.ai"
	DefaultRequestTimeout        = 60 * time.Second
	DefaultMaxConcurrentRequests = 16
	DefaultMaxRetries            = 4
)

const (
	maxAnswer = 64 << 20  // bytes of a 2xx body; a page of 200 members has some 100 KB
	maxError  = 256 << 10 // bytes of any other body
)

// Config is what a Client needs to know.
type Config struct {
	// BaseURL comes from ParseBaseURL; nil is DefaultBaseURL.
	BaseURL *url.URL
	// Key is sent to BaseURL's host and nowhere else.
	Key Key
	// UserAgent is sent with each request.
	UserAgent string
	// MaxRetries is how often a failed request is sent again; negative is
	// DefaultMaxRetries.
	MaxRetries int
	// RequestTimeout bounds each try, the reading of its answer included.
	RequestTimeout time.Duration
	// MaxConcurrentRequests bounds what is in flight, over all callers.
	MaxConcurrentRequests int
	// RequestsPerSecond bounds how often a request starts; 0 is no bound.
	RequestsPerSecond float64
	// Logger gets one DEBUG record a try and a WARN record for each wait. nil is silence.
	Logger *slog.Logger
	// Transport replaces the client's own, in tests.
	Transport http.RoundTripper
	// Clock replaces the machine's, in tests.
	Clock Clock
}

// Client reads the Devin API. It is safe for concurrent use; every caller
// shares its bound on requests in flight, and the same question asked twice is
// sent once.
type Client struct {
	base      *url.URL
	key       Key
	userAgent string
	retries   int
	timeout   time.Duration
	http      *http.Client
	throttle  *throttle
	memo      *memo
	log       *slog.Logger
	clock     Clock
}

// New makes a Client. It sends nothing.
func New(cfg Config) (*Client, error) {
	if cfg.Key.secret == nil {
		return nil, ErrNoKey
	}
	if cfg.BaseURL == nil {
		cfg.BaseURL, _ = ParseBaseURL(DefaultBaseURL)
	}
	if cfg.MaxRetries < 0 {
		cfg.MaxRetries = DefaultMaxRetries
	}
	if cfg.RequestTimeout <= 0 {
		cfg.RequestTimeout = DefaultRequestTimeout
	}
	if cfg.MaxConcurrentRequests <= 0 {
		cfg.MaxConcurrentRequests = DefaultMaxConcurrentRequests
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Clock == nil {
		cfg.Clock = systemClock{}
	}
	if cfg.Transport == nil {
		cfg.Transport = NewTransport(cfg.MaxConcurrentRequests)
	}
	limit := rate.Inf
	if cfg.RequestsPerSecond > 0 {
		limit = rate.Limit(cfg.RequestsPerSecond)
	}
	return &Client{
		base:      cfg.BaseURL,
		key:       cfg.Key,
		userAgent: cfg.UserAgent,
		retries:   cfg.MaxRetries,
		timeout:   cfg.RequestTimeout,
		http:      &http.Client{Transport: cfg.Transport, CheckRedirect: stayOnHost},
		throttle:  newThrottle(cfg.MaxConcurrentRequests, limit, cfg.Clock),
		memo:      newMemo(maxKept),
		log:       cfg.Logger,
		clock:     cfg.Clock,
	}, nil
}

// Now is the client's idea of the present.
func (c *Client) Now() time.Time { return c.clock.Now() }

// Logger is where the client logs to.
func (c *Client) Logger() *slog.Logger { return c.log }

// MaxConcurrentRequests is how many requests may be in flight at the most.
func (c *Client) MaxConcurrentRequests() int { return c.throttle.bound() }

// Close drops the connections that are kept for further requests.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// NewTransport keeps as many idle connections as may be in use at once:
// net/http's own two per host would close and reopen the others all the time.
func NewTransport(concurrent int) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          concurrent,
		MaxIdleConnsPerHost:   concurrent,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// ParseBaseURL reads the address of the API. A path prefix is kept, trailing
// slashes are dropped. Plain http is for loopback only, since every request
// carries the key.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Opaque != "", u.Hostname() == "":
		return nil, fmt.Errorf("it is not a URL such as %s", DefaultBaseURL)
	case u.User != nil:
		return nil, errors.New("it must not have a user name or password in it; the key has a setting of its own")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it must not have a query (?...)")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, errors.New("it must not have a fragment (#...)")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("plain http would send the key in clear text; it is accepted for loopback addresses only, so use https")
	}
	clean := &url.URL{Scheme: u.Scheme, Host: u.Host}
	// Trimmed as it is written: an escaped slash at the end belongs to a name.
	clean.RawPath = strings.TrimRight(u.EscapedPath(), "/")
	clean.Path, err = url.PathUnescape(clean.RawPath)
	return clean, err
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// A redirect is followed on the same scheme, host and port; elsewhere it would
// take the key along, or come back with something that is not the API.
func stayOnHost(next *http.Request, via []*http.Request) error {
	const most = 5
	first := via[0].URL
	if next.URL.Scheme != first.Scheme || next.URL.Host != first.Host || len(via) > most {
		return http.ErrUseLastResponse
	}
	return nil
}

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

// try sends a request once. It returns the body's length and the API's id for
// the request beside the error.
func (c *Client) try(ctx context.Context, r Request, u *url.URL, decode func([]byte) error) (n int64, id string, failure *Error) {
	failure = r.failed(u, nil, nil)
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, failure.Method, u.String(), nil)
	if err != nil {
		return 0, "", failure.because(ErrRejected, err, true)
	}
	req.Header.Set("Authorization", "Bearer "+*c.key.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)

	resp, err := c.http.Do(req)
	if err != nil {
		return 0, "", failure.because(ErrUnavailable, c.explain(ctx, err), hopeless(err))
	}
	defer resp.Body.Close()
	failure.Status = resp.StatusCode
	id = Excerpt(c.scrub(requestID(resp.Header)))
	failure.RequestID = id
	if resp.StatusCode/100 != 2 {
		c.readFailure(failure, resp)
		return 0, id, failure
	}
	buffer := buffers.Get()
	defer buffers.Put(buffer)
	n, err = buffer.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return n, id, failure.because(ErrUnavailable, fmt.Errorf("the answer broke off: %w", c.explain(ctx, err)), false)
	case n > maxAnswer:
		return n, id, failure.because(ErrNotDevin, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20), true)
	case isHTML(resp.Header.Get("Content-Type"), buffer.Bytes()):
		return n, id, failure.because(ErrNotDevin, errHTML, true)
	}
	if err := decode(buffer.Bytes()); err != nil {
		// The decoder's error may quote a piece of the key, which scrub would not know.
		if bytes.Contains(buffer.Bytes(), []byte(*c.key.secret)) {
			err = errors.New("it is not what the Devin API documents, and cannot be shown because it repeats the key")
		}
		return n, id, failure.because(ErrNotDevin, c.scrubbed(err), true)
	}
	return n, id, nil
}

func (e *Error) because(kind, cause error, final bool) *Error {
	e.kind, e.cause, e.final = kind, cause, final
	return e
}

var errHTML = errors.New("an HTML page instead of JSON")

func (c *Client) readFailure(failure *Error, resp *http.Response) {
	failure.kind = kindOfStatus(resp.StatusCode)
	failure.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), c.clock.Now())
	if location, err := resp.Location(); err == nil && resp.StatusCode/100 == 3 {
		failure.cause = fmt.Errorf("it redirects to %s, and the key is sent to %s only",
			c.scrub(location.Scheme+"://"+location.Host), failure.Host)
		if location.Host == failure.Host && location.Scheme == c.base.Scheme {
			failure.cause = errors.New("it redirects in a circle")
		}
		return
	}
	// What cannot be read of an error's body is missing from the message, no more.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxError))
	// Scrubbed before it is shortened, which may cut a key in two, and after it
	// is decoded, since JSON may spell a key with escapes.
	failure.readProblem(resp.Header.Get("Content-Type"), []byte(c.scrub(string(body))))
	failure.Title, failure.Detail = c.scrub(failure.Title), c.scrub(failure.Detail)
	for i := range failure.Fields {
		failure.Fields[i] = c.scrub(failure.Fields[i])
	}
}

// No header is documented for it; these are the common ones.
func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "Cf-Ray"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}
