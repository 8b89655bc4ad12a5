package provider

import (
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestOrganizationsDailyConsumptionIsTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	m := organizationsDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
	if err := readOrganizationsDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	rows, totals := 0, []float64{}
	for i, org := range m.Organizations {
		part := devintest.Part{OrgID: org.OrgID}
		total := fake.PartTotal(part, from, to)
		if rows += len(fake.PartDays(part, from, to)); *org.TotalACUs != total || org.Name == nil || i > 0 && m.Organizations[i-1].OrgID >= org.OrgID {
			t.Errorf("%+v, want %v ACUs", org, total)
		}
		totals = append(totals, total)
	}
	sum, enterprise := devin.SumACUs(totals), fake.EnterpriseTotal(from, to)
	if len(totals) != len(fake.Organizations()) || len(m.Rows) != rows || *m.TotalACUs != sum || *m.EnterpriseTotalACUs != enterprise ||
		*m.UnattributedACUs != devin.SumACUs([]float64{enterprise, -sum}) || len(m.EnterpriseDays) != len(fake.EnterpriseDays(from, to)) {
		t.Errorf("%d organizations with %d rows, %v ACUs of %v, and %v of none", len(totals), len(m.Rows), *m.TotalACUs, *m.EnterpriseTotalACUs, *m.UnattributedACUs)
	}
	if !slices.IsSortedFunc(m.Rows, func(a, b organizationDayModel) int {
		return slices.Compare([]string{a.OrgID, a.Date.String()}, []string{b.OrgID, b.Date.String()})
	}) {
		t.Error("the rows are not sorted by org_id and date")
	}
}

func TestOrganizationsThatAreNotListedAreReadByTheirIDsWithoutNames(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	named := organizationsDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), OrgIDs: []string{fake.Organizations()[2].OrgID}}
	if err := readOrganizationsDailyConsumption(t.Context(), fake.Client(t, devintest.KeyNoOrganizationList), &named); err != nil {
		t.Fatal(err)
	}
	if o := named.Organizations; len(o) != 1 || o[0].Name != nil || o[0].TotalACUs == nil || *o[0].TotalACUs == 0 {
		t.Errorf("got %+v", o)
	}
	all := organizationsDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
	if err := readOrganizationsDailyConsumption(t.Context(), fake.Client(t, devintest.KeyNoOrganizationList), &all); err == nil {
		t.Error("all organizations are read by a key that may not list them")
	}
}
