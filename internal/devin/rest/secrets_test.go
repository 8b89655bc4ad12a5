package rest

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// echoes are answers of servers that repeat the key they were sent.
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
			c := newClient(t, "https://devin.example.com", withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
				answer := jsonAnswer(400, "")
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

func TestOtherKeysAreTakenOutOfErrorsToo(t *testing.T) {
	t.Parallel()
	e := failureOf(t, devintest.Fault{Status: 401, Body: `{"detail":"use cog_S3cret-other_key, not this"}`})
	if got, want := e.Detail, "use cog_(...), not this"; got != want {
		t.Errorf("the detail is %q, want %q", got, want)
	}
}

func TestLogsTellEachTryAndNeverTheKey(t *testing.T) {
	t.Parallel()
	const key = "cog_S3cretS3cretS3cretS3cret"
	server := startFake(t, devintest.Options{})
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
	// An email is asked for in the query, and is personal data.
	server := startFake(t, devintest.Options{})
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
