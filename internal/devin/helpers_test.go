package devin

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// testNow is the present of every fake and test clock: 20:00 UTC lies in the
// billing day of the same date.
var testNow = time.Date(2026, 3, 10, 20, 0, 0, 0, time.UTC)

// week is a finished window with some consumption in it.
var week = Window{Start: DayAt(testNow) - 9, End: DayAt(testNow) - 3}

// testClock is time that passes only where somebody waits, and then at once.
type testClock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
	// onSleep, if set, is called before a wait.
	onSleep func()
}

func newTestClock() *testClock { return &testClock{now: testNow} }

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) Sleep(ctx context.Context, d time.Duration) error {
	if c.onSleep != nil {
		c.onSleep()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return nil
}

func (c *testClock) Waits() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.waits)
}

func startFake(t *testing.T, opts devintest.Options) *devintest.Server {
	t.Helper()
	if opts.Now == nil {
		opts.Now = func() time.Time { return testNow }
	}
	return devintest.Start(t, opts)
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
		Clock:      newTestClock(),
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

// roundTripper stands in for the network where a test runs in a synctest
// bubble, whose time stands still while a real connection is waited for.
type roundTripper func(*http.Request) (*http.Response, error)

func (rt roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return rt(r) }

func jsonAnswer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
}

const selfBody = `{"principal_type":"service_user","service_user_id":"service-user-1","service_user_name":"CI Bot","org_id":null}`

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

func ptr[T any](v T) *T { return &v }
