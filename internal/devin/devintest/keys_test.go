package devintest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestEachKeyAnswersAsItsNameSays(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, test := range []struct {
		key                                     string
		self, members, consumption, prs, organs int
	}{
		{devintest.KeyOK, 200, 200, 200, 200, 200},
		{devintest.KeyOtherPrincipal, 200, 200, 200, 200, 200},
		{devintest.KeyPAT, 200, 200, 200, 200, 200},
		{devintest.KeyNoResources, 200, 200, 200, 200, 200},
		{devintest.KeyInvalidCredentials, 403, 403, 403, 403, 403},
		{"apk_user_legacy", 403, 403, 403, 403, 403},
		{"", 403, 403, 403, 403, 403},
		{devintest.KeyInvalidPermissions, 200, 403, 403, 403, 403},
		{devintest.KeyOrganization, 200, 403, 403, 403, 403},
		{devintest.KeyForbidden, 200, 200, 403, 200, 200},
		{devintest.KeyUnauthorized, 200, 200, 200, 401, 200},
		{devintest.KeyNoOrganizationList, 200, 200, 200, 200, 403},
		{devintest.KeyUnavailable, 503, 503, 503, 503, 503},
		{devintest.KeyRateLimited, 429, 429, 429, 429, 429},
	} {
		for path, want := range map[string]int{
			selfPath: test.self, membersPath: test.members, idpPath: test.members,
			dailyPath: test.consumption, cyclesPath: test.consumption, userPath("email|5f2a"): test.consumption,
			prsPath: test.prs, orgsPath: test.organs,
		} {
			if got := getAs(t, s, test.key, path); got.status != want {
				t.Errorf("%q, %s: status %d, want %d", test.key, path, got.status, want)
			}
		}
	}
}

func TestEveryKeyHasADescription(t *testing.T) {
	for _, k := range devintest.Keys() {
		if !strings.HasPrefix(k.Key, "cog_demo_") || k.Description == "" {
			t.Errorf("%+v", k)
		}
	}
}

func TestSelfShowsThePrincipal(t *testing.T) {
	s := start(t, devintest.Options{})
	s.AddKey("cog_brain", devintest.Principal{Self: `{"principal_type":"devin_brain"}`})
	for key, want := range map[string]map[string]any{
		devintest.KeyOK: {"principal_type": "service_user", "service_user_name": "DX Import", "org_id": nil},
		devintest.KeyOrganization: {
			"principal_type": "service_user", "service_user_name": "CI Runner",
			"org_id": s.Organizations()[0].OrgID,
		},
		devintest.KeyPAT: {"principal_type": "pat_user", "user_id": s.Members()[0].UserID, "api_key_name": "laptop"},
		"cog_brain":      {"principal_type": "devin_brain"},
	} {
		got := read[map[string]any](t, getAs(t, s, key, selfPath))
		for field, value := range want {
			if v, ok := got[field]; !ok || v != value {
				t.Errorf("%s: %s is %v, want %v", key, field, v, value)
			}
		}
	}
}

func TestNoResourcesSeesAnEmptyEnterprise(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, path := range []string{membersPath, idpPath, orgsPath} {
		p := read[page](t, getAs(t, s, devintest.KeyNoResources, path))
		if p.Items == nil || len(p.Items) != 0 || p.More {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if got := getAs(t, s, devintest.KeyNoResources, dailyPath).body; got != `{"total_acus":0.0,"consumption_by_date":[]}` {
		t.Error(got)
	}
}

func TestKeysChangeWhileItRuns(t *testing.T) {
	s := start(t, devintest.Options{})
	s.AddKey("cog_new", devintest.Principal{ID: "service-user-1", Permissions: []string{"ViewAccountConsumption"}})
	status := func(path string) int { return getAs(t, s, "cog_new", path).status }
	if status(dailyPath) != 200 || status(membersPath) != 403 {
		t.Error("the newer name of a permission is not the older one's")
	}
	s.RemovePermission("cog_new", devintest.ManageBilling)
	if status(dailyPath) != 403 || status(selfPath) != 200 {
		t.Error("a permission that was taken is still held")
	}
	s.Revoke("cog_new")
	if status(selfPath) != 403 {
		t.Error("a revoked key is accepted")
	}
	s.RemovePermission("cog_new", devintest.ManageBilling)
}

func TestOnlyABearerHeaderIsAKey(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, header := range [][]string{
		{devintest.KeyOK},
		{"bearer " + devintest.KeyOK},
		{"Bearer  " + devintest.KeyOK},
		{"Bearer " + devintest.KeyOK + "x"},
		{"Bearer " + devintest.KeyOK, "Bearer " + devintest.KeyOK},
	} {
		request := newRequest(t, s, http.MethodGet, selfPath)
		request.Header["Authorization"] = header
		if r, err := do(s, request); err != nil || r.status != 403 {
			t.Errorf("%q: status %d, %v", header, r.status, err)
		}
	}
}

func TestOrganizationKeysReadOnlyTheirOrganization(t *testing.T) {
	s := start(t, devintest.Options{})
	own, other := s.Organizations()[0].OrgID, s.Organizations()[1].OrgID
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 1)
	for path, permission := range map[string]string{
		"/v3beta1/organizations/{}/members/users":                       devintest.ViewOrgMembership,
		"/v3beta1/organizations/{}/members/idp-users":                   devintest.ViewOrgMembership,
		"/v3/organizations/{}/consumption/daily" + window(from, to):     devintest.ViewOrgConsumption,
		"/v3/organizations/{}/consumption/daily/users/unknown":          devintest.ViewOrgConsumption,
		"/v3/organizations/{}/consumption/daily/service-users/unknown":  devintest.ViewOrgConsumption,
		"/v3/organizations/{}/consumption/daily/sessions/devin-unknown": devintest.ViewOrgConsumption,
		"/v3/organizations/{}/metrics/prs" + window(from, to):           devintest.ViewOrgMetrics,
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
				t.Errorf("%s, %s: %d, want %d", tt.key, in(tt.org), got.status, tt.status)
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
			t.Errorf("an organization's key, %s: %d", path, got.status)
		}
	}
}
