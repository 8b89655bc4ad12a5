package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// commandLine runs terraform or tofu in one folder.
type commandLine struct {
	path, dir      string
	env            []string
	stdout, stderr io.Writer
}

// commandError is the error of a command that failed, with the errors that it printed.
type commandError struct {
	error
	messages []explain.Message
}

func (f *commandError) Unwrap() error { return f.error }

// code is that of the first error; devin.OK where it has none.
func (f *commandError) code() devin.Code {
	if len(f.messages) == 0 {
		return devin.OK
	}
	return f.messages[0].Code()
}

// event is a line that Terraform prints with -json.
type event struct {
	Type       string
	Message    string `json:"@message"`
	Hook       struct{ Action string }
	Diagnostic *diagnostic
}

type diagnostic struct {
	Severity, Address string
	explain.Message
	Range struct {
		Filename string
		Start    struct{ Line int }
	}
}

// run shows a command and its progress, and last its warnings and errors in the order
// of the configuration. It counts the data sources that are read, which Terraform gives
// two lines each. It shows no outputs, which the demo shows better, and no warning
// about the override that prepare sets.
func (c *commandLine) run(ctx context.Context, args ...string) error {
	args = slices.Insert(args, 1, "-json", "-input=false")
	fmt.Fprintf(c.stdout, "\n$ %s %s\n", filepath.Base(c.path), strings.Join(args, " "))
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(c.start(ctx, writer, writer, args...)) }()
	var diagnostics []diagnostic
	var failed error
	var reads int
	var summary string // such as "Plan: 1 to add"; the one of an apply comes after its plan's
	for lines := bufio.NewReader(reader); failed == nil; {
		var line []byte
		line, failed = lines.ReadBytes('\n')
		var e event
		_ = json.Unmarshal(line, &e) // what is no JSON is no event
		switch {
		case e.Diagnostic != nil && e.Diagnostic.Summary != "Provider development overrides are in effect":
			diagnostics = append(diagnostics, *e.Diagnostic)
		case e.Type == "change_summary":
			summary = e.Message
		case e.Type == "":
			_, _ = c.stdout.Write(line) // no event: Terraform could not even begin
		case e.Type == "apply_start" && e.Hook.Action == "read":
		case e.Type == "apply_complete" && e.Hook.Action == "read":
			reads++
		case e.Type != "version" && e.Type != "outputs" && e.Diagnostic == nil:
			fmt.Fprintln(c.stdout, e.Message)
		}
	}
	if reads > 0 {
		fmt.Fprintf(c.stdout, "Data sources read: %d.\n", reads)
	}
	slices.SortStableFunc(diagnostics, func(a, b diagnostic) int {
		return cmp.Or(strings.Compare(a.Range.Filename, b.Range.Filename), cmp.Compare(a.Range.Start.Line, b.Range.Start.Line))
	})
	var messages []explain.Message
	for _, d := range diagnostics {
		d.show(c.stdout)
		if d.Severity == "error" {
			messages = append(messages, d.Message)
		}
	}
	if errors.Is(failed, io.EOF) {
		fmt.Fprintf(c.stdout, "\n%s\n", summary)
		return nil
	}
	return &commandError{failed, messages}
}

// show prints a diagnostic much as Terraform does.
func (d diagnostic) show(w io.Writer) {
	fmt.Fprintf(w, "\n%s: %s\n", strings.ToUpper(d.Severity[:1])+d.Severity[1:], d.Summary)
	if d.Range.Filename != "" {
		fmt.Fprintf(w, "\n  with %s,\n  on %s line %d\n", d.Address, d.Range.Filename, d.Range.Start.Line)
	}
	if d.Detail != "" {
		fmt.Fprintf(w, "\n%s\n", wrap(d.Detail, 78))
	}
}

// wrap breaks lines between words.
func wrap(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		words := strings.Split(line, " ")
		column := columns(words[0])
		lines[i] = words[0]
		for _, word := range words[1:] {
			space := " "
			if column+1+columns(word) > width {
				space, column = "\n", -1
			}
			lines[i] += space + word
			column += 1 + columns(word)
		}
	}
	return strings.Join(lines, "\n")
}

// apply applies the configuration, or a saved plan of it, and returns its outputs.
func (c *commandLine) apply(ctx context.Context, plan ...string) ([]byte, error) {
	if err := c.run(ctx, append([]string{"apply", "-auto-approve"}, plan...)...); err != nil {
		return nil, fmt.Errorf("the apply failed: %w", err)
	}
	outputs, err := c.capture(ctx, "output", "-json")
	if err != nil {
		return nil, fmt.Errorf("reading the outputs: %w", err)
	}
	return outputs, nil
}

// capture returns a command's output instead of showing it.
func (c *commandLine) capture(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := c.start(ctx, &out, c.stderr, args...)
	return out.Bytes(), err
}

func (c *commandLine) start(ctx context.Context, stdout, stderr io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.dir, c.env, stdout, stderr
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 20 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", err)
		}
		return err
	}
	return nil
}

// interrupt lets Terraform stop the provider's process, which would go on if
// Terraform were killed. Windows sends Ctrl-C to every program of a console by
// itself, and knows no signal that one program could send to another.
func interrupt(process *os.Process) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	return process.Signal(os.Interrupt)
}

// cleanEnvironment drops what would steer Terraform or the provider another
// way than the demo means to. Proxies stay: the real API may be behind one.
func cleanEnvironment(inherited []string) []string {
	var kept []string
	for _, entry := range inherited {
		name, _, _ := strings.Cut(strings.ToUpper(entry), "=")
		if !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "TOFU_") && !strings.HasPrefix(name, "DEVIN_") {
			kept = append(kept, entry)
		}
	}
	return kept
}
