package acceptance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Whoever adds a type and forgets one of these finds out here.
func TestEveryTypeHasItsRowItsExampleItsPageAndItsLine(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	schemas := allSchemas()
	if len(schemas.DataSourceSchemas) == 0 || len(schemas.ResourceSchemas) == 0 {
		t.Fatal("there are no types")
	}
	for name, schema := range schemas.DataSourceSchemas {
		inMatrix := slices.ContainsFunc(rows(), func(r row) bool { return r.source == name })
		// The check never fails, and has subjects of its own.
		if !inMatrix && name != "devin_connection_check" {
			t.Errorf("data %q has no row in the matrix", name)
		}
		checkType(t, readme, "data", "data-sources", name, "data-source.tf", schema.Block.Description)
	}
	for name, schema := range schemas.ResourceSchemas {
		if name != "devin_connection_check" {
			t.Errorf("resource %q has no subject in the matrix", name)
		}
		checkType(t, readme, "resource", "resources", name, "resource.tf", schema.Block.Description)
	}
}

func checkType(t *testing.T, readme, kind, folder, name, example, description string) {
	t.Helper()
	page := filepath.Join("docs", folder, strings.TrimPrefix(name, "devin_")+".md")
	if line := "| " + kind + " [`" + name + "`](" + filepath.ToSlash(page) + ") |"; !strings.Contains(readme, line) {
		t.Errorf("README has no line that begins with %s", line)
	}
	if read(t, page) == "" || read(t, filepath.Join("examples", folder, name, example)) == "" {
		t.Errorf("the page or the example of %s is empty", name)
	}
	_, about, _ := strings.Cut(description, "\n\n<!-- ")
	group, requests, _ := strings.Cut(about, " -->\n\n| request | permission | how often |\n|---|---|---|\n")
	if group == "" || !strings.HasPrefix(requests, "| ") || !strings.Contains(requests, "`GET /v3") {
		t.Errorf("%s says nothing about its group and its requests: %q", name, description)
	}
}

// read is a file of the repository; a missing one fails the test.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Error(err)
	}
	return string(text)
}
