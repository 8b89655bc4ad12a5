package devin

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// few names are asked for one by one, and more are looked for in the lists.
func fewAndMany(fake *devintest.Server) map[string][]string {
	ids := memberIDs(fake)
	return map[string][]string{"by id": ids[5:15], "in the lists": ids[5:35]}
}

func TestNamedUsersHaveTheNamesOfTheLists(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	names := map[string]devintest.Member{}
	for _, m := range fake.Members() {
		names[m.UserID] = m
	}
	for how, ids := range fewAndMany(fake) {
		for _, redact := range []bool{false, true} {
			ctx, notices := WithNotices(t.Context())
			report, err := readWeek(ctx, newClient(t, fake.URL, func(cfg *Config) { cfg.RedactPersonalData = redact }), Selection{IDs: ids})
			if err != nil || len(notices.All()) > 0 {
				t.Fatalf("%s: %v, noticed %+v", how, err, notices.All())
			}
			for _, u := range report.Readings {
				want := names[u.ID]
				if redact {
					want.Email, want.Name = nil, nil
				}
				if !reflect.DeepEqual(u.Email, want.Email) || !reflect.DeepEqual(u.Name, want.Name) {
					t.Errorf("%s, redact %v: %s is named wrongly", how, redact, u.ID)
				}
			}
		}
	}
}

func TestNamesThatCannotBeReadFailNoReport(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"401": {Status: 401}, "403": {Status: 403}, "422": {Status: 422}, "429": {Status: 429}, "500": {Status: 500}, "503": {Status: 503},
		"HTML": {Body: "<html>sign in</html>", ContentType: "text/html"}, "nothing": {Reset: true}, "another shape": {Body: `{"users":[]}`},
		"404 of the lists": {Status: 404},
	} {
		fake := startFake(t, devintest.Options{})
		fake.Fault("/v3/enterprise/members/*", fault)
		for how, ids := range fewAndMany(fake) {
			ctx, notices := WithNotices(t.Context())
			report, err := readWeek(ctx, newClient(t, fake.URL), Selection{IDs: ids})
			if err != nil || !slices.Equal(readIDs(report), ids) || len(report.Unknown) > 0 {
				t.Fatalf("%s, %s: got %+v, %v", name, how, report, err)
			}
			for _, u := range report.Readings {
				if want := fake.UserTotal(u.ID, week.Start.Start(), (week.End + 1).Start()); u.Email != nil || u.Name != nil || u.Value.TotalACUs != want {
					t.Errorf("%s, %s: %s has %v ACUs, want %v", name, how, u.ID, u.Value.TotalACUs, want)
				}
			}
			if kinds := kindsOf(notices); !slices.Equal(kinds, []NoticeKind{NoticeNames}) {
				t.Errorf("%s, %s: noticed %+v", name, how, notices.All())
			}
		}
	}
}

func TestNamesOfOneListNeedNotTheOther(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/idp-users", devintest.Fault{Status: http.StatusServiceUnavailable})
	ctx, notices := WithNotices(t.Context())
	report, err := readWeek(ctx, newClient(t, fake.URL), Selection{IDs: memberIDs(fake)})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fake.Members() {
		u := report.Readings[slices.Index(readIDs(report), m.UserID)]
		if named := u.Email != nil || u.Name != nil; named != (m.Direct && (m.Email != nil || m.Name != nil)) {
			t.Errorf("%+v: email %v, name %v", m, u.Email, u.Name)
		}
	}
	if kinds := kindsOf(notices); !slices.Equal(kinds, []NoticeKind{NoticeNames}) || !strings.Contains(notices.All()[0].Text, "503") {
		t.Errorf("noticed %+v", notices.All())
	}
}

func TestNamesOfOrganizationsAndServiceUsers(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	org := fake.Organizations()[1]
	organizations, err := ReadOrganizations(t.Context(), client, Selection{IDs: []string{org.OrgID}}, count)
	if err != nil || *organizations.Readings[0].Name != org.Name {
		t.Errorf("got %+v, %v", organizations, err)
	}
	bot := fake.AllServiceUsers()[1]
	for _, c := range []*Client{client, client.In(org.OrgID)} {
		users, err := ReadServiceUsers(t.Context(), c, Selection{IDs: []string{bot.ServiceUserID}}, false, count)
		if err != nil || *users.Readings[0].Name != bot.Name {
			t.Errorf("got %+v, %v", users, err)
		}
	}
	if n := fake.Count("/v3/enterprise/organizations") + fake.Count("*/members/service-users"); n > 0 {
		t.Errorf("%d lists were read", n)
	}
}

// In a large enterprise the lists have more than a hundred pages.
func TestRequestsForNames(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 20_000, Uniform: true, PageSize: 200})
	ids := memberIDs(fake)
	for name, tt := range map[string]struct {
		sel  Selection
		want int
	}{
		"one user":                     {Selection{IDs: ids[12_345:12_346]}, 1},
		"no user":                      {Selection{IDs: []string{}}, 0},
		"one who left":                 {Selection{IDs: fake.FormerMembers()[:1]}, 2},
		"limited users need no names":  {Selection{IDs: ids[100:140], Listed: true}, 0},
		"twenty are asked for by id":   {Selection{IDs: ids[200:220]}, 20},
		"the same one again is shared": {Selection{IDs: ids[12_345:12_346]}, 1},
	} {
		before := fake.Count("/v3/enterprise/members/*")
		if _, err := ReadUsers(t.Context(), newClient(t, fake.URL), tt.sel, count); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := fake.Count("/v3/enterprise/members/*") - before; got != tt.want {
			t.Errorf("%s: %d requests for names, want %d", name, got, tt.want)
		}
	}
}
