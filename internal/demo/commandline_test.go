package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// printing returns a command line of a program that prints text, and fails after it.
func printing(t *testing.T, text string) (*commandLine, *bytes.Buffer) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "terraform")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ncat <<'END'\n"+text+"\nEND\nexit 3\n"), 0o700); err != nil { //nolint:gosec // it is to be run
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		t.Skip("Windows runs no scripts of a shell")
	}
	var shown bytes.Buffer
	return &commandLine{path: script, dir: t.TempDir(), stdout: &shown, stderr: &shown}, &shown
}

func TestACommandShowsProgressAndItsErrorsInTheOrderOfTheConfiguration(t *testing.T) {
	cli, shown := printing(t, `{"@message":"Terraform 1.11.4","type":"version"}
{"@message":"Warning: Provider development overrides are in effect","type":"diagnostic","diagnostic":{"severity":"warning","summary":"Provider development overrides are in effect","detail":"The following"}}
{"@message":"data.devin_members.all: Refreshing...","type":"apply_start","hook":{"action":"read"}}
{"@message":"data.devin_members.all: Still refreshing... [10s elapsed]","type":"apply_progress","hook":{"action":"read"}}
{"@message":"data.devin_members.all: Refresh complete after 12s","type":"apply_complete","hook":{"action":"read"}}
{"@message":"devin_connection_check.this: Creating...","type":"apply_start","hook":{"action":"create"}}
{"@message":"Plan: 0 to add, 0 to change, 0 to destroy.","type":"change_summary"}
{"@message":"Error: second","type":"diagnostic","diagnostic":{"severity":"error","summary":"second","detail":"It ends.","address":"data.devin_members.all","range":{"filename":"main.tf","start":{"line":21}}}}
{"@message":"Error: forbidden: first","type":"diagnostic","diagnostic":{"severity":"error","summary":"forbidden: first","detail":"One two three four five six seven eight nine ten eleven twelve thirteen fourteen.\n\n- fifteen","address":"devin_connection_check.this","range":{"filename":"main.tf","start":{"line":19}}}}
{"@message":"Warning: another","type":"diagnostic","diagnostic":{"severity":"warning","summary":"another","detail":""}}
{"@message":"Outputs: 1","type":"outputs","outputs":{"page":{"value":"<html>"}}}
no event`)
	err := cli.run(t.Context(), "plan")
	const want = `
$ terraform plan -json -input=false
data.devin_members.all: Still refreshing... [10s elapsed]
devin_connection_check.this: Creating...
no event
Data sources read: 1.

Warning: another

Error: forbidden: first

  with devin_connection_check.this,
  on main.tf line 19

One two three four five six seven eight nine ten eleven twelve thirteen
fourteen.

- fifteen

Error: second

  with data.devin_members.all,
  on main.tf line 21

It ends.
`
	if shown.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", shown, want)
	}
	var failed *commandError
	if !errors.As(err, &failed) || failed.code() != devin.Forbidden || exitCode(err) != 3 {
		t.Errorf("got the error %v", err)
	}
}

func TestACommandThatSucceedsHasNoError(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("this system has no program that only succeeds")
	}
	cli := &commandLine{path: "true", dir: t.TempDir(), stdout: io.Discard, stderr: io.Discard}
	if err := cli.run(t.Context(), "plan"); err != nil {
		t.Error(err)
	}
}

func TestCleanEnvironmentKeepsProxiesAndDropsSteering(t *testing.T) {
	got := cleanEnvironment([]string{
		"PATH=/bin", "TF_LOG=trace", "tf_var_user_id=x", "TF_CLI_CONFIG_FILE=/none", "TOFU_X=1",
		"DEVIN_API_KEY=cog_x", "DEVIN_TOKEN=cog_y", "HTTPS_PROXY=http://proxy:1", "HOME=/TF_/DEVIN_",
	})
	want := []string{"PATH=/bin", "HTTPS_PROXY=http://proxy:1", "HOME=/TF_/DEVIN_"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
