package provider

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestOrgIDComesFromTheDataSourceTheProviderOrTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		name                  string
		source, configured    any
		environment, wantPath string
	}{
		{"nowhere", nil, nil, "", "/v3/enterprise/consumption/daily"},
		{"null beside a blank environment", nil, nil, "\t", "/v3/enterprise/consumption/daily"},
		{"the environment", nil, nil, " org-e\n", "/v3/organizations/org-e/consumption/daily"},
		{"the provider beats the environment", nil, "org-p", "org-e", "/v3/organizations/org-p/consumption/daily"},
		{"the data source beats both", "org-d", "org-p", "org-e", "/v3/organizations/org-d/consumption/daily"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			providertest.ClearEnvironment(t)
			fake := newFixture(t, devintest.Options{})
			t.Setenv("DEVIN_ORG_ID", tt.environment)
			p := newProtocol(t, fake.Provider())
			if diags := p.Configure(t, map[string]any{"api_key": devintest.KeyOK, "api_url": fake.URL, "org_id": tt.configured}); len(diags) > 0 {
				t.Fatal(providertest.Messages(diags))
			}
			p.ReadData(t, "devin_enterprise_daily_consumption", map[string]any{"start_date": "2026-10-01", "org_id": tt.source})
			if requests := fake.Requests(); len(requests) == 0 || requests[0].Path != tt.wantPath {
				t.Errorf("asked for %+v, want %s", requests, tt.wantPath)
			}
		})
	}
}

// An empty variable of a pipeline must not widen what is read to the enterprise.
func TestAnEmptyOrgIDIsRefusedAtTheAttribute(t *testing.T) {
	providertest.ClearEnvironment(t)
	fake := newFixture(t, devintest.Options{})
	t.Setenv("DEVIN_ORG_ID", fake.Organizations()[0].OrgID)
	for _, orgID := range []string{"", " ", "\t\n"} {
		p := newProtocol(t, fake.Provider())
		got := providertest.Messages(p.Configure(t, map[string]any{"api_key": devintest.KeyOK, "api_url": fake.URL, "org_id": orgID}))
		if !strings.HasPrefix(got, "org_id: Empty org_id: ") || !strings.Contains(got, "leave it out or set it to null") {
			t.Errorf("%q: %s", orgID, got)
		}
	}
}

// An empty answer is the same for a session that consumed nothing and for one
// that Devin does not know.
func TestSessionWithoutADayHasNoTotal(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := sessionDailyConsumptionModel{consumptionModel: consumptionModel{windowModel: window("2026-10-01", "2026-10-31")}}
	m.SessionID = types.StringValue("devin-nobody")
	if err := readSessionDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	if m.TotalACUs != nil || m.ACUsByProduct != nil || m.Days == nil || len(m.Days) > 0 {
		t.Errorf("got %+v", m)
	}
}

// A key that lacks the permission for consumption is told of that, and not of the
// list, which would help it no further.
func TestServiceUsersOfAnOrganizationWithoutThePermissionSaySo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	org := fake.Organizations()[0].OrgID
	for _, tt := range []struct {
		refused string // the path that is refused
		path    string // of the argument that is blamed
	}{{"*/consumption/daily", ""}, {"*/members/service-users", "service_user_ids"}} {
		fake.ClearFaults()
		// The other waits, so that there is one refusal to tell of.
		other := map[string]string{"": "*/members/service-users", "service_user_ids": "*/consumption/daily*"}[tt.path]
		fake.Fault(other, devintest.Fault{Hang: true})
		fake.Fault(tt.refused, devintest.Fault{Status: 403})
		m := serviceUsersDailyConsumptionModel{consumptionReportModel: reportUntil("2026-10-31")}
		err := readServiceUsersDailyConsumption(t.Context(), fake.Client(t, devintest.KeyOrganization).In(org), &m)
		var at *attributeError
		blamed := errors.As(err, &at)
		if !errors.Is(err, devin.ErrForbidden) || blamed != (tt.path != "") || blamed && at.path.String() != tt.path {
			t.Errorf("%s is refused: %v", tt.refused, err)
		}
	}
}
