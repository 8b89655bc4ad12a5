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

// Errors of ParseKey. None of them shows the key.
var (
	// ErrNoKey means that the key is empty, or white space only.
	ErrNoKey = errors.New("the API key is empty")
	// ErrLegacyKey means that the key is of the kind of API versions 1 and 2
	// (`apk_...`), which version 3 never accepts.
	ErrLegacyKey = errors.New("the API key starts with apk_: such keys belong to versions 1 and 2 of the Devin API, and version 3 refuses them")
	// ErrQuotedKey means that the key is in quotes.
	ErrQuotedKey = errors.New("the API key is in quotes")
	// ErrUnexpandedKey means that the key is the name of a variable, not its value.
	ErrUnexpandedKey = errors.New("the API key is the name of a variable, and not its value")
	// ErrAssignedKey means that the name of a variable and = stand before the key.
	ErrAssignedKey = errors.New("the API key has the name of a variable and = before it")
	// ErrBearerKey means that a part of an HTTP header stands before the key.
	ErrBearerKey = errors.New("the API key has the word Bearer before it")
	// ErrMalformedKey means that the key cannot be sent in an HTTP header.
	ErrMalformedKey = errors.New("the API key has a space, a line break or another character in it that no Devin API key has")
)

// Key is a Devin API key: of a service user, or a personal access token. Its
// text cannot be read back, and no way of printing it shows it.
type Key struct {
	// A pointer, because fmt calls no method of the value of an unexported field, and
	// none at all for %d. In both cases it would print a string as it is.
	secret *string
}

// ParseKey reads a key. White space around it is trimmed, since files and CI secrets
// tend to end in a newline.
//
// It refuses only what cannot be a key: all that Devin documents is that a key starts
// with `cog_` (https://docs.devin.ai/api-reference/authentication).
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

// String hides the key wherever it would be printed.
func (Key) String() string { return "(Devin API key)" }

// GoString does for %#v what String does for %v.
func (k Key) GoString() string { return k.String() }

// LogValue does for slog what String does for fmt.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText does for JSON and other encodings what String does for fmt.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// keyForms are the forms in which a server may send a key back: as it is, in half,
// without its prefix, in base64, reversed, or percent-encoded. They are pointers for the
// same reason as a Key's secret.
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
	// A correct answer may contain the body of a short key by chance, so only long keys
	// get more forms. Half of a key that is made of words, such as
	// cog_demo_invalid_permissions, may occur by chance too, so halves need a longer one.
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
		// Base64 encodes three bytes at a time, so the form depends on how many bytes
		// stand before the key, modulo three.
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), text...))
		add(encoded[(shift*8+5)/6 : len(encoded)-len(encoded)%4])
	}
	return forms
}

// in reports whether a body contains the key.
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

// jsonEscape is an escaped printable ASCII character, which JSON would not need.
var jsonEscape = regexp.MustCompile(`\\u00[2-7][0-9a-fA-F]`)

// redact replaces the key in a text, and everything that looks like a key.
func (f keyForms) redact(text string) string {
	text = f.replace(text)
	if f.in([]byte(text)) { // JSON escapes hid it from replace
		return "(key)"
	}
	return text
}

// replace does what redact does, but does not find a key that is spelled with JSON escapes.
func (f keyForms) replace(text string) string {
	for _, form := range f {
		text = strings.ReplaceAll(text, *form, "(key)")
	}
	// Every request comes here with its path, and the expression takes longer than all else.
	if !strings.Contains(text, "cog_") {
		return text
	}
	return keyLike.ReplaceAllString(text, "cog_(...)")
}

var keyLike = regexp.MustCompile(`\bcog_[A-Za-z0-9_-]+`)

// redactError returns err itself, unless its text contains a key.
func (f keyForms) redactError(err error) error {
	if text := f.redact(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}
