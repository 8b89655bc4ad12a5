package devintest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// marshal encodes as Python does, without escaping < and >.
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

func (c *call) ok(body []byte) answer {
	return answer{status: http.StatusOK, contentType: jsonType, body: body}
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
	s.recorder.leave(e)
	w.WriteHeader(a.status)
	// A client that went away is no concern of the fake's.
	if !zip {
		_, _ = w.Write(a.body)
		return
	}
	zipper := gzip.NewWriter(w)
	_, _ = zipper.Write(a.body)
	_ = zipper.Close()
}
