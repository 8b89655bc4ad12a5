package rest

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The retry loop is not that of go-retryablehttp, because a wait must hold back every
// request of the client, an answer that breaks off while it is read must be requested
// again, and tests replace the clock.

const (
	firstBackoff = 500 * time.Millisecond
	longestWait  = 60 * time.Second
)

type oneTryKey struct{}

// OneTry returns a context under which no request is retried.
func OneTry(ctx context.Context) context.Context { return context.WithValue(ctx, oneTryKey{}, true) }

func isOneTry(ctx context.Context) bool { return ctx.Value(oneTryKey{}) != nil }

// perform sends a request until an answer is decoded, no try is left, or no further try
// can help. Every request of the package goes through it. decode must not retain the
// body, whose buffer is reused.
//
// A 429 does not count as a try: it means a wait for every request of the client, and not
// that this one failed. A request is given up once it has waited for c.patience.
func (c *Client) perform(ctx context.Context, r Request, u *url.URL, decode func(body []byte) error) error {
	body, err := r.body()
	if err != nil {
		return c.newError(r, u, ErrRejected, err)
	}
	failure := c.newError(r, u, nil, nil)
	waitingSince := c.clock.Now() // for an answer other than 429
	var first429 time.Time        // since waitingSince; zero if there was none
	for try, sent := 1, 1; ; sent++ {
		if err := c.throttle.acquire(ctx, sent > 1); err != nil {
			return failure.fail(ErrUnavailable, cmp.Or(context.Cause(ctx), err), true)
		}
		start, arrived := c.clock.Now(), failure.MayHaveArrived
		failure = c.try(ctx, r, u, body, decode)
		c.throttle.release(start, failure.Status)
		failure.Tries = sent
		c.log.DebugContext(ctx, "Devin API request", c.record(failure, start)...)
		if failure.kind == nil {
			return nil
		}
		failure.MayHaveArrived = arrived || failure.mayHaveArrived()
		failure.final = failure.final || isOneTry(ctx)
		if ctx.Err() != nil {
			return failure.fail(ErrUnavailable, context.Cause(ctx), true)
		}
		if failure.Status == http.StatusTooManyRequests && !failure.final {
			if first429.IsZero() {
				first429 = c.clock.Now()
			}
			wait, ok := c.throttle.limit(failure.RetryAfter, c.patience, waitingSince, first429)
			if !ok {
				failure.Limited = c.patience
				return failure
			}
			c.warn(ctx, "Devin asks for fewer requests", failure, start, wait, true)
			continue
		}
		waitingSince, first429 = c.clock.Now(), time.Time{}
		if try > c.retries || failure.RetryAfter > c.patience || !failure.worthAnotherTry(r) {
			return failure
		}
		wait := max(backoff(try), failure.RetryAfter)
		try++
		everyone := failure.RetryAfter > 0
		c.warn(ctx, "Devin API request failed and is sent again after a wait", failure, start, wait, everyone)
		if everyone {
			c.throttle.pause(wait)
		} else if err := c.clock.Sleep(ctx, wait); err != nil {
			return failure.fail(ErrUnavailable, cmp.Or(context.Cause(ctx), err), true)
		}
	}
}

// addressLike matches a path element that contains an e-mail address, as some ids do. The
// log has none.
var addressLike = regexp.MustCompile(`(?i)[^/\s]*(@|%40)[^/\s]*`)

func withoutAddress(path string) string { return addressLike.ReplaceAllString(path, "(id)") }

func (c *Client) warn(ctx context.Context, text string, e *Error, start time.Time, wait time.Duration, everyone bool) {
	if wait == 0 {
		return // another request has logged the pause that is on
	}
	c.log.WarnContext(ctx, text, append(c.record(e, start),
		slog.Duration("wait", wait), slog.Bool("holds_back_all_requests", everyone))...)
}

func (c *Client) record(e *Error, start time.Time) []any {
	return []any{
		slog.String("method", e.Method), slog.String("path", withoutAddress(e.Path)), slog.Int("status", e.Status),
		slog.Int("try", e.Tries), slog.Duration("duration", c.clock.Now().Sub(start)), slog.String("request_id", e.RequestID),
	}
}

// worthAnotherTry reports whether the request may be sent again and may then succeed.
func (e *Error) worthAnotherTry(r Request) bool {
	switch {
	case e.final:
		return false
	case !r.repeatable():
		return neverArrived(e.cause)
	}
	return errors.Is(e, ErrUnavailable) && (e.Status < 300 || isTransient(e.Status))
}

// mayHaveArrived reports whether the try may have taken effect: it got no answer, or one
// that may not come from the server that handled the request.
func (e *Error) mayHaveArrived() bool {
	if e.Status == 0 {
		return !neverArrived(e.cause)
	}
	return errors.Is(e, ErrUnavailable) || errors.Is(e, ErrNotDevin)
}

// isTransient reports whether a status is worth another try. Some are HTTP's own, of which
// 421 means that the connection was shared with another host; 499, 520 to 524 and 529 are
// those of common gateways.
func isTransient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusMisdirectedRequest, http.StatusTooEarly,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		499, 520, 521, 522, 523, 524, 529:
		return true
	}
	return false
}

// neverArrived reports whether no connection was made, so that nothing was sent.
func neverArrived(err error) bool {
	var network *net.OpError
	return errors.Is(err, ErrProxy) || willFailAgain(err) ||
		errors.As(err, &network) && (network.Op == "dial" || network.Op == "proxyconnect")
}

// backoff returns the wait after a try. It doubles from try to try, less a random part, so
// that requests that failed together are not sent again together.
func backoff(try int) time.Duration {
	wait := min(firstBackoff<<min(try-1, 7), longestWait) // 7 is past longestWait, and far from overflow
	return wait - time.Duration(rand.Int64N(int64(wait)/2+1))
}

// retryAfter reads the Retry-After header, in either of its forms. A date is compared
// with the answer's own Date, since the two clocks may differ. A time in the past or a
// header that cannot be read is 0.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 365 * 24 * 60 * 60 // a year; 292 years overflow a Duration
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

// stayOnHost follows a redirect only to the same scheme, host and port. Any other would
// send the key to another host, or get an answer that is not the API's. A write follows
// no redirect, since it must arrive where it was sent.
func stayOnHost(next *http.Request, via []*http.Request) error {
	const most = 5
	first := via[0].URL
	if via[0].Method != http.MethodGet || next.URL.Scheme != first.Scheme || next.URL.Host != first.Host || len(via) > most {
		return http.ErrUseLastResponse
	}
	return nil
}

// timeout is a timer that ends a try, and the time at which it fires.
type timeout struct {
	*time.Timer
	deadline time.Time
}

// try sends a request once. The result has no kind if the answer was decoded.
func (c *Client) try(ctx context.Context, r Request, u *url.URL, body []byte, decode func([]byte) error) *Error {
	e := c.newError(r, u, nil, nil)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// Not WithTimeout, since the timer stops while readAnswer waits for other answers.
	timer := timeout{time.AfterFunc(c.timeout, func() { cancel(context.DeadlineExceeded) }), time.Now().Add(c.timeout)}
	defer timer.Stop()
	req, err := http.NewRequestWithContext(ctx, e.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return e.fail(ErrRejected, err, true)
	}
	req.Header.Set("Authorization", "Bearer "+*c.key.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	resp, err := c.http.Do(req)
	if err != nil {
		if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			// Idle connections may be as dead as this one, and each would take a try.
			c.http.CloseIdleConnections()
		}
		return e.fail(ErrUnavailable, c.explain(ctx, err), willFailAgain(err))
	}
	defer resp.Body.Close()
	e.Status, e.RequestID = resp.StatusCode, Excerpt(c.keyForms.redact(requestID(resp.Header)))
	switch {
	case e.Status/100 != 2:
		c.readFailure(e, resp)
	case !r.answeredBy(e.Status):
		return e.fail(ErrNotDevin, fmt.Errorf("a %s is answered with 200, and %d says that this is not the whole answer", e.Method, e.Status), true)
	case e.Status != http.StatusNoContent:
		return c.readAnswer(ctx, e, resp, timer, decode)
	}
	return e
}

const (
	maxAnswer = 32 << 20  // bytes of a 2xx body; a page of 200 members has some 100 KB
	maxError  = 256 << 10 // bytes of any other body
	// At most maxLargeAnswers answers of more than largeAnswer bytes are read at the same
	// time: sixteen took 3 GiB.
	largeAnswer     = 1 << 20
	maxLargeAnswers = 2
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readAnswer reads and decodes the body of an answer. It returns e, with what went wrong.
func (c *Client) readAnswer(ctx context.Context, e *Error, resp *http.Response, timer timeout, decode func([]byte) error) *Error {
	buffer := buffers.Get().(*bytes.Buffer) //nolint:forcetypeassert // the pool has no other
	buffer.Reset()
	_, err := buffer.ReadFrom(io.LimitReader(resp.Body, largeAnswer+1))
	if err == nil && buffer.Len() > largeAnswer {
		left := time.Until(timer.deadline)
		timer.Stop()
		select {
		case c.large <- struct{}{}:
			defer func() { <-c.large }()
			timer.Reset(left)
			_, err = buffer.ReadFrom(io.LimitReader(resp.Body, maxAnswer-largeAnswer))
		case <-ctx.Done():
			err = ctx.Err()
		}
	} else {
		defer buffers.Put(buffer)
	}
	body := buffer.Bytes()
	switch {
	case isCorrupt(err):
		return e.fail(ErrUnavailable, fmt.Errorf("%w: %w", ErrCorrupt, err), false)
	case err != nil:
		return e.fail(ErrUnavailable, fmt.Errorf("%w: %w", errBrokeOff, c.explain(ctx, err)), false)
	case len(body) > maxAnswer:
		return e.fail(ErrNotDevin, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20), true)
	case isHTML(resp.Header.Get("Content-Type"), body):
		return e.fail(ErrNotDevin, ErrHTML, true)
	case c.keyForms.in(body):
		return e.fail(ErrNotDevin, errRepeatsKey, true)
	}
	if err := decode(body); err != nil {
		return e.fail(ErrNotDevin, c.keyForms.redactError(err), true)
	}
	return e
}

func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt)
}

// fail sets what went wrong, and whether no further try can help. It returns e.
func (e *Error) fail(kind, cause error, final bool) *Error {
	e.kind, e.cause, e.final = kind, cause, final
	return e
}

// readFailure reads what an answer with a status other than 2xx says.
func (c *Client) readFailure(failure *Error, resp *http.Response) {
	failure.kind = kindOfStatus(resp.StatusCode)
	failure.RetryAfter = retryAfter(resp.Header, c.clock.Now())
	if location, err := resp.Location(); err == nil && resp.StatusCode/100 == 3 {
		failure.cause = fmt.Errorf("it redirects to %s, and the key is sent to %s only",
			c.keyForms.redact(location.Scheme+"://"+location.Host), failure.Host)
		switch {
		case failure.Method != http.MethodGet:
			failure.cause = errors.New("it redirects, and a change is sent to one address only")
		case location.Host == failure.Host && location.Scheme == c.base.Scheme:
			failure.cause = errors.New("it redirects in a circle")
		}
		return
	}
	// If a part of the body cannot be read, the message is shorter, and nothing else.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxError))
	// Redacted before it is shortened, which may cut a key in two, and after it
	// is decoded, since JSON may spell a key with escapes.
	failure.readProblem(resp.Header.Get("Content-Type"), []byte(c.keyForms.replace(string(body))))
	failure.Title, failure.Detail = c.keyForms.redact(failure.Title), c.keyForms.redact(failure.Detail)
	for i := range failure.Fields {
		failure.Fields[i] = c.keyForms.redact(failure.Fields[i])
	}
}

// requestID returns the API's id for a request. No header is documented for it; these are
// common.
func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "Cf-Ray"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}

// explain drops what net/http adds to an error, the method and URL, which an Error has of
// its own. If the try took too long, it returns a timeoutError.
func (c *Client) explain(ctx context.Context, err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return timeoutError(c.timeout)
	}
	return c.keyForms.redactError(err)
}

// timeoutError is the error of a try whose answer did not come in time, or not whole.
type timeoutError time.Duration

func (t timeoutError) Error() string { return fmt.Sprintf("it took longer than %s", time.Duration(t)) }

func (timeoutError) Unwrap() error { return context.DeadlineExceeded }

// willFailAgain reports whether a connection failed in a way that no further try mends:
// the host does not exist, its certificate is not valid, or it does not speak TLS.
func willFailAgain(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	return errors.As(err, &dns) && dns.IsNotFound ||
		errors.As(err, &certificate) || errors.As(err, &unknown) || errors.As(err, &record) ||
		errors.Is(err, http.ErrSchemeMismatch)
}
