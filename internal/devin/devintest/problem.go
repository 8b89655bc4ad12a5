package devintest

import (
	"net/http"
)

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

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
	Where   []string       `json:"loc"`
	Message string         `json:"msg"`
	Type    string         `json:"type"`
	Input   string         `json:"input"`
	Context map[string]int `json:"ctx"`
}

// problem is a ProblemDetail; no detail repeats the title, DetailNull makes it null.
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

func (c *call) unknownPath() answer {
	if c.server.opts.Quirks.PlainNotFound {
		return answer{status: http.StatusNotFound, contentType: jsonType, body: []byte(`{"detail":"Not Found"}`)}
	}
	return c.problem(http.StatusNotFound, "")
}

// invalid answers 422 in one of the two forms that the documentation shows.
func (c *call) invalid(bad []complaint) answer {
	errors := make([]validationError, len(bad))
	for i, b := range bad {
		errors[i] = validationError{[]string{"query"}, b.message, b.kind, b.input, map[string]int{}}
		if b.key != "" {
			errors[i].Where = append(errors[i].Where, b.key)
		}
	}
	if c.server.opts.Quirks.ProblemValidation {
		return c.problemWith(http.StatusUnprocessableEntity, "Validation failed", errors)
	}
	body := marshal(map[string]any{"detail": errors})
	return answer{status: http.StatusUnprocessableEntity, contentType: jsonType, body: body}
}
