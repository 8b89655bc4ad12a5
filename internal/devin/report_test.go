package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
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

func TestMembersWhomDevinDoesNotKnowAreListed(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := memberIDs(fake)
	gone := []string{ids[3], ids[20], ids[39]}
	for _, id := range gone {
		fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusNotFound})
	}
	for _, sel := range []Selection{{}, {SkipFailed: true}, {IDs: ids}} {
		report, err := readWeek(t.Context(), newClient(t, fake.URL), sel)
		if err != nil {
			t.Fatal(err)
		}
		if got := readIDs(report); !slices.Equal(got, ids) || len(report.Failed) > 0 || !slices.Equal(report.Unknown, gone) {
			t.Errorf("%+v: got %q, failed %q, unknown %q", sel, got, report.Failed, report.Unknown)
		}
		for _, u := range report.Readings {
			if (u.Value == nil) != slices.Contains(gone, u.ID) {
				t.Errorf("%+v: %s has %+v", sel, u.ID, u.Value)
			}
		}
	}
}

func TestNamedUsersWhomDevinDoesNotKnowFail(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
	ids := append(memberIDs(fake)[:2], "okta|Org|nobody", "email|no/one")
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids})
	var failed *ReportError
	if !errors.As(err, &failed) || !errors.Is(err, ErrNotFound) || failed.Count != 2 || failed.Asked != 4 ||
		!slices.Equal(failed.IDs, []string{"email|no/one", "okta|Org|nobody"}) {
		t.Errorf("got %+v, %v", failed, err)
	}
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids, SkipFailed: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"email|no/one", "okta|Org|nobody"}; !slices.Equal(report.Unknown, want) || !slices.Equal(readIDs(report), slices.Sorted(slices.Values(ids))) || len(report.Failed) > 0 {
		t.Errorf("read %q, unknown %q, failed %q", readIDs(report), report.Unknown, report.Failed)
	}
}

// Somebody who left is in no list, and still has consumed.
func TestNamedUsersNeedNotBeMembers(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
	left := fake.FormerMembers()[0]
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: []string{left}})
	if err != nil {
		t.Fatal(err)
	}
	if u := report.Readings[0]; u.ID != left || u.Email != nil || u.Name != nil || u.Value == nil {
		t.Errorf("got %+v", u)
	}
}

func TestNamedUsersHaveNamesWhereTheListMayBeRead(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	const blind, refused = "cog_may_not_list", "cog_is_refused_the_list"
	for key, status := range map[string]int{blind: http.StatusForbidden, refused: http.StatusUnauthorized} {
		fake.AddKey(key, devintest.Principal{Permissions: []string{devintest.ManageBilling}, DenyStatus: status})
	}
	members := fake.Members()
	var ids []string
	for _, m := range members[10:20] { // some through IdP only, some without a name
		ids = append(ids, m.UserID)
	}
	for _, key := range []string{devintest.KeyOK, blind, refused} {
		report, err := readWeek(t.Context(), newClient(t, fake.URL, withKey(t, key)), Selection{IDs: ids})
		if err != nil {
			t.Fatalf("%s: %s", key, err)
		}
		for _, u := range report.Readings {
			want := members[slices.IndexFunc(members, func(m devintest.Member) bool { return m.UserID == u.ID })]
			if key != devintest.KeyOK {
				want.Email, want.Name = nil, nil
			}
			if !reflect.DeepEqual(u.Email, want.Email) || !reflect.DeepEqual(u.Name, want.Name) {
				t.Errorf("%s: %s is named wrongly", key, u.ID)
			}
			if total := fake.UserTotal(u.ID, week.Start.Start(), (week.End + 1).Start()); u.Value.TotalACUs != total {
				t.Errorf("%s: %s has %v ACUs, want %v", key, u.ID, u.Value.TotalACUs, total)
			}
		}
	}
	redacting := newClient(t, fake.URL, func(cfg *Config) { cfg.RedactPersonalData = true })
	report, err := readWeek(t.Context(), redacting, Selection{IDs: ids})
	if err != nil || slices.ContainsFunc(report.Readings, func(u Reading[Consumption]) bool { return u.Email != nil || u.Name != nil }) {
		t.Errorf("redacted: %+v, %v", report, err)
	}
}

// A list that fails for another reason than the key's permissions says nothing
// about who has a name.
func TestNamedUsersAreNotNamelessBecauseTheListBroke(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/idp-users", devintest.Fault{Status: http.StatusServiceUnavailable})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: []string{fake.FormerMembers()[0]}})
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestReportErrorSaysWhoAndHowMany(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ids := memberIDs(fake)[:8]
	for _, id := range ids {
		fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusUnprocessableEntity})
	}
	// Nobody is answered before all have asked, so that none is spared.
	all := newMeeting(8)
	client := newClient(t, fake.URL, withTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Path, "/daily/users/") {
			all.wait(r.Context())
		}
		return http.DefaultTransport.RoundTrip(r)
	})))
	_, err := readWeek(t.Context(), client, Selection{IDs: ids})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Count != 8 || failed.Asked != 8 || !slices.Equal(failed.IDs, ids[:5]) {
		t.Fatalf("got %+v, %v", failed, err)
	}
	var first *Error
	if !errors.As(failed.Err, &first) || !errors.Is(err, ErrRejected) {
		t.Fatalf("the cause is %v", failed.Err)
	}
	if path := client.rest.Address(client.consumptionRequest(week, "users", ids[0])); first.Path != path {
		t.Errorf("the cause is about %s, want %s", first.Path, path)
	}
	if want := fmt.Sprintf("8 of 8 users could not be read (%s): ", strings.Join(ids[:5], ", ")); !strings.HasPrefix(err.Error(), want) {
		t.Errorf("it says %q", err)
	}
}
