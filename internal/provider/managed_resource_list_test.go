package provider

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAListHasWhatCanBeImported(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		if got := tf.list(t, c.name, 100); len(got) > 0 {
			t.Errorf("%s lists %v before anything is set", c.name, got)
		}
		r := newApplied(t, tf, c.name, c.first)
		got := tf.list(t, c.name, 100)
		if len(got) != 1 || len(got[0].Diagnostics) > 0 || got[0].DisplayName != c.id() || !reflect.DeepEqual(r.valuesOf(got[0].Resource), c.first) {
			t.Fatalf("%s lists %+v", c.name, got)
		}
		imported := newManaged(t, tf, c.name)
		imported.importIdentity(got[0].Identity)
		imported.says()
		imported.has(c.first)
	}
}

// A list that cannot be read is our error, and never an empty list.
func TestAListThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	faults := map[string]struct {
		fault devintest.Fault
		says  string
		beta  string // where the endpoint is in beta; empty is says
	}{
		"401":       {devintest.Fault{Status: 401}, "invalid_credentials: ", ""},
		"403":       {devintest.Fault{Status: 403}, "forbidden: ", ""},
		"404":       {devintest.Fault{Status: 404}, "Not found in Devin", "Perhaps not enabled for this enterprise"},
		"429":       {devintest.Fault{Status: 429}, "unavailable: Devin asks for fewer requests", ""},
		"500":       {devintest.Fault{Status: 500}, "unavailable: Devin answered 500", ""},
		"a page":    {devintest.Fault{Body: "<html>"}, "unavailable: ", ""},
		"other":     {devintest.Fault{Body: `{"error": "not ready"}`}, "unavailable: ", ""},
		"not whole": {devintest.Fault{CutBody: true}, "unavailable: ", ""},
	}
	for name, f := range faults {
		tf := newTerraform(t, fake, map[string]any{"max_retries": 0})
		for i, c := range limitCases(fake) {
			want := f.says
			if i > 0 && f.beta != "" {
				want = f.beta
			}
			fake.ClearFaults()
			fake.Fault(c.path, f.fault)
			got := tf.list(t, c.name, 100)
			if len(got) != 1 || !hasErrors(got[0].Diagnostics) || len(got[0].Diagnostics) != 1 || !strings.HasPrefix(got[0].Diagnostics[0].Summary, want) {
				for _, r := range got {
					t.Errorf("%s of %s: %s", name, c.name, providertest.Messages(r.Diagnostics))
				}
				if len(got) == 0 {
					t.Errorf("%s of %s lists nothing", name, c.name)
				}
				continue
			}
			if d := got[0].Diagnostics[0]; !strings.Contains(d.Detail, "ould not list the ") || strings.Contains(d.Detail, `""`) {
				t.Errorf("%s of %s: %s", name, c.name, d.Detail)
			}
		}
	}
}

// A list block has a limit, 100 unless it says otherwise: where there are more, the last
// one says so.
func TestAListBeyondItsLimitSaysSo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 20})
	orgs, members := fake.Organizations(), fake.Members()
	if len(orgs) < 3 {
		t.Fatalf("%d organizations", len(orgs))
	}
	fake.SetLimits(func(l *devintest.Limits) {
		for _, o := range orgs {
			l.Organizations[o.OrgID], l.Cloud[o.OrgID] = 5, 5
		}
		for _, m := range members[:len(orgs)] {
			l.Users[m.UserID], l.BillingOrgs[m.UserID] = 5, orgs[0].OrgID
		}
	})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		for limit := range len(orgs) + 2 {
			if limit == 0 {
				continue
			}
			got := tf.list(t, c.name, int64(limit))
			if len(got) != min(limit, len(orgs)) {
				t.Fatalf("%s with limit %d lists %d", c.name, limit, len(got))
			}
			for i, r := range got {
				want := []string(nil)
				if i == len(got)-1 && limit < len(orgs) {
					want = []string{"More than the limit of this list"}
				}
				if said := summaries(r.Diagnostics); !slices.Equal(said, want) {
					t.Errorf("%s with limit %d, item %d says %q", c.name, limit, i, said)
				}
			}
		}
	}
}

func TestAListThatEndsEarlyHasANotice(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Members: 4})
		fake.Fault("/v3/enterprise/consumption/acu-limits/devin", aShortList)
		var said []*tfprotov6.Diagnostic
		for _, result := range newTerraform(t, fake, map[string]any{"strict": strict}).list(t, "devin_organization_acu_limit", 100) {
			said = append(said, result.Diagnostics...)
		}
		if len(said) != 1 || said[0].Summary != string(devin.NoticeShortList) || (said[0].Severity == tfprotov6.DiagnosticSeverityError) != strict {
			t.Errorf("strict %v: %s", strict, providertest.Messages(said))
		}
	}
}
