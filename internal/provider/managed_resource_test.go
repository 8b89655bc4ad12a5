package provider

import (
	"context"
	"math/big"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// managed is a resource as Terraform keeps it: what it plans, applies and reads, by
// way of the protocol.
type managed struct {
	t      *testing.T
	server *protocol
	name   string
	state  *tfprotov6.DynamicValue // nil where it is not in the state
	ctx    context.Context         // nil is one that does not end
	// said is what the last step said.
	said []*tfprotov6.Diagnostic
}

func newManaged(t *testing.T, p *protocol, name string) *managed {
	t.Helper()
	return &managed{t: t, server: p, name: name}
}

func (m *managed) context() context.Context {
	if m.ctx == nil {
		return context.Background()
	}
	return m.ctx
}

func (m *managed) typ() tftypes.Type { return m.server.Schemas.ResourceSchemas[m.name].ValueType() }

func (m *managed) null() *tfprotov6.DynamicValue {
	null, err := tfprotov6.NewDynamicValue(m.typ(), tftypes.NewValue(m.typ(), nil))
	if err != nil {
		m.t.Fatal(err)
	}
	return &null
}

func (m *managed) before() *tfprotov6.DynamicValue {
	if m.state == nil {
		return m.null()
	}
	return m.state
}

// values is the state as Go values; nil where there is none.
func (m *managed) values() map[string]any {
	m.t.Helper()
	if m.state == nil {
		return nil
	}
	return m.valuesOf(m.state)
}

func (m *managed) valuesOf(state *tfprotov6.DynamicValue) map[string]any {
	m.t.Helper()
	value, err := state.Unmarshal(m.typ())
	if err != nil {
		m.t.Fatal(err)
	}
	if value.IsNull() {
		return nil
	}
	fields, all := map[string]tftypes.Value{}, map[string]any{}
	if err := value.As(&fields); err != nil {
		m.t.Fatal(err)
	}
	for name, field := range fields {
		all[name] = goValue(m.t, field)
	}
	return all
}

// refresh reads what Devin has.
func (m *managed) refresh() bool {
	m.t.Helper()
	if m.state == nil {
		return true
	}
	resp, err := m.server.ReadResource(m.context(), &tfprotov6.ReadResourceRequest{TypeName: m.name, CurrentState: m.state})
	if err != nil {
		m.t.Fatal(err)
	}
	if m.said = resp.Diagnostics; hasErrors(resp.Diagnostics) {
		return false
	}
	if m.state = resp.NewState; m.valuesOf(resp.NewState) == nil {
		m.state = nil
	}
	return true
}

// plan is what Terraform would do for a configuration; nil destroys.
func (m *managed) plan(config map[string]any) (*tfprotov6.PlanResourceChangeResponse, *tfprotov6.DynamicValue) {
	m.t.Helper()
	wanted := m.null()
	if config != nil {
		wanted = providertest.Value(m.t, m.server.Schemas.ResourceSchemas[m.name], config)
	}
	resp, err := m.server.PlanResourceChange(m.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.name, PriorState: m.before(), ProposedNewState: wanted, Config: wanted,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.said = resp.Diagnostics
	return resp, wanted
}

// apply plans and applies a configuration; nil destroys. false is an error.
func (m *managed) apply(config map[string]any) bool {
	m.t.Helper()
	if config == nil && m.state == nil {
		return true // there is nothing to do
	}
	planned, wanted := m.plan(config)
	if hasErrors(planned.Diagnostics) {
		return false
	}
	if len(planned.RequiresReplace) > 0 && m.state != nil && !m.apply(nil) {
		return false
	}
	resp, err := m.server.ApplyResourceChange(m.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: m.name, PriorState: m.before(), PlannedState: planned.PlannedState, Config: wanted,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.said = append(planned.Diagnostics, resp.Diagnostics...)
	if m.state = resp.NewState; m.valuesOf(resp.NewState) == nil {
		m.state = nil
	}
	return !hasErrors(resp.Diagnostics)
}

// importID imports, as terraform import does.
func (m *managed) importID(id string) bool {
	m.t.Helper()
	resp, err := m.server.ImportResourceState(m.context(), &tfprotov6.ImportResourceStateRequest{TypeName: m.name, ID: id})
	if err != nil {
		m.t.Fatal(err)
	}
	if m.said = resp.Diagnostics; hasErrors(resp.Diagnostics) {
		return false
	}
	m.state = resp.ImportedResources[0].State
	return m.refresh()
}

func hasErrors(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

func goValue(t *testing.T, v tftypes.Value) any {
	t.Helper()
	switch {
	case v.IsNull():
		return nil
	case v.Type().Is(tftypes.String):
		var text string
		if err := v.As(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	var number big.Float
	if err := v.As(&number); err != nil {
		t.Fatal(err)
	}
	n, _ := number.Int64()
	return n
}

// written is the bodies of what was sent other than GET, by method and path.
func written(fake *fixture) []string {
	var all []string
	for _, r := range fake.Requests() {
		if r.Method != http.MethodGet {
			all = append(all, r.Method+" "+r.Path+" "+r.Body)
		}
	}
	return all
}

// limitServer is a configured provider of a fake with its own clock.
func limitServer(t *testing.T, fake *fixture, settings map[string]any) *protocol {
	t.Helper()
	p := newProtocol(t, fake.Provider())
	all := map[string]any{"api_url": fake.URL, "api_key": devintest.KeyOK}
	for name, value := range settings {
		all[name] = value
	}
	if diags := p.Configure(t, all); len(diags) > 0 {
		t.Fatal(providertest.Messages(diags))
	}
	return p
}
