// Package wiretest is for tests of data sources whose results go to Terraform by
// package wire: it checks their models, and serves and reads them.
package wiretest

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// Check checks that the model M of a data source fits its schema: that a
// configuration can be read into it, and that what goes to Terraform decodes
// under the schema's type to what State.Set makes of the same model.
func Check[M any](s schema.Schema) error {
	ctx := context.Background()
	typ := s.Type()

	config := make(map[string]tftypes.Value)
	for name, attribute := range s.GetAttributes() {
		choice := filler{kind: fillNull}
		if attribute.IsRequired() {
			choice.kind = fillFull
		}
		config[name] = choice.raw(attribute.GetType().TerraformType(ctx))
	}
	raw := tftypes.NewValue(typ.TerraformType(ctx), config)
	var m M
	if diags := (&tfsdk.Config{Schema: s, Raw: raw}).Get(ctx, &m); diags.HasError() {
		return fmt.Errorf("a configuration with only what is required does not fit %T: %w", m, errorOf(diags))
	}

	for _, kind := range []fillKind{fillFull, fillNull, fillEmpty, fillMixed} {
		var m M
		fill := filler{kind: kind}
		if err := fill.fill(reflect.ValueOf(&m).Elem(), typ); err != nil {
			return fmt.Errorf("%T does not fit its schema: %w", m, err)
		}
		state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(typ.TerraformType(ctx), nil)}
		set, err := plain(reflect.ValueOf(m))
		if err != nil {
			return err
		}
		if diags := state.Set(ctx, set); diags.HasError() {
			return fmt.Errorf("%T does not fit its schema: %w", m, errorOf(diags))
		}
		encoded, err := wire.Encode(ctx, &m)
		if err != nil {
			return err
		}
		got, err := tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(typ.TerraformType(ctx))
		if err != nil {
			return fmt.Errorf("%T does not decode: %w", m, err)
		}
		if err := sameValues(got, state.Raw); err != nil {
			return fmt.Errorf("%T, filled as %d: %w", m, kind, err)
		}
	}
	return nil
}

// sameValues compares numbers as float64: on the wire they are decimal text,
// from State.Set they are the float64 itself.
func sameValues(got, want tftypes.Value) error {
	round := func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.Type().Is(tftypes.Number) || v.IsNull() || !v.IsKnown() {
			return v, nil
		}
		var n big.Float
		err := v.As(&n)
		f, _ := n.Float64()
		return tftypes.NewValue(tftypes.Number, big.NewFloat(f)), err
	}
	got, errGot := tftypes.Transform(got, round)
	want, errWant := tftypes.Transform(want, round)
	diffs, errDiff := got.Diff(want)
	if err := errors.Join(errGot, errWant, errDiff); err != nil {
		return err
	}
	if len(diffs) == 0 {
		return nil
	}
	// A value that differs makes all that it is in differ too.
	d := slices.MaxFunc(diffs, func(a, b tftypes.ValueDiff) int { return len(a.Path.Steps()) - len(b.Path.Steps()) })
	return fmt.Errorf("the wire has %v where State.Set has %v, at %s", d.Value1, d.Value2, d.Path)
}

func errorOf(diags diag.Diagnostics) error {
	var all []string
	for _, d := range diags.Errors() {
		all = append(all, d.Summary()+": "+d.Detail())
	}
	return errors.New(strings.Join(all, "; "))
}

type fillKind int

const (
	fillFull fillKind = iota
	fillNull
	fillEmpty
	fillMixed // all of these in turn
)

// filler makes values, all of them different.
type filler struct {
	kind fillKind
	n    int
}

var fillNumbers = []float64{0.1, 3.37, 0.5, 42, -7.25, 1e-7, 123456.789, 0, 1 << 40, 2.0 / 3}

func (f *filler) next() fillKind {
	f.n++
	if f.kind == fillMixed {
		return fillKind(f.n % 3)
	}
	return f.kind
}

func (f *filler) text() string    { f.n++; return fmt.Sprintf("Zoë|日本 %d\n", f.n) }
func (f *filler) number() float64 { f.n++; return fillNumbers[f.n%len(fillNumbers)] }

func (f *filler) fill(v reflect.Value, typ attr.Type) error {
	if v.Kind() != reflect.Pointer && v.Type().Implements(attrValueType) {
		value, err := typ.ValueFromTerraform(context.Background(), f.raw(typ.TerraformType(context.Background())))
		if err != nil {
			return err
		}
		if !reflect.TypeOf(value).AssignableTo(v.Type()) {
			return fmt.Errorf("the schema has a %T, the model a %s", value, v.Type())
		}
		v.Set(reflect.ValueOf(value))
		return nil
	}
	switch {
	case v.Type().Implements(numbersType):
		return f.fillNumbers(v)
	case v.Type().Implements(textType) && v.Kind() == reflect.Struct:
		return nil // as a text, its zero value is one like any other
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text())
	case reflect.Bool:
		v.SetBool(f.next() != fillNull)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.number()))
	case reflect.Float64:
		v.SetFloat(f.number())
	case reflect.Struct:
		return f.fillStruct(v, typ)
	case reflect.Pointer:
		if f.next() == fillNull {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return f.fill(v.Elem(), typ)
	case reflect.Slice, reflect.Map:
		return f.fillCollection(v, typ)
	default:
		return fmt.Errorf("a %s fits no attribute", v.Type())
	}
	return nil
}

func (f *filler) fillStruct(v reflect.Value, typ attr.Type) error {
	object, ok := typ.(attr.TypeWithAttributeTypes)
	if !ok {
		return fmt.Errorf("the schema has a %s, the model a %s", typ, v.Type())
	}
	for i := range v.NumField() {
		field, tag := v.Type().Field(i), v.Type().Field(i).Tag.Get("tfsdk")
		var err error
		if attribute, ok := object.AttributeTypes()[tag]; ok {
			err = f.fill(v.Field(i), attribute)
		} else if field.Anonymous {
			err = f.fillStruct(v.Field(i), typ)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}

func (f *filler) fillCollection(v reflect.Value, typ attr.Type) error {
	collection, ok := typ.(attr.TypeWithElementType)
	if !ok {
		return fmt.Errorf("the schema has a %s, the model a %s", typ, v.Type())
	}
	kind := f.next()
	switch {
	case kind == fillNull:
		return nil
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
	default:
		v.Set(reflect.MakeSlice(v.Type(), 0, 3))
	}
	for range 3 {
		if kind == fillEmpty {
			break
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		if err := f.fill(elem, collection.ElementType()); err != nil {
			return err
		}
		if v.Kind() == reflect.Map {
			v.SetMapIndex(reflect.ValueOf(f.text()).Convert(v.Type().Key()), elem)
		} else {
			v.Set(reflect.Append(v, elem))
		}
	}
	return nil
}

// fillNumbers needs a slice of structs, each a text and a number.
func (f *filler) fillNumbers(v reflect.Value) error {
	kind := f.next()
	if kind == fillNull {
		return nil
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 2))
	for range 2 {
		if kind == fillEmpty {
			break
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		elem.Field(0).SetString(f.text())
		elem.Field(1).SetFloat(f.number())
		v.Set(reflect.Append(v, elem))
	}
	return nil
}

// raw is for the attributes that models hold as types.*.
func (f *filler) raw(typ tftypes.Type) tftypes.Value {
	kind := f.next()
	if kind == fillNull {
		return tftypes.NewValue(typ, nil)
	}
	elems := func(elem tftypes.Type) []tftypes.Value {
		if kind == fillEmpty {
			return []tftypes.Value{}
		}
		return []tftypes.Value{f.raw(elem), f.raw(elem)}
	}
	switch typ := typ.(type) {
	case tftypes.List:
		return tftypes.NewValue(typ, elems(typ.ElementType))
	case tftypes.Set:
		return tftypes.NewValue(typ, elems(typ.ElementType))
	case tftypes.Map:
		all := make(map[string]tftypes.Value)
		for _, elem := range elems(typ.ElementType) {
			all[f.text()] = elem
		}
		return tftypes.NewValue(typ, all)
	case tftypes.Object:
		all := make(map[string]tftypes.Value)
		for name, attribute := range typ.AttributeTypes {
			all[name] = f.raw(attribute)
		}
		return tftypes.NewValue(typ, all)
	}
	switch {
	case typ.Is(tftypes.Bool):
		return tftypes.NewValue(typ, kind == fillFull)
	case typ.Is(tftypes.Number):
		return tftypes.NewValue(typ, big.NewFloat(float64(int64(f.number()))))
	}
	return tftypes.NewValue(typ, f.text())
}
