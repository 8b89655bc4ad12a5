package devin

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// The days are the last that has ended at the fake's 20:00 UTC of 2026-03-10.
var probesOfEnterprise = map[*Permission]string{
	MembershipPermission:     "/v3/enterprise/members/users?first=1",
	ConsumptionPermission:    "/v3/enterprise/consumption/daily?time_after=1773043200&time_before=1773129600",
	MetricsPermission:        "/v3/enterprise/metrics/prs?time_after=1773043200&time_before=1773129600",
	OrganizationsPermission:  "/v3/enterprise/organizations?first=1",
	SessionsPermission:       "/v3/enterprise/sessions?created_after=1773043200&created_before=1773129600&first=1",
	CodeScansPermission:      "/v3/enterprise/code-scans/findings?first=1",
	ServiceUsersPermission:   "/v3beta1/enterprise/service-users/service-user-own/api-keys?first=1&status=all",
	SettingsPermission:       "/v3/enterprise/audit-logs?first=1&order=desc&time_after=1773043200&time_before=1773129600",
	InfrastructurePermission: "/v3/enterprise/hypervisors?first=1&status=all",
}

var probesOfOrganization = map[*Permission]string{
	MembershipPermission:  "/v3beta1/organizations/{org}/members/users?first=1",
	ConsumptionPermission: "/v3/organizations/{org}/consumption/daily?time_after=1773043200&time_before=1773129600",
	MetricsPermission:     "/v3/organizations/{org}/metrics/prs?time_after=1773043200&time_before=1773129600",
	SessionsPermission:    "/v3/organizations/{org}/sessions?created_after=1773043200&created_before=1773129600&first=1",
	CodeScansPermission:   "/v3/organizations/{org}/code-scans/findings?first=1",
}

func TestEachPermissionIsTriedWithOneRequest(t *testing.T) {
	t.Parallel()
	for _, inOrganization := range []bool{false, true} {
		for _, permission := range Requirements() {
			fake := clienttest.StartFake(t, devintest.Options{})
			orgID, want := "", probesOfEnterprise[permission]
			if inOrganization {
				orgID = fake.Organizations()[0].OrgID
				want = strings.ReplaceAll(probesOfOrganization[permission], "{org}", orgID)
			}
			fake.AddKey("cog_own", devintest.Principal{ID: "service-user-own", OrgID: orgID, Permissions: devintest.AllPermissions()})
			client := newClient(t, fake.URL, withKey(t, "cog_own")).In(orgID)
			if can := client.CanRequire(permission); can != (want != "") {
				t.Errorf("%s, in an organization %t: CanRequire is %t", permission, inOrganization, can)
			}
			if want == "" {
				continue
			}
			if conn := client.CheckConnection(t.Context(), []*Permission{permission}, nil); conn.Code != OK || conn.Checks[1].Permission.Name == "" || !conn.Checks[1].Required {
				t.Errorf("%s is there: %q, %s", permission, conn.Code, shown(conn))
			}
			expected := []string{"/v3/self?", want}
			if !inOrganization && permission != OrganizationsPermission {
				expected = append(expected, probesOfEnterprise[OrganizationsPermission])
			}
			var asked []string
			for _, r := range fake.Requests() {
				asked = append(asked, r.Path+"?"+r.Query.Encode())
			}
			slices.Sort(asked)
			slices.Sort(expected)
			if !slices.Equal(asked, expected) {
				t.Errorf("%s: it asked\n%s\nwant\n%s", permission, strings.Join(asked, "\n"), strings.Join(expected, "\n"))
			}
			fake.RemovePermission("cog_own", permission.Name)
			conn := newClient(t, fake.URL, withKey(t, "cog_own")).In(orgID).CheckConnection(t.Context(), []*Permission{permission}, nil)
			if conn.Code != InvalidPermissions || len(conn.Missing) != 1 || conn.Missing[0] != client.permission(permission) {
				t.Errorf("without %s: %q, %s is missing", permission, conn.Code, missingNames(conn))
			}
		}
	}
}

func TestACheckOfAllPermissionsGivesTheCodesOfTheDesign(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]struct {
		code    Code
		missing string
	}{
		devintest.KeyOK:                 {OK, ""},
		devintest.KeyPAT:                {OK, ""},
		devintest.KeyForbidden:          {Forbidden, "ManageBilling"},
		devintest.KeyUnauthorized:       {Unauthorized, "ViewAccountMetrics"},
		devintest.KeyNoOrganizationList: {Forbidden, "ManageOrganizations"},
		devintest.KeyNoResources:        {NoResources, ""},
		devintest.KeyInvalidCredentials: {InvalidCredentials, ""},
		devintest.KeyUnavailable:        {Unavailable, ""},
		devintest.KeyInvalidPermissions: {InvalidPermissions, "ManageAccountMembership ManageBilling ViewAccountMetrics ManageOrganizations " +
			"ViewAccountSessions ViewAccountCodeScans ManageAccountServiceUsers ManageEnterpriseSettings ViewEnterpriseInfraDetails"},
	} {
		fake := clienttest.StartFake(t, devintest.Options{})
		conn := newClient(t, fake.URL, withKey(t, key)).CheckConnection(t.Context(), Requirements(), nil)
		if conn.Code != want.code || missingNames(conn) != want.missing {
			t.Errorf("%s: %q without %q, want %q without %q; %s", key, conn.Code, missingNames(conn), want.code, want.missing, shown(conn))
		}
	}
}

// What a probe of the check cannot tell never passes.
func TestARequiredListThatIsNotThereTellsNothing(t *testing.T) {
	t.Parallel()
	paths := maps.Clone(probesOfEnterprise)
	paths[ServiceUsersPermission] = "*/api-keys"
	for permission, probe := range paths {
		fake := clienttest.StartFake(t, devintest.Options{})
		path, _, _ := strings.Cut(probe, "?")
		fake.Fault(path, devintest.Fault{Status: 404})
		if conn := newClient(t, fake.URL).CheckConnection(t.Context(), []*Permission{permission}, nil); conn.Code != Unavailable {
			t.Errorf("%s: %q, %s", permission, conn.Code, shown(conn))
		}
	}
}

func TestAKeyThatIsNoServiceUsersListsTheKeysOfAnother(t *testing.T) {
	t.Parallel()
	required := []*Permission{ServiceUsersPermission}
	for name, tt := range map[string]struct {
		permissions []string
		faults      map[string]devintest.Fault
		code        Code
		unknown     bool // whose keys to list
	}{
		"everything":                 {permissions: devintest.AllPermissions()},
		"no API keys":                {permissions: []string{devintest.ManageAccountMembership, devintest.ManageOrganizations}, code: InvalidPermissions},
		"no list":                    {permissions: []string{devintest.ManageAccountServiceUsers, devintest.ManageOrganizations}, code: Unavailable, unknown: true},
		"a list that is empty":       {permissions: devintest.AllPermissions(), faults: map[string]devintest.Fault{"*/service-users": {Body: `{"items":[],"has_next_page":false}`}}, code: Unavailable, unknown: true},
		"a list that is down":        {permissions: devintest.AllPermissions(), faults: map[string]devintest.Fault{"*/service-users": {Status: 503}}, code: Unavailable},
		"self and all else refused":  {faults: map[string]devintest.Fault{"/v3/self": {Status: 403}}, code: InvalidCredentials},
		"self refused, but not more": {permissions: devintest.AllPermissions(), faults: map[string]devintest.Fault{"/v3/self": {Status: 403}}},
	} {
		fake := clienttest.StartFake(t, devintest.Options{})
		for path, fault := range tt.faults {
			fake.Fault(path, fault)
		}
		fake.AddKey("cog_token", devintest.Principal{Type: "pat_user", ID: "user-1", Permissions: tt.permissions})
		conn := newClient(t, fake.URL, withKey(t, "cog_token")).CheckConnection(t.Context(), required, nil)
		if conn.Code != tt.code || errors.Is(conn.Checks[1].Err, ErrNoServiceUser) != tt.unknown {
			t.Errorf("%s: %q, %s, %v", name, conn.Code, shown(conn), conn.Checks[1].Err)
		}
	}
}
