package devin

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Config is the configuration of a Client.
type Config struct {
	API
	// RedactPersonalData leaves the e-mail addresses and names of people out of
	// every result. Filters by address still work.
	RedactPersonalData bool
	// OrgID is the organization whose numbers are read; empty is the enterprise.
	OrgID string
}

// Client reads the Devin API, and writes limits. It is safe for concurrent use; every
// caller shares its bound on requests in flight, and the same request of several callers
// is sent once.
type Client struct {
	rest   *rest.Client
	redact bool
	orgID  string // whose numbers are read; empty is the enterprise
}

// New returns a Client, or ErrNoKey. It sends nothing.
func New(cfg Config) (*Client, error) {
	client, err := rest.New(cfg.API)
	if err != nil {
		return nil, err
	}
	return &Client{rest: client, redact: cfg.RedactPersonalData, orgID: cfg.OrgID}, nil
}

// Now is the present, by the client's clock.
func (c *Client) Now() time.Time { return c.rest.Now() }

// Close closes idle connections.
func (c *Client) Close() { c.rest.Close() }

// What callers of this package use of package rest.
type (
	// API is the address of the API, the key, and the limits on requests.
	API = rest.Config
	// Error is a request that failed.
	Error = rest.Error
	// Key is a Devin API key.
	Key = rest.Key
	// Permission is what a role must grant for an endpoint to answer.
	Permission = rest.Permission
	// Clock is time as a Client sees it.
	Clock = rest.Clock
)

// Defaults of an API.
const (
	DefaultBaseURL               = rest.DefaultBaseURL
	DefaultMaxRetries            = rest.DefaultMaxRetries
	DefaultMaxConcurrentRequests = rest.DefaultMaxConcurrentRequests
)

// Errors of ParseKey.
var (
	ErrNoKey         = rest.ErrNoKey
	ErrLegacyKey     = rest.ErrLegacyKey
	ErrQuotedKey     = rest.ErrQuotedKey
	ErrUnexpandedKey = rest.ErrUnexpandedKey
	ErrAssignedKey   = rest.ErrAssignedKey
	ErrBearerKey     = rest.ErrBearerKey
	ErrMalformedKey  = rest.ErrMalformedKey
)

// Kinds of an *Error, and causes that are more precise, for errors.Is.
var (
	ErrUnauthorized = rest.ErrUnauthorized
	ErrForbidden    = rest.ErrForbidden
	ErrNotFound     = rest.ErrNotFound
	ErrRateLimited  = rest.ErrRateLimited
	ErrRejected     = rest.ErrRejected
	ErrUnavailable  = rest.ErrUnavailable
	ErrNotDevin     = rest.ErrNotDevin
	ErrInvalidID    = rest.ErrInvalidID

	// ErrAddressDenied is an ErrForbidden, and ErrHTML the cause of an ErrNotDevin.
	ErrAddressDenied = rest.ErrAddressDenied
	ErrHTML          = rest.ErrHTML
	// These are causes of an ErrUnavailable.
	ErrCorrupt       = rest.ErrCorrupt
	ErrProxy         = rest.ErrProxy
	ErrCursorRefused = rest.ErrCursorRefused
)

// ParseKey reads a key. Its error is one of those above.
func ParseKey(text string) (Key, error) { return rest.ParseKey(text) }

// ParseBaseURL reads the address of the API. Its error says what is wrong with it.
func ParseBaseURL(text string) (*url.URL, error) { return rest.ParseBaseURL(text) }

// Fresh returns a context under which no kept answer is used.
func Fresh(ctx context.Context) context.Context { return rest.Fresh(ctx) }

// OneTry returns a context under which no request is retried.
func OneTry(ctx context.Context) context.Context { return rest.OneTry(ctx) }

// Arrived reports whether a write that failed may have taken effect.
func Arrived(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.MayHaveArrived
}

// Sleep waits for d, by the client's clock.
func (c *Client) Sleep(ctx context.Context, d time.Duration) error { return c.rest.Sleep(ctx, d) }
