package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestMatrixWithoutAFaultIsTheTruth(t *testing.T) {
	t.Parallel()
	for _, s := range subjects() {
		cell(t, s.name, s, everywhere, fine, func(*bubble) {})
	}
}

// errorBodies are those of devin-api.md §1.5, and what stands in for them.
func errorBodies() map[string]devintest.Fault {
	huge := []byte(strings.Repeat("no ", 10<<20/3))
	json := "application/json"
	return map[string]devintest.Fault{
		"problem":             {},
		"problem+json":        {ContentType: "application/problem+json"},
		"problem, null":       {ContentType: json, Body: `{"type":"about:blank","title":"Oh","status":1,"detail":null,"instance":null}`},
		"problem with errors": {ContentType: json, Body: `{"title":"Oh","status":422,"detail":"Validation failed","errors":[{"loc":["query","first"],"msg":"Too large"}]}`},
		"plain detail":        {ContentType: json, Body: `{"detail":"Unauthorized"}`},
		"list of details":     {ContentType: json, Body: `{"detail":[{"loc":["query",0],"msg":"Field required","type":"missing","ctx":{},"input":null}]}`},
		"HTML":                {ContentType: "text/html", Body: loginPage},
		"unlabelled HTML":     {ContentType: json, Body: "\n" + loginPage},
		"empty":               {EmptyBody: true},
		"JSON of other shape": {ContentType: json, Body: `{"detail":{"a":[1]},"title":7,"errors":"x"}`},
		"list":                {ContentType: json, Body: `[{"detail":"x"}]`},
		"null":                {ContentType: json, Body: `null`},
		"10 MiB":              {ContentType: "text/plain", Rewrite: func([]byte) []byte { return huge }},
		"invalid UTF-8":       {ContentType: json, Body: "{\"detail\":\"\xff\xfe\x1b[31m\x00\"}"},
		"cut":                 {ContentType: json, Body: `{"title":"Forbid`},
	}
}

// classOfStatus is what an error of Devin's is. A page of HTML with a status
// that speaks of the key or the request is not Devin's; with one that speaks of
// the server it is a gateway's, and as good.
func classOfStatus(status int, body string) class {
	html := strings.Contains(body, "HTML")
	switch {
	case status == http.StatusTooManyRequests:
		return rateLimited
	case status >= 500:
		return serverError
	case html:
		return notDevins
	case status == http.StatusUnauthorized:
		return unauthorized
	case status == http.StatusForbidden:
		return forbidden
	case status == http.StatusNotFound:
		return notFound
	}
	return rejected
}

func TestMatrixOfStatusesAndBodies(t *testing.T) {
	t.Parallel()
	bodies := errorBodies()
	if underRace {
		maps.DeleteFunc(bodies, func(name string, _ devintest.Fault) bool { return name != "problem" && name != "HTML" })
	}
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		for _, status := range []int{400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504} {
			for body, fault := range bodies {
				fault.Status = status
				cell(t, fmt.Sprintf("%d %s", status, body), s, e, classOfStatus(status, body), func(b *bubble) { b.Fault(e.path, fault) })
			}
		}
	})
}

func TestMatrixOfStatusesOnEveryEndpointAtOnce(t *testing.T) {
	t.Parallel()
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504} {
				c := classOfStatus(status, "")
				if c == forbidden {
					c = unauthorized // so is /v3/self, which any key may read
				}
				cell(t, fmt.Sprint(status), s, endpoint{path: "*", unknown: s.endpoints[0].unknown}, c,
					func(b *bubble) { b.Fault("*", devintest.Fault{Status: status}) })
			}
		})
	}
}
