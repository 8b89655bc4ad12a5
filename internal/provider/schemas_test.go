package provider

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
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

func TestEveryTypeHasATestBesideIt(t *testing.T) {
	t.Parallel()
	schemas := newProtocol(t, New(Options{Version: "test"})).Schemas
	var files []string
	for name := range schemas.DataSourceSchemas {
		files = append(files, name+"_data_source_test.go")
	}
	for name := range schemas.ResourceSchemas {
		files = append(files, name+"_resource_test.go")
	}
	for name := range schemas.ActionSchemas {
		files = append(files, name+"_action_test.go")
	}
	for name := range schemas.Functions {
		files = append(files, name+"_function_test.go")
	}
	for _, file := range files {
		file = strings.TrimPrefix(file, "devin_")
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), "\nfunc Test") {
			t.Errorf("%s has no test of its own in %s, %v", strings.TrimSuffix(file, "_test.go"), file, err)
		}
	}
}

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

func TestMalformedArgumentsAreRefusedByValidateAtTheAttribute(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for _, tt := range []struct {
		source, attribute, want string
		given                   map[string]any
	}{
		{"devin_user_daily_consumption", "start_date", "Impossible date", map[string]any{"user_id": "a", "start_date": "2026-02-30"}},
		{"devin_user_daily_consumption", "start_date", "Malformed date", map[string]any{"user_id": "a", "start_date": "2026-02-03T00:00:00Z"}},
		{"devin_user_daily_consumption", "start_date", "not between", map[string]any{"user_id": "a", "start_date": "1926-02-03"}},
		{"devin_user_daily_consumption", "end_date", "Malformed date", map[string]any{"user_id": "a", "start_date": "2026-02-03", "end_date": ""}},
		{"devin_user_daily_consumption", "end_date", "before start_date", map[string]any{"user_id": "a", "start_date": "2026-02-03", "end_date": "2026-02-02"}},
		{"devin_user_daily_consumption", "user_id", "Empty text", map[string]any{"user_id": "", "start_date": "2026-02-03"}},
		{"devin_user_daily_consumption", "email", "White space", map[string]any{"email": " ann@acme.example", "start_date": "2026-02-03"}},
		{"devin_user_daily_consumption", "user_id", "one (and only one) of", map[string]any{"email": "ann@acme.example", "user_id": "a", "start_date": "2026-02-03"}},
		{"devin_user_daily_consumption", "user_id", "one (and only one) of", map[string]any{"start_date": "2026-02-03"}},
		{"devin_user_daily_consumption", "user_id", "White space", map[string]any{"user_id": "a\n", "start_date": "2026-02-03"}},
		{"devin_pr_metrics", "user_ids", "Empty list", map[string]any{"start_date": "2026-02-03", "user_ids": []string{}}},
		{"devin_pr_metrics", "org_ids", "Empty text", map[string]any{"start_date": "2026-02-03", "org_ids": []string{"org-a", ""}}},
		{"devin_pr_metrics", "service_user_ids", "White space", map[string]any{"start_date": "2026-02-03", "service_user_ids": []string{" a"}}},
		{"devin_pr_metrics", "playbook_id", "Empty text", map[string]any{"start_date": "2026-02-03", "playbook_id": ""}},
		{"devin_members", "org_id", "Empty text", map[string]any{"org_id": ""}},
		{"devin_connection_check", "required_permissions", "must be one of", map[string]any{"required_permissions": []string{"ManageEverything"}}},
		{"devin_connection_check", "required_permissions", "at least 1", map[string]any{"required_permissions": []string{}}},
	} {
		diags := p.ValidateData(t, tt.source, tt.given)
		got := providertest.Messages(diags)
		if len(diags) != 1 || !strings.HasPrefix(got, tt.attribute+": ") || !strings.Contains(got, tt.want) {
			t.Errorf("%s %v: want one error at %s with %q, got:\n%s", tt.source, tt.given, tt.attribute, tt.want, got)
		}
	}
}
