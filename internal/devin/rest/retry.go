package rest

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
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
// further try can help. Every request of the package goes through it. A write
// that brings nothing back has no decode.
//
// An answer 429 takes no try away: it is no failure of the request but a wait
// for every request of the client, and the throttle says how long.
func (c *Client) perform(ctx context.Context, r Request, u *url.URL, decode decoder) (int64, error) {
	body, err := r.body()
	if err != nil {
		return 0, r.failed(u, ErrRejected, err)
	}
	failure := r.failed(u, nil, nil)
	for try, sent := 1, 1; ; sent++ {
		if err := c.throttle.acquire(ctx); err != nil {
			return 0, failure.because(ErrUnavailable, err, true)
		}
		start := c.clock.Now()
		a := c.try(ctx, r, u, body, decode)
		c.throttle.release(a.failure)
		c.log.DebugContext(ctx, "Devin API request", c.record(r, u.EscapedPath(), sent, start, a)...)
		if a.failure == nil {
			return a.size, nil
		}
		failure = a.failure
		failure.Tries = sent
		if ctx.Err() != nil {
			return 0, failure.because(ErrUnavailable, ctx.Err(), true)
		}
		if failure.Status == http.StatusTooManyRequests {
			wait, goesOn := c.throttle.limit(failure.RetryAfter)
			if !goesOn {
				failure.Limited = c.throttle.budget
				return 0, failure
			}
			c.warn(ctx, "Devin asks for fewer requests", r, u, sent, start, a, wait, true)
			continue
		}
		if try > c.retries || !failure.worthAnotherTry(r) {
			return 0, failure
		}
		wait := max(backoff(try), failure.RetryAfter)
		try++
		everyone := failure.RetryAfter > 0
		c.warn(ctx, "Devin API request failed and is sent again after a wait", r, u, sent, start, a, wait, everyone)
		if everyone {
			c.throttle.pause(wait)
		} else if err := c.clock.Sleep(ctx, wait); err != nil {
			return 0, failure.because(ErrUnavailable, err, true)
		}
	}
}

// Some ids are or hold an e-mail address, which only the DEBUG log may show.
var addressLike = regexp.MustCompile(`(?i)[^/]*(@|%40)[^/]*`)

func withoutAddress(path string) string { return addressLike.ReplaceAllString(path, "(id)") }

func (c *Client) warn(ctx context.Context, text string, r Request, u *url.URL, sent int, start time.Time, a attempt, wait time.Duration, everyone bool) {
	if wait == 0 {
		return // the pause that is on was announced by another request
	}
	c.log.WarnContext(ctx, text, append(c.record(r, withoutAddress(u.EscapedPath()), sent, start, a),
		slog.Duration("wait", wait), slog.Bool("holds_back_all_requests", everyone))...)
}

func (c *Client) record(r Request, path string, sent int, start time.Time, a attempt) []any {
	return []any{
		slog.String("method", r.method()), slog.String("path", path), slog.Int("status", a.status),
		slog.Int("try", sent), slog.Duration("duration", c.clock.Now().Sub(start)), slog.String("request_id", a.requestID),
	}
}

// worthAnotherTry says whether a request that failed so may succeed later, and
// may be sent again.
func (e *Error) worthAnotherTry(r Request) bool {
	if e.final || e.RetryAfter > longestWait {
		return false
	}
	if !r.repeatable() {
		return neverArrived(e.cause)
	}
	return errors.Is(e, ErrUnavailable) && (e.Status < 300 || passing(e.Status))
}

// passing says whether an answer with this status may be followed by another:
// those of HTTP, and those of the common gateways (520 to 524, 529).
func passing(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		520, 521, 522, 523, 524, 529:
		return true
	}
	return false
}

// neverArrived says that no connection was made, so nothing was sent.
func neverArrived(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) && network.Op == "dial"
}

// backoff doubles from try to try, less a random part so that requests that
// failed together do not come back together.
func backoff(try int) time.Duration {
	wait := min(firstBackoff<<min(try-1, 7), longestWait) // 7 is past the longest, and far from overflow
	return wait - time.Duration(rand.Int64N(int64(wait)/2+1))
}

// retryAfter reads the header's two forms. A date is held against the answer's
// own Date, since the two clocks may differ. What is in the past, negative or
// nonsense is 0, and the usual backoff applies.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 365 * 24 * 60 * 60 // more would overflow a Duration in the end
	header := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), most)) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(h.Get("Date")); err == nil {
		now = sent
	}
	wait := min(max(at.Sub(now), 0), most*time.Second)
	return (wait + time.Second - 1).Truncate(time.Second) // up, since a fraction early is too early
}
