package acceptance

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

type archiveOutputs struct {
	CSV    string `json:"csv"`
	Totals struct {
		StartDate    string  `json:"start_date"`
		EndDate      string  `json:"end_date"`
		ACUs         float64 `json:"acus"`
		MembersACUs  float64 `json:"members_acus"`
		Unattributed float64 `json:"unattributed_acus"`
	} `json:"totals"`
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

// isMonth compares outputs with the truth about a month.
func (e *enterprise) isMonth(t *testing.T, out archiveOutputs, start, end string) {
	t.Helper()
	from, to := window(t, start, end)
	got := out.Totals
	if got.StartDate != start || got.EndDate != end || !near(got.ACUs, e.EnterpriseTotal(from, to)) ||
		!near(got.MembersACUs, e.MembersTotal(from, to)) || !near(got.Unattributed, e.Unattributed(from, to)) {
		t.Errorf("%+v", got)
	}
	rows, err := csv.NewReader(strings.NewReader(out.CSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	truth := e.memberDays(t, start, end)
	for _, days := range truth {
		n += len(days)
	}
	for _, row := range rows[1:] {
		if row[4] != strconv.FormatFloat(truth[row[0]][row[3]], 'f', -1, 64) {
			t.Errorf("%q, want %v", row, truth[row[0]][row[3]])
		}
	}
	if len(rows)-1 != n || n < 500 {
		t.Errorf("%d rows, want %d", len(rows)-1, n)
	}
}

func TestAccRecipeMonthlyArchiveReadsEachMonthOnce(t *testing.T) {
	t.Parallel()
	fake := newEnterprise(t, devintest.Options{})
	w := fake.recipe(t, "monthly-archive", devintest.KeyOK, nil)
	w.write(t, "object.tf", archiveObject)
	archive := func(month string) (out archiveOutputs) {
		t.Helper()
		w.succeed(t, "workspace", "select", "-or-create", "-no-color", month)
		wantNoPersonIn(t, month, w.applied(t), fake.Members())
		_, shown := w.read(t, &out)
		wantNoIDIn(t, month, shown, fake.Members())
		return out
	}
	fake.isMonth(t, archive("2026-09"), "2026-09-01", "2026-09-30")
	september := w.archived(t, "2026-09")

	fake.ResetRequests()
	october := archive("2026-10")
	fake.isMonth(t, october, "2026-10-01", "2026-10-31")
	from, to := window(t, "2026-10-01", "2026-10-31")
	n := 0
	for _, r := range fake.Requests() {
		if strings.Contains(r.Path, "/consumption/daily") {
			n++
			if r.Query.Get("time_after") != strconv.FormatInt(from.Unix(), 10) || r.Query.Get("time_before") != strconv.FormatInt(to.Unix(), 10) {
				t.Errorf("%s has the window %v", r.Path, r.Query)
			}
		}
	}
	if n <= len(fake.Members()) || w.archived(t, "2026-09") != september {
		t.Errorf("%d requests for October; September is now\n%s", n, w.archived(t, "2026-09"))
	}

	// Corrected numbers of a month change nothing, unless the month is taken out of
	// the state first.
	corrected := newEnterprise(t, devintest.Options{Seed: 9})
	w.write(t, "provider.tf", corrected.Config(devintest.KeyOK, ""))
	if again := archive("2026-10"); again != october {
		t.Errorf("October is now %+v", again.Totals)
	}
	for _, option := range []string{"-destroy", "-replace=terraform_data.month"} {
		if out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color", option); code != 1 || !strings.Contains(out, "Instance cannot be destroyed") {
			t.Errorf("%s: exit code %d:\n%s", option, code, out)
		}
	}
	w.succeed(t, "state", "rm", "terraform_data.month")
	corrected.isMonth(t, archive("2026-10"), "2026-10-01", "2026-10-31")
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
		"2026-12": "2026-12 begins on 2026-12-01, and the running day is 2026-11-20",
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
	fake := newEnterprise(t, devintest.Options{})
	w := fake.recipe(t, "monthly-archive", devintest.KeyOK, nil)
	w.write(t, "workflow.tf", `output "script" { value = yamldecode(file("github-actions.yml")).jobs.archive.steps[3].run }`)
	w.succeed(t, "workspace", "select", "-or-create", "-no-color", "2026-10")
	w.applied(t)
	var out struct{ Script string }
	w.read(t, &out)

	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	terraform, err := exec.LookPath(os.Getenv("TF_ACC_TERRAFORM_PATH"))
	if err != nil {
		terraform, err = exec.LookPath("terraform")
	}
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(terraform, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), shell, "-e", "-c", out.Script)
	cmd.Dir = w.dir
	cmd.Env = append(append([]string{}, w.env...), "MONTH=2026-09", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	printed, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, printed)
	}
	wantNoPersonIn(t, "the log", string(printed), fake.Members())
	var september archiveOutputs
	w.read(t, &september)
	fake.isMonth(t, september, "2026-09-01", "2026-09-30")
}

func TestAccRecipeMonthlyArchiveOfHostileData(t *testing.T) {
	t.Parallel()
	fake := newHostile(t)
	for key, rows := range map[string]bool{devintest.KeyOK: true, devintest.KeyNoResources: false} {
		w := fake.recipe(t, "monthly-archive", key, nil)
		w.succeed(t, "workspace", "select", "-or-create", "-no-color", "2026-10")
		wantNoPersonIn(t, "monthly-archive", w.applied(t), fake.Members())
		var out archiveOutputs
		_, shown := w.read(t, &out)
		wantNoIDIn(t, "monthly-archive", shown, fake.Members())
		if strings.Contains(out.CSV, "\n"+fake.gone+",") || strings.Contains(out.CSV, ",Ada Lee,") != rows || strings.Count(out.CSV, "\n") > 1 != rows ||
			!near(out.Totals.MembersACUs+out.Totals.Unattributed, out.Totals.ACUs) {
			t.Errorf("%+v\n%.500s", out.Totals, out.CSV)
		}
	}
}
