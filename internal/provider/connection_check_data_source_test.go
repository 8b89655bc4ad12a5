package provider

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestConnectionCheckDataSourceReportsEveryCodeAndFailsForNone(t *testing.T) {
	t.Parallel()
	for _, tt := range checkCases {
		fake := newFixture(t, devintest.Options{})
		var m connectionCheckDataModel
		if err := readConnectionCheck(t.Context(), fake.Client(t, tt.key), &m); err != nil {
			t.Errorf("%s: %s", tt.key, err)
			continue
		}
		if *m.OK || text(m.ErrorCode) != tt.code || !strings.HasPrefix(*m.Message, tt.code+": ") || !strings.Contains(*m.Message, tt.summary) || !strings.Contains(*m.Message, tt.next) {
			t.Errorf("%s: ok %t, code %s, message %s", tt.key, *m.OK, text(m.ErrorCode), *m.Message)
		}
		summary, detail, _ := strings.Cut(*m.Message, "\n\n")
		inOrder(t, summary, detail)
		if *m.Summary != summary {
			t.Errorf("%s: the summary is %q and the message begins %q", tt.key, *m.Summary, summary)
		}
		for _, permission := range devin.DefaultRequirements() {
			has, ok := m.Permissions[permission.Name]
			denied := slices.Contains(tt.missing, permission.Name)
			unclear := tt.code == "invalid_credentials" || tt.code == "unavailable"
			if !ok || len(m.Permissions) != 3 || (has == nil) != unclear || has != nil && *has == denied {
				t.Errorf("%s: %s is %v in %v", tt.key, permission.Name, has, m.Permissions)
			}
		}
		if got := strings.Join(m.MissingPermissions, " "); got != strings.Join(tt.missing, " ") || m.MissingPermissions == nil {
			t.Errorf("%s: missing %s", tt.key, got)
		}
		for _, check := range m.Checks {
			if !strings.HasPrefix(check.Endpoint, "GET /v3/") || check.Message == "" {
				t.Errorf("%s: %+v", tt.key, check)
			}
			if check.OK && (check.StatusCode == nil || *check.StatusCode != http.StatusOK) {
				t.Errorf("%s: %s is ok with status %v", tt.key, check.Name, check.StatusCode)
			}
		}
	}
}

func TestConnectionCheckDataSourceReportsAKeyThatWorks(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]struct{ kind, name string }{
		devintest.KeyOK:                 {"service_user", "DX Import"},
		devintest.KeyPAT:                {"pat_user", ""},
		devintest.KeyNoOrganizationList: {"service_user", "DX Import"},
	} {
		fake := newFixture(t, devintest.Options{})
		var m connectionCheckDataModel
		if err := readConnectionCheck(t.Context(), fake.Client(t, key), &m); err != nil {
			t.Fatal(err)
		}
		for _, permission := range devin.DefaultRequirements() {
			if has := m.Permissions[permission.Name]; has == nil || !*has {
				t.Errorf("%s: %s is %v", key, permission.Name, has)
			}
		}
		if text(m.Summary) != text(m.Message) || strings.Contains(*m.Summary, "\n") {
			t.Errorf("%s: %s", key, text(m.Summary))
		}
		if !*m.OK || m.ErrorCode != nil || text(m.Type) != want.kind || m.OrgID != nil ||
			want.name != "" && text(m.Name) != want.name || !strings.Contains(*m.Message, "works and has every required permission") {
			t.Errorf("%s: %+v, %s", key, m, *m.Message)
		}
	}
}

func TestConnectionCheckLooksOnlyAtWhatIsRequiredByEitherName(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := connectionCheckDataModel{RequiredPermissions: permissionList(t, "ViewAccountMembership", "ViewAccountMetrics", "ManageAccountMembership")}
	if err := readConnectionCheck(t.Context(), fake.Client(t, devintest.KeyForbidden), &m); err != nil || !*m.OK {
		t.Errorf("a key without ManageBilling fails a check that does not require it: %s, %v", text(m.Message), err)
	}
	if n := fake.Count("/v3/enterprise/consumption/daily"); n != 0 {
		t.Errorf("%d requests for a permission that is not required", n)
	}
	m.RequiredPermissions = permissionList(t, "ViewAccountConsumption")
	if err := readConnectionCheck(t.Context(), fake.Client(t, devintest.KeyForbidden), &m); err != nil || text(m.ErrorCode) != string(devin.InvalidPermissions) {
		t.Errorf("the only required permission is denied: %s, %v", text(m.ErrorCode), err)
	}
}

func TestConnectionCheckOfEveryPermissionTellsOfEach(t *testing.T) {
	t.Parallel()
	for _, missing := range devin.Requirements() {
		fake := newFixture(t, devintest.Options{})
		fake.RemovePermission(devintest.KeyOK, missing.Name)
		var names []any
		for _, permission := range devin.Requirements() {
			names = append(names, permission.Name)
		}
		m := connectionCheckDataModel{RequiredPermissions: permissionList(t, names...)}
		if err := readConnectionCheck(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if want := "forbidden: the API key lacks " + missing.Name; *m.Summary != want || !slices.Equal(m.MissingPermissions, []string{missing.Name}) {
			t.Errorf("%s, %q is missing; want %s", *m.Summary, m.MissingPermissions, want)
		}
		for _, permission := range devin.Requirements() {
			if has := m.Permissions[permission.Name]; has == nil || *has != (permission != missing) {
				t.Errorf("without %s, %s is %v", missing, permission, has)
			}
		}
	}
}

func TestInterruptedConnectionCheckIsAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var m connectionCheckDataModel
	if err := readConnectionCheck(ctx, fake.Client(t, devintest.KeyOK), &m); err == nil {
		t.Errorf("got %s", text(m.Message))
	}
}
