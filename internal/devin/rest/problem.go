package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readProblem takes from an error's body what it says. The API has three
// forms of it, and what stands before the API has forms of its own:
//
//   - RFC 9457: {"title": "...", "status": 403, "detail": "..." or null, "errors": [...]}
//   - {"detail": "..."}
//   - {"detail": [{"loc": [...], "msg": "..."}]}, for a request that was not valid
//   - an HTML page, plain text, or nothing
func (e *Error) readProblem(contentType string, body []byte) {
	if isHTML(contentType, body) {
		e.cause = ErrHTML
		// A gateway's page with a 5xx or a 429 still says what the status says.
		// Any other comes from something that is not Devin, and its 401 or 403
		// says nothing about the key.
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

// deniedAddress are the words of a 403 that is due to the enterprise's IP access
// list. The API tells it apart from a missing permission in no other way.
var deniedAddress = regexp.MustCompile(`(?i)\bip[ _-](access|allow)[ _-]?list\b|\bip address\b.*\bnot (allowed|permitted)\b`)

func (e *Error) readText(body []byte) {
	var problem struct {
		Title  json.RawMessage `json:"title"`
		Detail json.RawMessage `json:"detail"`
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &problem) != nil {
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

func textOf(raw json.RawMessage) (string, bool) {
	var text *string
	if json.Unmarshal(raw, &text) != nil || text == nil {
		return "", false
	}
	return Excerpt(*text), true
}

// fieldErrors words the list of a validation error: "query.first: Input should ...".
func fieldErrors(raw json.RawMessage) []string {
	var items []struct {
		Loc []any  `json:"loc"`
		Msg string `json:"msg"`
	}
	if json.Unmarshal(raw, &items) != nil {
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

// Excerpt makes one printable line, of a length fit for a message, of
// whatever a server sent.
func Excerpt(text string) string {
	const most = 300
	// Of a large answer only the beginning is looked at, since nobody sees more.
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
