package devintest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestAFaultReplacesTheAnswer(t *testing.T) {
	s := start(t, devintest.Options{})
	truth := get(t, s, selfPath).body
	for name, test := range map[string]struct {
		fault       devintest.Fault
		status      int
		contentType string
		body        string
	}{
		"status": {
			devintest.Fault{Status: 502},
			502, "application/json",
			`{"type":"about:blank","title":"Bad Gateway","status":502,"detail":"Bad Gateway","instance":"/v3/self"}`,
		},
		"page":            {devintest.Fault{Body: "<html>"}, 200, "text/html; charset=utf-8", "<html>"},
		"both":            {devintest.Fault{Status: 500, Body: "{}", ContentType: "text/plain"}, 500, "text/plain", "{}"},
		"nothing":         {devintest.Fault{Status: 503, EmptyBody: true}, 503, "", ""},
		"type":            {devintest.Fault{ContentType: "text/plain"}, 200, "text/plain", truth},
		"error of a type": {devintest.Fault{Status: 404, Body: `{"detail":null}`}, 404, "application/json", `{"detail":null}`},
		"rewritten":       {devintest.Fault{Rewrite: bytes.ToUpper}, 200, "application/json", strings.ToUpper(truth)},
		"dripped":         {devintest.Fault{Drip: time.Nanosecond}, 200, "application/json", truth},
		"late":            {devintest.Fault{Delay: time.Nanosecond, Status: 404, Body: "x"}, 404, "application/json", "x"},
	} {
		s.ClearFaults()
		s.Fault(selfPath, test.fault)
		r := get(t, s, selfPath)
		if r.status != test.status || r.header.Get("Content-Type") != test.contentType || r.body != test.body {
			t.Errorf("%s: %+v", name, r)
		}
		if requests := s.Requests(); requests[len(requests)-1].Status != test.status {
			t.Errorf("%s: recorded as %d", name, requests[len(requests)-1].Status)
		}
	}
	s.ClearFaults()
	s.Fault("*", devintest.Fault{Status: 429, RetryAfter: "7", Header: http.Header{"X-Other": {"y"}}})
	if r := get(t, s, selfPath); r.header.Get("Retry-After") != "7" || r.header.Get("X-Other") != "y" {
		t.Error(r.header)
	}
}

func TestAFaultMeetsTheRequestsItIsFor(t *testing.T) {
	s := start(t, devintest.Options{Prefix: "/api"})
	s.Fault("/v3/enterprise/consumption/daily/users/okta|*/b c", devintest.Fault{Status: 500, Skip: 1, Times: 2})
	s.Fault("/v3/*/users/*", devintest.Fault{Status: 502, When: func(r *http.Request) bool {
		return r.URL.Query().Get("time_after") == "1"
	}})
	path := userPath("okta|Acme Corp|00u1a/b c")
	for i, want := range []int{200, 500, 500, 200} {
		if got := get(t, s, path).status; got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	wantStatus(t, s, path+"?time_after=1", 502)
	wantStatus(t, s, selfPath, 200)
	s.ClearFaults()
	wantStatus(t, s, path+"?time_after=1", 200)
}

func TestFaultsStrikeAtRandomFromTheSeed(t *testing.T) {
	struck := func() (pattern string) {
		s := start(t, devintest.Options{Seed: 3})
		s.Fault("*", devintest.Fault{Status: 503, Random: 0.5})
		for range 40 {
			if get(t, s, selfPath).status == 503 {
				pattern += "x"
			} else {
				pattern += "."
			}
		}
		return pattern
	}
	first := struck()
	if n := strings.Count(first, "x"); n < 10 || n > 30 {
		t.Errorf("%d of 40 were struck", n)
	}
	if struck() != first {
		t.Error("the same seed strikes differently")
	}
}

func TestFaultsBreakTheConnection(t *testing.T) {
	for name, serve := range map[string]func(testing.TB, devintest.Options) *devintest.Server{
		"http/1": devintest.Start,
		"http/2": func(t testing.TB, o devintest.Options) *devintest.Server {
			t.Helper()
			return devintest.StartTLS(t, o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, devintest.Options{})
			full := len(get(t, s, membersPath).body)
			s.Fault("*", devintest.Fault{CutBody: true, Times: 1})
			r, err := try(t, s, devintest.KeyOK, membersPath)
			if err == nil || len(r.body) != full/2 || r.status != 200 {
				t.Errorf("cut: %d of %d bytes, status %d, %v", len(r.body), full, r.status, err)
			}
			// Windows has another number for it.
			if name == "http/1" && runtime.GOOS != "windows" && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("cut: %v", err)
			}
			s.ClearFaults()
			s.Fault("*", devintest.Fault{ResetMidBody: true})
			if r, err := try(t, s, devintest.KeyOK, membersPath); err == nil || len(r.body) >= full {
				t.Errorf("reset in the middle: %d bytes, %v", len(r.body), err)
			}
			s.ClearFaults()
			s.Fault("*", devintest.Fault{Reset: true})
			r, err = try(t, s, devintest.KeyOK, membersPath)
			// A reset may reach the client as the end of the file.
			if err == nil || r.status != 0 {
				t.Errorf("reset: %+v, %v", r, err)
			}
			if name == "http/1" && runtime.GOOS != "windows" && !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
				t.Errorf("reset: %v", err)
			}
			s.ClearFaults()
			wantStatus(t, s, membersPath, 200)
		})
	}
}

func TestAServerUnderLoadRefusesWhatIsTooMuch(t *testing.T) {
	s := start(t, devintest.Options{})
	const together, served = 5, 3
	s.Fault("/v3/enterprise/consumption/*", devintest.Fault{Status: http.StatusGatewayTimeout, Beyond: served})
	arrived := make(chan struct{}, together)
	release := make(chan struct{})
	s.Fault(membersPath, devintest.Fault{Rewrite: func(body []byte) []byte {
		arrived <- struct{}{}
		<-release
		return body
	}})
	var clients sync.WaitGroup
	for range served - 1 {
		clients.Go(func() { wantStatus(t, s, membersPath, http.StatusOK) })
		<-arrived
	}
	wantStatus(t, s, dailyPath, http.StatusOK)
	clients.Go(func() { wantStatus(t, s, membersPath, http.StatusOK) })
	<-arrived
	wantStatus(t, s, dailyPath, http.StatusGatewayTimeout)
	// Other paths are served.
	wantStatus(t, s, selfPath, http.StatusOK)
	close(release)
	clients.Wait()
	wantStatus(t, s, dailyPath, http.StatusOK)
}

func TestConnectionCloseMakesHTTP2GoAway(t *testing.T) {
	s := devintest.StartTLS(t, devintest.Options{})
	wantStatus(t, s, selfPath, 200)
	s.Fault("*", devintest.Fault{Header: http.Header{"Connection": {"close"}}, Times: 1})
	wantStatus(t, s, selfPath, 200)
	wantStatus(t, s, selfPath, 200)
	if n := s.Connections(); n != 2 {
		t.Errorf("%d connections", n)
	}
}

func TestAHangEndsWithTheClientOrTheServer(t *testing.T) {
	s := start(t, devintest.Options{})
	arrived := make(chan struct{}, 2)
	s.Fault("*", devintest.Fault{Hang: true, When: func(*http.Request) bool { arrived <- struct{}{}; return true }})
	ask := func(ctx context.Context) <-chan error {
		request := newRequest(t, s, http.MethodGet, selfPath).WithContext(ctx)
		ended := make(chan error, 1)
		go func() { _, err := do(s, request); ended <- err }()
		<-arrived
		return ended
	}
	ctx, cancel := context.WithCancel(t.Context())
	left := ask(ctx)
	stayed := ask(t.Context())
	if s.InFlight() != 2 {
		t.Errorf("%d in flight", s.InFlight())
	}
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	s.Close()
	if err := <-stayed; err == nil {
		t.Error("an answer from a server that hangs")
	}
}
