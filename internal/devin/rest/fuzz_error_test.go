package rest

import (
	"net/http"
	"strings"
	"testing"
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
		{400, "", `{"detail":"` + fuzzKey + `"}`},
		{400, "", "{\"detail\":\"\\u0063og_Jq7wPzR2tVx9LkDs\"}"},
		{400, "", strings.Repeat("y", 290) + fuzzKey},
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
		checkFuzzedError(t, err)
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
