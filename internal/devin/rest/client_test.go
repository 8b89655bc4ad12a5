package rest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestParseBaseURLAccepts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://api.devin.ai":                      "https://api.devin.ai",
		" https://api.devin.ai/ \n":                 "https://api.devin.ai",
		"https://api.devin.ai///":                   "https://api.devin.ai",
		"HTTPS://api.devin.ai":                      "https://api.devin.ai",
		"https://acme.devinenterprise.com/api":      "https://acme.devinenterprise.com/api",
		"https://acme.devinenterprise.com/api/":     "https://acme.devinenterprise.com/api",
		"https://acme.devinenterprise.com/a/b%20c/": "https://acme.devinenterprise.com/a/b%20c",
		"https://acme.devinenterprise.com/a%2Fb/":   "https://acme.devinenterprise.com/a%2Fb",
		"https://acme.devinenterprise.com/a%2F/":    "https://acme.devinenterprise.com/a%2F",
		"https://10.0.0.1:8443":                     "https://10.0.0.1:8443",
		"https://[2001:db8::1]:8443/x":              "https://[2001:db8::1]:8443/x",
		"http://localhost:8080":                     "http://localhost:8080",
		"http://LOCALHOST:8080/api":                 "http://LOCALHOST:8080/api",
		"http://127.0.0.1:8080/api/":                "http://127.0.0.1:8080/api",
		"http://127.9.9.9":                          "http://127.9.9.9",
		"http://[::1]:8080":                         "http://[::1]:8080",
		"https://gateway.example.com/devin/v1":      "https://gateway.example.com/devin/v1",
		"https://gateway.example.com/v3/devin":      "https://gateway.example.com/v3/devin",
		"https://gateway.example.com/dev3":          "https://gateway.example.com/dev3",
	} {
		u, err := ParseBaseURL(text)
		if err != nil {
			t.Errorf("ParseBaseURL(%q): %v", text, err)
			continue
		}
		if u.String() != want {
			t.Errorf("ParseBaseURL(%q) = %q, want %q", text, u, want)
		}
	}
}

func TestParseBaseURLRefuses(t *testing.T) {
	t.Parallel()
	const notURL, inClear, versioned = "not a URL", "plain http", "before the API's version"
	for text, want := range map[string]string{
		"":                             notURL,
		"api.devin.ai":                 notURL,
		"//api.devin.ai":               notURL,
		"/v3":                          notURL,
		"https:":                       notURL,
		"https://":                     notURL,
		"https:///v3":                  notURL,
		"https://:443":                 notURL,
		"https:api.devin.ai":           notURL,
		"https://api devin ai":         notURL,
		"https://api.devin.ai:port":    notURL,
		"https://api.devin.ai/%zz":     notURL,
		"https://api.devin.ai/\x00":    notURL,
		"ftp://api.devin.ai":           notURL,
		"file:///etc/passwd":           notURL,
		"ws://127.0.0.1":               notURL,
		"javascript:alert(1)":          notURL,
		"https://u:p4ss@api.devin.ai":  "user name",
		"https://u@api.devin.ai":       "user name",
		"https://@api.devin.ai":        "user name",
		"http://localhost@evil.com":    "user name",
		"https://api.devin.ai?x=1":     "query",
		"https://api.devin.ai/?":       "query",
		"https://api.devin.ai/#x":      "fragment",
		"https://api.devin.ai#":        "fragment",
		"https://api.devin.ai/v3":      versioned,
		"https://api.devin.ai/v3/":     versioned,
		"https://x.ai/v3/enterprise":   versioned,
		"https://x.ai/v3/enterprise/":  versioned,
		"https://x.ai/v3//enterprise/": versioned,
		"https://x.ai/api/v3beta1":     versioned,
		"https://x.ai/v3/self":         versioned,
		"https://x.ai/%763":            versioned,
		"http://127.0.0.1:8080/v3":     versioned,
		"http://api.devin.ai":          inClear,
		"http://10.0.0.1":              inClear,
		"http://192.168.0.1:8080":      inClear,
		"http://0.0.0.0":               inClear,
		"http://[::]":                  inClear,
		"http://[2001:db8::1]":         inClear,
		"http://localhost.evil.com":    inClear,
		"http://127.0.0.1.evil.com":    inClear,
		"http://evil-localhost":        inClear,
		"http://128.0.0.1":             inClear,
		"HTTP://API.DEVIN.AI":          inClear,
		"http://2130706433":            inClear,
		"http://localhost.localdomain": inClear,
	} {
		u, err := ParseBaseURL(text)
		if err == nil {
			t.Errorf("ParseBaseURL(%q) = %q, want an error", text, u)
			continue
		}
		if !strings.Contains(strings.ReplaceAll(err.Error(), "is not a URL", "not a URL"), want) {
			t.Errorf("ParseBaseURL(%q) says %q, want a word of %q", text, err, want)
		}
		if strings.Contains(err.Error(), "p4ss") {
			t.Errorf("the error shows a password: %v", err)
		}
	}
}

func TestAClientKeepsThePrefixOfItsBaseURL(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"/api", "/a/b%20c", "/a%2Fb", "/a%2F"} {
		server := clienttest.StartFake(t, devintest.Options{Prefix: prefix})
		c := newClient(t, server.URL+"/")
		if _, err := askConsumption(t.Context(), c, "okta|Acme/1"); err != nil {
			t.Errorf("under %s: %v", prefix, err)
		}
		want := prefix + "/v3/enterprise/consumption/daily/users/okta%7CAcme%2F1"
		if got := server.Requests()[0].Path; got != want {
			t.Errorf("under %s the path was %s, want %s", prefix, got, want)
		}
	}
}

func TestAClientWithoutABaseURLAsksDevinItself(t *testing.T) {
	t.Parallel()
	c, err := New(Config{Key: clienttest.Parse(t, ParseKey, "cog_abc")})
	if err != nil {
		t.Fatal(err)
	}
	u, err := c.url(selfRequest)
	if err != nil || u.String() != "https://api.devin.ai/v3/self" {
		t.Errorf("it asks %v, %v", u, err)
	}
}

// trusting is the client's own transport, which also trusts the certificate of a server.
func trusting(certificate *x509.Certificate) *http.Transport {
	transport := NewTransport(DefaultMaxConcurrentRequests)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(certificate)
	return transport
}

func startTLS(t *testing.T, certificates ...tls.Certificate) *devintest.Server {
	t.Helper()
	return devintest.StartTLS(t, devintest.Options{Now: func() time.Time { return clienttest.Now }}, certificates...)
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
		clock := devintest.NewClock(clienttest.Now)
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
	server := clienttest.StartFake(t, devintest.Options{})
	clock := devintest.NewClock(clienttest.Now)
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

// relay forwards connections to a server until they are swallowed: then what either end
// sends is dropped without notice.
type relay struct {
	listener net.Listener
	mu       sync.Mutex
	alive    []*atomic.Bool // of each connection that was opened
}

func startRelay(t *testing.T, to string) *relay {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: listener}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := new(net.Dialer).DialContext(t.Context(), "tcp", to)
			if err != nil {
				_ = near.Close()
				continue
			}
			t.Cleanup(func() { _, _ = near.Close(), far.Close() })
			alive := new(atomic.Bool)
			alive.Store(true)
			r.mu.Lock()
			r.alive = append(r.alive, alive)
			r.mu.Unlock()
			go forward(far, near, alive)
			go forward(near, far, alive)
		}
	}()
	return r
}

func forward(to, from net.Conn, alive *atomic.Bool) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if err == nil && alive.Load() {
			_, err = to.Write(b[:n])
		}
		if err != nil {
			return
		}
	}
}

func (r *relay) swallow() (opened int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, alive := range r.alive {
		alive.Store(false)
	}
	return len(r.alive)
}

func TestAPathThatDiesSilentlyIsLeftForAnother(t *testing.T) {
	t.Parallel()
	server := startTLS(t)
	relay := startRelay(t, strings.TrimPrefix(server.URL, "https://"))
	transport := trusting(server.Certificate())
	transport.HTTP2.SendPingTimeout, transport.HTTP2.PingTimeout = 50*time.Millisecond, 50*time.Millisecond
	c := newClient(t, "https://"+relay.listener.Addr().String(), withTransport(transport))
	if _, err := askConsumption(t.Context(), c, "email|a"); err != nil {
		t.Fatal(err)
	}
	if n := relay.swallow(); n != 1 {
		t.Fatalf("%d connections were opened", n)
	}
	if _, err := askConsumption(t.Context(), c, "email|b"); err != nil {
		t.Error(err)
	}
	if n := relay.swallow(); n != 2 {
		t.Errorf("%d connections were opened", n)
	}
}

// HTTP/1.1 has no pings: several connections may be idle, and all of them dead.
func TestATryThatTimesOutLeavesNoOtherDeadConnectionToTheNext(t *testing.T) {
	t.Parallel()
	const connections = 4
	var together sync.WaitGroup
	together.Add(connections)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) <= connections {
			together.Done()
			together.Wait()
		}
		_, _ = w.Write([]byte(`{"total_acus":1}`))
	}))
	t.Cleanup(server.Close)
	relay := startRelay(t, strings.TrimPrefix(server.URL, "http://"))
	c := newClient(t, "http://"+relay.listener.Addr().String(), func(cfg *Config) { cfg.RequestTimeout = 500 * time.Millisecond })
	var opened sync.WaitGroup
	for i := range connections {
		opened.Go(func() {
			if _, err := askConsumption(t.Context(), c, fmt.Sprintf("email|%d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	opened.Wait()
	if n := relay.swallow(); n != connections {
		t.Fatalf("%d connections were opened", n)
	}
	if _, err := askConsumption(t.Context(), c, "email|a"); err != nil {
		t.Error(err)
	}
}

func TestASilentConnectionIsGivenUpWithinATry(t *testing.T) {
	t.Parallel()
	pings := NewTransport(1).HTTP2
	if pings == nil || pings.SendPingTimeout <= 0 || pings.PingTimeout <= 0 || pings.SendPingTimeout+pings.PingTimeout > DefaultRequestTimeout/2 {
		t.Errorf("the pings are %+v", pings)
	}
}

func TestARefusalByAProxyIsNotOneByDevin(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 407, 503} {
		asked := ""
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = r.Method + " " + r.Host
			http.Error(w, "go away", status)
		}))
		t.Cleanup(proxy.Close)
		transport := NewTransport(1)
		transport.Proxy = http.ProxyURL(clienttest.Parse(t, ParseBaseURL, proxy.URL))
		err := Send(t.Context(), newClient(t, "https://devin.example.com", withTransport(transport)), Request{Method: "PUT", Path: []string{"x"}})
		var failure *Error
		if !errors.As(err, &failure) || !isOnly(err, ErrUnavailable) || !errors.Is(err, ErrProxy) || failure.Status != 0 ||
			!strings.Contains(err.Error(), fmt.Sprint(status)) || failure.MayHaveArrived {
			t.Errorf("%d: %v", status, err)
		}
		if asked != "CONNECT devin.example.com:443" {
			t.Errorf("the proxy was asked for %q", asked)
		}
	}
}

func TestAProxyThatIsNotThereIsAFailureToConnect(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.NotFoundHandler())
	proxy.Close()
	transport := NewTransport(1)
	transport.Proxy = http.ProxyURL(clienttest.Parse(t, ParseBaseURL, proxy.URL))
	err := Send(t.Context(), newClient(t, "https://devin.example.com", withTransport(transport)), Request{Method: "POST", Path: []string{"x"}})
	var failure *Error
	if !errors.As(err, &failure) || !isOnly(err, ErrUnavailable) || failure.MayHaveArrived || failure.Tries != 2 {
		t.Errorf("got %v", err)
	}
}
