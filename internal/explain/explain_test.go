package explain_test

import (
	"go/ast"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/explain/explaintest"
)

const module = "github.com/devin-community/terraform-provider-devin/"

func TestExplainImportsTheClientOnly(t *testing.T) {
	t.Parallel()
	for name, file := range explaintest.Sources(t, ".") {
		for _, spec := range file.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); strings.Contains(path, ".") && path != module+"internal/devin" {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}

func TestSummariesInTheSourceFitInALine(t *testing.T) {
	t.Parallel()
	explaintest.CheckSummaries(t, ".", func(node ast.Node) (ast.Expr, string) {
		switch n := node.(type) {
		case *ast.CompositeLit:
			switch name, _ := n.Type.(*ast.Ident); {
			case name == nil || len(n.Elts) < 2:
			case name.Name == "Message":
				return n.Elts[0], ""
			case name.Name == "failure":
				return n.Elts[1], "invalid_credentials: "
			}
		case *ast.CallExpr:
			switch name, _ := n.Fun.(*ast.Ident); {
			case name == nil:
			case name.Name == "unavailable":
				return n.Args[0], "unavailable: "
			case name.Name == "coded":
				return n.Args[1], "invalid_permissions: "
			}
		}
		return nil, ""
	})
}
