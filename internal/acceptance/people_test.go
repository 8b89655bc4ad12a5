package acceptance

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// showsPeople is the line in which a configuration says that a plan of it names people.
var showsPeople = regexp.MustCompile(`(?m)^# Shows people: \S`)

// memberIn returns the name or the address of a member that a text has; empty if there
// is none.
func memberIn(members []devintest.Member, text string) string {
	for _, m := range members {
		for _, shown := range []*string{m.Name, m.Email} {
			if shown != nil && *shown != "" && strings.Contains(text, *shown) {
				return *shown
			}
		}
	}
	return ""
}

// personIn is memberIn, or an address of anyone, as an id can contain it.
func personIn(members []devintest.Member, text string) string {
	return cmp.Or(memberIn(members, text), address.FindString(text))
}

// wantNoPersonIn checks that what Terraform prints of a configuration names no person: a
// pipeline keeps it in its log.
func wantNoPersonIn(t *testing.T, config, printed string, members []devintest.Member) {
	t.Helper()
	if person := personIn(members, printed); person != "" {
		t.Errorf("%s shows %s; say sensitive(...), or sensitive = true of an output:\n%.3000s", config, person, printed)
	}
}

// wantNoIDIn checks that outputs have no user id, which a company can trace to a person.
func wantNoIDIn(t *testing.T, config, outputs string, members []devintest.Member) {
	t.Helper()
	for _, m := range members {
		if strings.Contains(outputs, m.UserID) {
			t.Errorf("%s shows %s in an output, which has to be sensitive:\n%.1000s", config, m.UserID, outputs)
			return
		}
	}
}

// otherProvider stands in for the providers to which the documentation hands people and
// usage. Like theirs, its arguments are not sensitive.
type otherProvider struct{}

func (otherProvider) Metadata(context.Context, framework.MetadataRequest, *framework.MetadataResponse) {
}
func (otherProvider) Schema(context.Context, framework.SchemaRequest, *framework.SchemaResponse) {}
func (otherProvider) Configure(context.Context, framework.ConfigureRequest, *framework.ConfigureResponse) {
}

func (otherProvider) Resources(context.Context) []func() resource.Resource {
	table := schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
		Attributes: map[string]schema.Attribute{
			"source_format": schema.StringAttribute{Optional: true},
			"source_uris":   schema.ListAttribute{Optional: true, ElementType: types.StringType},
			"autodetect":    schema.BoolAttribute{Optional: true},
		},
		Blocks: map[string]schema.Block{"csv_options": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
			"quote":             schema.StringAttribute{Optional: true},
			"skip_leading_rows": schema.NumberAttribute{Optional: true},
		}}}},
	}}
	return []func() resource.Resource{
		newOtherResource("aws_s3_object", nil, "bucket", "key", "content", "content_type"),
		newOtherResource("google_storage_bucket_object", nil, "bucket", "name", "content", "content_type"),
		newOtherResource("google_bigquery_table", map[string]schema.Block{"external_data_configuration": table}, "dataset_id", "table_id"),
		newOtherResource("github_issue", nil, "repository", "title", "body"),
		newOtherResource("local_file", nil, "filename", "content"),
	}
}

func (otherProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return otherRequest{} }}
}

// otherResource keeps what it is given.
type otherResource struct {
	name   string
	schema schema.Schema
}

func newOtherResource(name string, blocks map[string]schema.Block, arguments ...string) func() resource.Resource {
	r := otherResource{name, schema.Schema{Attributes: map[string]schema.Attribute{}, Blocks: blocks}}
	for _, argument := range arguments {
		r.schema.Attributes[argument] = schema.StringAttribute{Optional: true}
	}
	return func() resource.Resource { return r }
}

func (r otherResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.name
}

func (r otherResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema
}

func (otherResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (otherResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (otherResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (otherResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// otherRequest is the data source http, and sends nothing.
type otherRequest struct{}

func (otherRequest) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "http"
}

func (otherRequest) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dataschema.Schema{Attributes: map[string]dataschema.Attribute{
		"url":             dataschema.StringAttribute{Required: true},
		"method":          dataschema.StringAttribute{Optional: true},
		"request_headers": dataschema.MapAttribute{Optional: true, ElementType: types.StringType},
		"request_body":    dataschema.StringAttribute{Optional: true},
		"status_code":     dataschema.NumberAttribute{Computed: true},
	}}
}

func (otherRequest) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.State.Raw = req.Config.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("status_code"), 200)...)
}

func (w *workspace) serveOthers(t *testing.T) {
	t.Helper()
	w.serve(t, otherProvider{}, "hashicorp/aws", "hashicorp/google", "hashicorp/http", "hashicorp/github", "hashicorp/local")
}

// addedTo names the section of the cookbook to whose block another block is added.
var addedTo = regexp.MustCompile(`Add\s+this to (?:the block of )?\*([^*]+)\*`)

// What hands people on to another provider does not print them.
func TestAccTheCookbookHandsPeopleOnUnseen(t *testing.T) {
	fake := devintest.New(devintest.Options{Seed: 1}) // as documented has it
	added := 0
	for section := range strings.SplitSeq(read(t, cookbook), "\n## ") {
		heading, text, _ := strings.Cut(section, "\n")
		for _, match := range fence.FindAllStringSubmatch(text, -1) {
			if match[1] != "hcl" {
				continue
			}
			added++
			t.Run(heading, func(t *testing.T) {
				to := addedTo.FindStringSubmatch(text)
				if to == nil {
					t.Fatal("it does not say to which block it is added")
				}
				w := documented(t, configuration{heading, cookbookBlock(t, to[1], "terraform") + match[2]}, devintest.KeyOK)
				w.serveOthers(t)
				w.env = append(w.env, "TF_VAR_slack_webhook=https://hooks.example.com/1")
				wantNoPersonIn(t, heading, w.applied(t), fake.Members())
			})
		}
	}
	if added < 4 {
		t.Errorf("only %d blocks are added to others", added)
	}
}

func TestAccTheExportHandsPeopleOnUnseen(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := fake.recipe(t, "export-csv", devintest.KeyOK, nil)
	w.serveOthers(t)
	more := ""
	for _, block := range blocks(t, "examples/recipes/export-csv/README.md", "hcl") {
		if strings.HasPrefix(block.text, "resource ") {
			more += block.text
		}
	}
	w.write(t, "more.tf", more)
	printed := w.applied(t)
	wantNoPersonIn(t, "export-csv", printed, fake.Members())
	if n := strings.Count(printed, "(sensitive value)"); n < 4 {
		t.Errorf("%d of three resources and an output are hidden:\n%s", n, printed)
	}
}

func TestAccTheReportIsUploadedUnseen(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := newWorkspace(t, fake.Provider(), nil)
	w.serveOthers(t)
	if err := os.CopyFS(filepath.Join(w.dir, "usage-report"), os.DirFS(filepath.Join(recipesFolder, "usage-report"))); err != nil {
		t.Fatal(err)
	}
	upload := blocks(t, "examples/recipes/usage-report/README.md", "hcl")
	if len(upload) != 1 {
		t.Fatalf("the recipe has %d blocks", len(upload))
	}
	w.write(t, "main.tf", requirement+fake.Config(devintest.KeyOK, upload[0].text))
	w.succeed(t, "get", "-no-color")
	printed := w.succeed(t, "apply", "-auto-approve", "-input=false", "-no-color")
	wantNoPersonIn(t, "usage-report", printed, fake.Members())
	if !strings.Contains(printed, "(sensitive value)") {
		t.Errorf("the page is not uploaded:\n%s", printed)
	}
}

func TestAccTheCookbookShowsMembersByIDOnly(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := fake.cookbook(t, "One resource for each member", devintest.KeyOK)
	printed := w.applied(t) + w.succeed(t, "plan", "-destroy", "-input=false", "-no-color")
	if person := memberIn(fake.Members(), printed); person != "" {
		t.Errorf("it shows %s:\n%.3000s", person, printed)
	}
	for _, m := range fake.Members() {
		if !strings.Contains(printed, `terraform_data.member["`+m.UserID+`"] will be created`) {
			t.Errorf("there is no resource of %s", m.UserID)
		}
	}
}
