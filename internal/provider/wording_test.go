package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/explain/explaintest"
)

// describe is explain.Error in two values.
func describe(action string, err error) (summary, detail string) {
	m := explain.Error(action, err)
	return m.Summary, m.Detail
}

func inOrder(t *testing.T, summary, detail string) {
	t.Helper()
	explaintest.CheckForm(t, explain.Message{Summary: summary, Detail: detail})
}

// Every summary that is written out in this package fits in a line, and so does the
// one that is made of the action of a type.
func TestSummariesInTheSourceFitInALine(t *testing.T) {
	t.Parallel()
	notTests := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	packages, err := parser.ParseDir(token.NewFileSet(), ".", notTests, 0) //nolint:staticcheck // no build tags here
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	check := func(text ast.Expr, before string) {
		literal, ok := text.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return
		}
		found++
		summary, _ := strconv.Unquote(literal.Value)
		if n := utf8.RuneCountInString(before + summary); n > explain.SummaryWidth {
			t.Errorf("%d characters are more than %d: %s%s", n, explain.SummaryWidth, before, summary)
		}
	}
	ast.Inspect(packages["provider"], func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "summary" {
				check(n.Value, "")
			} else if ok && key.Name == "action" {
				check(n.Value, "Could not ")
			}
		case *ast.CallExpr:
			method, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				break
			}
			switch method.Sel.Name {
			case "AddError", "AddWarning":
				check(n.Args[0], "")
			case "AddAttributeError":
				check(n.Args[1], "")
			}
		}
		return true
	})
	if found < 40 {
		t.Errorf("only %d summaries were found", found)
	}
}
