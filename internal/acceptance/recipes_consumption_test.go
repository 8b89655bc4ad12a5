package acceptance

import (
	"fmt"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// A window that reaches into the current day is exported with a warning.
func TestAccRecipeExportCSVWarnsOfTheRunningDay(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 3})
	checks := fake.applyRecipe(t, "export-csv", devintest.KeyOK, variables("start_date", "2026-11-19", "end_date", "2026-11-20"), &struct{}{})
	if checks["window_is_over"] != "fail" {
		t.Errorf("%v", checks)
	}
}

// An end without a start would leave the period as the window.
func TestAccRecipesRefuseAnEndWithoutAStart(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 3})
	for _, name := range []string{"export-csv", "inactive-members"} {
		fake.recipe(t, name, devintest.KeyOK, variables("end_date", "2026-11-19")).failsToPlan(t, "end_date")
	}
}

func budget(pool float64) map[string]any {
	return map[string]any{"pool_acus": pool, "acu_price": price}
}

func TestAccRecipeBudgetGuardWarnsAndThenFails(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := window(t, "2026-11-05", "2026-11-20") // including the current day
	used, finished := fake.EnterpriseTotal(from, to), fake.EnterpriseTotal(from, to.AddDate(0, 0, -1))
	if finished >= used {
		t.Fatalf("%v of %v ACUs were used by yesterday: the test tests nothing", finished, used)
	}
	checks := fake.applyRecipe(t, "budget-guard", devintest.KeyOK, budget(cents(used/0.9)), &struct{}{})
	if checks["pool"] != "fail" || checks["projection"] != "fail" {
		t.Errorf("checks %v", checks)
	}
	// A pool that was used up only in the current day fails, too.
	pool := cents((finished + used) / 2)
	fake.recipe(t, "budget-guard", devintest.KeyOK, budget(pool)).failsToPlan(t,
		fmt.Sprintf("The pool of %.2f ACUs is used up to %.1f %%: %.2f ACUs since 2026-11-05, with 15 of 30 days to go.", pool, 100*used/pool, used))
	// While nobody knows when the cycle ends, the message does not say how long it goes on.
	hostile := newHostile(t)
	used = hostile.EnterpriseTotal(from, to)
	hostile.recipe(t, "budget-guard", devintest.KeyOK, budget(cents(used*0.99))).failsToPlan(t,
		fmt.Sprintf("The pool of %.2f ACUs is used up to 101.0 %%: %.2f ACUs since 2026-11-05.", used*0.99, used))
}

func TestAccRecipeBudgetGuardOnTheFirstDayOfACycle(t *testing.T) {
	t.Parallel()
	fake := newRecipeFixture(t, time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC), devintest.Options{})
	from, to := window(t, "2026-11-05", "2026-11-05")
	var out struct {
		Budget struct {
			DaysElapsed   int      `json:"days_elapsed"`
			UsedACUs      float64  `json:"used_acus"`
			ACUsPerDay    *float64 `json:"acus_per_day"`
			ProjectedACUs *float64 `json:"projected_acus"`
			ProjectedCost *float64 `json:"projected_cost"`
		} `json:"budget"`
	}
	checks := fake.applyRecipe(t, "budget-guard", devintest.KeyOK, budget(5000), &out)
	b := out.Budget
	if b.DaysElapsed != 0 || b.UsedACUs != fake.EnterpriseTotal(from, to) || b.UsedACUs == 0 ||
		b.ACUsPerDay != nil || b.ProjectedACUs != nil || b.ProjectedCost != nil || checks["pool"] != "pass" || checks["projection"] != "pass" {
		t.Errorf("%+v, %v", b, checks)
	}
}
