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
	for query, want := range map[string]func(devintest.ServiceUser) bool{
		"":                       func(u devintest.ServiceUser) bool { return u.Active },
		"?include_inactive=true": func(devintest.ServiceUser) bool { return true },
	} {
		var got, all []string
		for cursor := ""; ; {
			path := "/v3/enterprise/members/service-users" + query
			if cursor != "" {
				path += map[bool]string{true: "?", false: "&"}[query == ""] + "after=" + url.QueryEscape(cursor)
			}
			p := read[page](t, get(t, s, path))
			for _, item := range p.Items {
				got = append(got, fmt.Sprintf("%s %s", item["service_user_id"], item["name"]))
			}
			if !p.More {
				break
			}
			cursor = *p.EndCursor
		}
		for _, u := range s.AllServiceUsers() {
			if want(u) {
				all = append(all, u.ServiceUserID+" "+u.Name)
			}
		}
		if !slices.Equal(got, all) {
			t.Errorf("%q: got %q, want %q", query, got, all)
		}
	}
	org := s.AllServiceUsers()[0].OrgIDs[0]
	p := read[page](t, get(t, s, "/v3/enterprise/organizations/"+org+"/members/service-users"))
	if len(p.Items) != 1 || p.Items[0]["service_user_id"] != s.AllServiceUsers()[0].ServiceUserID {
		t.Errorf("the first organization has %v", p.Items)
	}
}
