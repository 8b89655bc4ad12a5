package rest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestOnlyTransientFailuresAreRetried(t *testing.T) {
	t.Parallel()
	for status, again := range map[int]bool{
		500: true, 502: true, 503: true, 504: true, 408: true, 425: true, 520: true, 521: true, 522: true, 523: true, 524: true, 529: true,
		300: false, 304: false, 400: false, 401: false, 403: false, 404: false, 405: false,
		409: false, 410: false, 418: false, 422: false, 501: false, 505: false, 599: false,
	} {
		server := clienttest.StartFake(t, devintest.Options{})
		server.Fault("/v3/self", devintest.Fault{Status: status})
		clock := devintest.NewClock(clienttest.Now)
		_, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(3), withClock(clock)))
		want := 1
		if again {
			want = 4
		}
		var failure *Error
		if !errors.As(err, &failure) || failure.Tries != want || failure.Status != status {
			t.Errorf("%d: the error is %v, want %d tries", status, err, want)
		}
		if n := len(server.Requests()); n != want || len(clock.Waits()) != want-1 {
			t.Errorf("%d: %d requests and the waits %v, want %d requests", status, n, clock.Waits(), want)
		}
	}
}

func TestHowOftenARequestIsTriedIsConfigured(t *testing.T) {
	t.Parallel()
	for retries, want := range map[int]int{0: 1, 1: 2, 10: 11, -1: 1 + DefaultMaxRetries} {
		server := clienttest.StartFake(t, devintest.Options{})
		server.Fault("/v3/self", devintest.Fault{Status: 503})
		if _, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(retries))); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%d retries: %v", retries, err)
		}
		if n := len(server.Requests()); n != want {
			t.Errorf("%d retries made %d requests, want %d", retries, n, want)
		}
	}
}

func TestABurstThatEndsIsNotAnError(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"503":            {Status: 503},
		"429":            {Status: 429, RetryAfter: "1"},
		"page with 502":  {Status: 502, Body: "<html>Bad Gateway</html>"},
		"reset":          {Reset: true},
		"cut body":       {CutBody: true},
		"reset in body":  {ResetMidBody: true},
		"reset of a 503": {Status: 503, ResetMidBody: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := clienttest.StartFake(t, devintest.Options{})
			fault.Times = 3
			server.Fault("/v3/self", fault)
			p, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(4)))
			if err != nil || *p.Name != "DX Import" {
				t.Errorf("got %+v, %v", p, err)
			}
			if n := len(server.Requests()); n != 4 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestTheLastAnswersStatusAndTextSurviveTheTries(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 503, Body: `{"detail":"first"}`, Times: 1})
	server.Fault("/v3/self", devintest.Fault{Reset: true, Times: 1})
	server.Fault("/v3/self", devintest.Fault{
		Status: 429, RetryAfter: "2", Body: `{"title":"Slow Down","detail":"last"}`, Header: http.Header{"X-Request-Id": {"req-last"}},
	})
	_, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(2)))
	var failure *Error
	if !errors.As(err, &failure) || !isOnly(err, ErrRateLimited) {
		t.Fatalf("the error is %v", err)
	}
	if failure.Status != 429 || failure.Title != "Slow Down" || failure.Detail != "last" || failure.Tries < 3 ||
		failure.RetryAfter != 2*time.Second || failure.RequestID == "" {
		t.Errorf("the error is %+v", failure)
	}
}

func TestWaitsDoubleWithJitterUpToAMinute(t *testing.T) {
	t.Parallel()
	base := firstBackoff
	for try := 1; try <= 100; try++ { // no number of retries may overflow
		seen := map[time.Duration]bool{}
		for range 50 {
			wait := backoff(try)
			if wait < base/2 || wait > base {
				t.Fatalf("the wait after try %d is %s, want %s to %s", try, wait, base/2, base)
			}
			seen[wait] = true
		}
		if len(seen) < 2 {
			t.Errorf("the wait after try %d is always the same", try)
		}
		base = min(2*base, longestWait)
	}
}

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 20, 0, 0, int(600*time.Millisecond), time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "5": 5 * time.Second, " 5 ": 5 * time.Second, "60": time.Minute, "3600": time.Hour,
		"-5": 0, "soon": 0, "1.5": 0, "5s": 0, "0x10": 0, "NaN": 0,
		"9223372036854775807": 365 * 24 * time.Hour,
		// A fraction of a second before the date would be too early.
		"Tue, 10 Mar 2026 20:00:05 GMT":   5 * time.Second,
		"Tuesday, 10-Mar-26 20:00:05 GMT": 5 * time.Second,
		"Tue Mar 10 20:00:05 2026":        5 * time.Second,
		"Tue, 10 Mar 2026 20:00:00 GMT":   0,
		"Tue, 10 Mar 2026 19:00:00 GMT":   0,
		"Thu, 01 Jan 1970 00:00:00 GMT":   0,
		"Tue, 10 Mar 2026 21:00:00 GMT":   time.Hour,
		"2026-03-10T20:00:05Z":            0,
		"Tue, 10 Mar 2026 25:00:00 GMT":   0,
		"Fri, 31 Dec 9999 23:59:59 GMT":   365 * 24 * time.Hour,
	} {
		if got := retryAfter(http.Header{"Retry-After": {header}}, now); got != want {
			t.Errorf("Retry-After %q is %s, want %s", header, got, want)
		}
	}
}

func TestRetryAfterIsObeyedWithinReason(t *testing.T) {
	t.Parallel()
	usual := [2]time.Duration{firstBackoff / 2, firstBackoff}
	for header, want := range map[string][2]time.Duration{
		"7":  {7 * time.Second, 7 * time.Second},
		"60": {longestWait, longestWait},
		clienttest.Now.Add(9 * time.Second).Format(http.TimeFormat): {9 * time.Second, 9 * time.Second},
		clienttest.Now.Add(-time.Hour).Format(http.TimeFormat):      usual,
		"-3": usual, "soon": usual, "0": usual, "": usual,
	} {
		for _, status := range []int{429, 503} {
			server := clienttest.StartFake(t, devintest.Options{})
			server.Fault("/v3/self", devintest.Fault{Status: status, RetryAfter: header, Times: 1})
			clock := devintest.NewClock(clienttest.Now)
			if _, err := askSelf(t.Context(), newClient(t, server.URL, withClock(clock))); err != nil {
				t.Errorf("%d with Retry-After %q: %v", status, header, err)
			}
			waits := clock.Waits()
			if len(waits) != 1 || waits[0] < want[0] || waits[0] > want[1] {
				t.Errorf("%d with Retry-After %q: the waits are %v, want one of %v", status, header, waits, want)
			}
		}
	}
}

func TestAServerThatAsksForTooLongAWaitIsGivenUpAtOnce(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"3600", "301", clienttest.Now.Add(time.Hour).Format(http.TimeFormat)} {
		for status, kind := range map[int]error{429: ErrRateLimited, 503: ErrUnavailable} {
			server := clienttest.StartFake(t, devintest.Options{})
			server.Fault("/v3/self", devintest.Fault{Status: status, RetryAfter: header})
			clock := devintest.NewClock(clienttest.Now)
			c := newClient(t, server.URL, withRetries(4), withClock(clock))
			_, err := askSelf(t.Context(), c)
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, kind) || failure.Tries != 1 || failure.RetryAfter <= DefaultRateLimitTimeout {
				t.Errorf("%d with Retry-After %q gave %v", status, header, err)
			}
			// No other request waits for it either.
			if _, err := askConsumption(t.Context(), c, "email|a"); err != nil || len(clock.Waits()) != 0 {
				t.Errorf("%d with Retry-After %q was waited for: %v, %v", status, header, clock.Waits(), err)
			}
		}
	}
}

func TestAServerThatAsksForAWaitWithinTheBudgetIsObeyed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		server := clienttest.StartFake(t, devintest.Options{})
		server.Fault("/v3/self", devintest.Fault{Status: status, RetryAfter: "299", Times: 1})
		clock := devintest.NewClock(clienttest.Now)
		_, err := askSelf(t.Context(), newClient(t, server.URL, withClock(clock)))
		if waits := clock.Waits(); err != nil || !slices.Equal(waits, []time.Duration{299 * time.Second}) {
			t.Errorf("%d: %v, after the waits %v", status, err, waits)
		}
	}
}

// canceledInAWait is a client of a fake with a fault, and a context that is canceled when
// the client begins to wait.
func canceledInAWait(t *testing.T, fault devintest.Fault) (context.Context, *Client, *devintest.Server) {
	t.Helper()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/self", fault)
	ctx, cancel := context.WithCancel(t.Context())
	clock := devintest.NewClock(clienttest.Now)
	clock.OnSleep = cancel
	return ctx, newClient(t, server.URL, withRetries(4), withClock(clock)), server
}

func TestACanceledRequestThatWaitsReturnsAtOnce(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"alone":    {Status: 503},
		"with all": {Status: 429, RetryAfter: "30"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, c, server := canceledInAWait(t, fault)
			if _, err := askSelf(ctx, c); !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v", err)
			}
			if n := len(server.Requests()); n != 1 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

func TestTheErrorOfACanceledRequestHasTheLastStatus(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"alone":    {Status: 503, Body: `{"detail":"busy"}`},
		"with all": {Status: 429, RetryAfter: "30", Body: `{"detail":"busy"}`},
	} {
		ctx, c, _ := canceledInAWait(t, fault)
		u, err := c.url(selfRequest)
		if err != nil {
			t.Fatal(err)
		}
		err = c.perform(ctx, selfRequest, u, nil)
		var failure *Error
		if !errors.As(err, &failure) || !errors.Is(err, context.Canceled) || !errors.Is(err, ErrUnavailable) {
			t.Fatalf("%s: the error is %v", name, err)
		}
		if failure.Status != fault.Status || failure.Tries != 1 || failure.Detail != "busy" {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestARequestThatIsCanceledBeforehandIsNotSent(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := askSelf(ctx, newClient(t, server.URL)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// A deadline of the caller is no time-out of the request: the error is the caller's.
func TestATimeOutOfTheClientAndOneOfTheCallerAreWordedDifferently(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"no answer": {Hang: true},
		"no turn":   {Status: 429, RetryAfter: "60"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := clienttest.StartFake(t, devintest.Options{})
			server.Fault("/v3/self", fault)
			c := newClient(t, server.URL, withClock(systemClock{}))
			late := errors.New("a plan waits no longer")
			for range 2 {
				ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, late)
				defer cancel()
				if _, err := askSelf(ctx, c); !errors.Is(err, late) || strings.Contains(err.Error(), "context") {
					t.Errorf("the error is %v", err)
				}
			}
		})
	}
}

func TestTheMachinesClockWaitsAndObeysTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := systemClock{}
		start := clock.Now()
		if err := clock.Sleep(t.Context(), 5*time.Millisecond); err != nil || clock.Now().Sub(start) != 5*time.Millisecond {
			t.Errorf("it slept for %s, %v", clock.Now().Sub(start), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := clock.Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || clock.Now().Sub(start) != 1005*time.Millisecond {
			t.Errorf("after %s: %v", clock.Now().Sub(start), err)
		}
	})
}

func TestAServerThatDoesNotAnswerInTimeIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  devintest.Fault
		status int
	}{
		"it hangs":          {devintest.Fault{Hang: true}, 0},
		"it drips":          {devintest.Fault{Drip: 100 * time.Millisecond}, 200},
		"it drips an error": {devintest.Fault{Drip: 100 * time.Millisecond, Status: 503}, 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := clienttest.StartFake(t, devintest.Options{})
			server.Fault("/v3/self", c.fault)
			client := newClient(t, server.URL, func(cfg *Config) { cfg.RequestTimeout = time.Second })
			_, err := askSelf(t.Context(), client)
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrUnavailable) || failure.Status != c.status || failure.Tries != 2 {
				t.Fatalf("the error is %v", err)
			}
			if c.status != 503 && (!strings.Contains(err.Error(), "it took longer than 1s") || strings.Contains(err.Error(), "context") || !errors.Is(err, context.DeadlineExceeded)) {
				t.Errorf("the error is %v", err)
			}
			if n := len(server.Requests()); n != 2 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestABrokenConnectionIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  devintest.Fault
		status int
		want   string
	}{
		"reset before the answer": {devintest.Fault{Reset: true}, 0, "got no answer"},
		"reset within the body":   {devintest.Fault{ResetMidBody: true}, 200, "broke off"},
		"cut body":                {devintest.Fault{CutBody: true}, 200, "broke off: unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := clienttest.StartFake(t, devintest.Options{})
			server.Fault("/v3/self", c.fault)
			clock := devintest.NewClock(clienttest.Now)
			_, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(2), withClock(clock)))
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrUnavailable) || failure.Status != c.status || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v", err)
			}
			if len(clock.Waits()) != 2 {
				t.Errorf("the waits are %v", clock.Waits())
			}
		})
	}
}

func TestARefusedConnectionIsTriedAgain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	clock := devintest.NewClock(clienttest.Now)
	_, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(3), withClock(clock)))
	if !isOnly(err, ErrUnavailable) || !strings.Contains(err.Error(), "refused") || len(clock.Waits()) != 3 {
		t.Errorf("after the waits %v: %v", clock.Waits(), err)
	}
}

func TestAHostThatDoesNotExistIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   net.DNSError
		waits int
	}{
		"no such host":     {net.DNSError{Err: "no such host", Name: "devin.example.com", IsNotFound: true}, 0},
		"no answer of DNS": {net.DNSError{Err: "server misbehaving", Name: "devin.example.com", IsTemporary: true}, 3},
		"DNS time-out":     {net.DNSError{Err: "i/o timeout", Name: "devin.example.com", IsTimeout: true}, 3},
	} {
		transport := NewTransport(1)
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &c.err}
		}
		clock := devintest.NewClock(clienttest.Now)
		client := newClient(t, "https://devin.example.com", withRetries(3), withClock(clock), withTransport(transport))
		_, err := askSelf(t.Context(), client)
		if !isOnly(err, ErrUnavailable) || len(clock.Waits()) != c.waits || !strings.Contains(err.Error(), c.err.Err) {
			t.Errorf("%s: after the waits %v: %v", name, clock.Waits(), err)
		}
	}
}

func TestAnErrorDoesNotRepeatTheMethodAndURLOfNetHTTP(t *testing.T) {
	t.Parallel()
	c := newClient(t, "https://devin.example.com", withRetries(0), withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("boom")
	})))
	_, err := askSelf(t.Context(), c)
	if err == nil || err.Error() != "GET /v3/self got no answer: the API could not be reached: boom" {
		t.Errorf("it reads %v", err)
	}
}

func TestCompressedAnswersAreRead(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{Gzip: true})
	members, err := listUsers(t.Context(), newClient(t, server.URL), usersRequest)
	if err != nil || len(members) != directMembers(server) {
		t.Errorf("%d members, %v", len(members), err)
	}
	if got := server.Requests()[0].Header.Get("Accept-Encoding"); got != "gzip" {
		t.Errorf("it accepts %q", got)
	}
}

func TestCompressedErrorsAreRead(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{Gzip: true})
	_, err := askSelf(t.Context(), newClient(t, server.URL, withKey(t, devintest.KeyInvalidCredentials)))
	if !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), "Unauthorized") {
		t.Errorf("the error is %v", err)
	}
}

func TestIdleConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	const concurrent = 8
	server := clienttest.StartFake(t, devintest.Options{Members: 200, Uniform: true, Latency: time.Millisecond})
	c := newClient(t, server.URL, func(cfg *Config) { cfg.MaxConcurrentRequests = concurrent })
	readAllMembers(t, c, server)
	// A connection that is just coming back may be missed; net/http's own two
	// idle ones would make it almost one for each request.
	if n := server.Connections(); n > 2*concurrent {
		t.Errorf("%d connections were opened for %d requests at a time", n, concurrent)
	}
}

func TestCloseDropsIdleConnections(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	for _, id := range []string{"email|a", "email|b"} {
		if _, err := askConsumption(t.Context(), c, id); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.Connections(); n != 1 {
		t.Errorf("%d connections", n)
	}
	c.Close()
	if _, err := askSelf(t.Context(), c); err != nil {
		t.Error(err)
	}
	if n := server.Connections(); n != 2 {
		t.Errorf("%d connections after Close", n)
	}
}

// The body of an error is read to its end, or its connection would be lost.
func TestTheConnectionOfAFailedRequestIsUsedAgain(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 503, Body: strings.Repeat("x", 10<<10)})
	if _, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(5))); !errors.Is(err, ErrUnavailable) {
		t.Errorf("the error is %v", err)
	}
	if n := server.Connections(); n != 1 {
		t.Errorf("%d connections for 6 tries", n)
	}
}

func TestABodyThatFailsToReadIsTriedAgain(t *testing.T) {
	t.Parallel()
	tries := 0
	c := newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
		tries++
		answer := clienttest.JSON(200, "")
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(clienttest.Self[:20]), brokenReader{}))
		return answer, nil
	})))
	_, err := askSelf(t.Context(), c)
	if !isOnly(err, ErrUnavailable) || !errors.Is(err, io.ErrClosedPipe) || tries != 2 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestARedirectOnTheSameHostIsFollowedWithTheKey(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := clienttest.StartFake(t, devintest.Options{Prefix: "/api"})
		// Without the prefix, the fake has nothing.
		moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v3/self" {
				http.Redirect(w, r, "/api/v3/self", status)
				return
			}
			server.ServeHTTP(w, r)
		}))
		t.Cleanup(moved.Close)
		p, err := askSelf(t.Context(), newClient(t, moved.URL))
		if err != nil || *p.Name != "DX Import" {
			t.Errorf("%d: %+v, %v", status, p, err)
		}
		if asked := server.Requests(); len(asked) != 1 || asked[0].Key != devintest.KeyOK {
			t.Errorf("%d: %+v", status, asked)
		}
	}
}

func TestARedirectElsewhereIsRefusedAndTheKeyStays(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(elsewhere.Close)
	server := clienttest.StartFake(t, devintest.Options{})
	secure := startTLS(t)
	for name, c := range map[string]struct {
		from     *devintest.Server
		location string
	}{
		"another port":          {server, elsewhere.URL + "/v3/self"},
		"another port as path":  {server, strings.TrimPrefix(elsewhere.URL, "http:") + "/v3/self"},
		"another name":          {server, strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/v3/self"},
		"from https to http":    {secure, elsewhere.URL + "/v3/self"},
		"from http to https":    {server, secure.URL + "/v3/self"},
		"to http on that host":  {secure, strings.Replace(secure.URL, "https:", "http:", 1) + "/v3/self"},
		"another scheme":        {server, "ftp://" + strings.TrimPrefix(server.URL, "http://") + "/v3/self"},
		"with a user in it":     {server, strings.Replace(elsewhere.URL, "http://", "http://127.0.0.1@", 1) + "/v3/self"},
		"to Devin's own domain": {server, "https://app.devin.ai/login"},
	} {
		for _, status := range []int{301, 302, 307, 308} {
			server.ResetRequests()
			secure.ResetRequests()
			c.from.ClearFaults()
			c.from.Fault("/v3/self", devintest.Fault{Status: status, Header: http.Header{"Location": {c.location}}})
			transport := http.RoundTripper(NewTransport(1))
			if c.from == secure {
				transport = trusting(secure.Certificate())
			}
			_, err := askSelf(t.Context(), newClient(t, c.from.URL, withTransport(transport)))
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || failure.Status != status || failure.Tries != 1 ||
				!strings.Contains(err.Error(), "it redirects to") {
				t.Errorf("%s: %v", name, err)
			}
			if n := len(server.Requests()) + len(secure.Requests()); n != 1 {
				t.Errorf("%s: %d requests", name, n)
			}
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the other server was asked %d times", n)
	}
}

func TestARedirectInACircleEnds(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 307, Header: http.Header{"Location": {"/v3/self"}}})
	_, err := askSelf(t.Context(), newClient(t, server.URL))
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "in a circle") {
		t.Errorf("the error is %v", err)
	}
	if n := len(server.Requests()); n < 2 || n > 10 {
		t.Errorf("%d requests", n)
	}
}

func TestARedirectToNowhereIsAnError(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 302, Body: `{"detail":"moved"}`})
	if _, err := askSelf(t.Context(), newClient(t, server.URL)); !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "moved") {
		t.Errorf("the error is %v", err)
	}
}

// Some ids are or hold an e-mail address, and the path of a request has the id.
func TestAddressesInIDsAreNotInTheLog(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("*", devintest.Fault{Status: 503, Times: 1})
	server.Fault("*", devintest.Fault{Status: 429, Times: 1})
	var log bytes.Buffer
	c := newClient(t, server.URL, withRetries(4), func(cfg *Config) {
		cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if _, err := askConsumption(t.Context(), c, "samlp|acme|jane+ops@acme.example"); err != nil {
		t.Fatal(err)
	}
	debug, warn := 0, 0
	for line := range strings.Lines(log.String()) {
		switch {
		case strings.Contains(line, "jane") || !strings.Contains(line, "/v3/enterprise/consumption/daily/users/(id)"):
			t.Errorf("unexpected: %s", line)
		case strings.Contains(line, "level=DEBUG"):
			debug++
		case strings.Contains(line, "level=WARN"):
			warn++
		default:
			t.Errorf("unexpected: %s", line)
		}
	}
	if debug != 3 || warn != 2 {
		t.Errorf("%d lines at DEBUG, %d at WARN:\n%s", debug, warn, &log)
	}
}

func TestTheLogHasTheRequestIDOfAnswersToo(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	var log bytes.Buffer
	c := newClient(t, server.URL, func(cfg *Config) {
		cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if _, err := askSelf(t.Context(), c); err != nil || !strings.Contains(log.String(), "request_id=req-1") {
		t.Errorf("%v, and the log is %s", err, &log)
	}
}

func TestACorruptAnswerIsTriedAgain(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = io.WriteString(zip, clienttest.Self)
	_ = zip.Close()
	whole := packed.Bytes()
	damaged := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 0xff
		return b
	}
	for name, body := range map[string][]byte{
		"not gzip":     []byte(clienttest.Self),
		"its header":   damaged(0),
		"its data":     damaged(11),
		"its checksum": damaged(len(whole) - 8),
	} {
		tries := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			if tries++; tries == 3 {
				body = whole
			}
			_, _ = w.Write(body)
		}))
		t.Cleanup(server.Close)
		_, err := askSelf(t.Context(), newClient(t, server.URL))
		if !isOnly(err, ErrUnavailable) || !errors.Is(err, ErrCorrupt) || errors.Is(err, errBrokeOff) || tries != 2 {
			t.Errorf("%s: after %d tries: %v", name, tries, err)
		}
		if _, err := askSelf(t.Context(), newClient(t, server.URL)); err != nil {
			t.Errorf("%s: the whole answer is %v", name, err)
		}
	}
}

func TestATimeOutIsNoCancellation(t *testing.T) {
	t.Parallel()
	for name, fast := range map[string]int{
		"before the answer": -1, "within the answer": 0, "within a large answer": largeAnswer, "far within one": 2 * largeAnswer,
	} {
		synctest.Test(t, func(t *testing.T) {
			c := bubbleClient(t, clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
				if fast < 0 {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}
				return slowAnswer(r, fast, time.Hour, clienttest.Self), nil
			}), withRetries(0))
			start := time.Now()
			_, err := askSelf(t.Context(), c)
			if !isOnly(err, ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
				!strings.Contains(err.Error(), "it took longer than 1m0s") || time.Since(start) != DefaultRequestTimeout {
				t.Errorf("%s: after %s: %v", name, time.Since(start), err)
			}
		})
	}
}

// slowAnswer is an answer of fast bytes of white space, then a wait, then a body.
func slowAnswer(r *http.Request, fast int, wait time.Duration, body string) *http.Response {
	answer := clienttest.JSON(200, "")
	answer.Body = io.NopCloser(io.MultiReader(
		io.LimitReader(spaces{}, int64(fast)),
		readFunc(func([]byte) (int, error) { return 0, systemClock{}.Sleep(r.Context(), wait) }),
		strings.NewReader(body)))
	return answer
}

// readFunc is a reader that calls the function, and then is at its end.
type readFunc func([]byte) (int, error)

func (f readFunc) Read(b []byte) (int, error) {
	if n, err := f(b); n > 0 || err != nil {
		return n, err
	}
	return 0, io.EOF
}

func TestAtMostTwoLargeAnswersAreReadAtOnceAndToWaitTakesNoTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var reading, most atomic.Int32
		c := bubbleClient(t, clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			answer := clienttest.JSON(200, "")
			answer.Body = io.NopCloser(io.MultiReader(
				io.LimitReader(spaces{}, largeAnswer+1),
				readFunc(func([]byte) (int, error) {
					most.Store(max(most.Load(), reading.Add(1)))
					defer reading.Add(-1)
					return 0, systemClock{}.Sleep(r.Context(), 50*time.Second)
				}),
				strings.NewReader(nothingUsed)))
			return answer, nil
		}), withRetries(0))
		start := time.Now()
		askForUsers(t, c, 16)
		if most.Load() != maxLargeAnswers || time.Since(start) != 8*50*time.Second {
			t.Errorf("%d were read at once, in %s", most.Load(), time.Since(start))
		}
	})
}

func TestACanceledLargeAnswerThatWaitsReturnsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := bubbleClient(t, clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			return slowAnswer(r, largeAnswer+1, 30*time.Second, nothingUsed), nil
		}), withRetries(0))
		var group sync.WaitGroup
		for i := range maxLargeAnswers {
			group.Go(func() {
				if _, err := askConsumption(t.Context(), c, "reads "+strconv.Itoa(i)); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := askConsumption(ctx, c, "waits"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		group.Wait()
		if len(c.large) != 0 {
			t.Errorf("%d slots are taken", len(c.large))
		}
	})
}

// The failure of a caller that allows one try only does not become that of another, which
// waits for the same answer.
func TestACallerWithRetriesDoesNotShareTheFailureOfOneTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(systemClock{})
		failed, answer, asked := errors.New("429"), make(chan struct{}), 0
		// The first request fails, and the second one succeeds.
		ask := func(context.Context) (any, int, error) {
			if asked++; asked == 1 {
				<-answer
				return nil, 0, failed
			}
			return "an answer", 1, nil
		}
		for range 2 {
			go func() {
				if _, err := c.do(OneTry(t.Context()), "q", ask); !errors.Is(err, failed) {
					t.Errorf("a single try has %v", err)
				}
			}()
			synctest.Wait()
		}
		go func() {
			if value, err := c.do(t.Context(), "q", ask); value != "an answer" || err != nil {
				t.Errorf("the patient caller has %v, %v", value, err)
			}
		}()
		synctest.Wait()
		close(answer)
		synctest.Wait()
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}
