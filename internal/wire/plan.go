package wire

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// writeFunc writes a value of the type for which planType made it.
type writeFunc func(w *writer, v reflect.Value) error

var (
	plans         sync.Map // reflect.Type of a model → writeFunc
	attrValueType = reflect.TypeFor[attr.Value]()
	numbersType   = reflect.TypeFor[Numbers]()
	textType      = reflect.TypeFor[encoding.TextAppender]()
	lazyTextType  = reflect.TypeFor[Text]()
)

// Numbers is a value that is written as a map of numbers. It is not a map in Go, because
// each row has one, and reflect allocates for every key and value of a map. Keys are
// sorted and unique. A nil slice is null.
//
// A type can implement it without importing this package. A type that implements
// encoding.TextAppender is written as a text.
type Numbers interface {
	Len() int
	At(i int) (key string, number float64)
}

func planOf(model reflect.Type) (writeFunc, error) {
	if plan, ok := plans.Load(model); ok {
		return plan.(writeFunc), nil //nolint:forcetypeassert // only writeFuncs are stored below
	}
	plan, err := planType(model, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", model, err)
	}
	plans.Store(model, plan)
	return plan, nil
}

// planType returns the writeFunc of t; outer are the structs that contain it.
func planType(t reflect.Type, outer []reflect.Type) (writeFunc, error) {
	// Pointers are handled below: *types.String has the methods of types.String too, but
	// may be nil. An interface may be nil, too; writeAttrValue allows for that.
	if t.Kind() != reflect.Pointer {
		nilable := t.Kind() == reflect.Interface
		switch {
		case t.Implements(attrValueType):
			return writeAttrValue, nil
		case t.Implements(numbersType) && !nilable:
			return writeNumbers, nil
		case t == lazyTextType:
			return writeLazyText, nil
		case t.Implements(textType) && !nilable:
			return writeText, nil
		}
	}
	switch t.Kind() {
	case reflect.String:
		return func(w *writer, v reflect.Value) error { return writeString(w, v.String()) }, nil
	case reflect.Bool:
		return func(w *writer, v reflect.Value) error { return w.msg.EncodeBool(v.Bool()) }, nil
	case reflect.Int, reflect.Int64:
		return func(w *writer, v reflect.Value) error { return w.writeInt(v.Int()) }, nil
	case reflect.Float64:
		return func(w *writer, v reflect.Value) error { return w.writeFloat(v.Float()) }, nil
	case reflect.Struct:
		return planStruct(t, outer)
	case reflect.Pointer, reflect.Slice, reflect.Map:
		elem, err := planType(t.Elem(), outer)
		if err != nil {
			return nil, err
		}
		switch {
		case t.Kind() == reflect.Pointer:
			return pointerFunc(elem), nil
		case t.Kind() == reflect.Slice:
			return sliceFunc(elem), nil
		case t.Key().Kind() == reflect.String:
			return mapFunc(elem), nil
		}
	}
	return nil, fmt.Errorf("a %s cannot be written for Terraform", t)
}

// field is an attribute of a struct.
type field struct {
	name  string
	key   []byte // name in msgpack
	index []int  // as of reflect.Value.FieldByIndex
	write writeFunc
}

func planStruct(t reflect.Type, outer []reflect.Type) (writeFunc, error) {
	if slices.Contains(outer, t) {
		return nil, fmt.Errorf("%s contains itself, which no schema can", t)
	}
	fields, err := planFields(t, append(slices.Clip(outer), t))
	if err != nil {
		return nil, err
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("%s has no field with a tfsdk tag", t)
	}
	// Sorted by name, as the framework's own encoder writes them.
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
	for i, f := range fields {
		if i > 0 && fields[i-1].name == f.name {
			return nil, fmt.Errorf("%s has the attribute %s twice", t, f.name)
		}
	}
	return func(w *writer, v reflect.Value) error {
		if err := w.writeMapLen(len(fields)); err != nil {
			return err
		}
		for i := range fields {
			f := &fields[i]
			if _, err := w.Write(f.key); err != nil {
				return err
			}
			if err := f.write(w, v.FieldByIndex(f.index)); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
		return nil
	}, nil
}

// planFields returns the attributes of a struct. It follows the framework's rules for
// tags (internal/reflect), since the framework fills the same structs from the
// configuration.
func planFields(t reflect.Type, outer []reflect.Type) ([]field, error) {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, tagged := f.Tag.Lookup("tfsdk")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && (tagged || f.Type.Kind() != reflect.Struct):
			return nil, fmt.Errorf("%s embeds %s: only structs without a tag can be embedded", t, f.Type)
		case f.Anonymous:
			promoted, err := planFields(f.Type, outer)
			if err != nil {
				return nil, err
			}
			for _, p := range promoted {
				p.index = append([]int{i}, p.index...)
				fields = append(fields, p)
			}
		case name == "":
			return nil, fmt.Errorf("%s.%s has no tfsdk tag", t, f.Name)
		default:
			write, err := planType(f.Type, outer)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
			}
			key, err := msgpack.Marshal(name)
			if err != nil {
				return nil, err
			}
			fields = append(fields, field{name: name, key: key, index: []int{i}, write: write})
		}
	}
	return fields, nil
}

func pointerFunc(elem writeFunc) writeFunc {
	return func(w *writer, v reflect.Value) error {
		if v.IsNil() {
			return w.WriteByte(msgpcode.Nil)
		}
		return elem(w, v.Elem())
	}
}

func sliceFunc(elem writeFunc) writeFunc {
	return func(w *writer, v reflect.Value) error {
		if v.IsNil() {
			return w.WriteByte(msgpcode.Nil)
		}
		n := v.Len()
		if err := w.msg.EncodeArrayLen(n); err != nil {
			return err
		}
		for i := range n {
			if err := elem(w, v.Index(i)); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		return nil
	}
}

// mapFunc writes keys in order, so that equal models give equal bytes.
func mapFunc(elem writeFunc) writeFunc {
	return func(w *writer, v reflect.Value) error {
		if v.IsNil() {
			return w.WriteByte(msgpcode.Nil)
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		if err := w.writeMapLen(len(keys)); err != nil {
			return err
		}
		for _, key := range keys {
			if err := writeString(w, key.String()); err != nil {
				return err
			}
			if err := elem(w, v.MapIndex(key)); err != nil {
				return fmt.Errorf("[%q]: %w", key, err)
			}
		}
		return nil
	}
}

func writeNumbers(w *writer, v reflect.Value) error {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return w.WriteByte(msgpcode.Nil)
	}
	all := withMethods(v).(Numbers) //nolint:forcetypeassert // planType checked it
	n := all.Len()
	if err := w.writeMapLen(n); err != nil {
		return err
	}
	for i := range n {
		key, number := all.At(i)
		if err := writeString(w, key); err != nil {
			return err
		}
		if err := w.writeFloat(number); err != nil {
			return fmt.Errorf("[%q]: %w", key, err)
		}
	}
	return nil
}

func writeText(w *writer, v reflect.Value) error {
	appender := withMethods(v).(encoding.TextAppender) //nolint:forcetypeassert // planType checked it
	text, err := appender.AppendText(w.text[:0])
	if err != nil {
		return err
	}
	return writeString(w, text)
}

// withMethods returns v, or its address if it has one, for a type assertion: converting a
// copy to an interface allocates.
func withMethods(v reflect.Value) any {
	if v.CanAddr() {
		v = v.Addr()
	}
	return v.Interface()
}
