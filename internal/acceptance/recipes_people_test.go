package acceptance

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

type team struct {
	Members       int      `json:"members"`
	ActiveMembers int      `json:"active_members"`
	ACUs          float64  `json:"acus"`
	Created       int64    `json:"prs_created"`
	Merged        int64    `json:"prs_merged"`
	MergeRate     *float64 `json:"merge_rate"`
}

type teamOutputs struct {
	Teams        map[string]team `json:"teams"`
	Several      int             `json:"people_in_several_teams"`
	MembersACUs  float64         `json:"members_acus"`
	Unattributed float64         `json:"unattributed_acus"`
}

func TestAccRecipeTeamRollup(t *testing.T) {
	t.Parallel()
	const start, end = "2026-10-05", "2026-11-04"
	fake := newFixture(t, devintest.Options{})
	for groupBy, of := range map[string]func(devintest.Assignment) string{
		"idp_group":    func(a devintest.Assignment) string { return a.IDPGroupName },
		"organization": func(a devintest.Assignment) string { return a.OrgID },
	} {
		var out teamOutputs
		given := variables("start_date", start, "end_date", end, "group_by", groupBy)
		first := fake.Organizations()[0]
		given["names"] = map[string]any{first.OrgID: first.Name}
		fake.applyRecipe(t, "team-rollup", devintest.KeyOK, given, &out)

		want, several := fake.teams(t, start, end, of)
		if groupBy == "organization" {
			want[first.Name] = want[first.OrgID]
			delete(want, first.OrgID)
		}
		if out.Several != several || several == 0 || want["(none)"].Members == 0 {
			t.Errorf("%s: %d in several, want %d", groupBy, out.Several, several)
		}
		if len(out.Teams) != len(want) {
			t.Errorf("%s: %d teams, want %d", groupBy, len(out.Teams), len(want))
		}
		for name, got := range out.Teams {
			w := want[name]
			if got.Members != w.Members || got.ActiveMembers != w.ActiveMembers || got.Created != w.Created || got.Merged != w.Merged || !near(got.ACUs, w.ACUs) ||
				(got.MergeRate == nil) != (w.Created == 0) || w.Created > 0 && math.Abs(*got.MergeRate-float64(w.Merged)/float64(w.Created)) > 0.0001 {
				t.Errorf("%s %s: %+v, want %+v", groupBy, name, got, w)
			}
		}
		w := providertest.Days(t, start, end)
		if out.MembersACUs != fake.MembersTotal(w.Start.Start(), (w.End+1).Start()) || out.Unattributed != fake.Unattributed(w.Start.Start(), (w.End+1).Start()) {
			t.Errorf("%v and %v ACUs", out.MembersACUs, out.Unattributed)
		}
	}
}

// teams counts each person once for each of their teams, or once for none.
func (f *fixture) teams(t *testing.T, start, end string, of func(devintest.Assignment) string) (teams map[string]team, several int) {
	t.Helper()
	w := providertest.Days(t, start, end)
	teams = map[string]team{}
	for _, member := range f.Members() {
		var names []string
		for _, a := range slices.Concat(member.Assignments, member.IDPAssignments) {
			if name := of(a); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if len(names) > 1 {
			several++
		}
		if len(names) == 0 {
			names = []string{"(none)"}
		}
		acus := f.UserTotal(member.UserID, w.Start.Start(), (w.End + 1).Start())
		prs := f.PRs(devintest.Filter{UserIDs: []string{member.UserID}}, w.Start.Start(), (w.End + 1).Start())
		for _, name := range names {
			sum := teams[name]
			sum.Members++
			if acus > 0 {
				sum.ActiveMembers++
			}
			sum.ACUs += acus
			sum.Created += prs.Created
			sum.Merged += prs.Merged
			teams[name] = sum
		}
	}
	return teams, several
}

type inactiveOutputs struct {
	Inactive []struct {
		UserID   string  `json:"user_id"`
		JoinedOn *string `json:"joined_on"`
		Days     int     `json:"days"`
	} `json:"inactive"`
	Emails  []string `json:"emails"`
	Summary string   `json:"summary"`
}

func TestAccRecipeInactiveMembers(t *testing.T) {
	t.Parallel()
	// Enough people that some joined in the window and have not used Devin.
	fake := newFixture(t, devintest.Options{Members: 120, PageSize: 50})
	var out inactiveOutputs
	given := map[string]any{"end_date": "2026-11-19", "days": 330, "grace_days": 250}
	fake.applyRecipe(t, "inactive-members", devintest.KeyOK, given, &out)

	window := dates(t, "2025-12-25", "2026-11-19")
	truth := fake.memberDays(t, window[0], window[len(window)-1])
	wantDays, wantEmails := map[string]int{}, []string{}
	young, left := 0, 0
	for _, member := range fake.Members() {
		if len(truth[member.UserID]) > 0 {
			continue
		}
		d := len(window)
		if member.JoinedAt != nil {
			if i := slices.Index(window, devin.DayAt(time.Unix(*member.JoinedAt, 0)).String()); i >= 0 {
				d = len(window) - i
				young++
			}
		}
		if d < 250 {
			left++
			continue
		}
		wantDays[member.UserID] = d
		if member.Email != nil {
			wantEmails = append(wantEmails, *member.Email)
		}
	}
	slices.Sort(wantEmails)
	if young <= left || left == 0 {
		t.Fatalf("%d people joined in the window, and %d are left out: the test tests nothing", young, left)
	}
	if len(out.Inactive) != len(wantDays) {
		t.Errorf("%d people, want %d", len(out.Inactive), len(wantDays))
	}
	for _, user := range out.Inactive {
		if user.Days != wantDays[user.UserID] {
			t.Errorf("%s: %d days, want %d", user.UserID, user.Days, wantDays[user.UserID])
		}
	}
	if !slices.Equal(out.Emails, wantEmails) {
		t.Errorf("emails %q, want %q", out.Emails, wantEmails)
	}
}

// Who joined after the window has not been inactive in it, even without days of grace.
func TestAccRecipeInactiveMembersLeavesOutWhoJoinedLater(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 120, PageSize: 50})
	from, to := window(t, "2025-12-25", "2026-01-23")
	want, later := 0, map[string]bool{}
	for _, m := range fake.Members() {
		switch {
		case fake.UserTotal(m.UserID, from, to) > 0:
		case m.JoinedAt != nil && *m.JoinedAt >= to.Unix():
			later[m.UserID] = true
		default:
			want++
		}
	}
	var out inactiveOutputs
	fake.applyRecipe(t, "inactive-members", devintest.KeyOK, map[string]any{"end_date": "2026-01-23", "grace_days": 0}, &out)
	for _, user := range out.Inactive {
		if later[user.UserID] {
			t.Errorf("%s joined after the window, on %s", user.UserID, *user.JoinedOn)
		}
	}
	if len(out.Inactive) != want || want == 0 || len(later) == 0 {
		t.Errorf("%d people, want %d; %d joined later", len(out.Inactive), want, len(later))
	}
}

func TestAccRecipeInactiveMembersUpToYesterday(t *testing.T) {
	t.Parallel()
	// The clock of Terraform's plantimestamp(), which no test can set.
	now := time.Now()
	if devin.DayAt(now) != devin.DayAt(now.Add(10*time.Minute)) {
		t.Skip("a billing day ends in the next ten minutes, which would change what Terraform asks for meanwhile")
	}
	fake := newRecipeFixture(t, now, devintest.Options{})
	var out inactiveOutputs
	fake.applyRecipe(t, "inactive-members", devintest.KeyOK, nil, &out)
	last := devin.DayAt(now) - 1
	want := " of 40 members have not used Devin from " + (last - 29).String() + " to " + last.String() + "."
	if len(out.Summary) < len(want) || out.Summary[len(out.Summary)-len(want):] != want {
		t.Errorf("%q, want it to end in %q", out.Summary, want)
	}
}

func TestAccRecipeAdoptionNamesWhoStartedNoSession(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	v, from, to := month(t)
	var out struct {
		Weeks   map[string]int64 `json:"active_users_by_week"`
		Origins map[string]int64 `json:"sessions_by_origin"`
		Members struct {
			All     int `json:"all"`
			Without int `json:"without_session"`
		} `json:"members"`
		Without []struct {
			UserID string `json:"user_id"`
		} `json:"without_session"`
	}
	fake.applyRecipe(t, "adoption", devintest.KeyOK, v, &out)
	started := map[string]bool{}
	for _, s := range fake.SessionList(devintest.Filter{}, from, to) {
		if s.UserID != nil {
			started[*s.UserID] = true
		}
	}
	without := 0
	for _, m := range fake.Members() {
		if !started[m.UserID] {
			without++
		}
	}
	if out.Members.All != len(fake.Members()) || out.Members.Without != without || len(out.Without) != without || without == 0 || without == len(fake.Members()) {
		t.Errorf("%+v, want %d of %d", out.Members, without, len(fake.Members()))
	}
	for _, m := range out.Without {
		if started[m.UserID] {
			t.Errorf("%s has started a session", m.UserID)
		}
	}
	midnight := from.Add(-8 * time.Hour)
	if want := fake.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, midnight, midnight.AddDate(0, 0, 7)); len(out.Weeks) != 4 || out.Weeks["2026-09-28"] != want || want == 0 {
		t.Errorf("weeks %v, the first has %d", out.Weeks, want)
	}
	if n := fake.SessionCounts(devintest.Filter{}, from, to).ByOrigin["slack"]; out.Origins["slack"] != n {
		t.Errorf("%v, want %d from slack", out.Origins, n)
	}
}
