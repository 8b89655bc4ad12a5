package rest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// trusting is the client's own transport, with one more certificate to trust.
func trusting(certificate *x509.Certificate) *http.Transport {
	transport := NewTransport(DefaultMaxConcurrentRequests)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(certificate)
	return transport
}

func startTLS(t *testing.T, certificates ...tls.Certificate) *devintest.Server {
	t.Helper()
	return devintest.StartTLS(t, devintest.Options{Now: func() time.Time { return testNow }}, certificates...)
}

func TestACertificateThatDoesNotHoldIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	certificate := func(from, to time.Duration) tls.Certificate {
		made, err := devintest.Certificate(time.Now().Add(from), time.Now().Add(to))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	selfSigned := startTLS(t, certificate(-time.Hour, time.Hour))
	expired := startTLS(t, certificate(-48*time.Hour, -24*time.Hour))
	notYet := startTLS(t, certificate(24*time.Hour, 48*time.Hour))
	otherName := startTLS(t, certificate(-time.Hour, time.Hour))
	misdirected := trusting(otherName.Certificate())
	misdirected.TLSClientConfig.ServerName = "devin.example.com"
	for name, c := range map[string]struct {
		url       string
		transport http.RoundTripper
		want      string
	}{
		"self-signed":     {selfSigned.URL, nil, "signed by unknown authority"},
		"expired":         {expired.URL, trusting(expired.Certificate()), "expired or is not yet valid"},
		"not valid yet":   {notYet.URL, trusting(notYet.Certificate()), "expired or is not yet valid"},
		"of another name": {otherName.URL, misdirected, "not devin.example.com"},
	} {
		clock := devintest.NewClock(testNow)
		_, err := askSelf(t.Context(), newClient(t, c.url, withRetries(3), withClock(clock), withTransport(c.transport)))
		if !isOnly(err, ErrUnavailable) || !strings.Contains(err.Error(), c.want) || len(clock.Waits()) != 0 {
			t.Errorf("%s: after the waits %v: %v", name, clock.Waits(), err)
		}
	}
	for _, server := range []*devintest.Server{selfSigned, expired, notYet, otherName} {
		if n := len(server.Requests()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	}
}

func TestHTTPSToAServerOfPlainHTTPIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	clock := devintest.NewClock(testNow)
	c := newClient(t, strings.Replace(server.URL, "http:", "https:", 1), withRetries(3), withClock(clock))
	_, err := askSelf(t.Context(), c)
	if !isOnly(err, ErrUnavailable) || !strings.Contains(err.Error(), "HTTP response to HTTPS client") || len(clock.Waits()) != 0 {
		t.Errorf("after the waits %v: %v", clock.Waits(), err)
	}
}

func TestTLSOlderThan12IsRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	server.StartTLS()
	t.Cleanup(server.Close)
	c := newClient(t, server.URL, withTransport(trusting(server.Certificate())))
	if _, err := askSelf(t.Context(), c); !isOnly(err, ErrUnavailable) || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("the error is %v", err)
	}
}

// protocols notes which version of HTTP each answer came over.
type protocols struct {
	http.RoundTripper
	mu   sync.Mutex
	seen map[string]int
}

func (p *protocols) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := p.RoundTripper.RoundTrip(r)
	if err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.seen[resp.Proto]++
	}
	return resp, err
}

func TestHTTP2IsUsedWhereTheServerHasIt(t *testing.T) {
	t.Parallel()
	server := startTLS(t)
	transport := &protocols{RoundTripper: trusting(server.Certificate()), seen: map[string]int{}}
	members, err := listUsers(t.Context(), newClient(t, server.URL, withTransport(transport)), usersRequest)
	if err != nil || len(members) != directMembers(server) {
		t.Errorf("%d members, %v", len(members), err)
	}
	if len(transport.seen) != 1 || transport.seen["HTTP/2.0"] == 0 {
		t.Errorf("the answers came over %v", transport.seen)
	}
}

func TestHTTP2FaultsEndInAnAnswer(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"GOAWAY after an answer": {Header: http.Header{"Connection": {"close"}}},
		"reset":                  {Reset: true},
		"cut body":               {CutBody: true},
		"reset in the body":      {ResetMidBody: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startTLS(t)
			fault.Times = 1
			server.Fault("/v3/enterprise/members/users", fault)
			c := newClient(t, server.URL, withRetries(2), withTransport(trusting(server.Certificate())))
			members, err := listUsers(t.Context(), c, usersRequest)
			if err != nil || len(members) != directMembers(server) {
				t.Errorf("%d members, %v", len(members), err)
			}
		})
	}
}
