package provider

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestSessionMetricsAreTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	org := fake.Organizations()[1].OrgID
	for name, f := range map[string]devintest.Filter{"the enterprise": {}, "an organization": {OrgIDs: []string{org}}} {
		m := sessionMetricsModel{windowModel: window("2026-10-01", "2026-10-31")}
		if f.OrgIDs != nil {
			m.OrgID = argument(org)
		}
		if err := readSessionMetrics(t.Context(), m.scope(fake.Client(t, devintest.KeyOK)), &m); err != nil {
			t.Fatal(err)
		}
		truth := fake.SessionCounts(f, from, to)
		got := [...]int64{int64(*m.Created), int64(*m.WithPlaybook), int64(*m.WithSearch), int64(*m.WithMergedPRs)}
		if want := [...]int64{truth.Created, truth.WithPlaybook, truth.WithSearch, truth.WithMergedPRs}; got != want || truth.Created == 0 {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		// An average is rounded.
		if off := float64(*m.AverageACUs) - float64(truth.ACUs)/100/float64(truth.Created); off > 0.01 || off < -0.01 {
			t.Errorf("%s: %v ACUs a session, want %d hundredths in %d", name, *m.AverageACUs, truth.ACUs, truth.Created)
		}
		for field, counts := range map[string]struct {
			got  devin.Counts
			want map[string]int64
		}{
			"by origin": {m.ByOrigin, truth.ByOrigin}, "by size": {m.BySize, truth.BySize}, "merged by size": {m.WithMergedPRsBySize, truth.WithMergedPRsBySize},
		} {
			for key, n := range counts.want {
				if int64(counts.got[key]) != n {
					t.Errorf("%s, %s: %d of %s, want %d", name, field, counts.got[key], key, n)
				}
			}
		}
	}
}

func TestSessionMetricsOfUsersAreCheckedAgainstAnIgnoredFilter(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	ids := []string{fake.Members()[0].UserID, fake.Members()[1].UserID}
	m := sessionMetricsModel{windowModel: window("2026-10-01", "2026-10-31"), metricsFilterModel: metricsFilterModel{UserIDs: ids}}
	if err := readSessionMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	truth := fake.SessionCounts(devintest.Filter{UserIDs: ids}, from, to)
	if int64(*m.Created) != truth.Created || truth.Created == 0 {
		t.Errorf("%d sessions, want %d", *m.Created, truth.Created)
	}
	if n := fake.Count("/v3/enterprise/metrics/sessions"); n != 2 {
		t.Errorf("%d requests, where one reads the counts and one checks the filter", n)
	}
	old := newFixture(t, devintest.Options{Quirks: devintest.Quirks{IgnoredFilters: []string{"user_ids"}}})
	m = sessionMetricsModel{windowModel: window("2026-10-01", "2026-10-31"), metricsFilterModel: metricsFilterModel{UserIDs: ids}}
	summary, detail := describe("count", readSessionMetrics(t.Context(), old.Client(t, devintest.KeyOK), &m))
	if summary != "unavailable: Devin ignores a filter" || !strings.Contains(detail, "asked with user_ids of a value that nothing has") {
		t.Errorf("%s\n%s", summary, detail)
	}
}
