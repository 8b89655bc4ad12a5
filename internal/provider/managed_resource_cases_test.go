package provider

import (
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// limitCase is one of the four resources, with two configurations.
type limitCase struct {
	name, path    string
	first, second map[string]any
}

func limitCases(fake *fixture) []limitCase {
	// The agents are another organization's, since Devin may take both limits for one.
	org, other, user := fake.Organizations()[0].OrgID, fake.Organizations()[1].OrgID, fake.Members()[0].UserID
	return []limitCase{
		{
			"devin_organization_acu_limit", "/v3/enterprise/consumption/acu-limits/devin*",
			map[string]any{"org_id": org, "cycle_acu_limit": int64(70_000)},
			map[string]any{"org_id": org, "cycle_acu_limit": int64(80_000)},
		},
		{
			"devin_organization_agent_acu_limits", "/v3beta1/enterprise/organizations/*",
			map[string]any{"org_id": other, "cloud_agent_cycle_acu_limit": int64(70_000), "local_agent_cycle_acu_limit": nil},
			map[string]any{"org_id": other, "cloud_agent_cycle_acu_limit": nil, "local_agent_cycle_acu_limit": int64(80_000)},
		},
		{
			"devin_user_acu_limit", "/v3beta1/enterprise/users/*",
			map[string]any{"user_id": user, "cycle_acu_limit": int64(70_000)},
			map[string]any{"user_id": user, "cycle_acu_limit": int64(80_000)},
		},
		{
			"devin_user_billing_organization", "/v3beta1/enterprise/users/*",
			map[string]any{"user_id": user, "billing_org_id": org},
			map[string]any{"user_id": user, "billing_org_id": other},
		},
	}
}

// limitCaseOf is the case of one resource.
func limitCaseOf(fake *fixture, name string) limitCase {
	cases := limitCases(fake)
	return cases[slices.IndexFunc(cases, func(c limitCase) bool { return c.name == name })]
}

// id is that of the object of both configurations.
func (c limitCase) id() string {
	return c.first[c.identity()].(string) //nolint:forcetypeassert // it is a text
}

// identity is the attribute with the id.
func (c limitCase) identity() string {
	if _, ok := c.first["org_id"]; ok {
		return "org_id"
	}
	return "user_id"
}

// of is a configuration for another object.
func (c limitCase) of(id string) map[string]any {
	config := maps.Clone(c.first)
	config[c.identity()] = id
	return config
}

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet }

func isRead(r *http.Request) bool { return r.Method == http.MethodGet }

// checkWrites wants the bodies that create, change and destroy a resource: they have only
// the fields that it owns, in the form that clears nothing else.
func checkWrites(t *testing.T, fake *fixture, name string, want ...string) {
	t.Helper()
	c := limitCaseOf(fake, name)
	r := newApplied(t, newTerraform(t, fake, nil), name, c.first)
	if !r.apply(c.second) || !r.apply(nil) {
		t.Fatal(providertest.Messages(r.said))
	}
	var sent []string
	for _, line := range written(fake) {
		method, rest, _ := strings.Cut(line, " ")
		_, body, _ := strings.Cut(rest, " ")
		sent = append(sent, method+" "+body)
	}
	if !slices.Equal(sent, want) {
		t.Errorf("sent\n%q\nwant\n%q", sent, want)
	}
}

// checkLimits wants what Devin has set.
func checkLimits(t *testing.T, fake *fixture, want devintest.Limits) {
	t.Helper()
	if got := fake.Limits(); !reflect.DeepEqual(got, want) {
		t.Errorf("Devin has %+v, want %+v", got, want)
	}
}

func nothingIsSet(t *testing.T, fake *fixture) {
	t.Helper()
	if l := fake.Limits(); len(l.Organizations)+len(l.Cloud)+len(l.Local)+len(l.Users)+len(l.BillingOrgs) > 0 {
		t.Errorf("left over: %+v", l)
	}
}

// capAt1000 makes Devin store 1000 where 5000 is written.
func (tf *terraform) capAt1000() {
	tf.network.between = func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		r.Body = io.NopCloser(strings.NewReader(strings.ReplaceAll(string(body), ":5000", ":1000")))
		next(w, r)
	}
}

// catchUp reads until a Devin that lags shows the last write.
func catchUp(r *managed, c limitCase) {
	reader := newManaged(r.t, r.tf, c.name)
	for range 10 {
		reader.importID(c.id())
	}
}

var aShortList = devintest.Fault{Rewrite: func([]byte) []byte {
	return []byte(`{"items":[],"end_cursor":null,"has_next_page":false,"total":1}`)
}}
