package acceptance

import (
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// These tests hold what the documentation claims to what the types are.

// prose is every page that people read.
func prose(t *testing.T) map[string]string {
	t.Helper()
	return filesOf(t, "README.md", "SECURITY.md", "docs/*.md", "docs/*/*.md", "examples/recipes/*/README.md")
}

// nestedNames yields the names of attributes and of what is nested in them.
func nestedNames(attributes []*tfprotov6.SchemaAttribute) (names []string) {
	for _, a := range attributes {
		names = append(names, a.Name)
		if a.NestedType != nil {
			names = append(names, nestedNames(a.NestedType.Attributes)...)
		}
	}
	return names
}

// writeRow is a row of a page's table of requests that is no GET.
var writeRow = regexp.MustCompile("(?m)^\\| \\[?`(PUT|POST|PATCH|DELETE) /")

func TestPagesSayOfEachTypeWhetherItWrites(t *testing.T) {
	t.Parallel()
	for name, page := range filesOf(t, "docs/data-sources/*.md", "docs/resources/*.md", "docs/actions/*.md") {
		_, writes := writingResources["devin_"+strings.TrimSuffix(path.Base(name), ".md")]
		writes = writes && path.Dir(name) == "docs/resources"
		if writeRow.MatchString(page) != writes {
			t.Errorf("%s lists requests that write: %t, and the type writes: %t", name, !writes, writes)
		}
	}
	number := map[int]string{3: "three", 4: "four", 5: "five", 6: "six"}[len(writingResources)]
	counted := regexp.MustCompile(`(?i)\b(\w+)\s+resources\s+(?:that\s+)?write`)
	found := 0
	for name, page := range prose(t) {
		for _, match := range counted.FindAllStringSubmatch(page, -1) {
			found++
			if word := strings.ToLower(match[1]); word != number {
				t.Errorf("%s says that %s resources write, and it is %s", name, word, number)
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d pages count the resources that write", found)
	}
}

// A data source reads with GET, whatever it is given.
func TestDataSourcesSendNothingButGET(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		p := b.configured(t, nil)
		for _, r := range readings() {
			p.ReadData(t, r.source, r.arguments(b.Server))
		}
		p.ReadData(t, "devin_connection_check", nil)
		for _, request := range b.Requests() {
			if request.Method != http.MethodGet {
				t.Errorf("%s %s", request.Method, request.Path)
			}
		}
	})
}

// What is said of one organization stands only with types that can read one.
func TestOnlyTypesThatReadAnOrganizationSpeakOfIt(t *testing.T) {
	t.Parallel()
	ofOrganization := regexp.MustCompile(`organization that was read|an organization was read|where one organization is read|With .org_id., `)
	for name, schema := range allSchemas().DataSourceSchemas {
		if orgIDOf(name) != nil && orgIDOf(name).Optional {
			continue
		}
		// The check reads in the organization of the provider.
		page := read(t, "docs/data-sources/"+strings.TrimPrefix(name, "devin_")+".md")
		if said := ofOrganization.FindString(page); said != "" && name != "devin_connection_check" {
			t.Errorf("%s takes no org_id, and its page says %q", name, said)
		}
		if says := strings.Contains(schema.Block.Description, "Devin has this for the enterprise only"); says != isEnterpriseOnly(name) {
			t.Errorf("%s exists for the enterprise only: %t; its page says so: %t", name, !says, says)
		}
	}
}

// An attribute that a description names is one of the type, unless it names another type
// or a setting of the provider.
func TestDescriptionsNameAttributesOfTheirOwnType(t *testing.T) {
	t.Parallel()
	schemas := allSchemas()
	everywhere := map[string]bool{}
	for _, schema := range schemas.DataSourceSchemas {
		for _, name := range nestedNames(schema.Block.Attributes) {
			everywhere[name] = true
		}
	}
	settings := nestedNames(schemas.Provider.Block.Attributes)
	quoted := regexp.MustCompile("`([a-z.]+_[a-z_.]+)`")
	for source, schema := range schemas.DataSourceSchemas {
		own := nestedNames(schema.Block.Attributes)
		var check func(attributes []*tfprotov6.SchemaAttribute)
		check = func(attributes []*tfprotov6.SchemaAttribute) {
			for _, a := range attributes {
				if !strings.Contains(a.Description, "`devin_") {
					for _, match := range quoted.FindAllStringSubmatch(a.Description, -1) {
						name := match[1][strings.LastIndex(match[1], ".")+1:]
						if everywhere[name] && !slices.Contains(own, name) && !slices.Contains(settings, name) {
							t.Errorf("%s.%s names %s, which %[1]s does not have", source, a.Name, name)
						}
					}
				}
				if a.NestedType != nil {
					check(a.NestedType.Attributes)
				}
			}
		}
		check(schema.Block.Attributes)
	}
}

// The guide Privacy lists the data sources that return data about persons.
func TestPrivacyListsEveryTypeWithPeopleInIt(t *testing.T) {
	t.Parallel()
	_, table, _ := strings.Cut(read(t, "docs/guides/privacy.md"), "| data source | data about persons |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	listed := map[string]bool{}
	for _, match := range regexp.MustCompile("`(devin_[a-z_]+)`").FindAllStringSubmatch(table, -1) {
		listed[match[1]] = true
	}
	people := []string{"user_id", "email", "user_email", "owner_email", "user_message", "principal_id"}
	want := map[string]bool{}
	for name, schema := range allSchemas().DataSourceSchemas {
		if slices.ContainsFunc(nestedNames(schema.Block.Attributes), func(a string) bool { return slices.Contains(people, a) }) {
			want[name] = true
		}
	}
	if !maps.Equal(listed, want) {
		t.Errorf("the guide lists\n%v\nand these have people in them:\n%v", slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(want)))
	}
}

// The messages of Error codes are held to what a plan prints; any other page that quotes
// an error with a code quotes one of them.
func TestQuotedErrorsAreThoseOfErrorCodes(t *testing.T) {
	t.Parallel()
	codes := read(t, "docs/guides/error-codes.md")
	found := 0
	for name, page := range prose(t) {
		for _, line := range regexp.MustCompile(`(?m)^Error: [a-z_]+: .*$`).FindAllString(page, -1) {
			found++
			if !strings.Contains(codes, line+"\n") {
				t.Errorf("%s quotes %q, and Error codes has no such message", name, line)
			}
		}
	}
	if found < 10 {
		t.Errorf("found only %d messages", found)
	}
}

// Each endpoint that a row of the fault matrix has is in the table of the type's page.
func TestPagesListTheRequestsOfTheirTypes(t *testing.T) {
	t.Parallel()
	parameter := regexp.MustCompile(`\{[a-z_]+\}`)
	for _, r := range readings() {
		page := parameter.ReplaceAllString(read(t, "docs/data-sources/"+strings.TrimPrefix(r.source, "devin_")+".md"), "*")
		for _, e := range r.endpoints {
			inOrganization := strings.Contains(e.path, "/organizations/*/")
			if !inOrganization && !strings.Contains(page, "`GET "+e.path+"`") {
				t.Errorf("the page of %s has no `GET %s`", r.source, e.path)
			}
		}
	}
}

// The guide Large enterprises counts the requests of the headroom.
func TestHeadroomTakesTheRequestsThatTheGuideCounts(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{PageSize: 200}, func(t *testing.T, b *bubble) {
		b.configured(t, nil).ReadData(t, "devin_acu_headroom", nil)
		if got, want := len(b.Requests()), 2*len(b.Organizations())+4; got != want {
			t.Errorf("%d requests for %d organizations, want %d", got, len(b.Organizations()), want)
		}
	})
	if !strings.Contains(read(t, "docs/guides/large-enterprises.md"), "| `devin_acu_headroom` | two for each organization, and four |") {
		t.Error("the guide counts otherwise")
	}
}
