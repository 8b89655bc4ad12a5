package acceptance

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// subject is what a cell of the matrix reads: a data source, or the check.
type subject struct {
	name      string
	endpoints []endpoint
	// read reads, and finds fault with whatever is not right for an endpoint
	// that answers like c.
	read func(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class)
	// ask reads, and returns only what was said.
	ask func(t *testing.T, fake *devintest.Server, p *protocol) []*tfprotov6.Diagnostic
	// inOrganization is set for what reads an organization by the provider's org_id.
	inOrganization bool
	of             string // the type: "data devin_members"
}

// settings are those of the provider, beside key and address.
func (s subject) settings(fake *devintest.Server) map[string]any {
	if s.inOrganization {
		return map[string]any{"org_id": largestOrganization(fake)}
	}
	return nil
}

// subjects are everything that asks Devin anything.
func subjects() []subject {
	all := append(checkSubjects(), limitSubjects()...)
	for _, r := range rows() {
		all = append(all, subject{r.name, r.endpoints, r.read, r.ask, false, "data " + r.source})
	}
	return all
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

// longest is how long a read may take at the very most, in the bubble's time:
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

func (r row) read(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class) {
	t.Helper()
	given := r.given(fake)
	resp := p.ReadData(t, r.source, given)
	schema := p.Schemas.DataSourceSchemas[r.source]
	if e.nameless != nil && c != fine {
		if c == notFound {
			c = taken
		} else {
			c = noticed
		}
		checkNotices(t, resp.Diagnostics, e, c)
		sameState(t, stateOf(t, schema, resp.State), r.whole(e.nameless(fake)))
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
	want, summary := r.outcome(fake, e, c)
	state := stateOf(t, schema, resp.State)
	if want != nil {
		if len(resp.Diagnostics) > 0 {
			t.Errorf("a read that succeeds says: %s", providertest.Messages(resp.Diagnostics))
		}
		sameState(t, state, want)
		return
	}
	checkFailure(t, resp.Diagnostics, summary, e, c)
	// The framework leaves the configuration: no result, and no part of one.
	sameState(t, state, r.whole(given))
}

func (r row) ask(t *testing.T, fake *devintest.Server, p *protocol) []*tfprotov6.Diagnostic {
	t.Helper()
	return p.ReadData(t, r.source, r.given(fake)).Diagnostics
}

func sameState(t *testing.T, got, want any) {
	t.Helper()
	want = normal(t, want)
	if !reflect.DeepEqual(normal(t, got), want) {
		t.Errorf("the state is\n%s\nwant\n%s", abridged(got), abridged(want))
	}
}

// normal takes Go's types out of a state: all numbers are float64, all lists []any.
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

// checkNotices holds the warnings of a read that succeeds to what each must be: one
// of a kind, with what was asked, and how it becomes an error.
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

// checkFailure holds one error diagnostic to what each must be: alone, with
// the right summary, with what was asked and what to do next, short, printable,
// and without the key.
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

// noKey finds any piece of the key, even of four characters.
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

// readResource refreshes a check that is in the state.
func (p *protocol) readResource(t *testing.T, state *tfprotov6.DynamicValue) *tfprotov6.ReadResourceResponse {
	t.Helper()
	resp, err := p.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: "devin_connection_check", CurrentState: state})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// planResource plans a check. prior is null where there is none.
func (p *protocol) planResource(t *testing.T, prior, config, proposed *tfprotov6.DynamicValue) *tfprotov6.PlanResourceChangeResponse {
	t.Helper()
	resp, err := p.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "devin_connection_check", PriorState: prior, Config: config, ProposedNewState: proposed,
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}
