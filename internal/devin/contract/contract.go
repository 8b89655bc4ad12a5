// Package contract checks what this provider assumes of the Devin API where its
// documentation is silent or contradicts itself. It sends GET requests only, each once.
// Its report has no name, id, e-mail address, amount of use or date in it, so that people
// can paste it into a public issue.
//
// The table of assumptions is in assumptions.go. Most of them are of a kind in kinds.go;
// each of the others has a function in judge.go.
package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// assumption is one thing that the API's documentation does not say, or contradicts.
type assumption struct {
	name string // a slug that stays the same, so that reports can be compared
	says string // the assumption, as a sentence
	// where is the data source, resource or setting that depends on it.
	where string
	// open is the question or section that it answers in the project's notes on the API.
	open string
	// enterprise says that an organization has no such endpoint or filter.
	enterprise bool
	// of is the question that is judged. Without a 200 for it the verdict is "cannot
	// tell". It is nil where a status is judged.
	of    question
	judge func(r *run, a answer) verdict
}

// area is a group of assumptions in the report.
type area struct {
	title       string
	assumptions []assumption
}

// Run checks every assumption, one request after the other. It fails where the API gives
// no answer or refuses the key. With an OrgID, or a key of an organization, it reads that
// organization. It writes a line to progress for each assumption.
func Run(ctx context.Context, cfg devin.Config, version string, progress io.Writer) (*Report, error) {
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
	r.send = func(req rest.Request) answer { report.sent++; return send(ctx, client, headers, req) }
	r.sendWithUnknownKey = func(req rest.Request) answer { report.sent++; return send(ctx, unknown, headers, req) }

	principal := self(r)
	if !principal.ok && (principal.status != http.StatusNotFound || !principal.isDevins()) {
		return nil, fmt.Errorf("the Devin API cannot be asked: %w", principal.err)
	}
	report.kind = kindOf(principal)
	if r.orgID == "" {
		r.orgID = text(principal.object(), "org_id")
	}
	all := areas()
	checked, total := 0, 0
	for _, area := range all {
		total += len(area.assumptions)
	}
	for _, area := range all {
		part := areaReport{title: area.title}
		for _, assumption := range area.assumptions {
			r.statuses = nil
			v := r.check(assumption)
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			part.results = append(part.results, result{assumption, v, r.statuses})
			checked++
			fmt.Fprintf(progress, "%3d of %d  %-12s %s\n", checked, total, v.outcome, assumption.name)
		}
		report.areas = append(report.areas, part)
	}
	return report, nil
}

// withUnknownKey returns a client with a key that Devin has never issued.
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
	return a.judge(r, first)
}

func send(ctx context.Context, client *rest.Client, headers *headers, req rest.Request) answer {
	headers.contentType = ""
	body, err := rest.Raw(ctx, client, req)
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

var limitHeader = regexp.MustCompile(`^(Retry-After|(X-)?Rate-?[Ll]imit(-[A-Z][a-z]+)*)$`)

// headers keeps what the headers of responses say and package rest does not return.
type headers struct {
	next        http.RoundTripper
	contentType string          // of the last response
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
