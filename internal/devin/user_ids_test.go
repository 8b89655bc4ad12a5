package devin

import (
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const (
	composed   = "okta|Acme|Jos\u00e9"
	decomposed = "okta|Acme|Jose\u0301"
)

func TestOwnUserIDsAreInDevinsForm(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://devin.example.com", withTransport(bothLists(`{"user_id":"`+decomposed+`"},{"user_id":"a"}`, "", nil)))
	own, unsure, err := client.OwnUserIDs(t.Context(), []string{"a", composed, "x|\u00fc"})
	if err != nil || !reflect.DeepEqual(own, []string{"a", decomposed, "x|\u00fc"}) || !reflect.DeepEqual(unsure, map[string]bool{"x|\u00fc": true}) {
		t.Errorf("got %q, unsure %v, %v", own, unsure, err)
	}
}

func TestOwnUserIDsReadNoListForASCII(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := slices.DeleteFunc(memberIDs(fake), func(id string) bool { return !isASCII(id) })
	own, unsure, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), ids)
	if err != nil || !reflect.DeepEqual(own, ids) || len(unsure) > 0 || len(fake.Requests()) > 0 {
		t.Errorf("got %q, unsure %v, %v with %d requests", own, unsure, err, len(fake.Requests()))
	}
}

func TestOwnUserIDsAreUnsureWhereTheListIsRefused(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/*", devintest.Fault{Status: http.StatusForbidden})
	own, unsure, err := newClient(t, fake.URL).OwnUserIDs(t.Context(), []string{composed})
	if err != nil || own[0] != composed || !unsure[composed] {
		t.Errorf("got %q, unsure %v, %v", own, unsure, err)
	}
}
