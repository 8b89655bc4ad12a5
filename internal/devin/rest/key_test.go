package rest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestParseKeyAcceptsAndTrims(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"cog_abc", " cog_abc ", "cog_abc\n", "\r\n\tcog_abc\r\n",
	} {
		server := clienttest.StartFake(t, devintest.Options{})
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
	key := clienttest.Parse(t, ParseKey, secret)
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
		"Client":           *client,
		"*Client":          client,
		"holder of Client": struct{ c *Client }{client},
	}
}

func TestNoWayOfPrintingShowsTheKey(t *testing.T) {
	t.Parallel()
	const secret = "cog_S3cretS3cretS3cretS3cret" // long enough to be looked for in every form
	half := base64.RawStdEncoding.EncodeToString([]byte("S3cretS3cretS3cret"))
	check := func(how, text string) {
		t.Helper()
		spelledHex := hex.EncodeToString([]byte("S3cretS3cret"))
		if strings.Contains(text, "S3cret") || strings.Contains(text, "terc3S") || strings.Contains(text, half) || strings.Contains(strings.ToLower(text), spelledHex) {
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

func TestAKeyPrintsAsAPlaceholder(t *testing.T) {
	t.Parallel()
	key := clienttest.Parse(t, ParseKey, "cog_abc")
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

const longKey = "cog_S3cret+K3y/0123456789-abcdefghij"

// echoed are ways in which a server may send longKey back.
func echoed() map[string]string {
	bytesOf := func(format string) (text string) {
		for _, c := range []byte(longKey) {
			text += fmt.Sprintf(format, c)
		}
		return text
	}
	reversed := []byte(longKey)
	slices.Reverse(reversed)
	all := map[string]string{
		"whole":                       longKey,
		"letters around it":           "xyz" + longKey + "abc",
		"without its prefix":          strings.TrimPrefix(longKey, "cog_"),
		"the first half":              "S3cret+K3y/01234",
		"the second half":             "56789-abcdefghij",
		"escaped for a query":         url.QueryEscape(longKey),
		"escaped for a path":          url.PathEscape(longKey),
		"percent-encoded":             bytesOf("%%%02x"),
		"percent-encoded in capitals": bytesOf("%%%02X"),
		"escaped in JSON":             bytesOf(`\u%04x`),
		"escaped in JSON, in part":    strings.ReplaceAll(longKey, "0", `\u0030`),
		"escaped in JSON, capitals":   bytesOf(`\u%04X`),
		"reversed":                    string(reversed),
	}
	for _, before := range []string{"", "x", "xy", "xyz", "Bearer ", "user:"} {
		all["base64 after "+before] = base64.StdEncoding.EncodeToString([]byte(before + longKey + "!"))
	}
	return all
}

func TestAnAnswerThatRepeatsTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range echoed() {
		tries := 0
		c := newClient(t, "https://devin.example.com", withKey(t, longKey), withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
			tries++
			return clienttest.JSON(200, `{"principal_type":"x","service_user_name":"`+text+`"}`), nil
		})))
		self, err := askSelf(t.Context(), c)
		if self != nil || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "repeats the API key") || tries != 1 {
			t.Errorf("%s: %v after %d tries, %v", name, self, tries, err)
		}
		if err != nil && strings.Contains(err.Error(), "S3cret") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestAKeyIsTakenOutOfErrorsHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for name, text := range echoed() {
		for _, body := range []string{`{"detail":"no such key: ` + text + `"}`, `{"title":"` + text + `"}`, "no such key: " + text, `{"detail":"` + text} {
			c := newClient(t, "https://devin.example.com", withKey(t, longKey), withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
				return clienttest.JSON(401, body), nil
			})))
			_, err := askSelf(t.Context(), c)
			if !isOnly(err, ErrUnauthorized) || !strings.Contains(err.Error(), "(key)") {
				t.Errorf("%s: %v", name, err)
			}
			if strings.Contains(err.Error(), text) {
				t.Errorf("%s is in the error: %v", name, err)
			}
		}
	}
}

func TestAKeyThatIsGivenForAnIDIsNotShown(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	client := newClient(t, server.URL, withKey(t, longKey))
	_, err := askConsumption(t.Context(), client, longKey)
	const shown = "/v3/enterprise/consumption/daily/users/(key)"
	if !isOnly(err, ErrForbidden) || !strings.Contains(err.Error(), shown+" answered") {
		t.Errorf("got %v", err)
	}
	if got := client.Address(consumptionRequest(longKey)); got != shown {
		t.Errorf("the address is %s", got)
	}
}

func TestAShortKeyIsFoundAsAWholeOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, key, said string
		refused         bool
		redacted        string
	}{
		{"a word of an answer", "cog_production", "the production team", false, "the production team"},
		{"two words of an answer", "cog_demo_organization", "Unknown organization of demo_organization", false, "Unknown organization of demo_organization"},
		{"half of a key of words", "cog_demo_invalid_permissions", "the code invalid_permissions", false, "the code invalid_permissions"},
		{"the key", "cog_production", "no key cog_production!", true, "no key (key)!"},
		{"another key", "cog_production", "use cog_other", false, "use cog_(...)"},
		{"a word with the letters of a prefix", "cog_production", "incog_nito", false, "incog_nito"},
	} {
		status := 200
		client := newClient(t, "https://devin.example.com", withKey(t, c.key), withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
			if status == 200 {
				return clienttest.JSON(200, `{"principal_type":"`+c.said+`"}`), nil
			}
			return clienttest.JSON(status, `{"detail":"`+c.said+`"}`), nil
		})))
		if _, err := Get[selfAnswer](t.Context(), client, Request{Path: []string{"self"}}); (err != nil) != c.refused {
			t.Errorf("%s: %v", c.name, err)
		}
		status = 404
		var failure *Error
		if _, err := askSelf(t.Context(), client); !errors.As(err, &failure) || failure.Detail != c.redacted {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
