package devintest

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// CheckErrorText fails the test where an error's text is not one printable
// line of a sensible length, or shows the key.
func CheckErrorText(t testing.TB, said, key string) {
	t.Helper()
	if !utf8.ValidString(said) || strings.IndexFunc(said, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
		t.Errorf("the error is not one printable line: %q", said)
	}
	const most = 3000
	if len(said) > most {
		t.Errorf("the error has %d bytes: %.200q", len(said), said)
	}
	if secret := strings.TrimPrefix(key, "cog_"); strings.Contains(said, secret) {
		t.Errorf("the error shows the key: %q", said)
	}
}
