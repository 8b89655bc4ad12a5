package wiretest

import (
	"encoding"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

var (
	attrValueType = reflect.TypeFor[attr.Value]()
	numbersType   = reflect.TypeFor[wire.Numbers]()
	textType      = reflect.TypeFor[encoding.TextAppender]()
)

// plain is the model m in types that State.Set takes: a map of numbers is a Go
// map, what appends its text is a string, and structs embed nothing.
func plain(m reflect.Value) (any, error) {
	to := reflect.New(plainType(m.Type())).Elem()
	err := copyPlain(to, m)
	return to.Interface(), err
}

func plainType(t reflect.Type) reflect.Type {
	if t.Kind() != reflect.Pointer {
		switch {
		case t.Implements(attrValueType):
			return t
		case t.Implements(numbersType):
			return reflect.TypeFor[map[string]float64]()
		case t.Implements(textType):
			return reflect.TypeFor[string]()
		}
	}
	switch t.Kind() {
	case reflect.Struct:
		var fields []reflect.StructField
		for _, f := range reflect.VisibleFields(t) {
			if tag := f.Tag.Get("tfsdk"); f.IsExported() && tag != "" && tag != "-" {
				fields = append(fields, reflect.StructField{Name: f.Name, Type: plainType(f.Type), Tag: f.Tag})
			}
		}
		return reflect.StructOf(fields)
	case reflect.Pointer:
		return reflect.PointerTo(plainType(t.Elem()))
	case reflect.Slice:
		return reflect.SliceOf(plainType(t.Elem()))
	case reflect.Map:
		return reflect.MapOf(t.Key(), plainType(t.Elem()))
	}
	return t
}

func copyPlain(to, from reflect.Value) error {
	if to.Type() == from.Type() {
		to.Set(from)
		return nil
	}
	switch from.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if from.IsNil() {
			return nil
		}
	}
	if from.Kind() != reflect.Pointer {
		switch own := from.Interface().(type) {
		case wire.Numbers:
			all := map[string]float64{}
			for i := range own.Len() {
				key, number := own.At(i)
				all[key] = number
			}
			to.Set(reflect.ValueOf(all))
			return nil
		case encoding.TextAppender:
			text, err := own.AppendText(nil)
			to.SetString(string(text))
			return err
		}
	}
	return copyParts(to, from)
}

func copyParts(to, from reflect.Value) error {
	switch from.Kind() {
	case reflect.Struct:
		for i := range to.NumField() {
			if err := copyPlain(to.Field(i), from.FieldByName(to.Type().Field(i).Name)); err != nil {
				return err
			}
		}
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return copyPlain(to.Elem(), from.Elem())
	case reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			if err := copyPlain(to.Index(i), from.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		to.Set(reflect.MakeMap(to.Type()))
		for key, value := range from.Seq2() {
			elem := reflect.New(to.Type().Elem()).Elem()
			if err := copyPlain(elem, value); err != nil {
				return err
			}
			to.SetMapIndex(key, elem)
		}
	}
	return nil
}
