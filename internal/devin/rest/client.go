// Package rest sends requests to the Devin API: it retries and throttles them, reads
// lists, words errors, hides the key, and shares answers among callers. It knows no
// endpoint, and nothing of Terraform.
//
// A Client sends a Request with Get, List, Collect, IsEmpty, Raw or Send. do.go has the
// loop that every request goes through, with its retries; throttle.go decides when a
// request may start; cache.go shares answers; json.go decodes and checks them, and
// list.go reads them page by page.
package rest

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Defaults of the fields of a Config that are zero, and of MaxRetries if it is negative.
const (
	DefaultBaseURL               = "https://api.devin.ai"
	DefaultRequestTimeout        = 60 * time.Second
	DefaultMaxConcurrentRequests = 16
	DefaultMaxRetries            = 4
	DefaultRateLimitTimeout      = 5 * time.Minute
)

// Config is the configuration of a Client.
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
	// RateLimitTimeout is how long one request waits for another answer than 429
	// before it fails. The wait counts from its own first 429, or, if every answer was
	// 429 while it waited for its turn, from the first of those. A request whose answer
	// has a longer Retry-After, with any status, fails at once. 0 is
	// DefaultRateLimitTimeout.
	RateLimitTimeout time.Duration
	// RequestTimeout bounds each try, including the reading of its answer; 0 is
	// DefaultRequestTimeout.
	RequestTimeout time.Duration
	// MaxConcurrentRequests bounds the requests in flight, of all callers together; 0 is
	// DefaultMaxConcurrentRequests.
	MaxConcurrentRequests int
	// RequestsPerSecond bounds how many requests start in a second; 0 is no bound.
	RequestsPerSecond float64
	// ReadOnly refuses every request that changes anything, before it is sent.
	ReadOnly bool
	// Logger gets a DEBUG record for each try, and a WARN record for each wait and each
	// notice; nil logs nothing.
	Logger *slog.Logger
	// Transport sends the requests; nil is a NewTransport.
	Transport http.RoundTripper
	// Clock tells the time; nil is the clock of the machine.
	Clock Clock
}

// Client sends requests to the Devin API. It is safe for concurrent use: all callers
// share its bounds on requests, and identical requests that are Shared are sent once.
type Client struct {
	base      *url.URL
	key       Key
	keyForms  keyForms
	userAgent string
	retries   int
	readOnly  bool
	timeout   time.Duration // of a try
	patience  time.Duration // Config.RateLimitTimeout
	http      *http.Client
	throttle  *throttle
	cache     *cache
	large     chan struct{} // holds an element for each large answer that is being read
	log       *slog.Logger
	clock     Clock
}

// New returns a Client. It sends nothing. If the configuration has no key, the error is
// ErrNoKey.
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
	cfg.RequestTimeout = cmp.Or(cfg.RequestTimeout, DefaultRequestTimeout)
	cfg.RateLimitTimeout = cmp.Or(cfg.RateLimitTimeout, DefaultRateLimitTimeout)
	cfg.MaxConcurrentRequests = cmp.Or(cfg.MaxConcurrentRequests, DefaultMaxConcurrentRequests)
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	cfg.Clock = cmp.Or[Clock](cfg.Clock, systemClock{})
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
		keyForms:  newKeyForms(cfg.Key),
		userAgent: cfg.UserAgent,
		retries:   cfg.MaxRetries,
		readOnly:  cfg.ReadOnly,
		timeout:   cfg.RequestTimeout,
		patience:  cfg.RateLimitTimeout,
		http:      &http.Client{Transport: cfg.Transport, CheckRedirect: stayOnHost},
		throttle:  newThrottle(cfg.MaxConcurrentRequests, limit, cfg.Clock),
		cache:     newCache(cfg.Clock),
		large:     make(chan struct{}, maxLargeAnswers),
		log:       cfg.Logger,
		clock:     cfg.Clock,
	}, nil
}

// Now returns the present, by the client's clock.
func (c *Client) Now() time.Time { return c.clock.Now() }

// Sleep waits for d by the client's clock, or returns the context's error.
func (c *Client) Sleep(ctx context.Context, d time.Duration) error { return c.clock.Sleep(ctx, d) }

// Logger returns the client's logger.
func (c *Client) Logger() *slog.Logger { return c.log }

// MaxConcurrentRequests returns how many requests may be in flight.
func (c *Client) MaxConcurrentRequests() int { return int(c.throttle.most) }

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// NewTransport returns a transport that keeps as many idle connections as there may be
// concurrent requests: with net/http's default of two per host, the others would be
// closed and opened again all the time.
//
// It pings HTTP/2 connections that are silent. A connection may die without notice, as
// when a laptop changes its network, and would stay in the pool, where every further try
// would wait for its time-out.
func NewTransport(concurrent int) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: proxyAnswered,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
		MaxIdleConns:           concurrent,
		MaxIdleConnsPerHost:    concurrent,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
	}
}

func proxyAnswered(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrProxy, Excerpt(resp.Status))
}

// ParseBaseURL reads the address of the API. A path prefix is kept, trailing slashes are
// dropped. Plain http is for loopback addresses only, since every request carries the
// key. The error is a sentence about the address, such as "it must not have a query (?...)".
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Opaque != "", u.Hostname() == "":
		return nil, fmt.Errorf("it is not a URL such as %s", DefaultBaseURL)
	case keyLike.MatchString(text):
		return nil, errors.New("it must not have an API key in it; the key has a setting of its own")
	case u.User != nil:
		return nil, errors.New("it must not have a user name or password in it; the key has a setting of its own")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it must not have a query (?...)")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, errors.New("it must not have a fragment (#...)")
	case versioned.MatchString(u.Path):
		return nil, errors.New("it must end before the API's version: the provider adds /v3 and what follows by itself")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("plain http would send the key in clear text; it is accepted for loopback addresses only, so use https")
	}
	clean := &url.URL{Scheme: u.Scheme, Host: u.Host}
	// The escaped path is trimmed, since an escaped slash at the end belongs to a name.
	clean.RawPath = strings.TrimRight(u.EscapedPath(), "/")
	clean.Path, err = url.PathUnescape(clean.RawPath)
	return clean, err
}

// versioned matches a path that ends in the API's version or below it, which would send
// requests to /v3/v3/...
var versioned = regexp.MustCompile(`/v3(beta1)?(/+(enterprise|organizations|self)(/.*)?)?/*$`)

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
