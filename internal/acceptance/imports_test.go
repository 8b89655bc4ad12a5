package acceptance

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// importedObject is an object that withLimits has set, and that a page imports.
type importedObject struct {
	resource string
	id       string // of the organization or user
	body     string // of the block, as Devin has it
}

// importedObjects has one of each resource that writes.
func importedObjects(fake *devintest.Server) []importedObject {
	withLimits(fake)
	var all []importedObject
	for _, name := range writingTypes() {
		o := importedObject{resource: name}
		for attribute, value := range writingResources[name].state(fake) {
			o.body += fmt.Sprintf("  %s = %#v\n", attribute, value)
			if attribute == "org_id" || attribute == "user_id" {
				o.id = fmt.Sprint(value)
			}
		}
		all = append(all, o)
	}
	return all
}

// madeUpID is the id that an import of the pages has.
var madeUpID = regexp.MustCompile(`org-abc123def456|okta\|Acme\|00u1`)

// label is that of the block that an import is to.
func (o importedObject) label(t *testing.T, text string) string {
	t.Helper()
	found := regexp.MustCompile(o.resource + `\.(\w+)`).FindStringSubmatch(text)
	if found == nil || !madeUpID.MatchString(text) {
		t.Fatalf("it imports no %s, or by no made-up id:\n%s", o.resource, text)
	}
	return found[1]
}

// file is one of those beside the example of the resource.
func (o importedObject) file(t *testing.T, name string) string {
	t.Helper()
	return read(t, path.Join("examples", "resources", o.resource, name))
}

// What the page of each resource says of imports: a block with the id, one with the
// identity, and a command. Each imports what Devin has, and changes nothing.
func TestAccEachImportOfTheResourcePagesImports(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 4})
	for _, o := range importedObjects(fake.Server) {
		written := func(text string) (string, string) {
			return fmt.Sprintf("resource %q %q {\n%s}\n", o.resource, o.label(t, text), o.body), madeUpID.ReplaceAllLiteralString(text, o.id)
		}
		t.Run(o.resource+" by id", func(t *testing.T) {
			block, text := written(o.file(t, "import.tf"))
			fake.limitsFolder(t).imports(t, block+text)
		})
		t.Run(o.resource+" by identity", func(t *testing.T) {
			w := fake.limitsFolder(t)
			w.needs(t, "Terraform 1.12 or OpenTofu 1.12")
			block, text := written(o.file(t, "identity-import.tf"))
			w.imports(t, block+text)
		})
		t.Run(o.resource+" by command", func(t *testing.T) {
			w := fake.limitsFolder(t)
			text := o.file(t, "import.sh")
			block, _ := written(text)
			w.write(t, "main.tf", block)
			w.succeed(t, "import", "-input=false", "-no-color", strings.Fields(text)[2], o.id)
			w.isSettled(t)
		})
	}
}

// imports wants a configuration to import one object, and to change nothing.
func (w *workspace) imports(t *testing.T, config string) {
	t.Helper()
	if out := w.apply(t, config); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("%s\nsays\n%s", config, out)
	}
	w.isSettled(t)
}

// The import of several on the pages of lists.
func TestAccEachImportOfTheListPagesImports(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 4})
	imported := 0
	for _, o := range importedObjects(fake.Server) {
		for _, c := range blocks(t, path.Join("docs", "list-resources", strings.TrimPrefix(o.resource, "devin_")+".md"), "terraform") {
			if !strings.Contains(c.text, "for_each = toset([") {
				continue // TestAccEverythingInTheDocumentationApplies has the like
			}
			imported++
			t.Run(c.name, func(t *testing.T) {
				key := "org_id"
				if !strings.Contains(o.body, key+" = \""+o.id) {
					key = "user_id"
				}
				body := strings.Replace(o.body, fmt.Sprintf("%s = %q", key, o.id), key+" = each.key", 1)
				block := fmt.Sprintf("resource %q %q {\n  for_each = toset([%q])\n%s}\n", o.resource, o.label(t, c.text), o.id, body)
				fake.limitsFolder(t).imports(t, block+madeUpID.ReplaceAllLiteralString(c.text, o.id))
			})
		}
	}
	if imported != 3 {
		t.Errorf("%d pages import several by their ids", imported)
	}
}
