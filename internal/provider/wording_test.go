package provider

import (
	"go/ast"
	"testing"

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
	explaintest.CheckSummaries(t, ".", func(node ast.Node) (ast.Expr, string) {
		switch n := node.(type) {
		case *ast.KeyValueExpr:
			switch key, _ := n.Key.(*ast.Ident); {
			case key == nil:
			case key.Name == "summary":
				return n.Value, ""
			case key.Name == "action":
				return n.Value, "Could not "
			}
		case *ast.CallExpr:
			switch method, _ := n.Fun.(*ast.SelectorExpr); {
			case method == nil:
			case method.Sel.Name == "AddError", method.Sel.Name == "AddWarning":
				return n.Args[0], ""
			case method.Sel.Name == "AddAttributeError":
				return n.Args[1], ""
			}
		}
		return nil, ""
	})
}
