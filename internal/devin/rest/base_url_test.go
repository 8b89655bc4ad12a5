package rest

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestParseBaseURLAccepts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://api.devin.ai":                      "https://api.devin.ai",
		" https://api.devin.ai/ \n":                 "https://api.devin.ai",
		"https://api.devin.ai///":                   "https://api.devin.ai",
		"HTTPS://api.devin.ai":                      "https://api.devin.ai",
		"https://acme.devinenterprise.com/api":      "https://acme.devinenterprise.com/api",
		"https://acme.devinenterprise.com/api/":     "https://acme.devinenterprise.com/api",
		"https://acme.devinenterprise.com/a/b%20c/": "https://acme.devinenterprise.com/a/b%20c",
		"https://acme.devinenterprise.com/a%2Fb/":   "https://acme.devinenterprise.com/a%2Fb",
		"https://acme.devinenterprise.com/a%2F/":    "https://acme.devinenterprise.com/a%2F",
		"https://10.0.0.1:8443":                     "https://10.0.0.1:8443",
		"https://[2001:db8::1]:8443/x":              "https://[2001:db8::1]:8443/x",
		"http://localhost:8080":                     "http://localhost:8080",
		"http://LOCALHOST:8080/api":                 "http://LOCALHOST:8080/api",
		"http://127.0.0.1:8080/api/":                "http://127.0.0.1:8080/api",
		"http://127.9.9.9":                          "http://127.9.9.9",
		"http://[::1]:8080":                         "http://[::1]:8080",
		"https://gateway.example.com/devin/v1":      "https://gateway.example.com/devin/v1",
		"https://gateway.example.com/v3/devin":      "https://gateway.example.com/v3/devin",
		"https://gateway.example.com/dev3":          "https://gateway.example.com/dev3",
	} {
		u, err := ParseBaseURL(text)
		if err != nil {
			t.Errorf("ParseBaseURL(%q): %v", text, err)
			continue
		}
		if u.String() != want {
			t.Errorf("ParseBaseURL(%q) = %q, want %q", text, u, want)
		}
	}
}

func TestParseBaseURLRefuses(t *testing.T) {
	t.Parallel()
	const notURL, inClear, versioned = "not a URL", "plain http", "before the API's version"
	for text, want := range map[string]string{
		"":                             notURL,
		"api.devin.ai":                 notURL,
		"//api.devin.ai":               notURL,
		"/v3":                          notURL,
		"https:":                       notURL,
		"https://":                     notURL,
		"https:///v3":                  notURL,
		"https://:443":                 notURL,
		"https:api.devin.ai":           notURL,
		"https://api devin ai":         notURL,
		"https://api.devin.ai:port":    notURL,
		"https://api.devin.ai/%zz":     notURL,
		"https://api.devin.ai/\x00":    notURL,
		"ftp://api.devin.ai":           notURL,
		"file:///etc/passwd":           notURL,
		"ws://127.0.0.1":               notURL,
		"javascript:alert(1)":          notURL,
		"https://u:p4ss@api.devin.ai":  "user name",
		"https://u@api.devin.ai":       "user name",
		"https://@api.devin.ai":        "user name",
		"http://localhost@evil.com":    "user name",
		"https://api.devin.ai?x=1":     "query",
		"https://api.devin.ai/?":       "query",
		"https://api.devin.ai/#x":      "fragment",
		"https://api.devin.ai#":        "fragment",
		"https://api.devin.ai/v3":      versioned,
		"https://api.devin.ai/v3/":     versioned,
		"https://x.ai/v3/enterprise":   versioned,
		"https://x.ai/v3/enterprise/":  versioned,
		"https://x.ai/v3//enterprise/": versioned,
		"https://x.ai/api/v3beta1":     versioned,
		"https://x.ai/v3/self":         versioned,
		"https://x.ai/%763":            versioned,
		"http://127.0.0.1:8080/v3":     versioned,
		"http://api.devin.ai":          inClear,
		"http://10.0.0.1":              inClear,
		"http://192.168.0.1:8080":      inClear,
		"http://0.0.0.0":               inClear,
		"http://[::]":                  inClear,
		"http://[2001:db8::1]":         inClear,
		"http://localhost.evil.com":    inClear,
		"http://127.0.0.1.evil.com":    inClear,
		"http://evil-localhost":        inClear,
		"http://128.0.0.1":             inClear,
		"HTTP://API.DEVIN.AI":          inClear,
		"http://2130706433":            inClear,
		"http://localhost.localdomain": inClear,
	} {
		u, err := ParseBaseURL(text)
		if err == nil {
			t.Errorf("ParseBaseURL(%q) = %q, want an error", text, u)
			continue
		}
		if !strings.Contains(strings.ReplaceAll(err.Error(), "is not a URL", "not a URL"), want) {
			t.Errorf("ParseBaseURL(%q) says %q, want a word of %q", text, err, want)
		}
		if strings.Contains(err.Error(), "p4ss") {
			t.Errorf("the error shows a password: %v", err)
		}
	}
}

func TestAClientKeepsThePrefixOfItsBaseURL(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"/api", "/a/b%20c", "/a%2Fb", "/a%2F"} {
		server := startFake(t, devintest.Options{Prefix: prefix})
		c := newClient(t, server.URL+"/")
		if _, err := askConsumption(t.Context(), c, "okta|Acme/1"); err != nil {
			t.Errorf("under %s: %v", prefix, err)
		}
		want := prefix + "/v3/enterprise/consumption/daily/users/okta%7CAcme%2F1"
		if got := server.Requests()[0].Path; got != want {
			t.Errorf("under %s the path was %s, want %s", prefix, got, want)
		}
	}
}

func TestAClientWithoutABaseURLAsksDevinItself(t *testing.T) {
	t.Parallel()
	c, err := New(Config{Key: mustKey(t, "cog_abc")})
	if err != nil {
		t.Fatal(err)
	}
	u, err := c.url(selfRequest)
	if err != nil || u.String() != "https://api.devin.ai/v3/self" {
		t.Errorf("it asks %v, %v", u, err)
	}
}
