package acceptance

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// month is the window of these recipes: whole weeks.
func month(t *testing.T) (v config.Variables, from, to time.Time) {
	t.Helper()
	w := providertest.Days(t, "2026-09-28", "2026-10-25")
	return variables("start_date", "2026-09-28", "end_date", "2026-10-25"), w.Start.Start(), (w.End + 1).Start()
}

func TestAccRecipeAdoptionNamesWhoStartedNoSession(t *testing.T) {
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
	for _, s := range fake.SessionList(devintest.PRFilter{}, from, to) {
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
	if n := fake.SessionCounts(devintest.PRFilter{}, from, to).ByOrigin["slack"]; out.Origins["slack"] != n {
		t.Errorf("%v, want %d from slack", out.Origins, n)
	}
}

type costOf struct {
	ACUs   float64  `json:"acus"`
	Merged int64    `json:"merged_prs"`
	Per    *float64 `json:"per_merged_pr"`
}

func TestAccRecipeCostPerMergedPRDividesByNoZero(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 12, PageSize: 200})
	v, from, to := month(t)
	v["acu_price"] = config.FloatVariable(2.25)
	var out struct {
		Enterprise costOf            `json:"enterprise"`
		ByOrg      map[string]costOf `json:"by_organization"`
		ByCategory map[string]costOf `json:"by_category"`
		ByUser     map[string]costOf `json:"by_user"`
	}
	fake.applyRecipe(t, "cost-per-merged-pr", devintest.KeyOK, v, &out)
	check := func(name string, got costOf, acus float64, merged int64) {
		t.Helper()
		right := got.Per == nil
		if merged > 0 {
			right = got.Per != nil && near(*got.Per, acus*2.25/float64(merged))
		}
		if !near(got.ACUs, acus) || got.Merged != merged || !right {
			t.Errorf("%s: %+v, want %v ACUs and %d merged", name, got, acus, merged)
		}
	}
	check("the enterprise", out.Enterprise, fake.EnterpriseTotal(from, to), fake.PRs(devintest.PRFilter{}, from, to).Merged)
	for _, o := range fake.Organizations() {
		check(o.Name, out.ByOrg[o.Name], fake.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to), fake.PRs(devintest.PRFilter{OrgIDs: []string{o.OrgID}}, from, to).Merged)
	}
	idle := 0
	for _, m := range fake.Members() {
		merged := fake.PRs(devintest.PRFilter{UserIDs: []string{m.UserID}}, from, to).Merged
		check(m.UserID, out.ByUser[m.UserID], fake.UserTotal(m.UserID, from, to), merged)
		if merged == 0 {
			idle++
		}
	}
	merged := map[string]int64{}
	for _, s := range fake.SessionList(devintest.PRFilter{}, from, to) {
		for _, pr := range s.PullRequests {
			if *pr.State == "merged" {
				merged[*s.Category]++
			}
		}
	}
	acus := map[string]int64{}
	for c, use := range fake.SessionCounts(devintest.PRFilter{}, from, to).ByCategory {
		acus[c.Category] += use.ACUs
	}
	for category, n := range acus {
		check(category, out.ByCategory[category], float64(n)/100, merged[category])
	}
	if idle == 0 || len(out.ByUser) != len(fake.Members()) || len(merged) == 0 {
		t.Errorf("%d users without a merged pull request, of %d", idle, len(out.ByUser))
	}
}

func TestAccRecipeChargebackAddsUp(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 12, PageSize: 200})
	_, from, to := month(t)
	for by, account := range map[string]func(devintest.ListedSession) []string{
		"tag": func(s devintest.ListedSession) (tags []string) {
			for _, tag := range s.Tags {
				if strings.HasPrefix(tag, "team:") {
					tags = append(tags, tag)
				}
			}
			return tags
		},
		"repository": func(s devintest.ListedSession) []string {
			if len(s.PullRequests) == 0 {
				return nil
			}
			parts := strings.Split(s.PullRequests[0].URL, "/")
			return []string{parts[3] + "/" + parts[4]}
		},
	} {
		want, sessions := map[string]float64{}, 0.0
		for _, s := range fake.SessionList(devintest.PRFilter{}, from, to) {
			acus, err := s.ACUsConsumed.Float64()
			if err != nil {
				t.Fatal(err)
			}
			accounts := account(s)
			if len(accounts) == 0 {
				accounts = []string{"(rest)"}
			}
			sessions += acus
			for _, a := range accounts {
				want[a] += acus / float64(len(accounts))
			}
		}
		want["(no session)"] = fake.EnterpriseTotal(from, to) - sessions
		v, _, _ := month(t)
		v["acu_price"], v["charge_by"] = config.FloatVariable(2.0), config.StringVariable(by)
		var out struct {
			Charges map[string]struct{ ACUs, Cost float64 } `json:"charges"`
			Total   float64                                 `json:"total_acus"`
		}
		if checks := fake.applyRecipe(t, "chargeback", devintest.KeyOK, v, &out); checks["sessions"] != "pass" {
			t.Errorf("%v", checks)
		}
		sum := 0.0
		for name, acus := range want {
			if got := out.Charges[name]; !near(got.ACUs, acus) || math.Abs(got.Cost-2*acus) > 0.02 {
				t.Errorf("%s %s: %+v, want %v", by, name, got, acus)
			}
			sum += out.Charges[name].ACUs
		}
		if len(out.Charges) != len(want) || len(want) < 4 || math.Abs(sum-out.Total) > 0.05 || !near(out.Total, fake.EnterpriseTotal(from, to)) {
			t.Errorf("%s: %v, want %v, in all %v of %v", by, out.Charges, want, sum, out.Total)
		}
	}
}

func TestAccRecipeKeyHygieneWarnsOfEachKindOfKey(t *testing.T) {
	fake := newFixture(t, devintest.Options{ServiceUsers: 6})
	var out struct {
		Keys    map[string][]string `json:"keys"`
		Summary string              `json:"summary"`
	}
	checks := fake.applyRecipe(t, "key-hygiene", devintest.KeyOK, variables("now", providertest.Now.Format(time.RFC3339)), &out)
	if checks["keys_that_expire"] != "fail" || checks["unused_keys"] != "fail" || checks["keys_that_never_expire"] != "fail" {
		t.Errorf("%v", checks)
	}
	if out.Summary != "Of 6 active keys, 2 expire within 30 days, 2 were not used for 90 days, and 2 never expire." ||
		len(out.Keys["expiring"]) != 2 || len(out.Keys["never_expiring"]) != 2 || out.Keys["never_expiring"][0] == out.Keys["expiring"][0] {
		t.Errorf("%+v", out)
	}
	lenient := config.Variables{"expires_within_days": config.IntegerVariable(5), "unused_days": config.IntegerVariable(3000), "now": config.StringVariable(providertest.Now.Format(time.RFC3339))}
	if checks := fake.applyRecipe(t, "key-hygiene", devintest.KeyOK, lenient, &out); checks["keys_that_expire"] != "pass" || checks["unused_keys"] != "pass" {
		t.Errorf("%v", checks)
	}
}

func TestAccRecipeNoOpenCriticalsFailsThePlan(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	open := map[string]int{}
	for _, f := range fake.Findings() {
		if f.Severity == "critical" && f.Status == "open" {
			open[f.RepoName]++
			open[""]++
		}
	}
	step := fake.recipeStep("no-open-criticals", nil)
	step.ExpectError = providertest.Wrapped("open findings:")
	fake.runRecipe(t, devintest.KeyOK, step)
	var out struct {
		Open map[string]int `json:"open_findings"`
	}
	clean := ""
	for _, repo := range []string{"acme/payments", "acme/web", "acme/data-platform", "acme/none"} {
		if open[repo] == 0 {
			clean = repo
		}
	}
	fake.applyRecipe(t, "no-open-criticals", devintest.KeyOK, variables("repo_name", clean), &out)
	if n, ok := out.Open["critical"]; !ok || n != 0 || len(out.Open) != 1 || open[""] == 0 {
		t.Errorf("%v, and %v are open", out, open)
	}
}
