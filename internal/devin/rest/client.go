package rest

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Defaults of a Config's fields that are zero.
const (
	DefaultBaseURL               = "https://api.devin.ai"
	DefaultRequestTimeout        = 60 * time.Second
	DefaultMaxConcurrentRequests = 16
	DefaultMaxRetries            = 4
	DefaultRateLimitTimeout      = 5 * time.Minute
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
	// RateLimitTimeout is how long Devin may answer nothing but 429 before a
	// request fails; every request that is answered otherwise starts it anew.
	RateLimitTimeout time.Duration
	// RequestTimeout bounds each try, the reading of its answer included.
	RequestTimeout time.Duration
	// MaxConcurrentRequests bounds what is in flight, over all callers.
	MaxConcurrentRequests int
	// RequestsPerSecond bounds how often a request starts; 0 is no bound.
	RequestsPerSecond float64
	// ReadOnly refuses every request that changes anything, before it is sent.
	ReadOnly bool
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
	secret    secret
	userAgent string
	retries   int
	readOnly  bool
	timeout   time.Duration
	http      *http.Client
	throttle  *throttle
	shared    *shared
	underWay  atomic.Int64 // bytes of answers that are being read
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
	if cfg.RateLimitTimeout <= 0 {
		cfg.RateLimitTimeout = DefaultRateLimitTimeout
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
		secret:    newSecret(cfg.Key),
		userAgent: cfg.UserAgent,
		retries:   cfg.MaxRetries,
		readOnly:  cfg.ReadOnly,
		timeout:   cfg.RequestTimeout,
		http:      &http.Client{Transport: cfg.Transport, CheckRedirect: stayOnHost},
		throttle:  newThrottle(cfg.MaxConcurrentRequests, limit, cfg.RateLimitTimeout, cfg.Clock),
		shared:    newShared(maxKept),
		log:       cfg.Logger,
		clock:     cfg.Clock,
	}, nil
}

// Now is the client's idea of the present.
func (c *Client) Now() time.Time { return c.clock.Now() }

// Sleep waits for d, or returns the context's error.
func (c *Client) Sleep(ctx context.Context, d time.Duration) error { return c.clock.Sleep(ctx, d) }

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
