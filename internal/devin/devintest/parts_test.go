package devintest_test

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func cents(acus float64) int64 { return int64(math.Round(acus * 100)) }

// served is what an endpoint of consumption answers, in hundredths, which has to
// be the truth.
func served(t *testing.T, s *devintest.Server, path string, p devintest.Part, from, to time.Time) int64 {
	t.Helper()
	total := checkSums(t, read[usage](t, get(t, s, path+window(from, to))))
	if truth := cents(s.PartTotal(p, from, to)); total != truth {
		t.Errorf("%s answers %d hundredths, in truth %d", path, total, truth)
	}
	return total
}

func TestPartsMakeTheWhole(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 9, 1), billingDay(2026, 11, 1)
	var users, services, organizations, active int64
	people := slices.Clone(s.FormerMembers())
	for _, m := range s.Members() {
		people = append(people, m.UserID)
	}
	for _, id := range people {
		users += served(t, s, userPath(id), devintest.Part{UserID: id}, from, to)
	}
	for _, u := range s.AllServiceUsers() {
		n := served(t, s, dailyPath+"/service-users/"+u.ServiceUserID, devintest.Part{ServiceUserID: u.ServiceUserID}, from, to)
		services += n
		if u.Active {
			active += n
		}
	}
	for _, o := range s.Organizations() {
		whole := served(t, s, dailyPath+"/organizations/"+o.OrgID, devintest.Part{OrgID: o.OrgID}, from, to)
		root := "/v3/organizations/" + o.OrgID + "/consumption/daily"
		if own := served(t, s, root, devintest.Part{OrgID: o.OrgID}, from, to); own != whole {
			t.Errorf("%s itself answers %d, the enterprise %d", o.Name, own, whole)
		}
		var parts int64
		for _, id := range people {
			parts += served(t, s, root+"/users/"+url.PathEscape(id), devintest.Part{OrgID: o.OrgID, UserID: id}, from, to)
		}
		for _, u := range s.AllServiceUsers() {
			parts += served(t, s, root+"/service-users/"+u.ServiceUserID, devintest.Part{OrgID: o.OrgID, ServiceUserID: u.ServiceUserID}, from, to)
		}
		if parts != whole || whole == 0 {
			t.Errorf("the parts of %s make %d of %d", o.Name, parts, whole)
		}
		organizations += whole
	}
	enterprise := cents(s.EnterpriseTotal(from, to))
	if users+services != enterprise || services == active || active == 0 {
		t.Errorf("users %d and service users %d (active %d) make %d", users, services, active, enterprise)
	}
	if organizations >= enterprise || organizations < enterprise/2 {
		t.Errorf("organizations make %d of %d", organizations, enterprise)
	}
}

func TestSessionsArePartsOfTheirOwners(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 20)
	byOwner := map[string]int64{}
	for _, session := range s.Sessions() {
		p := devintest.Part{SessionID: session.SessionID}
		n := served(t, s, dailyPath+"/sessions/"+session.SessionID, p, from, to)
		if own := served(t, s, "/v3/organizations/"+session.OrgID+"/consumption/daily/sessions/"+session.SessionID, p, from, to); own != n || n == 0 {
			t.Errorf("%s has %d, and %d in its organization", session.SessionID, n, own)
		}
		byOwner[session.OwnerID] += n
	}
	if len(byOwner) < 10 {
		t.Fatalf("%d own sessions", len(byOwner))
	}
	for owner, n := range byOwner {
		p := devintest.Part{UserID: owner}
		if strings.HasPrefix(owner, "service-user-") {
			p = devintest.Part{ServiceUserID: owner}
		}
		if all := cents(s.PartTotal(p, from, to)); n > all {
			t.Errorf("the sessions of %s have %d of %d", owner, n, all)
		}
	}
	for _, path := range []string{"/sessions/devin-nobody", "/service-users/nobody"} {
		if u := read[usage](t, get(t, s, dailyPath+path)); u.TotalACUs.String() != "0.0" || len(u.Days) > 0 {
			t.Errorf("%s: %+v", path, u)
		}
	}
	strict := start(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: 404}})
	wantStatus(t, strict, dailyPath+"/sessions/devin-nobody", http.StatusNotFound)
	wantStatus(t, strict, dailyPath+"/service-users/nobody", http.StatusNotFound)
}

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

func TestKeysOfAnOrganizationReadItAndNothingElse(t *testing.T) {
	s := start(t, devintest.Options{})
	own, other := s.Organizations()[0].OrgID, s.Organizations()[1].OrgID
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 1)
	for path, permission := range map[string]string{
		"/v3beta1/organizations/{}/members/users":                      devintest.ViewOrgMembership,
		"/v3beta1/organizations/{}/members/idp-users":                  devintest.ViewOrgMembership,
		"/v3/organizations/{}/consumption/daily" + window(from, to):    devintest.ViewOrgConsumption,
		"/v3/organizations/{}/consumption/daily/users/nobody":          devintest.ViewOrgConsumption,
		"/v3/organizations/{}/consumption/daily/service-users/nobody":  devintest.ViewOrgConsumption,
		"/v3/organizations/{}/consumption/daily/sessions/devin-nobody": devintest.ViewOrgConsumption,
		"/v3/organizations/{}/metrics/prs" + window(from, to):          devintest.ViewOrgMetrics,
	} {
		in := func(org string) string { return strings.ReplaceAll(path, "{}", org) }
		s.AddKey("cog_less", devintest.Principal{OrgID: own, Permissions: []string{permission}})
		for _, tt := range []struct {
			key, org string
			status   int
		}{
			{devintest.KeyOrganization, own, 200},
			{devintest.KeyOK, own, 200},
			{devintest.KeyOK, other, 200},
			{"cog_less", own, 200},
			{devintest.KeyOrganization, other, 403},
			{devintest.KeyOrganization, "org-nowhere", 403},
			{devintest.KeyOK, "org-nowhere", 403},
			{devintest.KeyInvalidPermissions, own, 403},
		} {
			if got := getAs(t, s, tt.key, in(tt.org)); got.status != tt.status {
				t.Errorf("%s asks %s: %d, want %d", tt.key, in(tt.org), got.status, tt.status)
			}
		}
		s.RemovePermission(devintest.KeyOrganization, permission)
		if got := getAs(t, s, devintest.KeyOrganization, in(own)); got.status != 403 {
			t.Errorf("without %s, %s answers %d", permission, path, got.status)
		}
		s.AddKey(devintest.KeyOrganization, devintest.Principal{
			OrgID: own, Permissions: []string{devintest.ViewOrgMembership, devintest.ViewOrgConsumption, devintest.ViewOrgMetrics},
		})
	}
	for _, path := range []string{dailyPath, membersPath, "/v3/enterprise/organizations", "/v3/enterprise/organizations/" + own + "/members/users", dailyPath + "/organizations/" + own} {
		if got := getAs(t, s, devintest.KeyOrganization, path); got.status != 403 {
			t.Errorf("a key of an organization asks %s: %d", path, got.status)
		}
	}
}
