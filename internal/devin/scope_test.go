package devin

import (
	"errors"
	"net/http"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestARefusalIsDueToTheKeyWhereSelfIsRefusedToo(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		fake := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{BadKeyStatus: status}})
		client := newClient(t, fake.URL, withKey(t, "cog_a_key_that_was_revoked"))
		_, err := client.WholeDailyConsumption(t.Context(), week)
		var scope *ScopeError
		if err = client.ExplainRefusal(t.Context(), err); !errors.As(err, &scope) || !scope.KeyRefused || scope.KeyOrgID != "" {
			t.Errorf("%d: got %v", status, err)
		}
	}
}

// A failure of /v3/self for another reason says nothing about the key.
func TestARefusalIsNotDueToTheKeyWhereSelfDoesNotSaySo(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"unavailable": {Status: 503}, "the address": {Status: 403, Body: `{"detail":"Your IP address is not allowed"}`},
		"HTML": {Status: 403, Body: "<html>", ContentType: "text/html"},
	} {
		fake := clienttest.StartFake(t, devintest.Options{})
		fake.Fault("/v3/self", fault)
		if got := newClient(t, fake.URL).ExplainRefusal(t.Context(), ErrForbidden); got != ErrForbidden { //nolint:errorlint // the very same
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestAfterARefusalSelfIsReadAnew(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	if _, err := client.Self(t.Context()); err != nil {
		t.Fatal(err)
	}
	fake.Fault("*", devintest.Fault{Status: http.StatusForbidden})
	_, err := client.WholeDailyConsumption(t.Context(), week)
	var scope *ScopeError
	if !errors.As(client.ExplainRefusal(t.Context(), err), &scope) || !scope.KeyRefused {
		t.Errorf("got %v", scope)
	}
}
