package devin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestSkippedUsersAreListedAndTheOthersRead(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := memberIDs(fake)
	broken := []string{ids[0], ids[7], ids[8], ids[39]}
	for i, id := range broken {
		fault := devintest.Fault{Status: []int{http.StatusInternalServerError, http.StatusUnprocessableEntity}[i%2]}
		if i == 3 {
			fault = devintest.Fault{Body: "<html>"}
		}
		fake.Fault(dailyUsersPath+id, fault)
	}
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{SkipFailed: true})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(report.Failed, broken) {
		t.Errorf("failed %q, want %q", report.Failed, broken)
	}
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(broken, id) })
	if got := readIDs(report); !slices.Equal(got, rest) {
		t.Errorf("read %q, want %q", got, rest)
	}
	if _, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{}); err == nil {
		t.Error("without skipping, one user who cannot be read fails the report")
	}
}

func TestFirstFailureEndsAReport(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 1000})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusUnprocessableEntity, Skip: 10, Times: 1})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != SomeFailed || failed.Count != 1 {
		t.Errorf("got %v", err)
	}
	// Those that were under way may finish.
	if n := fake.Count(dailyUsersPath + "*"); n > 200 {
		t.Errorf("%d users were asked for", n)
	}
}

func TestReportEndsAsSoonAsTooManyHaveFailed(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 1000})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusUnprocessableEntity})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: memberIDs(fake), SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != TooManyFailed || failed.Count != 51 {
		t.Errorf("got %v", err)
	}
	if n := fake.Count(dailyUsersPath + "*"); n > 200 {
		t.Errorf("%d users were asked for", n)
	}
}

func TestReportOfNothingButFailuresIsAFailure(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := memberIDs(fake)[:3]
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusBadGateway})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids, SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Count != 3 || !slices.Equal(failed.IDs, ids) {
		t.Errorf("got %v", err)
	}
}

func TestReportOnNoMembersIsEmpty(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	report, err := readWeek(t.Context(), newClient(t, fake.URL, withKey(t, devintest.KeyNoResources)), Selection{})
	if err != nil || report.Readings == nil || len(report.Readings) != 0 {
		t.Errorf("got %+v, %v", report, err)
	}
}

// Users who are never answered do not keep a report from ending.
func TestFailedMemberListEndsTheRequestsForUsers(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Hang: true})
	fake.Fault("/v3/enterprise/members/users", devintest.Fault{Status: http.StatusNotFound, Skip: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	// With room for every user at once: they must not keep the list waiting.
	roomy := func(cfg *Config) { cfg.MaxConcurrentRequests = 64 }
	_, err := readWeek(ctx, newClient(t, fake.URL, roomy), Selection{})
	var e *Error
	if !errors.As(err, &e) || e.Path != "/v3/enterprise/members/users" {
		t.Errorf("got %v", err)
	}
}

// A list that is not whole is an error, and the list's own, whatever happens to the
// users.
func TestFailedMemberListEndsAReport(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"users", "idp-users"} {
		fake := startFake(t, devintest.Options{Members: 1000, PageSize: 50})
		fake.Fault("/v3/enterprise/members/"+list, devintest.Fault{Status: http.StatusNotFound, Skip: 2})
		// The other list goes on only when this one has failed: how far it would
		// come meanwhile lies with the machine.
		failed := newMeeting(3)
		isThis := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/members/"+list) }
		client := newClient(t, fake.URL, through(func(r *http.Request) {
			if strings.Contains(r.URL.Path, "/members/") && !isThis(r) && r.URL.Query().Has("after") {
				failed.waitForOthers(r.Context())
			}
		}, func(r *http.Request) {
			if isThis(r) {
				failed.arrive()
			}
		}))
		_, err := readWeek(t.Context(), client, Selection{SkipFailed: true})
		var e *Error
		if !errors.As(err, &e) || e.Path != "/v3/enterprise/members/"+list || e.Status != http.StatusNotFound {
			t.Errorf("%s: got %v", list, err)
		}
		if n := fake.Count(dailyUsersPath + "*"); n > 400 {
			t.Errorf("%s: %d users were asked for after all", list, n)
		}
	}
}
