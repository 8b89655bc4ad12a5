package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// commandLine runs terraform or tofu in one folder.
type commandLine struct {
	path, dir      string
	env            []string
	stdout, stderr io.Writer
}

// run shows the command and what matters of its output.
func (c *commandLine) run(ctx context.Context, args ...string) error {
	fmt.Fprintf(c.stdout, "\n$ %s %s\n", filepath.Base(c.path), strings.Join(args, " "))
	out := &condenser{to: c.stdout}
	// Errors go the same way as the rest: through another they would land in
	// the middle of it.
	return errors.Join(c.start(ctx, out, out, args...), out.flush())
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

// condenser passes on what Terraform prints, line by line as it comes, without
// the parts that the demo shows better or that say nothing here: the values of
// outputs, how to apply the plan, and the warning about dev_overrides. Empty lines
// around what is left out become one, or none at either end.
type condenser struct {
	to      io.Writer
	pending []byte
	skip    func(line string) bool // whether the part being left out goes on
	begun   bool                   // whether anything was printed
	gap     bool                   // whether an empty line is due
}

func (c *condenser) Write(p []byte) (int, error) {
	c.pending = append(c.pending, p...)
	for {
		line, rest, found := bytes.Cut(c.pending, []byte("\n"))
		if !found {
			return len(p), nil
		}
		c.pending = rest
		if err := c.line(string(line)); err != nil {
			return 0, err
		}
	}
}

// flush passes on a last line that does not end in a newline.
func (c *condenser) flush() error {
	if len(c.pending) == 0 {
		return nil
	}
	line := string(c.pending)
	c.pending = nil
	return c.line(line)
}

func (c *condenser) line(line string) error {
	if c.skip != nil && c.skip(line) {
		return nil
	}
	c.skip = nil
	switch {
	case strings.HasPrefix(line, "Changes to Outputs:"):
		c.skip = indented
		return nil
	case strings.HasPrefix(line, "You can apply this plan to save these new output"):
		c.skip = nonEmpty
		return nil
	case line == "Outputs:", strings.HasPrefix(line, "───"):
		c.skip = noDiagnostic
		return nil
	case strings.HasPrefix(line, "Warning: Provider development overrides are in effect"):
		c.skip = overrideWarning()
		return nil
	}
	if line == "" {
		c.gap = c.begun
		return nil
	}
	if c.gap {
		line = "\n" + line
	}
	c.begun, c.gap = true, false
	_, err := fmt.Fprintln(c.to, line)
	return err
}

func nonEmpty(line string) bool { return line != "" }

func noDiagnostic(line string) bool {
	return !strings.HasPrefix(line, "Error: ") && !strings.HasPrefix(line, "Warning: ")
}

// indented also holds for empty lines, which separate outputs.
func indented(line string) bool { return line == "" || strings.HasPrefix(line, " ") }

// overrideWarning holds for the paragraphs of that warning, the last of which
// is the one about releases.
func overrideWarning() func(string) bool {
	ended := false
	return func(line string) bool {
		going := !ended
		ended = ended || strings.Contains(line, "releases.")
		return going
	}
}
