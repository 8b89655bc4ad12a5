package devintest_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestClearingLimitsIsRefusedWhereReadingThemIs(t *testing.T) {
	clearing := func(s *devintest.Server, path string) int {
		request := newRequest(t, s, http.MethodDelete, path)
		request.Header.Set("Authorization", "Bearer "+devintest.KeyOK)
		r, err := do(s, request)
		if err != nil {
			t.Fatal(err)
		}
		return r.status
	}
	on := start(t, devintest.Options{})
	off := start(t, devintest.Options{Quirks: devintest.Quirks{BetaLimits: http.StatusNotFound}})
	user := func(id string) string {
		return "/v3beta1/enterprise/users/" + url.PathEscape(id) + "/consumption/acu-limits"
	}
	known, org := user(on.Members()[0].UserID), "/v3beta1/enterprise/organizations/"+on.Organizations()[0].OrgID+"/consumption/acu-limits"
	if clearing(on, known) != 204 || clearing(on, org) != 204 || clearing(on, user("unknown")) != 404 {
		t.Error("limits are not cleared, or those of an unknown user are")
	}
	if clearing(off, known) != 404 || clearing(off, org) != 404 {
		t.Error("limits are cleared where they are not enabled")
	}
}
