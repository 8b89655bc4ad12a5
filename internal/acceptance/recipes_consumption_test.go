package acceptance

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAccRecipeExportCSVHasEveryDayOfEveryMember(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out struct {
		CSV string `json:"csv"`
	}
	// Without dates it is the cycle before the one of 20 November.
	checks := fake.applyRecipe(t, "export-csv", devintest.KeyOK, nil, &out)
	if checks["window_is_over"] != "pass" {
		t.Errorf("%v", checks)
	}
	rows, err := csv.NewReader(strings.NewReader(out.CSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{
		"user_id", "email", "display_name", "date", "acus",
		"acus_by_product_cascade", "acus_by_product_devin", "acus_by_product_review", "acus_by_product_terminal",
	}; !slices.Equal(rows[0], want) {
		t.Errorf("header %q", rows[0])
	}
	want := map[string]string{}
	for id, days := range fake.memberDays(t, "2026-10-05", "2026-11-04") {
		for date, acus := range days {
			want[id+" "+date] = strconv.FormatFloat(acus, 'f', -1, 64)
		}
	}
	if len(rows)-1 != len(want) || len(want) < 500 {
		t.Errorf("%d rows, want %d", len(rows)-1, len(want))
	}
	for _, row := range rows[1:] {
		if row[4] != want[row[0]+" "+row[3]] {
			t.Errorf("%q, want %s", row, want[row[0]+" "+row[3]])
		}
	}
}

func TestAccRecipeExportCSVOfNobodyIsTheHeader(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out struct {
		CSV string `json:"csv"`
	}
	// A window that reaches into the running day is exported with a warning.
	checks := fake.applyRecipe(t, "export-csv", devintest.KeyNoResources, variables("start_date", "2026-11-19", "end_date", "2026-11-20"), &out)
	if out.CSV != "user_id,email,display_name,date,acus\r\n" || checks["window_is_over"] != "fail" {
		t.Errorf("%q, %v", out.CSV, checks)
	}
}

// named are the ACUs of an organization or a service user.
type named struct {
	Name *string
	ACUs float64
}

// The recipe adds up to the last ACU, by person and by organization.
func TestAccRecipeWhereItGoesAddsUp(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var out struct {
		Who          map[string]float64 `json:"who"`
		Where        map[string]named   `json:"where"`
		ServiceUsers map[string]named   `json:"service_users"`
	}
	checks := fake.applyRecipe(t, "where-it-goes", devintest.KeyOK, variables("start_date", "2026-10-01", "end_date", "2026-10-31"), &out)
	if checks["who"] != "pass" || checks["where"] != "pass" {
		t.Errorf("checks %v", checks)
	}
	w := providertest.Days(t, "2026-10-01", "2026-10-31")
	from, to := w.Start.Start(), (w.End + 1).Start()
	all, left := 0.0, 0.0
	for _, u := range fake.AllServiceUsers() {
		total := fake.PartTotal(devintest.Part{ServiceUserID: u.ServiceUserID}, from, to)
		if all += total; !near(out.ServiceUsers[u.ServiceUserID].ACUs, total) {
			t.Errorf("%s has %v, want %v", u.Name, out.ServiceUsers[u.ServiceUserID], total)
		}
	}
	for _, id := range fake.FormerMembers() {
		left += fake.UserTotal(id, from, to)
	}
	if len(out.ServiceUsers) != len(fake.AllServiceUsers()) || out.Who["enterprise"] != fake.EnterpriseTotal(from, to) ||
		out.Who["members"] != fake.MembersTotal(from, to) || !near(out.Who["service_users"], all) || !near(out.Who["rest"], left) || left == 0 {
		t.Errorf("%v, with %v of service users and %v of people who left", out, all, left)
	}
	none := fake.EnterpriseTotal(from, to)
	for _, o := range fake.Organizations() {
		total := fake.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to)
		if none -= total; !near(out.Where[o.OrgID].ACUs, total) || *out.Where[o.OrgID].Name != o.Name {
			t.Errorf("%s has %v, want %v", o.Name, out.Where[o.OrgID], total)
		}
	}
	if !near(out.Where["(none)"].ACUs, none) || len(out.Where) != len(fake.Organizations())+1 {
		t.Errorf("%v, and %v of no organization", out.Where, none)
	}
}

type budgetOutputs struct {
	Budget struct {
		CycleStart       string   `json:"cycle_start"`
		DaysElapsed      int      `json:"days_elapsed"`
		UsedACUs         float64  `json:"used_acus"`
		UsedPercent      float64  `json:"used_percent"`
		Cost             float64  `json:"cost"`
		ACUsPerDay       *float64 `json:"acus_per_day"`
		ProjectedACUs    *float64 `json:"projected_acus"`
		ProjectedPercent *float64 `json:"projected_percent"`
		ProjectedCost    *float64 `json:"projected_cost"`
		Unattributed     float64  `json:"unattributed_acus"`
	} `json:"budget"`
	Users []struct {
		UserID      string  `json:"user_id"`
		ACUs        float64 `json:"acus"`
		UsedPercent float64 `json:"used_percent"`
	} `json:"users"`
}

func budget(pool float64) map[string]any {
	return map[string]any{"pool_acus": pool, "acu_price": 2.25}
}

func TestAccRecipeBudgetGuardWarnsAndThenFails(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := providertest.Days(t, "2026-11-05", "2026-11-20") // with the running day
	used, finished := fake.EnterpriseTotal(w.Start.Start(), (w.End+1).Start()), fake.EnterpriseTotal(w.Start.Start(), w.End.Start())
	if finished >= used {
		t.Fatalf("%v of %v ACUs were used by yesterday: the test tests nothing", finished, used)
	}

	var out budgetOutputs
	given := budget(cents(used / 0.9))
	given["top_users"] = 1000
	checks := fake.applyRecipe(t, "budget-guard", devintest.KeyOK, given, &out)
	// 15 of the 30 days of the cycle have ended, so it goes on to use as much again.
	b := out.Budget
	if b.CycleStart != "2026-11-05" || b.DaysElapsed != 15 || !near(b.UsedACUs, used) || !near(b.UsedPercent, 90) || !near(b.Cost, 2.25*used) ||
		!near(*b.ACUsPerDay, finished/15) || !near(*b.ProjectedACUs, 2*finished) || !near(*b.ProjectedPercent, 180*finished/used) || !near(*b.ProjectedCost, 4.5*finished) ||
		!near(b.Unattributed, fake.Unattributed(w.Start.Start(), (w.End+1).Start())) {
		t.Errorf("%+v of %v, %v by yesterday", b, used, finished)
	}
	if checks["pool"] != "fail" || checks["projection"] != "fail" {
		t.Errorf("checks %v", checks)
	}
	total := b.Unattributed
	for i, user := range out.Users {
		total += user.ACUs
		if i > 0 && user.ACUs > out.Users[i-1].ACUs {
			t.Errorf("%s stands below %s", user.UserID, out.Users[i-1].UserID)
		}
		if user.ACUs != fake.UserTotal(user.UserID, w.Start.Start(), (w.End+1).Start()) || !near(user.UsedPercent, 100*user.ACUs/used) {
			t.Errorf("%+v", user)
		}
	}
	if !near(total, used) {
		t.Errorf("users and what is unattributed have %v ACUs of %v", total, used)
	}

	all := out.Users
	fake.applyRecipe(t, "budget-guard", devintest.KeyOK, budget(cents(used/0.9)), &out)
	if len(out.Users) != 10 || !slices.Equal(out.Users, all[:10]) {
		t.Errorf("%d users are shown: %+v", len(out.Users), out.Users)
	}

	// A pool that was used up only in the running day fails, too.
	pool := cents((finished + used) / 2)
	fake.recipe(t, "budget-guard", devintest.KeyOK, budget(pool)).failsToPlan(t,
		fmt.Sprintf("The pool of %.2f ACUs is used up to %.1f %%: %.2f ACUs since 2026-11-05, and 15 days to go.", pool, 100*used/pool, used))
	fake.recipe(t, "budget-guard", devintest.KeyOK, budget(cents(used*0.99))).failsToPlan(t,
		fmt.Sprintf("The pool of %.2f ACUs is used up to 101.0 %%: %.2f ACUs since 2026-11-05, and 15 days to go.", used*0.99, used))
}

func TestAccRecipeBudgetGuardOnTheFirstDayOfACycle(t *testing.T) {
	t.Parallel()
	fake := newRecipeFixture(t, time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC), devintest.Options{})
	w := providertest.Days(t, "2026-11-05", "2026-11-05")
	var out budgetOutputs
	checks := fake.applyRecipe(t, "budget-guard", devintest.KeyOK, budget(5000), &out)
	b := out.Budget
	if b.DaysElapsed != 0 || b.UsedACUs != fake.EnterpriseTotal(w.Start.Start(), (w.End+1).Start()) || b.UsedACUs == 0 ||
		b.ACUsPerDay != nil || b.ProjectedACUs != nil || b.ProjectedCost != nil || checks["pool"] != "pass" || checks["projection"] != "pass" {
		t.Errorf("%+v, %v", b, checks)
	}
}

// month is the window of these recipes: whole weeks.
func month(t *testing.T) (v map[string]any, from, to time.Time) {
	t.Helper()
	w := providertest.Days(t, "2026-09-28", "2026-10-25")
	return variables("start_date", "2026-09-28", "end_date", "2026-10-25"), w.Start.Start(), (w.End + 1).Start()
}

type costOf struct {
	ACUs   float64  `json:"acus"`
	Merged int64    `json:"merged_prs"`
	Per    *float64 `json:"per_merged_pr"`
}

func TestAccRecipeCostPerMergedPRDividesByNoZero(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 12, PageSize: 200})
	v, from, to := month(t)
	v["acu_price"] = 2.25
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
	check("the enterprise", out.Enterprise, fake.EnterpriseTotal(from, to), fake.PRs(devintest.Filter{}, from, to).Merged)
	for _, o := range fake.Organizations() {
		check(o.Name, out.ByOrg[o.OrgID], fake.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to), fake.PRs(devintest.Filter{OrgIDs: []string{o.OrgID}}, from, to).Merged)
	}
	idle := 0
	for _, m := range fake.Members() {
		merged := fake.PRs(devintest.Filter{UserIDs: []string{m.UserID}}, from, to).Merged
		check(m.UserID, out.ByUser[m.UserID], fake.UserTotal(m.UserID, from, to), merged)
		if merged == 0 {
			idle++
		}
	}
	merged := map[string]int64{}
	for _, s := range fake.SessionList(devintest.Filter{}, from, to) {
		for _, pr := range s.PullRequests {
			if *pr.State == "merged" {
				merged[*s.Category]++
			}
		}
	}
	acus := map[string]int64{}
	for c, use := range fake.SessionCounts(devintest.Filter{}, from, to).ByCategory {
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
	t.Parallel()
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
		for _, s := range fake.SessionList(devintest.Filter{}, from, to) {
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
		v["acu_price"], v["charge_by"] = 2.0, by
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
