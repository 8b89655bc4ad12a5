package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
	"github.com/devin-community/terraform-provider-devin/internal/wire/wiretest"
)

// configuredModel has arguments and results, of which a configuration sets some.
type configuredModel struct {
	Filter types.String    `tfsdk:"filter"`
	Users  []string        `tfsdk:"users"`
	Org    *string         `tfsdk:"org"`
	Rows   []configuredRow `tfsdk:"rows"`
	Count  *int64          `tfsdk:"count_merged"`
}

type configuredRow struct {
	ID   string  `tfsdk:"id"`
	ACUs float64 `tfsdk:"acus"`
}

func configuredSchema() schema.Schema {
	row := map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true},
		"acus": schema.Float64Attribute{Computed: true},
	}
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"filter":       schema.StringAttribute{Required: true},
		"users":        schema.ListAttribute{Optional: true, ElementType: types.StringType},
		"org":          schema.StringAttribute{Optional: true},
		"rows":         schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: row}},
		"count_merged": schema.Int64Attribute{Computed: true},
	}}
}

func TestDataSourceReadsConfigurationIntoItsModel(t *testing.T) {
	source := func() datasource.DataSource {
		return &dataSource[configuredModel]{
			name: "configured", action: "read what is configured", schema: configuredSchema,
			read: ofKey(func(_ context.Context, _ *devin.Client, m *configuredModel) error {
				if m.Filter.ValueString() != "f" || len(m.Users) != 2 || m.Org != nil || m.Rows != nil || m.Count != nil {
					return fmt.Errorf("the model is %+v", m)
				}
				m.Rows = []configuredRow{{ID: m.Users[1], ACUs: 3.37}}
				return nil
			}),
		}
	}
	list := tftypes.List{ElementType: tftypes.String}
	resp := wiretest.Read(t, dataSourceServer(t, someClient(), source), "wiretest_configured", configuredSchema(), map[string]tftypes.Value{
		"filter": tftypes.NewValue(tftypes.String, "f"),
		"users": tftypes.NewValue(list, []tftypes.Value{
			tftypes.NewValue(tftypes.String, "email|a"), tftypes.NewValue(tftypes.String, "email|b"),
		}),
	})
	if got := wiretest.Attribute(t, resp, configuredSchema(), "filter"); !got.Equal(tftypes.NewValue(tftypes.String, "f")) {
		t.Errorf("filter is %s", got)
	}
	if got := wiretest.Attribute(t, resp, configuredSchema(), "rows").String(); !strings.Contains(got, "email|b") {
		t.Errorf("rows are %s", got)
	}
}

func dataSourceServer(t *testing.T, data any, source func() datasource.DataSource) tfprotov6.ProviderServer {
	t.Helper()
	server, err := wire.NewServer(&wiretest.Provider{Data: data, Sources: []func() datasource.DataSource{source}})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func someClient() *providerData { return &providerData{client: new(devin.Client)} }

type textModel struct {
	Text *string `tfsdk:"text"`
}

func textSchema() schema.Schema {
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"text": schema.StringAttribute{Computed: true},
	}}
}

// newText makes a data source that reads a text, or fails with err.
func newText(err error) func() datasource.DataSource {
	return func() datasource.DataSource {
		return &dataSource[textModel]{
			name: "text", action: "read the text", schema: textSchema,
			read: ofKey(func(_ context.Context, client *devin.Client, m *textModel) error {
				if client == nil {
					return errors.New("read was called without a client")
				}
				text := "x"
				m.Text = &text
				return err
			}),
		}
	}
}

func TestDataSourceReportsWhatFailed(t *testing.T) {
	blamed := &attributeError{path: path.Root("text"), summary: "Bad text", detail: "It is too long."}
	for name, test := range map[string]struct {
		data any
		err  error
		want []string
		at   *tftypes.AttributePath
	}{
		"an error of read": {
			data: someClient(), err: errors.New("the wire broke"),
			want: []string{"read the text", "the wire broke"},
		},
		"an error with an attribute": {
			data: someClient(), err: fmt.Errorf("wrapped: %w", blamed),
			want: []string{"Bad text", "It is too long."}, at: tftypes.NewAttributePath().WithAttributeName("text"),
		},
		"one setting unknown": {
			data: &providerData{unknown: []string{"api_key"}},
			want: []string{"not known yet", "Could not read the text", "api_key of the Devin provider is known only after apply", "-target"},
		},
		"two settings unknown": {
			data: &providerData{unknown: []string{"api_key", "api_url"}},
			want: []string{"api_key, api_url of the Devin provider are known only"},
		},
		"a provider that was not configured":  {want: []string{"Bug in the Devin provider", "before the provider was configured"}},
		"provider data without anything":      {data: &providerData{}, want: []string{"before the provider was configured"}},
		"provider data of another type":       {data: "client", want: []string{"passed on a string", "*provider.providerData"}},
		"a client where its wrapping belongs": {data: new(devin.Client), want: []string{"passed on a *devin.Client"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := dataSourceServer(t, test.data, newText(test.err))
			resp := wiretest.Read(t, server, "wiretest_text", textSchema(), nil)
			if len(resp.Diagnostics) != 1 {
				t.Fatalf("diagnostics: %v", resp.Diagnostics)
			}
			d := resp.Diagnostics[0]
			for _, want := range test.want {
				if text := d.Summary + ": " + d.Detail; !strings.Contains(text, want) {
					t.Errorf("%q does not say %q", text, want)
				}
			}
			if !test.at.Equal(d.Attribute) {
				t.Errorf("at %s, want %s", d.Attribute, test.at)
			}
		})
	}
}

func TestAttributeErrorNamesTheAttribute(t *testing.T) {
	err := &attributeError{path: path.Root("end_date"), summary: "Window ends before it starts", detail: "Swap the dates."}
	if got := err.Error(); got != "end_date: Window ends before it starts: Swap the dates." {
		t.Error(got)
	}
}

func TestResultTooLargeSaysWhatToDo(t *testing.T) {
	arguments := map[string]string{"start_date": "a shorter window", "format": "format = \"csv\"", "user_ids": "user_ids"}
	for _, has := range [][]string{{"start_date", "format", "user_ids"}, {"format"}, nil} {
		var diags diag.Diagnostics
		addResultError(&diags, "read the text", fmt.Errorf("wrapped: %w", &wire.SizeError{Size: 2 << 20, Limit: 1 << 20}),
			func(argument string) bool { return slices.Contains(has, argument) })
		if len(diags) != 1 {
			t.Fatalf("diagnostics: %v", diags)
		}
		text := diags[0].Summary() + ": " + diags[0].Detail()
		for _, want := range []string{"too large", "Could not read the text", "2.0 MiB", "at most 1.0 MiB"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q does not say %q", text, want)
			}
		}
		for argument, advice := range arguments {
			if strings.Contains(text, advice) != slices.Contains(has, argument) {
				t.Errorf("with the arguments %v: %q", has, text)
			}
		}
	}
}

func TestDataSourceOfAnotherServerSaysSo(t *testing.T) {
	server := providerserver.NewProtocol6(&wiretest.Provider{
		Data: someClient(), Sources: []func() datasource.DataSource{newText(nil)},
	})()
	resp := wiretest.Read(t, server, "wiretest_text", textSchema(), nil)
	if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, "not served by wire.NewServer") {
		t.Errorf("diagnostics: %v", resp.Diagnostics)
	}
}

func TestNewServerServesTheWire(t *testing.T) {
	got, err := NewServer(Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	want, err := wire.NewServer(New(Options{Version: "test"}))
	if err != nil {
		t.Fatal(err)
	}
	if reflect.TypeOf(got) != reflect.TypeOf(want) {
		t.Errorf("served by a %T", got)
	}
}

func TestAWrongKeyIsInvalidInAnOrdinaryRead(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{BadKeyStatus: status}})
		for _, orgID := range []any{nil, fake.Organizations()[0].OrgID} {
			for _, source := range []string{"devin_daily_consumption", "devin_members_daily_consumption", "devin_pr_metrics"} {
				p := fake.configured(t, map[string]any{"api_key": "cog_a_key_that_was_revoked", "org_id": orgID})
				got := providertest.Messages(p.ReadData(t, source, map[string]any{"start_date": "2026-10-01"}).Diagnostics)
				if !strings.HasPrefix(got, "invalid_credentials: Devin refused the API key") || !strings.Contains(got, "DEVIN_API_KEY") {
					t.Errorf("%d, %s, org_id %v:\n%s", status, source, orgID, got)
				}
			}
		}
	}
}

// The outputs are short, since Terraform takes seconds to show a change of long lists.
func TestAccEveryDataSourceReadsTheSameAgain(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 4, PageSize: 200})
	arguments := map[string]string{
		"start_date": "2026-11-07", "end_date": "2026-11-08", "org_id": fake.Organizations()[0].OrgID, "user_id": fake.Members()[0].UserID,
		"session_id": fake.Sessions()[0].SessionID,
	}
	var body strings.Builder
	for name, schema := range newProtocol(t, fake.Provider()).Schemas.DataSourceSchemas {
		fmt.Fprintf(&body, "data %q \"this\" {\n", name)
		for _, a := range schema.Block.Attributes {
			switch value := arguments[a.Name]; {
			case a.Required && value == "":
				t.Fatalf("no value for the argument %s of %s", a.Name, name)
			case a.Required, a.Optional && slices.Contains([]string{"start_date", "end_date", "user_id"}, a.Name):
				fmt.Fprintf(&body, "  %s = %q\n", a.Name, value)
			}
		}
		fmt.Fprintf(&body, "}\noutput %q { value = sha256(jsonencode(data.%s.this)) }\n", name, name)
	}
	providertest.Run(t, fake.Step(devintest.KeyOK, body.String()), fake.Unchanged(devintest.KeyOK, body.String()))
}

// sameWhereFiltersAreIgnored wants the same of a Devin that ignores filters, whose items
// show what they filter by. read is called with each of two clients.
func sameWhereFiltersAreIgnored(t *testing.T, filters []string, read func(client *devin.Client) any) {
	t.Helper()
	opts := devintest.Options{PageSize: 200}
	want := read(newFixture(t, opts).Client(t, devintest.KeyOK))
	opts.Quirks.IgnoredFilters = filters
	if got := read(newFixture(t, opts).Client(t, devintest.KeyOK)); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
}

func redactingClient(t *testing.T, fake *fixture) *devin.Client {
	t.Helper()
	return fake.Client(t, devintest.KeyOK, func(c *devin.Config) { c.RedactPersonalData = true })
}

// hasNoPersonalData wants a list without e-mail addresses and without what people wrote.
func hasNoPersonalData[T any](t *testing.T, fake *fixture, items []T) {
	t.Helper()
	shown, err := json.Marshal(items)
	if err != nil || len(items) == 0 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	private := []string{"flaky login", "hunter2", "It looks like", "never-to-be-read"}
	for _, m := range fake.Members() {
		if m.Email != nil && *m.Email != m.UserID {
			private = append(private, *m.Email)
		}
	}
	for _, text := range private {
		if strings.Contains(string(shown), text) {
			t.Errorf("%q is shown", text)
		}
	}
}
