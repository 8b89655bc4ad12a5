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

func TestWhatOnlyTheEnterpriseHasSaysSoBesideAnOrgID(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	org := fake.Organizations()[0].OrgID
	p := fake.configured(t, map[string]any{"api_key": devintest.KeyOK, "org_id": org})
	window := map[string]any{"start_date": "2026-11-01"}
	narrowed := map[string]any{"start_date": "2026-11-01", "org_ids": []string{org}}
	for _, tt := range []struct {
		source string
		given  map[string]any
		warns  bool
	}{
		{"devin_acu_headroom", nil, true},
		{"devin_acu_limits", nil, true},
		{"devin_billing_cycles", nil, false},
		{"devin_hypervisors", nil, true},
		{"devin_organizations_daily_consumption", window, true},
		{"devin_organizations_daily_consumption", narrowed, false},
		{"devin_queue", nil, true},
		{"devin_service_user_api_keys", nil, true},
		{"devin_session_categories", window, true},
		{"devin_session_categories", narrowed, false},
		{"devin_daily_consumption", window, false},
		{"devin_members", nil, false},
	} {
		resp := p.ReadData(t, tt.source, tt.given)
		said := providertest.Messages(resp.Diagnostics)
		if takes := tt.source == "devin_session_categories" || tt.source == "devin_organizations_daily_consumption"; tt.warns && takes != strings.Contains(said, "Name the organizations in org_ids") {
			t.Errorf("%s advises %q", tt.source, said)
		}
		if warns := strings.Contains(said, "The whole enterprise is read: The provider's org_id, "+org); warns != tt.warns || hasErrors(resp.Diagnostics) {
			t.Errorf("%s %v says %q", tt.source, tt.given, said)
		}
	}
}

func TestEachTypeThatOnlyTheEnterpriseHasShowsItsScope(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	p := fake.configured(t, map[string]any{"api_key": devintest.KeyOK})
	for name, schema := range p.Schemas.DataSourceSchemas {
		attributes := map[string]bool{}
		for _, attribute := range schema.Block.Attributes {
			attributes[attribute.Name] = true
		}
		// What is about the key has neither.
		if about := name == "devin_principal" || name == "devin_connection_check"; attributes["scope"] == (attributes["org_id"] || about) {
			t.Errorf("%s has scope: %t, org_id: %t", name, attributes["scope"], attributes["org_id"])
		}
	}
	var m queueModel
	if err := ofEnterprise(readQueue).fill(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil || text(m.Scope) != "enterprise" {
		t.Errorf("the scope is %s, %v", text(m.Scope), err)
	}
}
