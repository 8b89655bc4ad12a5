package acceptance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAccRecipeKeyCheckFailsThePlanOfABadKey(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	fake.recipe(t, "ci-key-check", devintest.KeyOK, nil).applied(t)
	for key, code := range map[string]string{devintest.KeyInvalidCredentials: "invalid_credentials: ", devintest.KeyForbidden: "forbidden: "} {
		fake.recipe(t, "ci-key-check", key, nil).failsToPlan(t, "Error: "+code)
	}
}

// As in a pipeline whose secret is not set.
func TestAccRecipeKeyCheckFailsThePlanWithoutAKey(t *testing.T) {
	providertest.ClearEnvironment(t)
	w := newFixture(t, devintest.Options{}).recipe(t, "ci-key-check", "", nil)
	w.write(t, "provider.tf", "")
	w.failsToPlan(t, "Devin API key")
}

// Terraform reads the YAML, so that no module is needed for it.
func TestAccRecipeKeyCheckWorkflows(t *testing.T) {
	t.Parallel()
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
	w := newFixture(t, devintest.Options{}).recipe(t, "ci-key-check", devintest.KeyOK, nil)
	w.write(t, "workflows.tf", `
output "github" { value = yamldecode(file("github-actions.yml")) }
output "gitlab" { value = yamldecode(file("gitlab-ci.yml")) }
`)
	w.applied(t)
	w.read(t, &out)

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
	t.Parallel()
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
	lenient := map[string]any{"expires_within_days": 5, "unused_days": 3000, "now": providertest.Now.Format(time.RFC3339)}
	if checks := fake.applyRecipe(t, "key-hygiene", devintest.KeyOK, lenient, &out); checks["keys_that_expire"] != "pass" || checks["unused_keys"] != "pass" {
		t.Errorf("%v", checks)
	}
}

func TestAccRecipeNoOpenCriticalsFailsThePlan(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	open := map[string]int{}
	for _, f := range fake.Findings() {
		if f.Severity == "critical" && f.Status == "open" {
			open[f.RepoName]++
			open[""]++
		}
	}
	fake.recipe(t, "no-open-criticals", devintest.KeyOK, nil).failsToPlan(t, "open findings:")
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

func TestAccRecipeOrganizationBudgets(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	orgs := fake.Organizations()
	budget := func(perYear float64) map[string]any { return map[string]any{"per_year": perYear, "acu_price": 2.25} }
	w := fake.recipe(t, "organization-budgets", devintest.KeyOK, map[string]any{
		"budgets": map[string]any{orgs[0].OrgID: budget(60_000), orgs[1].OrgID: budget(8000)},
	})
	small := fake.recipe(t, "organization-budgets", devintest.KeyOK, map[string]any{
		"budgets": map[string]any{orgs[0].OrgID: budget(20)},
	})
	small.failsToPlan(t, "a limit of 0 would block it")
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
	t.Parallel()
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
	w := fake.recipe(t, "per-user-caps", devintest.KeyOK, map[string]any{
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
	const unknown = "unknown@acme.example"
	w.writeVariables(t, map[string]any{"idp_group": group, "default_limit": 70_000, "exceptions": map[string]any{unknown: 1}})
	if out := w.applied(t); !strings.Contains(out, unknown) {
		t.Errorf("%s is not named:\n%s", unknown, out)
	}
}
