package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCondenserLeavesOutWhatTheDemoShowsBetter(t *testing.T) {
	const printed = `
Warning: Provider development overrides are in effect

The following provider development overrides are set in the CLI
configuration:
 - devin-community/devin in /tmp/bin

The behavior may therefore not match any released version of the provider and
applying changes may cause the state to become incompatible with published
releases.
data.devin_members.all: Reading...

Warning: Another one

  That stays.

Plan: 1 to add, 0 to change, 0 to destroy.

Changes to Outputs:
  + members = [
      + {},
    ]

  + other   = 1
You can apply this plan to save these new output values to the Terraform
state, without changing any real infrastructure.

Kept.

─────────────────────────────────────────────────────────────────────────────

Saved the plan to: demo.tfplan

Error: one at the end
`
	const want = `data.devin_members.all: Reading...

Warning: Another one

  That stays.

Plan: 1 to add, 0 to change, 0 to destroy.

Kept.

Error: one at the end
`
	var got bytes.Buffer
	c := &condenser{to: &got}
	// One byte at a time, since a pipe may cut a line anywhere.
	if _, err := io.Copy(c, iotest.OneByteReader(strings.NewReader(printed))); err != nil {
		t.Fatal(err)
	}
	if err := c.flush(); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

func TestCondenserLeavesOutOutputsAfterApply(t *testing.T) {
	var got bytes.Buffer
	c := &condenser{to: &got}
	if _, err := io.WriteString(c, "Apply complete!\n\nOutputs:\n\nmembers = []\nother = 1\n"); err != nil {
		t.Fatal(err)
	}
	if err := c.flush(); err != nil {
		t.Fatal(err)
	}
	if want := "Apply complete!\n"; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
	}
}

func TestCondenserKeepsALastLineWithoutNewline(t *testing.T) {
	var got bytes.Buffer
	c := &condenser{to: &got}
	if _, err := io.WriteString(c, "no newline"); err != nil {
		t.Fatal(err)
	}
	if err := c.flush(); err != nil {
		t.Fatal(err)
	}
	if want := "no newline\n"; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
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
