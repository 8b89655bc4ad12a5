// Package clienttest has what the tests of package devin and of package rest share.
package clienttest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// Now is the present of every fake and test clock: 20:00 UTC lies in the billing day of
// the same date.
var Now = time.Date(2026, 3, 10, 20, 0, 0, 0, time.UTC)

// StartFake is devintest.Start with the present Now, unless opts has another.
func StartFake(t testing.TB, opts devintest.Options) *devintest.Server {
	t.Helper()
	if opts.Now == nil {
		opts.Now = func() time.Time { return Now }
	}
	return devintest.Start(t, opts)
}

// RoundTripper stands in for the network. A test in a synctest bubble needs it, since
// the bubble's time stands still while a real connection is waited for.
type RoundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls rt.
func (rt RoundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return rt(r) }

// JSON is an answer with a body of JSON.
func JSON(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
}

// Self is the answer of /v3/self to the key of a service user of the enterprise.
const Self = `{"principal_type":"service_user","service_user_id":"service-user-1","service_user_name":"CI Bot","org_id":null}`

// Parse parses a key or an address that must be valid.
func Parse[T any](t testing.TB, parse func(string) (T, error), text string) T {
	t.Helper()
	value, err := parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return value
}

// IsOnly reports whether an error is of one of kinds and of no other.
func IsOnly(err, kind error, kinds []error) bool {
	for _, other := range kinds {
		if errors.Is(err, other) != errors.Is(other, kind) {
			return false
		}
	}
	return true
}

// FuzzKey is a key that is in no seed, so that an error which shows it took it from the
// request.
const FuzzKey = "cog_Jq7wPzR2tVx9LkDsB4mN"

// CheckFuzzedError fails the test if err is no E, or if its text cannot be shown.
func CheckFuzzedError[E error](t testing.TB, err error) {
	t.Helper()
	if _, ok := errors.AsType[E](err); !ok {
		t.Fatalf("%T: %v", err, err)
	}
	devintest.CheckErrorText(t, err.Error(), FuzzKey)
}
