package acceptance

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// plainSessions walks the list of sessions, and decodes the same as the provider.
func plainSessions(ctx context.Context, base string, w devin.Window) ([]devin.Session, error) {
	client := &http.Client{}
	defer client.CloseIdleConnections()
	q := url.Values{
		"first":         {"200"},
		"created_after": {strconv.FormatInt(w.Start.Start().Unix(), 10)}, "created_before": {strconv.FormatInt((w.End + 1).Start().Unix(), 10)},
	}
	var all []devin.Session
	for {
		var page struct {
			Items     []devin.Session `json:"items"`
			EndCursor string          `json:"end_cursor"`
			More      bool            `json:"has_next_page"`
		}
		if err := plainGet(ctx, client, base+"/v3/enterprise/sessions?"+q.Encode(), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if !page.More {
			return all, nil
		}
		q.Set("after", page.EndCursor)
	}
}

const sessionsArguments = `
  start_date = "2026-10-01"
  end_date   = "2026-10-30"
  limit      = 50000
  format     = "csv"
`

func sessionsFixture(b *testing.B, latency time.Duration) *fixture {
	b.Helper()
	return newFixture(b, devintest.Options{Members: 320, Uniform: true, PageSize: 200, Latency: latency})
}

func BenchmarkSessions(b *testing.B) {
	w := providertest.Days(b, "2026-10-01", "2026-10-30")
	fake := sessionsFixture(b, 20*time.Millisecond)
	all, err := plainSessions(b.Context(), fake.URL, w)
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	comparison{
		name: fmt.Sprintf("%s sessions at 20 ms, csv, read, against a bare pager", thousands(uint64(len(all)))), target: 1.2,
		baseline: func() {
			if _, err := plainSessions(b.Context(), fake.URL, w); err != nil {
				b.Fatal(err)
			}
		},
		ours: func() {
			size = benchRead(b, fake, "devin_sessions", map[string]any{
				"start_date": "2026-10-01", "end_date": "2026-10-30", "limit": 50_000, "format": "csv",
			})
		},
		notes: func(_, _ *spent) string { return fake.asked(size) },
	}.run(b)
}

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
