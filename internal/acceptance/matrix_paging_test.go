package acceptance

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func isList(k kind) bool {
	return k == aListOfUsers || k == aListOfIDPUsers || k == aListOfCycles || k == aListOfOrganizations
}

func TestMatrixOfPages(t *testing.T) {
	t.Parallel()
	cases := map[string]wrong{
		"the same cursor again":    {devintest.Fault{RepeatCursor: true}, odd, true},
		"no cursor":                {devintest.Fault{DropCursor: true}, odd, true},
		"an empty cursor":          {edited(func(answer object) { answer["has_next_page"], answer["end_cursor"] = true, "" }), odd, true},
		"cursors in a circle":      {devintest.Fault{CursorCycle: true}, odd, true},
		"empty pages for ever":     {devintest.Fault{EmptyPageWithMore: true}, odd, true},
		"an empty page in between": {devintest.Fault{EmptyPageWithMore: true, Skip: 1, Times: 1}, fine, true},
		"larger than asked for":    {devintest.Fault{Oversize: true}, fine, true},
	}
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		if !isList(e.kind) {
			return
		}
		for name, w := range cases {
			c := w.class
			if s.endpoints[0].path == selfPath {
				c = fine // a probe needs no second page
			}
			// Small pages, so that also the list of one organization has several.
			cellOf(t, devintest.Options{PageSize: 2}, name, s, e, c, func(b *bubble) { b.Fault(e.path, w.fault) })
		}
	})
}

// A 429 or a 503 that says how long to wait, up to rate_limit_timeout.
func TestMatrixOfRetryAfter(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) string { return providertest.Now.Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		name, header string
		class        class         // of a 503
		least        time.Duration // of time that passes
	}{
		{"seconds", "7", fine, 7 * time.Second},
		{"a minute", "60", fine, time.Minute},
		{"zero", "0", fine, 0},
		{"a date", in(7 * time.Second), fine, 6 * time.Second},
		{"a date of the past", in(-time.Hour), fine, 0},
		{"negative", "-7", fine, 0},
		{"nonsense", "soon", fine, 0},
		{"a fraction", "1.5", fine, 0},
		{"beyond integers", "99999999999999999999", fine, 0},
		{"more than a minute", "61", fine, 61 * time.Second},
		{"an hour", "3600", serverError, 0},
		{"an hour by date", in(time.Hour), serverError, 0},
		{"300 years", "9460800000", serverError, 0},
	} {
		for _, s := range subjects() {
			e := s.endpoints[len(s.endpoints)-1]
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
					c := tt.class
					if c == serverError && status == http.StatusTooManyRequests {
						c = rateLimited
					}
					cell(t, fmt.Sprintf("%d %s", status, tt.name), watched(t, s, tt.least, 2*time.Minute), e, c, func(b *bubble) {
						b.Fault(e.path, devintest.Fault{Status: status, RetryAfter: tt.header, Times: 1})
					})
				}
			})
		}
	}
}

// watched is a subject whose reads take a time within bounds.
func watched(_ *testing.T, s subject, least, most time.Duration) subject {
	read := s.read
	s.read = func(t *testing.T, fake *devintest.Server, p *protocol, e endpoint, c class) {
		t.Helper()
		before := time.Now()
		read(t, fake, p, e, c)
		if took := time.Since(before); took < least || took > most {
			t.Errorf("it took %s, want %s to %s", took, least, most)
		}
	}
	return s
}

// What passes: the read waits, tries again, and tells the truth.
func TestMatrixOfFaultsThatPass(t *testing.T) {
	t.Parallel()
	cases := map[string]devintest.Fault{
		"half of the answer":  {CutBody: true, Times: 4},
		"a lost connection":   {Reset: true, Times: 4},
		"a lost one later on": {ResetMidBody: true, Times: 4},
		"no answer":           {Hang: true, Times: 2},
		"a slow answer":       {Delay: 59 * time.Second, Times: 3},
		"too slow an answer":  {Delay: 61 * time.Second, Times: 3},
		"a byte a second":     {Drip: time.Second, Times: 2},
		"a page of a gateway": {Status: http.StatusBadGateway, Body: loginPage, Times: 4},
	}
	for _, status := range []int{429, 500, 502, 503, 504} {
		cases["four times "+strconv.Itoa(status)] = devintest.Fault{Status: status, Times: 4}
		cases["in the middle "+strconv.Itoa(status)] = devintest.Fault{Status: status, Skip: 1, Times: 4}
	}
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		for name, fault := range cases {
			cell(t, name, s, e, fine, func(b *bubble) { b.Fault(e.path, fault) })
		}
	})
}

// What does not: one error, after five tries.
func TestMatrixOfConnectionsThatFail(t *testing.T) {
	t.Parallel()
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		for name, tt := range map[string]struct {
			fault devintest.Fault
			class class
		}{
			"half of the answer":  {devintest.Fault{CutBody: true}, cutShort},
			"a lost connection":   {devintest.Fault{Reset: true}, unreachable},
			"a lost one later on": {devintest.Fault{ResetMidBody: true}, cutShort},
			"no answer":           {devintest.Fault{Hang: true}, unreachable},
			"too slow an answer":  {devintest.Fault{Delay: 61 * time.Second}, unreachable},
			"a byte a second":     {devintest.Fault{Drip: time.Second, Rewrite: padded}, cutShort},
			"an error, cut":       {devintest.Fault{Status: 503, CutBody: true}, serverError},
		} {
			cell(t, name, s, e, tt.class, func(b *bubble) { b.Fault(e.path, tt.fault) })
		}
	})
}

// padded is longer than what comes in a minute at a byte a second.
func padded(body []byte) []byte { return append(make([]byte, 0, 200), append(body, spaces...)...) }

var spaces = []byte(fmt.Sprintf("%100s", ""))
