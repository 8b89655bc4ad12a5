package rest

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// hostileIDs are free text, as user ids and group names are, and what somebody
// might try to leave the segment, the host or the path with.
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
	server := startFake(t, devintest.Options{Prefix: "/api"})
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
		server := startFake(t, devintest.Options{})
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
	server := startFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	refused := func(id string, err error) {
		t.Helper()
		var failure *Error
		if !errors.Is(err, ErrRejected) || !errors.As(err, &failure) {
			t.Errorf("%q gave %v", id, err)
			return
		}
		if failure.Status != 0 || failure.Tries != 0 || !strings.Contains(err.Error(), "cannot be an id") {
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

func TestARequestSaysWhoAsksAndWhatItTakes(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	c := newClient(t, server.URL, func(cfg *Config) { cfg.UserAgent = "Terraform/1.11.4 terraform-provider-devin/0.1.0" })
	if _, err := askSelf(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := server.Requests()[0]
	if r.Method != "GET" || r.Key != devintest.KeyOK ||
		r.Header.Get("User-Agent") != "Terraform/1.11.4 terraform-provider-devin/0.1.0" || r.Header.Get("Accept") != "application/json" {
		t.Errorf("the request was %+v", r)
	}
}
