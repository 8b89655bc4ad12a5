package explain_test

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/explain"
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
			case *ast.CompositeLit:
				name, _ := n.Type.(*ast.Ident)
				switch {
				case name == nil || len(n.Elts) < 2:
				case name.Name == "Message":
					check(n.Elts[0], "")
				case name.Name == "failure":
					check(n.Elts[1], "invalid_credentials: ")
				}
			case *ast.CallExpr:
				switch name, _ := n.Fun.(*ast.Ident); {
				case name == nil:
				case name.Name == "unavailable":
					check(n.Args[0], "unavailable: ")
				case name.Name == "coded":
					check(n.Args[1], "invalid_permissions: ")
				}
			}
			return true
		})
	}
	if found < 40 {
		t.Errorf("only %d summaries were found", found)
	}
}
