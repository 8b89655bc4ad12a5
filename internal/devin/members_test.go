package devin

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// asText makes members comparable, and readable where they differ.
func asText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// truth is what Members should give for those of the fake's people that keep
// says, with those of their roles that held says.
func truth(server *devintest.Server, withIDP bool, keep func(devintest.Member) bool, held func(devintest.Assignment) bool) []Member {
	members := []Member{}
	for _, p := range server.Members() {
		if !keep(p) || !p.Direct && !withIDP {
			continue
		}
		m := Member{UserID: p.UserID, Email: p.Email, Name: p.Name, Roles: []RoleAssignment{}}
		if p.JoinedAt != nil {
			m.JoinedAt = ptr(time.Unix(*p.JoinedAt, 0).UTC())
		}
		all := slices.Clone(p.Assignments)
		if withIDP {
			all = append(all, p.IDPAssignments...)
		}
		for _, a := range all {
			if !held(a) {
				continue
			}
			role := RoleAssignment{Role: Role{RoleID: a.RoleID, RoleName: ptr(a.RoleName), RoleType: ptr(a.RoleType)}}
			if a.OrgID != "" {
				role.OrgID = ptr(a.OrgID)
			}
			if a.IDPGroupName != "" {
				role.IDPGroupName = ptr(a.IDPGroupName)
			}
			m.Roles = append(m.Roles, role)
		}
		// Null first in both; a NUL sorts before whatever an id can hold.
		slices.SortFunc(m.Roles, func(a, b RoleAssignment) int { return strings.Compare(sortKey(a), sortKey(b)) })
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.UserID, b.UserID) })
	return members
}

func sortKey(r RoleAssignment) string {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return "\x01" + *s
	}
	return text(r.OrgID) + "\x00" + r.RoleID + "\x00" + text(r.IDPGroupName)
}

func everybody(devintest.Member) bool    { return true }
func allRoles(devintest.Assignment) bool { return true }

func TestMembersAreTheUnionOfBothLists(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]devintest.Options{
		"defaults":        {},
		"pages of one":    {PageSize: 1},
		"another company": {Seed: 7, Members: 123, PageSize: 200},
		"without joined":  {Quirks: devintest.Quirks{NoJoinedAt: true}},
		"gzip":            {Gzip: true},
	} {
		for _, withIDP := range []bool{true, false} {
			server := startFake(t, opts)
			got, err := newClient(t, server.URL).Members(t.Context(), MemberFilter{WithoutIDP: !withIDP})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if want := truth(server, withIDP, everybody, allRoles); asText(t, got) != asText(t, want) {
				t.Errorf("%s, with IdP users %t: got\n%s\nwant\n%s", name, withIDP, asText(t, got), asText(t, want))
			}
			if n := server.Count("*/idp-users"); (n > 0) != withIDP {
				t.Errorf("%s: %d requests for IdP users", name, n)
			}
		}
	}
}

// A company in which nothing is null, or nobody is on both lists, would let
// mistakes through.
func TestTheFakesPeopleAreOfAllKinds(t *testing.T) {
	t.Parallel()
	var both, idpOnly, noEmail, noName, noJoined, noRole int
	for _, m := range truth(startFake(t, devintest.Options{}), true, everybody, allRoles) {
		var idp, direct bool
		for _, r := range m.Roles {
			idp, direct = idp || r.IDPGroupName != nil, direct || r.IDPGroupName == nil
		}
		count := func(n *int, is bool) {
			if is {
				*n++
			}
		}
		count(&both, idp && direct)
		count(&idpOnly, idp && !direct)
		count(&noEmail, m.Email == nil)
		count(&noName, m.Name == nil)
		count(&noJoined, m.JoinedAt == nil && direct)
		count(&noRole, !idp && !direct)
	}
	if both*idpOnly*noEmail*noName*noJoined*noRole == 0 {
		t.Error(both, idpOnly, noEmail, noName, noJoined, noRole)
	}
}

func TestMembersOfAnOrganization(t *testing.T) {
	t.Parallel()
	for _, quirks := range []devintest.Quirks{{}, {NoOrgIDInOrganizationLists: true}} {
		server := startFake(t, devintest.Options{Quirks: quirks})
		c := newClient(t, server.URL)
		for _, org := range server.Organizations() {
			here := func(a devintest.Assignment) bool { return a.OrgID == org.OrgID }
			inOrg := func(withIDP bool) func(devintest.Member) bool {
				return func(m devintest.Member) bool {
					return slices.ContainsFunc(m.Assignments, here) || withIDP && slices.ContainsFunc(m.IDPAssignments, here)
				}
			}
			for _, withIDP := range []bool{true, false} {
				got, err := c.In(org.OrgID).Members(t.Context(), MemberFilter{WithoutIDP: !withIDP})
				if err != nil {
					t.Fatal(err)
				}
				want := truth(server, withIDP, inOrg(withIDP), here)
				for i := range want {
					want[i].JoinedAt = nil // an organization's list does not tell
				}
				if len(want) == 0 || asText(t, got) != asText(t, want) {
					t.Errorf("%s with %+v: got\n%s\nwant\n%s", org.Name, quirks, asText(t, got), asText(t, want))
				}
			}
		}
	}
}

func TestAnUnknownOrganizationIsAnError(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]error{403: ErrForbidden, 404: ErrNotFound} {
		server := startFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownOrganization: status}})
		members, err := newClient(t, server.URL).In("org-nowhere").Members(t.Context(), MemberFilter{})
		if !isOnly(err, kind) || members != nil {
			t.Errorf("%d: %v, %v", status, members, err)
		}
	}
}

func TestMembersAreFoundByEmailInAnyCase(t *testing.T) {
	t.Parallel()
	for _, quirks := range []devintest.Quirks{{}, {CaseSensitiveEmail: true}} {
		server := startFake(t, devintest.Options{PageSize: 25, Quirks: quirks})
		for _, p := range server.Members() {
			if p.Email == nil {
				continue
			}
			for _, email := range []string{*p.Email, strings.ToUpper(*p.Email), strings.ToLower(*p.Email)} {
				got, err := newClient(t, server.URL).Members(t.Context(), MemberFilter{Email: email})
				if err != nil {
					t.Fatal(err)
				}
				want := truth(server, true, func(m devintest.Member) bool {
					return m.Email != nil && strings.EqualFold(*m.Email, email)
				}, allRoles)
				if asText(t, got) != asText(t, want) {
					t.Errorf("%s with %+v: got\n%s\nwant\n%s", email, quirks, asText(t, got), asText(t, want))
				}
			}
		}
	}
}

func TestTheEmailIsSentToTheAPI(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{PageSize: 200})
	p := server.Members()[0]
	if _, err := newClient(t, server.URL).Members(t.Context(), MemberFilter{Email: *p.Email}); err != nil {
		t.Fatal(err)
	}
	for _, r := range server.Requests() {
		if r.Query.Get("email") != *p.Email {
			t.Errorf("asked with %v", r.Query)
		}
	}
	if n := len(server.Requests()); n != 2 {
		t.Errorf("%d requests for one person", n)
	}
}

func TestAnEmailNobodyHasIsNoError(t *testing.T) {
	t.Parallel()
	// What looks like an email of somebody, or matches in a mere part, is not.
	for _, email := range []string{"nobody@example.com", "@", "a+b c&d=e@example.com", "%", "null"} {
		server := startFake(t, devintest.Options{})
		got, err := newClient(t, server.URL).Members(t.Context(), MemberFilter{Email: email})
		if err != nil || got == nil || len(got) != 0 {
			t.Errorf("%q: %v, %v", email, got, err)
		}
	}
}

func TestAServerThatIgnoresTheEmailStillGivesOnePerson(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	p := server.Members()[0]
	// The API seems to ignore query keys that it does not know.
	c := newClient(t, server.URL, withTransport(withoutEmail{rest.NewTransport(2)}))
	got, err := c.Members(t.Context(), MemberFilter{Email: *p.Email})
	if err != nil || len(got) != 1 || got[0].UserID != p.UserID {
		t.Errorf("got %s, %v", asText(t, got), err)
	}
}

func TestAnEnterpriseWithoutMembersIsAnEmptyList(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	got, err := newClient(t, server.URL, withKey(t, devintest.KeyNoResources)).Members(t.Context(), MemberFilter{})
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}
