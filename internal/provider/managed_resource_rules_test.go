package provider

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
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
	writer, reader := limitServer(t, fake, nil), limitServer(t, fake, map[string]any{"read_only": true})
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
		r.server = writer
		if !r.apply(c.first) {
			t.Fatal(providertest.Messages(r.said))
		}
		r.server = reader
		fake.ResetRequests()
		refused("update", c.second)
		refused("destroy", nil)
		if r.plan(c.first); len(r.said) > 0 || !r.refresh() || !reflect.DeepEqual(r.values(), c.first) {
			t.Errorf("an unchanged %s: %s", c.name, providertest.Messages(r.said))
		}
		// Should a plan of another provider block be applied, the client refuses.
		planned, wanted := (&managed{t: t, server: writer, name: c.name, state: r.state}).plan(c.second)
		resp, err := reader.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: c.name, PriorState: r.state, PlannedState: planned.PlannedState, Config: wanted,
		})
		if err != nil || !hasErrors(resp.Diagnostics) {
			t.Errorf("%s is applied: %v", c.name, err)
		}
		if sent := written(fake); len(sent) > 0 {
			t.Errorf("%s sent %v", c.name, sent)
		}
	}
}

func TestReadOnlyComesFromTheEnvironmentToo(t *testing.T) {
	fake := newFixture(t, devintest.Options{Members: 4})
	for value, want := range map[string]string{"true": "The provider only reads", "1": "The provider only reads", "false": "", "": "", "perhaps": "Malformed read_only"} {
		t.Setenv("DEVIN_READ_ONLY", value)
		p := newProtocol(t, fake.Provider())
		diags := p.Configure(t, map[string]any{"api_url": fake.URL, "api_key": devintest.KeyOK})
		if len(diags) == 0 {
			r := newManaged(t, p, "devin_organization_acu_limit")
			r.plan(limitCases(fake)[0].first)
			diags = r.said
		}
		if want == "" && len(diags) > 0 || want != "" && (len(diags) != 1 || diags[0].Summary != want) {
			t.Errorf("%q: %s", value, providertest.Messages(diags))
		}
	}
	t.Setenv("DEVIN_READ_ONLY", "true")
	r := newManaged(t, limitServer(t, fake, map[string]any{"read_only": false}), "devin_organization_acu_limit")
	if r.plan(limitCases(fake)[0].first); len(r.said) > 0 {
		t.Errorf("the provider block has the word: %s", providertest.Messages(r.said))
	}
}

// Only the fields that a resource owns are sent, in the form that clears nothing else.
func TestBodiesHaveOnlyWhatIsOwned(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	server := limitServer(t, fake, nil)
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
		r := newManaged(t, server, c.name)
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

func TestAPlanWarnsOfWhatALimitDoes(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	org := fake.Organizations()[0].OrgID
	fake.AddKey("cog_no_consumption", devintest.Principal{Permissions: []string{devintest.WriteBilling, devintest.ManageOrganizations}})
	limit := func(n int64) map[string]any { return map[string]any{"org_id": org, "cycle_acu_limit": n} }
	said := func(r *managed) []string {
		var all []string
		for _, d := range r.said {
			if d.Severity != tfprotov6.DiagnosticSeverityWarning {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
			all = append(all, d.Summary)
		}
		return all
	}
	r := newManaged(t, limitServer(t, fake, nil), "devin_organization_acu_limit")
	for n, want := range map[int64][]string{0: {"A limit of 0 blocks all use"}, 1: {"The limit is below what is used already"}, 1_000_000: nil} {
		if r.plan(limit(n)); !slices.Equal(said(r), want) {
			t.Errorf("%d: %s", n, providertest.Messages(r.said))
		}
	}
	if r.plan(limit(1)); !strings.Contains(r.said[0].Detail, "is 1, and the organization "+org+" has consumed ") {
		t.Errorf("%s", r.said[0].Detail)
	}
	// A key that may not read consumption is told nothing.
	blind := newManaged(t, limitServer(t, fake, map[string]any{"api_key": "cog_no_consumption"}), "devin_organization_acu_limit")
	if blind.plan(limit(1)); len(blind.said) > 0 {
		t.Errorf("a key that may not read: %s", providertest.Messages(blind.said))
	}
	// What exists is taken over with a warning that shows it.
	fake.SetLimits(func(l *devintest.Limits) { l.Organizations[org] = 777_777 })
	if r.plan(limit(1_000_000)); !slices.Equal(said(r), []string{"An existing value is taken over"}) || !strings.Contains(r.said[0].Detail, "cycle_acu_limit = 777777") {
		t.Errorf("%s", providertest.Messages(r.said))
	}
	if r.plan(limit(777_777)); len(r.said) > 0 {
		t.Errorf("the same value: %s", providertest.Messages(r.said))
	}
	agents := newManaged(t, limitServer(t, fake, nil), "devin_organization_agent_acu_limits")
	if agents.plan(map[string]any{"org_id": org, "cloud_agent_cycle_acu_limit": int64(0), "local_agent_cycle_acu_limit": int64(1)}); len(said(agents)) == 0 || agents.said[0].Summary != "A limit of 0 blocks all use" {
		t.Errorf("%s", providertest.Messages(agents.said))
	}
}

func TestWhatIsGoneLeavesTheStateAndWhatIsNotEnabledDoesNot(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 404} {
		fake := newFixture(t, devintest.Options{Members: 4, Quirks: devintest.Quirks{UnknownOrganization: status, BetaLimits: status}})
		server := limitServer(t, fake, nil)
		for _, c := range limitCases(fake)[1:] {
			r := newManaged(t, server, c.name)
			r.state = providertest.Value(t, server.Schemas.ResourceSchemas[c.name], c.first)
			if r.refresh() || !strings.Contains(r.said[0].Summary, "enabled") || r.state == nil {
				t.Errorf("%d: %s: %s", status, c.name, providertest.Messages(r.said))
			}
			gone := map[string]any{}
			for name, value := range c.first {
				gone[name] = value
			}
			for _, id := range []string{"org_id", "user_id"} {
				if gone[id] != nil {
					gone[id] = strings.Replace(gone[id].(string), "-", "-gone", 1) //nolint:forcetypeassert // an id
				}
			}
			r.state = providertest.Value(t, server.Schemas.ResourceSchemas[c.name], gone)
			if !r.refresh() || r.state != nil {
				t.Errorf("%d: %s that is gone: %s", status, c.name, providertest.Messages(r.said))
			}
			// To clear what is gone is done.
			r.state = providertest.Value(t, server.Schemas.ResourceSchemas[c.name], gone)
			if !r.apply(nil) || r.state != nil {
				t.Errorf("%d: to clear %s that is gone: %s", status, c.name, providertest.Messages(r.said))
			}
		}
	}
}

func TestImportByIDAndByIdentity(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	server := limitServer(t, fake, nil)
	for _, c := range limitCases(fake) {
		set, r := newManaged(t, server, c.name), newManaged(t, server, c.name)
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
		resp, err := server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{
			TypeName: c.name, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data},
		})
		if err != nil || hasErrors(resp.Diagnostics) || len(resp.ImportedResources) != 1 || !reflect.DeepEqual(r.valuesOf(resp.ImportedResources[0].State), c.first) {
			t.Errorf("%s by identity: %v, %s", c.name, err, providertest.Messages(resp.Diagnostics))
		}
		listed := listOf(t, server, c.name)
		if len(listed) != 1 || !reflect.DeepEqual(listed[0], c.first) {
			t.Errorf("%s lists %v", c.name, listed)
		}
	}
}

// noArguments is the configuration of a list.
func noArguments(t *testing.T) *tfprotov6.DynamicValue {
	t.Helper()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	config, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, map[string]tftypes.Value{}))
	if err != nil {
		t.Fatal(err)
	}
	return &config
}

// listOf is what terraform query gets.
func listOf(t *testing.T, server *protocol, name string) []map[string]any {
	t.Helper()
	lister, ok := server.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server has no lists")
	}
	stream, err := lister.ListResource(context.Background(), &tfprotov6.ListResourceRequest{TypeName: name, Config: noArguments(t), IncludeResource: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	m := newManaged(t, server, name)
	for result := range stream.Results {
		if len(result.Diagnostics) > 0 || result.Identity == nil || result.DisplayName == "" {
			t.Fatal(providertest.Messages(result.Diagnostics))
		}
		all = append(all, m.valuesOf(result.Resource))
	}
	return all
}

// Two resources on the same user, applied at once, do not disturb each other.
func TestResourcesOfOneUserInParallel(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	server := limitServer(t, fake, nil)
	cases := limitCases(fake)
	for range 20 {
		var group sync.WaitGroup
		for _, c := range cases {
			group.Go(func() {
				r := newManaged(t, server, c.name)
				if !r.apply(c.first) || !r.apply(c.second) {
					t.Error(providertest.Messages(r.said))
				}
			})
		}
		group.Wait()
	}
	l, user, org := fake.Limits(), fake.Members()[0].UserID, fake.Organizations()[0].OrgID
	if l.Users[user] != 80_000 || l.BillingOrgs[user] != fake.Organizations()[1].OrgID || l.Local[org] != 80_000 || l.Organizations[org] != 80_000 {
		t.Errorf("%+v", l)
	}
}

func TestAKeyThatMayReadButNotWriteSaysSo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	fake.AddKey("cog_reader_only", devintest.Principal{Permissions: []string{"ViewAccountConsumption", devintest.ManageOrganizations, devintest.ManageAccountMembership}})
	server := limitServer(t, fake, map[string]any{"api_key": "cog_reader_only"})
	for _, c := range limitCases(fake) {
		r := newManaged(t, server, c.name)
		if ok := r.apply(c.first); ok || !strings.HasPrefix(r.said[len(r.said)-1].Summary, "forbidden: ") || !strings.Contains(r.said[len(r.said)-1].Detail, "ManageBilling") {
			t.Errorf("%s: %s", c.name, providertest.Messages(r.said))
		}
	}
	// The key of an organization is told what it is.
	r := newManaged(t, limitServer(t, fake, map[string]any{"api_key": devintest.KeyOrganization}), "devin_organization_acu_limit")
	if ok := r.apply(limitCases(fake)[0].first); ok || !strings.Contains(r.said[len(r.said)-1].Summary, "the API key is of one organization") {
		t.Errorf("%s", providertest.Messages(r.said))
	}
}
