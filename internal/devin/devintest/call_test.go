package devintest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestUnknownPathsAre404(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, path := range []string{
		"/", "/v3", "/v3/", "/v3/self/", "//v3/self", "/v2/enterprise/members",
		"/v3/enterprise/members", "/v3/enterprise/members/", "/v3/enterprise/members/users/",
		"/v3/enterprise/consumption/daily/email%7C5f2a", "/v3/enterprise/consumption/daily/users",
		"/v3/enterprise/organizations/" + s.Organizations()[0].OrgID + "/members", "/v3%2Fself",
	} {
		wantStatus(t, s, path, http.StatusNotFound)
	}
}

func TestOnlyGETIsAllowed(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead} {
		request := newRequest(t, s, method, membersPath)
		r, err := do(s, request)
		if err != nil || r.status != http.StatusMethodNotAllowed || r.header.Get("Allow") != "GET" {
			t.Errorf("%s: %+v, %v", method, r, err)
		}
	}
}

func TestEveryMemberIsFoundByTheEscapedID(t *testing.T) {
	s := start(t, devintest.Options{Prefix: "/api/"})
	for _, m := range s.Members() {
		r := wantStatus(t, s, membersPath+"/"+url.PathEscape(m.UserID), http.StatusOK)
		if got := read[map[string]any](t, r)["user_id"]; got != m.UserID {
			t.Errorf("asked for %q, got %q", m.UserID, got)
		}
	}
	if s.Count("/v3/enterprise/members/users/*") != len(s.Members()) {
		t.Error("Count does not see paths without the prefix")
	}
	wantStatus(t, s, "/../v3/self", http.StatusBadRequest)
}

func TestBadlyEscapedIDsAreRefused(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, path := range []string{
		membersPath + "/email|5f2a", membersPath + "/..", membersPath + "/a\"b", membersPath + "/ü",
	} {
		// Go's client would escape the path by itself.
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: devin\r\nAuthorization: Bearer %s\r\n\r\n", path, devintest.KeyOK)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", path, response.StatusCode)
		}
	}
}

func TestUnknownIDsAnswerAsTheQuirksSay(t *testing.T) {
	for _, test := range []struct {
		quirks                      devintest.Quirks
		organization, member, usage int
	}{
		{devintest.Quirks{}, 403, 404, 200},
		{devintest.Quirks{UnknownOrganization: 404, UnknownMember: 403, UnknownUser: 404}, 404, 403, 404},
		{devintest.Quirks{UnknownUser: 403}, 403, 404, 403},
	} {
		s := start(t, devintest.Options{Quirks: test.quirks})
		wantStatus(t, s, "/v3/enterprise/organizations/org-unknown/members/users", test.organization)
		wantStatus(t, s, "/v3/enterprise/organizations/org-unknown/members/idp-users", test.organization)
		wantStatus(t, s, membersPath+"/unknown", test.member)
		wantStatus(t, s, userPath("unknown"), test.usage)
	}
}

func TestErrorsAreProblemsAsTheQuirksSay(t *testing.T) {
	type problem struct {
		Title, Instance string
		Status          int
		Detail          *string
	}
	decode := func(r reply) (p problem) {
		if err := json.Unmarshal([]byte(r.body), &p); err != nil {
			t.Errorf("%v in %s", err, r.body)
		}
		return p
	}
	usual := start(t, devintest.Options{})
	r := getAs(t, usual, "", selfPath)
	if want := `{"type":"about:blank","title":"Forbidden","status":403,"detail":"Unauthorized","instance":"/v3/self"}`; r.body != want {
		t.Errorf("got %s, want %s", r.body, want)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Error(got)
	}
	denied := decode(getAs(t, usual, devintest.KeyForbidden, dailyPath))
	if getAs(t, usual, devintest.KeyForbidden, membersPath+"/email%7C5f2a").status != 200 ||
		getAs(t, usual, devintest.KeyInvalidPermissions, membersPath+"/email%7C5f2a").status != 403 {
		t.Error("a single member does not demand its permission")
	}
	if denied.Detail == nil || *denied.Detail == "Unauthorized" {
		t.Error("a missing permission reads like a bad key")
	}

	odd := start(t, devintest.Options{Quirks: devintest.Quirks{
		BadKeyStatus: 401, PermissionDetail: devintest.DetailNull, ProblemJSON: true, PlainNotFound: true, NoRetryAfter: true,
	}})
	r = getAs(t, odd, "", selfPath)
	if r.status != 401 || decode(r).Title != "Unauthorized" || r.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%+v", r)
	}
	if decode(getAs(t, odd, devintest.KeyForbidden, dailyPath)).Detail != nil {
		t.Error("detail is not null")
	}
	if got := get(t, odd, "/v3/nothing").body; got != `{"detail":"Not Found"}` {
		t.Error(got)
	}
	if getAs(t, usual, devintest.KeyRateLimited, selfPath).header.Get("Retry-After") != "1" ||
		getAs(t, odd, devintest.KeyRateLimited, selfPath).header.Get("Retry-After") != "" {
		t.Error("Retry-After is not as the quirk says")
	}
}
