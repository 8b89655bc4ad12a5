package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestReportWhereShowsEveryPartAndTheWhole(t *testing.T) {
	const raw = `{
		"who": {"value": {"enterprise": 100.5, "members": 60, "service_users": 30, "rest": 10.5}},
		"where": {"value": {"org-1": {"name": "Mobile", "acus": 20}, "org-2": {"name": "Platform", "acus": 80}, "(none)": {"name": null, "acus": 0.5}}},
		"service_users": {"value": {"s-1": {"name": "CI Bot", "acus": 10}, "s-2": {"name": "Nightly", "acus": 20}, "s-3": {"name": "CI Bot", "acus": 0}}}
	}`
	const want = `
WHERE THE ACUS WENT  2026-11-13 to 2026-11-16
  members                       60.00
    Nightly                     20.00  service user
    CI Bot                      10.00  service user
    CI Bot                       0.00  service user
  service users                 30.00
  the rest                      10.50  people who left, products of no user
  enterprise                   100.50

  Platform                      80.00  ████████████████████████████████████████
  Mobile                        20.00  ██████████
  (none)                         0.50  █
`
	end := "2026-11-16"
	var got bytes.Buffer
	if err := reportWhere(&got, []byte(raw), window{StartDate: "2026-11-13", EndDate: &end, Complete: true}); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
	for line := range strings.Lines(got.String()) {
		if width := columns(strings.TrimRight(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

func TestReportWhereRefusesOtherOutputs(t *testing.T) {
	if err := reportWhere(&bytes.Buffer{}, []byte(`{"who": 1}`), window{}); err == nil {
		t.Error("no error")
	}
}

func TestOnlyAForbiddenListIsLeftOut(t *testing.T) {
	for code, fails := range map[string]bool{"forbidden": false, "unavailable": true} {
		cli, shown := printing(t, `{"type":"diagnostic","diagnostic":{"severity":"error","summary":"`+code+`: it failed"}}`)
		d, _, temp := newDemo(t)
		d.terraform, d.stdout = cli.path, shown
		if err := d.where(t.Context(), temp, window{}); (err != nil) != fails || strings.Contains(shown.String(), "goes on without it") == fails {
			t.Errorf("%s: error %v\n%s", code, err, shown)
		}
	}
}
