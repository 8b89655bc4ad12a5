package devintest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestOpenFindingsAreThoseOfTheMetrics(t *testing.T) {
	s := start(t, devintest.Options{})
	from, to := billingDay(2026, 10, 1), billingDay(2026, 11, 1)
	metrics := read[map[string]json.Number](t, get(t, s, "/v3/enterprise/code-scans/metrics"+window(from, to)))
	open := 0
	for _, severity := range []string{"critical", "high", "medium", "low"} {
		found := everything[devintest.Finding](t, s, "/v3/enterprise/code-scans/findings", url.Values{"severity": {severity}, "status": {"open"}})
		if n := metrics["open_"+severity+"_findings_count"]; n.String() != strconv.Itoa(len(found)) {
			t.Errorf("%s: %s by the metrics, %d on the list", severity, n, len(found))
		}
		open += len(found)
	}
	if all := s.Findings(); open == 0 || open == len(all) || !slices.ContainsFunc(all, func(f devintest.Finding) bool { return f.Severity == "critical" && f.Status == "open" }) {
		t.Errorf("%d of %d are open", open, len(all))
	}
}

func TestFindingsOfAnOrganizationAreItsOwn(t *testing.T) {
	s := start(t, devintest.Options{})
	n := 0
	for _, org := range s.Organizations() {
		path := "/v3/organizations/" + org.OrgID + "/code-scans/findings"
		for _, f := range everything[devintest.Finding](t, s, path, nil) {
			n++
			if !slices.ContainsFunc(s.Findings(), func(g devintest.Finding) bool { return g.ID == f.ID && g.OrgID == org.OrgID }) {
				t.Errorf("%s is not of %s", f.ID, org.Name)
			}
		}
		wantStatus(t, s, path+"?org_ids="+org.OrgID, http.StatusUnprocessableEntity)
	}
	if n != len(s.Findings()) {
		t.Errorf("%d findings of %d", n, len(s.Findings()))
	}
	path := "/v3/organizations/" + s.Organizations()[0].OrgID + "/code-scans/findings"
	if got := getAs(t, s, devintest.KeyOrganization, path).status; got != http.StatusOK {
		t.Errorf("the organization's own key: %d", got)
	}
}
