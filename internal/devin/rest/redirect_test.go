package rest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestARedirectOnTheSameHostIsFollowedWithTheKey(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := startFake(t, devintest.Options{Prefix: "/api"})
		// Without the prefix, the fake has nothing.
		moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v3/self" {
				http.Redirect(w, r, "/api/v3/self", status)
				return
			}
			server.ServeHTTP(w, r)
		}))
		t.Cleanup(moved.Close)
		p, err := askSelf(t.Context(), newClient(t, moved.URL))
		if err != nil || *p.Name != "DX Import" {
			t.Errorf("%d: %+v, %v", status, p, err)
		}
		if asked := server.Requests(); len(asked) != 1 || asked[0].Key != devintest.KeyOK {
			t.Errorf("%d: %+v", status, asked)
		}
	}
}

func TestARedirectElsewhereIsRefusedAndTheKeyStays(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(elsewhere.Close)
	server := startFake(t, devintest.Options{})
	secure := startTLS(t)
	for name, c := range map[string]struct {
		from     *devintest.Server
		location string
	}{
		"another port":          {server, elsewhere.URL + "/v3/self"},
		"another port as path":  {server, strings.TrimPrefix(elsewhere.URL, "http:") + "/v3/self"},
		"another name":          {server, strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/v3/self"},
		"from https to http":    {secure, elsewhere.URL + "/v3/self"},
		"from http to https":    {server, secure.URL + "/v3/self"},
		"to http on that host":  {secure, strings.Replace(secure.URL, "https:", "http:", 1) + "/v3/self"},
		"another scheme":        {server, "ftp://" + strings.TrimPrefix(server.URL, "http://") + "/v3/self"},
		"with a user in it":     {server, strings.Replace(elsewhere.URL, "http://", "http://127.0.0.1@", 1) + "/v3/self"},
		"to Devin's own domain": {server, "https://app.devin.ai/login"},
	} {
		for _, status := range []int{301, 302, 307, 308} {
			server.ResetRequests()
			secure.ResetRequests()
			c.from.ClearFaults()
			c.from.Fault("/v3/self", devintest.Fault{Status: status, Header: http.Header{"Location": {c.location}}})
			transport := http.RoundTripper(NewTransport(1))
			if c.from == secure {
				transport = trusting(secure.Certificate())
			}
			_, err := askSelf(t.Context(), newClient(t, c.from.URL, withTransport(transport)))
			var failure *Error
			if !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || failure.Status != status || failure.Tries != 1 ||
				!strings.Contains(err.Error(), "it redirects to") {
				t.Errorf("%s: %v", name, err)
			}
			if n := len(server.Requests()) + len(secure.Requests()); n != 1 {
				t.Errorf("%s: %d requests", name, n)
			}
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the other server was asked %d times", n)
	}
}

func TestARedirectInACircleEnds(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 307, Header: http.Header{"Location": {"/v3/self"}}})
	_, err := askSelf(t.Context(), newClient(t, server.URL))
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "in a circle") {
		t.Errorf("the error is %v", err)
	}
	if n := len(server.Requests()); n < 2 || n > 10 {
		t.Errorf("%d requests", n)
	}
}

func TestARedirectToNowhereIsAnError(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	server.Fault("/v3/self", devintest.Fault{Status: 302, Body: `{"detail":"moved"}`})
	if _, err := askSelf(t.Context(), newClient(t, server.URL)); !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "moved") {
		t.Errorf("the error is %v", err)
	}
}
