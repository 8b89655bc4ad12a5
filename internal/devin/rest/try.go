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
	"sync"
)

// A redirect is followed on the same scheme, host and port; elsewhere it would
// take the key along, or come back with something that is not the API.
func stayOnHost(next *http.Request, via []*http.Request) error {
	const most = 5
	first := via[0].URL
	if next.URL.Scheme != first.Scheme || next.URL.Host != first.Host || len(via) > most {
		return http.ErrUseLastResponse
	}
	return nil
}

// try sends a request once. It returns the body's length and the API's id for
// the request beside the error.
func (c *Client) try(ctx context.Context, r Request, u *url.URL, decode func([]byte) error) (n int64, id string, failure *Error) {
	failure = r.failed(u, nil, nil)
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, failure.Method, u.String(), nil)
	if err != nil {
		return 0, "", failure.because(ErrRejected, err, true)
	}
	req.Header.Set("Authorization", "Bearer "+*c.key.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)

	resp, err := c.http.Do(req)
	if err != nil {
		return 0, "", failure.because(ErrUnavailable, c.explain(ctx, err), hopeless(err))
	}
	defer resp.Body.Close()
	failure.Status = resp.StatusCode
	id = Excerpt(c.scrub(requestID(resp.Header)))
	failure.RequestID = id
	if resp.StatusCode/100 != 2 {
		c.readFailure(failure, resp)
		return 0, id, failure
	}
	buffer := buffers.Get()
	defer buffers.Put(buffer)
	n, err = buffer.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return n, id, failure.because(ErrUnavailable, fmt.Errorf("the answer broke off: %w", c.explain(ctx, err)), false)
	case n > maxAnswer:
		return n, id, failure.because(ErrNotDevin, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20), true)
	case isHTML(resp.Header.Get("Content-Type"), buffer.Bytes()):
		return n, id, failure.because(ErrNotDevin, errHTML, true)
	}
	if err := decode(buffer.Bytes()); err != nil {
		// The decoder's error may quote a piece of the key, which scrub would not know.
		if bytes.Contains(buffer.Bytes(), []byte(*c.key.secret)) {
			err = errors.New("it is not what the Devin API documents, and cannot be shown because it repeats the key")
		}
		return n, id, failure.because(ErrNotDevin, c.scrubbed(err), true)
	}
	return n, id, nil
}

func (e *Error) because(kind, cause error, final bool) *Error {
	e.kind, e.cause, e.final = kind, cause, final
	return e
}

var errHTML = errors.New("an HTML page instead of JSON")

func (c *Client) readFailure(failure *Error, resp *http.Response) {
	failure.kind = kindOfStatus(resp.StatusCode)
	failure.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), c.clock.Now())
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

// bufferPool keeps the buffers that answers are read into: one for each
// request in flight, whatever the number of answers.
type bufferPool struct{ pool sync.Pool }

var buffers bufferPool

func (p *bufferPool) Get() *bytes.Buffer {
	if b, ok := p.pool.Get().(*bytes.Buffer); ok {
		b.Reset()
		return b
	}
	return new(bytes.Buffer)
}

func (p *bufferPool) Put(b *bytes.Buffer) {
	const largestKept = 4 << 20
	if b.Cap() <= largestKept {
		p.pool.Put(b)
	}
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
