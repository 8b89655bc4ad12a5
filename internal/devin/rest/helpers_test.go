package rest

import (
	"context"
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

// newClient is a client of a fake, or of any other server, that may do
// everything, waits in no time, and tries twice unless told otherwise.
func newClient(t *testing.T, baseURL string, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		BaseURL:    clienttest.Parse(t, ParseBaseURL, baseURL),
		Key:        clienttest.Parse(t, ParseKey, devintest.KeyOK),
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
	key := clienttest.Parse(t, ParseKey, text)
	return func(cfg *Config) { cfg.Key = key }
}

func withRetries(n int) func(*Config) { return func(cfg *Config) { cfg.MaxRetries = n } }

func withClock(c Clock) func(*Config) { return func(cfg *Config) { cfg.Clock = c } }

func withTransport(rt http.RoundTripper) func(*Config) {
	return func(cfg *Config) { cfg.Transport = rt }
}

// fuzzed is a client of a server that gives one answer to everything, tried once.
func fuzzed(t *testing.T, status int, header http.Header, body string) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", withRetries(0), withKey(t, clienttest.FuzzKey),
		withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: status, Header: header.Clone(), Body: io.NopCloser(strings.NewReader(body)), Request: r,
			}, nil
		})))
}
