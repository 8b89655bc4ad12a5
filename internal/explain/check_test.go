package explain_test

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/explain/explaintest"
)

func TestACheckSaysWhatItSawAndNoMore(t *testing.T) {
	t.Parallel()
	const none = `{"items":[],"has_next_page":false}`
	for name, tt := range map[string]struct {
		key    string
		faults map[string]devintest.Fault
		want   string // the beginning of the message
		says   string
		not    string
	}{
		"members, and no organization": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/organizations": {Body: none}},
			"no_resources: the key works, but sees no organization\n", "add an organization there", "no members",
		},
		"no members, and a list of organizations that is denied": {
			devintest.KeyNoOrganizationList,
			map[string]devintest.Fault{"*/users": {Body: none}, "*/idp-users": {Body: none}},
			"no_resources: the key works, but sees no members\n", "The check can do without this permission.", "no organization",
		},
		"no members, and no list of organizations": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/users": {Body: none}, "*/idp-users": {Body: none}, "*/organizations": {Status: 404}},
			"no_resources: the key works, but sees no members\n", "The check can do without this list.", "no organization",
		},
		"members, and no list of organizations": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/organizations": {Status: 404}},
			"The API key of the service user", "works and has every required permission", "unavailable",
		},
		"an organizations list that is down": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/organizations": {Status: 503}},
			"unavailable: Devin answered 503\n", "This says nothing about the API key", "can do without",
		},
		"an address that is not in the list": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*": {Status: 403, Body: `{"detail":"203.0.113.7 is not in the IP access list"}`}},
			"unavailable: Devin denies access to this machine's IP address\n", "let an administrator", "revoked",
		},
		"an answer that breaks off": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/prs": {CutBody: true}},
			"unavailable: Devin's answer broke off\n", "request_timeout", "status page",
		},
	} {
		fake := startFake(t, devintest.Options{})
		for path, fault := range tt.faults {
			fake.Fault(path, fault)
		}
		connection := newClient(t, fake, tt.key).CheckConnection(t.Context(), devin.DefaultRequirements(), nil)
		message := explain.CheckPassed(connection)
		if connection.Code != devin.OK {
			message = explain.CheckFailed(connection).String()
		}
		if !strings.HasPrefix(message, tt.want) || !strings.Contains(message, tt.says) || strings.Contains(message, tt.not) {
			t.Errorf("%s: %s", name, message)
		}
	}
}

func TestSummaryOfACheckFitsInALineWhateverIsMissing(t *testing.T) {
	t.Parallel()
	all := devin.DefaultRequirements()
	for _, code := range []devin.Code{devin.Forbidden, devin.Unauthorized} {
		for _, missing := range [][]*devin.Permission{all[:1], all[1:2], all[2:], all[:2], all[1:], {all[0], all[2]}} {
			c := &devin.Connection{Code: code, Missing: missing, Checks: []devin.Check{{Method: "GET", Path: "/v3/self", Empty: true}}}
			m := explain.CheckFailed(c)
			explaintest.CheckForm(t, m)
			for _, p := range missing {
				if !strings.Contains(m.Summary, p.Name) && !strings.Contains(m.Summary, "2 of the required permissions") || !strings.Contains(m.Detail, p.String()) {
					t.Errorf("%s is missing in %s\n%s", p, m.Summary, m.Detail)
				}
			}
		}
	}
}

func TestACheckOfOnePermissionNamesIt(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	client := newClient(t, fake, devintest.KeyInvalidPermissions)
	for _, permission := range devin.Requirements() {
		m := explain.CheckFailed(client.CheckConnection(t.Context(), []*devin.Permission{permission}, nil))
		explaintest.CheckForm(t, m)
		if want := "invalid_permissions: the API key lacks " + permission.Name; m.Summary != want || !strings.HasPrefix(m.Detail, "Grant "+permission.String()+" to ") {
			t.Errorf("%s\n%s\nwant %s", m.Summary, m.Detail, want)
		}
	}
	m := explain.CheckFailed(client.CheckConnection(t.Context(), devin.DefaultRequirements(), nil))
	if want := "invalid_permissions: the API key has none of the required permissions"; m.Summary != want {
		t.Errorf("%s, want %s", m.Summary, want)
	}
}

func TestACheckThatKnowsNoServiceUserSaysSo(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.AddKey("cog_token", devintest.Principal{Type: "pat_user", ID: "user-1", Permissions: []string{devintest.ManageAccountServiceUsers}})
	m := explain.CheckFailed(newClient(t, fake, "cog_token").CheckConnection(t.Context(), []*devin.Permission{devin.ServiceUsersPermission}, nil))
	explaintest.CheckForm(t, m)
	if m.Summary != "unavailable: ManageAccountServiceUsers could not be checked" || !strings.Contains(m.Detail, "Use the key of a service user") ||
		!strings.Contains(m.Detail, "/v3/enterprise/members/service-users") {
		t.Errorf("%s\n%s", m.Summary, m.Detail)
	}
}

func TestCheckSaysWhichOrganizationAKeyIsOf(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	own, other := fake.Organizations()[0].OrgID, fake.Organizations()[1].OrgID
	client := newClient(t, fake, devintest.KeyOrganization)
	for orgID, wants := range map[string][]string{
		"":    {"belongs to the organization " + own, "org_id = \"" + own + "\"", "DEVIN_ORG_ID"},
		other: {"belongs to the organization " + own, "org_id is " + other},
	} {
		m := explain.CheckFailed(client.In(orgID).CheckConnection(t.Context(), devin.DefaultRequirements(), nil))
		if !strings.HasPrefix(m.Summary, "invalid_permissions: ") || strings.Contains(m.Detail, "Grant ") {
			t.Errorf("%q: %s\n%s", orgID, m.Summary, m.Detail)
		}
		for _, want := range wants {
			if !strings.Contains(m.Detail, want) {
				t.Errorf("%q: it does not say %q:\n%s", orgID, want, m.Detail)
			}
		}
	}
	fake.Fault("/v3beta1/*", devintest.Fault{Body: `{"items":[],"has_next_page":false}`, ContentType: "application/json"})
	m := explain.CheckFailed(newClient(t, fake, devintest.KeyOrganization).In(own).CheckConnection(t.Context(), devin.DefaultRequirements(), nil))
	if m.Summary != "no_resources: the key works, but sees no members of the organization" || !strings.Contains(m.Detail, own) {
		t.Errorf("%s\n%s", m.Summary, m.Detail)
	}
}
