package openapitest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/openapitest"
)

var noon = time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)

// october is a window that every endpoint takes.
const october = "time_after=1790841600&time_before=1793520000"

// ask sends one request for each operation of the document, and a few more, and
// returns what did not match.
func ask(t *testing.T, d *openapitest.Document, opts devintest.Options) []string {
	t.Helper()
	opts.Now = func() time.Time { return noon }
	s := devintest.New(opts)
	defer s.Close()
	s.SetLimits(func(l *devintest.Limits) {
		limit := int64(500)
		l.Enterprise = &limit
		for _, o := range s.Organizations() {
			l.Organizations[o.OrgID], l.Cloud[o.OrgID] = 100, 50
		}
	})
	var wrong []string
	h := d.HandlerFunc(s, func(r *http.Request, err error) {
		message, _, _ := strings.Cut(err.Error(), "\n")
		wrong = append(wrong, fmt.Sprintf("%s %s: %s", r.Method, r.URL, message))
	})
	send := func(method, target, body string) {
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+devintest.KeyOK)
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code >= 300 {
			t.Errorf("%s %s: status %d: %s", method, target, w.Code, w.Body)
		}
	}
	ids := map[string]string{
		"org_id": s.Organizations()[0].OrgID, "user_id": url.PathEscape(s.Members()[25].UserID),
		"service_user_id": s.AllServiceUsers()[0].ServiceUserID, "session_id": s.Sessions()[0].SessionID,
	}
	bodies := map[string]string{
		"PUT": `{"cycle_acu_limit":7}`, "PATCH": `{"local_agent":{"cycle_acu_limit":7}}`,
	}
	for _, operation := range d.Operations() {
		method, path, _ := strings.Cut(operation, " ")
		ids["id"] = ids["org_id"]
		if strings.Contains(path, "/users/{id}") {
			ids["id"] = ids["user_id"]
		}
		for name, id := range ids {
			path = strings.ReplaceAll(path, "{"+name+"}", id)
		}
		if body, ok := bodies[method]; ok {
			send(method, path, body)
			continue
		}
		if method == http.MethodGet && takesTimes(path) {
			path += "?" + october
		}
		send(method, path, "")
	}
	query := october + "&org_ids=" + ids["org_id"] + "&org_ids=" + s.Organizations()[1].OrgID
	send("GET", "/v3/enterprise/metrics/prs?"+query+"&user_ids="+url.QueryEscape(s.Members()[0].UserID), "")
	send("GET", "/v3/enterprise/metrics/usage", "")
	send("GET", "/v3/enterprise/sessions?first=200&origins=api&origins=slack&is_archived=false&created_after=1790841600", "")
	send("GET", "/v3/enterprise/code-scans/findings?severity=critical&severity=high&status=open", "")
	send("GET", "/v3/enterprise/hypervisors?status=all", "")
	send("GET", "/v3/enterprise/audit-logs?order=asc&action=login&"+october, "")
	return wrong
}

func takesTimes(path string) bool {
	for _, part := range []string{"/consumption/daily", "/metrics", "/audit-logs", "guardrail-violations"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

func TestEveryOperationMatchesTheDocument(t *testing.T) {
	for name, opts := range map[string]devintest.Options{
		"default": {PageSize: 200},
	} {
		d := openapitest.Load(t)
		for _, wrong := range ask(t, d, opts) {
			t.Errorf("%s: %s", name, wrong)
		}
		for _, operation := range d.Uncalled() {
			t.Errorf("%s: %s was not called", name, operation)
		}
	}
}

func TestMismatchesAreNoticed(t *testing.T) {
	d := openapitest.Load(t)
	for name, test := range map[string]struct {
		target, body string
		want         string
	}{
		"an honest answer":       {"/v3/self", `{"service_user_id":"a","service_user_name":"b"}`, ""},
		"a path":                 {"/v3/selfish", `{}`, "no such operation"},
		"a query key":            {"/v3/self?first=1", `{}`, "no query key"},
		"a value of a query key": {"/v3/enterprise/organizations?first=201", `{"items":[]}`, "first"},
		"a missing field":        {"/v3/enterprise/queue", `{"queue_size":1}`, "status"},
		"a wrong type":           {"/v3/enterprise/queue", `{"queue_size":"1","status":"high"}`, "schema"},
		"a wrong enum":           {"/v3/enterprise/queue", `{"queue_size":1,"status":"HIGH"}`, "schema"},
	} {
		got := ""
		h := d.HandlerFunc(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, test.body)
		}), func(_ *http.Request, err error) { got = err.Error() })
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, test.target, nil))
		if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
