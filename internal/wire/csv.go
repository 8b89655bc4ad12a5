package wire

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CSV returns rows as one text in the form of RFC 4180, with a header. A row is a
// struct with tfsdk tags, as Encode takes it; its columns are its attributes, in the
// order of its fields. An attribute that is Numbers becomes a column for each key that
// any row has: acus_by_product becomes acus_by_product_devin and so on. A list becomes
// its JSON. A null is an empty cell.
//
// Text that a spreadsheet would run as a formula gets an apostrophe in front; see
// appendText. Terraform handles one text in next to no time, whatever its length.
//
// CSV iterates over rows more than once, and so does writing the Text. The rows must be
// the same each time.
func CSV[T any](rows iter.Seq[T]) (*Text, error) {
	t := reflect.TypeFor[T]()
	fields, err := planFields(t, []reflect.Type{t})
	if err != nil {
		return nil, err
	}
	var columns []column
	var header []string
	for _, f := range fields {
		c, err := columnOf(f, t, reflectRows(rows))
		if err != nil {
			return nil, err
		}
		columns, header = append(columns, c), append(header, c.names...)
	}
	text := &Text{write: func(emit func(line []byte)) error { return writeLines(emit, header, columns, reflectRows(rows)) }}
	err = text.write(func(line []byte) { text.size += len(line) })
	return text, err
}

// reflectRows yields one row after another in the same variable, so that each value is
// addressable.
func reflectRows[T any](rows iter.Seq[T]) iter.Seq[reflect.Value] {
	return func(yield func(reflect.Value) bool) {
		row := new(T)
		v := reflect.ValueOf(row).Elem()
		for *row = range rows {
			if !yield(v) {
				return
			}
		}
	}
}

// writeLines emits the header and a line for each row.
func writeLines(emit func(line []byte), header []string, columns []column, rows iter.Seq[reflect.Value]) (err error) {
	var line []byte
	emit(headerLine(header))
	i := 0
	for row := range rows {
		line = line[:0]
		for _, c := range columns {
			if line, err = c.write(line, row.FieldByIndex(c.index)); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		emit(endLine(line))
		i++
	}
	return nil
}

func headerLine(names []string) []byte {
	var line []byte
	for _, name := range names {
		line = append(appendText(line, name), ',')
	}
	return endLine(line)
}

// endLine replaces the comma after the last cell with the end of the line. If the line
// is a single empty cell, it quotes the cell, because readers drop an empty line.
func endLine(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte(","))
	if len(line) == 0 {
		line = append(line, `""`...)
	}
	return append(line, '\r', '\n')
}

// column is an attribute of a row: the names of its cells, and a write that appends
// them, each with a comma after it.
type column struct {
	names []string
	index []int
	write cellFunc
}

type cellFunc func(line []byte, v reflect.Value) ([]byte, error)

func columnOf(f field, row reflect.Type, rows iter.Seq[reflect.Value]) (column, error) {
	t := row.FieldByIndex(f.index).Type
	if t.Implements(numbersType) {
		return numbersColumn(f, rows), nil
	}
	cell, err := cellOf(t)
	if err != nil {
		return column{}, fmt.Errorf("%s.%s: %w", row, f.name, err)
	}
	return column{names: []string{f.name}, index: f.index, write: func(line []byte, v reflect.Value) ([]byte, error) {
		line, err := cell(line, v)
		return append(line, ','), err
	}}, nil
}

// numbersColumn returns a column with a cell for each key that any row has, sorted.
func numbersColumn(f field, rows iter.Seq[reflect.Value]) column {
	keys := map[string]bool{}
	for row := range rows {
		numbers := withMethods(row.FieldByIndex(f.index)).(Numbers) //nolint:forcetypeassert // columnOf checked it
		for k := range numbers.Len() {
			key, _ := numbers.At(k)
			keys[key] = true
		}
	}
	sorted := slices.Sorted(maps.Keys(keys))
	names := make([]string, len(sorted))
	for i, key := range sorted {
		names[i] = f.name + "_" + key
	}
	return column{names: names, index: f.index, write: func(line []byte, v reflect.Value) ([]byte, error) {
		numbers := withMethods(v).(Numbers) //nolint:forcetypeassert // columnOf checked it
		i := 0
		for _, key := range sorted {
			if i < numbers.Len() {
				if has, number := numbers.At(i); has == key {
					line = appendFloat(line, number)
					i++
				}
			}
			line = append(line, ',')
		}
		return line, nil
	}}
}

func cellOf(t reflect.Type) (cellFunc, error) {
	switch {
	case t.Kind() == reflect.Pointer:
		elem, err := cellOf(t.Elem())
		return func(line []byte, v reflect.Value) ([]byte, error) {
			if v.IsNil() {
				return line, nil
			}
			return elem(line, v.Elem())
		}, err
	case t.Implements(textType): // dates and instants, which need no quotes
		return func(line []byte, v reflect.Value) ([]byte, error) {
			return withMethods(v).(encoding.TextAppender).AppendText(line) //nolint:forcetypeassert // checked above
		}, nil
	}
	switch t.Kind() {
	case reflect.String:
		return func(line []byte, v reflect.Value) ([]byte, error) { return appendText(line, v.String()), nil }, nil
	case reflect.Bool:
		return func(line []byte, v reflect.Value) ([]byte, error) { return strconv.AppendBool(line, v.Bool()), nil }, nil
	case reflect.Int, reflect.Int64:
		return func(line []byte, v reflect.Value) ([]byte, error) { return strconv.AppendInt(line, v.Int(), 10), nil }, nil
	case reflect.Float64:
		return func(line []byte, v reflect.Value) ([]byte, error) { return appendFloat(line, v.Float()), nil }, nil
	case reflect.Slice:
		return appendList, nil
	}
	return nil, fmt.Errorf("a %s has no form in CSV", t)
}

// appendList writes a list as JSON, by the json tags of its elements.
func appendList(line []byte, v reflect.Value) ([]byte, error) {
	switch {
	case v.IsNil():
		return line, nil
	case v.Len() == 0: // as in most rows
		return append(line, "[]"...), nil
	}
	return appendJSON(line, v.Interface())
}

func appendJSON(line []byte, value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return line, err
	}
	return appendText(line, strings.TrimSuffix(text.String(), "\n")), nil
}

// appendFloat writes a number as people do, without an exponent.
func appendFloat(line []byte, f float64) []byte { return strconv.AppendFloat(line, f, 'f', -1, 64) }

// appendText quotes where RFC 4180 requires it, and puts an apostrophe before text
// that a spreadsheet would run as a formula, such as a name that begins with an
// equals sign. Text that begins with an apostrophe gets one too, so that dropping
// the first apostrophe of a cell gives back every text. It is not encoding/csv's
// Writer, which loses a carriage return that stands alone.
func appendText(line []byte, text string) []byte {
	escaped := needsApostrophe(text)
	quoted := strings.ContainsAny(text, "\",\r\n")
	if quoted {
		line = append(line, '"')
	}
	if escaped {
		line = append(line, '\'')
	}
	if quoted {
		return append(append(line, strings.ReplaceAll(text, `"`, `""`)...), '"')
	}
	return append(line, text...)
}

// needsApostrophe reports whether text begins with an apostrophe or with what
// starts a formula: https://owasp.org/www-community/attacks/CSV_Injection, and the
// full-width signs, which spreadsheets for Chinese and Japanese read as the narrow ones.
func needsApostrophe(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	switch first {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\'':
		return true
	}
	return false
}
