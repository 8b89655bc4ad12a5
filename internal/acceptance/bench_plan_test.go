package acceptance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

const benchMembersConfig = benchProvider + `
data "devin_members" "all" {}
output "members" { value = length(data.devin_members.all.members) }
`

func BenchmarkPlan(b *testing.B) {
	for _, latency := range []time.Duration{0, 20 * time.Millisecond} {
		fake := benchFixture(b, 10_000, latency)
		ours, baseline := newTerraform(b, fake.URL, benchMembersConfig, false), newTerraform(b, fake.URL, benchMembersConfig, true)
		var used usage
		comparison{
			name: fmt.Sprintf("10,000 members at %d ms, terraform plan, against 100 a page and State.Set", latency.Milliseconds()), target: 0.4,
			baseline: func() { baseline.run(b, "plan") },
			ours:     func() { fake.ResetRequests(); used = ours.run(b, "plan") },
			notes: func(_, _ *spent) string {
				return fmt.Sprintf("%d requests, the provider's peak is %s", fake.Count("*"), mib(used.peak))
			},
		}.run(b)
	}
}

// A whole plan has to fit into so much of the provider's memory.
func BenchmarkPlanMemory(b *testing.B) {
	daily := benchProvider + `
data "devin_members_daily_consumption" "all" {
  start_date = "2026-10-01"
  end_date   = "2026-10-30"
  %s
}
output "acus" { value = data.devin_members_daily_consumption.all.total_acus }
`
	membersAsText := benchProvider + `
data "devin_members" "all" { format = "csv" }
output "members" { value = length(data.devin_members.all.csv) }
`
	objects, text, none := fmt.Sprintf(daily, ""), fmt.Sprintf(daily, csvArguments), fmt.Sprintf(daily, `format = "none"`)
	for _, tt := range []struct {
		name, config string
		members      int
		mostMiB      int // 0 is any
	}{
		{"50,000 members, terraform plan", benchMembersConfig, 50_000, 150},
		{"200,000 members, csv, terraform plan", membersAsText, 200_000, 350},
		{"1,000 users x 30 days, terraform plan", objects, 1000, 0},
		{"5,000 users x 30 days, terraform plan", objects, 5000, 150},
		{"5,000 users x 30 days, csv with products, terraform plan", text, 5000, 150},
		{"5,000 users x 30 days, none, terraform plan", none, 5000, 0},
		{"20,000 users x 30 days, csv with products, terraform plan", text, 20_000, 250},
		{"20,000 users x 30 days, none, terraform plan", none, 20_000, 0},
	} {
		b.Run(strings.ReplaceAll(tt.name, " ", "_"), func(b *testing.B) {
			fake := benchFixture(b, tt.members, 0)
			t := newTerraform(b, fake.URL, tt.config, false)
			var took usage
			for b.Loop() {
				fake.ResetRequests()
				took = t.run(b, "plan")
			}
			b.ReportMetric(float64(took.peak), "provider-peak-B")
			row := benchRow{
				name: tt.name, measured: mib(took.peak),
				notes: fmt.Sprintf("%s, %d requests, %d in flight; terraform's own peak is %s",
					short(took.time), fake.Count("*"), fake.MostInFlight(), mib(took.terraformPeak)),
			}
			if most := tt.mostMiB << 20; most > 0 {
				row.baseline, row.ratio, row.target = mib(most), float64(took.peak)/float64(most), 1
			}
			benchTable.add(row)
		})
	}
}

// What an apply leaves behind, and what the next plan takes, which reads the state, too.
func BenchmarkApplyState(b *testing.B) {
	members := func(arguments string) string {
		return benchProvider + "data \"devin_members\" \"all\" {\n" + arguments + "\n}\n"
	}
	daily := func(arguments string) string {
		return rowsConfig(arguments, "data.devin_members_daily_consumption.all.total_acus", 16)
	}
	for _, tt := range []struct {
		name, config  string
		members, rows int
	}{
		{"200,000 members", members(""), 200_000, 200_000},
		{"200,000 members, include_roles = false", members("include_roles = false"), 200_000, 200_000},
		{"200,000 members, csv", members(`format = "csv"`), 200_000, 200_000},
		{"200,000 members, none", members(`format = "none"`), 200_000, 0},
		{"1,000 users x 30 days", daily(""), 1000, 30_000},
		{"5,000 users x 30 days", daily(""), 5000, 150_000},
		{"20,000 users x 30 days", daily(""), 20_000, 600_000},
		{"20,000 users x 30 days, csv", daily(`format = "csv"`), 20_000, 600_000},
		{"20,000 users x 30 days, none", daily(`format = "none"`), 20_000, 0},
		{"20,000 users x 30 days, none, the first ten", daily("format = \"none\"\n  first = 10"), 20_000, 0},
	} {
		b.Run(strings.ReplaceAll(tt.name, " ", "_"), func(b *testing.B) {
			fake := benchFixture(b, tt.members, 0)
			t := newTerraform(b, fake.URL, tt.config, false)
			stateFile := filepath.Join(t.dir, "terraform.tfstate")
			var apply, plan usage
			for b.Loop() {
				_ = os.Remove(stateFile)
				fake.ResetRequests()
				apply = t.run(b, "apply", "-auto-approve")
				plan = t.run(b, "plan")
			}
			state, err := os.Stat(stateFile)
			if err != nil {
				b.Fatal(err)
			}
			notes := fmt.Sprintf("state of %.1f MB", float64(state.Size())/1e6)
			if tt.rows > 0 {
				perRow := float64(state.Size()) / float64(tt.rows)
				b.ReportMetric(perRow, "state-B/row")
				notes += fmt.Sprintf(", %.0f bytes a row", perRow)
			}
			benchTable.add(benchRow{
				name: tt.name + ", terraform apply", measured: short(apply.time),
				notes: fmt.Sprintf("%s, %d requests; the next plan %s; processor time %s and %s; peaks: provider %s, terraform %s", notes, fake.Count("*")/2,
					short(plan.time), short(apply.processor), short(plan.processor), mib(max(apply.peak, plan.peak)), mib(max(apply.terraformPeak, plan.terraformPeak))),
			})
		})
	}
}

// The configuration that make demo plans, with a larger company.
func BenchmarkPlanDemo(b *testing.B) {
	fake := benchFixture(b, 10_000, 0)
	t := newTerraform(b, fake.URL, "", false)
	if err := copyDemo(t.dir); err != nil {
		b.Fatal(err)
	}
	var took usage
	for b.Loop() {
		fake.ResetRequests()
		took = t.run(b, "plan", "-var", "start_date=2026-10-01", "-var", "end_date=2026-10-30")
	}
	benchTable.add(benchRow{
		name: "10,000 members at 0 ms, terraform plan of examples/demo", measured: short(took.time),
		notes: fmt.Sprintf("%d requests, the provider's peak is %s", fake.Count("*"), mib(took.peak)),
	})
}

func copyDemo(to string) error {
	demo := os.DirFS(filepath.Join(root, "examples", "demo"))
	files, err := fs.Glob(demo, "*.tf")
	for _, name := range files {
		text, readErr := fs.ReadFile(demo, name)
		if err = cmp.Or(err, readErr); err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o600)
		}
	}
	return err
}

// rowsConfig reads 30 days of every member, in a form, with so many requests in
// flight.
func rowsConfig(arguments, output string, concurrent int) string {
	return fmt.Sprintf(`%s
provider "devin" { max_concurrent_requests = %d }
data "devin_members_daily_consumption" "all" {
  start_date = "2026-10-01"
  end_date   = "2026-10-30"
  %s
}
output "rows" {
  value     = %s
  sensitive = true
}
`, benchProvider, concurrent, arguments, output)
}

const (
	csvArguments = "format = \"csv\"\n  by_product = true"
	csvOutput    = "data.devin_members_daily_consumption.all.csv"
	rowsOutput   = "data.devin_members_daily_consumption.all.rows"
)

// httpConfig is what people do without a provider: data "http" for each user,
// and jsondecode. The ids are given to it.
func httpConfig(fake *fixture, w devinWindow) string {
	return fmt.Sprintf(`%s
locals { ids = jsondecode(file("${path.module}/ids.json")) }
data "devin_http" "user" {
  for_each        = local.ids
  url             = "%s/v3/enterprise/consumption/daily/users/${urlencode(each.key)}?time_after=%d&time_before=%d"
  request_headers = { Authorization = "Bearer %s", Accept = "application/json" }
}
locals {
  rows = flatten([for id, answer in data.devin_http.user : [
    for day in jsondecode(answer.response_body).consumption_by_date :
    { user_id = id, date = day.date, acus = day.acus, acus_by_product = day.acus_by_product }
  ]])
}
output "rows" {
  value     = local.rows
  sensitive = true
}
`, benchProvider, fake.URL, w.from.Unix(), w.to.Unix(), devintest.KeyOK)
}

type devinWindow struct{ from, to time.Time }

func october(tb testing.TB) devinWindow {
	tb.Helper()
	w := providertest.Days(tb, "2026-10-01", "2026-10-30")
	return devinWindow{w.Start.Start(), (w.End + 1).Start()}
}

// A whole plan with the rows of 1,000 users, against what people do today.
func BenchmarkPlanRows(b *testing.B) {
	fake := benchFixture(b, 1000, 20*time.Millisecond)
	asked := func(_, _ *spent) string {
		return fmt.Sprintf("%d requests, %d in flight", fake.Count("*"), fake.MostInFlight())
	}
	http := newTerraform(b, fake.URL, httpConfig(fake, october(b)), true)
	ids := map[string]string{}
	for _, m := range fake.Members() {
		ids[m.UserID] = m.UserID
	}
	text, err := json.Marshal(ids)
	if err == nil {
		err = os.WriteFile(filepath.Join(http.dir, "ids.json"), text, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
	plan := func(arguments, output string, concurrent int) func() {
		t := newTerraform(b, fake.URL, rowsConfig(arguments, output, concurrent), false)
		return func() { fake.ResetRequests(); t.run(b, "plan", "-parallelism=50") }
	}
	baseline := func() { http.run(b, "plan", "-parallelism=50") }
	comparison{
		name: "1,000 users x 30 days at 20 ms, 50 in flight, plan with csv and products, against data http with jsondecode", target: 0.1, rounds: 2,
		baseline: baseline, ours: plan(csvArguments, csvOutput, 50), notes: asked,
	}.run(b)
	comparison{
		name: "1,000 users x 30 days at 20 ms, 50 in flight, plan with objects without products, against the same", target: 0.5, rounds: 2,
		baseline: baseline, ours: plan("", rowsOutput, 50), notes: asked,
	}.run(b)
	w := providertest.Days(b, "2026-10-01", "2026-10-30")
	var list []string
	for id := range ids {
		list = append(list, id)
	}
	comparison{
		name: "1,000 users x 30 days at 20 ms, 16 in flight, plan with csv and products, against a bare loop over 16 connections", target: 1.6,
		baseline: func() {
			if err := plainUsers(b.Context(), fake.URL, "users", list, w, 16); err != nil {
				b.Fatal(err)
			}
		},
		ours: plan(csvArguments, csvOutput, 16), notes: asked,
	}.run(b)
}

// A large report as one text costs hardly more than its totals.
func BenchmarkPlanCSV(b *testing.B) {
	fake := benchFixture(b, 5000, 0)
	// The state holds an output besides, so there is none of the text.
	const total = "data.devin_members_daily_consumption.all.total_acus"
	csv := newTerraform(b, fake.URL, rowsConfig(csvArguments, total, 16), false)
	none := newTerraform(b, fake.URL, rowsConfig("format = \"none\"", total, 16), false)
	var used usage
	comparison{
		name: "5,000 users x 30 days, plan with csv and products, against none", target: 1.3,
		baseline: func() { none.run(b, "plan") }, ours: func() { used = csv.run(b, "plan") },
		notes: func(_, _ *spent) string {
			csv.run(b, "apply", "-auto-approve")
			state, err := os.Stat(filepath.Join(csv.dir, "terraform.tfstate"))
			if err != nil {
				b.Fatal(err)
			}
			return fmt.Sprintf("the provider's peak is %s; a state of %.1f MB", mib(used.peak), float64(state.Size())/1e6)
		},
	}.run(b)
}

// Members without roles, and as text, against all of them as objects.
func BenchmarkPlanMembersForms(b *testing.B) {
	fake := benchFixture(b, 50_000, 0)
	config := func(arguments string) *terraform {
		return newTerraform(b, fake.URL, benchProvider+`
data "devin_members" "all" {
  `+arguments+`
}
`, false)
	}
	objects, withoutRoles, text := config(""), config("include_roles = false"), config(`format = "csv"`)
	for _, tt := range []struct {
		name   string
		target float64
		form   *terraform
	}{{"include_roles = false", 0.4, withoutRoles}, {"csv", 0.25, text}} {
		comparison{
			name: "50,000 members at 0 ms, plan with " + tt.name + ", against objects with roles", target: tt.target,
			baseline: func() { objects.run(b, "plan") }, ours: func() { tt.form.run(b, "plan") },
		}.run(b)
	}
}

const sessionsArguments = `
  start_date = "2026-10-01"
  end_date   = "2026-10-30"
  limit      = 50000
  format     = "csv"
`

func BenchmarkSessionsMemory(b *testing.B) {
	const most = 100 << 20
	fake := sessionsFixture(b, 0)
	t := newTerraform(b, fake.URL, benchProvider+`data "devin_sessions" "all" {`+sessionsArguments+`}
output "sessions" { value = data.devin_sessions.all.sessions_count }
`, false)
	var took usage
	for b.Loop() {
		fake.ResetRequests()
		took = t.run(b, "plan")
	}
	b.ReportMetric(float64(took.peak), "provider-peak-B")
	benchTable.add(benchRow{
		name: "20,000 sessions, csv, terraform plan", measured: mib(took.peak), baseline: mib(most), ratio: float64(took.peak) / most, target: 1,
		notes: fmt.Sprintf("%s, %d requests", short(took.time), fake.Count("*")),
	})
}

// What reads a single object asks once, and costs a plan next to nothing.
func BenchmarkPlanOfOneObject(b *testing.B) {
	fake := benchFixture(b, 40, 0)
	nothing := newTerraform(b, fake.URL, benchProvider+"output \"none\" { value = provider::devin::billing_date(\"2026-11-01T00:00:00Z\") }\n", false)
	for name, body := range map[string]string{
		"devin_queue": "", "devin_principal": "",
		"devin_usage_metrics": thirty, "devin_session_metrics": thirty, "devin_session_categories": thirty, "devin_active_users": thirty, "devin_code_scan_metrics": thirty,
	} {
		one := newTerraform(b, fake.URL, benchProvider+fmt.Sprintf("data %q \"this\" {%s}\n", name, body), false)
		comparison{
			name: name + ", terraform plan, against a plan that reads nothing", baseline: func() { nothing.run(b, "plan") },
			ours: func() { fake.ResetRequests(); one.run(b, "plan") },
			notes: func(ours, baseline *spent) string {
				return fmt.Sprintf("%d request, %s longer; the aim is 1, and 0.1 s", fake.Count("*"), (ours.fastest() - baseline.fastest()).Round(time.Millisecond))
			},
		}.run(b)
	}
}

const thirty = `
  start_date = "2026-10-01"
  end_date   = "2026-10-30"
`
