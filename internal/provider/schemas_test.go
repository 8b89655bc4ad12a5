package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/wire/wiretest"
)

func TestEveryDataSourcesModelFitsItsSchema(t *testing.T) {
	t.Parallel()
	for _, source := range New(Options{Version: "test"}).DataSources(t.Context()) {
		ds := source()
		var meta datasource.MetadataResponse
		ds.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "devin"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			checked, ok := ds.(interface{ checkModel() error })
			if !ok {
				t.Fatalf("%T is no dataSource[M]", ds)
			}
			if err := checked.checkModel(); err != nil {
				t.Error(err)
			}
		})
	}
}

func (d *dataSource[M]) checkModel() error { return wiretest.Check[M](d.schema()) }

func TestEverythingIsDocumented(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	describe := func(name string, schema *tfprotov6.Schema) {
		own, _, _ := strings.Cut(schema.Block.Description, "\n\n<!-- ") // without what about adds
		if !sentence(own) {
			t.Errorf("%s: the description is no sentence: %q", name, own)
		}
		checkAttributes(t, name, schema.Block.Attributes)
		if len(schema.Block.BlockTypes) > 0 {
			t.Errorf("%s has blocks", name)
		}
	}
	describe("provider", p.Schemas.Provider)
	for name, schema := range p.Schemas.DataSourceSchemas {
		describe(name, schema)
	}
	for name, schema := range p.Schemas.ResourceSchemas {
		describe(name, schema)
	}
	for name, function := range p.Schemas.Functions {
		if !sentence(function.Description) || function.Summary == "" {
			t.Errorf("%s: the description is no sentence: %q", name, function.Description)
		}
		for _, parameter := range function.Parameters {
			if !sentence(parameter.Description) {
				t.Errorf("%s.%s: the description is no sentence: %q", name, parameter.Name, parameter.Description)
			}
		}
	}
}

// checkAttributes holds what design rules say of every attribute.
func checkAttributes(t *testing.T, at string, attributes []*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, a := range attributes {
		name := at + "." + a.Name
		if !sentence(a.Description) {
			t.Errorf("%s: the description is no sentence: %q", name, a.Description)
		}
		if a.DescriptionKind != tfprotov6.StringKindMarkdown {
			t.Errorf("%s: the description is not Markdown", name)
		}
		if secret := strings.HasSuffix(a.Name, "key"); a.Sensitive != secret {
			t.Errorf("%s: sensitive is %t", name, a.Sensitive)
		}
		if a.Name == "id" {
			t.Errorf("%s: results have no id", name)
		}
		if a.NestedType != nil {
			if a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet {
				t.Errorf("%s is a set, which the framework compares pairwise", name)
			}
			checkAttributes(t, name, a.NestedType.Attributes)
		}
	}
}

func sentence(text string) bool { return len(text) > 10 && strings.HasSuffix(text, ".") }
