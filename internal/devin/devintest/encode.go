package devintest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Consumption and lists of members are appended by hand: benchmarks run in the
// fake's own process, and what it spends is taken from what they measure.

var buffers = sync.Pool{New: func() any { return new([]byte) }}

func buffer() []byte {
	if b, ok := buffers.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return nil
}

func recycle(b []byte) { buffers.Put(&b) }

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// appendACUs writes hundredths the way Python writes a float.
func appendACUs(b []byte, hundredths int64) []byte {
	b = appendInt(b, hundredths/100)
	rest := hundredths % 100
	b = append(b, '.', byte('0'+rest/10))
	if rest%10 != 0 {
		b = append(b, byte('0'+rest%10))
	}
	return b
}

// appendString writes a JSON string, as Python does without escaping < and >.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch ch := s[i]; {
		case ch == '"' || ch == '\\':
			b = append(b, '\\', ch)
		case ch < 0x20:
			const hex = "0123456789abcdef"
			b = append(b, '\\', 'u', '0', '0', hex[ch>>4], hex[ch&15])
		default:
			b = append(b, ch)
		}
	}
	return append(b, '"')
}

// marshal encodes what is not worth being encoded by hand, as Python does without
// escaping < and >.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func (c *call) answerJSON(v any) answer { return c.ok(marshal(v)) }

// number is hundredths of an ACU.
func number(hundredths int64) json.Number { return json.Number(appendACUs(nil, hundredths)) }

// appendNullable writes an empty string as null.
func appendNullable(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendString(b, s)
}

var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func (s *Server) head(w http.ResponseWriter, r *http.Request, a *answer) (zip bool) {
	h := w.Header()
	// Assigned, not set: the names are in canonical form already.
	if a.contentType != "" {
		h["Content-Type"] = []string{a.contentType}
	}
	if a.retryAfter != "" {
		h["Retry-After"] = []string{a.retryAfter}
	}
	if a.allow != "" {
		h["Allow"] = []string{a.allow}
	}
	h["X-Request-Id"] = []string{"req-" + strconv.FormatUint(s.serial.Add(1), 10)}
	if s.opts.Gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h["Content-Encoding"] = []string{"gzip"}
		return true
	}
	return false
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, a answer, e *entry) {
	zip := s.head(w, r, &a)
	if !zip {
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	}
	s.recorder.leave(e)
	w.WriteHeader(a.status)
	if !zip {
		// A client that went away is no concern of the fake's.
		_, _ = w.Write(a.body)
		return
	}
	zipper, ok := zippers.Get().(*gzip.Writer)
	if !ok {
		return
	}
	zipper.Reset(w)
	_, _ = zipper.Write(a.body)
	_ = zipper.Close()
	zippers.Put(zipper)
}
