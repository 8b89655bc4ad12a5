package provider

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// The product devin counts for the limit of an organization.
func TestHeadroomIsWhatTheCycleToDateLeaves(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-11-05", "2026-11-20")
	org := fake.Organizations()[0].OrgID
	fake.SetLimits(func(l *devintest.Limits) { l.Organizations[org] = 100_000 })
	var m acuHeadroomModel
	if err := readACUHeadroom(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	if m.StartDate.String() != "2026-11-05" || m.EndDate.String() != "2026-12-04" || *m.Enterprise.UsedACUs != fake.EnterpriseTotal(from, to) || m.Members != nil {
		t.Errorf("from %s to %s: %v ACUs, members %v", m.StartDate, m.EndDate, *m.Enterprise.UsedACUs, m.Members)
	}
	for _, o := range m.Organizations {
		used := fake.PartTotal(devintest.Part{OrgID: o.OrgID}, from, to)
		if *o.UsedACUs != used || used == 0 {
			t.Errorf("%s used %v, want %v", o.OrgID, *o.UsedACUs, used)
		}
		at := slices.IndexFunc(o.Limits, func(l devin.LimitUse) bool { return l.Name == "acu_limit" })
		if o.OrgID != org {
			if at >= 0 {
				t.Errorf("%s has the limit %+v", o.OrgID, o.Limits[at])
			}
			continue
		}
		sessions := []float64{}
		for _, day := range fake.PartDays(devintest.Part{OrgID: org}, from, to) {
			sessions = append(sessions, day.ByProduct["devin"])
		}
		if want := devin.SumACUs(sessions); at < 0 || *o.Limits[at].Used != want || *o.Limits[at].Left != devin.SumACUs([]float64{100_000, -want}) {
			t.Errorf("limits: %+v, want %v used", o.Limits, want)
		}
	}
}

func TestHeadroomOfWhatConsumptionDoesNotKnowIsNull(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	left := fake.Members()[0].UserID
	fake.SetLimits(func(l *devintest.Limits) { l.Users[left] = 10 })
	fake.Fault("/v3/enterprise/consumption/daily/users/*", devintest.Fault{Status: http.StatusNotFound})
	gone := fake.Organizations()[0].OrgID
	fake.Fault("/v3/enterprise/consumption/daily/organizations/"+gone, devintest.Fault{Status: http.StatusNotFound})
	ctx, notices := devin.WithNotices(t.Context())
	m := acuHeadroomModel{Users: types.BoolValue(true)}
	if err := readACUHeadroom(ctx, fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Members) != 1 || m.Members[0].UserID != left || m.Members[0].UsedACUs != nil || len(m.Members[0].Limits) != 1 || m.Members[0].Limits[0].Left != nil {
		t.Errorf("members: %+v", m.Members)
	}
	if len(m.Organizations) != len(fake.Organizations()) {
		t.Fatalf("%d organizations", len(m.Organizations))
	}
	for _, org := range m.Organizations {
		if (org.UsedACUs == nil) != (org.OrgID == gone) {
			t.Errorf("%+v", org)
		}
	}
	if n := notices.All(); len(n) != 2 || n[0].Kind != devin.NoticeUnknown || n[1].Kind != devin.NoticeUnknown {
		t.Errorf("noticed %+v", n)
	}
}

func TestReportsAdviseToSkipOnlyWhereAnArgumentDoes(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	p := fake.configured(t, map[string]any{"max_retries": 0})
	window := map[string]any{"start_date": "2026-10-01", "end_date": "2026-10-31"}
	const skip, ids, endpoint = "skip_failed_", "names are not ids", "may not have the endpoint"
	for _, tt := range []struct {
		fault     devintest.Fault
		path      string
		name      string
		given     map[string]any
		says, not []string
	}{
		{devintest.Fault{Status: 500}, "/v3/enterprise/consumption/daily/organizations/*", "devin_organizations_daily_consumption", window, []string{skip}, []string{ids, endpoint}},
		{devintest.Fault{Status: 500}, "/v3/enterprise/consumption/daily/organizations/*", "devin_acu_headroom", nil, nil, []string{skip, ids, endpoint}},
		{devintest.Fault{Status: 404}, "/v3/enterprise/consumption/daily/organizations/*", "devin_acu_headroom", nil, []string{endpoint}, []string{skip, ids}},
		{devintest.Fault{Status: 404}, "/v3beta1/enterprise/users/*", "devin_acu_headroom", map[string]any{"users": true}, []string{endpoint}, []string{skip, ids}},
	} {
		fake.Fault(tt.path, tt.fault)
		said := providertest.Messages(p.ReadData(t, tt.name, tt.given).Diagnostics)
		fake.ClearFaults()
		for _, text := range tt.says {
			if !strings.Contains(said, text) {
				t.Errorf("%s lacks %q: %s", tt.name, text, said)
			}
		}
		for _, text := range tt.not {
			if said == "" || strings.Contains(said, text) {
				t.Errorf("%s has %q: %s", tt.name, text, said)
			}
		}
	}
}
