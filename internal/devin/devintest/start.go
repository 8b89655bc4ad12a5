package devintest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Start serves a new fake on a loopback port until the test ends.
func Start(t testing.TB, opts Options) *Server {
	t.Helper()
	s := New(opts)
	s.prepare()
	s.web.Start()
	s.serve(t)
	return s
}

// StartTLS is Start over TLS with HTTP/2. Client and Certificate tell a test
// how to trust it. Certificates, if any, replace the one it would show.
func StartTLS(t testing.TB, opts Options, certificates ...tls.Certificate) *Server {
	t.Helper()
	s := New(opts)
	s.prepare()
	s.web.EnableHTTP2 = true
	if len(certificates) > 0 {
		s.web.TLS = &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS12}
	}
	s.web.StartTLS()
	s.serve(t)
	return s
}

// Client is an HTTP client that trusts the fake's certificate.
func (s *Server) Client() *http.Client { return s.web.Client() }

// Certificate is what the fake shows after StartTLS, nil after Start.
func (s *Server) Certificate() *x509.Certificate { return s.web.Certificate() }

func (s *Server) prepare() {
	var h http.Handler = s
	if s.opts.Wrap != nil {
		h = s.opts.Wrap(s)
	}
	s.web = httptest.NewUnstartedServer(h)
	s.web.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.recorder.connections.Add(1)
		}
	}
	// Tests refuse the certificate and drop connections on purpose.
	s.web.Config.ErrorLog = log.New(io.Discard, "", 0)
}

func (s *Server) serve(t testing.TB) {
	s.URL = s.web.URL + s.opts.Prefix
	t.Cleanup(func() {
		s.Close()
		// Close alone waits for handlers that write to a client which no longer reads.
		s.web.CloseClientConnections()
		s.web.Close()
	})
}
