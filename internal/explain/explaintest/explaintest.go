// Package explaintest checks the form of messages in tests.
package explaintest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// CheckForm checks that a message says what is wrong in one line, then what to do, and
// last what was asked.
func CheckForm(t testing.TB, m explain.Message) {
	t.Helper()
	if n := utf8.RuneCountInString(m.Summary); n > explain.SummaryWidth || strings.Contains(m.Summary, "\n") {
		t.Errorf("a summary of %d characters does not fit in a line: %s", n, m.Summary)
	}
	next, asked, found := strings.Cut(m.Detail, "\n\nWhat was asked:\n")
	if !found || strings.Contains(next, "GET /v3") || strings.TrimSpace(next) == "" {
		t.Errorf("the detail does not begin with what to do:\n%s", m.Detail)
	}
	for line := range strings.Lines(asked) {
		if !strings.HasPrefix(line, "- ") {
			t.Errorf("%q comes after what was asked:\n%s", line, m.Detail)
		}
	}
}
