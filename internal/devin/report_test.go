package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const dailyUsersPath = "/v3/enterprise/consumption/daily/users/"

// readWeek reports on the consumption of week.
func readWeek(ctx context.Context, c *Client, sel Selection) (*Report[Consumption], error) {
	return ReadUsers(ctx, c, sel, func(ctx context.Context, userID string) (*Consumption, error) {
		return c.UserDailyConsumption(ctx, userID, week)
	})
}

// memberIDs are the fake's, sorted as results are.
func memberIDs(fake *devintest.Server) []string {
	var ids []string
	for _, m := range fake.Members() {
		ids = append(ids, m.UserID)
	}
	slices.Sort(ids)
	return ids
}

func readIDs[T any](report *Report[T]) []string {
	var ids []string
	for _, u := range report.Readings {
		ids = append(ids, u.ID)
	}
	return ids
}

func TestReportOverMembersIsTheTruth(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]devintest.Quirks{
		"as documented":    {},
		"inclusive bounds": {InclusiveBounds: true, ZeroDays: true},
		"midnight days":    {DaysAtMidnightUTC: true, Review: devintest.AsNull, ExtraProduct: "orbit"},
	} {
		fake := startFake(t, devintest.Options{Quirks: quirks})
		report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{})
		if err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		if got, want := readIDs(report), memberIDs(fake); !slices.Equal(got, want) {
			t.Fatalf("%s: got %q, want %q", name, got, want)
		}
		if len(report.Failed) > 0 {
			t.Errorf("%s: failed: %q", name, report.Failed)
		}
		byID := map[string]devintest.Member{}
		direct, both, idpOnly, nameless := 0, 0, 0, 0
		for _, m := range fake.Members() {
			byID[m.UserID] = m
			switch {
			case m.Direct && m.IDP:
				both++
			case m.Direct:
				direct++
			default:
				idpOnly++
			}
			if m.Name == nil || m.Email == nil {
				nameless++
			}
		}
		if direct == 0 || both == 0 || idpOnly == 0 || nameless == 0 {
			t.Fatalf("the fake has %d direct, %d both, %d IdP, %d nameless members", direct, both, idpOnly, nameless)
		}
		var totals []float64
		for _, u := range report.Readings {
			want := byID[u.ID]
			if !reflect.DeepEqual(u.Email, want.Email) || !reflect.DeepEqual(u.Name, want.Name) {
				t.Errorf("%s: %s is named otherwise than in the list", name, u.ID)
			}
			if got, want := u.Value.TotalACUs, fake.UserTotal(u.ID, week.Start.Start(), (week.End+1).Start()); got != want {
				t.Errorf("%s: %s has %v ACUs, want %v", name, u.ID, got, want)
			}
			totals = append(totals, u.Value.TotalACUs)
		}
		if got, want := SumACUs(totals), fake.MembersTotal(week.Start.Start(), (week.End+1).Start()); got != want || got == 0 {
			t.Errorf("%s: all have %v ACUs, want %v", name, got, want)
		}
	}
}

func TestMembersThatConsumptionDoesNotKnowAreListedAndNoticed(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := memberIDs(fake)
	gone := []string{ids[3], ids[20], ids[39]}
	for _, id := range gone {
		fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusNotFound})
	}
	for _, sel := range []Selection{{}, {SkipFailed: true}, {IDs: ids}, {IDs: ids[:10]}, {IDs: ids, Listed: true}} {
		want, wantUnknown := ids, gone
		if len(sel.IDs) == 10 {
			want, wantUnknown = ids[:10], gone[:1]
		}
		ctx, notices := WithNotices(t.Context())
		report, err := readWeek(ctx, newClient(t, fake.URL), sel)
		if err != nil {
			t.Fatal(err)
		}
		if got := readIDs(report); !slices.Equal(got, want) || len(report.Failed) > 0 || !slices.Equal(report.Unknown, wantUnknown) {
			t.Errorf("%+v: got %q, failed %q, unknown %q", sel, got, report.Failed, report.Unknown)
		}
		for _, u := range report.Readings {
			if (u.Value == nil) != slices.Contains(gone, u.ID) {
				t.Errorf("%+v: %s has %+v", sel, u.ID, u.Value)
			}
		}
		if kinds := kindsOf(notices); !slices.Equal(kinds, []NoticeKind{NoticeUnknown}) || !strings.Contains(notices.All()[0].Text, strconv.Quote(ids[3])) {
			t.Errorf("%+v: noticed %+v", sel, notices.All())
		}
	}
}

func kindsOf(notices *Notices) []NoticeKind {
	var kinds []NoticeKind
	for _, n := range notices.All() {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// A person who left is on no list, and still has consumed.
func TestNamedUsersNeedNotBeMembers(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
	client, year := newClient(t, fake.URL), Window{Start: week.End - 364, End: week.End}
	left := fake.FormerMembers()[0]
	report, err := ReadUsers(t.Context(), client, Selection{IDs: []string{left}}, func(ctx context.Context, userID string) (*Consumption, error) {
		return client.UserDailyConsumption(ctx, userID, year)
	})
	if err != nil {
		t.Fatal(err)
	}
	if u := report.Readings[0]; u.ID != left || u.Email != nil || u.Name != nil || u.Value == nil || u.Value.Empty() {
		t.Errorf("got %+v", u)
	}
}

func TestReportErrorSaysWhichAndHowMany(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := memberIDs(fake)[:8]
	for _, id := range ids {
		fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusUnprocessableEntity})
	}
	client := newClient(t, fake.URL)
	_, err := readWeek(t.Context(), client, Selection{IDs: ids, SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != SomeFailed || failed.Count != 8 || !slices.Equal(failed.IDs, ids[:5]) {
		t.Fatalf("got %+v, %v", failed, err)
	}
	var first *Error
	if !errors.As(failed.Err, &first) || !errors.Is(err, ErrRejected) {
		t.Fatalf("the cause is %v", failed.Err)
	}
	if path := client.rest.Address(client.consumptionRequest(week, "users", ids[0])); first.Path != path {
		t.Errorf("the cause is about %s, want %s", first.Path, path)
	}
	if want := fmt.Sprintf("8 users could not be read (%s): ", strings.Join(ids[:5], ", ")); !strings.HasPrefix(err.Error(), want) {
		t.Errorf("it says %q", err)
	}
}
