package acceptance

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// ofAnotherType matches advice to use another data source, with the arguments that
// belong to that one.
var ofAnotherType = regexp.MustCompile(`data "devin_\w+" (with|without) \w+`)

// argumentWords are the names of the arguments of all types that are no ordinary words.
func argumentWords() map[string]bool {
	words := map[string]bool{}
	for _, schemas := range []map[string]*tfprotov6.Schema{allSchemas().DataSourceSchemas, allSchemas().ResourceSchemas} {
		for _, schema := range schemas {
			for _, a := range schema.Block.Attributes {
				if (a.Optional || a.Required) && strings.Contains(a.Name, "_") {
					words[a.Name] = true
				}
			}
		}
	}
	return words
}

// Advice to set skip_failed_users helps no one whose data source does not have it.
func TestAdviceNamesOnlyArgumentsThatTheTypeHas(t *testing.T) {
	t.Parallel()
	words := argumentWords()
	found := 0
	for _, r := range readings() {
		has := map[string]bool{}
		for _, a := range allSchemas().Provider.Block.Attributes {
			has[a.Name] = true
		}
		long := object{}
		schema := allSchemas().DataSourceSchemas[r.source]
		for _, a := range schema.Block.Attributes {
			has[a.Name] = true
			if a.Optional && a.Type != nil && strings.HasSuffix(a.Name, "_ids") {
				long[a.Name] = longIDs()
			}
		}
		for _, e := range r.endpoints {
			for name, fault := range map[string]devintest.Fault{
				"400": {Status: 400}, "401": {Status: 401}, "403": {Status: 403}, "404": {Status: 404},
				"414": {Status: 414}, "431": {Status: 431}, "500": {Status: 500}, "no answer": {Reset: true},
			} {
				inBubble(t, devintest.Options{Members: 20}, func(t *testing.T, b *bubble) {
					b.Fault(e.path, fault)
					given := r.arguments(b.Server)
					if name == "414" || name == "431" {
						given = with(given, long)
					}
					for _, d := range b.configured(t, nil).ReadData(t, r.source, given).Diagnostics {
						said := ofAnotherType.ReplaceAllString(providertest.Messages([]*tfprotov6.Diagnostic{d}), "")
						for _, word := range regexp.MustCompile(`\w+`).FindAllString(said, -1) {
							if words[word] && !has[word] {
								t.Errorf("%s, %s of %s: it has no %s:\n%s", r.source, name, e.path, word, said)
							}
							if words[word] {
								found++
							}
						}
						if d.Attribute != nil && (name == "414" || name == "431") {
							argument := strings.TrimSuffix(strings.TrimPrefix(d.Attribute.String(), `AttributeName("`), `")`)
							if has["unknown_"+argument] {
								t.Errorf("%s, %s of %s: each of %s has a request of its own:\n%s", r.source, name, e.path, argument, said)
							}
						}
					}
				})
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d arguments are named, so this test sees nothing", found)
	}
}

// longIDs are so many ids that no request would have room for them.
func longIDs() []string {
	ids := make([]string, 60)
	for i := range ids {
		ids[i] = strings.Repeat("x", 20) + string(rune('A'+i))
	}
	return ids
}
