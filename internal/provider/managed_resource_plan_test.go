package provider

import (
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

const (
	takesOver   = "An existing value is taken over"
	notKnown    = "It is not known what this plan replaces"
	useNotKnown = "It is not known what this limit blocks"
	blocksUse   = "A limit of 0 blocks all use"
	belowTheUse = "The limit is below what is used already"
)

// Another organization has a limit of its own, which the plan replaces. Terraform plans
// a replacement twice, and the warning comes once.
func TestAReplacementWarnsOnceOfWhatItTakesOver(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake)[:3] {
		other := fake.Organizations()[2].OrgID
		if c.first["user_id"] != nil {
			other = fake.Members()[1].UserID
		}
		fake.SetLimits(func(l *devintest.Limits) { l.Organizations[other], l.Cloud[other], l.Users[other] = 777, 777, 777 })
		r := newApplied(t, tf, c.name, c.first)
		tf.walk(t, func() {
			first := r.planFrom(r.state, nil, c.of(other))
			second := r.planFrom(r.null(), first.PlannedPrivate, c.of(other))
			r.said = append(first.Diagnostics, second.Diagnostics...)
		})
		if n := strings.Count(strings.Join(summaries(r.said), "\n"), takesOver); n != 1 {
			t.Errorf("%s says it %d times: %s", c.name, n, providertest.Messages(r.said))
		}
	}
}

// A key that Devin refuses is an error in the plan, since the apply must fail.
func TestARefusedKeyFailsThePlan(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	for _, c := range limitCases(fake) {
		r := newManaged(t, newTerraform(t, fake, nil), c.name)
		fake.Fault("*", devintest.Fault{Status: 401})
		r.plan(c.first)
		r.says("error: invalid_credentials: Devin refused the API key")
		fake.ClearFaults()
	}
}

// A plan waits a few seconds for its advice, and then goes on without it.
func TestAPlanDoesNotWaitForItsAdvice(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]devintest.Fault{
		"429": {Status: 429, RetryAfter: "60"}, "503": {Status: 503}, "429 without an end": {Status: 429},
	} {
		fake := newFixture(t, devintest.Options{Members: 4})
		fake.Fault("*", fault)
		for _, c := range limitCases(fake) {
			r := newManaged(t, newTerraform(t, fake, nil), c.name)
			fake.ResetRequests()
			before := fake.Clock.Now()
			r.plan(c.first)
			r.says(notKnown)
			if waited := fake.Clock.Now().Sub(before); waited > 5*time.Second || len(fake.Requests()) > 2 {
				t.Errorf("%s of %s: %d requests, %s", name, c.name, len(fake.Requests()), waited)
			}
		}
	}
}

// An organization that Devin's list does not have is an error in the plan, unless the
// list may not be read, or lacks it once only.
func TestAPlanForWhatDoesNotExistIsAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4, PageSize: 200, Quirks: devintest.Quirks{UnknownOrganization: 404}})
	fake.AddKey("cog_no_lists", devintest.Principal{Permissions: []string{devintest.WriteBilling, "ViewAccountConsumption"}})
	unknown := map[string]string{"org_id": "error: Organization unknown to Devin", "user_id": "error: User unknown to Devin"}
	for i, c := range limitCases(fake) {
		wrong, summary := c.of("org-0"), unknown["org_id"]
		if c.first["user_id"] != nil {
			wrong, summary = c.of("google-oauth2|0"), unknown["user_id"]
		}
		r := newManaged(t, newTerraform(t, fake, nil), c.name)
		r.plan(wrong)
		r.says(summary)
		blind := newManaged(t, newTerraform(t, fake, map[string]any{"api_key": "cog_no_lists"}), c.name)
		if blind.plan(wrong); hasErrors(blind.said) {
			t.Errorf("%s: %s", c.name, providertest.Messages(blind.said))
		}
		if i == 0 {
			fake.Fault("/v3/enterprise/organizations", devintest.Fault{Body: `{"items": [], "end_cursor": null, "has_next_page": false}`, Times: 1})
			r.plan(c.first)
			r.says()
			fake.ClearFaults()
		}
	}
}

// A fraction is an error at the attribute, in validate and where the number becomes
// known only in the apply.
func TestALimitThatIsNoWholeNumberIsAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	third, _, err := big.ParseFloat("416.666666666666666666", 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range []*big.Float{third, big.NewFloat(-1), big.NewFloat(1e30), big.NewFloat(1e12 + 1)} {
		for _, c := range limitCases(fake)[:3] {
			config := c.of(c.id())
			name := "cycle_acu_limit"
			if _, ok := config[name]; !ok {
				name = "cloud_agent_cycle_acu_limit"
			}
			config[name] = number
			r := newManaged(t, tf, c.name)
			for what, step := range map[string]func(){
				"validate": func() { r.validate(config) },
				"apply":    func() { tf.walk(t, func() { r.applyPlanned(config) }) },
			} {
				step()
				r.says("error: Impossible number")
				r.mentions("Impossible number", "floor(", "a whole number from 0 to 1000000000000, and it is "+plainNumber(number))
				if at := r.said[0].Attribute; at == nil || at.String() != tftypes.NewAttributePath().WithAttributeName(name).String() {
					t.Errorf("%s of %s points at %v", what, c.name, at)
				}
			}
			r.has(nil)
		}
	}
	for _, sent := range written(fake) {
		t.Errorf("sent %s", sent)
	}
}

// Settings of the provider that are known after apply only: the plan goes on with what
// the state has.
func TestUnknownSettingsDoNotFailARefresh(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, map[string]any{"api_key": tftypes.UnknownValue})
	for _, c := range limitCases(fake) {
		r := newManaged(t, tf, c.name).inState(c.first)
		if !r.refresh() {
			t.Error(providertest.Messages(r.said))
		}
		r.says("Not refreshed")
		r.mentions("Not refreshed", "api_key", c.id())
		r.has(c.first)
		r.plan(c.second)
		r.says()
	}
	if n := len(fake.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

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
