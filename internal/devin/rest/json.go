package rest

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decode reads JSON into a value and checks it. A key that comes twice in an object and
// bytes that are not UTF-8 are errors; a name in another case is another name. An
// escape that is no character, such as \ud800, becomes U+FFFD, which List refuses in an
// id.
func decode(body []byte, into any) error {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return errEmpty
	case !utf8.Valid(body):
		return errors.New("it is not valid UTF-8")
	}
	if err := json.Unmarshal(body, into, jsontext.AllowInvalidUTF8(true)); err != nil {
		return explainJSON(body, err)
	}
	if err := checkRequired(into); err != nil {
		return err
	}
	if checked, ok := into.(interface{ Check() error }); ok {
		return checked.Check()
	}
	return nil
}

var errEmpty = errors.New("its body is empty")

// explainJSON words an error of the decoder, with the path of the field.
func explainJSON(body []byte, err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
		return fmt.Errorf("the key %s comes twice in an object, and which of the two is right cannot be told", Excerpt(pathOf(syntax.JSONPointer)))
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not valid JSON after byte %d: %s", syntax.ByteOffset, Excerpt(string(around(body, syntax.ByteOffset))))
	case errors.As(err, &semantic):
		field := "the whole"
		if path := pathOf(semantic.JSONPointer); path != "" {
			field = "the field " + Excerpt(path)
		}
		if semantic.Err != nil {
			return fmt.Errorf("%s: %s", field, Excerpt(semantic.Err.Error()))
		}
		return fmt.Errorf("%s is a JSON %s, where the Devin API documents another type", field, nameOf(semantic.JSONKind))
	}
	return err
}

func nameOf(kind jsontext.Kind) string {
	switch kind {
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "boolean"
	}
	return kind.String()
}

func around(body []byte, offset int64) []byte {
	const each = 30
	from, to := max(offset-each, 0), min(offset+each, int64(len(body)))
	return body[from:to]
}

// pathOf formats a JSON pointer for messages: items[3].name.
func pathOf(pointer jsontext.Pointer) string {
	var b strings.Builder
	for token := range pointer.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return b.String()
}

// Missing is the error of a field that an answer must have.
func Missing(field string) error {
	return fmt.Errorf("the field %s is missing or null", field)
}

// ReadInteger reads a JSON integer, or a float that is whole, such as 45.0. A number
// beyond 2^53 is an error, since the server may have rounded it.
func ReadInteger(d *jsontext.Decoder) (int64, error) {
	text, err := d.ReadValue()
	if err != nil {
		return 0, err
	}
	const exact = 1 << 53
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil && -exact <= n && n <= exact {
		return n, nil
	}
	// 2^53 itself may be a rounded 2^53+1.
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= exact {
		return 0, fmt.Errorf("%s is not an integer that can be trusted to the last digit", shortened(text))
	}
	return int64(f), nil
}

// shortened returns the beginning of a value, for a message that says more than the value.
func shortened(value []byte) string {
	const most = 60
	if len(value) > most {
		return Excerpt(string(value[:most])) + "..."
	}
	return Excerpt(string(value))
}

// checkRequired returns an error if a field with the tag `api:"required"` is nil or an
// empty string, as the decoder leaves it where the answer has no value or null. It also
// sets a pointer to nil if the value it points to is zero and has a method IsZero, as an
// instant that stands for "never" is and has.
//
// The error names the path of the field, such as items[3].prs_created_count.
func checkRequired(v any) error {
	if value := reflect.ValueOf(v).Elem(); hasFields(value.Type()) {
		if path := findMissing(value); path != "" {
			return Missing(path)
		}
	}
	return nil
}

// findMissing returns the path of the first required field that is missing, or "".
func findMissing(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return findMissing(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			if path := findMissing(v.Index(i)); path != "" {
				return join("["+strconv.Itoa(i)+"]", path)
			}
		}
	case reflect.Struct:
		for _, f := range fieldsOf(v.Type()) {
			field := v.Field(f.index)
			if f.isZeroer && !field.IsNil() && field.Elem().IsZero() {
				field.SetZero()
			}
			if f.required && field.IsZero() {
				return f.name
			}
			if f.hasFields {
				if path := findMissing(field); path != "" {
					return join(f.name, path)
				}
			}
		}
	}
	return ""
}

func join(outer, inner string) string {
	if outer == "" || inner[0] == '[' {
		return outer + inner
	}
	return outer + "." + inner
}

// checkedField is a field that checkRequired looks at.
type checkedField struct {
	index     int
	name      string
	required  bool
	isZeroer  bool // a pointer to a value with a method IsZero
	hasFields bool // its type has checked fields of its own
}

var (
	checkedFields sync.Map // reflect.Type → []checkedField
	zeroerType    = reflect.TypeFor[interface{ IsZero() bool }]()
)

func hasFields(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return hasFields(t.Elem())
	case reflect.Struct:
		return len(fieldsOf(t)) > 0
	}
	return false
}

func fieldsOf(t reflect.Type) []checkedField {
	if known, ok := checkedFields.Load(t); ok {
		return known.([]checkedField) //nolint:forcetypeassert // only such slices are stored below
	}
	var fields []checkedField
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if name == "" && !f.Anonymous {
			name = f.Name
		}
		field := checkedField{
			index: i, name: name, required: f.Tag.Get("api") == "required", hasFields: hasFields(f.Type),
			isZeroer: f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() != reflect.Struct && f.Type.Elem().Implements(zeroerType),
		}
		if kind := f.Type.Kind(); field.required &&
			kind != reflect.Pointer && kind != reflect.Slice && kind != reflect.Map && kind != reflect.String {
			panic(fmt.Sprintf("rest: %s.%s is required, and its type %s does not tell whether it was missing", t, f.Name, f.Type))
		}
		if field.required || field.isZeroer || field.hasFields {
			fields = append(fields, field)
		}
	}
	checkedFields.Store(t, fields)
	return fields
}
