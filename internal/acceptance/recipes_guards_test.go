package acceptance

import (
	"fmt"
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

func TestAccRecipeKeyHygieneWarnsByDays(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{ServiceUsers: 6})
	now := providertest.Now.Format(time.RFC3339)
	for status, variables := range map[string]map[string]any{
		"fail": {"now": now},
		"pass": {"now": now, "expires_within_days": 5, "unused_days": 3000},
	} {
		checks := fake.applyRecipe(t, "key-hygiene", devintest.KeyOK, variables, &struct{}{})
		if checks["keys_that_expire"] != status || checks["unused_keys"] != status || checks["keys_that_never_expire"] != "fail" {
			t.Errorf("%v: %v", variables, checks)
		}
	}
}

func TestAccRecipeNoOpenCriticalsFailsThePlan(t *testing.T) {
	inEach(t, func(t *testing.T, e *enterprise) {
		open := 0
		for _, f := range e.Findings() {
			if f.Severity == "critical" && f.Status == "open" {
				open++
			}
		}
		e.recipe(t, "no-open-criticals", devintest.KeyOK, nil).failsToPlan(t, fmt.Sprintf("have %d open findings:", open))
	})
}

// A repository that Devin has never found anything in may be misspelt.
func TestAccRecipeNoOpenCriticalsWarnsOfAnUnknownRepository(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	clean := map[string]bool{}
	for _, f := range fake.Findings() {
		if _, known := clean[f.RepoName]; !known {
			clean[f.RepoName] = true
		}
		if f.Severity == "critical" && f.Status == "open" {
			clean[f.RepoName] = false
		}
	}
	statuses := map[string]string{"acme/none": "fail"}
	for repo, is := range clean {
		if is {
			statuses[repo] = "pass"
		}
	}
	if len(statuses) < 2 {
		t.Fatalf("no repository is clean: %v", clean)
	}
	for repo, status := range statuses {
		checks := fake.applyRecipe(t, "no-open-criticals", devintest.KeyOK, variables("repo_name", repo), &struct{}{})
		if checks["repository"] != status {
			t.Errorf("%s: %v", repo, checks)
		}
	}
}

func TestAccRecipeOrganizationBudgetsWarnsAndKeepsLimits(t *testing.T) {
	inEach(t, func(t *testing.T, e *enterprise) {
		orgs := e.Organizations()
		budget := func(perYear float64) map[string]any { return map[string]any{"per_year": perYear, "acu_price": 2.25} }
		e.recipe(t, "organization-budgets", devintest.KeyOK, map[string]any{
			"budgets": map[string]any{orgs[0].OrgID: budget(20)},
		}).failsToPlan(t, "a limit of 0 would block it")

		w := e.recipe(t, "organization-budgets", devintest.KeyOK, map[string]any{
			"budgets": map[string]any{orgs[0].OrgID: budget(600_000), orgs[1].OrgID: budget(2700)},
		})
		out := w.applied(t)
		if limits := e.Limits().Organizations; len(limits) != 2 || limits[orgs[0].OrgID] != 22222 || limits[orgs[1].OrgID] != 100 {
			t.Errorf("limits %v", limits)
		}
		says := func(o devintest.Organization) bool {
			return providertest.Wrapped(fmt.Sprintf("%s (%s) has used ", o.Name, o.OrgID)).MatchString(out)
		}
		if !says(orgs[1]) || says(orgs[0]) {
			t.Errorf("the warning is:\n%s", out)
		}
		// Another name of an organization is no other limit.
		e.ClearFaults()
		if out := w.applied(t); !strings.Contains(out, "0 added, 0 changed, 0 destroyed") {
			t.Errorf("%s", out)
		}
		w.succeed(t, "destroy", "-auto-approve", "-input=false", "-no-color")
		if limits := e.Limits().Organizations; len(limits) > 0 {
			t.Errorf("%v are left", limits)
		}
	})
}

func TestAccRecipePerUserCapsKeepsLimits(t *testing.T) {
	t.Parallel()
	e := newHostile(t)
	w := e.recipe(t, "per-user-caps", devintest.KeyOK, userCaps(e))
	if out := w.applied(t); !strings.Contains(out, doubleAddress) {
		t.Errorf("the address that two have is not named:\n%s", out)
	}
	limits := e.Limits().Users
	for _, m := range e.Members()[13:15] {
		if limits[m.UserID] != 80_000 {
			t.Errorf("%s has %d", m.UserID, limits[m.UserID])
		}
	}
	// Another name of a person, or another case of the address, is no other limit.
	given := userCaps(e)
	lower := object{}
	exceptions, _ := given["exceptions"].(object)
	for address, limit := range exceptions {
		lower[strings.ToLower(address)] = limit
	}
	w.writeVariables(t, with(given, object{"exceptions": lower}))
	w.isSettled(t)
	// A misspelt group would clear all limits.
	w.writeVariables(t, with(given, object{"idp_group": "All Employes"}))
	w.failsToPlan(t, "No member is in the group All Employes.")
}
