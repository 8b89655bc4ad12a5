package provider

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestSessionMetricsAreNarrowedAndGuarded(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	ids := []string{fake.Members()[0].UserID, fake.Members()[1].UserID}
	m := sessionMetricsModel{windowModel: window("2026-10-01", "2026-10-31"), metricsFilterModel: metricsFilterModel{UserIDs: ids}}
	if err := readSessionMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	truth := fake.SessionCounts(devintest.PRFilter{UserIDs: ids}, from, to)
	if int64(*m.Created) != truth.Created || truth.Created == 0 || int64(m.ByOrigin["slack"]) != truth.ByOrigin["slack"] {
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
