package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// A redirect is followed on the same scheme, host and port; elsewhere it would
// take the key along, or come back with something that is not the API. A write
// follows none: what is written must arrive where it was sent.
func stayOnHost(next *http.Request, via []*http.Request) error {
	const most = 5
	first := via[0].URL
	if via[0].Method != http.MethodGet || next.URL.Scheme != first.Scheme || next.URL.Host != first.Host || len(via) > most {
		return http.ErrUseLastResponse
	}
	return nil
}

// decoder takes what it needs from the body of an answer, which is not its to keep.
type decoder func(ctx context.Context, body []byte) error

// attempt is what sending a request once came to.
type attempt struct {
	status    int    // 0 where there was no answer
	requestID string // the API's id for the request
	size      int64  // bytes of the body
	failure   *Error // nil where the answer is decoded
}

// try sends a request once.
func (c *Client) try(ctx context.Context, r Request, u *url.URL, body []byte, decode decoder) attempt {
	failure := r.failed(u, nil, nil)
	asking, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(asking, failure.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return attempt{failure: failure.because(ErrRejected, err, true)}
	}
	req.Header.Set("Authorization", "Bearer "+*c.key.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	resp, err := c.http.Do(req)
	if err != nil {
		return attempt{failure: failure.because(ErrUnavailable, c.explain(asking, err), hopeless(err))}
	}
	defer resp.Body.Close()
	failure.Status = resp.StatusCode
	failure.RequestID = Excerpt(c.scrub(requestID(resp.Header)))
	a := attempt{status: failure.Status, requestID: failure.RequestID}
	switch {
	case resp.StatusCode/100 != 2:
		c.readFailure(failure, resp)
		a.failure = failure
	case !r.answeredBy(resp.StatusCode):
		a.failure = failure.because(ErrNotDevin, fmt.Errorf("a %s is answered with 200, and %d says that this is not the whole answer",
			failure.Method, resp.StatusCode), true)
	case decode != nil:
		a.size, a.failure = c.readAnswer(asking, failure, resp, decode)
	}
	return a
}

// readAnswer reads and decodes the body of an answer. failure is what it
// becomes where it cannot.
func (c *Client) readAnswer(ctx context.Context, failure *Error, resp *http.Response, decode decoder) (int64, *Error) {
	buffer := buffers.Get()
	defer buffers.Put(buffer)
	body := &countedReader{Reader: io.LimitReader(resp.Body, maxAnswer+1), all: &c.underWay}
	defer body.release()
	n, err := buffer.ReadFrom(body)
	switch {
	case errors.Is(err, errTooMuch):
		return n, failure.because(ErrNotDevin, err, true)
	case err != nil:
		return n, failure.because(ErrUnavailable, fmt.Errorf("%w: %w", ErrBrokeOff, c.explain(ctx, err)), false)
	case n > maxAnswer:
		return n, failure.because(ErrNotDevin, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20), true)
	case isHTML(resp.Header.Get("Content-Type"), buffer.Bytes()):
		return n, failure.because(ErrNotDevin, ErrHTML, true)
	case c.secret.isIn(buffer.Bytes()):
		return n, failure.because(ErrNotDevin, errRepeatsKey, true)
	}
	if err := decode(ctx, buffer.Bytes()); err != nil {
		if ctx.Err() != nil {
			return n, failure.because(ErrUnavailable, c.explain(ctx, err), false)
		}
		return n, failure.because(ErrNotDevin, c.scrubbed(err), true)
	}
	return n, nil
}

func (e *Error) because(kind, cause error, final bool) *Error {
	e.kind, e.cause, e.final = kind, cause, final
	return e
}

func (c *Client) readFailure(failure *Error, resp *http.Response) {
	failure.kind = kindOfStatus(resp.StatusCode)
	failure.RetryAfter = retryAfter(resp.Header, c.clock.Now())
	if location, err := resp.Location(); err == nil && resp.StatusCode/100 == 3 {
		failure.cause = fmt.Errorf("it redirects to %s, and the key is sent to %s only",
			c.scrub(location.Scheme+"://"+location.Host), failure.Host)
		if location.Host == failure.Host && location.Scheme == c.base.Scheme {
			failure.cause = errors.New("it redirects in a circle")
		}
		return
	}
	// What cannot be read of an error's body is missing from the message, no more.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxError))
	// Scrubbed before it is shortened, which may cut a key in two, and after it
	// is decoded, since JSON may spell a key with escapes.
	failure.readProblem(resp.Header.Get("Content-Type"), []byte(c.scrub(string(body))))
	failure.Title, failure.Detail = c.scrub(failure.Title), c.scrub(failure.Detail)
	for i := range failure.Fields {
		failure.Fields[i] = c.scrub(failure.Fields[i])
	}
}

// No header is documented for it; these are the common ones.
func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "Cf-Ray"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}

// explain drops what net/http puts around an error (the method and URL, which
// an Error has itself) and words the client's own time-out.
func (c *Client) explain(ctx context.Context, err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	err = c.scrubbed(err)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("nothing more came within %s: %w", c.timeout, err)
	}
	return err
}

// hopeless says that a failed connection will fail the same way again: the
// host does not exist, its certificate does not hold, or it speaks no TLS.
func hopeless(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	return errors.As(err, &dns) && dns.IsNotFound ||
		errors.As(err, &certificate) || errors.As(err, &unknown) || errors.As(err, &record) ||
		errors.Is(err, http.ErrSchemeMismatch)
}
