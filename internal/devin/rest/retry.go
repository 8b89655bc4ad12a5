package rest

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The loop is our own and not go-retryablehttp's: here a wait must hold back
// every request of the client and not the one alone, an answer that breaks off
// while it is read must be asked for again, and tests need the clock.

const (
	firstBackoff = 500 * time.Millisecond
	longestWait  = 60 * time.Second
)

// Clock is time as a Client sees it.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or returns the context's error as soon as it is done.
	Sleep(ctx context.Context, d time.Duration) error
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// perform sends a request until an answer is decoded, no try is left, or no
// further try can help. Every request of the package goes through it.
func (c *Client) perform(ctx context.Context, r Request, u *url.URL, decode func([]byte) error) (int64, error) {
	failure := r.failed(u, nil, nil)
	for try := 1; ; try++ {
		if err := c.throttle.acquire(ctx); err != nil {
			return 0, failure.because(ErrUnavailable, err, true)
		}
		if !wanted(ctx) {
			c.throttle.leave()
			return 0, failure.because(ErrUnavailable, context.Canceled, true)
		}
		start := c.clock.Now()
		var n int64
		var id string
		n, id, failure = c.try(ctx, r, u, decode)
		c.throttle.release(failure)
		if failure == nil {
			c.log.DebugContext(ctx, "Devin API request", c.record(u.EscapedPath(), try, start, http.StatusOK, id)...)
			return n, nil
		}
		failure.Tries = try
		c.log.DebugContext(ctx, "Devin API request", c.record(u.EscapedPath(), try, start, failure.Status, id)...)
		if ctx.Err() != nil {
			return 0, failure.because(ErrUnavailable, ctx.Err(), true)
		}
		wait := c.backoff(failure, try)
		if try > c.retries || !failure.worthAnotherTry() {
			return 0, failure
		}
		everyone := failure.Status == http.StatusTooManyRequests || failure.RetryAfter > 0
		c.log.WarnContext(ctx, "Devin API request failed and is sent again after a wait", append(
			c.record(withoutAddress(u.EscapedPath()), try, start, failure.Status, id),
			slog.Duration("wait", wait), slog.Bool("holds_back_all_requests", everyone))...)
		if everyone {
			c.throttle.pause(wait)
			continue
		}
		if err := c.clock.Sleep(ctx, wait); err != nil {
			return 0, failure.because(ErrUnavailable, err, true)
		}
	}
}

// Some ids are or hold an e-mail address, which only the DEBUG log may show.
var addressLike = regexp.MustCompile(`[^/]*@[^/]*`)

func withoutAddress(path string) string { return addressLike.ReplaceAllString(path, "(id)") }

func (c *Client) record(path string, try int, start time.Time, status int, requestID string) []any {
	return []any{
		slog.String("method", http.MethodGet), slog.String("path", path), slog.Int("status", status),
		slog.Int("try", try), slog.Duration("duration", c.clock.Now().Sub(start)), slog.String("request_id", requestID),
	}
}

// worthAnotherTry says whether a GET that failed so may succeed later.
func (e *Error) worthAnotherTry() bool {
	if e.final || e.RetryAfter > longestWait {
		return false
	}
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return errors.Is(e, ErrUnavailable) && e.Status < 300
}

// backoff doubles from try to try, less a random part so that requests that
// failed together do not come back together, and is never shorter than what
// the answer asked for.
func (c *Client) backoff(e *Error, try int) time.Duration {
	wait := min(firstBackoff<<min(try-1, 7), longestWait) // 7 is past the longest, and far from overflow
	wait -= time.Duration(rand.Int64N(int64(wait)/2 + 1))
	return max(wait, e.RetryAfter)
}

// retryAfter reads the header's two forms. What is in the past, negative or
// nonsense is 0, and the usual backoff applies.
func retryAfter(header string, now time.Time) time.Duration {
	const most = 365 * 24 * 60 * 60 // more would overflow a Duration in the end
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), most)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		wait := min(max(at.Sub(now), 0), most*time.Second)
		return (wait + time.Second - 1).Truncate(time.Second) // up, since a fraction early is too early
	}
	return 0
}
