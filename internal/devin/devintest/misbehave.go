package devintest

import (
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
)

func (s *Server) misbehave(w http.ResponseWriter, c *call, f *Fault, e *entry) {
	if !s.wait(c.request, f.Delay) {
		s.drop(e)
	}
	if f.Apply {
		c.answer()
	}
	if f.Hang {
		select {
		case <-c.request.Context().Done():
		case <-s.done:
		}
		s.drop(e)
	}
	if f.Reset {
		s.reset(w, e)
		return
	}

	a := f.replace(c)
	if f.Rewrite != nil {
		a.body = f.Rewrite(a.body)
	}
	if f.RetryAfter != "" {
		a.retryAfter = f.RetryAfter
	}
	maps.Copy(w.Header(), f.Header)
	if !f.CutBody && !f.ResetMidBody && f.Drip == 0 {
		e.status.Store(int32(a.status))
		s.send(w, c.request, a, e)
		return
	}
	s.sendPartly(w, c, f, a, e)
}

// replace is the answer that the fault asks for, or the true one.
func (f *Fault) replace(c *call) answer {
	switch {
	case f.Body != "" || f.EmptyBody:
		a := answer{status: or(f.Status, http.StatusOK), contentType: f.ContentType, body: []byte(f.Body)}
		if a.contentType == "" {
			a.contentType = contentTypeOf(f.Body)
		}
		return a
	case f.Status != 0:
		a := c.problem(f.Status, "")
		if f.ContentType != "" {
			a.contentType = f.ContentType
		}
		return a
	}
	a := c.answer()
	if f.ContentType != "" {
		a.contentType = f.ContentType
	}
	return a
}

func contentTypeOf(body string) string {
	switch {
	case body == "":
		return ""
	case strings.HasPrefix(body, "<"):
		return "text/html; charset=utf-8"
	}
	return jsonType
}

func (s *Server) sendPartly(w http.ResponseWriter, c *call, f *Fault, a answer, e *entry) {
	s.head(w, c.request, &a)
	// In pieces it is never compressed: half a gzip stream would test the client's
	// gzip reader.
	delete(w.Header(), "Content-Encoding")
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	e.status.Store(int32(a.status))
	flush := http.NewResponseController(w).Flush
	w.WriteHeader(a.status)

	body := a.body
	if f.CutBody || f.ResetMidBody {
		body = body[:len(body)/2]
	}
	if f.Drip > 0 {
		for i := range body {
			if i == len(body)-1 {
				s.recorder.leave(e)
			}
			if _, err := w.Write(body[i : i+1]); err != nil || flush() != nil || !s.wait(c.request, f.Drip) {
				s.drop(e)
			}
		}
	} else if _, err := w.Write(body); err != nil {
		s.drop(e)
	}
	if f.CutBody || f.ResetMidBody {
		// Should the flush fail the client has gone, and sees no half of anything.
		_ = flush()
	}
	switch {
	case f.ResetMidBody:
		s.reset(w, e)
	case f.CutBody:
		s.drop(e)
	}
}

// drop closes the connection, or the HTTP/2 stream, as it is.
func (s *Server) drop(e *entry) {
	s.recorder.leave(e)
	panic(http.ErrAbortHandler)
}

// reset sends RST where the connection is plain HTTP/1, and drops it elsewhere.
func (s *Server) reset(w http.ResponseWriter, e *entry) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		s.drop(e)
	}
	s.recorder.leave(e)
	inner := conn
	if secure, ok := conn.(*tls.Conn); ok {
		inner = secure.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok {
		// Without lingering, closing discards what is unsent and sends RST.
		_ = tcp.SetLinger(0)
	}
	_ = inner.Close()
}
