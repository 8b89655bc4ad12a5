package provider

import (
	"go/ast"
	"go/token"
	"strconv"
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

// What a request was answered is worded in package explain alone, so that nothing here
// looks into an error of a request or of a report.
func TestErrorsOfTheAPIAreWordedInExplain(t *testing.T) {
	t.Parallel()
	for name, file := range explaintest.Sources(t, ".") {
		ast.Inspect(file, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				from, _ := selector.X.(*ast.Ident)
				if of := selector.Sel.Name; from != nil && from.Name == "devin" && (of == "Error" || of == "ReportError") {
					t.Errorf("%s mentions devin.%s", name, of)
				}
			}
			return true
		})
	}
}

// Every summary that is written out in this package fits in a line, and so does the
// one that is made of the action of a type.
func TestSummariesInTheSourceFitInALine(t *testing.T) {
	t.Parallel()
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
	for _, file := range explaintest.Sources(t, ".") {
		ast.Inspect(file, func(node ast.Node) bool {
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
	}
	if found < 40 {
		t.Errorf("only %d summaries were found", found)
	}
}
