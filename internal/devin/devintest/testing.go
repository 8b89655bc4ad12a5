package devintest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
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

// StartTLS is Start over TLS with HTTP/2. Client and Certificate are for tests that
// trust it. Certificates, if any, replace its own.
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

// Certificate is the fake's certificate after StartTLS, nil after Start.
func (s *Server) Certificate() *x509.Certificate { return s.web.Certificate() }

func (s *Server) prepare() {
	var h http.Handler = s
	if s.opts.Wrap != nil {
		h = s.opts.Wrap(s)
	}
	s.web = httptest.NewUnstartedServer(h)
	s.web.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.recorder.mu.Lock()
			defer s.recorder.mu.Unlock()
			s.recorder.connections++
		}
	}
	// Tests refuse the certificate and drop connections on purpose.
	s.web.Config.ErrorLog = log.New(io.Discard, "", 0)
}

func (s *Server) serve(t testing.TB) {
	t.Helper()
	s.URL = s.web.URL + s.opts.Prefix
	t.Cleanup(func() {
		s.Close()
		// Without this, Close would wait for handlers whose client no longer reads.
		s.web.CloseClientConnections()
		s.web.Close()
	})
}

// Certificate makes a self-signed certificate for loopback addresses, for
// StartTLS: valid between two instants, which may both be past.
func Certificate(notBefore, notAfter time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "fake Devin API"},
		NotBefore:    notBefore,
		NotAfter:     notAfter,
		IsCA:         true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// Clock is a clock that moves only by Sleep and Move, and at once.
type Clock struct {
	// OnSleep, if set, is called before a wait.
	OnSleep func()

	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

// NewClock makes a clock that shows now.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep puts the clock forward by d, or returns the context's error.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if c.OnSleep != nil {
		c.OnSleep()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return nil
}

// Move puts the clock forward.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Waits are the durations of all calls of Sleep, in order.
func (c *Clock) Waits() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.waits)
}

// CheckErrorText fails the test if an error's text is not one printable line of a
// sensible length, or shows the key.
func CheckErrorText(t testing.TB, said, key string) {
	t.Helper()
	if !utf8.ValidString(said) || strings.IndexFunc(said, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
		t.Errorf("the error is not one printable line: %q", said)
	}
	const most = 3000
	if len(said) > most {
		t.Errorf("the error has %d bytes: %.200q", len(said), said)
	}
	if secret := strings.TrimPrefix(key, "cog_"); strings.Contains(said, secret) {
		t.Errorf("the error shows the key: %q", said)
	}
}
