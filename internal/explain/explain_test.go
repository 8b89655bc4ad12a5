package explain_test

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

const module = "github.com/devin-community/terraform-provider-devin/"

// sources parses the Go files of a folder that are no tests.
func sources(t *testing.T, dir string) map[string]*ast.File {
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

func TestExplainImportsTheClientOnly(t *testing.T) {
	t.Parallel()
	for name, file := range sources(t, ".") {
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
	for _, file := range sources(t, ".") {
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
				if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "unavailable" {
					check(n.Args[0], "unavailable: ")
				}
			}
			return true
		})
	}
	if found < 40 {
		t.Errorf("only %d summaries were found", found)
	}
}
