package devin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
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
			m.JoinedAt = new(Instant(*p.JoinedAt))
		}
		all := slices.Clone(p.Assignments)
		if withIDP {
			all, m.IDPGroupNames = append(all, p.IDPAssignments...), []string{}
		}
		for _, a := range all {
			if !held(a) {
				continue
			}
			role := RoleAssignment{Role: Role{RoleID: a.RoleID, RoleName: new(a.RoleName), RoleType: new(a.RoleType)}}
			if a.OrgID != "" {
				role.OrgID = new(a.OrgID)
			}
			if a.IDPGroupName != "" {
				role.IDPGroupName = new(a.IDPGroupName)
				m.IDPGroupNames = append(m.IDPGroupNames, a.IDPGroupName)
			}
			m.Roles = append(m.Roles, role)
		}
		slices.Sort(m.IDPGroupNames)
		m.IDPGroupNames = slices.Compact(m.IDPGroupNames)
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

func everyone(devintest.Member) bool     { return true }
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
			server := clienttest.StartFake(t, opts)
			got, err := newClient(t, server.URL).Members(t.Context(), MemberFilter{WithoutIDP: !withIDP})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if want := truth(server, withIDP, everyone, allRoles); asText(t, got) != asText(t, want) {
				t.Errorf("%s, with IdP users %t: got\n%s\nwant\n%s", name, withIDP, asText(t, got), asText(t, want))
			}
			if n := server.Count("*/idp-users"); (n > 0) != withIDP {
				t.Errorf("%s: %d requests for IdP users", name, n)
			}
		}
	}
}

// A fake in which nothing is null, or no person is on both lists, would hide mistakes.
func TestTheFakesPeopleAreOfAllKinds(t *testing.T) {
	t.Parallel()
	var both, idpOnly, noEmail, noName, noJoined, noRole int
	for _, m := range truth(clienttest.StartFake(t, devintest.Options{}), true, everyone, allRoles) {
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
		server := clienttest.StartFake(t, devintest.Options{Quirks: quirks})
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
		server := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownOrganization: status}})
		members, err := newClient(t, server.URL).In("org-nowhere").Members(t.Context(), MemberFilter{})
		if !isOnly(err, kind) || members != nil {
			t.Errorf("%d: %v, %v", status, members, err)
		}
	}
}

func TestMembersAreFoundByEmailInAnyCase(t *testing.T) {
	t.Parallel()
	for _, quirks := range []devintest.Quirks{{}, {CaseSensitiveEmail: true}} {
		server := clienttest.StartFake(t, devintest.Options{PageSize: 25, Quirks: quirks})
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
	server := clienttest.StartFake(t, devintest.Options{PageSize: 200})
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

func TestAnEmailOfNoMemberIsNoError(t *testing.T) {
	t.Parallel()
	// An address that matches only in part is not a member's.
	for _, email := range []string{"unknown@example.com", "@", "a+b c&d=e@example.com", "%", "null"} {
		server := clienttest.StartFake(t, devintest.Options{})
		got, err := newClient(t, server.URL).Members(t.Context(), MemberFilter{Email: email})
		if err != nil || got == nil || len(got) != 0 {
			t.Errorf("%q: %v, %v", email, got, err)
		}
	}
}

func TestAServerThatIgnoresTheEmailStillGivesOnePerson(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
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
	server := clienttest.StartFake(t, devintest.Options{})
	got, err := newClient(t, server.URL, withKey(t, devintest.KeyNoResources)).Members(t.Context(), MemberFilter{})
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

// withoutEmail removes the email from the query.
type withoutEmail struct{ http.RoundTripper }

func (rt withoutEmail) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	q := r.URL.Query()
	q.Del("email")
	r.URL.RawQuery = q.Encode()
	return rt.RoundTripper.RoundTrip(r)
}

// bothLists serves one page of each list, and asks wait first, if set.
func bothLists(users, idpUsers string, wait func(path string)) clienttest.RoundTripper {
	return func(r *http.Request) (*http.Response, error) {
		if wait != nil {
			wait(r.URL.Path)
		}
		items := users
		if strings.HasSuffix(r.URL.Path, "/idp-users") {
			items = idpUsers
		}
		return clienttest.JSON(200, `{"items":[`+items+`],"end_cursor":null,"has_next_page":false}`), nil
	}
}

func membersOf(t *testing.T, users, idpUsers string, f MemberFilter) ([]Member, error) {
	t.Helper()
	return newClient(t, "https://devin.example.com", withTransport(bothLists(users, idpUsers, nil))).Members(t.Context(), f)
}

func TestWhatIsMissingOfAMemberIsNil(t *testing.T) {
	t.Parallel()
	const roles = `"role_assignments":[]`
	for _, item := range []string{
		`{"user_id":"a","email":null,"name":null,"enterprise_joined_at":null,` + roles + `}`,
		`{"user_id":"a",` + roles + `}`,
		`{"user_id":"a",` + roles + `,"unknown":{"x":[1]},"last_login":5}`,
		`{"user_id":"a","enterprise_joined_at":0,` + roles + `}`,
		`{"user_id":"a","enterprise_joined_at":-1,` + roles + `}`,
		`{"user_id":"a","enterprise_joined_at":946684799,` + roles + `}`,
	} {
		got, err := membersOf(t, item, "", MemberFilter{})
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %v, %v", item, got, err)
		}
		if m := got[0]; m.Email != nil || m.Name != nil || m.JoinedAt != nil || m.Roles == nil || len(m.Roles) != 0 {
			t.Errorf("%s became %+v", item, m)
		}
	}
}

func TestAMemberThatCannotBeReadFailsTheList(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]string{
		`{"user_id":null}`: "the field items[1].user_id is missing",
		`{"user_id":""}`:   "the field items[1].user_id is missing",
		`{"email":"a@b"}`:  "the field items[1].user_id is missing",
		`null`:             "the field items[1].user_id is missing",
		`{"user_id":7}`:    "user_id is a JSON number",
		`"a"`:              "a JSON string",
		`{"user_id":"a","enterprise_joined_at":1764921600000}`:               "the field items[1].enterprise_joined_at: 1764921600000",
		`{"user_id":"a","enterprise_joined_at":1764921600.5}`:                "1764921600.5 is not an integer",
		`{"user_id":"a","enterprise_joined_at":"2025-12-05"}`:                "not an integer",
		`{"user_id":"a","role_assignments":{}}`:                              "role_assignments is a JSON ",
		`{"user_id":"a","role_assignments":[{}]}`:                            "the field items[1].role_assignments[0].role.role_id is missing",
		`{"user_id":"a","role_assignments":[{"role":null}]}`:                 "role.role_id is missing",
		`{"user_id":"a","role_assignments":[{"role":{"role_id":""}}]}`:       "role.role_id is missing",
		`{"user_id":"a","idp_role_assignments":[{"idp_group_name":"x"}]}`:    "role.role_id is missing",
		`{"user_id":"a","role_assignments":[{"role":{"role_id":"r"}},null]}`: "role.role_id is missing",
		`{"user_id":"a","name":["x"]}`:                                       "name is a JSON ",
		`{"user_id":"a","role_assignments":[{"role":"account_member"}]}`:     "role is a JSON string",
	} {
		for _, list := range []string{"users", "idp-users"} {
			users, idpUsers := `{"user_id":"z"},`+item, ""
			if list == "idp-users" {
				users, idpUsers = idpUsers, users
			}
			got, err := membersOf(t, users, idpUsers, MemberFilter{})
			var failure *Error
			if got != nil || !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), want) {
				t.Errorf("%.80s: %v, %v; want %q", item, got, err, want)
				continue
			}
			if !strings.HasSuffix(failure.Path, "/"+list) || failure.Status != 200 {
				t.Errorf("%.80s: the error is %v", item, err)
			}
		}
	}
}

func TestAPersonOnBothListsIsOneMember(t *testing.T) {
	t.Parallel()
	role := func(id string, more string) string { return `{"role":{"role_id":"` + id + `"}` + more + `}` }
	users := `{"user_id":"a","email":null,"name":"A","enterprise_joined_at":1764921600,"role_assignments":[` + role("r2", `,"org_id":"o"`) + `,` + role("r1", "") + `]},` +
		`{"user_id":"b","role_assignments":[]},` +
		// As when the list moved between two pages.
		`{"user_id":"a","email":"a@b","name":"A","role_assignments":[` + role("r1", "") + `]}`
	idpUsers := `{"user_id":"a","email":"a@b","name":"A","idp_role_assignments":[` +
		role("r1", `,"idp_group_name":"g"`) + `,` + role("r2", `,"org_id":"o","idp_group_name":"h"`) + `,` +
		role("r2", `,"org_id":"o","idp_group_name":"g"`) + `,` + role("r2", `,"org_id":"o","idp_group_name":"g"`) + `]}`
	got, err := membersOf(t, users, idpUsers, MemberFilter{})
	if err != nil || len(got) != 2 || got[1].UserID != "b" {
		t.Fatalf("got %s, %v", asText(t, got), err)
	}
	a := got[0]
	if a.UserID != "a" || *a.Email != "a@b" || *a.Name != "A" || a.JoinedAt == nil || *a.JoinedAt != 1764921600 {
		t.Errorf("got %s", asText(t, a))
	}
	var roles []string
	for _, r := range a.Roles {
		roles = append(roles, fmt.Sprintf("%q", sortKey(r)))
	}
	want := []string{
		`"\x00r1\x00"`, `"\x00r1\x00\x01g"`,
		`"\x01o\x00r2\x00"`, `"\x01o\x00r2\x00\x01g"`, `"\x01o\x00r2\x00\x01h"`,
	}
	if strings.Join(roles, " ") != strings.Join(want, " ") {
		t.Errorf("the roles are %s", roles)
	}
}

func TestMembersDoNotDependOnWhichListIsFaster(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const (
			user    = `{"user_id":"a","email":"Jane@example.com","name":null,"role_assignments":[]}`
			idpUser = `{"user_id":"a","email":"jane@example.com","name":"Jane (IdP)","idp_role_assignments":[{"role":{"role_id":"r"},"idp_group_name":"g"}]}`
		)
		for _, slow := range []string{"/users", "/idp-users"} {
			c := bubbleClient(t, bothLists(user, idpUser, func(path string) {
				if strings.HasSuffix(path, slow) {
					time.Sleep(time.Second)
				}
			}))
			got, err := c.Members(t.Context(), MemberFilter{})
			if err != nil || len(got) != 1 {
				t.Fatalf("got %v, %v", got, err)
			}
			if m := got[0]; *m.Email != "Jane@example.com" || *m.Name != "Jane (IdP)" || len(m.Roles) != 1 {
				t.Errorf("with slow %s: %s", slow, asText(t, m))
			}
		}
	})
}

func TestAnErrorInEitherListFailsTheWhole(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"users", "idp-users"} {
		for _, skip := range []int{0, 1} {
			server := clienttest.StartFake(t, devintest.Options{PageSize: 3})
			server.Fault("/v3/enterprise/members/"+list, devintest.Fault{Status: 403, Skip: skip})
			got, err := newClient(t, server.URL).Members(t.Context(), MemberFilter{})
			var failure *Error
			if got != nil || !errors.As(err, &failure) || !errors.Is(err, ErrForbidden) || !strings.HasSuffix(failure.Path, "/"+list) {
				t.Errorf("%s after %d pages: %v, %v", list, skip, got, err)
			}
		}
	}
}

// The bubbles fail where a goroutine outlives them.

func TestAFailedListLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := bubbleClient(t, clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/idp-users") {
				time.Sleep(time.Second)
				return clienttest.JSON(403, `{"detail":"Unauthorized"}`), nil
			}
			<-r.Context().Done() // the other list would hang for ever
			return nil, r.Context().Err()
		}))
		start := time.Now()
		if _, err := c.Members(t.Context(), MemberFilter{}); !errors.Is(err, ErrForbidden) || time.Since(start) != time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

func TestStoppingEarlyLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		items := make([]string, 1000) // more than the lists may run ahead
		for i := range items {
			items[i] = fmt.Sprintf(`{"user_id":"a%d"}`, i)
		}
		many := strings.Join(items, ",")
		c := bubbleClient(t, bothLists(many, many, nil))
		for m, err := range c.eachMember(t.Context(), MemberFilter{}) {
			if err != nil || m.UserID != "a0" {
				t.Error(m, err)
			}
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var last error
		for _, err := range c.eachMember(ctx, MemberFilter{}) {
			last = err
			cancel()
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("a canceled walk ended with %v", last)
		}
	})
}

// Over real connections, which synctest does not see. Not parallel: it counts the
// goroutines of the process.
func TestReadsOverRealConnectionsLeaveNoGoroutine(t *testing.T) {
	server := clienttest.StartFake(t, devintest.Options{PageSize: 3})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server.Fault("/v3/enterprise/members/users", devintest.Fault{Hang: true, When: func(r *http.Request) bool {
		secondPage := r.URL.Query().Has("after")
		if secondPage {
			cancel()
		}
		return secondPage
	}})
	check := noGoroutineLeft(t)
	c := newClient(t, server.URL)
	if _, err := c.Members(ctx, MemberFilter{}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	server.ClearFaults()
	server.Fault("*/members/users", devintest.Fault{Status: 403})
	if _, err := c.Members(t.Context(), MemberFilter{}); !errors.Is(err, ErrForbidden) {
		t.Errorf("the error is %v", err)
	}
	server.ClearFaults()
	for _, err := range c.In(server.Organizations()[0].OrgID).eachMember(t.Context(), MemberFilter{}) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	c.Close()
	check()
}
