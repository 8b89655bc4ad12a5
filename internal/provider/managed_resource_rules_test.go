package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// Only the fields that a resource owns are sent, in the form that clears nothing else.
func TestBodiesHaveOnlyWhatIsOwned(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	want := map[string][]string{
		"devin_organization_acu_limit":        {`PUT {"cycle_acu_limit":70000}`, `PUT {"cycle_acu_limit":80000}`, `DELETE `},
		"devin_organization_agent_acu_limits": {`PATCH {"cloud_agent":{"cycle_acu_limit":70000}}`, `PATCH {"cloud_agent":null,"local_agent":{"cycle_acu_limit":80000}}`, `PATCH {"local_agent":null}`},
		"devin_user_acu_limit": {
			`PATCH {"local_agent":{"cycle_acu_limit":70000}}`, `PATCH {"local_agent":{"cycle_acu_limit":80000}}`, `PATCH {"local_agent":{"cycle_acu_limit":null}}`,
		},
		"devin_user_billing_organization": {
			`PATCH {"local_agent":{"billing_org_id":"` + fake.Organizations()[0].OrgID + `"}}`, `PATCH {"local_agent":{"billing_org_id":"` + fake.Organizations()[1].OrgID + `"}}`,
			`PATCH {"local_agent":{"billing_org_id":null}}`,
		},
	}
	for _, c := range limitCases(fake) {
		fake.ResetRequests()
		r := newManaged(t, tf, c.name)
		if !r.apply(c.first) || !r.apply(c.second) || !r.apply(nil) {
			t.Fatal(providertest.Messages(r.said))
		}
		var sent []string
		for _, line := range written(fake) {
			method, rest, _ := strings.Cut(line, " ")
			_, body, _ := strings.Cut(rest, " ")
			sent = append(sent, method+" "+body)
		}
		if !slices.Equal(sent, want[c.name]) {
			t.Errorf("%s sent\n%q\nwant\n%q", c.name, sent, want[c.name])
		}
	}
}
