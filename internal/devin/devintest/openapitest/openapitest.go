// Package openapitest validates requests and answers against Cognition's OpenAPI
// document, reduced to the operations that the provider uses. The document was
// gathered apart from the client and the fake, so it finds what both have wrong.
package openapitest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

//go:embed testdata/openapi.json
var source []byte

// elsewhere are operations that the documentation's pages describe and the
// document lacks. Their answers are not validated.
var elsewhere = []string{
	"GET /v3/enterprise/members/users/{user_id}",
	"GET /v3/enterprise/members/service-users/{service_user_id}",
	"GET /v3/enterprise/organizations/{org_id}",
	"GET /v3/enterprise/organizations/{org_id}/members/users",
	"GET /v3/enterprise/organizations/{org_id}/members/idp-users",
	"GET /v3beta1/organizations/{org_id}/members/users/{user_id}",
}

// Document is the OpenAPI document, and which of its operations were called.
type Document struct {
	spec *openapi3.T
	mux  *http.ServeMux

	mu     sync.Mutex
	called map[string]bool
}

// Load parses the document.
func Load(t testing.TB) *Document {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{spec: spec, mux: http.NewServeMux(), called: map[string]bool{}}
	for _, operation := range append(d.Operations(), elsewhere...) {
		d.mux.Handle(operation, http.NotFoundHandler())
	}
	return d
}

// Operations are the document's, each as "GET /v3/self".
func (d *Document) Operations() []string {
	var all []string
	for path, item := range d.spec.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, method+" "+path)
		}
	}
	slices.Sort(all)
	return all
}

// Uncalled are the operations that no handler of this document has answered
// with success.
func (d *Document) Uncalled() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(d.Operations(), func(operation string) bool { return d.called[operation] })
}

// Handler passes requests to a handler, and fails the test where a request or its
// answer does not match the document.
func (d *Document) Handler(t testing.TB, next http.Handler) http.Handler {
	t.Helper()
	return d.HandlerFunc(next, func(r *http.Request, err error) {
		t.Errorf("%s %s: %v", r.Method, r.URL, err)
	})
}

// HandlerFunc is Handler with a function that is called with each mismatch.
func (d *Document) HandlerFunc(next http.Handler, report func(*http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A compressed answer could not be read here.
		r.Header.Del("Accept-Encoding")
		var sent []byte
		if r.Method != http.MethodGet {
			// A body that breaks off is still what was sent.
			sent, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(sent))
		}
		answer := &recorder{ResponseWriter: w, status: http.StatusOK}
		// Deferred, since a handler may end by a panic.
		completed := false
		defer func() {
			if err := d.validate(r, sent, answer, completed); err != nil {
				report(r, err)
			}
		}()
		next.ServeHTTP(answer, r)
		completed = true
	})
}

func (d *Document) validate(r *http.Request, sent []byte, answer *recorder, completed bool) error {
	route, values := d.find(r)
	switch {
	case route == nil && values != nil:
		return nil
	case route == nil:
		return fmt.Errorf("the document has no such operation")
	}
	for key := range r.URL.Query() {
		// The pages say that keys are listed in pages, as every list is; the document
		// has only the status.
		paged := strings.HasSuffix(route.Path, "/api-keys") && (key == "first" || key == "after")
		if route.Operation.Parameters.GetByInAndName("query", key) == nil && !paged {
			return fmt.Errorf("the document has no query key %q", key)
		}
	}
	request := r.Clone(r.Context())
	request.Body = io.NopCloser(bytes.NewReader(withoutNulls(sent)))
	input := &openapi3filter.RequestValidationInput{
		Request: request, PathParams: values, Route: route, QueryParams: r.URL.Query(),
		Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true,
			RejectWhenRequestBodyNotSpecified: true,
		},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		return err
	}
	documented := route.Operation.Responses.Status(answer.status) != nil
	switch {
	case !completed || answer.status >= 400 && (!documented || answer.isFastAPI()):
		return nil
	case !documented:
		return fmt.Errorf("the document has no status %d", answer.status)
	case answer.status < 400:
		d.mu.Lock()
		d.called[route.Method+" "+route.Path] = true
		d.mu.Unlock()
	}
	header := answer.Header().Clone()
	if header.Get("Content-Type") == "application/problem+json" {
		// The schema of errors names this type in words, the responses the other.
		header.Set("Content-Type", "application/json")
	}
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.status, Header: header,
		Body: io.NopCloser(bytes.NewReader(answer.body.Bytes())),
	})
}

// find is the operation of a request and its path's values. Without a route and
// with values it is one of those that are described elsewhere.
func (d *Document) find(r *http.Request) (*routers.Route, map[string]string) {
	escaped := r.URL.EscapedPath()
	// A prefix that the fake is mounted under is not the document's.
	if at := strings.Index(escaped, "/v3"); at > 0 {
		escaped = escaped[at:]
	}
	// As if it were not escaped: the mux takes a segment that is %2F for the end.
	_, pattern := d.mux.Handler(&http.Request{Method: r.Method, URL: &url.URL{Path: escaped}})
	method, template, ok := strings.Cut(pattern, " ")
	if !ok || method != r.Method {
		return nil, nil
	}
	values := map[string]string{}
	segments := strings.Split(escaped, "/")
	for i, name := range strings.Split(template, "/") {
		if name, ok := strings.CutPrefix(name, "{"); ok {
			// It was unescaped as part of the path already.
			values[strings.TrimSuffix(name, "}")], _ = url.PathUnescape(segments[i])
		}
	}
	item := d.spec.Paths.Value(template)
	if item == nil {
		return nil, values
	}
	return &routers.Route{
		Spec: d.spec, Path: template, PathItem: item, Method: method, Operation: item.GetOperation(method),
	}, values
}

// withoutNulls is a body without keys that are null: the pages say in words that
// null clears a limit, and the document's schemas have no null.
func withoutNulls(body []byte) []byte {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return body
	}
	var strip func(any) any
	strip = func(v any) any {
		if object, ok := v.(map[string]any); ok {
			for key, of := range object {
				if object[key] = strip(of); of == nil {
					delete(object, key)
				}
			}
		}
		return v
	}
	stripped, err := json.Marshal(strip(value))
	if err != nil {
		return body
	}
	return stripped
}

// recorder passes an answer on and keeps it.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Unwrap lets an http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// isFastAPI reports whether the answer is an error in FastAPI's form, which pages
// of the documentation show and the document does not have.
func (r *recorder) isFastAPI() bool {
	var body struct {
		Title  string
		Detail any
	}
	return json.Unmarshal(r.body.Bytes(), &body) == nil && body.Title == "" && body.Detail != nil
}
