package devin

import (
	"net/http"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func checkNames(checks []Check) []string {
	var all []string
	for _, c := range checks {
		all = append(all, c.Name)
	}
	return all
}

func TestCheckOfAnOrganizationAsksItsOwnEndpoints(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	org := fake.Organizations()[0].OrgID
	for _, key := range []string{devintest.KeyOrganization, devintest.KeyOK} {
		got := newClient(t, fake.URL, withKey(t, key)).In(org).CheckConnection(t.Context(), Permissions(), nil)
		if got.Code != OK || got.OrgID != org || !slices.Equal(checkNames(got.Checks), []string{"self", "members", "consumption", "pr_metrics"}) {
			t.Errorf("%s: %+v", key, got)
		}
	}
	want := []string{
		"/v3/organizations/" + org + "/consumption/daily", "/v3/organizations/" + org + "/metrics/prs",
		"/v3/self", "/v3beta1/organizations/" + org + "/members/users",
	}
	var asked []string
	for _, r := range fake.Requests() {
		asked = append(asked, r.Path)
	}
	slices.Sort(asked)
	if !slices.Equal(slices.Compact(asked), want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
}

func TestCheckOfAnOrganizationGivesTheCodesOfTheDesign(t *testing.T) {
	t.Parallel()
	all := []string{devintest.ViewOrgMembership, devintest.ViewOrgConsumption, devintest.ViewOrgMetrics}
	for name, tt := range map[string]struct {
		permissions []string
		denyStatus  int
		empty       bool // the lists of members
		unknown     bool // the key
		other       bool // the organization is not the key's
		code        Code
		missing     []string
	}{
		"everything":             {permissions: all},
		"older names":            {permissions: []string{devintest.ViewOrgMembership, devintest.ManageBilling, devintest.ViewAccountMetrics}},
		"one too few":            {permissions: all[:2], code: Forbidden, missing: []string{"ViewAccountMetrics"}},
		"one too few, by 401":    {permissions: all[1:], denyStatus: 401, code: Unauthorized, missing: []string{"ViewOrgMembership"}},
		"none":                   {code: InvalidPermissions, missing: []string{"ViewOrgMembership", "ManageBilling", "ViewAccountMetrics"}},
		"another's":              {permissions: all, other: true, code: InvalidPermissions, missing: []string{"ViewOrgMembership", "ManageBilling", "ViewAccountMetrics"}},
		"no member":              {permissions: all, empty: true, code: NoResources},
		"an unknown key":         {unknown: true, code: InvalidCredentials},
		"no member, one too few": {permissions: all[:2], empty: true, code: Forbidden, missing: []string{"ViewAccountMetrics"}},
	} {
		fake := startFake(t, devintest.Options{})
		org := fake.Organizations()[0].OrgID
		if !tt.unknown {
			fake.AddKey("cog_org", devintest.Principal{ID: "service-user-1", OrgID: org, Permissions: tt.permissions, DenyStatus: tt.denyStatus})
		}
		if tt.empty {
			fake.Fault("/v3beta1/*", devintest.Fault{Body: `{"items":[],"has_next_page":false}`, ContentType: "application/json"})
		}
		if tt.other {
			org = fake.Organizations()[1].OrgID
		}
		got := newClient(t, fake.URL, withKey(t, "cog_org")).In(org).CheckConnection(t.Context(), Permissions(), nil)
		var missing []string
		for _, p := range got.Missing {
			missing = append(missing, p.Name)
		}
		if got.Code != tt.code || !slices.Equal(missing, tt.missing) {
			t.Errorf("%s: %q without %q, want %q without %q", name, got.Code, missing, tt.code, tt.missing)
		}
		if idp := slices.Contains(checkNames(got.Checks), "idp_members"); idp != tt.empty {
			t.Errorf("%s: %q", name, checkNames(got.Checks))
		}
	}
}

func TestExplainRefusalAsksWhoTheKeyIsOnlyAfterARefusal(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	client := newClient(t, fake.URL, withKey(t, devintest.KeyOrganization))
	for _, err := range []error{nil, ErrUnavailable, ErrRejected, ErrNotFound, ErrAddressDenied} {
		if got := client.ExplainRefusal(t.Context(), err); got != err { //nolint:errorlint // the very same
			t.Errorf("%v became %v", err, got)
		}
	}
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
	fake.Fault("/v3/self", devintest.Fault{Status: http.StatusServiceUnavailable})
	if got := client.ExplainRefusal(t.Context(), ErrForbidden); got != ErrForbidden { //nolint:errorlint // the very same
		t.Errorf("got %v", got)
	}
}
