package provider

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestServiceUsersDailyConsumptionIsTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	m := serviceUsersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31"), IncludeInactive: types.BoolValue(true)}
	if err := readServiceUsersDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	totals := []float64{}
	for i, u := range m.ServiceUsers {
		total := fake.PartTotal(devintest.Part{ServiceUserID: u.ServiceUserID}, from, to)
		if *u.TotalACUs != total || u.Name == nil || i > 0 && m.ServiceUsers[i-1].ServiceUserID >= u.ServiceUserID {
			t.Errorf("%+v, want %v ACUs", u, total)
		}
		totals = append(totals, total)
	}
	sum := devin.SumACUs(totals)
	if *m.TotalACUs != sum || sum == 0 || *m.UnattributedACUs != devin.SumACUs([]float64{fake.EnterpriseTotal(from, to), -sum}) {
		t.Errorf("%v ACUs, want %v; %v of others", *m.TotalACUs, sum, *m.UnattributedACUs)
	}
}

func TestServiceUsersDailyConsumptionIsOfTheActiveOfAllOrOfThoseThatAreNamed(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	inactive := fake.AllServiceUsers()[4]
	for name, tt := range map[string]struct {
		ids  []string
		all  bool
		want int
	}{
		"the active ones": {nil, false, len(fake.ServiceUsers())},
		"all":             {nil, true, len(fake.AllServiceUsers())},
		"an inactive one": {[]string{inactive.ServiceUserID}, false, 1},
	} {
		m := serviceUsersDailyConsumptionModel{
			consumptionReportModel: reportUntil("2026-10-31"), IncludeInactive: types.BoolValue(tt.all), ServiceUserIDs: tt.ids,
		}
		if err := readServiceUsersDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil || len(m.ServiceUsers) != tt.want {
			t.Errorf("%s: %d service users, %v, want %d", name, len(m.ServiceUsers), err, tt.want)
			continue
		}
		if tt.ids != nil && (text(m.ServiceUsers[0].Name) != inactive.Name || m.FailedServiceUserIDs != nil) {
			t.Errorf("%s: %+v", name, m.ServiceUsers)
		}
	}
}

func TestOneServiceUserHasARowForEachDay(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-01", "2026-10-31")
	user := fake.AllServiceUsers()[0]
	for name, tt := range map[string]struct {
		key, orgID, name string
	}{
		"in the enterprise":               {devintest.KeyOK, "", user.Name},
		"in an organization":              {devintest.KeyOK, user.OrgIDs[0], user.Name},
		"with the key of an organization": {devintest.KeyOrganization, fake.Organizations()[0].OrgID, "null"},
	} {
		part := devintest.Part{OrgID: tt.orgID, ServiceUserID: user.ServiceUserID}
		m := serviceUsersDailyConsumptionModel{
			consumptionReportModel: reportUntil("2026-10-31"), scopeModel: scopeModel{OrgID: argument(tt.orgID)}, ServiceUserIDs: []string{user.ServiceUserID},
		}
		if err := readServiceUsersDailyConsumption(t.Context(), m.scope(fake.Client(t, tt.key)), &m); err != nil {
			t.Fatal(err)
		}
		days := fake.PartDays(part, from, to)
		if *m.TotalACUs != fake.PartTotal(part, from, to) || len(m.ServiceUsers) != 1 || *m.ServiceUsers[0].TotalACUs != *m.TotalACUs || len(m.Rows) != len(days) {
			t.Fatalf("%s: %v ACUs, %+v, %d rows, want %v and %d", name, *m.TotalACUs, m.ServiceUsers, len(m.Rows), fake.PartTotal(part, from, to), len(days))
		}
		for i, row := range m.Rows {
			if row.ServiceUserID != user.ServiceUserID || text(row.Name) != tt.name || row.Date.String() != days[i].Name || row.ACUs != days[i].ACUs {
				t.Errorf("%s: %+v, want %+v", name, row, days[i])
			}
		}
	}
}

// A key that lacks the permission for consumption gets that error: naming the service
// users would not help it.
func TestServiceUsersOfAnOrganizationWithoutThePermissionSaySo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	org := fake.Organizations()[0].OrgID
	for _, tt := range []struct {
		refused string // the path that is refused
		path    string // the argument with the error
	}{{"*/consumption/daily", ""}, {"*/members/service-users", "service_user_ids"}} {
		fake.ClearFaults()
		// The other request hangs, so that one alone is refused.
		other := map[string]string{"": "*/members/service-users", "service_user_ids": "*/consumption/daily*"}[tt.path]
		fake.Fault(other, devintest.Fault{Hang: true})
		fake.Fault(tt.refused, devintest.Fault{Status: 403})
		m := serviceUsersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
		err := readServiceUsersDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOrganization).In(org), &m)
		var at *attributeError
		hasPath := errors.As(err, &at)
		if !errors.Is(err, devin.ErrForbidden) || hasPath != (tt.path != "") || hasPath && at.path.String() != tt.path {
			t.Errorf("%s is refused: %v", tt.refused, err)
		}
	}
}
