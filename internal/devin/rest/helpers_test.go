package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

var usersPermission = &Permission{Name: "ManageAccountMembership", NewerName: "ViewAccountMembership"}

// A few requests, for tests.
var (
	selfRequest  = Request{Path: []string{"self"}, Shared: true}
	usersRequest = Request{Path: []string{"enterprise", "members", "users"}, Permission: usersPermission, Shared: true}
)

type selfAnswer struct {
	Type string  `json:"principal_type"    api:"required"`
	ID   *string `json:"service_user_id"`
	Name *string `json:"service_user_name"`
}

func askSelf(ctx context.Context, c *Client) (*selfAnswer, error) {
	return Get[selfAnswer](ctx, c, selfRequest)
}

type userItem struct {
	UserID string `json:"user_id" api:"required"`
	Name   string `json:"name"`
}

func (u *userItem) Identity() string { return u.UserID }

// listUsers is the ids on a list of users, as far as it could be read.
func listUsers(ctx context.Context, c *Client, r Request) ([]string, error) {
	var ids []string
	for user, err := range List[userItem](ctx, c, r) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, user.UserID)
	}
	return ids, nil
}

type totalAnswer struct {
	TotalACUs *float64 `json:"total_acus"`
}

func consumptionRequest(userID string) Request {
	return Request{
		Path: []string{"enterprise", "consumption", "daily", "users", userID}, Shared: true,
		Query: url.Values{"time_after": {"1772438400"}, "time_before": {"1773043200"}},
	}
}

// askConsumption is what a user consumed in the week that consumptionRequest names.
func askConsumption(ctx context.Context, c *Client, userID string) (float64, error) {
	answer, err := Get[totalAnswer](ctx, c, consumptionRequest(userID))
	if err != nil {
		return 0, err
	}
	return *answer.TotalACUs, nil
}

func mustKey(t *testing.T, text string) Key {
	t.Helper()
	key, err := ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func mustBaseURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := ParseBaseURL(text)
	if err != nil {
		t.Fatalf("ParseBaseURL(%q): %v", text, err)
	}
	return u
}

// newClient is a client of a fake, or of any other server, that may do
// everything, waits in no time, and tries twice unless told otherwise.
func newClient(t *testing.T, baseURL string, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		BaseURL:    mustBaseURL(t, baseURL),
		Key:        mustKey(t, devintest.KeyOK),
		MaxRetries: 1,
		Clock:      devintest.NewClock(clienttest.Now),
	}
	for _, c := range change {
		c(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func withKey(t *testing.T, text string) func(*Config) {
	t.Helper()
	key := mustKey(t, text)
	return func(cfg *Config) { cfg.Key = key }
}

func withRetries(n int) func(*Config) { return func(cfg *Config) { cfg.MaxRetries = n } }

func withClock(c Clock) func(*Config) { return func(cfg *Config) { cfg.Clock = c } }

func withTransport(rt http.RoundTripper) func(*Config) {
	return func(cfg *Config) { cfg.Transport = rt }
}

// fuzzKey is in no seed, so that an error which shows it took it from the request.
const fuzzKey = "cog_Jq7wPzR2tVx9LkDsB4mN"

// fuzzed is a client of a server that gives one answer to everything, tried once.
func fuzzed(t *testing.T, status int, header http.Header, body string) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", withRetries(0), withKey(t, fuzzKey),
		withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: status, Header: header.Clone(), Body: io.NopCloser(strings.NewReader(body)), Request: r,
			}, nil
		})))
}

func checkFuzzedError(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	devintest.CheckErrorText(t, err.Error(), fuzzKey)
}
