package devintest

import (
	"net/http"
)

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

func (c *call) problemType() string {
	if c.server.opts.Quirks.ProblemJSON {
		return problemType
	}
	return jsonType
}

// problem is a ProblemDetail; no detail repeats the title, DetailNull makes it null.
func (c *call) problem(status int, detail string) answer {
	return answer{status: status, contentType: c.problemType(), body: append(c.problemStart(status, detail), '}')}
}

func (c *call) problemStart(status int, detail string) []byte {
	title := http.StatusText(status)
	if detail == "" {
		detail = title
	}
	b := append(buffer(), `{"type":"about:blank","title":`...)
	b = appendString(b, title)
	b = append(b, `,"status":`...)
	b = appendInt(b, int64(status))
	b = append(b, `,"detail":`...)
	if detail == DetailNull {
		b = append(b, "null"...)
	} else {
		b = appendString(b, detail)
	}
	b = append(b, `,"instance":`...)
	return appendString(b, c.path)
}

func (c *call) unknownPath() answer {
	if c.server.opts.Quirks.PlainNotFound {
		body := append(buffer(), `{"detail":"Not Found"}`...)
		return answer{status: http.StatusNotFound, contentType: jsonType, body: body}
	}
	return c.problem(http.StatusNotFound, "")
}

// invalid answers 422 in one of the two forms that the documentation shows.
func (c *call) invalid(bad []complaint) answer {
	a := answer{status: http.StatusUnprocessableEntity, contentType: jsonType}
	if c.server.opts.Quirks.ProblemValidation {
		a.contentType = c.problemType()
		a.body = append(c.problemStart(a.status, "Validation failed"), `,"errors":[`...)
	} else {
		a.body = append(buffer(), `{"detail":[`...)
	}
	for i, complaint := range bad {
		if i > 0 {
			a.body = append(a.body, ',')
		}
		a.body = append(a.body, `{"loc":["query"`...)
		if complaint.key != "" {
			a.body = append(a.body, ',')
			a.body = appendString(a.body, complaint.key)
		}
		a.body = append(a.body, `],"msg":`...)
		a.body = appendString(a.body, complaint.message)
		a.body = append(a.body, `,"type":`...)
		a.body = appendString(a.body, complaint.kind)
		a.body = append(a.body, `,"input":`...)
		a.body = appendString(a.body, complaint.input)
		a.body = append(a.body, `,"ctx":{}}`...)
	}
	a.body = append(a.body, "]}"...)
	return a
}
