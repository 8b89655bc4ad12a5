package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

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
