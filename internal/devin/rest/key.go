package rest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// What can be wrong with the form of a key. None of these shows the key.
var (
	// ErrNoKey means that a key is empty once white space is trimmed.
	ErrNoKey = errors.New("the API key is empty")
	// ErrLegacyKey means that a key is of the kind made before API version 3
	// (`apk_...`), which version 3 never accepts.
	ErrLegacyKey = errors.New("the API key starts with apk_: such keys belong to versions 1 and 2 of the Devin API, and version 3 refuses them")
	// ErrQuotedKey means that quotes came along with a key.
	ErrQuotedKey = errors.New("the API key is in quotes")
	// ErrUnexpandedKey means that a key is the name of a variable instead of its value.
	ErrUnexpandedKey = errors.New("the API key is the name of a variable, and not its value")
	// ErrAssignedKey means that a key has a variable's name before it.
	ErrAssignedKey = errors.New("the API key has the name of a variable and = before it")
	// ErrBearerKey means that a key has a part of an HTTP header before it.
	ErrBearerKey = errors.New("the API key has the word Bearer before it")
	// ErrMalformedKey means that a key cannot be sent in an HTTP header.
	ErrMalformedKey = errors.New("the API key has a space, a line break or another character in it that no Devin API key has")
)

// Key is a Devin API key: of a service user, or a personal access token. Its
// text cannot be read back, and no way of printing it shows it.
type Key struct {
	// A pointer, because fmt calls no method of what an unexported field holds,
	// nor any for %d: either would print a string as it is.
	secret *string
}

// ParseKey makes a Key of a setting's text. White space around it is trimmed,
// since files and CI secrets tend to end in a newline. Its errors are those
// above.
//
// Only what cannot be a key is refused: that it starts with `cog_` is all Devin
// says of its form (https://docs.devin.ai/api-reference/authentication).
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Key{}, ErrNoKey
	case bearer.MatchString(text):
		return Key{}, ErrBearerKey
	case assignment.MatchString(text) && !strings.HasPrefix(text, "cog_"):
		return Key{}, ErrAssignedKey
	case strings.HasPrefix(text, "$"), windowsVariable.MatchString(text):
		return Key{}, ErrUnexpandedKey
	case strings.TrimFunc(text, isQuote) != text:
		return Key{}, ErrQuotedKey
	case len(text) >= len(legacyPrefix) && strings.EqualFold(text[:len(legacyPrefix)], legacyPrefix):
		return Key{}, ErrLegacyKey
	case strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0:
		return Key{}, ErrMalformedKey
	}
	return Key{&text}, nil
}

const legacyPrefix = "apk_"

var (
	bearer = regexp.MustCompile(`(?i)^(authorization\s*:\s*)?bearer[\s:]`)
	// A name, and more after the = than the padding of base64.
	assignment      = regexp.MustCompile(`^((export|set)\s+)?[A-Za-z_]\w*\s*=\s*[^=\s]`)
	windowsVariable = regexp.MustCompile(`^%\w+%$`)
)

func isQuote(r rune) bool { return strings.ContainsRune("\"'`“”„‘’«»", r) }

// String stands in for the key wherever it would be printed.
func (Key) String() string { return "(Devin API key)" }

// GoString does for %#v what String does for %v.
func (k Key) GoString() string { return k.String() }

// LogValue does for slog what String does for fmt.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText does for JSON and other encodings what String does for fmt.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// keyForms are the ways in which a server may send a key back: as it is, in half,
// without its prefix, in base64, reversed, or percent-encoded. They are pointers
// for the reason that a Key's secret is one.
type keyForms []*string

func newKeyForms(key Key) keyForms {
	text := *key.secret
	body := strings.TrimPrefix(text, "cog_")
	var forms keyForms
	add := func(form string) {
		if !slices.ContainsFunc(forms, func(other *string) bool { return *other == form }) {
			forms = append(forms, &form)
		}
	}
	add(text)
	add(url.QueryEscape(text))
	add(url.PathEscape(text))
	// A shorter key may be a word that an honest answer contains, so its encodings do
	// not count; and half of one that is made of words, as cog_demo_invalid_permissions
	// is, may be such a word.
	const random, halvesRandom = 20, 32
	if len(body) < random {
		return forms
	}
	if len(body) >= halvesRandom {
		add(body[:len(body)/2])
		add(body[len(body)/2:])
	}
	percent, reversed := "", []byte(text)
	for i := range len(text) {
		percent += fmt.Sprintf("%%%02x", text[i])
	}
	slices.Reverse(reversed)
	for _, form := range []string{body, percent, strings.ToUpper(percent), string(reversed)} {
		add(form)
	}
	for shift := range 3 {
		// What stands before the key in the encoded text moves it by up to two bytes.
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), text...))
		add(encoded[(shift*8+5)/6 : len(encoded)-len(encoded)%4])
	}
	return forms
}

// in reports whether an answer contains the key.
func (f keyForms) in(body []byte) bool {
	if bytes.Contains(body, []byte(`\u00`)) {
		body = jsonEscape.ReplaceAllFunc(body, func(escape []byte) []byte {
			var c byte
			_, _ = fmt.Sscanf(string(escape[4:]), "%x", &c) // two hexadecimal digits, as the expression says
			return []byte{c}
		})
	}
	return slices.ContainsFunc(f, func(form *string) bool { return bytes.Contains(body, []byte(*form)) })
}

// jsonEscape is a printable ASCII character, written in a way that nothing needs.
var jsonEscape = regexp.MustCompile(`\\u00[2-7][0-9a-fA-F]`)

// redact takes the key out of a text, and whatever else looks like a key.
func (f keyForms) redact(text string) string {
	text = f.replace(text)
	if f.in([]byte(text)) { // with escapes
		return "(key)"
	}
	return text
}

// replace does so where the key is not written with escapes.
func (f keyForms) replace(text string) string {
	for _, form := range f {
		text = strings.ReplaceAll(text, *form, "(key)")
	}
	return keyLike.ReplaceAllString(text, "cog_(...)")
}

var keyLike = regexp.MustCompile(`\bcog_[A-Za-z0-9_-]+`)

// redactError keeps an error as it is unless its text has to change.
func (f keyForms) redactError(err error) error {
	if text := f.redact(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}
