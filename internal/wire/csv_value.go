package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// CSVOf does what CSV does for rows from a configuration: a list of objects, which may
// have different attributes. It has every column that any row has, sorted, since the
// attributes of objects in HCL have no order. An object or map in a row becomes a column
// for each of its keys, and any other value with parts becomes its JSON. Two attributes
// or keys that would share a column are an error, even in different rows. Rows must be
// known.
func CSVOf(rows tftypes.Value) (string, error) {
	elements, err := elementsOf(rows)
	if err != nil {
		return "", err
	}
	columns := sources{}
	for _, name := range attributesOf(rows.Type()) {
		columns[name] = source{attribute: name}
	}
	lines := make([]map[string][]byte, len(elements))
	for i, element := range elements {
		if lines[i], err = cellsOf(element, columns); err != nil {
			return "", fmt.Errorf("element %d of the list %w", i, err)
		}
	}
	if len(columns) == 0 {
		return "", nil
	}
	header := slices.Sorted(maps.Keys(columns))
	var text bytes.Buffer
	text.Write(headerLine(header))
	var line []byte
	for _, cells := range lines {
		line = line[:0]
		for _, name := range header {
			line = append(append(line, cells[name]...), ',')
		}
		text.Write(endLine(line))
	}
	return text.String(), nil
}

// source is where a column comes from: an attribute, or a key of one that is an
// object or a map.
type source struct {
	attribute, key string
	isKey          bool
}

func (s source) String() string {
	if s.isKey {
		return fmt.Sprintf("the key %s of %s", s.key, s.attribute)
	}
	return s.attribute
}

// sources maps the names of columns to where they come from.
type sources map[string]source

func (s sources) add(column string, from source) error {
	if other, ok := s[column]; ok && other != from {
		return fmt.Errorf("has %s, which would share the column %s with %s: rename one of them", from, column, other)
	}
	s[column] = from
	return nil
}

func elementsOf(rows tftypes.Value) (elements []tftypes.Value, err error) {
	if rows.IsNull() {
		return nil, errors.New("the list is null")
	}
	if err := rows.As(&elements); err != nil {
		return nil, errors.New("the value is not a list of objects")
	}
	return elements, nil
}

// attributesOf returns the columns that the type of a list tells, which are all of a list
// without rows. It leaves out objects and maps, whose columns cellsOf adds.
func attributesOf(t tftypes.Type) []string {
	var element tftypes.Type
	switch t := t.(type) {
	case tftypes.List:
		element = t.ElementType
	case tftypes.Set:
		element = t.ElementType
	}
	object, ok := element.(tftypes.Object)
	if !ok {
		return nil
	}
	var names []string
	for name, t := range object.AttributeTypes {
		if !t.Is(tftypes.Map{}) && !t.Is(tftypes.Object{}) {
			names = append(names, name)
		}
	}
	return names
}

// cellsOf returns the cells of a row by column, as they are written, and adds the columns
// that the row has to columns.
func cellsOf(row tftypes.Value, columns sources) (map[string][]byte, error) {
	fields, err := fieldsOf(row)
	if err != nil {
		return nil, err
	}
	cells := map[string][]byte{}
	add := func(column string, from source, value tftypes.Value) (err error) {
		if err := columns.add(column, from); err != nil {
			return err
		}
		cells[column], err = appendCell(nil, value)
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := fields[name]
		if !isObject(value) {
			if err := add(name, source{attribute: name}, value); err != nil {
				return nil, err
			}
			continue
		}
		if value.IsNull() {
			continue
		}
		parts, err := fieldsOf(value)
		if err != nil {
			return nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(parts)) {
			if err := add(name+"_"+key, source{name, key, true}, parts[key]); err != nil {
				return nil, err
			}
		}
	}
	return cells, nil
}

func isObject(v tftypes.Value) bool {
	return v.Type().Is(tftypes.Object{}) || v.Type().Is(tftypes.Map{})
}

func fieldsOf(v tftypes.Value) (fields map[string]tftypes.Value, err error) {
	switch {
	case v.IsNull():
		return nil, errors.New("is null")
	case !isObject(v):
		return nil, errors.New("is not an object")
	}
	return fields, v.As(&fields)
}

func appendCell(line []byte, v tftypes.Value) ([]byte, error) {
	if v.IsNull() {
		return line, nil
	}
	value, err := jsonValue(v)
	if err != nil {
		return nil, err
	}
	switch value := value.(type) {
	case string:
		return appendText(line, value), nil
	case json.Number:
		return append(line, value...), nil
	case bool:
		return strconv.AppendBool(line, value), nil
	}
	return appendJSON(line, value)
}

// jsonValue converts a value for encoding/json; nil is null.
func jsonValue(v tftypes.Value) (value any, err error) {
	switch {
	case v.IsNull():
		return value, nil
	case v.Type().Is(tftypes.String):
		var text string
		err = v.As(&text)
		return text, err
	case v.Type().Is(tftypes.Number):
		number := new(big.Float)
		err = v.As(&number)
		return json.Number(numberText(number)), err
	case v.Type().Is(tftypes.Bool):
		var is bool
		err = v.As(&is)
		return is, err
	case isObject(v):
		fields, err := fieldsOf(v)
		if err != nil {
			return nil, err
		}
		parts := map[string]any{}
		for name, field := range fields {
			if parts[name], err = jsonValue(field); err != nil {
				return nil, err
			}
		}
		return parts, nil
	}
	var elements []tftypes.Value
	if err := v.As(&elements); err != nil {
		return nil, err
	}
	parts := make([]any, len(elements))
	for i, element := range elements {
		if parts[i], err = jsonValue(element); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// hugeExponent is the binary exponent above which a number has more digits than anyone
// reads.
const hugeExponent = 1024

// numberText formats a number without an exponent, unless it is huge. A whole number has
// all its digits. HCL keeps 150 digits of a fraction; here it has the 17 that every reader
// of CSV keeps.
func numberText(x *big.Float) string {
	switch {
	case x.MantExp(nil) > hugeExponent:
		return x.Text('g', 17)
	case x.IsInt():
		return x.Text('f', 0)
	}
	f, _ := x.Float64()
	return string(appendFloat(nil, f))
}
