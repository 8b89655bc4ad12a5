package provider

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// With read_only no change passes the plan, and nothing but GET is sent.
func TestReadOnlyRefusesEveryChangeInThePlan(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	writer, reader := newTerraform(t, fake, nil), newTerraform(t, fake, map[string]any{"read_only": true})
	for _, c := range limitCases(fake) {
		r := newManaged(t, reader, c.name)
		refused := func(what string, config map[string]any) {
			t.Helper()
			r.plan(config)
			if len(r.said) != 1 || r.said[0].Summary != "The provider only reads" {
				t.Errorf("to %s %s: %s", what, c.name, providertest.Messages(r.said))
			}
		}
		refused("create", c.first)
		r.tf = writer
		if !r.apply(c.first) {
			t.Fatal(providertest.Messages(r.said))
		}
		r.tf = reader
		fake.ResetRequests()
		refused("update", c.second)
		refused("destroy", nil)
		if r.plan(c.first); len(r.said) > 0 || !r.refresh() || !reflect.DeepEqual(r.values(), c.first) {
			t.Errorf("an unchanged %s: %s", c.name, providertest.Messages(r.said))
		}
		// Should a plan of another provider block be applied, the client refuses.
		planned := (&managed{t: t, tf: writer, name: c.name, state: r.state}).plan(c.second)
		reader.walk(t, func() {
			resp, err := reader.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
				TypeName: c.name, PriorState: r.state, PlannedState: planned.PlannedState, Config: r.value(c.second),
			})
			if err != nil || !hasErrors(resp.Diagnostics) {
				t.Errorf("%s is applied: %v", c.name, err)
			}
		})
		if sent := written(fake); len(sent) > 0 {
			t.Errorf("%s sent %v", c.name, sent)
		}
	}
}

func TestReadOnlyComesFromTheEnvironmentToo(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 4})
	for value, want := range map[string]string{"true": "The provider only reads", "1": "The provider only reads", "false": "", "": "", "perhaps": "Malformed read_only"} {
		t.Setenv("DEVIN_READ_ONLY", value)
		tf := newTerraform(t, fake, nil)
		diags := tf.Configure(t, tf.settings)
		if len(diags) == 0 {
			r := newManaged(t, tf, "devin_organization_acu_limit")
			r.plan(limitCases(fake)[0].first)
			diags = r.said
		}
		if want == "" && len(diags) > 0 || want != "" && (len(diags) != 1 || diags[0].Summary != want) {
			t.Errorf("%q: %s", value, providertest.Messages(diags))
		}
	}
	t.Setenv("DEVIN_READ_ONLY", "true")
	r := newManaged(t, newTerraform(t, fake, map[string]any{"read_only": false}), "devin_organization_acu_limit")
	if r.plan(limitCases(fake)[0].first); len(r.said) > 0 {
		t.Errorf("the provider block counts, not the environment: %s", providertest.Messages(r.said))
	}
}

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

func TestImportByIDAndByIdentity(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		set, r := newManaged(t, tf, c.name), newManaged(t, tf, c.name)
		identity, id := "org_id", ""
		if c.first["user_id"] != nil {
			identity = "user_id"
		}
		id, _ = c.first[identity].(string)
		if r.importID(id) || r.said[0].Summary != "Nothing to import" {
			t.Errorf("%s before it is set: %s", c.name, providertest.Messages(r.said))
		}
		if !set.apply(c.first) {
			t.Fatal(providertest.Messages(set.said))
		}
		if !r.importID(id) || !reflect.DeepEqual(r.values(), c.first) {
			t.Errorf("%s: %v, %s", c.name, r.values(), providertest.Messages(r.said))
		}
		typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{identity: tftypes.String}}
		data, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, map[string]tftypes.Value{identity: tftypes.NewValue(tftypes.String, id)}))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := tf.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
			TypeName: c.name, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data},
		})
		if err != nil || hasErrors(resp.Diagnostics) || len(resp.ImportedResources) != 1 || !reflect.DeepEqual(r.valuesOf(resp.ImportedResources[0].State), c.first) {
			t.Errorf("%s by identity: %v, %s", c.name, err, providertest.Messages(resp.Diagnostics))
		}
	}
}

func TestAKeyThatMayReadButNotWriteSaysSo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	fake.AddKey("cog_reader_only", devintest.Principal{Permissions: []string{"ViewAccountConsumption", devintest.ManageOrganizations, devintest.ManageAccountMembership}})
	tf := newTerraform(t, fake, map[string]any{"api_key": "cog_reader_only"})
	for _, c := range limitCases(fake) {
		r := newManaged(t, tf, c.name)
		if ok := r.apply(c.first); ok || !strings.HasPrefix(r.said[len(r.said)-1].Summary, "forbidden: ") || !strings.Contains(r.said[len(r.said)-1].Detail, "ManageBilling") {
			t.Errorf("%s: %s", c.name, providertest.Messages(r.said))
		}
	}
	// The key of an organization is told what it is.
	r := newManaged(t, newTerraform(t, fake, map[string]any{"api_key": devintest.KeyOrganization}), "devin_organization_acu_limit")
	if ok := r.apply(limitCases(fake)[0].first); ok || !strings.Contains(r.said[len(r.said)-1].Summary, "the API key is of one organization") {
		t.Errorf("%s", providertest.Messages(r.said))
	}
}
