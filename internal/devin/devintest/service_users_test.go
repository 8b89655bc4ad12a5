package devintest_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestServiceUsersAreListedWithAndWithoutInactiveOnes(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 2})
	for _, inactive := range []bool{false, true} {
		query := url.Values{}
		if inactive {
			query.Set("include_inactive", "true")
		}
		var got, want []string
		for _, item := range everything[map[string]any](t, s, "/v3/enterprise/members/service-users", query) {
			got = append(got, fmt.Sprintf("%s %s", item["service_user_id"], item["name"]))
		}
		for _, u := range s.AllServiceUsers() {
			if u.Active || inactive {
				want = append(want, u.ServiceUserID+" "+u.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("inactive %v: got %q, want %q", inactive, got, want)
		}
	}
	org := s.AllServiceUsers()[0].OrgIDs[0]
	p := read[page](t, get(t, s, "/v3/enterprise/organizations/"+org+"/members/service-users"))
	if len(p.Items) != 1 || p.Items[0]["service_user_id"] != s.AllServiceUsers()[0].ServiceUserID {
		t.Errorf("the first organization has %v", p.Items)
	}
}
