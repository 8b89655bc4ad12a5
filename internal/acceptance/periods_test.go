package acceptance

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// matrixPeriod is the week of week.
const matrixPeriod = "2026-W44"

// resultOf is a result without the argument period.
func resultOf(t *testing.T, p *protocol, source string, given object) tftypes.Value {
	t.Helper()
	resp := p.ReadData(t, source, given)
	if len(resp.Diagnostics) > 0 {
		t.Fatalf("%s: %s", source, providertest.Messages(resp.Diagnostics))
	}
	typ := p.Schemas.DataSourceSchemas[source].ValueType()
	value, err := resp.State.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	attributes := map[string]tftypes.Value{}
	if err := value.As(&attributes); err != nil {
		t.Fatal(err)
	}
	attributes["period"] = tftypes.NewValue(tftypes.String, nil)
	return tftypes.NewValue(typ, attributes)
}

// Everything that a data source reads of a period is what it reads of the dates.
func TestAPeriodReadsWhatItsDatesDo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	seen := 0
	for _, r := range readings() {
		byDate := r.arguments(fake.Server)
		if _, ok := byDate["start_date"]; !ok {
			continue
		}
		seen++
		maps.Copy(byDate, week(fake.Server))
		byPeriod := maps.Clone(byDate)
		delete(byPeriod, "start_date")
		delete(byPeriod, "end_date")
		byPeriod["period"] = matrixPeriod
		settings := map[string]any{"api_key": devintest.KeyOK, "api_url": fake.URL}
		results := map[string]tftypes.Value{}
		for kind, given := range map[string]object{"dates": byDate, "period": byPeriod} {
			results[kind] = resultOf(t, configuredProtocol(t, fake.Provider(), fake.URL, settings), r.source, given)
		}
		if diffs, err := results["dates"].Diff(results["period"]); err != nil || len(diffs) > 0 {
			t.Errorf("%s: %v, %v", r.name, diffs, err)
		}
	}
	if seen < 20 {
		t.Errorf("%d readings of a window", seen)
	}
}

const periodsConfig = `
data "devin_daily_consumption" "cycle" {
  period = "current_cycle"
}

data "devin_active_users" "week" {
  period   = "last_week"
  interval = "day"
}

data "devin_pr_metrics" "until_yesterday" {
  start_date = "2026-11-01"
}

output "windows" {
  value = join(", ", [for d in [
    data.devin_daily_consumption.cycle, data.devin_active_users.week, data.devin_pr_metrics.until_yesterday,
  ] : "${d.start_date} to ${d.end_date} ${d.complete}"])
}

output "acus" {
  value = data.devin_daily_consumption.cycle.total_acus
}
`

func TestAccPeriodsShowTheirDatesAndASecondPlanIsEmpty(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := newWorkspace(t, fake.Provider(), nil)
	w.write(t, "main.tf", requirement+fake.Config(devintest.KeyOK, periodsConfig))
	w.applied(t)
	var out struct {
		Windows string  `json:"windows"`
		ACUs    float64 `json:"acus"`
	}
	w.read(t, &out)
	if out.Windows != "2026-11-05 to 2026-11-20 false, 2026-11-09 to 2026-11-15 true, 2026-11-01 to 2026-11-19 true" {
		t.Error(out.Windows)
	}
	cycle := providertest.Days(t, "2026-11-05", "2026-11-20")
	if want := fake.EnterpriseTotal(cycle.Start.Start(), (cycle.End + 1).Start()); out.ACUs != want || want == 0 {
		t.Errorf("%v ACUs, want %v", out.ACUs, want)
	}
}

// A period that comes from a resource yet to be created is read during the apply.
func TestAccAPeriodKnownAfterApplyIsReadThen(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := newWorkspace(t, fake.Provider(), nil)
	w.write(t, "main.tf", requirement+fake.Config(devintest.KeyOK, `
resource "terraform_data" "period" {
  input = "2026-W44"
}

data "devin_pr_metrics" "week" {
  period = terraform_data.period.output
}

output "end_date" {
  value = data.devin_pr_metrics.week.end_date
}
`))
	out, code := w.run(t, "plan", "-input=false", "-no-color")
	if code != 0 || !strings.Contains(out, "data.devin_pr_metrics.week will be read during apply") || !strings.Contains(out, "(known after apply)") {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	w.applied(t)
	var shown struct {
		EndDate string `json:"end_date"`
	}
	if w.read(t, &shown); shown.EndDate != "2026-11-01" {
		t.Error(shown.EndDate)
	}
}

// The line of the argument is shown.
func TestAccValidateRefusesTwoWindows(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	w := newWorkspace(t, fake.Provider(), nil)
	for arguments, says := range map[string]string{
		`period = "last_month"` + "\n" + `start_date = "2026-10-01"`: "Error: Two windows",
		`period = "last_month"` + "\n" + `end_date = "2026-10-01"`:   "Both period and end_date are given",
		`end_date = "2026-10-01"`:                                    "Error: No window",
		`period = "october"`:                                         "Error: Unknown period",
	} {
		w.write(t, "main.tf", requirement+fake.Config(devintest.KeyOK, "data \"devin_pr_metrics\" \"this\" {\n"+arguments+"\n}\n"))
		if out, code := w.run(t, "validate", "-no-color"); code != 1 || !providertest.Wrapped(says).MatchString(out) {
			t.Errorf("%s: exit code %d, and not %q:\n%s", arguments, code, says, out)
		}
	}
}
