package acceptance

import (
	"encoding/csv"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

const cookbook = "docs/guides/cookbook.md"

// cookbookSection is what stands below a heading of the cookbook.
func cookbookSection(t *testing.T, heading string) string {
	t.Helper()
	_, text, found := strings.Cut(read(t, cookbook), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("the cookbook has no heading %q", heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// cookbookBlock is the first configuration below a heading.
func cookbookBlock(t *testing.T, heading string) string {
	t.Helper()
	for _, match := range fence.FindAllStringSubmatch(cookbookSection(t, heading), -1) {
		if match[1] == "terraform" {
			return match[2]
		}
	}
	t.Fatalf("%s has no configuration", heading)
	return ""
}

// cookbook is a workspace with the configuration below a heading of the cookbook.
func (f *fixture) cookbook(t *testing.T, heading, key string) *workspace {
	t.Helper()
	w := newWorkspace(t, f.Provider(), nil)
	w.write(t, "versions.tf", requirement)
	w.write(t, "provider.tf", f.Config(key, ""))
	w.write(t, "main.tf", cookbookBlock(t, heading))
	return w
}

// applyCookbook does with it what applyRecipe does with a recipe.
func (f *fixture) applyCookbook(t *testing.T, heading string, outputs any) recipeChecks {
	t.Helper()
	w := f.cookbook(t, heading, devintest.KeyOK)
	w.applied(t)
	checks, shown := w.read(t, outputs)
	f.wantNoPersonIn(t, heading, shown)
	return checks
}

// window is that of two billing days, both included.
func window(t *testing.T, start, end string) (from, to time.Time) {
	t.Helper()
	w := providertest.Days(t, start, end)
	return w.Start.Start(), (w.End + 1).Start()
}

// callName is what the provider calls a member.
func callName(m devintest.Member) string {
	switch {
	case m.Name != nil:
		return *m.Name
	case m.Email != nil:
		return *m.Email
	}
	return m.UserID
}

func TestAccCookbookFailsWithoutBillingAndWarnsWithoutMetrics(t *testing.T) {
	t.Parallel()
	const heading = "A key that must do one thing and should do another"
	fake := newFixture(t, devintest.Options{})
	if checks := fake.applyCookbook(t, heading, &struct{}{}); checks["metrics"] != "pass" {
		t.Errorf("%v", checks)
	}
	fake.cookbook(t, heading, devintest.KeyForbidden).failsToPlan(t, "the API key lacks ManageBilling")
	w := fake.cookbook(t, heading, devintest.KeyUnauthorized)
	if out := w.applied(t); !providertest.Wrapped("the API key lacks ViewAccountMetrics").MatchString(out) {
		t.Errorf("the warning is:\n%s", out)
	}
}

func TestAccCookbookWritesTheLastMonth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out struct{ CSV string }
	fake.applyCookbook(t, "To a file", &out)
	rows, err := csv.NewReader(strings.NewReader(out.CSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n, products := 0, 0
	truth := fake.memberDays(t, "2026-10-01", "2026-10-31")
	for _, days := range truth {
		n += len(days)
	}
	for _, row := range rows[1:] {
		sum := 0.0
		for i, column := range rows[0] {
			if strings.HasPrefix(column, "acus_by_product_") && row[i] != "" {
				acus, _ := strconv.ParseFloat(row[i], 64)
				sum += acus
				products++
			}
		}
		id, date := row[slices.Index(rows[0], "user_id")], row[slices.Index(rows[0], "date")]
		if acus := truth[id][date]; row[slices.Index(rows[0], "acus")] != strconv.FormatFloat(acus, 'f', -1, 64) || math.Abs(sum-acus) > 1e-6 {
			t.Errorf("%q, want %v", row, acus)
		}
	}
	if len(rows)-1 != n || n < 500 || products < n {
		t.Errorf("%d rows, want %d, and %d numbers of products", len(rows)-1, n, products)
	}
}

func TestAccCookbookTopTenHaveTheirShares(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out struct {
		Top []struct {
			Name  string
			Email *string
			ACUs  float64
			Share float64
		}
	}
	fake.applyCookbook(t, "The top ten", &out)
	from, to := window(t, "2026-11-05", "2026-11-20")
	members := fake.Members()
	slices.SortStableFunc(members, func(a, b devintest.Member) int {
		if fake.UserTotal(a.UserID, from, to) > fake.UserTotal(b.UserID, from, to) {
			return -1
		}
		return 1
	})
	all := fake.EnterpriseTotal(from, to)
	if len(out.Top) != 10 {
		t.Fatalf("%d users", len(out.Top))
	}
	for i, got := range out.Top {
		m, acus := members[i], fake.UserTotal(members[i].UserID, from, to)
		if got.Name != callName(m) || (got.Email == nil) != (m.Email == nil) || m.Email != nil && *got.Email != *m.Email || got.ACUs != acus || math.Abs(got.Share-acus/all) > 0.6e-6 {
			t.Errorf("%d: %+v, want %s with %v of %v", i, got, callName(m), acus, all)
		}
	}
}

func TestAccCookbookSeatsWithoutUse(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 120, PageSize: 200})
	var out struct {
		Unused []struct{ Name string } `json:"unused_seats"`
	}
	w := fake.cookbook(t, "Seats without use", devintest.KeyOK)
	// Nobody joined in the last 30 days and used nothing, but in most of a year some did.
	text := cookbookBlock(t, "Seats without use")
	w.write(t, "main.tf", strings.Replace(text, `period = "last_30_days"`, "start_date = \"2025-12-25\"\nend_date = \"2026-11-19\"", 1))
	w.applied(t)
	_, shown := w.read(t, &out)
	fake.wantNoPersonIn(t, "Seats without use", shown)
	var want []string
	young := 0
	from, to := window(t, "2025-12-25", "2026-11-19")
	for _, m := range fake.Members() {
		switch {
		case fake.UserTotal(m.UserID, from, to) > 0:
		case m.JoinedAt != nil && *m.JoinedAt >= from.Unix():
			young++
		default:
			want = append(want, callName(m))
		}
	}
	var got []string
	for _, user := range out.Unused {
		got = append(got, user.Name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(want) == 0 || young == 0 {
		t.Errorf("%q, want %q; %d joined in the window", got, want, young)
	}
}

func TestAccCookbookCostOfOrganizationsAndGroups(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	type cost struct {
		Name *string
		Cost float64
	}
	var out struct {
		Organizations []cost  `json:"cost_by_organization"`
		Groups        []cost  `json:"cost_by_group"`
		Total         float64 `json:"total"`
	}
	fake.applyCookbook(t, "Cost by organization and by IdP group", &out)
	from, to := window(t, "2026-10-01", "2026-10-31")
	organizations := map[string]float64{"(none)": fake.EnterpriseTotal(from, to)}
	for _, o := range fake.Organizations() {
		acus := fake.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to)
		organizations[o.Name] = acus
		organizations["(none)"] -= acus
	}
	teams, _ := fake.teams(t, "2026-10-01", "2026-10-31", func(a devintest.Assignment) string { return a.IDPGroupName })
	groups := map[string]float64{"(no member)": fake.Unattributed(from, to)}
	for name, team := range teams {
		if name == "(none)" {
			name = ""
		}
		groups[name] = team.ACUs
	}
	for _, tt := range []struct {
		got  []cost
		want map[string]float64
	}{{out.Organizations, organizations}, {out.Groups, groups}} {
		if len(tt.got) != len(tt.want) || len(tt.want) < 4 {
			t.Errorf("%d, want %d", len(tt.got), len(tt.want))
		}
		for _, got := range tt.got {
			name := ""
			if got.Name != nil {
				name = *got.Name
			}
			if acus, ok := tt.want[name]; !ok || !near(got.Cost, 2.25*acus) {
				t.Errorf("%q costs %v, want %v", name, got.Cost, 2.25*acus)
			}
		}
	}
	if !near(out.Total, 2.25*fake.EnterpriseTotal(from, to)) {
		t.Errorf("in all %v", out.Total)
	}
}

func TestAccCookbookBudgetCountsTheRunningDay(t *testing.T) {
	t.Parallel()
	const heading = "A budget for the cycle"
	fake := newFixture(t, devintest.Options{})
	if checks := fake.applyCookbook(t, heading, &struct{}{}); checks["budget"] != "pass" {
		t.Errorf("%v", checks)
	}
	from, to := window(t, "2026-11-05", "2026-11-20")
	used, finished := fake.EnterpriseTotal(from, to), fake.EnterpriseTotal(from, to.AddDate(0, 0, -1))
	text := strconv.FormatFloat(used, 'f', 2, 64) + " of BUDGET ACUs are used, and at this rate " + strconv.FormatFloat(2*finished, 'f', 2, 64) + " will be."
	budget := func(acus float64) (w *workspace, says string) {
		n := strconv.Itoa(int(acus))
		w = fake.cookbook(t, heading, devintest.KeyOK)
		w.write(t, "terraform.tfvars", "budget_acus = "+n)
		return w, strings.Replace(text, "BUDGET", n, 1)
	}
	// 90 % were not used yet when the last finished day ended.
	w, says := budget((used + finished) / 2 / 0.9)
	w.failsToPlan(t, says)
	w, says = budget(used/0.9 + 1)
	if out := w.applied(t); !providertest.Wrapped(says).MatchString(out) {
		t.Errorf("not %q:\n%s", says, out)
	}
	first := newRecipeFixture(t, time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC), devintest.Options{})
	if checks := first.applyCookbook(t, heading, &struct{}{}); checks["budget"] != "pass" {
		t.Errorf("on the first day: %v", checks)
	}
}

func TestAccCookbookMergeRates(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out struct {
		Rates []struct {
			Name            string
			Created, Merged int64
			Rate            float64
		} `json:"merge_rates"`
	}
	fake.applyCookbook(t, "Merge rates", &out)
	from, to := window(t, "2026-07-01", "2026-09-30")
	want := map[string]devintest.PRCounts{}
	for _, m := range fake.Members() {
		if prs := fake.PRs(devintest.Filter{UserIDs: []string{m.UserID}}, from, to); prs.Created >= 5 {
			want[callName(m)] = prs
		}
	}
	if len(out.Rates) != len(want) || len(want) == 0 || len(want) == len(fake.Members()) {
		t.Errorf("%d users, want %d", len(out.Rates), len(want))
	}
	for i, got := range out.Rates {
		w := want[got.Name]
		if got.Created != w.Created || got.Merged != w.Merged || math.Abs(got.Rate-float64(w.Merged)/float64(w.Created)) > 0.0006 || i > 0 && got.Rate > out.Rates[i-1].Rate {
			t.Errorf("%+v, want %+v", got, w)
		}
	}
}

func TestAccCookbookGrowthByWeek(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	type week struct {
		Users        int64    `json:"active_users"`
		UsersPercent *float64 `json:"users_percent"`
		ACUs         float64  `json:"acus"`
		ACUsPercent  *float64 `json:"acus_percent"`
	}
	var out struct{ Growth map[string]week }
	fake.applyCookbook(t, "Growth by week", &out)
	percent := func(now, before float64) float64 { return math.Round(1000*(now/before-1)) / 10 }
	is := func(got *float64, want float64) bool { return got != nil && math.Abs(*got-want) < 1e-9 }
	var before week
	monday := time.Date(2026, 6, 29, 0, 0, 0, 0, time.UTC)
	for n := 27; n <= 39; n++ {
		next := monday.AddDate(0, 0, 7)
		users := fake.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, monday, next)
		from, to := window(t, monday.Format(time.DateOnly), next.AddDate(0, 0, -1).Format(time.DateOnly))
		acus := fake.EnterpriseTotal(from, to)
		got := out.Growth["2026-W"+strconv.Itoa(n)]
		if got.Users != users || got.ACUs != acus || users == 0 || acus == 0 {
			t.Errorf("week %d: %+v, want %v and %v", n, got, users, acus)
		}
		if n == 27 {
			if got.UsersPercent != nil || got.ACUsPercent != nil {
				t.Errorf("the first week: %+v", got)
			}
		} else if !is(got.UsersPercent, percent(float64(users), float64(before.Users))) || !is(got.ACUsPercent, percent(acus, before.ACUs)) {
			t.Errorf("week %d: %+v, after %+v", n, got, before)
		}
		before, monday = got, next
	}
	if len(out.Growth) != 13 {
		t.Errorf("%d weeks", len(out.Growth))
	}
}

func TestAccCookbookLargeSessionsAndTags(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out struct {
		Large []struct {
			URL  string
			ACUs float64
			By   *string
		} `json:"large_sessions"`
		Tags map[string]float64 `json:"acus_by_tag"`
	}
	fake.applyCookbook(t, "Large sessions, and ACUs by tag", &out)
	names := map[string]string{}
	for _, m := range fake.Members() {
		names[m.UserID] = callName(m)
	}
	for _, u := range fake.AllServiceUsers() {
		names[u.ServiceUserID] = u.Name
	}
	from, to := window(t, "2026-11-13", "2026-11-19")
	large, tags := map[string]devintest.ListedSession{}, map[string]float64{}
	for _, s := range fake.SessionList(devintest.Filter{}, from, to) {
		acus, _ := s.ACUsConsumed.Float64()
		if acus > 4 {
			large[s.URL] = s
		}
		for _, tag := range s.Tags {
			tags[tag] += acus
		}
	}
	if len(out.Large) != len(large) || len(large) == 0 || len(out.Tags) != len(tags) || len(tags) == 0 {
		t.Errorf("%d sessions and %d tags, want %d and %d", len(out.Large), len(out.Tags), len(large), len(tags))
	}
	for _, got := range out.Large {
		s := large[got.URL]
		id := s.ServiceUserID
		if s.UserID != nil {
			id = s.UserID
		}
		acus, _ := s.ACUsConsumed.Float64()
		name, known := names[*id]
		if got.ACUs != acus || (got.By != nil) != known || known && *got.By != name {
			t.Errorf("%+v, want %v by %q", got, acus, name)
		}
	}
	for tag, acus := range tags {
		if !near(out.Tags[tag], acus) {
			t.Errorf("%s has %v, want %v", tag, out.Tags[tag], acus)
		}
	}
}

func TestAccCookbookCapsForSomePeople(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Seed: 1})
	w := fake.cookbook(t, "Caps for some people", devintest.KeyOK)
	w.applied(t)
	want := map[string]int64{"rosa.smith@acme.example": 200, "jiwoo.cohen@acme.example": 500, "yusuf.kim@acme.example": 200}
	limits, n := fake.Limits().Users, 0
	for _, m := range fake.Members() {
		if m.Email == nil || want[strings.ToLower(*m.Email)] == 0 {
			continue
		}
		if n++; limits[m.UserID] != want[strings.ToLower(*m.Email)] {
			t.Errorf("%s has %v", *m.Email, limits[m.UserID])
		}
	}
	if len(limits) != 3 || n != 3 {
		t.Errorf("%d limits of %d people", len(limits), n)
	}
	w.write(t, "main.tf", strings.Replace(cookbookBlock(t, "Caps for some people"), "rosa.smith", "nobody", 1))
	w.failsToPlan(t, "must not produce a null value")
}

func TestAccCookbookKeysThatExpireOrAreNotUsed(t *testing.T) {
	t.Parallel()
	// plantimestamp() tells the real time.
	now := time.Now()
	fake := newRecipeFixture(t, now, devintest.Options{ServiceUsers: 6})
	w := fake.cookbook(t, "Keys that expire or are not used", devintest.KeyOK)
	out := w.applied(t)
	var expiring, unused []string
	users := fake.AllServiceUsers()
	slices.SortFunc(users, func(a, b devintest.ServiceUser) int { return strings.Compare(a.ServiceUserID, b.ServiceUserID) })
	for _, u := range users {
		if !u.Active {
			continue
		}
		for _, key := range fake.APIKeys(u.ServiceUserID) {
			used := key.CreatedAt
			if key.LastUsedAt != nil {
				used = *key.LastUsedAt
			}
			if key.IsActive && key.ExpiresAt != nil && devin.DayAt(time.Unix(*key.ExpiresAt, 0)) <= devin.DayAt(now)+30 {
				expiring = append(expiring, u.Name)
			}
			if key.IsActive && used < now.Add(-90*24*time.Hour).Unix() {
				unused = append(unused, u.Name)
			}
		}
	}
	for _, says := range []string{
		"Keys of these service users expire within 30 days: " + strings.Join(expiring, ", ") + ".",
		"Keys of these service users were not used for 90 days: " + strings.Join(unused, ", ") + ".",
	} {
		if !providertest.Wrapped(says).MatchString(out) {
			t.Errorf("not %q:\n%s", says, out)
		}
	}
	if len(expiring) == 0 || len(unused) == 0 {
		t.Errorf("%q and %q", expiring, unused)
	}
}

// Double names, people without a name or an address, a member whom Devin does not know,
// a cycle without an end, and an empty enterprise break no block but those that
// ask for more.
func TestAccCookbookAppliesToHostileDataAndToAnEmptyEnterprise(t *testing.T) {
	t.Parallel()
	// Members by the addresses of the block, and a key that sees an enterprise.
	fails := map[string]map[string]string{
		"Caps for some people":                               {devintest.KeyOK: "must not produce a null value", devintest.KeyNoResources: "must not produce a null value"},
		"A key that must do one thing and should do another": {devintest.KeyNoResources: "no_resources"},
	}
	applied := 0
	for _, match := range regexp.MustCompile("(?m)^## (.*)$").FindAllStringSubmatch(read(t, cookbook), -1) {
		heading := match[1]
		if !strings.Contains(cookbookSection(t, heading), "```terraform\n") {
			continue
		}
		applied++
		for _, key := range []string{devintest.KeyOK, devintest.KeyNoResources} {
			t.Run(heading+" with "+key, func(t *testing.T) {
				t.Parallel()
				opts := devintest.Options{}
				if strings.Contains(cookbookBlock(t, heading), "plantimestamp()") {
					now := time.Now()
					opts.Now = func() time.Time { return now }
				}
				fake := newFixture(t, opts)
				fake.isHostile(t)
				w := fake.cookbook(t, heading, key)
				if says := fails[heading][key]; says != "" {
					w.failsToPlan(t, says)
					return
				}
				w.applied(t)
				_, shown := w.read(t, &struct{}{})
				fake.wantNoPersonIn(t, heading, shown)
			})
		}
	}
	if applied < 12 {
		t.Errorf("%d blocks", applied)
	}
}
