package devin

import (
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestSelfReadsEveryKindOfPrincipal(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Principal{
		`{"principal_type":"service_user","service_user_id":"service-user-1","service_user_name":"CI Bot","org_id":null}`: {
			Type: new("service_user"), ID: new("service-user-1"), Name: new("CI Bot"),
		},
		`{"principal_type":"service_user","service_user_id":"service-user-1","service_user_name":"CI Bot","org_id":""}`: {
			Type: new("service_user"), ID: new("service-user-1"), Name: new("CI Bot"),
		},
		`{"principal_type":"service_user","service_user_id":"service-user-1","service_user_name":"CI Bot"}`: {
			Type: new("service_user"), ID: new("service-user-1"), Name: new("CI Bot"),
		},
		`{"principal_type":"service_user","service_user_id":"service-user-1","service_user_name":"","org_id":"org-1"}`: {
			Type: new("service_user"), ID: new("service-user-1"), Name: new(""), OrgID: new("org-1"),
		},
		`{"principal_type":"pat_user","user_id":"email|1","user_name":"Jane","api_key_id":"key-1","api_key_name":"laptop","org_id":"org-1"}`: {
			Type: new("pat_user"), ID: new("email|1"), Name: new("Jane"), OrgID: new("org-1"),
		},
		`{"principal_type":"devin_brain","devin_id":"devin-1","user_id":"email|1","org_id":"org-1","creator_service_user_id":null}`: {
			Type: new("devin_brain"), ID: new("devin-1"), OrgID: new("org-1"),
		},
		`{"principal_type":"windsurf_session","user_id":"email|1","org_id":"org-1","user_name":null}`: {
			Type: new("windsurf_session"), ID: new("email|1"), OrgID: new("org-1"),
		},
		`{"principal_type":"robot_2030","robot_id":"r"}`: {Type: new("robot_2030")},
	} {
		server := clienttest.StartFake(t, devintest.Options{})
		server.Fault("/v3/self", devintest.Fault{Body: body})
		got, err := newClient(t, server.URL).Self(t.Context())
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if asText(t, got) != asText(t, want) {
			t.Errorf("%s became %s", body, asText(t, got))
		}
	}
}

func TestSelfOfTheFakesKeys(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	for key, want := range map[string][3]string{
		devintest.KeyOK:           {"service_user", "DX Import", ""},
		devintest.KeyOrganization: {"service_user", "CI Runner", server.Organizations()[0].OrgID},
		devintest.KeyPAT:          {"pat_user", *server.Members()[0].Name, ""},
	} {
		p, err := newClient(t, server.URL, withKey(t, key)).Self(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		org := ""
		if p.OrgID != nil {
			org = *p.OrgID
		}
		if got := [3]string{*p.Type, *p.Name, org}; got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
}

func TestAPermissionIsFoundByEitherOfItsNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]*Permission{
		"ManageAccountMembership": MembershipPermission, "ViewAccountMembership": MembershipPermission,
		"ManageBilling": ConsumptionPermission, "ViewAccountConsumption": ConsumptionPermission,
		"ViewAccountMetrics": MetricsPermission, "ViewOrgMetrics": MetricsPermission,
		"ViewOrgMembership": MembershipPermission, "ViewOrgConsumption": ConsumptionPermission,
		"ViewOrgSessions": SessionsPermission, "ViewCodeScans": CodeScansPermission, "ManageOrganizations": OrganizationsPermission,
		"ManageAccountServiceUsers": ServiceUsersPermission, "ManageEverything": nil, "managebilling": nil, "": nil,
	} {
		if got := PermissionNamed(name); got != want {
			t.Errorf("%q is %v, want %v", name, got, want)
		}
	}
	names := PermissionNames()
	if want := []string{
		"ManageAccountMembership", "ViewAccountMembership", "ViewOrgMembership",
		"ManageBilling", "ViewAccountConsumption", "ViewOrgConsumption", "ViewAccountMetrics", "ViewOrgMetrics",
		"ManageOrganizations", "ViewAccountSessions", "ViewOrgSessions", "ViewAccountCodeScans", "ViewCodeScans",
		"ManageAccountServiceUsers", "ManageEnterpriseSettings", "ViewEnterpriseInfraDetails",
	}; !slices.Equal(names, want) {
		t.Errorf("the names are %v", names)
	}
}

func TestAPermissionIsShownWithBothNames(t *testing.T) {
	t.Parallel()
	if got := ConsumptionPermission.String(); got != "ManageBilling (newer name: ViewAccountConsumption)" {
		t.Errorf("got %q", got)
	}
	if got := MetricsPermission.String(); got != "ViewAccountMetrics" {
		t.Errorf("got %q", got)
	}
}
