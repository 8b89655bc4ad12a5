package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestReportShowsTheOutputs(t *testing.T) {
	raw, err := os.ReadFile("testdata/outputs.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/report.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := report(&got, raw); err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
	for line := range strings.Lines(got.String()) {
		if width := columns(strings.TrimRight(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

func TestReportOfAnEmptyEnterprise(t *testing.T) {
	const raw = `{
		"connection": {"value": {"principal_type": null, "principal_id": null, "principal_name": null, "org_id": "org-1"}},
		"members": {"value": []},
		"consumption": {"value": null},
		"pull_requests": {"value": {"start_date": "2026-11-13", "end_date": null, "complete": false,
			"prs_created_count": 0, "prs_opened_count": 0, "prs_merged_count": 0, "prs_closed_count": 0, "prs_taken_over_count": null, "merge_rate": null}}
	}`
	var got bytes.Buffer
	if err := report(&got, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"organization org-1 only", "MEMBERS  0", "since 2026-11-13 (not over yet)"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("no %q in:\n%s", want, got.String())
		}
	}
	for _, unwanted := range []string{"more", "ACUs", "%", "besides"} {
		if strings.Contains(got.String(), unwanted) {
			t.Errorf("unexpected %q in:\n%s", unwanted, got.String())
		}
	}
}

func TestReportRefusesOtherOutputs(t *testing.T) {
	if err := report(&bytes.Buffer{}, []byte(`{"members": {"value": "none"}}`)); err == nil {
		t.Error("no error")
	}
}

func TestCellFillsAndCutsByTerminalColumns(t *testing.T) {
	for text, want := range map[string]string{
		"":            "      ",
		"Ada":         "Ada   ",
		"Lovela":      "Lovela",
		"Lovelace":    "Lovel…",
		"지우 K":        "지우 K",
		"지우지우":        "지우… ",
		"Zoe\u0308 B": "Zoe\u0308 B ",
	} {
		if got := cell(text, 6); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
