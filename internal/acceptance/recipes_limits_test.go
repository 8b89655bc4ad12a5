package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

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
