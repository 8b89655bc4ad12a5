package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

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
