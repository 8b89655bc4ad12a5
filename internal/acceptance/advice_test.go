package acceptance

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// adviceFaults are answers that errors give advice about.
var adviceFaults = map[string]devintest.Fault{
	"400": {Status: 400}, "401": {Status: 401}, "403": {Status: 403}, "404": {Status: 404},
	"414": {Status: 414}, "431": {Status: 431}, "500": {Status: 500}, "no answer": {Reset: true},
}

var word = regexp.MustCompile(`\w+`)

// ofAnotherType matches advice to use another data source, with the arguments that
// belong to that one.
var ofAnotherType = regexp.MustCompile(`data "devin_\w+" (with|without) \w+`)

// argumentsOf are the arguments of a schema and of the provider block.
func argumentsOf(schema *tfprotov6.Schema) map[string]bool {
	names := map[string]bool{}
	for _, s := range []*tfprotov6.Schema{schema, allSchemas().Provider} {
		for _, a := range s.Block.Attributes {
			if a.Optional || a.Required {
				names[a.Name] = true
			}
		}
	}
	return names
}

// argumentWords are the names of the arguments of all types that are no ordinary words.
var argumentWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, schemas := range []map[string]*tfprotov6.Schema{allSchemas().DataSourceSchemas, allSchemas().ResourceSchemas} {
		for _, schema := range schemas {
			for name := range argumentsOf(schema) {
				if strings.Contains(name, "_") {
					words[name] = true
				}
			}
		}
	}
	return words
})

// foreignArguments are the words of diagnostics that are argumentWords, and are
// not among has; named counts all of argumentWords.
func foreignArguments(diags []*tfprotov6.Diagnostic, has map[string]bool) (foreign []string, named int) {
	for _, w := range word.FindAllString(ofAnotherType.ReplaceAllString(providertest.Messages(diags), ""), -1) {
		if argumentWords()[w] {
			named++
			if !has[w] {
				foreign = append(foreign, w)
			}
		}
	}
	return foreign, named
}

// Advice to set skip_failed_users helps no one whose data source does not have it. Errors
// end in the logs of pipelines, and name no person but by id.
func TestAdviceNamesOnlyArgumentsThatTheTypeHas(t *testing.T) {
	t.Parallel()
	found := 0
	for _, r := range readings() {
		schema := allSchemas().DataSourceSchemas[r.source]
		has, computed, long := argumentsOf(schema), map[string]bool{}, object{}
		for _, a := range schema.Block.Attributes {
			computed[a.Name] = a.Computed
			if a.Optional && a.Type != nil && strings.HasSuffix(a.Name, "_ids") {
				long[a.Name] = longIDs()
			}
		}
		for _, e := range r.endpoints {
			for name, fault := range adviceFaults {
				inBubble(t, devintest.Options{Members: 20}, func(t *testing.T, b *bubble) {
					b.Fault(e.path, fault)
					given := r.arguments(b.Server)
					tooLong := name == "414" || name == "431"
					if tooLong {
						given = with(given, long)
					}
					diags := b.configured(t, nil).ReadData(t, r.source, given).Diagnostics
					foreign, named := foreignArguments(diags, has)
					if len(foreign) > 0 {
						t.Errorf("%s, %s of %s: it has no %v:\n%s", r.source, name, e.path, foreign, providertest.Messages(diags))
					}
					found += named
					// But for the address that the user asked for.
					if person := memberIn(b.Members(), providertest.Messages(diags)); person != "" && person != given["email"] {
						t.Errorf("%s, %s of %s: it names %s:\n%s", r.source, name, e.path, person, providertest.Messages(diags))
					}
					for _, d := range diags {
						if d.Attribute == nil || !tooLong {
							continue
						}
						argument := strings.TrimSuffix(strings.TrimPrefix(d.Attribute.String(), `AttributeName("`), `")`)
						if computed["unknown_"+argument] {
							t.Errorf("%s, %s of %s: each of %s has a request of its own:\n%s", r.source, name, e.path, argument, d.Detail)
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

// A list block has no arguments of the provider's: limit and include_resource are
// Terraform's.
func TestAdviceOfListsNamesNoArgument(t *testing.T) {
	t.Parallel()
	has := argumentsOf(allSchemas().Provider)
	has["include_resource"] = true
	for list := range allSchemas().ListResourceSchemas {
		for _, path := range requestsOfList(t, list) {
			for name, fault := range adviceFaults {
				inBubble(t, devintest.Options{Members: 20}, func(t *testing.T, b *bubble) {
					withLimits(b.Server)
					b.Fault(path, fault)
					diags := listed(t, b.configured(t, nil), list)
					if foreign, _ := foreignArguments(diags, has); len(foreign) > 0 {
						t.Errorf("%s, %s of %s: it has no %v:\n%s", list, name, path, foreign, providertest.Messages(diags))
					}
					if len(diags) == 0 {
						t.Errorf("%s, %s of %s: it says nothing", list, name, path)
					}
				})
			}
		}
	}
}

var idInPath = regexp.MustCompile(`/(users|organizations)/[^/]+/`)

// requestsOfList are the paths of a list's requests, each once, with * for an id.
func requestsOfList(t *testing.T, list string) []string {
	t.Helper()
	var paths []string
	inBubble(t, devintest.Options{Members: 20}, func(t *testing.T, b *bubble) {
		withLimits(b.Server)
		if diags := listed(t, b.configured(t, nil), list); len(diags) > 0 {
			t.Error(providertest.Messages(diags))
		}
		for _, r := range b.Requests() {
			paths = append(paths, idInPath.ReplaceAllString(r.Path, "/$1/*/"))
		}
	})
	slices.Sort(paths)
	return slices.Compact(paths)
}

// listed are the diagnostics of a list.
func listed(t *testing.T, p *protocol, list string) []*tfprotov6.Diagnostic {
	t.Helper()
	lister, ok := p.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server has no lists")
	}
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	config, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, map[string]tftypes.Value{}))
	if err != nil {
		t.Fatal(err)
	}
	stream, err := lister.ListResource(context.Background(), &tfprotov6.ListResourceRequest{TypeName: list, Config: &config, IncludeResource: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var diags []*tfprotov6.Diagnostic
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
	}
	return diags
}

// longIDs are so many ids that no request would have room for them.
func longIDs() []string {
	ids := make([]string, 60)
	for i := range ids {
		ids[i] = strings.Repeat("x", 20) + string(rune('A'+i))
	}
	return ids
}
