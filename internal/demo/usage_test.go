package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestReportUsageShowsTopUsersAndAddsUp(t *testing.T) {
	const raw = `{
		"report": {"value": "<!DOCTYPE html>"},
		"totals": {"value": {"start_date": "2026-11-13", "end_date": "2026-11-16", "complete": true, "acus": 50.5, "members_acus": 40,
			"unattributed_acus": 10.5, "cost": 113.63, "members": 5, "active_members": 4}},
		"top_users": {"value": [
			{"user_id": "email|1", "email": "ada@example.com", "name": "Ada Lovelace", "acus": 20},
			{"user_id": "email|2", "email": "bo@example.com", "name": null, "acus": 10},
			{"user_id": "okta|a-very-long-id-of-somebody", "email": null, "name": null, "acus": 0.01}
		]}
	}`
	const want = `
ACUs, EVERYBODY  2026-11-13 to 2026-11-16
  Ada Lovelace                  20.00  ████████████████████████████████████████
  bo@example.com                10.00  ████████████████████
  okta|a-very-long-id-of-…       0.01  █
  2 other members                9.99
  all members                   40.00  4 of 5 used Devin
  not tied to a member          10.50  service users, people who left
  enterprise                    50.50  113.63 at a made-up price of 2.25
`
	var got bytes.Buffer
	page, of, err := reportUsage(&got, []byte(raw))
	if err != nil || page != "<!DOCTYPE html>" || of.StartDate != "2026-11-13" {
		t.Errorf("page %q of %+v, %v", page, of, err)
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

func TestReportUsageOfAnEmptyEnterprise(t *testing.T) {
	const raw = `{"report": {"value": "<p>"}, "top_users": {"value": []}, "totals": {"value": {"start_date": "2026-11-13", "end_date": "2026-11-16"}}}`
	var got bytes.Buffer
	if _, _, err := reportUsage(&got, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.String(), "other members") || !strings.Contains(got.String(), "0 of 0 used Devin") {
		t.Errorf("got:\n%s", got.String())
	}
}

func TestReportUsageRefusesOtherOutputs(t *testing.T) {
	for _, raw := range []string{`{"top_users": {"value": "none"}}`, `{}`} {
		if _, _, err := reportUsage(&bytes.Buffer{}, []byte(raw)); err == nil {
			t.Errorf("%s: no error", raw)
		}
	}
}

func TestKeptPageReplacesTheOneBefore(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows a link takes rights that a test has not, and a file has no mode")
	}
	temp := useTemp(t)
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	// A link that somebody else may have put there is replaced, not followed.
	if err := os.Symlink(victim, filepath.Join(temp, pageName)); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"first", "second"} {
		path, err := keepPage(page)
		if err != nil || path != filepath.Join(temp, pageName) {
			t.Fatal(path, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != page {
			t.Errorf("%q, %v", got, err)
		}
	}
	if got, err := os.ReadFile(victim); err != nil || string(got) != "mine" {
		t.Errorf("the link's target is %q, %v", got, err)
	}
	info, err := os.Stat(filepath.Join(temp, pageName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestPageIsKeptUnderItsOwnNameWhereTheUsualOneIsTaken(t *testing.T) {
	temp := useTemp(t)
	if err := os.Mkdir(filepath.Join(temp, pageName), 0o700); err != nil {
		t.Fatal(err)
	}
	path, err := keepPage("page")
	if err != nil || path == filepath.Join(temp, pageName) {
		t.Fatal(path, err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "page" {
		t.Errorf("%q, %v", got, err)
	}
}
