package rest

import (
	"errors"
	"net/http"
	"testing"
)

func TestRawReturnsTheBodyAsItCame(t *testing.T) {
	const body = `{"items": [], "items": null, "x": 1e400}`
	c := newClient(t, "https://devin.example.com", withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		return jsonAnswer(http.StatusOK, body), nil
	})))
	for range 2 {
		got, err := Raw(t.Context(), c, Request{Path: []string{"self"}, Shared: true})
		if err != nil || string(got) != body {
			t.Errorf("got %s, %v", got, err)
		}
	}
}

func TestRawOfARefusalIsTheUsualError(t *testing.T) {
	c := newClient(t, "https://devin.example.com", withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		return jsonAnswer(http.StatusForbidden, `{"title":"Forbidden"}`), nil
	})))
	got, err := Raw(t.Context(), c, Request{Path: []string{"self"}})
	var failure *Error
	if got != nil || !errors.As(err, &failure) || failure.Status != http.StatusForbidden || failure.Title != "Forbidden" {
		t.Errorf("got %s, %v", got, err)
	}
}
