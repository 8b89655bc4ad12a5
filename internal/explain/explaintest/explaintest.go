// Package explaintest checks messages, and the source that has them.
package explaintest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
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

// Sources parses the Go files of a folder, without its tests.
func Sources(t testing.TB, dir string) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if files[name], err = parser.ParseFile(token.NewFileSet(), name, nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	if len(files) == 0 {
		t.Fatalf("no sources in %s", dir)
	}
	return files
}

// CheckSummaries checks that the summaries in the sources of a folder fit in a line. find
// returns the summary in a node, if it has one, and what stands before it.
func CheckSummaries(t testing.TB, dir string, find func(ast.Node) (summary ast.Expr, before string)) {
	t.Helper()
	found := 0
	for _, file := range Sources(t, dir) {
		ast.Inspect(file, func(node ast.Node) bool {
			summary, before := find(node)
			literal, ok := summary.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			found++
			text, _ := strconv.Unquote(literal.Value)
			if n := utf8.RuneCountInString(before + text); n > explain.SummaryWidth {
				t.Errorf("%d characters are more than %d: %s%s", n, explain.SummaryWidth, before, text)
			}
			return true
		})
	}
	if found < 30 {
		t.Errorf("only %d summaries were found", found)
	}
}
