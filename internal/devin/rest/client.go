// Package rest is how the Devin API is spoken to: requests, retries, the
// throttle, lists, errors, the key, and answers that several callers share. It
// knows no endpoint and nothing of Terraform.
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
	// RateLimitTimeout is how long one request waits for another answer than 429
	// before it fails: from its own first 429 on, or from when every answer became
	// 429 while it waited for its turn. A longer Retry-After, of any status, fails at
	// once.
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
	keyForms  keyForms
	userAgent string
	retries   int
	readOnly  bool
	timeout   time.Duration // of a try
	patience  time.Duration // with 429
	http      *http.Client
	throttle  *throttle
	cache     *cache
	large     chan struct{} // has room for each large answer that may be read at once
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

// Now is the client's idea of the present.
func (c *Client) Now() time.Time { return c.clock.Now() }

// Sleep waits for d, or returns the context's error.
func (c *Client) Sleep(ctx context.Context, d time.Duration) error { return c.clock.Sleep(ctx, d) }

// Logger is where the client logs to.
func (c *Client) Logger() *slog.Logger { return c.log }

// MaxConcurrentRequests is how many requests may be in flight at the most.
func (c *Client) MaxConcurrentRequests() int { return int(c.throttle.most) }

// Close drops the connections that are kept for further requests.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// NewTransport keeps as many idle connections as may be in use at once:
// net/http's own two per host would close and reopen the others all the time.
//
// It pings HTTP/2 connections that are silent: a path that dies without a word, as
// when a laptop changes its network, leaves a connection in the pool on which
// every further try would wait for its time-out.
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

// ParseBaseURL reads the address of the API. A path prefix is kept, trailing
// slashes are dropped. Plain http is for loopback only, since every request
// carries the key.
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
	// Trimmed as it is written: an escaped slash at the end belongs to a name.
	clean.RawPath = strings.TrimRight(u.EscapedPath(), "/")
	clean.Path, err = url.PathUnescape(clean.RawPath)
	return clean, err
}

// versioned is a path that would make /v3/v3/... in a request.
var versioned = regexp.MustCompile(`/v3(beta1)?(/+(enterprise|organizations|self)(/.*)?)?/*$`)

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
