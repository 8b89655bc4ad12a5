package rest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestParseKeyAcceptsAndTrims(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"cog_abc", " cog_abc ", "cog_abc\n", "\r\n\tcog_abc\r\n",
	} {
		server := startFake(t, devintest.Options{})
		server.AddKey("cog_abc", devintest.Principal{ID: "service-user-1", Name: "CI Bot"})
		if _, err := askSelf(t.Context(), newClient(t, server.URL, withKey(t, text))); err != nil {
			t.Errorf("key %q: %v", text, err)
		}
		if got := server.Requests()[0].Key; got != "cog_abc" {
			t.Errorf("key %q was sent as %q", text, got)
		}
	}
}

func TestParseKeyRefusesNothingThatMayBeAKey(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"abc", "cog-abc", "COG_abc", "Y29nX2FiYw==", "cog_a=b", "cog_a$b", "cog_a\"b", "a%20b", "bearerabc", "apkabc", "eyJhbGciOi.eyJzdWIi.c2ln",
	} {
		if _, err := ParseKey(text); err != nil {
			t.Errorf("ParseKey(%q): %v", text, err)
		}
	}
}

func TestParseKeyRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"":                               ErrNoKey,
		" \n\t":                          ErrNoKey,
		"apk_abc":                        ErrLegacyKey,
		" apk_user_abc\n":                ErrLegacyKey,
		"APK_USER_abc":                   ErrLegacyKey,
		`"cog_abc"`:                      ErrQuotedKey,
		"'cog_abc'":                      ErrQuotedKey,
		"cog_abc\"":                      ErrQuotedKey,
		"`cog_abc":                       ErrQuotedKey,
		"“cog_abc”":                      ErrQuotedKey,
		`"apk_abc"`:                      ErrQuotedKey,
		`"`:                              ErrQuotedKey,
		"$DEVIN_KEY":                     ErrUnexpandedKey,
		"${DEVIN_KEY}":                   ErrUnexpandedKey,
		"${{ secrets.DEVIN_API_KEY }}":   ErrUnexpandedKey,
		"$(cat key)":                     ErrUnexpandedKey,
		"%DEVIN_API_KEY%":                ErrUnexpandedKey,
		"DEVIN_API_KEY=cog_abc":          ErrAssignedKey,
		`export DEVIN_API_KEY="cog_abc"`: ErrAssignedKey,
		`api_key = "cog_abc"`:            ErrAssignedKey,
		"DEVIN_API_KEY=$OTHER":           ErrAssignedKey,
		"Bearer cog_abc":                 ErrBearerKey,
		"bearer: cog_abc":                ErrBearerKey,
		"Authorization: Bearer cog_abc":  ErrBearerKey,
		"cog_a bc":                       ErrMalformedKey,
		"cog_a\nbc":                      ErrMalformedKey,
		"cog_a\x00bc":                    ErrMalformedKey,
		"cog_a\x7fbc":                    ErrMalformedKey,
		"cog_äbc":                        ErrMalformedKey,
		"cog_abc\u200b":                  ErrMalformedKey,
		"cog_abc\xff":                    ErrMalformedKey,
		"cog_a\r\nX-Evil:":               ErrMalformedKey,
	} {
		if _, err := ParseKey(text); !errors.Is(err, want) {
			t.Errorf("ParseKey(%q) gave %v, want %v", text, err, want)
		}
	}
}

func TestParseKeyErrorsDoNotShowTheKey(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"apk_S3cretS3cret", "cog_S3cret S3cret", `"cog_S3cret"`, "$S3cret", "S3cret=cog_S3cret", "Bearer S3cret",
	} {
		if _, err := ParseKey(text); err == nil || strings.Contains(err.Error(), "S3cret") {
			t.Errorf("the error is %v", err)
		}
	}
}

// Everything that holds a key, exported or not, by value or by pointer: fmt
// calls no method on what an unexported field holds.
func keyHolders(t *testing.T, secret string) map[string]any {
	t.Helper()
	key := mustKey(t, secret)
	client := newClient(t, "https://devin.example.com", withKey(t, secret))
	cfg := Config{Key: key}
	return map[string]any{
		"Key":              key,
		"*Key":             &key,
		"exported field":   struct{ Key Key }{key},
		"unexported field": struct{ key Key }{key},
		"nested":           struct{ a struct{ b []Key } }{struct{ b []Key }{[]Key{key}}},
		"slice":            []Key{key},
		"map":              map[string]Key{"a": key},
		"any":              []any{key, &key},
		"Config":           cfg,
		"*Config":          &cfg,
		"*Client":          client,
		"holder of Client": struct{ c *Client }{client},
	}
}

func TestNoWayOfPrintingShowsTheKey(t *testing.T) {
	t.Parallel()
	const secret = "cog_S3cretS3cret"
	check := func(how, text string) {
		t.Helper()
		spelledHex := hex.EncodeToString([]byte("S3cretS3cret"))
		if strings.Contains(text, "S3cret") || strings.Contains(strings.ToLower(text), spelledHex) {
			t.Errorf("%s shows the key: %s", how, text)
		}
	}
	for name, v := range keyHolders(t, secret) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "% x", "%t", "%c", "%T", "%p", "%08v"} {
			check(verb+" of "+name, fmt.Sprintf(verb, v))
		}
		check("Sprint of "+name, fmt.Sprint(v))
		var text bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v)
		check("slog text of "+name, text.String())
		text.Reset()
		slog.New(slog.NewJSONHandler(&text, nil)).Info("x", "v", v)
		check("slog JSON of "+name, text.String())
		// What cannot be encoded at all shows nothing either.
		encoded, err := json.Marshal(v)
		check("JSON of "+name, string(encoded)+fmt.Sprint(err))
	}
}

func TestAKeySaysWhatItIs(t *testing.T) {
	t.Parallel()
	key := mustKey(t, "cog_abc")
	for _, text := range []string{fmt.Sprint(key), fmt.Sprintf("%#v", key), key.LogValue().String()} {
		if text != "(Devin API key)" {
			t.Errorf("printed as %q", text)
		}
	}
	if encoded, err := json.Marshal(key); err != nil || string(encoded) != `"(Devin API key)"` {
		t.Errorf("encoded as %s, %v", encoded, err)
	}
}

func TestNewNeedsAKey(t *testing.T) {
	t.Parallel()
	if _, err := New(Config{}); !errors.Is(err, ErrNoKey) {
		t.Errorf("got %v", err)
	}
}
