package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAccRecipeKeyCheckFailsThePlanOfABadKey(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	var out struct {
		Principal string `json:"principal"`
	}
	fake.applyRecipe(t, "ci-key-check", devintest.KeyOK, nil, &out)
	if out.Principal != "DX Import" {
		t.Errorf("%+v", out)
	}
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
		if f.Is == "critical" && f.Stands == "open" {
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

// recipeFolder is a recipe in a folder of its own, for the real command line.
func (f *fixture) recipeFolder(t *testing.T, name string, variables map[string]any) *workspace {
	t.Helper()
	t.Setenv("DEVIN_API_KEY", devintest.KeyOK)
	t.Setenv("DEVIN_TOKEN", "")
	t.Setenv("DEVIN_API_URL", f.URL)
	w := newWorkspace(t, f.Provider(), nil)
	files, err := filepath.Glob(filepath.Join(recipesFolder, name, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w.write(t, filepath.Base(file), string(text))
	}
	text, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, "terraform.tfvars.json", string(text))
	return w
}

// applied applies, and wants the second plan to be empty.
func (w *workspace) applied(t *testing.T) string {
	t.Helper()
	out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color")
	if code != 0 {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	if again, code := w.run(t, "plan", "-detailed-exitcode", "-input=false", "-no-color"); code != 0 {
		t.Errorf("the second plan: exit code %d:\n%s", code, again)
	}
	return out
}

func TestAccRecipeOrganizationBudgets(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	orgs := fake.Organizations()
	budget := func(perYear float64) map[string]any { return map[string]any{"per_year": perYear, "acu_price": 2.25} }
	w := fake.recipeFolder(t, "organization-budgets", map[string]any{
		"budgets": map[string]any{orgs[0].OrgID: budget(60_000), orgs[1].OrgID: budget(8000)},
	})
	out := w.applied(t)
	limits := fake.Limits().Organizations
	if len(limits) != 2 || limits[orgs[0].OrgID] != 2222 || limits[orgs[1].OrgID] != 296 {
		t.Errorf("limits %v", limits)
	}
	if !strings.Contains(out, orgs[1].Name+" has used ") || strings.Contains(out, orgs[0].Name+" has used ") {
		t.Errorf("the warning is:\n%s", out)
	}
	if out, code := w.run(t, "destroy", "-auto-approve", "-input=false", "-no-color"); code != 0 || len(fake.Limits().Organizations) > 0 {
		t.Errorf("%v are left, exit code %d:\n%s", fake.Limits().Organizations, code, out)
	}
}

func TestAccRecipePerUserCaps(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	group, email := "", ""
	members := map[string]bool{}
	for _, m := range fake.Members() {
		for _, g := range m.IDPAssignments {
			if g.IDPGroupName != "" && (group == "" || g.IDPGroupName == group) {
				group = g.IDPGroupName
				members[m.UserID] = true
				if m.Email != nil {
					email = *m.Email
				}
			}
		}
	}
	if group == "" || email == "" || len(members) == len(fake.Members()) {
		t.Fatalf("a group %q with %d members", group, len(members))
	}
	w := fake.recipeFolder(t, "per-user-caps", map[string]any{
		"idp_group": group, "default_limit": 80_000, "exceptions": map[string]any{strings.ToUpper(email): 90_000},
	})
	w.applied(t)
	limits, exceptions := fake.Limits().Users, 0
	for id, limit := range limits {
		if !members[id] || limit != 80_000 && limit != 90_000 {
			t.Errorf("%s has %d", id, limit)
		}
		if limit == 90_000 {
			exceptions++
		}
	}
	if len(limits) != len(members) || exceptions != 1 {
		t.Errorf("%d limits of %d members, %d exceptions", len(limits), len(members), exceptions)
	}
	w.write(t, "terraform.tfvars.json", `{"idp_group": "`+group+`", "default_limit": 70000, "exceptions": {"nobody@acme.example": 1}}`)
	if out := w.applied(t); !strings.Contains(out, "nobody@acme.example") {
		t.Errorf("nobody is not named:\n%s", out)
	}
}
