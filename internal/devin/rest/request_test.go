package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// hostileIDs are free text, as user ids and group names are, and attempts to leave the
// segment, the host or the path.
var hostileIDs = []string{
	"google-oauth2|1234567890",
	"okta|Acme|00u1",
	"samlp|acme|jane+doe@example.com",
	"a/b", "/", "/v3/self", "a/", "//evil.example.com/",
	"../self", "../../self", "..%2Fself", "%2e%2e", "%2E", "...", ".a", "a..", "..;",
	"100%", "%", "%%", "%2F", "%zz", "%00",
	"a b", " ", "+", "a+b",
	"what?first=1", "?", "a&b=c", "#", "c#d", "a;b", "a=b", "a,b", "a:b", "http://evil.example.com/", "@evil.example.com",
	`back\slash`, `"quoted"`, "<tag>", "{}", "[1]", "^`~!$'()*",
	"tab\there", "line\nbreak", "cr\r\nX-Evil: 1", "nul\x00", "del\x7f",
	"Zoë Ünïcode", "日本語", "🙂", "e\u0301", "\u202eabc", "\u2028", "\ufeff",
	"not\xffutf8", "\xff",
	strings.Repeat("x|/%", 1024),
}

func TestIDsArriveByteForByteAndStayInTheirSegment(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{Prefix: "/api"})
	c := newClient(t, server.URL)
	const users = "/api/v3/enterprise/consumption/daily/users/"
	for _, id := range hostileIDs {
		server.ResetRequests()
		if _, err := askConsumption(t.Context(), c, id); err != nil {
			t.Errorf("%.60q: %v", id, err)
		}
		asked := server.Requests()
		if len(asked) != 1 {
			t.Errorf("%.60q took %d requests", id, len(asked))
			continue
		}
		segment, ok := strings.CutPrefix(asked[0].Path, users)
		if !ok || strings.ContainsAny(segment, "/?#") {
			t.Errorf("%.60q left its segment: %.200s", id, asked[0].Path)
		}
		if got, err := url.PathUnescape(segment); err != nil || got != id {
			t.Errorf("%.60q arrived as %.60q, %v", id, got, err)
		}
		if len(asked[0].Query) != 2 {
			t.Errorf("%.60q changed the query: %v", id, asked[0].Query)
		}
	}
}

func organizationUsers(id string) Request {
	return Request{Path: []string{"enterprise", "organizations", id, "members", "users"}}
}

func TestOrganizationIDsStayInTheirSegment(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"a/b", "../x", "a?b", "100%"} {
		server := clienttest.StartFake(t, devintest.Options{})
		c := newClient(t, server.URL)
		if _, err := listUsers(t.Context(), c, organizationUsers(id)); !errors.Is(err, ErrForbidden) {
			t.Errorf("%q: %v", id, err)
		}
		for _, r := range server.Requests() {
			parts := strings.Split(r.Path, "/")
			if len(parts) != 7 || parts[4] != url.PathEscape(id) {
				t.Errorf("%q left its segment: %s", id, r.Path)
			}
		}
	}
}

func TestIDsThatNoPathCanCarryAreRefusedWithoutARequest(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	refused := func(id string, err error) {
		t.Helper()
		var failure *Error
		if !errors.Is(err, ErrInvalidID) || errors.Is(err, ErrRejected) || !errors.As(err, &failure) {
			t.Errorf("%q gave %v", id, err)
			return
		}
		if failure.Status != 0 || failure.Tries != 0 || !strings.Contains(err.Error(), "was not sent") || !strings.Contains(err.Error(), "cannot be an id") {
			t.Errorf("%q gave %v", id, err)
		}
	}
	for _, id := range []string{"", ".", ".."} {
		_, err := askConsumption(t.Context(), c, id)
		refused(id, err)
		if id != "" { // no organization is the whole enterprise
			_, err = listUsers(t.Context(), c, organizationUsers(id))
			refused(id, err)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestARequestHasTheKeyTheUserAgentAndWhatItAccepts(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL, func(cfg *Config) { cfg.UserAgent = "Terraform/1.11.4 terraform-provider-devin/0.1.0" })
	if _, err := askSelf(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := server.Requests()[0]
	if r.Method != http.MethodGet || r.Key != devintest.KeyOK ||
		r.Header.Get("User-Agent") != "Terraform/1.11.4 terraform-provider-devin/0.1.0" || r.Header.Get("Accept") != "application/json" {
		t.Errorf("the request was %+v", r)
	}
}

// answered is the answer to a write: a status and a body, or none.
type answered struct {
	status   int
	body     string
	page     bool // of HTML
	location string
	lost     error
}

// writes answers requests one after the other, and records them.
type writes struct {
	answers []answered
	sent    []string // method, path and body
	types   []string
}

func (w *writes) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = " " + string(text)
	}
	w.sent = append(w.sent, r.Method+" "+r.URL.Path+body)
	w.types = append(w.types, r.Header.Get("Content-Type"))
	ends := w.answers[min(len(w.sent), len(w.answers))-1]
	if ends.lost != nil {
		return nil, ends.lost
	}
	answer := clienttest.JSON(ends.status, ends.body)
	answer.Header.Set("Location", ends.location)
	if ends.page {
		answer.Header.Set("Content-Type", "text/html")
	}
	return answer, nil
}

func send(t *testing.T, method string, answers ...answered) ([]string, error) {
	t.Helper()
	w := &writes{answers: answers}
	c := newClient(t, "https://devin.example.com", withTransport(w), withRetries(2))
	err := Send(t.Context(), c, Request{
		Method: method, Version: V3Beta1, Path: []string{"enterprise", "limits"}, Body: map[string]any{"cycle_acu_limit": 7},
	})
	if slices.ContainsFunc(w.types, func(s string) bool { return s != "application/json" }) {
		t.Errorf("the bodies are of type %v", w.types)
	}
	return w.sent, err
}

func TestAWriteIsSentWithItsBodyAndConfirmed(t *testing.T) {
	t.Parallel()
	for _, ends := range []answered{
		{status: 204}, {status: 200, body: `{"cycle_acu_limit":7}`}, {status: 201, body: "null"}, {status: 203, body: "[]"},
	} {
		sent, err := send(t, "PATCH", ends)
		if want := []string{`PATCH /v3beta1/enterprise/limits {"cycle_acu_limit":7}`}; err != nil || !slices.Equal(sent, want) {
			t.Errorf("%+v: %q, %v", ends, sent, err)
		}
	}
}

func TestAnAnswerThatDoesNotConfirmAWriteIsAnErrorAndTheWriteMayHaveArrived(t *testing.T) {
	t.Parallel()
	for _, ends := range []answered{
		{status: 200},
		{status: 200, body: " \n"},
		{status: 200, body: "OK"},
		{status: 200, body: `{"cut":`},
		{status: 200, body: `{"a":1,"a":2}`},
		{status: 200, body: "<html>Sign in</html>"},
		{status: 200, body: "{}", page: true},
		{status: 201},
		{status: 202, body: "{}"}, // a promise
		{status: 206, body: "{}"}, // of a read
		{status: 301},
		{status: 307},
	} {
		sent, err := send(t, "PUT", ends)
		var failure *Error
		if !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || !failure.MayHaveArrived || len(sent) != 1 {
			t.Errorf("%+v: %q, %v", ends, sent, err)
		}
	}
}

func TestWhetherAWriteMayHaveArrivedIsRememberedOverTheTries(t *testing.T) {
	t.Parallel()
	lost := answered{lost: errors.New("connection reset by peer")}
	dial := answered{lost: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	viaProxy := answered{lost: &net.OpError{Op: "proxyconnect", Err: errors.New("connection refused")}}
	proxy := answered{lost: fmt.Errorf("%w: 503 Busy", ErrProxy)}
	certificate := answered{lost: &tls.CertificateVerificationError{Err: errors.New("expired")}}
	invalid := answered{status: 422, body: `{"detail":"no"}`}
	for name, c := range map[string]struct {
		answers []answered
		want    bool
	}{
		"refused":                        {[]answered{invalid}, false},
		"not allowed":                    {[]answered{{status: 403}}, false},
		"no such thing":                  {[]answered{{status: 404}}, false},
		"never connected":                {[]answered{dial}, false},
		"never connected to a proxy":     {[]answered{viaProxy}, false},
		"a proxy that did not connect":   {[]answered{proxy}, false},
		"a certificate that is not good": {[]answered{certificate}, false},
		"never connected, then refused":  {[]answered{dial, invalid}, false},
		"lost":                           {[]answered{lost}, true},
		"timed out at a gateway":         {[]answered{{status: 504}}, true},
		"a gateway, then refused":        {[]answered{{status: 504}, invalid}, true},
		"lost, then refused":             {[]answered{lost, invalid}, true},
		"lost, then never connected":     {[]answered{lost, dial}, true},
		"lost, limited, then not found":  {[]answered{lost, {status: 429}, {status: 404}}, true},
		"limited, then refused":          {[]answered{{status: 429}, invalid}, false},
	} {
		_, err := send(t, "PUT", c.answers...)
		var failure *Error
		if !errors.As(err, &failure) || failure.MayHaveArrived != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAWriteIsRetriedWhereTwiceHasTheEffectOfOnce(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset by peer")
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	for _, c := range []struct {
		method string
		fails  answered
		want   int
	}{
		{"PUT", answered{lost: lost}, 3},
		{"PATCH", answered{lost: lost}, 3},
		{"DELETE", answered{status: 503}, 3},
		{"PUT", answered{status: 409}, 1},
		{"POST", answered{lost: lost}, 1}, // it may have arrived
		{"POST", answered{status: 503}, 1},
		{"POST", answered{lost: refused}, 3}, // it cannot have arrived
	} {
		if sent, err := send(t, c.method, c.fails); err == nil || len(sent) != c.want {
			t.Errorf("%s: %d requests, %v; want %d", c.method, len(sent), err, c.want)
		}
	}
	if sent, err := send(t, "POST", answered{status: 429}, answered{status: 204}); err != nil || len(sent) != 2 {
		t.Errorf("a POST that was asked to wait: %q, %v", sent, err)
	}
}

func TestAWriteFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	w := &writes{answers: []answered{{status: 307, location: "https://devin.example.com/v3/elsewhere"}}}
	c := newClient(t, "https://devin.example.com", withTransport(w))
	if err := Send(t.Context(), c, Request{Method: "PUT", Path: []string{"x"}}); !errors.Is(err, ErrNotDevin) || len(w.sent) != 1 ||
		!strings.Contains(err.Error(), "a change is sent to one address only") {
		t.Errorf("%q, %v", w.sent, err)
	}
}

func TestAWriteEmptiesWhatIsKept(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	for want := 1; want <= 2; want++ {
		for range 2 {
			if _, err := askSelf(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if n := server.Count("/v3/self"); n != want {
			t.Errorf("%d requests, want %d", n, want)
		}
		// Also if it fails, since it may have arrived.
		if err := Send(t.Context(), c, Request{Method: "PUT", Path: []string{"nowhere"}}); err == nil {
			t.Error("the write was accepted")
		}
	}
}

func TestAnAnswerThatCameDuringAWriteIsNotKept(t *testing.T) {
	t.Parallel()
	reads := 0
	var c *Client
	c = newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet {
			reads++
			return clienttest.JSON(200, clienttest.Self), nil
		}
		_, err := askSelf(r.Context(), c)
		return clienttest.JSON(204, ""), err
	})))
	if err := Send(t.Context(), c, Request{Method: "PUT", Path: []string{"x"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := askSelf(t.Context(), c); err != nil || reads != 2 {
		t.Errorf("%d requests, %v", reads, err)
	}
}

func TestAnAnswerThatIsOlderThanAWriteIsNotKept(t *testing.T) {
	t.Parallel()
	s := newCache(systemClock{})
	got, err := s.do(t.Context(), "q", func(context.Context) (any, int, error) {
		s.clear() // a write, while the question is on its way
		return "old", 1, nil
	})
	if got != "old" || err != nil || len(s.kept) != 0 {
		t.Errorf("%v, %v, %d kept", got, err, len(s.kept))
	}
}

func TestRequestsThatAreNotSharedAreSentEachTime(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	own := selfRequest
	own.Shared = false
	for range 3 {
		if _, err := Get[selfAnswer](t.Context(), c, own); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.Count("/v3/self"); n != 3 {
		t.Errorf("%d requests", n)
	}
}

func TestARetryAfterDateIsComparedWithTheAnswersOwnDate(t *testing.T) {
	t.Parallel()
	sent := clienttest.Now.Add(-2 * time.Hour) // the server's clock is two hours behind
	h := http.Header{"Retry-After": {sent.Add(9 * time.Second).Format(http.TimeFormat)}, "Date": {sent.Format(http.TimeFormat)}}
	if got := retryAfter(h, clienttest.Now); got != 9*time.Second {
		t.Errorf("it asks for %s", got)
	}
	h.Set("Date", strings.Repeat("x", 3))
	if got := retryAfter(h, clienttest.Now); got != 0 {
		t.Errorf("without a date it asks for %s", got)
	}
}

func TestAPartOfAnAnswerIsNoAnswer(t *testing.T) {
	t.Parallel()
	for status, whole := range map[int]bool{200: true, 203: true, 201: false, 202: false, 206: false} {
		server := clienttest.StartFake(t, devintest.Options{})
		server.Fault(usersPath, devintest.Fault{Status: status, Body: ended("null", 3)})
		ids, err := walkUsers(t, newClient(t, server.URL))
		if whole && (err != nil || len(ids) != 3) || !whole && (!isOnly(err, ErrNotDevin) || ids != nil) {
			t.Errorf("%d: %v, %v", status, ids, err)
		}
	}
}

func TestRawReturnsTheBodyAsItCame(t *testing.T) {
	const body = `{"items": [], "items": null, "x": 1e400}`
	c := newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
		return clienttest.JSON(http.StatusOK, body), nil
	})))
	for range 2 {
		got, err := Raw(t.Context(), c, Request{Path: []string{"self"}, Shared: true})
		if err != nil || string(got) != body {
			t.Errorf("got %s, %v", got, err)
		}
	}
}

func TestRawOfARefusalIsTheUsualError(t *testing.T) {
	c := newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
		return clienttest.JSON(http.StatusForbidden, `{"title":"Forbidden"}`), nil
	})))
	got, err := Raw(t.Context(), c, Request{Path: []string{"self"}})
	var failure *Error
	if got != nil || !errors.As(err, &failure) || failure.Status != http.StatusForbidden || failure.Title != "Forbidden" {
		t.Errorf("got %s, %v", got, err)
	}
}
