package devin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

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
		fake := startFake(t, devintest.Options{Members: 200, Quirks: devintest.Quirks{UnknownMember: status}})
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
		fake := startFake(t, devintest.Options{})
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
	fake := startFake(t, devintest.Options{Members: 200})
	fake.Fault("/v3/enterprise/members/users/*", devintest.Fault{Status: http.StatusNotFound})
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: []string{idle(t, fake)}})
	if err != nil || len(report.Unknown) > 0 || report.Readings[0].Value == nil {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestNamedIDsThatDevinAnswers404ForAreUnknown(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
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
	fake := startFake(t, devintest.Options{})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: []string{stranger}, SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != AllUnknown || !errors.Is(err, errOnNoList) {
		t.Errorf("got %v", err)
	}
	// Those of a list of Devin's are all shown.
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusNotFound})
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: []string{"email|left"}, Listed: true})
	if err != nil || !slices.Equal(report.Unknown, []string{"email|left"}) || report.Readings[0].Value != nil {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestUnknownOrganizationsAndServiceUsers(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	client := newClient(t, fake.URL)
	org, bot := fake.Organizations()[0].OrgID, fake.ServiceUsers()[0]
	organizations, err := ReadOrganizations(t.Context(), client, Selection{IDs: []string{org, "org-mistyped"}}, nothing)
	if err != nil || !slices.Equal(organizations.Unknown, []string{"org-mistyped"}) {
		t.Errorf("got %+v, %v", organizations, err)
	}
	users, err := ReadServiceUsers(t.Context(), client, Selection{IDs: []string{bot, "service-user-mistyped"}}, false, nothing)
	if err != nil || !slices.Equal(users.Unknown, []string{"service-user-mistyped"}) {
		t.Errorf("got %+v, %v", users, err)
	}
}

// Whether a key of the organization or of the enterprise reads them.
func TestIDsOnNoListOfAnOrganizationAreUnknownThere(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
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
