package acceptance

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// recipe is a row of the table: what must be true of a recipe in every enterprise.
type recipe struct {
	name string
	// given are the variables.
	given func(e *enterprise) object
	// prepare, if set, does what else a user does before the first plan.
	prepare func(t *testing.T, e *enterprise, w *workspace)
	// truth are all outputs, by the data of the fake.
	truth func(t *testing.T, e *enterprise) object
	// checks are what its check blocks say in these enterprises.
	checks recipeChecks
	// empty are the outputs in an enterprise with nothing in it; emptyFails is the error
	// where there is one.
	empty      object
	emptyFails string
	// permissions are those that the key needs, as the README has them.
	permissions []string
	// wrong are values of variables that would give wrong numbers, and are errors.
	wrong object
}

const price = 2.25

// given are variables that are the same in every enterprise.
func given(variables object) func(*enterprise) object {
	return func(*enterprise) object { return variables }
}

// inWindow are these variables and the window of the tests.
func inWindow(variables object) func(*enterprise) object {
	all := object{"start_date": windowStart, "end_date": windowEnd}
	maps.Copy(all, variables)
	return given(all)
}

const (
	viewMembership  = "ViewAccountMembership"
	viewConsumption = "ViewAccountConsumption"
	viewMetrics     = devintest.ViewAccountMetrics
	viewSessions    = devintest.ViewAccountSessions
)

var recipes = []recipe{
	{
		name: "adoption", given: inWindow(nil), truth: trueAdoption,
		empty: object{
			"active_users_by_week": object{"2026-10-12": 0, "2026-10-19": 0},
			"sessions_by_origin":   withZeros(nil), "members": object{"all": 0, "without_session": 0}, "without_session": []any{},
		},
		permissions: []string{viewMembership, viewMetrics, viewSessions},
	},
	{
		name: "budget-alerts", given: given(object{"webhook": "https://127.0.0.1/secret", "pool_acus": 1e6}), truth: trueAlerts,
		empty:       object{"sent": []any{}, "usage": object{"cycle_start": "2026-11-05", "pool_acus": 1e6, "used_acus": 0, "used_percent": 0}},
		permissions: []string{viewConsumption},
		wrong:       object{"webhook": "127.0.0.1/secret", "pool_acus": 0, "thresholds": []any{80, 0}},
	},
	{
		name: "budget-guard", given: given(object{"pool_acus": 5000, "acu_price": price, "fail_percent": 1000}), truth: trueBudget,
		checks: recipeChecks{"pool": "pass", "projection": "pass"},
		empty: object{
			"budget": object{
				"cycle_start": "2026-11-05", "cycle_end": "2026-12-04", "days_elapsed": 15, "days_remaining": 15, "pool_acus": 5000,
				"used_acus": 0, "used_percent": 0, "cost": 0, "acus_per_day": 0,
				"projected_acus": 0, "projected_percent": 0, "projected_cost": 0, "unattributed_acus": 0,
			},
			"users": []any{},
		},
		permissions: []string{viewMembership, viewConsumption},
		wrong:       object{"pool_acus": 0, "acu_price": -1, "warn_percent": 0, "fail_percent": 0},
	},
	{
		name: "chargeback", given: inWindow(object{"acu_price": price}), truth: trueCharges(byTag), checks: recipeChecks{"sessions": "pass"},
		empty:       object{"charges": object{"(no session)": object{"acus": 0, "cost": 0}}, "total_acus": 0},
		permissions: []string{viewSessions, viewConsumption},
		wrong:       object{"acu_price": -1, "charge_by": "title"},
	},
	{
		name: "chargeback", given: inWindow(object{"acu_price": price, "charge_by": "repository"}), truth: trueCharges(byRepository), checks: recipeChecks{"sessions": "pass"},
		empty: object{"charges": object{"(no session)": object{"acus": 0, "cost": 0}}, "total_acus": 0},
	},
	{
		name: "ci-key-check", given: given(object{}), truth: func(*testing.T, *enterprise) object { return object{} },
		emptyFails:  "no_resources:",
		permissions: []string{viewMembership, viewConsumption, viewMetrics},
	},
	{
		name: "cost-per-merged-pr", given: inWindow(object{"acu_price": price}), truth: trueCosts,
		empty: object{
			"enterprise": object{"acus": 0, "merged_prs": 0, "per_merged_pr": nil}, "by_organization": object{}, "by_category": object{}, "by_user": object{},
		},
		permissions: []string{viewMembership, viewConsumption, viewMetrics, viewSessions, devintest.ManageOrganizations},
		wrong:       object{"acu_price": -1},
	},
	{
		name: "export-csv", given: inWindow(nil), truth: trueCSV(windowStart, windowEnd),
		checks:      recipeChecks{"window_is_over": "pass"},
		empty:       object{"csv": "user_id,email,display_name,date,acus\r\n"},
		permissions: []string{viewMembership, viewConsumption},
	},
	{
		name: "export-csv", given: given(object{}), truth: trueCSV("2026-10-05", "2026-11-04"), // the cycle before the one of 20 November
		checks: recipeChecks{"window_is_over": "pass"},
		empty:  object{"csv": "user_id,email,display_name,date,acus\r\n"},
	},
	{
		name: "inactive-members", given: inWindow(nil), truth: trueInactive(windowStart, windowEnd),
		empty: object{
			"inactive": []any{}, "emails": []any{},
			"summary": "0 of 0 members have not used Devin from 2026-10-12 to 2026-10-25. Of 0 of these Devin does not say when they joined. 0 more have not used it, and joined after the window began.",
		},
		permissions: []string{viewMembership, viewConsumption},
	},
	{
		name: "inactive-members", given: given(object{}), truth: trueInactive("2026-10-21", "2026-11-19"),
		empty: object{
			"inactive": []any{}, "emails": []any{},
			"summary": "0 of 0 members have not used Devin from 2026-10-21 to 2026-11-19. Of 0 of these Devin does not say when they joined. 0 more have not used it, and joined after the window began.",
		},
	},
	{
		name: "key-hygiene", given: given(object{"now": providertest.Now.Format(time.RFC3339)}), truth: trueKeys,
		checks: recipeChecks{"keys_that_expire": "fail", "unused_keys": "fail", "keys_that_never_expire": "fail"},
		empty: object{
			"keys":    object{"expiring": []any{}, "unused": []any{}, "never_expiring": []any{}},
			"summary": "Active keys: 0. Expiring within 30 days: 0. Not used for 90 days: 0. Never expiring: 0.",
		},
		permissions: []string{viewMembership, devintest.ManageAccountServiceUsers},
		wrong:       object{"unused_days": 0},
	},
	{
		name: "limits-from-yaml", given: given(object{}), prepare: writeLimits, truth: trueLimitsOfFile,
		emptyFails:  "Not exactly one organization has these names.",
		permissions: []string{devintest.ManageBilling, devintest.ManageOrganizations},
	},
	{
		name: "monthly-archive", given: given(object{}), prepare: selectMonth("2026-10"), truth: trueArchive("2026-10-01", "2026-10-31"),
		empty: object{
			"csv":    "user_id,email,display_name,date,acus\r\n",
			"totals": object{"start_date": "2026-10-01", "end_date": "2026-10-31", "acus": 0, "members_acus": 0, "unattributed_acus": 0},
		},
		permissions: []string{viewMembership, viewConsumption},
	},
	{
		name: "no-open-criticals", given: given(object{"repo_name": "acme/none"}),
		checks:      recipeChecks{"repository": "fail"},
		truth:       func(*testing.T, *enterprise) object { return object{"open_findings": object{"critical": 0}} },
		empty:       object{"open_findings": object{"critical": 0}},
		permissions: []string{devintest.ViewAccountCodeScans},
		wrong:       object{"severities": []any{}},
	},
	{
		name: "organization-budgets", given: organizationBudgets, truth: trueBudgets,
		checks:      recipeChecks{"budgets": "fail"},
		emptyFails:  "Devin",
		permissions: []string{devintest.ManageBilling, devintest.ManageOrganizations},
		wrong:       object{"cycles_per_year": 0, "warn_percent": 0, "budgets": object{"org-1": object{"per_year": -1, "acu_price": 1}}},
	},
	{
		name: "per-user-caps", given: userCaps, truth: trueCaps,
		checks:      recipeChecks{"exceptions": "fail"},
		emptyFails:  "No member is in the group All Employees.",
		permissions: []string{devintest.ManageBilling, viewMembership},
	},
	{
		name: "team-rollup", given: inWindow(nil), truth: trueTeams,
		empty:       object{"teams": []any{}, "people_in_several_teams": 0, "members_acus": 0, "unattributed_acus": 0},
		permissions: []string{viewMembership, viewConsumption, viewMetrics},
	},
	{
		name: "where-it-goes", given: inWindow(nil), truth: trueWhere,
		checks: recipeChecks{"parts": "pass"},
		empty: object{
			"who":   object{"enterprise": 0, "members": 0, "service_users": 0, "rest": 0},
			"where": object{"(none)": object{"name": nil, "acus": 0}}, "service_users": object{},
		},
		permissions: []string{viewMembership, viewConsumption, devintest.ManageOrganizations},
	},
}

func TestAccRecipes(t *testing.T) {
	t.Parallel()
	for _, r := range recipes {
		t.Run(r.name, func(t *testing.T) {
			t.Run("true in each enterprise", func(t *testing.T) {
				inEach(t, func(t *testing.T, e *enterprise) {
					e.AddKey("cog_enough", r.key(""))
					w := r.in(t, e, "cog_enough")
					printed := w.applied(t)
					if !showsPeople.MatchString(read(t, "examples/recipes/"+r.name+"/main.tf")) {
						wantNoPersonIn(t, r.name, printed, e.Members())
					}
					var got object
					checks, shown := w.read(t, &got)
					wantNoIDIn(t, r.name, shown, e.Members())
					if !maps.Equal(checks, r.checks) {
						t.Errorf("checks %v, want %v", checks, r.checks)
					}
					wantOutputs(t, got, r.truth(t, e))
				})
			})
			t.Run("of nothing", func(t *testing.T) {
				t.Parallel()
				e := newEnterprise(t, devintest.Options{Members: 3})
				w := r.in(t, e, devintest.KeyNoResources)
				if r.emptyFails != "" {
					w.failsToPlan(t, r.emptyFails)
					return
				}
				w.applied(t)
				var got object
				w.read(t, &got)
				wantOutputs(t, got, r.empty)
			})
			t.Run("without a permission", func(t *testing.T) {
				t.Parallel()
				e := newEnterprise(t, devintest.Options{Members: 20})
				for _, missing := range r.permissions {
					e.AddKey("cog_too_little", r.key(missing))
					r.in(t, e, "cog_too_little").failsToApply(t, missing)
				}
			})
			t.Run("with wrong variables", func(t *testing.T) {
				t.Parallel()
				e := newEnterprise(t, devintest.Options{Members: 3})
				w := e.recipe(t, r.name, devintest.KeyOK, with(r.given(e), r.wrong))
				out, code := w.run(t, "plan", "-input=false", "-no-color")
				for name := range r.wrong {
					says := messagesOf(t, r.name, name)
					if code != 1 || !slices.ContainsFunc(says, func(text string) bool { return providertest.Wrapped(text).MatchString(out) }) {
						t.Errorf("exit code %d, and none of %q:\n%s", code, says, out)
					}
				}
			})
		})
	}
}

// messagesOf are what the validations of a recipe's variable say.
func messagesOf(t *testing.T, recipe, variable string) []string {
	t.Helper()
	var says []string
	for _, v := range variableBlock.FindAllStringSubmatch(read(t, filepath.Join("examples", "recipes", recipe, "variables.tf")), -1) {
		if v[1] == variable {
			for _, message := range regexp.MustCompile(`error_message = "(.*)"`).FindAllStringSubmatch(v[2], -1) {
				says = append(says, message[1])
			}
		}
	}
	return says
}

// in is a workspace with the recipe, in which it can be applied.
func (r recipe) in(t *testing.T, e *enterprise, key string) *workspace {
	t.Helper()
	w := e.recipe(t, r.name, key, r.given(e))
	if r.prepare != nil {
		r.prepare(t, e, w)
	}
	return w
}

// key is one with the permissions of a recipe, but for one of them.
func (r recipe) key(missing string) devintest.Principal {
	p := devintest.Principal{ID: "service-user-1", Name: "Recipe"}
	for _, permission := range recipeNamed(r.name).permissions {
		if permission == missing {
			continue
		}
		p.Permissions = append(p.Permissions, permission)
		if permission == devintest.ManageBilling {
			p.Permissions = append(p.Permissions, devintest.WriteBilling)
		}
	}
	return p
}

// recipeNamed is the first row of a recipe, which has its permissions.
func recipeNamed(name string) recipe {
	return recipes[slices.IndexFunc(recipes, func(r recipe) bool { return r.name == name })]
}

func TestRecipesSayWhichPermissionsTheyNeed(t *testing.T) {
	t.Parallel()
	for _, r := range recipes {
		readme := read(t, filepath.Join("examples", "recipes", r.name, "README.md"))
		for _, permission := range r.permissions {
			if !strings.Contains(readme, "`"+permission+"`") {
				t.Errorf("the README of %s does not say that its key needs %s", r.name, permission)
			}
		}
	}
}

func withZeros(counts map[string]int64) object {
	all := object{}
	for _, origin := range []string{"api", "automation", "desktop", "jira", "linear", "slack", "teams", "webapp"} {
		all[origin] = counts[origin]
	}
	return all
}

func trueAdoption(t *testing.T, e *enterprise) object {
	from, to := window(t, windowStart, windowEnd)
	started := map[string]bool{}
	for _, s := range e.SessionList(devintest.Filter{}, from, to) {
		if s.UserID != nil {
			started[*s.UserID] = true
		}
	}
	without := []any{}
	for _, m := range e.sorted() {
		if !started[m.UserID] {
			without = append(without, object{"user_id": m.UserID, "email": m.Email, "name": m.Name, "joined_at": joinedAt(m)})
		}
	}
	weeks := object{}
	// Weeks begin at midnight in UTC.
	for monday := from.Add(-8 * time.Hour); monday.Before(to.Add(-8 * time.Hour)); monday = monday.AddDate(0, 0, 7) {
		weeks[monday.Format(time.DateOnly)] = e.ActiveUsers(devintest.Activity{MinSessions: 1, MinSearches: 1}, monday, monday.AddDate(0, 0, 7))
	}
	return object{
		"active_users_by_week": weeks, "sessions_by_origin": withZeros(e.SessionCounts(devintest.Filter{}, from, to).ByOrigin),
		"members": object{"all": len(e.Members()), "without_session": len(without)}, "without_session": without,
	}
}

func trueBudget(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-11-05", "2026-11-20")
	used, finished := e.EnterpriseTotal(from, to), e.EnterpriseTotal(from, to.AddDate(0, 0, -1))
	budget := object{
		"cycle_start": "2026-11-05", "cycle_end": nil, "days_elapsed": 15, "days_remaining": nil, "pool_acus": 5000,
		"used_acus": used, "used_percent": cents(used / 50), "cost": cents(used * price), "acus_per_day": cents(finished / 15),
		"projected_acus": nil, "projected_percent": nil, "projected_cost": nil, "unattributed_acus": cents(used - e.membersTotal(from, to)),
	}
	// 15 of 30 days have ended, where it is known how many there are.
	if e.gone == "" {
		maps.Copy(budget, object{
			"cycle_end": "2026-12-04", "days_remaining": 15,
			"projected_acus": cents(2 * finished), "projected_percent": cents(finished / 25), "projected_cost": cents(2 * finished * price),
		})
	}
	members, acus := map[string]devintest.Member{}, map[string]float64{}
	for _, m := range e.known() {
		if total := e.UserTotal(m.UserID, from, to); total > 0 {
			members[m.UserID], acus[m.UserID] = m, total
		}
	}
	ids := slices.Collect(maps.Keys(members))
	byMost(ids, acus)
	users := []any{}
	for _, id := range ids[:10] {
		users = append(users, object{
			"user_id": id, "name": displayName(id, orNil(members[id].Name), orNil(members[id].Email)), "acus": acus[id], "cost": cents(acus[id] * price),
			"used_percent": cents(100 * acus[id] / used), "pool_percent": cents(acus[id] / 50),
		})
	}
	return object{"budget": budget, "users": users}
}

func byTag(s devintest.ListedSession) (tags []string) {
	for _, tag := range s.Tags {
		if strings.HasPrefix(tag, "team:") {
			tags = append(tags, tag)
		}
	}
	return tags
}

func byRepository(s devintest.ListedSession) (repositories []string) {
	for _, pr := range s.PullRequests {
		parts := strings.Split(pr.URL, "/")
		switch {
		case pr.URL == sharedPR:
			repositories = append(repositories, "acme/sub/web")
		case pr.URL != strangePR:
			repositories = append(repositories, parts[3]+"/"+parts[4])
		}
	}
	slices.Sort(repositories)
	return slices.Compact(repositories)
}

func trueCharges(accounts func(devintest.ListedSession) []string) func(*testing.T, *enterprise) object {
	return func(t *testing.T, e *enterprise) object {
		from, to := window(t, windowStart, windowEnd)
		acus := map[string]float64{"(no session)": e.EnterpriseTotal(from, to)}
		for _, s := range e.SessionList(devintest.Filter{}, from, to) {
			all := accounts(s)
			if len(all) == 0 {
				all = []string{"(rest)"}
			}
			consumed, err := s.ACUsConsumed.Float64()
			if err != nil {
				t.Fatal(err)
			}
			for _, account := range all {
				acus[account] += consumed / float64(len(all))
			}
			acus["(no session)"] -= consumed
		}
		charges := object{}
		for account, n := range acus {
			charges[account] = object{"acus": cents(n), "cost": cents(n * price)}
		}
		if len(charges) < 4 {
			t.Fatalf("the test tests nothing: %v", charges)
		}
		return object{"charges": charges, "total_acus": e.EnterpriseTotal(from, to)}
	}
}

func trueCosts(t *testing.T, e *enterprise) object {
	from, to := window(t, windowStart, windowEnd)
	cost := func(acus float64, merged int64) object {
		per := any(nil)
		if merged > 0 {
			per = cents(acus * price / float64(merged))
		}
		return object{"acus": acus, "merged_prs": merged, "per_merged_pr": per}
	}
	organizations := object{}
	for _, o := range e.Organizations() {
		if o.OrgID == e.lost {
			continue
		}
		merged := e.PRs(devintest.Filter{OrgIDs: []string{o.OrgID}}, from, to).Merged
		organizations[o.OrgID] = with(cost(e.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to), merged), object{"name": o.Name})
	}
	users, idle := object{}, 0
	for _, m := range e.known() {
		merged := e.PRs(devintest.Filter{UserIDs: []string{m.UserID}}, from, to).Merged
		users[m.UserID] = cost(e.UserTotal(m.UserID, from, to), merged)
		if merged == 0 {
			idle++
		}
	}
	if idle == 0 {
		t.Fatal("everybody merged something: the test tests nothing")
	}
	merged, acus := map[string]map[string]bool{}, map[string]int64{}
	for _, s := range e.SessionList(devintest.Filter{}, from, to) {
		for _, pr := range s.PullRequests {
			if s.Category == nil || pr.State == nil || !strings.EqualFold(*pr.State, "merged") {
				continue
			}
			if merged[*s.Category] == nil {
				merged[*s.Category] = map[string]bool{}
			}
			merged[*s.Category][pr.URL] = true
		}
	}
	for c, use := range e.SessionCounts(devintest.Filter{}, from, to).ByCategory {
		acus[c.Category] += use.ACUs
	}
	categories := object{}
	for category, hundredths := range acus {
		categories[category] = cost(float64(hundredths)/100, int64(len(merged[category])))
	}
	return object{
		"enterprise":      cost(e.EnterpriseTotal(from, to), e.PRs(devintest.Filter{}, from, to).Merged),
		"by_organization": organizations, "by_category": categories, "by_user": users,
	}
}

func trueCSV(start, end string) func(*testing.T, *enterprise) object {
	return func(t *testing.T, e *enterprise) object {
		from, to := window(t, start, end)
		var text strings.Builder
		w := csv.NewWriter(&text)
		w.UseCRLF = true
		products := []string{"cascade", "devin", "review", "terminal"}
		write := func(cells ...string) {
			if err := w.Write(cells); err != nil {
				t.Fatal(err)
			}
		}
		write("user_id", "email", "display_name", "date", "acus", "acus_by_product_cascade", "acus_by_product_devin", "acus_by_product_review", "acus_by_product_terminal")
		number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
		for _, m := range e.known() {
			days := map[string]devintest.Day{}
			for _, day := range e.UserDays(m.UserID, from, to) {
				days[day.Name] = day
			}
			email := ""
			if m.Email != nil {
				email = *m.Email
			}
			for _, date := range dates(t, start, end) {
				day, consumed := days[date]
				// The hostile enterprise lists the other days with 0 ACUs.
				if !consumed && e.gone == "" {
					continue
				}
				cells := []string{m.UserID, email, callName(m), date, number(day.ACUs)}
				for _, product := range products {
					cells = append(cells, number(day.ByProduct[product]))
				}
				write(cells...)
			}
		}
		w.Flush()
		return object{"csv": text.String()}
	}
}

func trueInactive(start, end string) func(*testing.T, *enterprise) object {
	return func(t *testing.T, e *enterprise) object {
		from, to := window(t, start, end)
		inactive, emails, later, unknown := []any{}, []string{}, 0, 0
		for _, m := range e.known() {
			switch {
			case e.UserTotal(m.UserID, from, to) > 0:
				continue
			case m.JoinedAt != nil && *m.JoinedAt > from.Unix():
				later++
				continue
			case m.JoinedAt == nil:
				unknown++
			}
			inactive = append(inactive, object{"user_id": m.UserID, "email": m.Email, "name": m.Name, "joined_at": joinedAt(m)})
			if m.Email != nil {
				emails = append(emails, *m.Email)
			}
		}
		if len(inactive) == unknown || unknown == 0 || later == 0 && e.gone != "" {
			t.Fatalf("%d inactive, %d of them for how long nobody knows, %d joined later: the test tests nothing", len(inactive), unknown, later)
		}
		slices.Sort(emails)
		return object{
			"inactive": inactive, "emails": emails,
			"summary": fmt.Sprintf("%d of %d members have not used Devin from %s to %s. Of %d of these Devin does not say when they joined. %d more have not used it, and joined after the window began.",
				len(inactive), len(e.Members()), start, end, unknown, later),
		}
	}
}

func trueKeys(_ *testing.T, e *enterprise) object {
	lines := map[string][]string{"expiring": {}, "unused": {}, "never_expiring": {}}
	active := 0
	for _, u := range slices.SortedFunc(slices.Values(e.AllServiceUsers()), func(a, b devintest.ServiceUser) int { return strings.Compare(a.ServiceUserID, b.ServiceUserID) }) {
		for _, key := range e.APIKeys(u.ServiceUserID) {
			if !key.IsActive {
				continue
			}
			active++
			line := fmt.Sprintf("key %s (%s) of %s", key.Name, key.ID, u.Name)
			used := key.CreatedAt
			if key.LastUsedAt != nil {
				used = *key.LastUsedAt
			}
			if used < providertest.Now.AddDate(0, 0, -90).Unix() {
				lines["unused"] = append(lines["unused"], line)
			}
			if key.ExpiresAt == nil {
				lines["never_expiring"] = append(lines["never_expiring"], line)
			} else if *key.ExpiresAt < providertest.Now.AddDate(0, 0, 30).Unix() {
				lines["expiring"] = append(lines["expiring"], line)
			}
		}
	}
	return object{"keys": lines, "summary": fmt.Sprintf("Active keys: %d. Expiring within 30 days: %d. Not used for 90 days: %d. Never expiring: %d.",
		active, len(lines["expiring"]), len(lines["unused"]), len(lines["never_expiring"]))}
}

// organizationBudgets has a budget that a price of decimals divides into 700 ACUs, the
// least one that there can be, and one that blocks.
func organizationBudgets(e *enterprise) object {
	orgs := e.Organizations()
	return object{"budgets": object{
		orgs[0].OrgID: object{"per_year": 18060, "acu_price": 2.15},
		orgs[1].OrgID: object{"per_year": 27, "acu_price": 2.25},
		orgs[2].OrgID: object{"per_year": 0, "acu_price": 2.25},
		orgs[3].OrgID: object{"per_year": 2700, "acu_price": 2.25},
	}}
}

func trueBudgets(t *testing.T, e *enterprise) object {
	from, to := window(t, "2026-11-05", "2026-11-20")
	headroom := object{}
	orgs := e.Organizations()
	for i, limit := range []float64{700, 1, 0, 100} {
		if got := e.Limits().Organizations[orgs[i].OrgID]; float64(got) != limit {
			t.Errorf("the limit is %d, want %v", got, limit)
		}
		if orgs[i].OrgID == e.lost {
			headroom[e.lost] = object{"name": orgs[i].Name, "limit": limit, "used_acus": nil, "percent": nil, "reached_on": nil}
			continue
		}
		used, reached := 0.0, any(nil)
		for _, day := range e.PartDays(devintest.Part{OrgID: orgs[i].OrgID}, from, to) {
			// The first day of the cycle is enough for the small ones.
			if used += day.ByProduct["devin"]; used >= limit && reached == nil {
				reached = day.Name
			}
		}
		finished := 0.0
		for _, day := range e.PartDays(devintest.Part{OrgID: orgs[i].OrgID}, from, to.AddDate(0, 0, -1)) {
			finished += day.ByProduct["devin"]
		}
		// Beyond the end of a cycle nothing is foretold; without an end it is.
		if e.gone != "" && reached == nil {
			reached = from.AddDate(0, 0, 14+int(math.Ceil((limit-finished)/(finished/15)))).Format(time.DateOnly)
		}
		percent := any(nil)
		if limit > 0 {
			percent = 100 * used / limit
		}
		headroom[orgs[i].OrgID] = object{"name": orgs[i].Name, "limit": limit, "used_acus": cents(used), "percent": percent, "reached_on": reached}
	}
	return object{"headroom": headroom}
}

const capsGroup = "All Employees"

// userCaps has an exception for an address that one member of the group has, and one
// for an address that no member has, or two.
func userCaps(e *enterprise) object {
	exceptions := object{doubleAddress: 70_000}
	for _, m := range e.Members() {
		if m.Email != nil && m.IDP && slices.Contains(groupsIn(m, ""), any(capsGroup)) && *m.Name != "Ada Lee" {
			exceptions[strings.ToUpper(*m.Email)] = 90_000
			break
		}
	}
	return object{"idp_group": capsGroup, "default_limit": 80_000, "exceptions": exceptions}
}

func trueCaps(t *testing.T, e *enterprise) object {
	members, limits := 0, e.Limits().Users
	for _, m := range e.Members() {
		if !slices.Contains(groupsIn(m, ""), any(capsGroup)) {
			continue
		}
		members++
		if limit := limits[m.UserID]; limit != 80_000 && limit != 90_000 {
			t.Errorf("%s has a limit of %d", m.UserID, limit)
		}
	}
	if len(limits) != members || members < 2 {
		t.Errorf("%d limits of %d members", len(limits), members)
	}
	return object{"members": object{"default": members - 1, "exceptions": 1}}
}

// teams are the members by group, "" for those in none.
func (e *enterprise) teams(t *testing.T, start, end string) (teams map[string]team, several int) {
	t.Helper()
	from, to := window(t, start, end)
	teams = map[string]team{}
	for _, m := range e.Members() {
		groups := groupsIn(m, "")
		if len(groups) > 1 {
			several++
		}
		if len(groups) == 0 {
			groups = []any{""}
		}
		var acus float64
		var prs devintest.PRCounts
		known := m.UserID != e.gone
		if known {
			acus, prs = e.UserTotal(m.UserID, from, to), e.PRs(devintest.Filter{UserIDs: []string{m.UserID}}, from, to)
		}
		for _, group := range groups {
			name := fmt.Sprint(group)
			sum := teams[name]
			sum.members++
			sum.known = sum.known || known
			if acus > 0 {
				sum.active++
			}
			sum.acus += acus
			sum.created += prs.Created
			sum.merged += prs.Merged
			teams[name] = sum
		}
	}
	return teams, several
}

type team struct {
	known           bool // whether Devin tells the numbers of one of them
	members, active int
	acus            float64
	created, merged int64
}

func trueTeams(t *testing.T, e *enterprise) object {
	from, to := window(t, windowStart, windowEnd)
	byName, several := e.teams(t, windowStart, windowEnd)
	names := slices.Sorted(maps.Keys(byName))
	if several == 0 || names[0] != "" || len(names) < 4 {
		t.Fatalf("%d people in several of %q: the test tests nothing", several, names)
	}
	teams := []any{}
	for _, name := range append(names[1:], "") {
		team := byName[name]
		rate := any(nil)
		if team.created > 0 {
			rate = float64(team.merged) / float64(team.created)
		}
		acus := any(nil)
		if team.known {
			acus = cents(team.acus)
		}
		teams = append(teams, object{
			"idp_group_name": textOrNil(name), "members": team.members, "active_members": team.active, "acus": acus,
			"prs_created": team.created, "prs_merged": team.merged, "merge_rate": rate,
		})
	}
	members := e.membersTotal(from, to)
	return object{
		"teams": teams, "people_in_several_teams": several,
		"members_acus": members, "unattributed_acus": cents(e.EnterpriseTotal(from, to) - members),
	}
}

func trueWhere(t *testing.T, e *enterprise) object {
	from, to := window(t, windowStart, windowEnd)
	where, none := object{}, e.EnterpriseTotal(from, to)
	for _, o := range e.Organizations() {
		if o.OrgID == e.lost {
			where[o.OrgID] = object{"name": o.Name, "acus": nil}
			continue
		}
		acus := e.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to)
		where[o.OrgID] = object{"name": o.Name, "acus": acus}
		none -= acus
	}
	where["(none)"] = object{"name": nil, "acus": cents(none)}
	users, sum := object{}, 0.0
	for _, u := range e.AllServiceUsers() {
		acus := e.PartTotal(devintest.Part{ServiceUserID: u.ServiceUserID}, from, to)
		users[u.ServiceUserID] = object{"name": u.Name, "acus": acus}
		sum += acus
	}
	whole, members := e.EnterpriseTotal(from, to), e.membersTotal(from, to)
	if none == 0 || whole-members-sum < 1 {
		t.Fatal("nothing is left: the test tests nothing")
	}
	return object{
		"who":   object{"enterprise": whole, "members": members, "service_users": cents(sum), "rest": cents(whole - members - sum)},
		"where": where, "service_users": users,
	}
}
