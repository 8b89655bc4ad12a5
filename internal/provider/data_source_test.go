package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func TestDataSourceReadsConfigurationIntoItsModel(t *testing.T) {
	source := func() datasource.DataSource {
		return &dataSource[wireTestModel]{
			name: "kinds", doing: "read all kinds", schema: wireTestSchema,
			read: func(_ context.Context, _ *devin.Client, m *wireTestModel) error {
				if m.Filter.ValueString() != "f" || len(m.Users) != 2 || m.Org != nil || m.Rows != nil || m.Count != nil {
					return fmt.Errorf("the model is %+v", m)
				}
				m.Rows = []wireTestRow{{ID: m.Users[1], ACUs: 3.37}}
				return nil
			},
		}
	}
	list := tftypes.List{ElementType: tftypes.String}
	resp := wireTestRead(t, wireTestServer(t, wireTestClient(), source), "wiretest_kinds", wireTestSchema(), map[string]tftypes.Value{
		"filter": tftypes.NewValue(tftypes.String, "f"),
		"users": tftypes.NewValue(list, []tftypes.Value{
			tftypes.NewValue(tftypes.String, "email|a"), tftypes.NewValue(tftypes.String, "email|b"),
		}),
	})
	if got := wireTestAttribute(t, resp, wireTestSchema(), "filter"); !got.Equal(tftypes.NewValue(tftypes.String, "f")) {
		t.Errorf("filter is %s", got)
	}
	if got := wireTestAttribute(t, resp, wireTestSchema(), "rows").String(); !strings.Contains(got, "email|b") {
		t.Errorf("rows are %s", got)
	}
}

func TestDataSourceDiagnostics(t *testing.T) {
	blamed := &attributeError{path.Root("text"), "Bad text", "It rhymes."}
	for name, test := range map[string]struct {
		data any
		err  error
		want []string
		at   *tftypes.AttributePath
	}{
		"an error of read": {
			data: wireTestClient(), err: errors.New("the dog ate it"),
			want: []string{"read the text", "the dog ate it"},
		},
		"an error with an attribute": {
			data: wireTestClient(), err: fmt.Errorf("wrapped: %w", blamed),
			want: []string{"Bad text", "It rhymes."}, at: tftypes.NewAttributePath().WithAttributeName("text"),
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
			server := wireTestServer(t, test.data, wireTestText("x", test.err))
			resp := wireTestRead(t, server, "wiretest_text", wireTestTextSchema(), nil)
			if len(resp.Diagnostics) != 1 {
				t.Fatalf("diagnostics: %v", resp.Diagnostics)
			}
			d := resp.Diagnostics[0]
			for _, want := range test.want {
				if text := d.Summary + ": " + d.Detail; !strings.Contains(text, want) {
					t.Errorf("%q does not say %q", text, want)
				}
			}
			if test.at.Equal(d.Attribute) == (test.at == nil && d.Attribute != nil) {
				t.Errorf("at %s, want %s", d.Attribute, test.at)
			}
		})
	}
}

func TestAttributeErrorNamesTheAttribute(t *testing.T) {
	err := &attributeError{path.Root("end_date"), "Window ends before it starts", "Swap the dates."}
	if got := err.Error(); got != "end_date: Window ends before it starts: Swap the dates." {
		t.Error(got)
	}
}

// What checkWire is for: that it finds models which do not fit.
func TestCheckWireFindsMisfits(t *testing.T) {
	text := schema.StringAttribute{Computed: true}
	rows := func(attributes map[string]schema.Attribute) schema.Attribute {
		return schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes}}
	}
	type plain struct {
		Text string `tfsdk:"text"`
	}
	type nested struct {
		Text []plain `tfsdk:"text"`
	}
	for name, test := range map[string]struct {
		misfit func(schema.Attribute) error
		schema schema.Attribute
		want   string
	}{
		"computed without null": {misfitOf[plain], text, "does not fit provider.plain"},
		"another type":          {misfitOf[wireTestTextModel], schema.BoolAttribute{Computed: true}, "wireTestTextModel does not fit"},
		"a fraction as integer": {misfitOf[struct {
			N *float64 `tfsdk:"text"`
		}], schema.Int64Attribute{Computed: true}, "does not fit its schema"},
		"another types.*": {misfitOf[struct {
			V types.Bool `tfsdk:"text"`
		}], text, "Bool"},
		"an attribute missing":  {misfitOf[nested], rows(map[string]schema.Attribute{"text": text, "more": text}), "more"},
		"an attribute too many": {misfitOf[nested], rows(map[string]schema.Attribute{}), "text"},
		"an attribute renamed":  {misfitOf[nested], rows(map[string]schema.Attribute{"texts": text}), "texts"},
		"a list as a map":       {misfitOf[nested], schema.MapAttribute{Computed: true, ElementType: types.StringType}, "does not fit"},
		"a type not supported": {misfitOf[struct {
			F *float32 `tfsdk:"text"`
		}], schema.Float32Attribute{Computed: true}, "float32"},
		"one that fits": {misfitOf[nested], rows(map[string]schema.Attribute{"text": text}), ""},
	} {
		err := test.misfit(test.schema)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

func misfitOf[M any](text schema.Attribute) error {
	return (&dataSource[M]{schema: func() schema.Schema {
		return schema.Schema{Attributes: map[string]schema.Attribute{"text": text}}
	}}).wireMisfit()
}
