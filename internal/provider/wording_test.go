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

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// inOrder checks that a message says what is wrong in one line, then what to do, and
// last what was asked.
func inOrder(t *testing.T, summary, detail string) {
	t.Helper()
	if n := utf8.RuneCountInString(summary); n > summaryWidth || strings.Contains(summary, "\n") {
		t.Errorf("a summary of %d characters does not fit in a line: %s", n, summary)
	}
	next, asked, found := strings.Cut(detail, "\n\nWhat was asked:\n")
	if !found || strings.Contains(next, "GET /v3") || strings.TrimSpace(next) == "" {
		t.Errorf("the detail does not begin with what to do:\n%s", detail)
	}
	for line := range strings.Lines(asked) {
		if !strings.HasPrefix(line, "- ") {
			t.Errorf("%q comes after what was asked:\n%s", line, detail)
		}
	}
}

func TestSummaryOfACheckFitsInALineWhateverIsMissing(t *testing.T) {
	t.Parallel()
	all := devin.Permissions()
	for _, code := range []devin.Code{devin.Forbidden, devin.Unauthorized} {
		for _, missing := range [][]*devin.Permission{all[:1], all[1:2], all[2:], all[:2], all[1:], {all[0], all[2]}} {
			c := &devin.Connection{Code: code, Missing: missing, Checks: []devin.Check{{Method: "GET", Path: "/v3/self", Empty: true}}}
			summary, detail := describeConnection(c)
			inOrder(t, summary, detail)
			for _, p := range missing {
				if !strings.Contains(summary, p.Name) && !strings.Contains(summary, "2 of the required permissions") || !strings.Contains(detail, p.String()) {
					t.Errorf("%s is missing in %s\n%s", p, summary, detail)
				}
			}
		}
	}
}

// An id that Devin does not know, a refused organization and a list that is too long
// for a request are worded elsewhere than other failures.
func TestErrorsOfArgumentsAndScopesAreInOrder(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	fake.Fault("*/prs", devintest.Fault{Status: 404})
	m := prMetricsModel{windowModel: window("2026-10-01", "")}
	failed := readPRMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m)
	for _, argument := range []string{"user_id", "org_id", "service_user_id", "session_id"} {
		summary, detail := describeError(unknownID(argument, "an id", failed))
		inOrder(t, summary, detail)
		if !strings.Contains(detail, `with the id "an id". Use`) {
			t.Errorf("%s: %s", argument, detail)
		}
	}
	const doing, id, instead = "set the limit", "an id", "Use the other."
	for _, presence := range []devin.Presence{devin.PresenceUnknown, devin.Gone} {
		summary, detail := betaRefused(doing, id, instead, presence, failed)
		inOrder(t, summary, detail)
		if !strings.Contains(detail, "the key lacks a permission (it needs ") {
			t.Errorf("the permission is that of something else: %s", detail)
		}
	}
	summary, detail := writeLost(doing, id, "It is as it was.", failed)
	inOrder(t, summary, detail)
	summary, detail = writtenOtherwise(doing, "PATCH /v3/x", id, "limit = 5", "nothing set")
	inOrder(t, summary, detail)
	for _, asked := range []string{"", "org-b"} {
		summary, detail := describeError(&devin.ScopeError{KeyOrgID: "org-a", AskedOrgID: asked, Err: failed})
		inOrder(t, summary, detail)
		if strings.Contains(detail, "to the role") {
			t.Errorf("no role helps a key of another organization: %s", detail)
		}
	}
}

func describeError(err error) (summary, detail string) {
	if at, ok := err.(*attributeError); ok { //nolint:errorlint // made by the caller
		return at.summary, at.detail
	}
	return describe("read", err)
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
		if n := utf8.RuneCountInString(before + summary); n > summaryWidth {
			t.Errorf("%d characters are more than %d: %s%s", n, summaryWidth, before, summary)
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
