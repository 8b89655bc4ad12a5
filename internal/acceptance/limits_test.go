package acceptance

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// limitsFolder is a configuration in a folder of its own, for the real command line.
func (f *fixture) limitsFolder(t *testing.T) *workspace {
	t.Helper()
	t.Setenv("DEVIN_API_KEY", devintest.KeyOK)
	t.Setenv("DEVIN_TOKEN", "")
	t.Setenv("DEVIN_API_URL", f.URL)
	w := newWorkspace(t, f.Provider(), nil)
	w.write(t, "versions.tf", requirement)
	return w
}

// What people do to blocks, with the real command line: nothing is lost, and what one
// instance does is no second block.
func TestAccBlocksThatChangeLoseNoLimit(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 4})
	orgs, user := fake.Organizations(), fake.Members()[0].UserID
	a, b, c := orgs[0].OrgID, orgs[1].OrgID, orgs[2].OrgID
	const stays = "What this run has set is not cleared"
	all := func(name, lifecycle string) string {
		return fmt.Sprintf(`
resource "devin_organization_acu_limit" %[1]q {
  org_id          = %[2]q
  cycle_acu_limit = 700000
  %[4]s
}
resource "devin_organization_agent_acu_limits" %[1]q {
  org_id                      = %[5]q
  local_agent_cycle_acu_limit = 700000
  %[4]s
}
resource "devin_user_acu_limit" %[1]q {
  user_id         = %[3]q
  cycle_acu_limit = 700000
  %[4]s
}
resource "devin_user_billing_organization" %[1]q {
  user_id        = %[3]q
  billing_org_id = %[2]q
  %[4]s
}
`, name, a, user, lifecycle, b)
	}
	holds := func(what string) {
		t.Helper()
		l := fake.Limits()
		if l.Organizations[a] != 700_000 || l.Local[b] != 700_000 || l.Users[user] != 700_000 || l.BillingOrgs[user] != a {
			t.Errorf("%s: Devin has %+v", what, l)
		}
	}
	w := fake.limitsFolder(t)
	w.apply(t, all("one", ""))
	holds("created")
	for i := range 3 { // in whatever order Terraform takes
		w.apply(t, all(fmt.Sprintf("renamed%d", i), ""))
		holds("renamed")
		w.isSettled(t)
	}
	replace := []string{}
	for _, name := range []string{"devin_organization_acu_limit", "devin_organization_agent_acu_limits", "devin_user_acu_limit", "devin_user_billing_organization"} {
		replace = append(replace, "-replace="+name+".renamed2")
	}
	w.apply(t, all("renamed2", ""), replace...)
	holds("-replace")
	first := "lifecycle {\n    create_before_destroy = true\n  }"
	if out := w.apply(t, all("renamed2", first), replace...); strings.Count(out, stays) == 0 {
		t.Errorf("nothing is said of what is not cleared:\n%s", out)
	}
	holds("-replace, created first")
	w.isSettled(t)

	// Keys of for_each, and indices of count, that move.
	each := func(pairs ...string) string {
		return `
resource "devin_organization_acu_limit" "each" {
  for_each        = { ` + strings.Join(pairs, ", ") + ` }
  org_id          = each.value
  cycle_acu_limit = 500000
}
`
	}
	count := func(ids ...string) string {
		return fmt.Sprintf(`
resource "devin_organization_acu_limit" "counted" {
  count           = %d
  org_id          = ["%s"][count.index]
  cycle_acu_limit = 500000
}
`, len(ids), strings.Join(ids, `", "`))
	}
	three := map[string]int64{a: 500_000, b: 500_000, c: 500_000}
	w.apply(t, each(`x = "`+a+`"`, `y = "`+b+`"`, `z = "`+c+`"`))
	for what, config := range map[string]string{
		"swapped": each(`x = "`+b+`"`, `y = "`+a+`"`, `z = "`+c+`"`), "renamed keys": each(`u = "`+a+`"`, `v = "`+b+`"`, `w = "`+c+`"`), "counted": count(a, b, c),
	} {
		w.apply(t, config)
		if l := fake.Limits().Organizations; !maps.Equal(l, three) {
			t.Errorf("%s: Devin has %v", what, l)
		}
		w.isSettled(t)
	}
	w.apply(t, count(b, c))
	if l := fake.Limits().Organizations; !maps.Equal(l, map[string]int64{b: 500_000, c: 500_000}) {
		t.Errorf("count shifted: Devin has %v", l)
	}
	w.isSettled(t)

	// A second block is an error in the plan, whether or not it is in the state.
	w.write(t, "main.tf", count(b, c)+each(`x = "`+b+`"`))
	if out, code := w.run(t, "plan", "-input=false", "-no-color"); code != 1 || !strings.Contains(out, "Two blocks for one object") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	w.write(t, "main.tf", count(b, c))
	if out, code := w.run(t, "destroy", "-auto-approve", "-input=false", "-no-color"); code != 0 || len(fake.Limits().Organizations) > 0 {
		t.Errorf("destroy: exit code %d:\n%s", code, out)
	}
}

// What Terraform validates, plans and imports of a limit.
func TestAccALimitInValidateAndImport(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 4})
	org := fake.Organizations()[0].OrgID
	w := fake.limitsFolder(t)
	block := func(limit string) string {
		return "resource \"devin_organization_acu_limit\" \"this\" {\n  org_id          = \"" + org + "\"\n  cycle_acu_limit = " + limit + "\n}\n"
	}
	w.write(t, "main.tf", block("5000 / 12"))
	if out, code := w.run(t, "validate", "-no-color"); code != 1 || !strings.Contains(out, "Impossible number") || !strings.Contains(out, "floor(") || !strings.Contains(out, "main.tf line 3") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	// A number that is known in the apply only.
	w.write(t, "main.tf", "resource \"terraform_data\" \"budget\" {\n  input = 5000\n}\n"+block("terraform_data.budget.output / 12"))
	if out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color"); code != 1 || !strings.Contains(out, "Impossible number") || strings.Contains(out, "error in the provider") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if l := fake.Limits().Organizations; len(l) > 0 {
		t.Errorf("Devin has %v", l)
	}
	fake.SetLimits(func(l *devintest.Limits) { l.Organizations[org] = 700_000 })
	t.Run("an import without an id", func(t *testing.T) {
		w.needs(t, "Terraform 1.8") // OpenTofu ignores such a block
		w.write(t, "main.tf", block("700000")+"import {\n  to = devin_organization_acu_limit.this\n  id = \"\"\n}\n")
		if out, code := w.run(t, "plan", "-input=false", "-no-color"); code != 1 {
			t.Errorf("exit code %d:\n%s", code, out)
		}
	})
	w.write(t, "main.tf", block("700000")+"import {\n  to = devin_organization_acu_limit.this\n  id = \""+org+"\"\n}\n")
	if out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color"); code != 0 || !strings.Contains(out, "1 imported, 0 added, 0 changed") {
		t.Errorf("an import: exit code %d:\n%s", code, out)
	}
	w.isSettled(t)
}
