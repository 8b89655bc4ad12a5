package devintest_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestItRemembersWhatItWasAsked(t *testing.T) {
	s := start(t, devintest.Options{Prefix: "/api"})
	get(t, s, userPath("okta|a/b")+"?time_after=1&time_before=2")
	getAs(t, s, "cog_nobody", selfPath)
	getAs(t, s, "", "/v3/nothing")
	requests := s.Requests()
	if len(requests) != 3 {
		t.Fatalf("%d requests", len(requests))
	}
	r := requests[0]
	if r.Method != "GET" || r.Path != "/api/v3/enterprise/consumption/daily/users/okta%7Ca%2Fb" ||
		r.Query.Get("time_before") != "2" || r.Key != devintest.KeyOK || r.Status != 200 {
		t.Errorf("%+v", r)
	}
	if r.Header.Get("Authorization") != "" || r.Header.Get("User-Agent") == "" {
		t.Errorf("%v", r.Header)
	}
	if requests[1].Key != "cog_nobody" || requests[1].Status != 403 || requests[2].Key != "" || requests[2].Status != 404 {
		t.Errorf("%+v", requests[1:])
	}
	for pattern, want := range map[string]int{
		"/v3/self": 1, "*": 3, "/v3/*/users/okta|a/b": 1, "/v3/*/users/*b": 1, "/v3/*/*/*/*/*/*/*": 0, "/v3/selfish": 0,
	} {
		if got := s.Count(pattern); got != want {
			t.Errorf("%d requests for %s, want %d", got, pattern, want)
		}
	}
	s.ResetRequests()
	if len(s.Requests()) != 0 || s.Count("*") != 0 || s.MostInFlight() != 0 || s.Connections() != 0 {
		t.Error("something is left")
	}
}

func TestItCountsRequestsInFlightAndConnections(t *testing.T) {
	s := start(t, devintest.Options{})
	// Nobody is answered before all have arrived.
	const together = 5
	var all sync.WaitGroup
	all.Add(together)
	s.Fault("*", devintest.Fault{Rewrite: func(b []byte) []byte { all.Done(); all.Wait(); return b }})
	var clients sync.WaitGroup
	for range together {
		clients.Go(func() { get(t, s, membersPath) })
	}
	clients.Wait()
	if s.MostInFlight() != together || s.Connections() != together || s.InFlight() != 0 {
		t.Errorf("%d in flight, %d connections, %d still", s.MostInFlight(), s.Connections(), s.InFlight())
	}
}

func TestOneAtATimeIsNeverCountedAsTwo(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 200, Members: 400})
	for range 200 {
		get(t, s, membersPath+"?first=200")
	}
	if n := s.MostInFlight(); n != 1 {
		t.Errorf("%d in flight", n)
	}
}

func TestTheLogIsNotToldTheKey(t *testing.T) {
	logged := make(chan devintest.Request, 1)
	s := start(t, devintest.Options{Log: func(r devintest.Request, _ time.Duration) { logged <- r }})
	get(t, s, selfPath)
	if r := <-logged; r.Key != "" || r.Header.Get("Authorization") != "" || r.Path != selfPath || r.Status != 200 {
		t.Errorf("%+v", r)
	}
}

func TestGzipIsForThoseWhoAcceptIt(t *testing.T) {
	s := start(t, devintest.Options{Gzip: true})
	plain := start(t, devintest.Options{})
	if r := get(t, s, membersPath); r.body != get(t, plain, membersPath).body || r.header.Get("Content-Length") != "" {
		t.Errorf("%+v", r)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+selfPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	if r, err := do(s, request); err != nil || r.header.Get("Content-Encoding") != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTLSSpeaksHTTP2AndShowsItsCertificate(t *testing.T) {
	s := devintest.StartTLS(t, devintest.Options{Prefix: "/api"})
	if !strings.HasPrefix(s.URL, "https://127.0.0.1:") || !strings.HasSuffix(s.URL, "/api") {
		t.Error(s.URL)
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	if _, err := s.Certificate().Verify(x509.VerifyOptions{Roots: pool, DNSName: "127.0.0.1"}); err != nil {
		t.Error(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+selfPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := s.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.Proto != "HTTP/2.0" {
		t.Errorf("%s, %v", response.Proto, err)
	}
}

func TestACertificateMayBeExpired(t *testing.T) {
	certificate, err := devintest.Certificate(time.Unix(0, 0), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	s := devintest.StartTLS(t, devintest.Options{}, certificate)
	_, err = try(t, s, devintest.KeyOK, selfPath)
	if err == nil || !strings.Contains(err.Error(), "expired") {
		t.Error(err)
	}
}
