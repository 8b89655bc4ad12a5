package wiretest_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/wire/wiretest"
)

func TestCheckFindsMisfits(t *testing.T) {
	text := schema.StringAttribute{Computed: true}
	rows := func(attributes map[string]schema.Attribute) schema.Attribute {
		return schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes}}
	}
	type plainModel struct {
		Text string `tfsdk:"text"`
	}
	type textModel struct {
		Text *string `tfsdk:"text"`
	}
	type nested struct {
		Text []plainModel `tfsdk:"text"`
	}
	for name, test := range map[string]struct {
		misfit func(schema.Attribute) error
		schema schema.Attribute
		want   string
	}{
		"computed without null": {misfitOf[plainModel], text, "does not fit wiretest_test.plainModel"},
		"another type":          {misfitOf[textModel], schema.BoolAttribute{Computed: true}, "textModel does not fit"},
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
		"numbers as a list": {misfitOf[struct {
			N scores `tfsdk:"text"`
		}], schema.ListAttribute{Computed: true, ElementType: types.Float64Type}, "does not fit its schema"},
		"a text as a number": {misfitOf[struct {
			T *level `tfsdk:"text"`
		}], schema.Int64Attribute{Computed: true}, "does not fit its schema"},
		"numbers that fit": {misfitOf[struct {
			N scores `tfsdk:"text"`
		}], schema.MapAttribute{Computed: true, ElementType: types.Float64Type}, ""},
		"a text that fits": {misfitOf[struct {
			T *level `tfsdk:"text"`
		}], text, ""},
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

type scores []struct {
	Name  string
	Score float64
}

func (s scores) Len() int { return len(s) }

func (s scores) At(i int) (string, float64) { return s[i].Name, s[i].Score }

type level int

func (l level) AppendText(b []byte) ([]byte, error) { return append(b, 'A'+byte(l)%26), nil }

func misfitOf[M any](text schema.Attribute) error {
	return wiretest.Check[M](schema.Schema{Attributes: map[string]schema.Attribute{"text": text}})
}
