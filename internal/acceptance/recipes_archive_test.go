package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// trueArchive is the archive of a month, by the data of the fake.
func trueArchive(start, end string) func(*testing.T, *enterprise) object {
	return func(t *testing.T, e *enterprise) object {
		from, to := window(t, start, end)
		all, members := e.EnterpriseTotal(from, to), e.membersTotal(from, to)
		return with(trueCSV(start, end)(t, e), object{"totals": object{
			"start_date": start, "end_date": end, "acus": all, "members_acus": members, "unattributed_acus": cents(all - members),
		}})
	}
}

// selectMonth selects the workspace of a month.
func selectMonth(month string) func(*testing.T, *enterprise, *workspace) {
	return func(t *testing.T, _ *enterprise, w *workspace) {
		w.succeed(t, "workspace", "select", "-or-create", "-no-color", month)
	}
}

// archiveObject stands for a bucket's object, which has the same arguments.
const archiveObject = `
resource "terraform_data" "object" {
  triggers_replace = {
    key     = "devin/${terraform.workspace}.csv"
    content = terraform_data.month.triggers_replace.csv
  }
}
`

func TestAccRecipeMonthlyArchiveReadsEachMonthOnce(t *testing.T) {
	t.Parallel()
	e := newEnterprise(t, devintest.Options{PageSize: 50})
	w := e.recipe(t, "monthly-archive", devintest.KeyOK, nil)
	w.write(t, "object.tf", archiveObject)
	archive := func(month string, want object) {
		t.Helper()
		selectMonth(month)(t, e, w)
		wantNoPersonIn(t, month, w.applied(t), e.Members())
		var got object
		w.read(t, &got)
		wantOutputs(t, got, want)
	}
	archive("2026-09", trueArchive("2026-09-01", "2026-09-30")(t, e))
	september := w.archived(t, "2026-09")

	e.ResetRequests()
	october := trueArchive("2026-10-01", "2026-10-31")
	archive("2026-10", october(t, e))
	from, to := window(t, "2026-10-01", "2026-10-31")
	n := 0
	for _, r := range e.Requests() {
		if strings.Contains(r.Path, "/consumption/daily") {
			n++
			if r.Query.Get("time_after") != strconv.FormatInt(from.Unix(), 10) || r.Query.Get("time_before") != strconv.FormatInt(to.Unix(), 10) {
				t.Errorf("%s has the window %v", r.Path, r.Query)
			}
		}
	}
	if n <= len(e.Members()) || w.archived(t, "2026-09") != september {
		t.Errorf("%d requests for October; September is now\n%s", n, w.archived(t, "2026-09"))
	}

	// Corrected numbers of a month change nothing, unless the month is taken out of
	// the state first.
	corrected := newEnterprise(t, devintest.Options{Seed: 9, PageSize: 50})
	w.write(t, "provider.tf", corrected.Config(devintest.KeyOK, ""))
	archive("2026-10", october(t, e))
	for _, option := range []string{"-destroy", "-replace=terraform_data.month"} {
		if out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color", option); code != 1 || !providertest.Wrapped("prevent_destroy set, but the plan calls for").MatchString(out) {
			t.Errorf("%s: exit code %d:\n%s", option, code, out)
		}
	}
	w.succeed(t, "state", "rm", "terraform_data.month")
	archive("2026-10", october(t, corrected))
}

// archived is the state of a workspace as it stands.
func (w *workspace) archived(t *testing.T, month string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate.d", month, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAccRecipeMonthlyArchiveIsOfAMonthThatHasEnded(t *testing.T) {
	t.Parallel()
	w := newFixture(t, devintest.Options{}).recipe(t, "monthly-archive", devintest.KeyOK, nil)
	w.succeed(t, "validate", "-no-color")
	w.failsToPlan(t, "The workspace default is not named after a month.")
	for month, says := range map[string]string{
		"2026-11": "2026-11 has not ended, so its numbers still grow.",
		"2026-12": "2026-12 begins on 2026-12-01, and the current day is 2026-11-20",
		"2026-13": "The workspace 2026-13 is not named after a month.",
		"2026-Q3": "The workspace 2026-Q3 is not named after a month.",
	} {
		w.succeed(t, "workspace", "select", "-or-create", "-no-color", month)
		w.failsToPlan(t, says)
	}
}

// The script of the workflow runs as it stands; Terraform reads the YAML.
func TestAccRecipeMonthlyArchiveWorkflow(t *testing.T) {
	t.Parallel()
	e := newEnterprise(t, devintest.Options{PageSize: 50})
	w := e.recipe(t, "monthly-archive", devintest.KeyOK, nil)
	w.write(t, "workflow.tf", `output "script" { value = yamldecode(file("github-actions.yml")).jobs.archive.steps[3].run }`)
	selectMonth("2026-10")(t, e, w)
	w.applied(t)
	var out struct{ Script string }
	w.read(t, &out)

	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	terraform, _ := w.command(t)
	bin := t.TempDir()
	if err := os.Symlink(terraform.Path, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(w.dir, "workflow.tf")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), shell, "-e", "-c", out.Script)
	cmd.Dir = w.dir
	cmd.Env = append(append([]string{}, w.env...), "MONTH=2026-09", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	printed, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, printed)
	}
	wantNoPersonIn(t, "the log", string(printed), e.Members())
	var september object
	w.read(t, &september)
	wantOutputs(t, september, trueArchive("2026-09-01", "2026-09-30")(t, e))
}
