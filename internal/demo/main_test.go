package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// newDemo is a demo that writes into a buffer and has a temporary folder of its
// own, so that a test can see what it leaves behind.
func newDemo(t *testing.T) (d demo, output *bytes.Buffer, temp string) {
	t.Helper()
	temp = useTemp(t)
	output = &bytes.Buffer{}
	return demo{
		root:      "../..",
		terraform: os.Getenv("TF_ACC_TERRAFORM_PATH"),
		members:   40,
		now:       time.Now(),
		stdout:    output,
		stderr:    output,
	}, output, temp
}

// useTemp makes a folder the one for temporary files.
func useTemp(t *testing.T) string {
	t.Helper()
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp) // as Windows calls it
	return temp
}

func wantEmpty(t *testing.T, folder string) {
	t.Helper()
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func skipWithoutTerraform(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		t.Skip("needs TF_ACC and TF_ACC_TERRAFORM_PATH; make test sets both")
	}
}

func TestAccDemoShowsWhatItRead(t *testing.T) {
	skipWithoutTerraform(t)
	d, stdout, temp := newDemo(t)
	if err := d.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	for _, want := range []string{
		"Apply complete! Resources: 1 added", "principal  DX Import (service user)", "MEMBERS  40", "and 32 more", "ACUs OF ", "PULL REQUESTS ",
		"ACUs, EVERYBODY  ", "  30 other members", "  not tied to a member", "WHERE THE ACUS WENT  ", "  CI Bot", "PAGE  " + filepath.Join(temp, pageName),
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %q in:\n%s", want, stdout)
		}
	}
	for line := range strings.Lines(stdout.String()) {
		// How long the folder's name is lies with the system.
		if width := columns(strings.TrimRight(line, "\n")); width > 80 && !strings.HasPrefix(line, "PAGE  ") {
			t.Errorf("%d columns: %s", width, line)
		}
	}
	page, err := os.ReadFile(filepath.Join(temp, pageName))
	if err != nil || !bytes.HasPrefix(page, []byte("<!DOCTYPE html>")) {
		t.Errorf("the page is %.40q, %v", page, err)
	}
	if err := os.Remove(filepath.Join(temp, pageName)); err != nil {
		t.Error(err)
	}
	wantEmpty(t, temp)
}

func TestAccRecipeIsNotReadWithABadKey(t *testing.T) {
	skipWithoutTerraform(t)
	for _, key := range []string{devintest.KeyInvalidCredentials, "apk_demo"} {
		d, stdout, temp := newDemo(t)
		d.fakeKey = key
		if err := d.run(t.Context()); err != nil || strings.Contains(stdout.String(), "usage-report") || !strings.Contains(stdout.String(), "SHOWN  invalid_credentials") {
			t.Errorf("%s: got error %v\n%s", key, err, stdout)
		}
		wantEmpty(t, temp)
	}
}

// A key that fails otherwise than it should is a failure of the demo.
func TestAnotherFailureThanTheKeysIsOne(t *testing.T) {
	for name, tt := range map[string]struct{ terraform, want string }{
		"a plan that succeeds":        {"true", "the plan succeeded"},
		"a plan that fails otherwise": {"false", "the plan failed, and not with forbidden"},
	} {
		if _, err := exec.LookPath(tt.terraform); err != nil {
			t.Skip("this system has no program that only succeeds")
		}
		d, stdout, _ := newDemo(t)
		key := devintest.KeyInfo{Key: devintest.KeyForbidden, Code: "forbidden"}
		err := d.showFailure(t.Context(), &commandLine{path: tt.terraform, dir: t.TempDir(), stdout: d.stdout, stderr: d.stderr}, key)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(stdout.String(), "SHOWN") {
			t.Errorf("%s: %v\n%s", name, err, stdout)
		}
	}
}

// To show the failure is what such a key is for, and so make must not end in an error.
func TestAccDemoShowsTheCodeOfAKeyAndEndsWell(t *testing.T) {
	skipWithoutTerraform(t)
	d, stdout, temp := newDemo(t)
	d.fakeKey = devintest.KeyForbidden
	if err := d.run(t.Context()); err != nil {
		t.Errorf("got error %v\n%s", err, stdout)
	}
	if !strings.Contains(stdout.String(), "\nSHOWN  forbidden\n") || strings.Contains(stdout.String(), "$ terraform apply") {
		t.Errorf("it does not end with what was shown:\n%s", stdout)
	}
	first := strings.Index(stdout.String(), "Error: ")
	if first < 0 || !strings.HasPrefix(stdout.String()[first:], "Error: forbidden: ") {
		t.Errorf("the first error has not the code, in:\n%s", stdout)
	}
	wantEmpty(t, temp)
}

func TestInterruptedDemoLeavesNothingBehind(t *testing.T) {
	d, _, temp := newDemo(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	wantEmpty(t, temp)
}

func TestUnknownFakeKeyIsRefusedWithTheList(t *testing.T) {
	d, _, _ := newDemo(t)
	d.fakeKey = "cog_demo_unheard_of"
	err := d.run(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	for _, known := range devintest.Keys() {
		if !strings.Contains(err.Error(), known.Key) {
			t.Errorf("no %s in: %v", known.Key, err)
		}
	}
	for line := range strings.Lines(err.Error()) {
		if columns(line) > 80 {
			t.Errorf("%d columns: %s", columns(line), line)
		}
	}
}

func TestKeysOfTheOldKindAreShown(t *testing.T) {
	if key, err := fakeKey("apk_demo"); err != nil || key.Code != "invalid_credentials" {
		t.Error(key, err)
	}
}

func TestExitCodeIsThatOfTheCommand(t *testing.T) {
	failed := exec.CommandContext(t.Context(), "go", "no-such-command").Run()
	var exit *exec.ExitError
	if !errors.As(failed, &exit) {
		t.Fatal(failed)
	}
	if got, want := exitCode(fmt.Errorf("the plan failed: %w", failed)), exit.ExitCode(); got != want {
		t.Errorf("got %d, want %d", got, want)
	}
	if got := exitCode(errors.New("other")); got != 1 {
		t.Errorf("got %d, want 1", got)
	}
}
