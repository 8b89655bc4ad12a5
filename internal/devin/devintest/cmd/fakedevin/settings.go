package main

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// words are the values of quirks with named values, in order, by type.
var words = map[string][]string{
	"Presence":     {"value", "null", "absent"},
	"TotalReading": {"exact", "lags", "estimated", "unfiltered"},
	"NeverReading": {"null", "0", "9999"},
}

// page is an answer of a proxy.
const page = "<html><body><h1>Maintenance</h1></body></html>"

// troubles register the faults and moves of the command line.
type troubles []func(*devintest.Server)

// fault reads "PATH KEY=VALUE ...", the keys being the fields of a Fault.
func (t *troubles) fault(text string) error {
	var f devintest.Fault
	path, err := readFields(text, &f, func(key string) bool {
		if key == "html" {
			f.Body = page
		}
		return key == "html"
	})
	*t = append(*t, func(s *devintest.Server) { s.Fault(path, f) })
	return err
}

// move reads "PATH KEY=VALUE ...", the keys being the fields of Moves.
func (t *troubles) move(text string) error {
	var m devintest.Moves
	path, err := readFields(text, &m, func(string) bool { return false })
	*t = append(*t, func(s *devintest.Server) { s.Move(path, m) })
	return err
}

func readFields(text string, into any, own func(key string) bool) (path string, err error) {
	fields := strings.Fields(text)
	if len(fields) < 2 || !strings.ContainsAny(fields[0][:1], "/*") {
		return "", fmt.Errorf("%q is not a path and what happens there", text)
	}
	for _, field := range fields[1:] {
		key, value, _ := strings.Cut(field, "=")
		if !own(key) {
			if err := set(into, key, value); err != nil {
				return "", err
			}
		}
	}
	return fields[0], nil
}

// set sets a field of a struct, whose name may be written in small letters and
// with hyphens.
func set(into any, name, value string) error {
	plain := strings.ReplaceAll(name, "-", "")
	field := reflect.ValueOf(into).Elem().FieldByNameFunc(func(f string) bool { return strings.EqualFold(f, plain) })
	if !field.IsValid() {
		return fmt.Errorf("there is no %q", name)
	}
	var err error
	switch {
	case field.Type() == reflect.TypeFor[time.Duration]():
		var d time.Duration
		d, err = time.ParseDuration(value)
		field.SetInt(int64(d))
	case words[field.Type().Name()] != nil:
		for i, word := range words[field.Type().Name()] {
			if word == value {
				field.SetInt(int64(i))
				return nil
			}
		}
		err = fmt.Errorf("it is one of %s", strings.Join(words[field.Type().Name()], ", "))
	case field.Kind() == reflect.Bool:
		is := true
		if value != "" {
			is, err = strconv.ParseBool(value)
		}
		field.SetBool(is)
	case field.Kind() == reflect.Int:
		var n int
		n, err = strconv.Atoi(value)
		field.SetInt(int64(n))
	case field.Kind() == reflect.Float64:
		var x float64
		x, err = strconv.ParseFloat(value, 64)
		field.SetFloat(x)
	case field.Kind() == reflect.String:
		field.SetString(value)
	case field.Type() == reflect.TypeFor[[]string]():
		field.Set(reflect.ValueOf(strings.Split(value, ",")))
	default:
		err = fmt.Errorf("it cannot be set here")
	}
	if err != nil {
		return fmt.Errorf("%s=%s: %w", name, value, err)
	}
	return nil
}

// listQuirks prints the quirks and what each may be.
func listQuirks(w io.Writer) error {
	kind := reflect.TypeFor[devintest.Quirks]()
	for f := range kind.Fields() {
		values := ""
		switch {
		case words[f.Type.Name()] != nil:
			values = "=" + strings.Join(words[f.Type.Name()], "|")
		case f.Type.Kind() == reflect.Int:
			values = "=NUMBER"
		case f.Type.Kind() == reflect.Slice:
			values = "=NAME,..."
		case f.Type.Kind() == reflect.String:
			values = "=TEXT"
		}
		if _, err := fmt.Fprintln(w, f.Name+values); err != nil {
			return err
		}
	}
	return nil
}
