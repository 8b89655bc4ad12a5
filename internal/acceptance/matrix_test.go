package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// class is what an answer means to the provider, whatever its form.
type class int

const (
	fine         class = iota
	taken              // 2xx, and other numbers, or null, than the fake has
	noticed            // 2xx, odd, and no reason to fail: the numbers, and a warning
	unauthorized       // 401 of the API
	forbidden          // 403 of the API
	notFound           // 404 of the API
	rejected           // another 4xx of the API
	rateLimited        // 429 to the end
	serverError        // 5xx to the end
	notDevins          // a page of something else
	odd                // 2xx, and not as documented
	cutShort           // 2xx that breaks off, to the end
	unreachable        // no answer, to the end
)

// summary is how the error of an ordinary read begins.
func (c class) summary() string {
	return map[class]string{
		unauthorized: "invalid_credentials: Devin refused the API key",
		forbidden:    "forbidden: Devin denied access",
		notFound:     "Not found in Devin",
		rejected:     "Devin rejected the request",
		rateLimited:  "unavailable: Devin asks for fewer requests",
		serverError:  "unavailable: Devin answered 5",
		notDevins:    "unavailable: the answer does not come from the Devin API",
		odd:          "unavailable: the answer is not as Devin documents it",
		cutShort:     "unavailable: Devin's answer broke off",
		unreachable:  "unavailable: Devin could not be reached",
	}[c]
}

// outcome is the expected result of a read: the truth, or the beginning of an error's
// summary.
func (r reading) outcome(e endpoint, c class) (truth fromFake, summary string) {
	switch {
	case c == fine:
		return r.truth, ""
	case (c == unauthorized || c == forbidden || c == notFound) && e.without != nil:
		return e.without, ""
	case c == forbidden && e.path == selfPath:
		return nil, unauthorized.summary() // any key may read it
	case c == notFound && e.unknown != "":
		return nil, e.unknown
	}
	return nil, c.summary()
}

// whole is a state with the attributes of all parts; the others are null. The first part
// is the configuration, and the others are the result.
func (r reading) whole(parts ...object) object {
	all := object{}
	for _, attribute := range allSchemas().DataSourceSchemas[r.source].Block.Attributes {
		all[attribute.Name] = nil
		if attribute.Name == "scope" && len(parts) > 1 {
			all["scope"] = "enterprise"
		}
	}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// isIn reports whether a text shows a path that matches the endpoint's.
func (e endpoint) isIn(text string) bool {
	parts := strings.Split(e.path, "*")
	for _, part := range parts[1:] {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return strings.Contains(text, http.MethodGet+" "+parts[0])
}

// subject is what a cell of the matrix reads: a data source with arguments, the
// refresh of a resource, or a connection check.
type subject struct {
	name      string
	endpoints []endpoint
	// read reads, and reports whatever is not right where an endpoint answers like c.
	read func(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class)
	// ask reads, and returns only the diagnostics.
	ask func(t *testing.T, fake *devintest.Server, p *protocol) []*tfprotov6.Diagnostic
	// inOrganization is set for what reads an organization by the provider's org_id.
	inOrganization bool
}

// settings are those of the provider, besides key and address.
func (s subject) settings(fake *devintest.Server) map[string]any {
	if s.inOrganization {
		return map[string]any{"org_id": largestOrganization(fake)}
	}
	return nil
}

// subjects are everything that sends requests to Devin.
func subjects() []subject {
	all := checkSubjects()
	for name, r := range writingResources {
		all = append(all, subject{
			name: "the refresh of " + name, endpoints: []endpoint{r.endpoint},
			read: func(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class) {
				t.Helper()
				r.refresh(t, name, fake, p, e, c)
			},
			ask: func(t *testing.T, fake *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
				t.Helper()
				withLimits(fake)
				return p.readResource(t, name, r.state(fake)).Diagnostics
			},
		})
	}
	for _, r := range readings() {
		all = append(all, subject{name: r.name, endpoints: r.endpoints, read: r.read, ask: r.ask})
	}
	return all
}

// shapes are a subject of each shape: lists in pages, a fan-out that also reads names,
// the check, and a refresh. What one function does for all subjects is tested with these
// in every form, and with the other subjects in one form.
var shapes = []string{"members", namedUsersConsumption, "the check as data", "the check's plan", "the refresh of devin_user_acu_limit"}

func (s subject) isShape() bool { return slices.Contains(shapes, s.name) }

func subjectsOfEachShape() []subject {
	return slices.DeleteFunc(subjects(), func(s subject) bool { return !s.isShape() })
}

// eachEndpoint runs f for each subject and each of its endpoints.
func eachEndpoint(t *testing.T, f func(t *testing.T, s subject, e endpoint)) {
	t.Helper()
	for _, s := range append(subjects(), organizationCheckSubjects()...) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, e := range s.endpoints {
				t.Run(strings.TrimPrefix(e.path, "/v3/"), func(t *testing.T) { f(t, s, e) })
			}
		})
	}
}

// everywhere is an endpoint of all paths.
var everywhere = endpoint{path: "*"}

// longest is the most that a read may take, in the bubble's time:
// five tries of 60 s, twice over in a report, which has twice as many requests
// begun as may be under way, and some seconds of waits between the tries.
const longest = 12 * time.Minute

// cell reads the subject once, with the faults that prepare makes.
func cell(t *testing.T, name string, s subject, e endpoint, c class, prepare func(b *bubble)) {
	t.Helper()
	cellOf(t, devintest.Options{Members: 20}, name, s, e, c, prepare)
}

func cellOf(t *testing.T, opts devintest.Options, name string, s subject, e endpoint, c class, prepare func(b *bubble)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		inBubble(t, opts, func(t *testing.T, b *bubble) {
			prepare(b)
			before := time.Now()
			s.read(t, b.Server, b.configured(t, s.settings(b.Server)), e, c)
			if took := time.Since(before); took > longest {
				t.Errorf("it took %s", took)
			}
		})
	})
}

func (r reading) read(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class) {
	t.Helper()
	given := r.arguments(fake)
	resp := p.ReadData(t, r.source, given)
	schema := p.Schemas.DataSourceSchemas[r.source]
	if e.nameless != nil && c != fine {
		if c == notFound {
			c = taken
		} else {
			c = noticed
		}
		checkNotices(t, resp.Diagnostics, e, c)
		sameState(t, stateOf(t, schema, resp.State), r.whole(given, e.nameless(fake)))
		return
	}
	if c == notFound && e.isNotice {
		e, c = everywhere, noticed // the notice names the list that has the id
	}
	if c == taken || c == noticed {
		checkNotices(t, resp.Diagnostics, e, c)
		if state, _ := stateOf(t, schema, resp.State).(object); len(state) == 0 || reflect.DeepEqual(normal(t, state), normal(t, r.whole(given))) {
			t.Errorf("there is no result: %v", abridged(state))
		}
		return
	}
	truth, summary := r.outcome(e, c)
	state := stateOf(t, schema, resp.State)
	if truth != nil {
		ofTheEnterprise := func(d *tfprotov6.Diagnostic) bool {
			return isEnterpriseOnly(r.source) && d.Summary == "The whole enterprise is read" // beside an org_id
		}
		if said := slices.DeleteFunc(resp.Diagnostics, ofTheEnterprise); len(said) > 0 {
			t.Errorf("a read that succeeds says: %s", providertest.Messages(said))
		}
		sameState(t, state, r.whole(given, truth(fake)))
		return
	}
	checkFailure(t, resp.Diagnostics, summary, e, c)
	// The framework keeps the configuration: no result, and no part of one.
	sameState(t, state, r.whole(given))
}

func (r reading) ask(t *testing.T, fake *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
	t.Helper()
	return p.ReadData(t, r.source, r.arguments(fake)).Diagnostics
}

// refresh refreshes a resource that is in the state.
func (r writingResource) refresh(t *testing.T, name string, fake *devintest.Server, p *protocol, e endpoint, c class) {
	t.Helper()
	withLimits(fake)
	resp := p.readResource(t, name, r.state(fake))
	// Whatever fails, the state stays as it was.
	sameState(t, stateOf(t, p.Schemas.ResourceSchemas[name], resp.NewState), r.state(fake))
	if c == noticed && r.endpoint.readInPart {
		c = fine
	}
	switch {
	case c == noticed:
		checkNotices(t, resp.Diagnostics, e, c)
	case c == fine:
		if len(resp.Diagnostics) > 0 {
			t.Errorf("a refresh that succeeds says: %s", providertest.Messages(resp.Diagnostics))
		}
	case c == notFound && r.endpoint.answer == aBlockOfLimits:
		checkFailure(t, resp.Diagnostics, "Perhaps not enabled for this enterprise", e, c)
	default:
		checkFailure(t, resp.Diagnostics, c.summary(), e, c)
	}
}

func sameState(t *testing.T, got, want any) {
	t.Helper()
	want = normal(t, want)
	if !reflect.DeepEqual(normal(t, got), want) {
		t.Errorf("the state is\n%s\nwant\n%s", abridged(got), abridged(want))
	}
}

// normal converts a state to the types of encoding/json: all numbers are float64, all
// lists []any.
func normal(t *testing.T, state any) any {
	t.Helper()
	encoded, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	var back any
	if err := json.Unmarshal(encoded, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func abridged(state any) string {
	encoded, err := json.Marshal(state)
	if err != nil {
		return fmt.Sprint(state)
	}
	const most = 1500
	if len(encoded) > most {
		return string(encoded[:most]) + "..."
	}
	return string(encoded)
}

// checkNotices checks the warnings of a read that succeeds: one of a kind, each with the
// request and with how it becomes an error.
func checkNotices(t *testing.T, diags []*tfprotov6.Diagnostic, e endpoint, c class) {
	t.Helper()
	if (c == noticed) != (len(diags) > 0) {
		t.Errorf("got %d warnings: %s", len(diags), providertest.Messages(diags))
	}
	kinds := map[string]bool{}
	for _, d := range diags {
		said := d.Summary + "\n" + d.Detail
		if d.Severity != tfprotov6.DiagnosticSeverityWarning || kinds[d.Summary] || !e.isIn(d.Detail) || !strings.Contains(d.Detail, "strict = true") {
			t.Errorf("a notice says %s", said)
		}
		kinds[d.Summary] = true
		checkWords(t, said, c)
	}
}

// checkFailure checks that there is one error, with the right summary, the request and
// the next step, short, printable, and without the key.
func checkFailure(t *testing.T, diags []*tfprotov6.Diagnostic, summary string, e endpoint, c class) {
	t.Helper()
	if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityError {
		t.Fatalf("want one error that begins %q, got %d: %s", summary, len(diags), providertest.Messages(diags))
	}
	d := diags[0]
	if summary == "" || !strings.HasPrefix(d.Summary, summary) {
		t.Errorf("the summary is %q, want %q", d.Summary, summary)
	}
	if e.path != "*" && !e.isIn(d.Detail) {
		t.Errorf("the detail does not say that GET %s failed: %s", e.path, d.Detail)
	}
	if !strings.Contains(d.Detail, "GET /") || !strings.Contains(d.Detail, "127.0.0.1") {
		t.Errorf("the detail does not say what was asked, and where: %s", d.Detail)
	}
	checkWords(t, d.Summary+"\n"+d.Detail, c)
}

func checkWords(t *testing.T, said string, c class) {
	t.Helper()
	if i := strings.LastIndex(said, "\n\n"); i < 0 || len(said)-i < 40 {
		t.Errorf("there is no next step: %s", said)
	}
	if c >= rateLimited && !strings.Contains(said, "This says nothing about the API key") {
		t.Errorf("it does not say that it tells nothing about the key: %s", said)
	}
	const most = 4 << 10
	if len(said) > most {
		t.Errorf("it has %d bytes: %.300s...", len(said), said)
	}
	if i := strings.IndexFunc(said, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("it has something unprintable at %d: %q", i, said)
	}
	noKey(t, said)
}

// noKey finds any part of the key of four characters or more.
func noKey(t *testing.T, said string) {
	t.Helper()
	secret := strings.TrimPrefix(matrixKey, "cog_")
	for i := range len(secret) - 3 {
		if strings.Contains(said, secret[i:i+4]) {
			t.Errorf("it shows the key: %s", said)
			return
		}
	}
}

func TestMatrixWithoutAFaultIsTheTruth(t *testing.T) {
	t.Parallel()
	for _, s := range subjects() {
		cell(t, s.name, s, everywhere, fine, func(*bubble) {})
	}
}

// underRace says whether the race detector is on. It makes the matrix ten times
// slower, and finds nothing more in its thousandth cell.
var underRace = func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}()

var errorStatuses = []int{400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504}

// errorBodies are the forms that errors of Devin's are known to have, and what a proxy
// may put in their place.
func errorBodies() map[string]devintest.Fault {
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
		"2 MiB":               {ContentType: "text/plain", Rewrite: func([]byte) []byte { return huge }},
		"invalid UTF-8":       {ContentType: json, Body: "{\"detail\":\"\xff\xfe\x1b[31m\x00\"}"},
		"cut":                 {ContentType: json, Body: `{"title":"Forbid`},
	}
}

// classOfStatus is the class of an error. A page of HTML is not Devin's where the status
// is about the key or the request; a gateway may answer so for a server that is down.
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
	oneOfEachClass := []int{401, 403, 404, 422, 429, 503}
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		for _, status := range errorStatuses {
			for body, fault := range bodies {
				inEachForm := s.isShape() && slices.Contains(oneOfEachClass, status) && !underRace
				if body != "problem" && body != "HTML" && !inEachForm {
					continue
				}
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
			for _, status := range errorStatuses {
				c := classOfStatus(status, "")
				if c == notFound && slices.ContainsFunc(s.endpoints[1:], func(e endpoint) bool { return e.unknown != s.endpoints[0].unknown }) {
					continue // endpoints word it differently, and any of them may answer first
				}
				if c == forbidden {
					c = unauthorized // so is /v3/self, which any key may read
				}
				cell(t, fmt.Sprint(status), s, endpoint{path: "*", unknown: s.endpoints[0].unknown}, c,
					func(b *bubble) { b.Fault("*", devintest.Fault{Status: status}) })
			}
		})
	}
}
