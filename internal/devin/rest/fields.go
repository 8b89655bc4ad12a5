package rest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// CheckFields checks a decoded answer, a pointer to a struct, field by field.
// encoding/json reads what is missing or null as nothing; CheckFields says
// which fields must not be missing, and has each value checked by its type:
//
//   - A field with the tag `api:"required"` must not be nil, nor an empty string.
//     It is a pointer, a slice, a map or a string.
//   - A value whose type has the method Check() error is checked by it alone. Its
//     error is about the value, without the field's name.
//   - Structs, slices and maps without that method are looked through.
//
// The error names the field by its path, such as items[3].prs_created_count.
// The Check of v itself is not called, so that it can call CheckFields.
func CheckFields(v any) error {
	value := reflect.ValueOf(v).Elem()
	check := planOf(value.Type()).fields
	if check == nil {
		return nil
	}
	if fault := check(value); fault != nil {
		return fault // not as it is: a nil *fault would be an error that is not nil
	}
	return nil
}

// fault is what is wrong with one field.
type fault struct {
	path string
	err  error // nil where the field is missing
}

func (f *fault) Error() string {
	if f.err == nil {
		return Missing(f.path).Error()
	}
	return fmt.Sprintf("the field %s: %s", f.path, f.err)
}

func (f *fault) Unwrap() error { return f.err }

// within puts what the field is in before its path.
func (f *fault) within(outer string) *fault {
	switch {
	case f.path == "" || f.path[0] == '[' || outer == "":
		f.path = outer + f.path
	default:
		f.path = outer + "." + f.path
	}
	return f
}

type checker interface{ Check() error }

var (
	checkerType = reflect.TypeFor[checker]()
	typePlans   sync.Map // reflect.Type → *typePlan
)

// typePlan says how values of a type are checked.
type typePlan struct {
	// value checks a value that may be at any place; nil where there is nothing to check.
	value func(v reflect.Value) *fault
	// fields looks through a struct without calling its own Check.
	fields func(v reflect.Value) *fault
}

func planOf(t reflect.Type) *typePlan {
	if known, ok := typePlans.Load(t); ok {
		return known.(*typePlan) //nolint:forcetypeassert // only plans are stored below
	}
	plan := planner{}.plan(t)
	typePlans.Store(t, plan)
	return plan
}

// planner has the plans of the types that are being looked at, since a type
// may contain itself.
type planner map[reflect.Type]*typePlan

func (p planner) plan(t reflect.Type) *typePlan {
	if plan, ok := p[t]; ok {
		// What plan.value is, is known once the outer call has ended.
		return &typePlan{value: func(v reflect.Value) *fault { return plan.value(v) }}
	}
	plan := &typePlan{}
	p[t] = plan
	defer delete(p, t)
	switch t.Kind() {
	case reflect.Pointer:
		if elem := p.plan(t.Elem()).value; elem != nil {
			plan.value = func(v reflect.Value) *fault {
				if v.IsNil() {
					return nil
				}
				return elem(v.Elem())
			}
		}
		return plan // *T has the methods of T, but may be nil
	case reflect.Struct:
		plan.fields = p.structFields(t)
		plan.value = plan.fields
	case reflect.Slice, reflect.Array:
		plan.value = sliceElems(p.plan(t.Elem()).value)
	case reflect.Map:
		plan.value = mapElems(p.plan(t.Elem()).value)
	}
	if t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(checkerType) {
		plan.value = checkItself
	}
	return plan
}

func checkItself(v reflect.Value) *fault {
	own, ok := addressable(v).Addr().Interface().(checker)
	if !ok {
		return nil
	}
	err := own.Check()
	if err == nil {
		return nil
	}
	// A value that calls CheckFields has named a field of its own.
	if inner, ok := err.(*fault); ok { //nolint:errorlint // what wraps a fault says more, and is shown whole
		return inner
	}
	return &fault{err: err}
}

// addressable is v or, of a map's value, a copy of it.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

func sliceElems(elem func(reflect.Value) *fault) func(reflect.Value) *fault {
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) *fault {
		for i := range v.Len() {
			if fault := elem(v.Index(i)); fault != nil {
				return fault.within("[" + strconv.Itoa(i) + "]")
			}
		}
		return nil
	}
}

// mapElems finds the first fault in the order of the keys, so that the same
// answer has the same error.
func mapElems(elem func(reflect.Value) *fault) func(reflect.Value) *fault {
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) *fault {
		faults := map[string]*fault{}
		for key, value := range v.Seq2() {
			if fault := elem(value); fault != nil {
				faults[fmt.Sprint(key)] = fault
			}
		}
		for _, key := range slices.Sorted(maps.Keys(faults)) {
			return faults[key].within(key)
		}
		return nil
	}
}

func (p planner) structFields(t reflect.Type) func(reflect.Value) *fault {
	type field struct {
		index    int
		name     string
		required bool
		check    func(reflect.Value) *fault
	}
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if name == "" && !f.Anonymous {
			name = f.Name
		}
		required := f.Tag.Get("api") == "required"
		if required && !tellsMissing(f.Type) {
			panic(fmt.Sprintf("rest: %s.%s is required, and its type %s does not tell whether it was missing", t, f.Name, f.Type))
		}
		if check := p.plan(f.Type).value; required || check != nil {
			fields = append(fields, field{i, name, required, check})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return func(v reflect.Value) *fault {
		for _, f := range fields {
			value := v.Field(f.index)
			if f.required && isMissing(value) {
				return &fault{path: f.name}
			}
			if f.check == nil {
				continue
			}
			if fault := f.check(value); fault != nil {
				return fault.within(f.name)
			}
		}
		return nil
	}
}

func tellsMissing(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.String:
		return true
	}
	return false
}

// isMissing takes an empty string for missing: it is no id and no name.
func isMissing(v reflect.Value) bool {
	if v.Kind() == reflect.String {
		return v.Len() == 0
	}
	return v.IsNil()
}
