package devin

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// few is as many names as are requested one by one; more are looked for in the lists.
func fewAndMany(fake *devintest.Server) map[string][]string {
	ids := memberIDs(fake)
	return map[string][]string{"by id": ids[5:15], "in the lists": ids[5:35]}
}

func TestNamedUsersHaveTheNamesOfTheLists(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
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
		fake := clienttest.StartFake(t, devintest.Options{})
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

func TestANameOfOneListIsEnough(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
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
	fake := clienttest.StartFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	org := fake.Organizations()[1]
	organizations, err := ReadOrganizations(t.Context(), client, Selection{IDs: []string{org.OrgID}}, count)
	if err != nil || *organizations.Readings[0].Name != org.Name {
		t.Errorf("got %+v, %v", organizations, err)
	}
	bot := fake.AllServiceUsers()[1]
	for _, c := range []*Client{client, client.In(org.OrgID)} {
		users, err := readEach(t.Context(), c, c.serviceUsers(true), Selection{IDs: []string{bot.ServiceUserID}}, count)
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
	fake := clienttest.StartFake(t, devintest.Options{Members: 20_000, Uniform: true, PageSize: 200})
	ids := memberIDs(fake)
	for name, tt := range map[string]struct {
		sel  Selection
		want int
	}{
		"one user":                     {Selection{IDs: ids[12_345:12_346]}, 1},
		"no user":                      {Selection{IDs: []string{}}, 0},
		"one who left":                 {Selection{IDs: fake.FormerMembers()[:1]}, 2},
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

const stranger = "okta|Acme|mistyped"

// count is a read that finds something.
func count(context.Context, string) (*int, error) { return new(int), nil }

// nothing is a read that finds nothing.
func nothing(context.Context, string) (*Consumption, error) { return &Consumption{}, nil }

// idle is a member who has consumed nothing in the week.
func idle(t *testing.T, fake *devintest.Server) string {
	t.Helper()
	for _, id := range memberIDs(fake) {
		if fake.UserTotal(id, week.Start.Start(), (week.End+1).Start()) == 0 {
			return id
		}
	}
	t.Fatal("every member has consumed something")
	return ""
}

func TestIDsOnNoListOfWhichNothingIsReportedAreUnknown(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusNotFound, http.StatusForbidden} { // of a member's own path
		fake := clienttest.StartFake(t, devintest.Options{Members: 200, Quirks: devintest.Quirks{UnknownMember: status}})
		ids := memberIDs(fake)
		for _, named := range [][]string{{ids[0], idle(t, fake)}, append(slices.Clone(ids[:30]), idle(t, fake))} {
			ctx, notices := WithNotices(t.Context())
			report, err := readWeek(ctx, newClient(t, fake.URL), Selection{IDs: append(named, stranger)})
			if err != nil || !slices.Equal(report.Unknown, []string{stranger}) || len(notices.All()) > 0 {
				t.Fatalf("%d of %d: got %+v, %v, noticed %+v", status, len(named), report, err, notices.All())
			}
			for _, u := range report.Readings {
				if (u.Value == nil) != (u.ID == stranger) {
					t.Errorf("%d of %d: %s has %+v", status, len(named), u.ID, u.Value)
				}
			}
		}
	}
}

func TestIDsAreNotSaidToBeUnknownWhereTheListsCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusInternalServerError, http.StatusNotFound} {
		fake := clienttest.StartFake(t, devintest.Options{})
		fake.Fault("/v3/enterprise/members/idp-users", devintest.Fault{Status: status})
		ctx, notices := WithNotices(t.Context())
		report, err := readWeek(ctx, newClient(t, fake.URL), Selection{IDs: []string{stranger}})
		if err != nil || len(report.Unknown) > 0 || report.Readings[0].Value == nil || !slices.Equal(kindsOf(notices), []NoticeKind{NoticeNames}) {
			t.Errorf("%d: got %+v, %v, noticed %+v", status, report, err, notices.All())
		}
	}
}

// A deployment may lack the requests by id, or answer 404 for people of an IdP group.
func TestAMemberWhoseOwnPathIs404IsFoundInTheLists(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Members: 200})
	fake.Fault("/v3/enterprise/members/users/*", devintest.Fault{Status: http.StatusNotFound})
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: []string{idle(t, fake)}})
	if err != nil || len(report.Unknown) > 0 || report.Readings[0].Value == nil {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestNamedIDsThatDevinAnswers404ForAreUnknown(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
	ids := append(memberIDs(fake)[:2], "okta|Org|other", "email|no/one")
	for _, skip := range []bool{false, true} {
		ctx, notices := WithNotices(t.Context())
		report, err := readWeek(ctx, newClient(t, fake.URL), Selection{IDs: ids, SkipFailed: skip})
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"email|no/one", "okta|Org|other"}; !slices.Equal(report.Unknown, want) || len(report.Readings) != 4 || len(report.Failed) > 0 || len(notices.All()) > 0 {
			t.Errorf("read %q, unknown %q, failed %q, noticed %+v", readIDs(report), report.Unknown, report.Failed, notices.All())
		}
	}
}

func TestAReportOnUnknownIDsOnlyIsAnError(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: []string{stranger}, SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != AllUnknown || !errors.Is(err, errOnNoList) {
		t.Errorf("got %v", err)
	}
}

func TestUnknownOrganizationsAndServiceUsers(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	org, bot := fake.Organizations()[0].OrgID, fake.ServiceUsers()[0]
	organizations, err := ReadOrganizations(t.Context(), client, Selection{IDs: []string{org, "org-mistyped"}}, nothing)
	if err != nil || !slices.Equal(organizations.Unknown, []string{"org-mistyped"}) {
		t.Errorf("got %+v, %v", organizations, err)
	}
	users, err := readEach(t.Context(), client, client.serviceUsers(true), Selection{IDs: []string{bot, "service-user-mistyped"}}, nothing)
	if err != nil || !slices.Equal(users.Unknown, []string{"service-user-mistyped"}) {
		t.Errorf("got %+v, %v", users, err)
	}
}

// With a key of the organization, and with one of the enterprise.
func TestIDsOnNoListOfAnOrganizationAreUnknownThere(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	org := fake.Organizations()[0].OrgID
	var own, other string
	for _, m := range fake.Members() {
		isIn := func(a devintest.Assignment) bool { return a.OrgID == org }
		if slices.ContainsFunc(slices.Concat(m.Assignments, m.IDPAssignments), isIn) {
			own = m.UserID
		} else {
			other = m.UserID
		}
	}
	for _, key := range []string{devintest.KeyOK, devintest.KeyOrganization} {
		report, err := ReadUsers(t.Context(), newClient(t, fake.URL, withKey(t, key)).In(org), Selection{IDs: []string{own, other, stranger}}, nothing)
		if err != nil || !slices.Equal(report.Unknown, slices.Sorted(slices.Values([]string{other, stranger}))) {
			t.Errorf("%s: got %+v, %v", key, report, err)
		}
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	const byID, lists = "/v3/enterprise/members/users/*", "/v3/enterprise/members/idp-users"
	for name, tt := range map[string]struct {
		faults   map[string]int
		unknown  int
		of, gone Presence // of a member, and of a user who is none
	}{
		"as documented":                {nil, 404, Present, Gone},
		"403 hides what is gone":       {nil, 403, Present, Gone},
		"no requests by id":            {map[string]int{byID: 404}, 404, Present, Gone},
		"requests by id are refused":   {map[string]int{byID: 403}, 404, Present, Gone},
		"all is refused":               {map[string]int{"/v3/enterprise/members/*": 403}, 403, PresenceUnknown, PresenceUnknown},
		"a list is refused":            {map[string]int{lists: 403}, 404, Present, PresenceUnknown},
		"a list is not where it was":   {map[string]int{lists: 404}, 404, Present, PresenceUnknown},
		"the lists ask for a new key":  {map[string]int{"/v3/enterprise/members/*": 401}, 404, PresenceUnknown, PresenceUnknown},
		"requests by id are not there": {map[string]int{byID: 500}, 404, Present, Gone},
	} {
		fake := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownMember: tt.unknown}})
		for path, status := range tt.faults {
			fake.Fault(path, devintest.Fault{Status: status})
		}
		client := newClient(t, fake.URL)
		for _, m := range fake.Members() {
			if got, err := client.UserPresence(t.Context(), m.UserID); err != nil || got != tt.of {
				t.Fatalf("%s: %s is %v, %v, want %v", name, m.UserID, got, err, tt.of)
			}
		}
		if got, err := client.UserPresence(t.Context(), stranger); err != nil || got != tt.gone {
			t.Errorf("%s: a stranger is %v, %v, want %v", name, got, err, tt.gone)
		}
	}
}

func TestPresenceIsAnErrorWhereTheListsFail(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/idp-users", devintest.Fault{Status: http.StatusInternalServerError})
	if got, err := newClient(t, fake.URL).UserPresence(t.Context(), stranger); err == nil || got != PresenceUnknown {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestOrganizationPresence(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	for id, want := range map[string]Presence{fake.Organizations()[0].OrgID: Present, "org-mistyped": Gone} {
		if got, err := client.OrganizationPresence(t.Context(), id); err != nil || got != want {
			t.Errorf("%s is %v, %v", id, got, err)
		}
	}
}

func TestPresenceOfMembersTakesARequestForEach(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Members: 2000, Uniform: true, PageSize: 200})
	client := newClient(t, fake.URL)
	for _, id := range memberIDs(fake)[1000:1020] {
		if got, err := client.UserPresence(t.Context(), id); err != nil || got != Present {
			t.Fatalf("got %v, %v", got, err)
		}
	}
	if n := len(fake.Requests()); n != 20 {
		t.Errorf("%d requests", n)
	}
}

func TestAnIDOnNoListIsGoneAndNoticed(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	ctx, notices := WithNotices(t.Context())
	if got := client.KnowsUser(ctx, memberIDs(fake)[0]); got != Present || len(notices.All()) > 0 {
		t.Errorf("got %v, noticed %+v", got, notices.All())
	}
	if got := client.KnowsUser(ctx, stranger); got != Gone || len(notices.All()) != 1 || notices.All()[0].Kind != NoticeUnknown {
		t.Errorf("got %v, noticed %+v", got, notices.All())
	}
}
