package openapitest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/openapitest"
)

var noon = time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)

// october is a window of two days, which every endpoint takes.
const october = "time_after=1790841600&time_before=1791014400"

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
		switch {
		case method != http.MethodGet:
		case strings.HasSuffix(path, "/sessions") && !strings.Contains(path, "/metrics/"):
			path += "?" + strings.ReplaceAll(october, "time_", "created_")
		case takesTimes(path):
			path += "?" + october
		}
		send(method, path, "")
	}
	query := october + "&org_ids=" + ids["org_id"] + "&org_ids=" + s.Organizations()[1].OrgID
	send("GET", "/v3/enterprise/metrics/prs?"+query+"&user_ids="+url.QueryEscape(s.Members()[0].UserID), "")
	send("GET", "/v3/enterprise/metrics/usage", "")
	send("GET", "/v3/enterprise/sessions?first=200&origins=api&origins=slack&is_archived=false&created_after=1794960000", "")
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

// offDocument are the quirks whose answers the document does not allow: they were
// seen elsewhere, or are what a client should survive.
var offDocument = []string{"MeansAreNull", "AuditData", "UpperCase", "OpenCycles", "FindingsAreShort"}

// refusing are the quirks that only choose how something is refused or which path
// is unknown, so that an answer with success looks as without them.
var refusing = []string{
	"BadKeyStatus", "PermissionDetail", "PlainNotFound", "ProblemJSON", "ProblemValidation", "BadCursorStatus", "NoRetryAfter",
	"IgnoreUnknownQuery", "UnknownOrganization", "UnknownMember", "UnknownUser", "BetaLimits", "LongWindow",
}

// quirky has a fake for each quirk that is left, by its field's name, with each of
// its values.
func quirky(t *testing.T) map[string]devintest.Options {
	all := map[string]devintest.Options{"default": {PageSize: 15}}
	kind := reflect.TypeFor[devintest.Quirks]()
	for i := range kind.NumField() {
		name := kind.Field(i).Name
		if slices.Contains(refusing, name) {
			continue
		}
		with := func(suffix string, set func(reflect.Value)) {
			opts := devintest.Options{PageSize: 15}
			set(reflect.ValueOf(&opts.Quirks).Elem().Field(i))
			all[name+suffix] = opts
		}
		switch kind.Field(i).Type.Kind() {
		case reflect.Bool:
			with("", func(v reflect.Value) { v.SetBool(true) })
		case reflect.String:
			with("", func(v reflect.Value) { v.SetString("wiki") })
		case reflect.Int:
			most := map[string]int64{"Presence": 2, "NeverReading": 2, "TotalReading": 3}[kind.Field(i).Type.Name()]
			for n := int64(1); n <= max(most, 1); n++ {
				with(fmt.Sprint(n), func(v reflect.Value) { v.SetInt(n) })
			}
		case reflect.Slice:
			with("", func(v reflect.Value) { v.Set(reflect.ValueOf([]string{"user_ids"})) })
		default:
			t.Errorf("%s is of a kind that this test does not know", name)
		}
	}
	return all
}

func TestEveryOperationMatchesTheDocument(t *testing.T) {
	for name, opts := range quirky(t) {
		field := strings.TrimRight(name, "0123456789")
		d := openapitest.Load(t)
		wrong := ask(t, d, opts)
		if slices.Contains(offDocument, field) {
			if len(wrong) == 0 {
				t.Errorf("%s matches the document", name)
			}
			continue
		}
		for _, each := range wrong {
			t.Errorf("%s: %s", name, each)
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
