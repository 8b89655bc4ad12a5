package devintest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestMemberListsHoldEveryMemberOnce(t *testing.T) {
	s := start(t, devintest.Options{})
	direct, idp := map[string]map[string]any{}, map[string]map[string]any{}
	for path, seen := range map[string]map[string]map[string]any{membersPath: direct, idpPath: idp} {
		items, pages := walk(t, s, path)
		if pages < 3 {
			t.Errorf("%s has %d pages", path, pages)
		}
		for _, item := range items {
			id, _ := item["user_id"].(string)
			if seen[id] != nil {
				t.Errorf("%s lists %q twice", path, id)
			}
			seen[id] = item
		}
	}
	both := 0
	for _, m := range s.Members() {
		if (direct[m.UserID] != nil) != m.Direct || (idp[m.UserID] != nil) != m.IDP || !m.Direct && !m.IDP {
			t.Errorf("%q is not in the lists as Members has it", m.UserID)
		}
		if m.Direct && m.IDP {
			both++
		}
		if m.Direct {
			compare(t, m, direct[m.UserID], "role_assignments", m.Assignments)
		}
		if m.IDP {
			compare(t, m, idp[m.UserID], "idp_role_assignments", m.IDPAssignments)
		}
		delete(direct, m.UserID)
		delete(idp, m.UserID)
	}
	if both == 0 || len(direct)+len(idp) > 0 {
		t.Errorf("%d members in both lists, %d listed and unknown", both, len(direct)+len(idp))
	}
}

func compare(t *testing.T, m devintest.Member, item map[string]any, field string, want []devintest.Assignment) {
	t.Helper()
	text := func(p *string) any {
		if p == nil {
			return nil
		}
		return *p
	}
	if item["email"] != text(m.Email) || item["name"] != text(m.Name) {
		t.Errorf("%q: got %v and %v", m.UserID, item["email"], item["name"])
	}
	if joined, shown := item["enterprise_joined_at"].(float64); shown != (m.JoinedAt != nil && field == "role_assignments") {
		t.Errorf("%q: joined at %v", m.UserID, joined)
	}
	got, _ := item[field].([]any)
	if len(got) != len(want) {
		t.Fatalf("%q has %d %s, want %d", m.UserID, len(got), field, len(want))
	}
	for i, w := range want {
		a, _ := got[i].(map[string]any)
		role, _ := a["role"].(map[string]any)
		org, _ := a["org_id"].(string)
		group, _ := a["idp_group_name"].(string)
		if role["role_id"] != w.RoleID || role["role_type"] != w.RoleType || org != w.OrgID || group != w.IDPGroupName {
			t.Errorf("%q: got %v, want %+v", m.UserID, a, w)
		}
	}
}

func TestOrganizationListsHoldMembersWithARoleThere(t *testing.T) {
	for _, quirks := range []devintest.Quirks{{}, {NoOrgIDInOrganizationLists: true, NoJoinedAt: true}} {
		s := start(t, devintest.Options{Quirks: quirks})
		for _, org := range s.Organizations() {
			want := 0
			for _, m := range s.Members() {
				for _, a := range m.Assignments {
					if a.OrgID == org.OrgID {
						want++
						break
					}
				}
			}
			items, _ := walk(t, s, orgsPath+"/"+org.OrgID+"/members/users")
			if len(items) != want {
				t.Errorf("%d users in %s, want %d", len(items), org.Name, want)
			}
			idp, _ := walk(t, s, orgsPath+"/"+org.OrgID+"/members/idp-users")
			for _, item := range append(items, idp...) {
				for _, field := range []string{"role_assignments", "idp_role_assignments"} {
					list, _ := item[field].([]any)
					for _, each := range list {
						a, _ := each.(map[string]any)
						if id, shown := a["org_id"]; shown == quirks.NoOrgIDInOrganizationLists || shown && id != org.OrgID {
							t.Errorf("%s: %v", org.Name, a)
						}
					}
				}
			}
		}
	}
}

func TestEmailFilterIgnoresCaseWithoutTheQuirk(t *testing.T) {
	s := start(t, devintest.Options{})
	exact := start(t, devintest.Options{Quirks: devintest.Quirks{CaseSensitiveEmail: true}})
	mixed := ""
	for _, m := range s.Members() {
		if m.Direct && m.Email != nil && strings.ToLower(*m.Email) != *m.Email {
			mixed = *m.Email
		}
	}
	if mixed == "" {
		t.Fatal("no member has an address in mixed case")
	}
	for email, want := range map[string][2]int{
		mixed: {1, 1}, strings.ToUpper(mixed): {1, 0}, "unknown@acme.example": {0, 0},
	} {
		path := membersPath + "?email=" + url.QueryEscape(email)
		if got := len(getPage(t, s, path, "").Items); got != want[0] {
			t.Errorf("%d found by %s, want %d", got, email, want[0])
		}
		if got := len(getPage(t, exact, path, "").Items); got != want[1] {
			t.Errorf("%d found by exactly %s, want %d", got, email, want[1])
		}
	}
}

func TestMembersAreOfEveryKind(t *testing.T) {
	s := start(t, devintest.Options{})
	found := map[string]bool{}
	for _, m := range s.Members() {
		prefix, _, _ := strings.Cut(m.UserID, "|")
		found[strings.SplitN(prefix, "-", 2)[0]] = true
		found["slash"] = found["slash"] || strings.Contains(m.UserID, "/")
		found["no name"] = found["no name"] || m.Name == nil && m.Email != nil
		found["no email"] = found["no email"] || m.Email == nil && m.Name != nil
		found["neither"] = found["neither"] || m.Email == nil && m.Name == nil
		found["no date"] = found["no date"] || m.Direct && m.JoinedAt == nil
		if m.Name != nil {
			found["apostrophe"] = found["apostrophe"] || strings.Contains(*m.Name, "'")
			found["angle"] = found["angle"] || strings.Contains(*m.Name, "<")
		}
	}
	for _, want := range []string{
		"google", "okta", "email", "user", "slash", "no name", "no email", "neither", "no date", "apostrophe", "angle",
	} {
		if !found[want] {
			t.Errorf("no member for %q", want)
		}
	}
}
