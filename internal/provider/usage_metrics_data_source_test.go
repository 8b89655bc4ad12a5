package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestUsageMetricsAreOfTheEnterpriseOrOfOneOrganization(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-08")
	for _, f := range []devintest.Filter{{}, {OrgIDs: []string{fake.Organizations()[1].OrgID}}} {
		m := usageMetricsModel{windowModel: window("2026-10-26", "2026-11-08")}
		if f.OrgIDs != nil {
			m.OrgID = argument(f.OrgIDs[0])
		}
		if err := readUsageMetrics(t.Context(), m.scope(fake.Client(t, devintest.KeyOK)), &m); err != nil {
			t.Fatal(err)
		}
		sessions, prs := fake.SessionCounts(f, from, to), fake.PRs(f, from, to)
		if int64(*m.Sessions) != sessions.Created || int64(*m.Searches) != sessions.Searches() || int64(*m.PRsCreated) != prs.Created || int64(*m.PRsMerged) != prs.Merged || sessions.Created == 0 {
			t.Errorf("%d sessions, %d searches, %d and %d pull requests, want %+v, %+v", *m.Sessions, *m.Searches, *m.PRsCreated, *m.PRsMerged, sessions, prs)
		}
	}
}
