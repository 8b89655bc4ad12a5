package acceptance

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// The part of the matrix that needs a real network, if only loopback: sockets,
// certificates, redirects, HTTP/2. The clock does not wait between tries.

// network is what stands between the provider and the fake.
type network struct {
	url       string
	transport http.RoundTripper // nil is the client's own
	settings  object
	class     class
	// reached counts requests that arrived where the key must not go.
	reached *atomic.Int32
}

func TestMatrixOfNetworks(t *testing.T) {
	t.Parallel()
	for name, build := range networks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range subjectsOfEachShape() {
				t.Run(s.name, func(t *testing.T) {
					fake := newMatrixFake(t)
					n := build(t, fake)
					p := newProvider(devintest.NewClock(providertest.Now), n.transport)
					s.read(t, fake, configuredProtocol(t, p, n.url, n.settings), everywhere, n.class)
					if n.reached != nil && n.reached.Load() > 0 {
						t.Errorf("the other host was asked %d times", n.reached.Load())
					}
				})
			}
		})
	}
}

// newMatrixFake is a fake that is not served yet, with the matrix's key.
func newMatrixFake(t *testing.T) *devintest.Server {
	t.Helper()
	fake := devintest.New(devintest.Options{Members: 20, Now: func() time.Time { return providertest.Now }})
	fake.AddKey(matrixKey, devintest.Principal{ID: "service-user-1", Name: "Matrix", Permissions: devintest.AllPermissions()})
	t.Cleanup(fake.Close)
	return fake
}

func serveHTTP(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server
}

// serveTLS serves HTTP/2 with a certificate that is trusted by the transport
// that comes along.
func serveTLS(t *testing.T, handler http.Handler, certificates ...tls.Certificate) (*httptest.Server, *http.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if len(certificates) > 0 {
		server.TLS = &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS12}
	}
	server.StartTLS()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.CloseClientConnections()
		server.Close()
	})
	return server, transport
}

func certificate(t *testing.T, from, to time.Duration) tls.Certificate {
	t.Helper()
	made, err := devintest.Certificate(time.Now().Add(from), time.Now().Add(to))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// redirecting sends every request of the API to another address.
func redirecting(status int, to func(r *http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", to(r))
		w.WriteHeader(status)
	})
}

// elsewhere counts what reaches it.
func elsewhere(t *testing.T) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	reached := new(atomic.Int32)
	return serveHTTP(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) })), reached
}

func faulty(fault devintest.Fault, c class, settings object) func(*testing.T, *devintest.Server) network {
	return func(t *testing.T, fake *devintest.Server) network {
		t.Helper()
		fake.Fault("*", fault)
		return network{url: serveHTTP(t, fake).URL, class: c, settings: settings}
	}
}

func unresolvable(failure net.DNSError, c class) func(*testing.T, *devintest.Server) network {
	return func(*testing.T, *devintest.Server) network {
		dial := func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &failure}
		}
		// The name of the host is in the message; checkFailure looks for this one.
		return network{url: "https://127.0.0.1.devin.example.com", transport: &http.Transport{DialContext: dial}, class: c}
	}
}

func badCertificate(from, to time.Duration, trusted bool) func(*testing.T, *devintest.Server) network {
	return func(t *testing.T, fake *devintest.Server) network {
		t.Helper()
		server, transport := serveTLS(t, fake, certificate(t, from, to))
		n := network{url: server.URL, class: unreachable}
		if trusted {
			n.transport = transport
		}
		return n
	}
}

func networks() map[string]func(*testing.T, *devintest.Server) network {
	soon := object{"request_timeout": "40ms", "max_retries": 1}
	return map[string]func(*testing.T, *devintest.Server) network{
		"connection refused": func(t *testing.T, _ *devintest.Server) network {
			server := serveHTTP(t, http.NotFoundHandler())
			server.Close()
			return network{url: server.URL, class: unreachable}
		},
		"reset before the answer":      faulty(devintest.Fault{Reset: true}, unreachable, nil),
		"reset in the answer":          faulty(devintest.Fault{ResetMidBody: true}, cutShort, nil),
		"two resets, then none":        faulty(devintest.Fault{Reset: true, Times: 2}, fine, nil),
		"accepts, and never answers":   faulty(devintest.Fault{Hang: true}, unreachable, soon),
		"a name that does not exist":   unresolvable(net.DNSError{Err: "no such host", Name: "devin.example.com", IsNotFound: true}, unreachable),
		"a name server without a clue": unresolvable(net.DNSError{Err: "server misbehaving", Name: "devin.example.com", IsTemporary: true}, unreachable),
		"self-signed certificate":      badCertificate(-time.Hour, time.Hour, false),
		"expired certificate":          badCertificate(-48*time.Hour, -24*time.Hour, true),
		"certificate not valid yet":    badCertificate(24*time.Hour, 48*time.Hour, true),
		"no TLS": func(t *testing.T, fake *devintest.Server) network {
			return network{url: strings.Replace(serveHTTP(t, fake).URL, "http:", "https:", 1), class: unreachable}
		},
		"HTTP/2": func(t *testing.T, fake *devintest.Server) network {
			server, transport := serveTLS(t, fake)
			return network{url: server.URL, transport: transport, class: fine}
		},
		"HTTP/2 with GOAWAY now and then": func(t *testing.T, fake *devintest.Server) network {
			fake.Fault("*", devintest.Fault{Header: http.Header{"Connection": {"close"}}, Random: 0.2})
			server, transport := serveTLS(t, fake)
			return network{url: server.URL, transport: transport, class: fine}
		},
		"HTTP/2 that breaks off": func(t *testing.T, fake *devintest.Server) network {
			fake.Fault("*", devintest.Fault{ResetMidBody: true})
			server, transport := serveTLS(t, fake)
			return network{url: server.URL, transport: transport, class: cutShort}
		},
		"a redirect on the host": func(t *testing.T, fake *devintest.Server) network {
			moved := http.NewServeMux()
			moved.Handle("/", redirecting(http.StatusPermanentRedirect, func(r *http.Request) string { return "/moved" + r.RequestURI }))
			moved.Handle("/moved/", unprefixed("/moved", fake))
			return network{url: serveHTTP(t, moved).URL, class: fine}
		},
		"a redirect to another host": func(t *testing.T, _ *devintest.Server) network {
			other, reached := elsewhere(t)
			to := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
			return network{url: serveHTTP(t, redirecting(http.StatusFound, func(r *http.Request) string { return to + r.RequestURI })).URL, class: notDevins, reached: reached}
		},
		"a redirect to another port": func(t *testing.T, _ *devintest.Server) network {
			other, reached := elsewhere(t)
			return network{url: serveHTTP(t, redirecting(http.StatusTemporaryRedirect, func(r *http.Request) string { return other.URL + r.RequestURI })).URL, class: notDevins, reached: reached}
		},
		"a redirect from https to http": func(t *testing.T, _ *devintest.Server) network {
			other, reached := elsewhere(t)
			server, transport := serveTLS(t, redirecting(http.StatusMovedPermanently, func(r *http.Request) string { return other.URL + r.RequestURI }))
			return network{url: server.URL, transport: transport, class: notDevins, reached: reached}
		},
		"redirects in a circle": func(t *testing.T, _ *devintest.Server) network {
			return network{url: serveHTTP(t, redirecting(http.StatusTemporaryRedirect, func(r *http.Request) string { return r.RequestURI })).URL, class: notDevins}
		},
	}
}

// unprefixed takes a prefix off, escapes and all, which http.StripPrefix would lose.
func unprefixed(prefix string, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RequestURI = strings.TrimPrefix(r.RequestURI, prefix)
		handler.ServeHTTP(w, r)
	})
}

// A 429 or a 503 that says how long to wait, up to rate_limit_timeout.
func TestMatrixOfRetryAfter(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) string { return providertest.Now.Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		name, header string
		class        class         // of a 503
		least        time.Duration // of time that passes
	}{
		{"seconds", "7", fine, 7 * time.Second},
		{"a minute", "60", fine, time.Minute},
		{"zero", "0", fine, 0},
		{"a date", in(7 * time.Second), fine, 6 * time.Second},
		{"a date of the past", in(-time.Hour), fine, 0},
		{"negative", "-7", fine, 0},
		{"nonsense", "soon", fine, 0},
		{"a fraction", "1.5", fine, 0},
		{"beyond integers", "99999999999999999999", fine, 0},
		{"more than a minute", "61", fine, 61 * time.Second},
		{"an hour", "3600", serverError, 0},
		{"an hour by date", in(time.Hour), serverError, 0},
		{"300 years", "9460800000", serverError, 0},
	} {
		for _, s := range subjectsOfEachShape() {
			e := s.endpoints[len(s.endpoints)-1]
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
					c := tt.class
					if c == serverError && status == http.StatusTooManyRequests {
						c = rateLimited
					}
					cell(t, fmt.Sprintf("%d %s", status, tt.name), watched(s, tt.least, 2*time.Minute), e, c, func(b *bubble) {
						b.Fault(e.path, devintest.Fault{Status: status, RetryAfter: tt.header, Times: 1})
					})
				}
			})
		}
	}
}

// watched is a subject that reports reads which take less or more than they should.
func watched(s subject, least, most time.Duration) subject {
	read := s.read
	s.read = func(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class) {
		t.Helper()
		before := time.Now()
		read(t, fake, p, e, c)
		if took := time.Since(before); took < least || took > most {
			t.Errorf("it took %s, want %s to %s", took, least, most)
		}
	}
	return s
}

// A fault that passes: the read waits, tries again, and is right.
func TestMatrixOfFaultsThatPass(t *testing.T) {
	t.Parallel()
	const everySubject = "four times 503"
	cases := map[string]devintest.Fault{
		"half of the answer":  {CutBody: true, Times: 4},
		"a lost connection":   {Reset: true, Times: 4},
		"a lost one later on": {ResetMidBody: true, Times: 4},
		"no answer":           {Hang: true, Times: 2},
		"a slow answer":       {Delay: 59 * time.Second, Times: 3},
		"too slow an answer":  {Delay: 61 * time.Second, Times: 3},
		"a byte a second":     {Drip: time.Second, Times: 2},
		"a page of a gateway": {Status: http.StatusBadGateway, Body: loginPage, Times: 4},
	}
	for _, status := range []int{429, 500, 502, 503, 504} {
		cases["four times "+strconv.Itoa(status)] = devintest.Fault{Status: status, Times: 4}
		cases["in the middle "+strconv.Itoa(status)] = devintest.Fault{Status: status, Skip: 1, Times: 4}
	}
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		for name, fault := range cases {
			if name != everySubject && !s.isShape() {
				continue
			}
			cell(t, name, s, e, fine, func(b *bubble) { b.Fault(e.path, fault) })
		}
	})
}

// A connection that keeps failing: one error, after five tries.
func TestMatrixOfConnectionsThatFail(t *testing.T) {
	t.Parallel()
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		for name, tt := range map[string]struct {
			fault devintest.Fault
			class class
		}{
			"half of the answer":  {devintest.Fault{CutBody: true}, cutShort},
			"a lost connection":   {devintest.Fault{Reset: true}, unreachable},
			"a lost one later on": {devintest.Fault{ResetMidBody: true}, cutShort},
			"no answer":           {devintest.Fault{Hang: true}, unreachable},
			"too slow an answer":  {devintest.Fault{Delay: 61 * time.Second}, unreachable},
			"a byte a second":     {devintest.Fault{Drip: time.Second, Rewrite: padded}, cutShort},
			"an error, cut":       {devintest.Fault{Status: 503, CutBody: true}, serverError},
		} {
			cell(t, name, s, e, tt.class, func(b *bubble) { b.Fault(e.path, tt.fault) })
		}
	})
}

// padded is longer than what comes in a minute at a byte a second.
func padded(body []byte) []byte { return append(make([]byte, 0, 200), append(body, spaces...)...) }

var spaces = []byte(fmt.Sprintf("%100s", ""))
