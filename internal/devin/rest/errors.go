package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// What kind of failure an *Error is; errors.Is tells.
var (
	// ErrUnauthorized is a 401: the API does not accept the key, at least not here.
	ErrUnauthorized = errors.New("the API refused the key")
	// ErrForbidden is a 403: the key lacks a permission. The API was also seen
	// to answer 403 to a key that it does not know.
	ErrForbidden = errors.New("the API denied access")
	// ErrAddressDenied is an ErrForbidden that says nothing about the key: the
	// enterprise takes requests from some addresses only, and this is none of them.
	ErrAddressDenied = fmt.Errorf("%w to the address that the request came from", ErrForbidden)
	// ErrNotFound is a 404.
	ErrNotFound = errors.New("the API knows no such object")
	// ErrRateLimited is a 429 that outlasted every try.
	ErrRateLimited = errors.New("the API asked for fewer requests")
	// ErrRejected is any other 4xx: the API did not like the request.
	ErrRejected = errors.New("the API rejected the request")
	// ErrUnavailable is a 5xx, or no answer at all, which says nothing of the key.
	ErrUnavailable = errors.New("the API could not be reached")
	// ErrNotDevin is an answer that the Devin API does not give: a page of a
	// proxy, a redirect elsewhere, or JSON of another shape than documented.
	ErrNotDevin = errors.New("the answer is not one of the Devin API")
)

// ErrReadOnly says that a client may not change anything; nothing was sent.
var ErrReadOnly = errors.New("the client only reads")

// Causes of an *Error that are more telling than its kind; errors.Is tells.
var (
	// ErrHTML is a page for people where JSON belongs.
	ErrHTML = errors.New("an HTML page instead of JSON")
	// ErrBrokeOff is a body that began and did not end, or not in time.
	ErrBrokeOff = errors.New("the answer broke off")

	errRepeatsKey = errors.New("the answer repeats the API key, so nothing of it is used or shown")
)

// Error is a request that failed. Every error of a Client's methods that
// comes from a request is a *Error, found with errors.As; a caller whose own
// context ends may get the context's error instead.
type Error struct {
	Method string
	Host   string // host and port the request went to
	Path   string // as sent, escaped, without the query
	Status int    // HTTP status of the last try; 0 where there was no answer

	Title  string   // the API's own short name for the failure, if any
	Detail string   // the API's own explanation, if any
	Fields []string // what a validation error says of single fields, if anything

	RequestID  string        // the API's id for the request, where a header tells it
	Tries      int           // how often the request was sent
	RetryAfter time.Duration // how long the last answer asked to wait; 0 if it did not
	// Limited is how long Devin had answered nothing but 429 when the request was
	// given up; 0 where that was not the reason.
	Limited time.Duration

	// Permission is what the endpoint demands; nil where it demands nothing.
	Permission *Permission

	kind  error // one of the sentinels above
	cause error // of the transport, the decoder or the context
	final bool  // no further try can help
}

// Error says what was asked and what came back, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", e.Method, e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&b, " answered %d", e.Status)
	} else {
		b.WriteString(" got no answer")
	}
	if e.Tries > 1 {
		fmt.Fprintf(&b, " (try %d)", e.Tries)
	}
	fmt.Fprintf(&b, ": %v", e.kind)
	if said := e.Said(); said != "" {
		fmt.Fprintf(&b, ": %s", said)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Is tells the kind of failure: errors.Is(err, devin.ErrForbidden).
func (e *Error) Is(target error) bool { return errors.Is(e.kind, target) }

// Unwrap is what went wrong below: a network error, a decoding error, or the
// context's.
func (e *Error) Unwrap() error { return e.cause }

// Said is what the API itself said of the failure, in one line; empty if it
// said nothing that can be shown.
func (e *Error) Said() string {
	said := e.Detail
	if said == "" {
		said = e.Title
	}
	if len(e.Fields) > 0 {
		said = strings.TrimPrefix(said+": "+strings.Join(e.Fields, "; "), ": ")
	}
	return said
}

func kindOfStatus(status int) error {
	switch {
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusNotFound:
		return ErrNotFound
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status >= 500, passing(status):
		return ErrUnavailable
	case status >= 400:
		return ErrRejected
	}
	return ErrNotDevin
}
