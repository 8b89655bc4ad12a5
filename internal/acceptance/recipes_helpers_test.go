package acceptance

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

var recipesFolder = filepath.Join(root, "examples", "recipes")

// newRecipeFixture is newFixture at a time of the test's own.
func newRecipeFixture(t *testing.T, now time.Time, opts devintest.Options) *fixture {
	t.Helper()
	opts.Now = func() time.Time { return now }
	return newFixture(t, opts)
}

// recipeStep applies a recipe as it stands in its folder, and plans it once more:
// the second plan must be empty.
func (f *fixture) recipeStep(name string, variables config.Variables) resource.TestStep {
	return resource.TestStep{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"devin": func() (tfprotov6.ProviderServer, error) { return wire.NewServer(f.Provider()) },
		},
		ConfigDirectory: config.StaticDirectory(filepath.Join(recipesFolder, name)),
		ConfigVariables: variables,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		},
	}
}

// runRecipe runs steps in an environment such as a user's: recipes have no
// provider block and take key and address from there.
func (f *fixture) runRecipe(t *testing.T, key string, steps ...resource.TestStep) {
	t.Helper()
	providertest.ClearEnvironment(t)
	t.Setenv("DEVIN_API_KEY", key)
	t.Setenv("DEVIN_API_URL", f.URL)
	// Recipes name the provider's source, which the factory must answer to.
	t.Setenv("TF_ACC_PROVIDER_NAMESPACE", "devin-community")
	resource.Test(t, resource.TestCase{Steps: steps})
}

// applyRecipe applies a recipe and reads its outputs into a struct, by their names.
func (f *fixture) applyRecipe(t *testing.T, name, key string, variables config.Variables, outputs any) recipeChecks {
	t.Helper()
	step := f.recipeStep(name, variables)
	state := &recipeState{outputs: outputs}
	step.ConfigStateChecks = []statecheck.StateCheck{state}
	f.runRecipe(t, key, step)
	f.wantNobodyShown(t, name, state.shown)
	return state.checks
}

// wantNobodyShown checks that what Terraform prints after an apply names no person: it
// ends in the log of a pipeline.
func (f *fixture) wantNobodyShown(t *testing.T, recipe, shown string) {
	t.Helper()
	for _, m := range f.Members() {
		for _, text := range []*string{&m.UserID, m.Email, m.Name} {
			if text != nil && strings.Contains(shown, *text) {
				t.Errorf("%s shows %s; the output has to be sensitive:\n%.1000s", recipe, *text, shown)
				return
			}
		}
	}
}

// recipeChecks are the states of check blocks by their names: pass, fail, ...
type recipeChecks map[string]string

// recipeState takes out of a state what a test wants of it.
type recipeState struct {
	outputs any
	checks  recipeChecks
	shown   string // the outputs that are not sensitive
}

func (s *recipeState) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	s.checks = recipeChecks{}
	for _, check := range req.State.Checks {
		s.checks[check.Address.Name] = string(check.Status)
	}
	values := map[string]any{}
	for name, output := range req.State.Values.Outputs {
		values[name] = output.Value
		if !output.Sensitive {
			text, err := json.Marshal(output.Value)
			if err != nil {
				resp.Error = err
				return
			}
			s.shown += name + " = " + string(text) + "\n"
		}
	}
	text, err := json.Marshal(values)
	if err == nil {
		err = json.Unmarshal(text, s.outputs)
	}
	resp.Error = err
}

func variables(texts ...string) config.Variables {
	v := config.Variables{}
	for i := 0; i < len(texts); i += 2 {
		v[texts[i]] = config.StringVariable(texts[i+1])
	}
	return v
}

// memberDays is the truth about every member in a window: ACUs by date.
func (f *fixture) memberDays(t *testing.T, start, end string) map[string]map[string]float64 {
	t.Helper()
	w := providertest.Days(t, start, end)
	acus := map[string]map[string]float64{}
	for _, member := range f.Members() {
		acus[member.UserID] = map[string]float64{}
		for _, day := range f.UserDays(member.UserID, w.Start.Start(), (w.End + 1).Start()) {
			acus[member.UserID][day.Name] = day.ACUs
		}
	}
	return acus
}

// dates are the days of a window.
func dates(t *testing.T, start, end string) []string {
	t.Helper()
	w := providertest.Days(t, start, end)
	var names []string
	for day := w.Start; day <= w.End; day++ {
		names = append(names, day.String())
	}
	return names
}

func sumOf(acus map[string]float64) float64 {
	total := 0.0
	for _, a := range acus {
		total += a
	}
	return cents(total)
}

// cents rounds to two digits, as recipes do.
func cents(f float64) float64 { return math.Round(f*100) / 100 }

// near compares numbers that were rounded after different ways of counting.
func near(got, want float64) bool { return math.Abs(got-want) < 0.0101 }

// TestEveryRecipeIsWhole holds what the recipes have in common.
func TestEveryRecipeIsWhole(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(recipesFolder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
		for _, file := range []string{"main.tf", "variables.tf", "README.md"} {
			if _, err := os.Stat(filepath.Join(recipesFolder, entry.Name(), file)); err != nil {
				t.Error(err)
			}
		}
	}
	want := []string{
		"adoption", "budget-guard", "chargeback", "ci-key-check", "cost-per-merged-pr", "export-csv", "inactive-members",
		"key-hygiene", "no-open-criticals", "organization-budgets", "per-user-caps", "team-rollup", "usage-report", "where-it-goes",
	}
	if !slices.Equal(names, want) {
		t.Errorf("recipes %v, and tests for %v", names, want)
	}
}
