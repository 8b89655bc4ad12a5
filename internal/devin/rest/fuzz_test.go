package rest

import (
	jsonv1 "encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// Whatever a server answers with any status, the error is one line, short, and
// of the kind that the status says.
func FuzzErrorAnswer(f *testing.F) {
	for _, seed := range []struct {
		status            int
		contentType, body string
	}{
		{403, "application/problem+json", `{"type":"about:blank","title":"Forbidden","status":403,"detail":"Unauthorized","instance":"/v3/self"}`},
		{401, "application/json", `{"detail":"Unauthorized"}`},
		{403, "application/json", `{"title":"Forbidden","status":403,"detail":null}`},
		{422, "application/json", `{"detail":[{"loc":["query","time_after"],"msg":"Field required","type":"missing","input":{},"ctx":{}}]}`},
		{422, "", `{"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"Validation failed","errors":[{"loc":["query",0],"msg":"Field required"}]}`},
		{422, "", `{"detail":[{"loc":null,"msg":null},{},null,7,{"loc":[{}],"msg":"\u001b[31m"}]}`},
		{502, "text/html", "<html>Bad gateway</html>"},
		{401, "", "\xff\xfe"},
		{404, "", ""},
		{500, "text/plain", strings.Repeat("x ", 5000)},
		{400, "", `{"detail":"` + clienttest.FuzzKey + `"}`},
		{400, "", "{\"detail\":\"\\u0063og_Jq7wPzR2tVx9LkDsB4mN\"}"},
		{400, "", strings.Repeat("y", 290) + clienttest.FuzzKey},
		{429, "", "null"},
		{302, "", ""},
		{204, "", ""},
		{100, "", ""},
		{403, "application/json", "{\"detail\":\"\u202eexe.cod\u0000\"}"},
	} {
		f.Add(seed.status, seed.contentType, seed.body)
	}
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		if status < 300 || status > 599 {
			return // the other tests have the 2xx, and net/http hands on nothing else
		}
		_, err := askSelf(t.Context(), fuzzed(t, status, http.Header{"Content-Type": {contentType}, "X-Request-Id": {body}}, body))
		if err == nil {
			t.Fatalf("%d is no error", status)
		}
		clienttest.CheckFuzzedError[*Error](t, err)
		html := isHTML(contentType, []byte(body))
		page := html && isOnly(err, ErrNotDevin)
		if !page && !isOnly(err, kindOfStatus(status)) {
			t.Errorf("%d is %v", status, err)
		}
		if html && (isOnly(err, ErrUnauthorized) || isOnly(err, ErrForbidden)) {
			t.Errorf("a page of HTML says something of the key: %v", err)
		}
	})
}

// Settings and ids of users.

// hostile are ids and addresses of kinds that break careless code.
var hostile = []string{
	"email|5f2a", "google-oauth2|1234567890", "okta|Acme Corp|00u1a/b c", "a+b@example.com", "../../self", "..", ".", "...", "",
	"%2e%2e", "%2F", "%", "%zz", "a%00b", "a\x00b", "a b", "a?b=c", "a#b", "a;b", "//evil.example.com", "\\\\evil", "https://evil.example.com/",
	"@evil.example.com", ":80", "ü", "u\u0308", "😀", "\xff\xfe", "\r\nHost: evil", "a\tb", " ", "﷽", "\u202e", "users/other", "users%2Fother",
	strings.Repeat("x", 4<<10), strings.Repeat("/", 4<<10), strings.Repeat("../", 1000), strings.Repeat("%", 4<<10), "\ufeff", "a&first=1",
}

// No id may escape its segment, change the host, or add a query.
func FuzzPath(f *testing.F) {
	for _, id := range hostile {
		f.Add(id, "email|a@b")
		f.Add("org-1", id)
	}
	client, err := New(Config{BaseURL: &url.URL{Scheme: "https", Host: "devin.example.com", Path: "/api"}, Key: Key{new(string)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id, email string) {
		r := Request{Path: []string{"enterprise", "organizations", id, "members", "users"}, Query: url.Values{"email": {email}}}
		made, err := client.url(r)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || id != "" && id != "." && id != ".." {
				t.Errorf("%q is refused: %v", id, err)
			}
			return
		}
		// The id that a server reads from the path.
		read, err := url.Parse(made.String())
		if err != nil {
			t.Fatalf("%q makes %s: %v", id, made, err)
		}
		segments := strings.Split(read.EscapedPath(), "/")
		if read.Scheme != "https" || read.Host != "devin.example.com" || read.User != nil || read.Fragment != "" || len(segments) != 8 {
			t.Fatalf("%q makes %s", id, made)
		}
		if back, err := url.PathUnescape(segments[5]); err != nil || back != id {
			t.Errorf("%q arrives as %q, %v", id, back, err)
		}
		if segments[4] != "organizations" || segments[6] != "members" || segments[7] != "users" {
			t.Errorf("%q makes %s", id, made)
		}
		query, err := url.ParseQuery(read.RawQuery)
		if err != nil || email != "" && query.Get("email") != email || len(query) > 1 {
			t.Errorf("the address %q makes the query %q: %v, %v", email, read.RawQuery, query, err)
		}
	})
}

func FuzzBaseURL(f *testing.F) {
	for _, text := range append(hostile,
		DefaultBaseURL, "https://api.your-company.devinenterprise.com/", "https://company.devinenterprise.com/api//", "http://127.0.0.1:8080",
		"http://localhost", "http://[::1]:80/x", "http://127.1", "http://2130706433", "http://localhost.evil.example.com", "http://127.0.0.1@evil.example.com",
		"http://127.0.0.1#@evil", "https://user:pass@devin", "https://devin?x", "https://devin#x", "https:devin", "https:///v3", "HTTPS://Devin",
		"https://devin/%2e%2e/%2F", "http://[::1%25eth0]", "https://devin:99999", "https://devin\\@evil", "ftp://localhost",
	) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseBaseURL(text)
		if err != nil {
			return
		}
		if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(u.EscapedPath(), "/") {
			t.Errorf("%q is read as %#v", text, u)
		}
		switch u.Scheme {
		case "https":
		case "http":
			ip, err := netip.ParseAddr(u.Hostname())
			if u.Hostname() != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
				t.Errorf("%q sends the key to %s in clear text", text, u.Host)
			}
		default:
			t.Errorf("%q has the scheme %s", text, u.Scheme)
		}
		again, err := ParseBaseURL(u.String())
		if err != nil || again.String() != u.String() {
			t.Errorf("%q is read as %s, and that as %v, %v", text, u, again, err)
		}
	})
}

func FuzzKey(f *testing.F) {
	for _, text := range append(hostile, clienttest.FuzzKey, clienttest.FuzzKey+"\n", " "+clienttest.FuzzKey, "apk_user_abc", "Bearer "+clienttest.FuzzKey, clienttest.FuzzKey+"\r\nX: y", "cog_", "cog_ü") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParseKey(text)
		if err != nil {
			if trimmed := strings.TrimSpace(text); len(trimmed) > 12 && strings.Contains(err.Error(), trimmed) {
				t.Errorf("the error shows the key: %v", err)
			}
			return
		}
		if *key.secret != strings.TrimSpace(text) || strings.ContainsFunc(*key.secret, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q is read as %q", text, *key.secret)
		}
		if shown := fmt.Sprintf("%v %+v %#v %q %d", key, key, key, key, key); len(*key.secret) > 12 && strings.Contains(shown, *key.secret) {
			t.Errorf("printed it is %s", shown)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{
		"", "0", "7", "-7", "3600", "1.5", "soon", "99999999999999999999", "9223372036854775807", "-9223372036854775808",
		clienttest.Now.Format(http.TimeFormat), "Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", " 7\t", "٧",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if wait := retryAfter(http.Header{"Retry-After": {header}}, clienttest.Now); wait < 0 || wait > 365*24*time.Hour || wait%time.Second != 0 {
			t.Errorf("%q is a wait of %s", header, wait)
		}
	})
}

// duplicates finds keys that come twice by way of encoding/json's own tokens.
func duplicates(text string) bool {
	d := jsonv1.NewDecoder(strings.NewReader(text))
	var open []map[string]bool // nil for an array
	key := false
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if delim, ok := token.(jsonv1.Delim); ok {
			switch delim {
			case '{':
				open, key = append(open, map[string]bool{}), true
				continue
			case '[':
				open, key = append(open, nil), false
				continue
			}
			open = open[:len(open)-1]
		} else if name, ok := token.(string); ok && key {
			if open[len(open)-1][name] {
				return true
			}
			open[len(open)-1][name] = true
			key = false
			continue
		}
		key = len(open) > 0 && open[len(open)-1] != nil
	}
}

// decode reads what encoding/json reads, and refuses what it refuses.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		`{}`, `[]`, `{"a":1}`, `{"a":1,"a":2}`, `{"a":{"a":1},"b":[{"a":1},{"a":2}]}`, `{"a\"":1,"a\"":2}`, `{"\u0061":1,"a":2}`,
		`[1,2,[3],{"a":null}]`, `"x"`, `{"a":"}","b":"{"}`, `{"a" : "\\" , "b":1}`, `{"a":1}}`, `{"a"`, `nul`, `{"a":1 "a":2}`,
		`"\ud800"`, `{"\ud800":1,"\udc00":2}`, `"\ud83d\ude00"`, `{"A":1,"a":2}`, `1e400`, `-0`, `01`, `[1,]`, `"\x"`, "\ufeff{}", " \t\r\n1",
		"\xff", `{"a":"` + "\xff" + `"}`, strings.Repeat("[", 20_000), `1` + strings.Repeat("0", 1000), `{"` + strings.Repeat("k", 1000) + `":x}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got, want any
		err := decode([]byte(text), &got)
		if err != nil && len(err.Error()) > 2000 {
			t.Errorf("the error has %d bytes", len(err.Error()))
		}
		wrong := jsonv1.Unmarshal([]byte(text), &want)
		switch refused := !utf8.ValidString(text) || duplicates(text); {
		case wrong != nil || refused:
			if err == nil {
				t.Errorf("%q is read as %v, and encoding/json says %v", text, got, wrong)
			}
		case err != nil:
			t.Errorf("%q is refused: %v", text, err)
		case !reflect.DeepEqual(got, want):
			t.Errorf("%q is read as %#v, want %#v", text, got, want)
		}
	})
}
