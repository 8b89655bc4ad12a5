package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// scanner looks through an answer for what encoding/json takes in silence:
// bytes that are not UTF-8, which it replaces, and so changes an id; a key that
// comes twice, also in another case, where it mixes two objects into one; and
// lists that are far longer than what was asked for, which it decodes to the
// end although a few kilobytes of gzip can hold millions of objects.
//
// It does not check that the text is JSON. Where the text is not, it stops, and
// encoding/json says what is wrong.
type scanner struct {
	body []byte
	// names are the fields of the type that the body is read into, folded:
	// encoding/json takes "Items" for items.
	names map[string]bool
	// mostElements bounds the arrays of the outermost object.
	mostElements int
	// hidden says whether a text, its escapes resolved, must not be used.
	hidden func(text string) bool

	frames []frame
	keys   []string // of the objects that are open
	values int
}

// frame is an object or an array that is open.
type frame struct {
	object   bool
	wantsKey bool
	commas   int
	first    int             // of its keys in scanner.keys
	seen     map[string]bool // its keys, once they are many
}

// few keys are compared one by one, which is faster than a map.
const few = 16

// scan looks through the whole body. values is how many values it has.
func (s *scanner) scan(ctx context.Context) (values int, err error) {
	if !utf8.Valid(s.body) {
		return 0, errors.New("it is not valid UTF-8")
	}
	const between = 1 << 12 // tokens between two looks at the context
	for i, tokens := 0, 0; i < len(s.body); tokens++ {
		if tokens%between == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		n, err := s.token(i)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return s.values, nil // not JSON
		}
		i += n
	}
	return s.values, nil
}

// token reads what begins at byte i, and returns its length; 0 is no JSON.
func (s *scanner) token(i int) (int, error) {
	top := &frame{}
	if len(s.frames) > 0 {
		top = &s.frames[len(s.frames)-1]
	}
	switch c := s.body[i]; c {
	case ' ', '\t', '\r', '\n', ':':
		return 1, nil
	case '{', '[':
		s.values++
		s.frames = append(s.frames, frame{object: c == '{', wantsKey: c == '{', first: len(s.keys)})
		return 1, nil
	case '}', ']':
		if len(s.frames) == 0 {
			return 0, nil
		}
		s.keys, s.frames = s.keys[:top.first], s.frames[:len(s.frames)-1]
		return 1, nil
	case ',':
		top.commas++
		top.wantsKey = top.object
		if !top.object && len(s.frames) == 2 && top.commas >= s.mostElements {
			return 0, fmt.Errorf("it lists more than %d items, far more than were asked for", s.mostElements)
		}
		return 1, nil
	case '"':
		text, n := stringAt(s.body[i:])
		if n == 0 {
			return 0, nil
		}
		if s.hidden != nil && bytes.IndexByte(text, '\\') >= 0 && s.hidden(unescaped(text)) {
			return 0, errRepeatsKey
		}
		if !top.wantsKey {
			s.values++
			return n, nil
		}
		top.wantsKey = false
		return n, s.addKey(top, text)
	}
	s.values++
	n := bytes.IndexAny(s.body[i:], " \t\r\n,:]}")
	if n < 0 {
		n = len(s.body) - i
	}
	return n, nil
}

// stringAt is the text of the string that a body begins with, as it is
// written, and the length of the string with its quotes.
func stringAt(body []byte) (text []byte, n int) {
	for i := 1; i < len(body); i++ {
		switch body[i] {
		case '"':
			return body[1:i], i + 1
		case '\\':
			i++
		}
	}
	return nil, 0
}

func unescaped(text []byte) string {
	var s string
	if json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &s) != nil {
		return string(text)
	}
	return s
}

func (s *scanner) addKey(top *frame, text []byte) error {
	key := s.meant(text)
	twice := false
	if top.seen != nil {
		twice = top.seen[key]
		top.seen[key] = true
	} else {
		own := s.keys[top.first:]
		for _, other := range own {
			twice = twice || other == key
		}
		if len(own) == few {
			top.seen = make(map[string]bool, 2*few)
			for _, other := range own {
				top.seen[other] = true
			}
			top.seen[key] = true
		} else {
			s.keys = append(s.keys, key)
		}
	}
	if twice {
		return fmt.Errorf("an object in it has the key %s twice, and which of the two is right cannot be told", Excerpt(key))
	}
	return nil
}

// meant is the key that encoding/json takes a text for.
func (s *scanner) meant(text []byte) string {
	plain := true
	for _, b := range text {
		if b >= utf8.RuneSelf || b == '\\' || 'A' <= b && b <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return string(text)
	}
	key := unescaped(text)
	if folded := fold(key); s.names[folded] {
		return folded
	}
	return key
}

// fold brings the letters that encoding/json takes for one another together:
// to it, a Kelvin sign is a k.
func fold(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return unicode.ToLower(least)
	}, key)
}

var fieldNames sync.Map // reflect.Type → map[string]bool

// namesOf are the JSON names of all fields of v's type, folded.
func namesOf(v any) map[string]bool {
	t := reflect.TypeOf(v)
	if known, ok := fieldNames.Load(t); ok {
		return known.(map[string]bool) //nolint:forcetypeassert // only such maps are stored below
	}
	names := map[string]bool{}
	collectNames(t, names, map[reflect.Type]bool{})
	fieldNames.Store(t, names)
	return names
}

func collectNames(t reflect.Type, names map[string]bool, done map[reflect.Type]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		collectNames(t.Elem(), names, done)
	case reflect.Struct:
		if done[t] {
			return
		}
		done[t] = true
		for i := range t.NumField() {
			field := t.Field(i)
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
				names[fold(name)] = true
			}
			collectNames(field.Type, names, done)
		}
	}
}
