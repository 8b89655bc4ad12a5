package acceptance

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
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

// cookbookBlock is the first block below a heading that is in a language.
func cookbookBlock(t *testing.T, heading, language string) string {
	t.Helper()
	for _, match := range fence.FindAllStringSubmatch(cookbookSection(t, heading), -1) {
		if match[1] == language {
			return match[2]
		}
	}
	t.Fatalf("%s has no block of %s", heading, language)
	return ""
}

// cookbook is a workspace with the configuration below a heading of the cookbook.
func (f *fixture) cookbook(t *testing.T, heading, key string) *workspace {
	t.Helper()
	w := newWorkspace(t, f.Provider(), []string{"TF_VAR_devin_api_keys={}"}) // no organization has one
	w.write(t, "versions.tf", requirement)
	w.write(t, "provider.tf", f.Config(key, ""))
	w.write(t, "main.tf", cookbookBlock(t, heading, "terraform"))
	return w
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

// cookbookTruths are the outputs of the blocks below these headings, by the data of the
// fake.
var cookbookTruths = map[string]func(t *testing.T, e *enterprise) object{
	"The top ten":       trueTopTen,
	"Seats without use": trueSeats,
	"Consumption without a member": func(t *testing.T, e *enterprise) object {
		from, to := window(t, "2026-10-01", "2026-10-31")
		return object{"unattributed_acus": cents(e.EnterpriseTotal(from, to) - e.membersTotal(from, to))}
	},
	"Cost per merged pull request": func(t *testing.T, e *enterprise) object {
		from, to := window(t, "2026-10-01", "2026-10-31")
		merged := e.PRs(devintest.Filter{}, from, to).Merged
		return object{"cost_per_merged_pr": fmt.Sprintf("%.2f", e.EnterpriseTotal(from, to)*price/float64(merged))}
	},
	"By e-mail domain":                      trueDomains,
	"Cost by organization and by IdP group": trueCostByGroup,
	"Merge rates":                           trueMergeRates,
	"Growth by week":                        trueWeeks,
	"Large sessions, and ACUs by tag":       trueSessionsAndTags,
	"To a file": func(t *testing.T, e *enterprise) object {
		return trueCSV("2026-10-01", "2026-10-31")(t, e)
	},
	"One resource for each member": func(*testing.T, *enterprise) object { return object{} },
}

func TestAccCookbook(t *testing.T) {
	t.Parallel()
	for heading, truth := range cookbookTruths {
		t.Run(heading, func(t *testing.T) {
			inEach(t, func(t *testing.T, e *enterprise) {
				w := e.cookbook(t, heading, devintest.KeyOK)
				printed := w.applied(t)
				if !showsPeople.MatchString(cookbookBlock(t, heading, "terraform")) {
					wantNoPersonIn(t, heading, printed, e.Members())
				}
				var got object
				_, shown := w.read(t, &got)
				wantNoIDIn(t, heading, shown, e.Members())
				wantOutputs(t, got, truth(t, e))
			})
		})
	}
}

func trueTopTen(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-11-05", "2026-11-20")
	acus, members := map[string]float64{}, map[string]devintest.Member{}
	for _, m := range e.known() {
		acus[m.UserID], members[m.UserID] = e.UserTotal(m.UserID, from, to), m
	}
	ids := slices.Collect(maps.Keys(acus))
	byMost(ids, acus)
	top := []any{}
	for _, id := range ids[:10] {
		top = append(top, object{
			"name": callName(members[id]), "email": members[id].Email, "acus": acus[id], "share": acus[id] / e.EnterpriseTotal(from, to),
		})
	}
	return object{"top": top}
}

func trueSeats(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-10-21", "2026-11-19")
	unused := []any{}
	for _, m := range e.known() {
		if e.UserTotal(m.UserID, from, to) == 0 && (m.JoinedAt == nil || *m.JoinedAt <= from.Unix()) {
			unused = append(unused, object{"name": callName(m), "email": m.Email, "joined_at": joinedAt(m)})
		}
	}
	if len(unused) == 0 {
		t.Fatal("every seat is used: the test tests nothing")
	}
	return object{"unused_seats": unused}
}

func trueDomains(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-10-01", "2026-10-31")
	domains := map[string]float64{}
	for _, m := range e.known() {
		domain := "(none)"
		if m.Email != nil {
			_, domain, _ = strings.Cut(strings.ToLower(*m.Email), "@")
		}
		domains[domain] += e.UserTotal(m.UserID, from, to)
	}
	if len(domains) != 2 {
		t.Fatalf("%v: the test tests nothing", domains)
	}
	return object{"acus_by_domain": domains}
}

func trueCostByGroup(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-10-01", "2026-10-31")
	organizations, groups := []any{}, []any{}
	cost := func(name string, acus float64) object {
		return object{"name": textOrNil(name), "cost": cents(acus * price)}
	}
	none := e.EnterpriseTotal(from, to)
	byID := slices.SortedFunc(slices.Values(e.Organizations()), func(a, b devintest.Organization) int { return strings.Compare(a.OrgID, b.OrgID) })
	for _, o := range byID {
		if o.OrgID == e.lost {
			continue
		}
		acus := e.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to)
		organizations = append(organizations, cost(o.Name, acus))
		none -= acus
	}
	teams, _ := e.teams(t, "2026-10-01", "2026-10-31")
	for _, name := range append(slices.Sorted(maps.Keys(teams))[1:], "") {
		if teams[name].known {
			groups = append(groups, cost(name, teams[name].acus))
		}
	}
	return object{
		"cost_by_organization": append(organizations, cost("(none)", none)),
		"cost_by_group":        append(groups, cost("(no member)", e.EnterpriseTotal(from, to)-e.membersTotal(from, to))),
		"total":                cents(e.EnterpriseTotal(from, to) * price),
	}
}

func trueMergeRates(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-07-01", "2026-09-30")
	rate, of := map[string]float64{}, map[string]object{}
	for _, m := range e.known() {
		if prs := e.PRs(devintest.Filter{UserIDs: []string{m.UserID}}, from, to); prs.Created >= 5 {
			rate[m.UserID] = float64(prs.Merged) / float64(prs.Created)
			of[m.UserID] = object{"name": callName(m), "created": prs.Created, "merged": prs.Merged, "rate": math.Round(1000*rate[m.UserID]) / 1000}
		}
	}
	ids, rates := slices.Collect(maps.Keys(of)), []any{}
	byMost(ids, rate)
	for _, id := range ids {
		rates = append(rates, of[id])
	}
	if len(rates) == 0 || len(rates) == len(e.known()) {
		t.Fatalf("%d of %d: the test tests nothing", len(rates), len(e.known()))
	}
	return object{"merge_rates": rates}
}

func trueWeeks(t *testing.T, e *enterprise) object {
	t.Helper()
	percent := func(now, before float64) float64 { return math.Round(1000*(now/before-1)) / 10 }
	growth := object{}
	var usersBefore, acusBefore float64
	monday := time.Date(2026, 6, 29, 0, 0, 0, 0, time.UTC)
	for n := 27; n <= 39; n++ {
		next := monday.AddDate(0, 0, 7)
		users := float64(e.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, monday, next))
		from, to := window(t, monday.Format(time.DateOnly), next.AddDate(0, 0, -1).Format(time.DateOnly))
		acus := e.EnterpriseTotal(from, to)
		if users == 0 || acus == 0 {
			t.Fatalf("week %d has %v users and %v ACUs: the test tests nothing", n, users, acus)
		}
		week := object{"active_users": users, "acus": acus, "users_percent": nil, "acus_percent": nil}
		if n > 27 {
			week["users_percent"], week["acus_percent"] = percent(users, usersBefore), percent(acus, acusBefore)
		}
		growth["2026-W"+strconv.Itoa(n)] = week
		usersBefore, acusBefore, monday = users, acus, next
	}
	return object{"growth": growth}
}

func trueSessionsAndTags(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-11-13", "2026-11-19")
	names := map[string]string{}
	for _, m := range e.Members() {
		names[m.UserID] = callName(m)
	}
	for _, u := range e.AllServiceUsers() {
		names[u.ServiceUserID] = u.Name
	}
	acus := func(s devintest.ListedSession) float64 {
		n, err := s.ACUsConsumed.Float64()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	all := e.SessionList(devintest.Filter{}, from, to)
	// The largest first, and then the newest, as the list is.
	slices.SortStableFunc(all, func(a, b devintest.ListedSession) int {
		switch n := acus(b) - acus(a); {
		case n < 0:
			return -1
		case n > 0:
			return 1
		}
		return 0
	})
	large, tags := []any{}, map[string]float64{}
	for _, s := range all {
		for _, tag := range s.Tags {
			tags[tag] += acus(s)
		}
		if acus(s) <= 4 {
			continue
		}
		id := s.ServiceUserID
		if s.UserID != nil {
			id = s.UserID
		}
		large = append(large, object{"title": s.Title, "url": s.URL, "acus": acus(s), "by": textOrNil(names[*id])})
	}
	if len(large) == 0 || len(tags) == 0 {
		t.Fatal("the test tests nothing")
	}
	return object{"large_sessions": large, "acus_by_tag": tags}
}

func TestAccCookbookFailsWithoutBillingAndWarnsWithoutMetrics(t *testing.T) {
	t.Parallel()
	const heading = "A key that must do one thing and should do another"
	fake := newFixture(t, devintest.Options{})
	w := fake.cookbook(t, heading, devintest.KeyOK)
	w.applied(t)
	if checks, _ := w.read(t, &struct{}{}); checks["metrics"] != "pass" {
		t.Errorf("%v", checks)
	}
	fake.cookbook(t, heading, devintest.KeyForbidden).failsToPlan(t, "the API key lacks ManageBilling")
	w = fake.cookbook(t, heading, devintest.KeyUnauthorized)
	if out := w.applied(t); !providertest.Wrapped("the API key lacks ViewAccountMetrics").MatchString(out) {
		t.Errorf("the warning is:\n%s", out)
	}
}

// The CSV is as a spreadsheet reads it, and its products add up.
func TestAccCookbookProductsOfTheFileAddUp(t *testing.T) {
	t.Parallel()
	w := newFixture(t, devintest.Options{Members: 5}).cookbook(t, "To a file", devintest.KeyOK)
	w.applied(t)
	var out struct{ CSV string }
	w.read(t, &out)
	rows, err := csv.NewReader(strings.NewReader(out.CSV)).ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		sum := 0.0
		for i, column := range rows[0] {
			if strings.HasPrefix(column, "acus_by_product_") {
				sum += number(t, row[i])
			}
		}
		if acus := number(t, row[slices.Index(rows[0], "acus")]); math.Abs(sum-acus) > 1e-6 {
			t.Errorf("%q adds up to %v", row, sum)
		}
	}
}

// A key of another organization would be refused. The provider's binary runs: one that a
// command line reattaches to has one configuration.
func TestAccCookbookOrganizationsHaveKeysOfTheirOwn(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	t.Parallel()
	fake := devintest.Start(t, devintest.Options{Members: 4})
	keys := map[string]string{}
	for i, org := range fake.Organizations() {
		keys[org.OrgID] = "cog_key_of_organization_" + strconv.Itoa(i)
		fake.AddKey(keys[org.OrgID], devintest.Principal{ID: "service-user-" + org.OrgID, OrgID: org.OrgID, Permissions: []string{devintest.ViewOrgMembership, devintest.ViewOrgConsumption}})
	}
	variable, err := json.Marshal(keys)
	if err != nil {
		t.Fatal(err)
	}
	w := buildProvider(t).commandLine(t, requirement+cookbookBlock(t, "Organizations with keys of their own", "terraform"),
		"DEVIN_API_URL="+fake.URL, "TF_VAR_devin_api_keys="+string(variable))
	w.needs(t, "OpenTofu 1.9")
	w.applied(t)
	var out struct {
		ACUs map[string]float64 `json:"acus_by_organization"`
	}
	w.read(t, &out)
	if len(keys) < 3 || !slices.Equal(slices.Sorted(maps.Keys(out.ACUs)), slices.Sorted(maps.Keys(keys))) {
		t.Errorf("%v, want those of %v", out.ACUs, slices.Sorted(maps.Keys(keys)))
	}
}

func TestAccCookbookBudgetCountsTheRunningDay(t *testing.T) {
	const heading = "A budget for the cycle"
	inEach(t, func(t *testing.T, e *enterprise) {
		from, to := window(t, "2026-11-05", "2026-11-20")
		used, finished := e.EnterpriseTotal(from, to), e.EnterpriseTotal(from, to.AddDate(0, 0, -1))
		rate := fmt.Sprintf(", and at this rate %.2f will be", 2*finished)
		if e.gone != "" { // nobody knows when the cycle ends
			rate = ""
		}
		budget := func(acus float64) (w *workspace, says string) {
			n := strconv.Itoa(int(acus))
			w = e.cookbook(t, heading, devintest.KeyOK)
			w.write(t, "terraform.tfvars", "budget_acus = "+n)
			return w, fmt.Sprintf("%.2f of %s ACUs are used%s.", used, n, rate)
		}
		// 90 % were not used yet when the last finished day ended.
		w, says := budget((used + finished) / 2 / 0.9)
		w.failsToPlan(t, says)
		w, says = budget(used/0.9 + 1)
		if out := w.applied(t); providertest.Wrapped(says).MatchString(out) == (rate == "") {
			t.Errorf("%q:\n%s", says, out)
		}
	})
	t.Run("first day", func(t *testing.T) {
		first := newRecipeFixture(t, time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC), devintest.Options{})
		w := first.cookbook(t, heading, devintest.KeyOK)
		w.applied(t)
		if checks, _ := w.read(t, &struct{}{}); checks["budget"] != "pass" {
			t.Errorf("%v", checks)
		}
	})
}

func TestAccCookbookCapsForSomePeople(t *testing.T) {
	t.Parallel()
	const heading = "Caps for some people"
	fake := newFixture(t, devintest.Options{Seed: 1})
	w := fake.cookbook(t, heading, devintest.KeyOK)
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
	block := cookbookBlock(t, heading, "terraform")
	w.write(t, "main.tf", strings.Replace(block, "rosa.smith", "nobody", 1))
	w.failsToPlan(t, "must not produce a null value")

	hostile := newHostile(t).cookbook(t, heading, devintest.KeyOK)
	hostile.write(t, "main.tf", strings.Replace(block, "rosa.smith@acme.example", doubleAddress, 1))
	hostile.failsToPlan(t, "must be a list, set, or tuple value with either zero or one elements")
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

// Blocks that need a member fail where there is none, and all others apply.
func TestAccCookbookAppliesToAnEmptyEnterprise(t *testing.T) {
	t.Parallel()
	fails := map[string]string{
		"Caps for some people":                               "must not produce a null value",
		"A key that must do one thing and should do another": "no_resources",
	}
	for _, match := range regexp.MustCompile("(?m)^## (.*)$").FindAllStringSubmatch(read(t, cookbook), -1) {
		heading := match[1]
		if !strings.Contains(cookbookSection(t, heading), "```terraform\n") {
			continue
		}
		t.Run(heading, func(t *testing.T) {
			t.Parallel()
			block := cookbookBlock(t, heading, "terraform")
			opts := devintest.Options{}
			if strings.Contains(block, "plantimestamp()") {
				now := time.Now()
				opts.Now = func() time.Time { return now }
			}
			w := newFixture(t, opts).cookbook(t, heading, devintest.KeyNoResources)
			if needed := need.FindStringSubmatch(block); needed != nil {
				w.needs(t, needed[1])
			}
			if says := fails[heading]; says != "" {
				w.failsToPlan(t, says)
				return
			}
			w.applied(t)
		})
	}
}

// The mark is in what a command line writes, byte for byte.
func TestAccCookbookPutsTheMarkOfExcelInFront(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := fake.cookbook(t, "To a file", devintest.KeyOK)
	w.write(t, "excel.tf", cookbookBlock(t, "To Excel", "hcl"))
	w.applied(t)
	plain, marked := w.succeed(t, "output", "-raw", "csv"), w.succeed(t, "output", "-raw", "excel")
	if marked != "\xef\xbb\xbf"+plain || !strings.HasPrefix(plain, "user_id,") {
		t.Errorf("the texts begin with %.20q and %.20q", marked, plain)
	}
}
