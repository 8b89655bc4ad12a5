package acceptance

import (
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAccRecipeExportCSVHasEveryDayOfEveryMember(t *testing.T) {
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

// Where it goes adds up to the last ACU, by who and by where.
func TestAccRecipeWhereItGoesAddsUp(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	var out struct {
		Who          map[string]float64 `json:"who"`
		Where        map[string]float64 `json:"where"`
		ServiceUsers map[string]float64 `json:"service_users"`
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
		if all += total; !near(out.ServiceUsers[u.Name], total) {
			t.Errorf("%s has %v, want %v", u.Name, out.ServiceUsers[u.Name], total)
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
		if none -= total; !near(out.Where[o.Name], total) {
			t.Errorf("%s has %v, want %v", o.Name, out.Where[o.Name], total)
		}
	}
	if !near(out.Where["(none)"], none) || len(out.Where) != len(fake.Organizations())+1 {
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

func budget(pool float64) config.Variables {
	return config.Variables{"pool_acus": config.FloatVariable(pool), "acu_price": config.FloatVariable(2.25)}
}

func TestAccRecipeBudgetGuardWarnsAndThenFails(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	w := providertest.Days(t, "2026-11-05", "2026-11-19")
	used := fake.EnterpriseTotal(w.Start.Start(), (w.End + 1).Start())

	var out budgetOutputs
	given := budget(cents(used / 0.9))
	given["top_users"] = config.IntegerVariable(1000)
	checks := fake.applyRecipe(t, "budget-guard", devintest.KeyOK, given, &out)
	// 15 of the 30 days of the cycle have ended, so it goes on to use as much again.
	b := out.Budget
	if b.CycleStart != "2026-11-05" || b.DaysElapsed != 15 || b.UsedACUs != used || !near(b.UsedPercent, 90) || !near(b.Cost, 2.25*used) ||
		!near(*b.ACUsPerDay, used/15) || !near(*b.ProjectedACUs, 2*used) || !near(*b.ProjectedPercent, 180) || !near(*b.ProjectedCost, 4.5*used) ||
		b.Unattributed != fake.Unattributed(w.Start.Start(), (w.End+1).Start()) {
		t.Errorf("%+v of %v", b, used)
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
		t.Errorf("users and nobody have %v ACUs of %v", total, used)
	}

	all := out.Users
	fake.applyRecipe(t, "budget-guard", devintest.KeyOK, budget(cents(used/0.9)), &out)
	if len(out.Users) != 10 || !slices.Equal(out.Users, all[:10]) {
		t.Errorf("%d users are shown: %+v", len(out.Users), out.Users)
	}

	step := fake.recipeStep("budget-guard", budget(cents(used*0.99)))
	step.ExpectError = providertest.Wrapped(fmt.Sprintf("The pool of %.2f ACUs is used up to 101.0 %%: %.2f ACUs since 2026-11-05, and 15 days to go.", used*0.99, used))
	fake.runRecipe(t, devintest.KeyOK, step)
}

func TestAccRecipeBudgetGuardOnTheFirstDayOfACycle(t *testing.T) {
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

func TestAccRecipeKeyCheckFailsThePlanOfABadKey(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	fake.runRecipe(t, devintest.KeyOK, fake.recipeStep("ci-key-check", nil))
	for key, code := range map[string]string{"": "Devin API key", devintest.KeyInvalidCredentials: "invalid_credentials: ", devintest.KeyForbidden: "forbidden: "} {
		step := fake.recipeStep("ci-key-check", nil)
		step.PlanOnly, step.ConfigPlanChecks = true, resource.ConfigPlanChecks{}
		step.ExpectError = providertest.Wrapped("Error: " + code)
		if key == "" {
			step.ExpectError = providertest.Wrapped(code)
		}
		fake.runRecipe(t, key, step)
	}
}

// TestAccRecipeKeyCheckWorkflows reads the workflows as YAML with what reads YAML here.
func TestAccRecipeKeyCheckWorkflows(t *testing.T) {
	var out struct {
		GitHub struct {
			Jobs map[string]struct {
				Steps []struct {
					Run string            `json:"run"`
					Env map[string]string `json:"env"`
				} `json:"steps"`
			} `json:"jobs"`
		} `json:"github"`
		GitLab map[string]struct {
			Script []string `json:"script"`
		} `json:"gitlab"`
	}
	folder, err := filepath.Abs(filepath.Join(recipesFolder, "ci-key-check"))
	if err != nil {
		t.Fatal(err)
	}
	fake := newFixture(t, devintest.Options{})
	step := fake.Step(devintest.KeyOK, fmt.Sprintf(`
output "github" { value = yamldecode(file(%q)) }
output "gitlab" { value = yamldecode(file(%q)) }
`, filepath.Join(folder, "github-actions.yml"), filepath.Join(folder, "gitlab-ci.yml")))
	state := &recipeState{outputs: &out}
	step.ConfigStateChecks = append(step.ConfigStateChecks, state)
	providertest.Run(t, step)

	const plan = "terraform plan -input=false -lock=false"
	steps := out.GitHub.Jobs["check"].Steps
	if len(steps) == 0 || steps[len(steps)-1].Run != plan || steps[len(steps)-1].Env["DEVIN_API_KEY"] != "${{ secrets.DEVIN_API_KEY }}" {
		t.Errorf("GitHub: %+v", out.GitHub)
	}
	if !slices.Contains(out.GitLab["devin-key"].Script, plan) {
		t.Errorf("GitLab: %+v", out.GitLab)
	}
}
