package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// withoutEmail takes the email out of what is asked.
type withoutEmail struct{ http.RoundTripper }

func (rt withoutEmail) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	q := r.URL.Query()
	q.Del("email")
	r.URL.RawQuery = q.Encode()
	return rt.RoundTripper.RoundTrip(r)
}

// bothLists serves one page of each list, and asks wait first, if set.
func bothLists(users, idpUsers string, wait func(path string)) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		if wait != nil {
			wait(r.URL.Path)
		}
		items := users
		if strings.HasSuffix(r.URL.Path, "/idp-users") {
			items = idpUsers
		}
		return jsonAnswer(200, `{"items":[`+items+`],"end_cursor":null,"has_next_page":false}`), nil
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
		`{"user_id":null}`: "items[1]: the field user_id is missing",
		`{"user_id":""}`:   "items[1]: the field user_id is missing",
		`{"email":"a@b"}`:  "items[1]: the field user_id is missing",
		`null`:             "items[1]: the field user_id is missing",
		`{"user_id":7}`:    "user_id is a JSON number",
		`"a"`:              "a JSON string",
		`{"user_id":"a","enterprise_joined_at":1764921600000}`:                                "the member a: the field enterprise_joined_at: 1764921600000",
		`{"user_id":"a","enterprise_joined_at":1764921600.5}`:                                 "1764921600.5 is not an integer",
		`{"user_id":"a","enterprise_joined_at":"2025-12-05"}`:                                 "not an integer",
		`{"user_id":"a","role_assignments":{}}`:                                               "role_assignments is a JSON object",
		`{"user_id":"a","role_assignments":[{}]}`:                                             "the member a: a role: the field role.role_id is missing",
		`{"user_id":"a","role_assignments":[{"role":null}]}`:                                  "role.role_id is missing",
		`{"user_id":"a","role_assignments":[{"role":{"role_id":""}}]}`:                        "role.role_id is missing",
		`{"user_id":"a","idp_role_assignments":[{"idp_group_name":"x"}]}`:                     "role.role_id is missing",
		`{"user_id":"a","role_assignments":[{"role":{"role_id":"r"}},null]}`:                  "role.role_id is missing",
		`{"user_id":"a","name":["x"]}`:                                                        "name is a JSON array",
		`{"user_id":"a","role_assignments":[{"role":"account_member"}]}`:                      "role is a JSON string",
		`{"user_id":"` + strings.Repeat("x", 999) + `","enterprise_joined_at":1764921600000}`: "x...",
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

func TestAnOddRoleIsNothingToWhoWantsNoRoles(t *testing.T) {
	t.Parallel()
	got, err := membersOf(t, `{"user_id":"a","role_assignments":[{"role":"admin"}]}`, "", MemberFilter{NoRoles: true})
	if err != nil || len(got) != 1 || got[0].Roles != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestSomebodyWhoComesTwiceIsOneMember(t *testing.T) {
	t.Parallel()
	role := func(id string, more string) string { return `{"role":{"role_id":"` + id + `"}` + more + `}` }
	users := `{"user_id":"a","email":null,"name":"A","role_assignments":[` + role("r2", `,"org_id":"o"`) + `,` + role("r1", "") + `]},` +
		`{"user_id":"b","role_assignments":[]},` +
		// As when the list moved between two pages.
		`{"user_id":"a","email":"a@b","name":"A","enterprise_joined_at":1764921600,"role_assignments":[` + role("r1", "") + `,` + role("r3", "") + `]}`
	idpUsers := `{"user_id":"a","email":"a@b","name":"A","idp_role_assignments":[` +
		role("r1", `,"idp_group_name":"g"`) + `,` + role("r2", `,"org_id":"o","idp_group_name":"h"`) + `,` +
		role("r2", `,"org_id":"o","idp_group_name":"g"`) + `,` + role("r2", `,"org_id":"o","idp_group_name":"g"`) + `]}`
	got, err := membersOf(t, users, idpUsers, MemberFilter{})
	if err != nil || len(got) != 2 || got[1].UserID != "b" {
		t.Fatalf("got %s, %v", asText(t, got), err)
	}
	a := got[0]
	if a.UserID != "a" || *a.Email != "a@b" || *a.Name != "A" || a.JoinedAt == nil || a.JoinedAt.Unix() != 1764921600 {
		t.Errorf("got %s", asText(t, a))
	}
	var roles []string
	for _, r := range a.Roles {
		roles = append(roles, fmt.Sprintf("%q", sortKey(r)))
	}
	want := []string{
		`"\x00r1\x00"`, `"\x00r1\x00\x01g"`, `"\x00r3\x00"`,
		`"\x01o\x00r2\x00"`, `"\x01o\x00r2\x00\x01g"`, `"\x01o\x00r2\x00\x01h"`,
	}
	if strings.Join(roles, " ") != strings.Join(want, " ") {
		t.Errorf("the roles are %s", roles)
	}
}

func TestWhichListAnswersFirstChangesNothing(t *testing.T) {
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
			server := startFake(t, devintest.Options{PageSize: 3})
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
		c := bubbleClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/idp-users") {
				time.Sleep(time.Second)
				return jsonAnswer(403, `{"detail":"Unauthorized"}`), nil
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
		many := strings.TrimSuffix(strings.Repeat(`{"user_id":"a"},`, 1000), ",") // more than the lists may run ahead
		c := bubbleClient(t, bothLists(many, many, nil))
		for m, err := range c.eachMember(t.Context(), MemberFilter{}) {
			if err != nil || m.UserID != "a" {
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

// Over real connections, where the bubbles cannot look. Not parallel: it
// counts the goroutines of the process.
func TestReadsOverRealConnectionsLeaveNoGoroutine(t *testing.T) {
	server := startFake(t, devintest.Options{PageSize: 3})
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
