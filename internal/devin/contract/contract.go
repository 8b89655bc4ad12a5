// Package contract has what this provider assumes of the Devin API and cannot look
// up, each assumption with the requests that tell whether it holds: only GETs, each
// sent once. A report of them, made with a real key, has no name, id, address, number
// of use or date in it, so that people can paste it into a public issue.
//
// Assumptions.go is the table of them. Most are of a kind (kinds.go); what tells about
// each of the others is a function in tell.go.
package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// assumption is one thing that the API's documentation leaves open, or contradicts.
type assumption struct {
	name string // a slug that stays the same, so that reports can be compared
	says string // the assumption, as a sentence
	// where is what it matters to: a data source, a resource or a setting.
	where string
	// open is the number of the question or the section that it answers in the
	// project's notes on the API.
	open string
	// enterprise is set where an organization has no such endpoint or filter.
	enterprise bool
	// of is asked first, and unless it has an answer 200, there is nothing to tell.
	// nil is for what tells by the status.
	of   question
	tell func(r *run, a answer) verdict
}

// area is a group of assumptions in the report.
type area struct {
	title       string
	assumptions []assumption
}

type outcome string

const (
	holds   outcome = "yes"
	fails   outcome = "no"
	notTold outcome = "cannot tell"
)

const needsEnterprise = "needs an enterprise key"

// verdict is what the answers tell of an assumption. The note goes into the report,
// so it must be words of this package, or names that shown lets through.
type verdict struct {
	outcome outcome
	note    string
}

func yes() verdict                   { return verdict{outcome: holds} }
func no(note string) verdict         { return verdict{fails, note} }
func cannotTell(note string) verdict { return verdict{notTold, note} }

// either is yes or no.
func either(is bool) verdict {
	if is {
		return yes()
	}
	return no("")
}

// result is a line of the report.
type result struct {
	assumption
	verdict
	statuses []int
}

// Report is what a live API said.
type Report struct {
	version string
	kind    string // of the key
	sent    int
	areas   []areaReport
}

type areaReport struct {
	title   string
	results []result
}

// Run asks the API about every assumption, one request after the other. It fails
// where the API cannot be asked at all: there is no answer, or it refuses the key.
// An orgID, or a key of an organization, has that organization asked about.
func Run(ctx context.Context, cfg devin.Config, version string) (*Report, error) {
	headers := &headers{next: cfg.Transport, limits: map[string]bool{}}
	if headers.next == nil {
		headers.next = rest.NewTransport(devin.DefaultMaxConcurrentRequests)
	}
	cfg.Transport = headers
	client, err := rest.New(cfg.API)
	if err != nil {
		return nil, err
	}
	unknown, err := withUnknownKey(cfg.API)
	if err != nil {
		return nil, err
	}
	report := &Report{version: version}
	r := &run{orgID: cfg.OrgID, now: client.Now(), headers: headers, answers: map[string]answer{}}
	r.send = func(asked rest.Request) answer { report.sent++; return send(ctx, client, headers, asked) }
	r.sendWithUnknownKey = func(asked rest.Request) answer { report.sent++; return send(ctx, unknown, headers, asked) }

	principal := self(r)
	if !principal.ok && (principal.status != http.StatusNotFound || !principal.isDevins()) {
		return nil, fmt.Errorf("the Devin API cannot be asked: %w", principal.err)
	}
	report.kind = kindOf(principal)
	if r.orgID == "" {
		r.orgID = text(principal.object(), "org_id")
	}
	for _, area := range areas() {
		part := areaReport{title: area.title}
		for _, assumption := range area.assumptions {
			r.statuses = nil
			v := r.check(assumption)
			part.results = append(part.results, result{assumption, v, r.statuses})
		}
		report.areas = append(report.areas, part)
	}
	return report, ctx.Err()
}

// withUnknownKey is a client with a key that no Devin has made.
func withUnknownKey(cfg rest.Config) (*rest.Client, error) {
	var err error
	if cfg.Key, err = rest.ParseKey("cog_no_key_of_anyone_terraform_provider_devin"); err != nil {
		return nil, err
	}
	return rest.New(cfg)
}

func (r *run) check(a assumption) verdict {
	if a.enterprise && r.orgID != "" {
		return cannotTell(needsEnterprise)
	}
	var first answer
	if a.of != nil {
		if first = a.of(r); !first.ok {
			return cannotTell(first.reason())
		}
	}
	return a.tell(r, first)
}

func send(ctx context.Context, client *rest.Client, headers *headers, asked rest.Request) answer {
	headers.contentType = ""
	body, err := rest.Raw(ctx, client, asked)
	a := answer{err: err, contentType: headers.contentType}
	var failure *rest.Error
	switch {
	case errors.As(err, &failure):
		a.status, a.title = failure.Status, failure.Title
	case err == nil:
		a.status = http.StatusOK
		a.err = json.Unmarshal(body, &a.body)
	}
	a.ok = a.err == nil
	return a
}

// kindOf is what the header says of the key.
func kindOf(principal answer) string {
	if !principal.ok {
		return "a key of an unknown kind"
	}
	holder := map[string]string{"service_user": " (service user)", "pat_user": " (personal access token)"}[text(principal.object(), "principal_type")]
	if text(principal.object(), "org_id") != "" {
		return "a key of an organization" + holder
	}
	return "a key of the enterprise" + holder
}

// headers passes responses on, and keeps what headers say and package rest does not.
type headers struct {
	next        http.RoundTripper
	contentType string          // of the response before
	limits      map[string]bool // names of headers about rate limits
}

func (h *headers) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := h.next.RoundTrip(req)
	if err != nil {
		return resp, err
	}
	h.contentType = resp.Header.Get("Content-Type")
	for name := range resp.Header {
		if limitHeader.MatchString(name) {
			h.limits[name] = true
		}
	}
	return resp, nil
}

const width = 80

// String is the report as people paste it.
func (p *Report) String() string {
	var b strings.Builder
	count := map[outcome]int{}
	for _, area := range p.areas {
		for _, result := range area.results {
			count[result.outcome]++
		}
	}
	fmt.Fprintf(&b, "Contract report: what this provider assumes of the Devin API\n")
	fmt.Fprintf(&b, "terraform-provider-devin %s, API v3 and v3beta1\n%s\n", p.version, p.kind)
	fmt.Fprintf(&b, "%d yes, %d no, %d cannot tell, of %d requests\n", count[holds], count[fails], count[notTold], p.sent)
	for _, area := range p.areas {
		fmt.Fprintf(&b, "\n%s\n", area.title)
		for _, result := range area.results {
			b.WriteString(wrap(fmt.Sprintf("%-12s %s", result.outcome, result.line())))
		}
	}
	return b.String()
}

func (l result) line() string {
	line := l.name
	if len(l.statuses) > 0 {
		line += fmt.Sprint(" ", l.statuses)
	}
	line += ": " + l.says
	if l.note != "" {
		line += " (" + l.note + ")"
	}
	return line
}

// wrap breaks a line between words. What follows is indented by less than the four
// spaces that make a code block in an issue.
func wrap(line string) string {
	var b strings.Builder
	for len(line) > width {
		at := strings.LastIndexByte(line[:width+1], ' ')
		if at < width/2 {
			break
		}
		b.WriteString(line[:at] + "\n")
		line = "   " + line[at+1:]
	}
	return b.String() + line + "\n"
}

// at is an instant in Unix seconds.
func at(t time.Time) int64 { return t.Unix() }
