package devintest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

// answer is a whole response. Nothing is written before it is complete, so that
// a fault can take it apart.
type answer struct {
	status            int
	contentType       string
	retryAfter, allow string
	body              []byte
}

func (c *call) ok(body []byte) answer {
	return answer{status: http.StatusOK, contentType: jsonType, body: body}
}

func (c *call) answerJSON(v any) answer { return c.ok(marshal(v)) }

// marshal encodes as the API does, which is written in Python: < and > are not escaped.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// number is hundredths of an ACU.
func number(hundredths int64) json.Number { return json.Number(appendACUs(nil, hundredths)) }

// appendACUs writes hundredths as Python writes a float: 2.0, 2.5 or 2.25.
func appendACUs(b []byte, hundredths int64) []byte {
	b = strconv.AppendInt(b, hundredths/100, 10)
	rest := hundredths % 100
	b = append(b, '.', byte('0'+rest/10))
	if rest%10 != 0 {
		b = append(b, byte('0'+rest%10))
	}
	return b
}

// pointer is nil for the zero value.
func pointer[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// problemDetail is an error as RFC 9457 has it.
type problemDetail struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   *string           `json:"detail"`
	Instance string            `json:"instance"`
	Errors   []validationError `json:"errors,omitempty"`
}

// validationError is what a 422 says of a query key or of the body.
type validationError struct {
	Location []string       `json:"loc"`
	Message  string         `json:"msg"`
	Type     string         `json:"type"`
	Input    string         `json:"input"`
	Context  map[string]int `json:"ctx"`
}

// fieldError is about a query key or a field of the body, or without a key about all.
func fieldError(key, message, kind, input string) validationError {
	e := validationError{[]string{"query"}, message, kind, input, map[string]int{}}
	if key != "" {
		e.Location = append(e.Location, key)
	}
	return e
}

// problem is a ProblemDetail. An empty detail repeats the title; DetailNull is null.
func (c *call) problem(status int, detail string) answer {
	return c.problemWith(status, detail, nil)
}

func (c *call) problemWith(status int, detail string, errors []validationError) answer {
	p := problemDetail{Type: "about:blank", Title: http.StatusText(status), Status: status, Instance: c.path, Errors: errors}
	switch detail {
	case DetailNull:
	case "":
		p.Detail = &p.Title
	default:
		p.Detail = &detail
	}
	a := answer{status: status, contentType: jsonType, body: marshal(p)}
	if c.server.opts.Quirks.ProblemJSON {
		a.contentType = problemType
	}
	return a
}

// invalid answers 422 in one of the two forms that the documentation shows.
func (c *call) invalid(errors []validationError) answer {
	if c.server.opts.Quirks.ProblemValidation {
		return c.problemWith(http.StatusUnprocessableEntity, "Validation failed", errors)
	}
	body := marshal(map[string]any{"detail": errors})
	return answer{status: http.StatusUnprocessableEntity, contentType: jsonType, body: body}
}

func (c *call) unknownPath() answer {
	if c.server.opts.Quirks.PlainNotFound {
		return answer{status: http.StatusNotFound, contentType: jsonType, body: []byte(`{"detail":"Not Found"}`)}
	}
	return c.problem(http.StatusNotFound, "")
}

// unknown answers for an unknown id. A 403 hides whether the object exists.
func (c *call) unknown(status int, detail string) answer {
	if status == http.StatusForbidden {
		detail = "Unauthorized"
	}
	return c.problem(status, detail)
}

func (c *call) denied() answer {
	detail := c.server.opts.Quirks.PermissionDetail
	if detail == "" {
		detail = "You do not have permission to perform this action"
	}
	return c.problem(or(c.principal.DenyStatus, http.StatusForbidden), detail)
}

// head sets the headers of an answer, and reports whether to compress the body.
func (s *Server) head(w http.ResponseWriter, r *http.Request, a *answer) (zip bool) {
	h := w.Header()
	set := func(name, value string) {
		if value != "" {
			h.Set(name, value)
		}
	}
	set("Content-Type", a.contentType)
	set("Retry-After", a.retryAfter)
	set("Allow", a.allow)
	set("X-Request-Id", "req-"+strconv.FormatUint(s.serial.Add(1), 10))
	if s.opts.Gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		return true
	}
	return false
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, a answer, e *entry) {
	zip := s.head(w, r, &a)
	if !zip {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	s.recorder.setStatus(e, a.status)
	s.recorder.leave(e)
	w.WriteHeader(a.status)
	// Errors of writing mean that the client has gone.
	if !zip {
		_, _ = w.Write(a.body)
		return
	}
	zipper := gzip.NewWriter(w)
	_, _ = zipper.Write(a.body)
	_ = zipper.Close()
}
