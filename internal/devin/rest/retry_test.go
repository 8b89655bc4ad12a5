package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestOnlyFailuresThatMayPassAreTriedAgain(t *testing.T) {
	t.Parallel()
	for status, again := range map[int]bool{
		500: true, 502: true, 503: true, 504: true, 408: true, 425: true, 520: true, 521: true, 522: true, 523: true, 524: true, 529: true,
		300: false, 304: false, 400: false, 401: false, 403: false, 404: false, 405: false,
		409: false, 410: false, 418: false, 422: false, 501: false, 505: false, 599: false,
	} {
		server := startFake(t, devintest.Options{})
		server.Fault("/v3/self", devintest.Fault{Status: status})
		clock := devintest.NewClock(testNow)
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
		server := startFake(t, devintest.Options{})
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
			server := startFake(t, devintest.Options{})
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
	server := startFake(t, devintest.Options{})
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
		// To ask a fraction of a second before the date would be too early.
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
		testNow.Add(9 * time.Second).Format(http.TimeFormat): {9 * time.Second, 9 * time.Second},
		testNow.Add(-time.Hour).Format(http.TimeFormat):      usual,
		"-3": usual, "soon": usual, "0": usual, "": usual,
	} {
		for _, status := range []int{429, 503} {
			server := startFake(t, devintest.Options{})
			server.Fault("/v3/self", devintest.Fault{Status: status, RetryAfter: header, Times: 1})
			clock := devintest.NewClock(testNow)
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
	for _, header := range []string{"3600", "301", testNow.Add(time.Hour).Format(http.TimeFormat)} {
		server := startFake(t, devintest.Options{})
		server.Fault("/v3/self", devintest.Fault{Status: 429, RetryAfter: header})
		clock := devintest.NewClock(testNow)
		_, err := askSelf(t.Context(), newClient(t, server.URL, withRetries(4), withClock(clock)))
		var failure *Error
		if !errors.As(err, &failure) || !errors.Is(err, ErrRateLimited) || failure.Tries != 1 || failure.RetryAfter <= longestWait {
			t.Errorf("Retry-After %q gave %v", header, err)
		}
		if waits := clock.Waits(); len(waits) != 0 {
			t.Errorf("Retry-After %q was waited for: %v", header, waits)
		}
	}
}

func TestWhoIsCanceledWhileWaitingReturnsAtOnce(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"alone":    {Status: 503},
		"with all": {Status: 429, RetryAfter: "30"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startFake(t, devintest.Options{})
			server.Fault("/v3/self", fault)
			ctx, cancel := context.WithCancel(t.Context())
			clock := devintest.NewClock(testNow)
			clock.OnSleep = cancel
			c := newClient(t, server.URL, withRetries(4), withClock(clock))
			if _, err := askSelf(ctx, c); !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v", err)
			}
			if n := len(server.Requests()); n != 1 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

func TestACanceledRequestStillSaysWhatItLastHeard(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"alone":    {Status: 503, Body: `{"detail":"busy"}`},
		"with all": {Status: 429, RetryAfter: "30", Body: `{"detail":"busy"}`},
	} {
		server := startFake(t, devintest.Options{})
		server.Fault("/v3/self", fault)
		ctx, cancel := context.WithCancel(t.Context())
		clock := devintest.NewClock(testNow)
		clock.OnSleep = cancel
		c := newClient(t, server.URL, withRetries(4), withClock(clock))
		u, err := c.url(selfRequest)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.perform(ctx, selfRequest, u, nil)
		var failure *Error
		if !errors.As(err, &failure) || !errors.Is(err, context.Canceled) || !errors.Is(err, ErrUnavailable) {
			t.Fatalf("%s: the error is %v", name, err)
		}
		if failure.Status != fault.Status || failure.Tries != 1 || failure.Detail != "busy" {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestWhoIsCanceledBeforehandSendsNothing(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := askSelf(ctx, newClient(t, server.URL)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
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

func TestAnAnswerBeyondTheLimitIsRefused(t *testing.T) {
	t.Parallel()
	tries := 0
	c := newClient(t, "https://devin.example.com", withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		tries++
		answer := jsonAnswer(200, "")
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(selfBody), spaces{}))
		return answer, nil
	})))
	_, err := askSelf(t.Context(), c)
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "larger than 64 MiB") || tries != 1 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

// spaces never end.
type spaces struct{}

var manySpaces = strings.Repeat(" ", 1<<20)

func (spaces) Read(p []byte) (int, error) { return copy(p, manySpaces), nil }
