package provider

import (
	"context"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attributes joins the attributes of the structs that a model embeds with the model's
// own. It panics on a duplicate name: every test of the schemas finds that.
func attributes(parts ...map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for _, part := range parts {
		for name, attribute := range part {
			if _, ok := all[name]; ok {
				panic("duplicate attribute " + name)
			}
			all[name] = attribute
		}
	}
	return all
}

// The attributes of what a data source returns, by type.

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func computedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

func computedInt(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

func computedFloat(description string) schema.Float64Attribute {
	return schema.Float64Attribute{Computed: true, MarkdownDescription: description}
}

// computedCounts is a map from a name to a count.
func computedCounts(description string) schema.MapAttribute {
	return schema.MapAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: description}
}

func computedStrings(description string) schema.ListAttribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

func computedObject(description string, attributes map[string]schema.Attribute) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: attributes}
}

func computedRows(description string, attributes map[string]schema.Attribute) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: description, NestedObject: schema.NestedAttributeObject{Attributes: attributes},
	}
}

// The arguments of a data source, by type.

func requiredID(description string) schema.StringAttribute {
	return schema.StringAttribute{Required: true, MarkdownDescription: description, Validators: []validator.String{notBlank{}}}
}

func optionalText(description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{notBlank{}}}
}

func optionalOneOf(description string, values ...string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{stringvalidator.OneOf(values...)}}
}

func optionalBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
}

// optionalWhole is a whole number from least to most.
func optionalWhole(description string, least, most float64) schema.NumberAttribute {
	return schema.NumberAttribute{
		Optional: true, MarkdownDescription: description,
		Validators: []validator.Number{numberValidator{least: least, most: most, whole: true}},
	}
}

// numberValidator checks the range of a number. Arguments are NumberAttributes, not
// Int64Attributes or Float64Attributes, for which the framework itself refuses 1.5 or
// 1e400 and calls that an error in the provider.
type numberValidator struct {
	least, most float64
	whole       bool
	hint        string // a sentence with advice; may be empty
}

func (v numberValidator) Description(context.Context) string {
	what := "a number"
	if v.whole {
		what = "a whole number"
	}
	bound := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return fmt.Sprintf("must be %s from %s to %s", what, bound(v.least), bound(v.most))
}

func (v numberValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v numberValidator) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	given := req.ConfigValue.ValueBigFloat()
	if f, _ := given.Float64(); f < v.least || f > v.most || v.whole && !given.IsInt() {
		resp.Diagnostics.AddAttributeError(req.Path, "Impossible number", strings.TrimSpace(fmt.Sprintf("%s %s, and it is %s. %s",
			req.Path, v.Description(ctx), plainNumber(given), v.hint)))
	}
}

// plainNumber is a number as people write it, 1000000 and not 1e+06, unless it has more
// digits than anyone reads.
func plainNumber(f *big.Float) string {
	if abs := new(big.Float).Abs(f); f.Sign() == 0 || abs.Cmp(big.NewFloat(1e-6)) >= 0 && abs.Cmp(big.NewFloat(1e21)) < 0 {
		short, _ := f.Float64()
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	return f.Text('g', 16)
}

// numberOf returns a number that numberValidator accepted, or unset where it is null.
func numberOf(value types.Number, unset float64) float64 {
	if value.IsNull() {
		return unset
	}
	f, _ := value.ValueBigFloat().Float64()
	return f
}

// wholeNumber returns a number that numberValidator accepted; nil where it is null.
func wholeNumber(value types.Number) *int64 {
	if value.IsNull() {
		return nil
	}
	n, _ := value.ValueBigFloat().Int64()
	return &n
}
