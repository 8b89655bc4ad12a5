package devin

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// week is a finished window with some consumption in it.
var week = Window{Start: DayAt(clienttest.Now) - 9, End: DayAt(clienttest.Now) - 3}

// newClient is a client of a fake, or of any other server, that may do
// everything, waits in no time, and tries twice unless told otherwise.
func newClient(t *testing.T, baseURL string, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		API: API{BaseURL: clienttest.Parse(t, ParseBaseURL, baseURL), Key: clienttest.Parse(t, ParseKey, devintest.KeyOK), MaxRetries: 1, Clock: devintest.NewClock(clienttest.Now)},
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

// noGoroutineLeft waits until as many goroutines run as when it was called
// first, in tests that are not parallel with others.
func noGoroutineLeft(t *testing.T) func() {
	t.Helper()
	before := runtime.NumGoroutine()
	return func() {
		t.Helper()
		deadline := time.Now().Add(10 * time.Second)
		for runtime.NumGoroutine() > before {
			if time.Now().After(deadline) {
				stacks := make([]byte, 1<<20)
				t.Fatalf("%d goroutines were running before, and now:\n%s", before, stacks[:runtime.Stack(stacks, true)])
			}
			runtime.Gosched()
		}
	}
}

// noticed returns the notices of read, each as "kind: text", sorted.
func noticed(t *testing.T, read func(context.Context) error) ([]string, error) {
	t.Helper()
	ctx, notices := WithNotices(t.Context())
	err := read(ctx)
	var all []string
	for _, n := range notices.All() {
		all = append(all, string(n.Kind)+": "+n.Text)
	}
	slices.Sort(all)
	return all, err
}

// serve is a client of a server that answers with what answer gives for a request: a
// body of JSON, with status 200 unless a status is given. It counts the requests.
func serve(t *testing.T, answer func(r *http.Request) (status int, body string)) (*Client, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	return newClient(t, "https://devin.example.com", withRetries(0), withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
		n.Add(1)
		status, body := answer(r)
		return clienttest.JSON(status, body), nil
	}))), &n
}

// serveOne is a client of a server that gives one answer to everything.
func serveOne(t *testing.T, body string) *Client {
	t.Helper()
	c, _ := serve(t, func(*http.Request) (int, string) { return http.StatusOK, body })
	return c
}

const nothingUsed = `{"total_acus":0,"consumption_by_date":[]}`

var sentinels = []error{
	ErrUnauthorized, ErrForbidden, ErrNotFound, ErrRateLimited, ErrRejected, ErrUnavailable, ErrNotDevin,
}

// isOnly reports whether an error is of one kind and no other.
func isOnly(err, kind error) bool { return clienttest.IsOnly(err, kind, sentinels) }

// bubbleClient is a client for a synctest bubble.
func bubbleClient(t *testing.T, rt http.RoundTripper) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", withTransport(rt), withClock(nil))
}
