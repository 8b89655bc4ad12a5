package devintest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const (
	selfPath    = "/v3/self"
	membersPath = "/v3/enterprise/members/users"
	idpPath     = "/v3/enterprise/members/idp-users"
	orgsPath    = "/v3/enterprise/organizations"
	dailyPath   = "/v3/enterprise/consumption/daily"
	cyclesPath  = "/v3/enterprise/consumption/cycles"
	prsPath     = "/v3/enterprise/metrics/prs?time_after=1790000000&time_before=1795000000"
)

func TestEachKeyAnswersAsItsNameSays(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, test := range []struct {
		key                                     string
		self, members, consumption, prs, organs int
	}{
		{devintest.KeyOK, 200, 200, 200, 200, 200},
		{devintest.KeyOtherPrincipal, 200, 200, 200, 200, 200},
		{devintest.KeyPAT, 200, 200, 200, 200, 200},
		{devintest.KeyNoResources, 200, 200, 200, 200, 200},
		{devintest.KeyInvalidCredentials, 403, 403, 403, 403, 403},
		{"apk_user_legacy", 403, 403, 403, 403, 403},
		{"", 403, 403, 403, 403, 403},
		{devintest.KeyInvalidPermissions, 200, 403, 403, 403, 403},
		{devintest.KeyOrganization, 200, 403, 403, 403, 403},
		{devintest.KeyForbidden, 200, 200, 403, 200, 200},
		{devintest.KeyUnauthorized, 200, 200, 200, 401, 200},
		{devintest.KeyNoOrganizationList, 200, 200, 200, 200, 403},
		{devintest.KeyUnavailable, 503, 503, 503, 503, 503},
		{devintest.KeyRateLimited, 429, 429, 429, 429, 429},
	} {
		for path, want := range map[string]int{
			selfPath: test.self, membersPath: test.members, idpPath: test.members,
			dailyPath: test.consumption, cyclesPath: test.consumption, userPath("email|5f2a"): test.consumption,
			prsPath: test.prs, orgsPath: test.organs,
		} {
			if got := getAs(t, s, test.key, path); got.status != want {
				t.Errorf("%q, %s: status %d, want %d", test.key, path, got.status, want)
			}
		}
	}
}

func TestEveryKeyThatIsDescribedIsAReadableOne(t *testing.T) {
	for _, k := range devintest.Keys() {
		if !strings.HasPrefix(k.Key, "cog_demo_") || k.Description == "" {
			t.Errorf("%+v", k)
		}
	}
}

func TestSelfShowsThePrincipal(t *testing.T) {
	s := start(t, devintest.Options{})
	s.AddKey("cog_brain", devintest.Principal{Self: `{"principal_type":"devin_brain"}`})
	for key, want := range map[string]map[string]any{
		devintest.KeyOK: {"principal_type": "service_user", "service_user_name": "DX Import", "org_id": nil},
		devintest.KeyOrganization: {
			"principal_type": "service_user", "service_user_name": "CI Runner",
			"org_id": s.Organizations()[0].OrgID,
		},
		devintest.KeyPAT: {"principal_type": "pat_user", "user_id": s.Members()[0].UserID, "api_key_name": "laptop"},
		"cog_brain":      {"principal_type": "devin_brain"},
	} {
		got := read[map[string]any](t, getAs(t, s, key, selfPath))
		for field, value := range want {
			if v, ok := got[field]; !ok || v != value {
				t.Errorf("%s: %s is %v, want %v", key, field, v, value)
			}
		}
	}
}

func TestNoResourcesSeesAnEmptyEnterprise(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, path := range []string{membersPath, idpPath, orgsPath} {
		p := read[page](t, getAs(t, s, devintest.KeyNoResources, path))
		if p.Items == nil || len(p.Items) != 0 || p.More {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if got := getAs(t, s, devintest.KeyNoResources, dailyPath).body; got != `{"total_acus":0.0,"consumption_by_date":[]}` {
		t.Error(got)
	}
}

func TestKeysChangeWhileItRuns(t *testing.T) {
	s := start(t, devintest.Options{})
	s.AddKey("cog_new", devintest.Principal{ID: "service-user-1", Permissions: []string{"ViewAccountConsumption"}})
	status := func(path string) int { return getAs(t, s, "cog_new", path).status }
	if status(dailyPath) != 200 || status(membersPath) != 403 {
		t.Error("the newer name of a permission is not the older one's")
	}
	s.RemovePermission("cog_new", devintest.ManageBilling)
	if status(dailyPath) != 403 || status(selfPath) != 200 {
		t.Error("a permission that was taken is still held")
	}
	s.Revoke("cog_new")
	if status(selfPath) != 403 {
		t.Error("a revoked key is accepted")
	}
	s.RemovePermission("cog_new", devintest.ManageBilling)
}

func TestOnlyABearerHeaderIsAKey(t *testing.T) {
	s := start(t, devintest.Options{})
	for _, header := range [][]string{
		{devintest.KeyOK},
		{"bearer " + devintest.KeyOK},
		{"Bearer  " + devintest.KeyOK},
		{"Bearer " + devintest.KeyOK + "x"},
		{"Bearer " + devintest.KeyOK, "Bearer " + devintest.KeyOK},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+selfPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header["Authorization"] = header
		if r, err := do(s, request); err != nil || r.status != 403 {
			t.Errorf("%q: status %d, %v", header, r.status, err)
		}
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
