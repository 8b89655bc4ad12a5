package acceptance

import (
	"path"
	"strings"
	"testing"
)

// The generator of the pages, with a Terraform that has no lists, does not see list
// resources: their pages are written by hand.
func TestEveryListResourceHasItsPage(t *testing.T) {
	t.Parallel()
	schemas := allSchemas()
	if len(schemas.ListResourceSchemas) == 0 {
		t.Fatal("there are no list resources")
	}
	for name := range schemas.ListResourceSchemas {
		short := strings.TrimPrefix(name, "devin_") + ".md"
		page := read(t, path.Join("docs", "list-resources", short))
		identity := "org_id"
		for _, a := range schemas.ResourceSchemas[name].Block.Attributes {
			if a.Name == "user_id" {
				identity = "user_id"
			}
		}
		for _, text := range []string{
			"# " + name + " (List Resource)", `list "` + name + `" "all"`, "limit            = 1000", "100 where the block does not say otherwise",
			"to = " + name + ".this", "identity = {\n    " + identity + " = ", "for_each", "-generate-config-out", "](../resources/" + short + ")",
		} {
			if !strings.Contains(page, text) {
				t.Errorf("the page of list %s has no %q", name, text)
			}
		}
		if !strings.Contains(read(t, path.Join("docs", "resources", short)), "](../list-resources/"+short+")") {
			t.Errorf("the page of resource %s does not lead to its list", name)
		}
	}
}
