package devintest_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestPathsThatV3LacksAre404(t *testing.T) {
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
		request, err := http.NewRequestWithContext(t.Context(), method, s.URL+membersPath, nil)
		if err != nil {
			t.Fatal(err)
		}
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

func TestNothingIsServedOutsideThePrefix(t *testing.T) {
	s := start(t, devintest.Options{Prefix: "/api"})
	wantStatus(t, s, selfPath, http.StatusOK)
	s.URL = strings.TrimSuffix(s.URL, "/api")
	wantStatus(t, s, selfPath, http.StatusNotFound)
	wantStatus(t, s, "/apix/v3/self", http.StatusNotFound)
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

func TestQueriesThatAClientMustNotSendAreRefused(t *testing.T) {
	s := start(t, devintest.Options{})
	org := s.Organizations()[0].OrgID
	for _, path := range []string{
		selfPath + "?first=1",
		membersPath + "?first=0", membersPath + "?first=201", membersPath + "?first=x", membersPath + "?first=",
		membersPath + "?first=1&first=2", membersPath + "?limit=1", membersPath + "?a=%zz",
		dailyPath + "?time_after=1.5", dailyPath + "?time_after=2&time_before=1", dailyPath + "?time_after=1764921600000",
		"/v3/enterprise/metrics/prs", "/v3/enterprise/metrics/prs?time_after=1",
		prsPath + "&org_ids[]=" + org, prsPath + "&org_ids=" + org + "," + org, prsPath + "&user_ids=",
	} {
		wantStatus(t, s, path, http.StatusUnprocessableEntity)
	}
	lax := start(t, devintest.Options{Quirks: devintest.Quirks{IgnoreUnknownQuery: true}})
	wantStatus(t, lax, membersPath+"?limit=1", http.StatusOK)
}

func TestA422HasEitherDocumentedForm(t *testing.T) {
	s := start(t, devintest.Options{})
	path := "/v3/enterprise/metrics/prs?time_after=1"
	if got, want := get(t, s, path).body,
		`{"detail":[{"loc":["query","time_before"],"msg":"Field required","type":"missing","input":"","ctx":{}}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s = start(t, devintest.Options{Quirks: devintest.Quirks{ProblemValidation: true}})
	if got, want := get(t, s, path).body,
		`"detail":"Validation failed","instance":"/v3/enterprise/metrics/prs","errors":[{"loc":["query","time_before"]`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s in it", got, want)
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
		wantStatus(t, s, "/v3/enterprise/organizations/org-nobody/members/users", test.organization)
		wantStatus(t, s, "/v3/enterprise/organizations/org-nobody/members/idp-users", test.organization)
		wantStatus(t, s, membersPath+"/nobody", test.member)
		wantStatus(t, s, userPath("nobody"), test.usage)
	}
}
