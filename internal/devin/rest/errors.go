package rest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Kinds of an *Error, for errors.Is.
var (
	// ErrUnauthorized is a 401: the API does not accept the key, at least not here.
	ErrUnauthorized = errors.New("the API refused the key")
	// ErrForbidden is a 403: the key lacks a permission. The API was also seen
	// to answer 403 to a key that it does not know.
	ErrForbidden = errors.New("the API denied access")
	// ErrAddressDenied is an ErrForbidden that says nothing about the key: the IP access
	// list of the enterprise does not have the address that the request came from.
	ErrAddressDenied = fmt.Errorf("%w to the address that the request came from", ErrForbidden)
	// ErrNotFound is a 404.
	ErrNotFound = errors.New("the API knows no such object")
	// ErrRateLimited is a 429 for as long as Config.RateLimitTimeout.
	ErrRateLimited = errors.New("the API asked for fewer requests")
	// ErrRejected is a 400, 422 or another 4xx that is due to the request itself.
	ErrRejected = errors.New("the API rejected the request")
	// ErrInvalidID means that a request was not sent, because an id in it cannot be an
	// element of a URL's path.
	ErrInvalidID = errors.New("the id cannot be part of a request")
	// ErrUnavailable is a 5xx, a status that has nothing to do with the request or
	// the key, or no answer at all.
	ErrUnavailable = errors.New("the API could not be reached")
	// ErrNotDevin is an answer that is not from the Devin API, or not as it documents:
	// the page of a proxy, a redirect elsewhere, or JSON of another shape.
	ErrNotDevin = errors.New("the answer is not one of the Devin API")
)

// ErrReadOnly means that the client is ReadOnly, so that a change was not sent.
var ErrReadOnly = errors.New("the client only reads")

// Causes of an *Error that are more precise than its kind, for errors.Is.
var (
	// ErrHTML is a page for people where JSON belongs.
	ErrHTML = errors.New("an HTML page instead of JSON")
	// errBrokeOff is a body that began but did not end, or not in time.
	errBrokeOff = errors.New("the answer broke off")
	// ErrCorrupt is a body that cannot be decompressed.
	ErrCorrupt = errors.New("the answer was corrupted on its way")
	// ErrProxy is an answer of the proxy on the way, which did not pass the
	// request on.
	ErrProxy = errors.New("the proxy answered in place of the API")
	// ErrCursorRefused is a refusal of a cursor that the API itself gave.
	ErrCursorRefused = errors.New("the API refused the cursor of its own previous page")

	errRepeatsKey = errors.New("the answer repeats the API key, so nothing of it is used or shown")
)

// Error is a request that failed. The error of a request is always an *Error, found with
// errors.As, but a caller whose own context ends may get the context's error.
type Error struct {
	Method string
	Host   string // host and port the request went to
	Path   string // as sent, escaped, without the query and without the key
	Status int    // HTTP status of the last try; 0 where there was no answer

	Title  string   // the API's own short name for the failure, if any
	Detail string   // the API's own explanation, if any
	Fields []string // what a validation error says of single fields, if anything

	RequestID  string        // the API's id for the request, where a header tells it
	Tries      int           // how often the request was sent
	RetryAfter time.Duration // how long the last answer asked to wait; 0 if it did not
	// Limited is how long the request waited for another answer than 429 before it was
	// given up; 0 if it was given up for another reason.
	Limited time.Duration
	// MayHaveArrived reports whether one of the tries may have taken effect: it got no
	// answer, or one that does not tell.
	MayHaveArrived bool

	// Permission is what the endpoint needs; nil if it needs none.
	Permission *Permission

	kind  error // one of the sentinels above
	cause error // from the transport, the decoder or the context; may be nil
	final bool  // no further try can help
}

// Error returns the request and what was answered, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", e.Method, e.Path)
	switch {
	case e.Status != 0:
		fmt.Fprintf(&b, " answered %d", e.Status)
	case e.Tries == 0:
		b.WriteString(" was not sent")
	default:
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

// Is reports whether target is the kind of e: errors.Is(err, devin.ErrForbidden).
func (e *Error) Is(target error) bool { return errors.Is(e.kind, target) }

// Unwrap returns the cause: a network error, a decoding error, or the context's.
func (e *Error) Unwrap() error { return e.cause }

// Said returns what the API itself said of the failure, in one line; empty if it said
// nothing that can be shown.
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

// kindOfStatus returns the kind of failure that a status stands for. The statuses of a proxy,
// a gateway or the enterprise's plan are due to neither the request nor the key.
func kindOfStatus(status int) error {
	switch status {
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusForbidden:
		return ErrForbidden
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusTooManyRequests:
		return ErrRateLimited
	case http.StatusProxyAuthRequired, http.StatusNetworkAuthenticationRequired:
		return ErrNotDevin
	case http.StatusPaymentRequired, http.StatusLocked, http.StatusUnavailableForLegalReasons:
		return ErrUnavailable
	}
	switch {
	case status >= 500, isTransient(status):
		return ErrUnavailable
	case status >= 400:
		return ErrRejected
	}
	return ErrNotDevin
}

// readProblem reads what the body of an error says. The API has three forms, and proxies
// and gateways have their own:
//
//   - RFC 9457: {"title": "...", "status": 403, "detail": "..." or null, "errors": [...]}
//   - {"detail": "..."}
//   - {"detail": [{"loc": [...], "msg": "..."}]}, for a request that was not valid
//   - an HTML page, plain text, or nothing
func (e *Error) readProblem(contentType string, body []byte) {
	if isHTML(contentType, body) {
		e.cause = ErrHTML
		// A gateway's page with a 5xx or a 429 is what its status says. Any other page
		// is not Devin's, and its 401 or 403 says nothing about the key.
		if !errors.Is(e.kind, ErrUnavailable) && !errors.Is(e.kind, ErrRateLimited) {
			e.kind = ErrNotDevin
		}
		return
	}
	e.readText(body)
	if errors.Is(e.kind, ErrForbidden) && deniedAddress.MatchString(e.Title+"\n"+e.Said()) {
		e.kind = ErrAddressDenied
	}
}

// deniedAddress matches the text of a 403 that is due to the enterprise's IP access
// list. Nothing else in the answer tells it from a missing permission.
var deniedAddress = regexp.MustCompile(`(?i)\bip[ _-](access|allow)[ _-]?list\b|\bip address\b.*\bnot (allowed|permitted)\b`)

func (e *Error) readText(body []byte) {
	var problem struct {
		Title  jsontext.Value `json:"title"`
		Detail jsontext.Value `json:"detail"`
		Errors jsontext.Value `json:"errors"`
	}
	if json.Unmarshal(body, &problem, jsontext.AllowInvalidUTF8(true)) != nil {
		e.Detail = Excerpt(string(body))
		return
	}
	e.Title, _ = textOf(problem.Title)
	if text, ok := textOf(problem.Detail); ok {
		e.Detail = text
	} else {
		e.Fields = fieldErrors(problem.Detail)
	}
	e.Fields = append(e.Fields, fieldErrors(problem.Errors)...)
	if e.Said() == "" {
		e.Detail = Excerpt(string(body))
	}
}

func textOf(raw jsontext.Value) (string, bool) {
	var text *string
	if json.Unmarshal(raw, &text, jsontext.AllowInvalidUTF8(true)) != nil || text == nil {
		return "", false
	}
	return Excerpt(*text), true
}

// fieldErrors formats the items of a validation error: "query.first: Input should ...".
func fieldErrors(raw jsontext.Value) []string {
	var items []struct {
		Loc []any  `json:"loc"`
		Msg string `json:"msg"`
	}
	if json.Unmarshal(raw, &items, jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	const most = 5
	var fields []string
	for i, item := range items {
		if i == most {
			fields = append(fields, fmt.Sprintf("and %d more", len(items)-most))
			break
		}
		where := make([]string, len(item.Loc))
		for i, part := range item.Loc {
			where[i] = fmt.Sprint(part)
		}
		text := strings.TrimPrefix(strings.Join(where, ".")+": "+item.Msg, ": ")
		if text = Excerpt(text); text != "" {
			fields = append(fields, text)
		}
	}
	return fields
}

func isHTML(contentType string, body []byte) bool {
	if strings.Contains(contentType, "html") {
		return true
	}
	return bytes.HasPrefix(bytes.TrimLeft(body, "\ufeff \t\r\n"), []byte("<"))
}

// Excerpt returns the beginning of what a server sent as one printable line of up to 300
// characters, for a message.
func Excerpt(text string) string {
	const most = 300
	// Only the beginning of a large answer is processed, since no more is shown.
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	const looked = 16 * most
	more := len(text) > looked
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text[:min(len(text), looked)], "\ufffd")), " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			return r
		}
		return '?' // among these are the controls of terminals and of writing direction
	}, text)
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most]) + "..."
	}
	if more {
		return text + "..."
	}
	return text
}
