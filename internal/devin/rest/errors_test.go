package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// failureOf is the error of a request that is answered with a fault.
func failureOf(t *testing.T, f devintest.Fault, change ...func(*Config)) *Error {
	t.Helper()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/self", f)
	_, err := askSelf(t.Context(), newClient(t, server.URL, append(change, withRetries(0))...))
	var failure *Error
	if !errors.As(err, &failure) {
		t.Fatalf("the error is %v", err)
	}
	return failure
}

func TestEveryBodyOfAnErrorIsUnderstood(t *testing.T) {
	t.Parallel()
	const problemType = "application/problem+json"
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		title, detail     string
		fields            []string
		said              string
	}{
		"problem": {
			403, problemType, `{"type":"about:blank","title":"Forbidden","status":403,"detail":"Unauthorized","instance":"/v3/self"}`,
			"Forbidden", "Unauthorized", nil, "Unauthorized",
		},
		"problem labelled as plain JSON": {
			404, "application/json", `{"title":"Not Found","status":404,"detail":"No such thing"}`,
			"Not Found", "No such thing", nil, "No such thing",
		},
		"problem without detail": {
			403, problemType, `{"type":"about:blank","title":"Forbidden","status":403,"detail":null}`,
			"Forbidden", "", nil, "Forbidden",
		},
		"problem with a missing detail": {
			403, problemType, `{"title":"Forbidden","status":403}`, "Forbidden", "", nil, "Forbidden",
		},
		"problem with errors": {
			422, problemType, `{"title":"Unprocessable Entity","status":422,"detail":"Validation failed",` +
				`"errors":[{"loc":["query","time_after"],"msg":"Field required","type":"missing"}]}`,
			"Unprocessable Entity", "Validation failed",
			[]string{"query.time_after: Field required"},
			"Validation failed: query.time_after: Field required",
		},
		"problem with errors of another shape": {
			422, problemType, `{"title":"Bad","status":422,"detail":"Validation failed","errors":[{"field":"x"}]}`,
			"Bad", "Validation failed", nil, "Validation failed",
		},
		"plain detail": {401, "application/json", `{"detail":"Unauthorized"}`, "", "Unauthorized", nil, "Unauthorized"},
		"validation error": {
			422, "application/json", `{"detail":[{"loc":["body","items",3,"x"],"msg":"Field required","type":"missing","ctx":{},"input":null},` +
				`{"loc":[],"msg":"Bad"},{"msg":"Worse"}]}`,
			"", "",
			[]string{"body.items.3.x: Field required", "Bad", "Worse"},
			"body.items.3.x: Field required; Bad; Worse",
		},
		"validation error with many fields": {
			422, "application/json", `{"detail":[{"msg":"1"},{"msg":"2"},{"msg":"3"},{"msg":"4"},{"msg":"5"},{"msg":"6"},{"msg":"7"}]}`,
			"", "",
			[]string{"1", "2", "3", "4", "5", "and 2 more"},
			"1; 2; 3; 4; 5; and 2 more",
		},
		"empty":                {400, "", "", "", "", nil, ""},
		"white space":          {400, "text/plain", " \r\n ", "", "", nil, ""},
		"plain text":           {400, "text/plain", "upstream\r\n\tsays  no\n", "", "upstream says no", nil, "upstream says no"},
		"an empty object":      {400, "application/json", `{}`, "", "{}", nil, "{}"},
		"null":                 {400, "application/json", `null`, "", "null", nil, "null"},
		"a JSON string":        {400, "application/json", `"no"`, "", `"no"`, nil, `"no"`},
		"a JSON array":         {400, "application/json", `["no"]`, "", `["no"]`, nil, `["no"]`},
		"other keys":           {400, "application/json", `{"error":"no"}`, "", `{"error":"no"}`, nil, `{"error":"no"}`},
		"a detail of objects":  {400, "application/json", `{"detail":{"code":7}}`, "", `{"detail":{"code":7}}`, nil, `{"detail":{"code":7}}`},
		"a detail of strings":  {400, "application/json", `{"detail":["no"]}`, "", `{"detail":["no"]}`, nil, `{"detail":["no"]}`},
		"a number as title":    {400, "application/json", `{"title":7,"detail":"no"}`, "", "no", nil, "no"},
		"cut JSON":             {400, "application/json", `{"detail":"Unauth`, "", `{"detail":"Unauth`, nil, `{"detail":"Unauth`},
		"invalid UTF-8":        {400, "text/plain", "no\xff\xfe!", "", "no?!", nil, "no?!"},
		"invalid UTF-8 inside": {400, "application/json", "{\"detail\":\"no\xff!\"}", "", "no?!", nil, "no?!"},
		"control characters":   {400, "text/plain", "a\x00b\x1b[31mc\u009b31md\u202ee", "", "a?b?[31mc?31md?e", nil, "a?b?[31mc?31md?e"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := devintest.Fault{Status: c.status, Body: c.body, EmptyBody: c.body == "", ContentType: c.contentType}
			e := failureOf(t, f)
			if e.Status != c.status || e.Title != c.title || e.Detail != c.detail || !slices.Equal(e.Fields, c.fields) || e.Said() != c.said {
				t.Errorf("status %d, title %q, detail %q, fields %q, said %q", e.Status, e.Title, e.Detail, e.Fields, e.Said())
			}
			if e.Method != http.MethodGet || e.Path != "/v3/self" || e.Tries != 1 || e.RequestID == "" || e.Host == "" {
				t.Errorf("the request is told wrongly: %+v", e)
			}
			if !strings.HasSuffix(e.Error(), c.said) || strings.HasSuffix(e.Error(), ": ") {
				t.Errorf("it reads %q", e)
			}
		})
	}
}

func TestARefusalOfTheAddressIsNotOneOfTheKey(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"title":"Forbidden","status":403,"detail":"203.0.113.7 is not in the IP access list"}`: true,
		`{"detail":"Your IP address is not in the IP Access List of this enterprise"}`:           true,
		`{"title":"IP address 203.0.113.7 not allowed","status":403,"detail":null}`:              true,
		`not in the ip_access_list`:                                      true,
		`{"detail":"You do not have permission to perform this action"}`: false,
		`{"detail":"Not a member of this chip access list"}`:             false,
		`{"detail":"No access"}`:                                         false,
	} {
		e := failureOf(t, devintest.Fault{Status: 403, Body: body})
		if !errors.Is(e, ErrForbidden) || errors.Is(e, ErrAddressDenied) != want {
			t.Errorf("%s is %v", body, e)
		}
	}
	if e := failureOf(t, devintest.Fault{Status: 401, Body: "not in the IP access list"}); errors.Is(e, ErrAddressDenied) {
		t.Errorf("a 401 is %v", e)
	}
}

func TestAHugeErrorBodyIsCutToALine(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"text": strings.Repeat("ä\n", 1<<20),
		"JSON": `{"detail":"` + strings.Repeat("ä", 1<<20) + `"}`,
		// Within the bytes that are read.
		"smaller JSON": `{"detail":"` + strings.Repeat("ä", 1000) + `"}`,
		"fields":       `{"detail":[{"msg":"` + strings.Repeat("ä", 1000) + `"}]}`,
	} {
		e := failureOf(t, devintest.Fault{Status: 400, Body: body, ContentType: "application/json"})
		if n := utf8.RuneCountInString(e.Said()); n < 300 || n > 303 || strings.Contains(e.Said(), "\n") || !strings.HasSuffix(e.Said(), "...") {
			t.Errorf("%s: %d characters were kept", name, n)
		}
	}
}

var sentinels = []error{
	ErrUnauthorized, ErrForbidden, ErrNotFound, ErrRateLimited, ErrRejected, ErrUnavailable, ErrNotDevin,
}

// isOnly reports whether an error is of one kind and no other.
func isOnly(err, kind error) bool { return clienttest.IsOnly(err, kind, sentinels) }

func TestAStatusTellsTheKindOfFailure(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><body>Sign in</body></html>"
	for status, c := range map[int]struct{ kind, kindOfPage error }{
		400: {ErrRejected, ErrNotDevin},
		401: {ErrUnauthorized, ErrNotDevin},
		403: {ErrForbidden, ErrNotDevin},
		404: {ErrNotFound, ErrNotDevin},
		405: {ErrRejected, ErrNotDevin},
		402: {ErrUnavailable, ErrUnavailable},
		407: {ErrNotDevin, ErrNotDevin},
		421: {ErrUnavailable, ErrUnavailable},
		423: {ErrUnavailable, ErrUnavailable},
		451: {ErrUnavailable, ErrUnavailable},
		499: {ErrUnavailable, ErrUnavailable},
		511: {ErrNotDevin, ErrNotDevin},
		409: {ErrRejected, ErrNotDevin},
		422: {ErrRejected, ErrNotDevin},
		429: {ErrRateLimited, ErrRateLimited},
		500: {ErrUnavailable, ErrUnavailable},
		501: {ErrUnavailable, ErrUnavailable},
		502: {ErrUnavailable, ErrUnavailable},
		503: {ErrUnavailable, ErrUnavailable},
		504: {ErrUnavailable, ErrUnavailable},
		599: {ErrUnavailable, ErrUnavailable},
		300: {ErrNotDevin, ErrNotDevin},
		304: {ErrNotDevin, ErrNotDevin},
	} {
		if e := failureOf(t, devintest.Fault{Status: status}); !isOnly(e, c.kind) || e.Status != status {
			t.Errorf("%d became %v", status, e)
		}
		if status == http.StatusNotModified {
			continue // has no body
		}
		for _, f := range []devintest.Fault{
			{Status: status, Body: page},
			{Status: status, Body: "\ufeff \n" + page, ContentType: "application/json"},
			{Status: status, Body: `{"detail":"no"}`, ContentType: "text/html; charset=utf-8"},
		} {
			e := failureOf(t, f)
			if !isOnly(e, c.kindOfPage) || e.Status != status || !errors.Is(e, ErrHTML) {
				t.Errorf("%d with a page became %v", status, e)
			}
		}
	}
}

func TestAnswersThatAreNotDevinsAreNamedSo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, contentType, want string }{
		"a page":           {"<html>Sign in</html>", "", "HTML page"},
		"a page as JSON":   {"\n <html>Sign in</html>", "application/json", "HTML page"},
		"JSON as a page":   {clienttest.Self, "text/html", "HTML page"},
		"nothing":          {"", "application/json", "its body is empty"},
		"white space":      {" \n", "application/json", "its body is empty"},
		"text":             {"pong", "text/plain", "not valid JSON after byte 0: pong"},
		"cut JSON":         {clienttest.Self[:40], "application/json", "not valid JSON after byte 40"},
		"more after it":    {clienttest.Self + "{}", "application/json", "not valid JSON"},
		"an array":         {"[]", "application/json", "the whole is a JSON array"},
		"a string":         {`"x"`, "application/json", "the whole is a JSON string"},
		"null":             {"null", "application/json", "principal_type is missing"},
		"an empty object":  {"{}", "application/json", "principal_type is missing"},
		"an empty type":    {`{"principal_type":""}`, "application/json", "principal_type is missing"},
		"null as type":     {`{"principal_type":null}`, "application/json", "principal_type is missing"},
		"another type":     {`{"principal_type":7}`, "application/json", "the field principal_type is a JSON number"},
		"an object inside": {`{"principal_type":"x","service_user_id":{}}`, "application/json", "the field service_user_id is a JSON object"},
		"invalid UTF-8":    {"{\"principal_type\":\"\xff\"}", "application/json", "not valid UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := failureOf(t, devintest.Fault{Body: c.body, EmptyBody: c.body == "", ContentType: c.contentType})
			if !isOnly(e, ErrNotDevin) || e.Status != 200 || !strings.Contains(e.Error(), c.want) {
				t.Errorf("it reads %q, want %q", e, c.want)
			}
		})
	}
}

func TestAnErrorReadsAsOneLine(t *testing.T) {
	t.Parallel()
	cause := errors.New("boom")
	for want, e := range map[string]*Error{
		"GET /v3/self answered 403: the API denied access: Unauthorized": {
			Status: 403, Title: "Forbidden", Detail: "Unauthorized", Tries: 1, kind: ErrForbidden,
		},
		"GET /v3/self answered 429 (try 5): the API asked for fewer requests": {Status: 429, Tries: 5, kind: ErrRateLimited},
		"GET /v3/self got no answer (try 2): the API could not be reached: boom": {
			Tries: 2, kind: ErrUnavailable, cause: cause,
		},
		"GET /v3/self was not sent: the id cannot be part of a request: boom": {kind: ErrInvalidID, cause: cause},
		"GET /v3/self answered 422: the API rejected the request: a; b":       {Status: 422, Fields: []string{"a", "b"}, kind: ErrRejected},
	} {
		e.Method, e.Path = http.MethodGet, "/v3/self"
		if e.Error() != want {
			t.Errorf("it reads %q, want %q", e, want)
		}
	}
	e := &Error{kind: ErrUnavailable, cause: context.Canceled}
	if !errors.Is(e, context.Canceled) || !errors.Is(e, ErrUnavailable) || errors.Is(e, ErrNotDevin) {
		t.Error("its chain is wrong")
	}
}

// echoes are answers of servers that repeat the key.
func echoes(key string) map[string]devintest.Fault {
	long := strings.Repeat("x", 290) // what is kept of a text ends within the key
	return map[string]devintest.Fault{
		"detail":          {Status: 401, Body: `{"title":"` + key + `","detail":"no such key: ` + key + `"}`},
		"title":           {Status: 401, Body: `{"title":"no such key: ` + key + `"}`},
		"field":           {Status: 422, Body: `{"detail":[{"loc":["header","` + key + `"],"msg":"bad ` + key + `"}]}`},
		"text":            {Status: 400, Body: "no such key: Bearer " + key + "!"},
		"long detail":     {Status: 401, Body: `{"detail":"` + long + key + `"}`},
		"long text":       {Status: 400, Body: long + key},
		"long title":      {Status: 401, Body: `{"title":"` + long + key + `"}`},
		"redirect":        {Status: 302, Header: http.Header{"Location": {"https://" + key + ".example.com/" + key}}},
		"bad redirect":    {Status: 302, Header: http.Header{"Location": {"https://" + key + "/%zz"}}},
		"broken JSON":     {Body: `{"principal_type":` + key + `}`, ContentType: "application/json"},
		"cut JSON":        {Body: `{"principal_type":"x","key":"` + key, ContentType: "application/json"},
		"bad JSON behind": {Body: `{"a":"` + key + strings.Repeat(" ", 10) + `"!}`, ContentType: "application/json"},
	}
}

func TestAServerThatRepeatsTheKeyDoesNotGetItIntoAnError(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"cog_S3cretS3cretS3cretS3cretS3cretS3cretS3cret", "S3cretS3cretS3cretS3cretS3cret"} {
		for name, fault := range echoes(key) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				e := failureOf(t, fault, withKey(t, key))
				all := fmt.Sprintf("%v\n%+v\n%#v\n%q\n%s\n%s", e, *e, *e, e.Said(), e.RequestID, errors.Unwrap(e))
				if strings.Contains(strings.ToLower(all), "s3cret") {
					t.Errorf("the key is in %s", all)
				}
			})
		}
	}
}

func TestTheRequestIDIsReadFromTheUsualHeadersAndCannotCarryTheKey(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 290)
	for _, header := range []string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "Cf-Ray"} {
		for sent, want := range map[string]string{
			"req-1":                        "req-1",
			"req-" + devintest.KeyOK + "!": "req-(key)!",
			long + devintest.KeyOK:         long + "(key)",
			"":                             "",
		} {
			c := newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
				answer := clienttest.JSON(400, "")
				answer.Header.Set(header, sent)
				return answer, nil
			})))
			_, err := askSelf(t.Context(), c)
			var failure *Error
			if !errors.As(err, &failure) || failure.RequestID != want {
				t.Errorf("%s: %q became %q", header, sent, failure.RequestID)
			}
		}
	}
}

func TestWhatLooksLikeAKeyIsTakenOutOfErrorsToo(t *testing.T) {
	t.Parallel()
	e := failureOf(t, devintest.Fault{Status: 401, Body: `{"detail":"use cog_S3cret-other_key, not this"}`})
	if got, want := e.Detail, "use cog_(...), not this"; got != want {
		t.Errorf("the detail is %q, want %q", got, want)
	}
}

func TestLogsTellEachTryAndNeverTheKey(t *testing.T) {
	t.Parallel()
	const key = "cog_S3cretS3cretS3cretS3cret"
	server := clienttest.StartFake(t, devintest.Options{})
	server.AddKey(key, devintest.Principal{ID: "service-user-1", Name: "CI Bot"})
	server.Fault("/v3/self", devintest.Fault{Status: 503, Body: key, Times: 1})
	server.Fault("/v3/self", devintest.Fault{Status: 429, RetryAfter: "7", Times: 1})
	var log bytes.Buffer
	c := newClient(t, server.URL, withKey(t, key), withRetries(4), func(cfg *Config) {
		cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if _, err := askSelf(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "S3cret") {
		t.Errorf("the key is in the log:\n%s", &log)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	want := [][]string{
		{"DEBUG", "status=503", "try=1 "},
		{"WARN", "status=503", "try=1 ", "holds_back_all_requests=false"},
		{"DEBUG", "status=429", "try=2 "},
		{"WARN", "status=429", "try=2 ", "wait=7s", "holds_back_all_requests=true"},
		{"DEBUG", "status=200", "try=3 "},
	}
	if len(lines) != len(want) {
		t.Fatalf("the log is\n%s", &log)
	}
	for i, words := range want {
		for _, word := range append(words, "method=GET", "path=/v3/self", "duration=", "request_id=") {
			if !strings.Contains(lines[i], word) {
				t.Errorf("line %d lacks %q: %s", i, word, lines[i])
			}
		}
	}
}

func TestTheQueryIsInNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	// The query has an email, which is personal data.
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/enterprise/members/*", devintest.Fault{Status: 500})
	var log bytes.Buffer
	c := newClient(t, server.URL, func(cfg *Config) {
		cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	r := usersRequest
	r.Query = url.Values{"email": {"jane.doe@example.com"}}
	_, err := listUsers(t.Context(), c, r)
	if err == nil {
		t.Fatal("no error")
	}
	for _, text := range []string{err.Error(), log.String()} {
		if strings.Contains(text, "jane.doe") || strings.Contains(text, url.QueryEscape("jane.doe@example.com")) {
			t.Errorf("the email is in %s", text)
		}
	}
}
