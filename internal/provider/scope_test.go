package provider

import (
	"strings"
	"testing"

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
			p.ReadData(t, "devin_daily_consumption", map[string]any{"start_date": "2026-10-01", "org_id": tt.source})
			if requests := fake.Requests(); len(requests) == 0 || requests[0].Path != tt.wantPath {
				t.Errorf("requested %+v, want %s", requests, tt.wantPath)
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
