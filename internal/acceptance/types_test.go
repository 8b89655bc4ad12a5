package acceptance

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// This test fails when somebody adds a type and forgets one of these.
func TestEveryTypeHasItsRowItsExampleItsPageAndItsLine(t *testing.T) {
	t.Parallel()
	schemas := allSchemas()
	if len(schemas.DataSourceSchemas) == 0 || len(schemas.ResourceSchemas) == 0 || len(schemas.Functions) == 0 {
		t.Fatal("there are no types")
	}
	for name, schema := range schemas.DataSourceSchemas {
		checkMatrix(t, "data "+name)
		checkAbout(t, name, schema.Block.Description)
		checkFiles(t, "data", "data-sources", name, "data-source.tf")
	}
	for name, schema := range schemas.ResourceSchemas {
		checkMatrix(t, "resource "+name)
		checkAbout(t, name, schema.Block.Description)
		checkFiles(t, "resource", "resources", name, "resource.tf")
	}
	// The generator of the pages, with a Terraform that has no actions, does not see them.
	for name, schema := range schemas.ActionSchemas {
		checkFiles(t, "action", "actions", name, "action.tf")
		checkActionPage(t, name, schema.Schema.Block.Description)
	}
	// A function sends no request.
	for name := range schemas.Functions {
		checkFiles(t, "function", "functions", name, "function.tf")
	}
}

func checkMatrix(t *testing.T, typ string) {
	t.Helper()
	if !slices.ContainsFunc(subjects(), func(s subject) bool { return s.of == typ }) {
		t.Errorf("%s has no row in the fault matrix", typ)
	}
}

// checkAbout wants the group and the requests behind a type's description.
func checkAbout(t *testing.T, name, description string) {
	t.Helper()
	_, about, _ := strings.Cut(description, "\n\n<!-- ")
	group, requests, _ := strings.Cut(about, " -->\n\n| request | permission | how often |\n|---|---|---|\n")
	if group == "" || !strings.HasPrefix(requests, "| ") || !strings.Contains(requests, "`GET /v3") {
		t.Errorf("%s says nothing about its group and its requests: %q", name, description)
	}
}

// checkActionPage wants on the page of an action its example, and each request that
// its description has.
func checkActionPage(t *testing.T, name, description string) {
	t.Helper()
	page := read(t, path.Join("docs", "actions", strings.TrimPrefix(name, "devin_")+".md"))
	if !strings.Contains(page, read(t, path.Join("examples", "actions", name, "action.tf"))) {
		t.Errorf("the page of action %s has not its example", name)
	}
	requests := regexp.MustCompile("`GET [^`]+`").FindAllString(description, -1)
	for _, request := range requests {
		if !strings.Contains(page, request) {
			t.Errorf("the page of action %s has no %s", name, request)
		}
	}
	if len(requests) == 0 {
		t.Errorf("action %s sends no requests", name)
	}
}

// checkFiles wants an example, a page of documentation, and a line in README.
func checkFiles(t *testing.T, kind, folder, name, example string) {
	t.Helper()
	page := path.Join("docs", folder, strings.TrimPrefix(name, "devin_")+".md")
	for _, file := range []string{page, path.Join("examples", folder, name, example)} {
		if read(t, file) == "" {
			t.Errorf("%s %s has no %s", kind, name, file)
		}
	}
	if line := "| " + kind + " [`" + name + "`](" + page + ") |"; !strings.Contains(read(t, "README.md"), line) {
		t.Errorf("README has no line that begins with %s", line)
	}
}

// read is a file of the repository; empty where there is none.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
