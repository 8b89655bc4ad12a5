package provider

import (
	"context"
	"io"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
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

// terraform calls the provider through the protocol, as Terraform does.
type terraform struct {
	*protocol
	settings map[string]any
	network  *network
}

// newTerraform is a provider on the clock of a fake.
func newTerraform(t *testing.T, fake *fixture, settings map[string]any) *terraform {
	t.Helper()
	all := map[string]any{"api_url": fake.URL, "api_key": devintest.KeyOK}
	maps.Copy(all, settings)
	wires := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the default
	t.Cleanup(wires.CloseIdleConnections)
	n := &network{fake: fake.Server, wires: wires}
	return &terraform{newProtocol(t, New(Options{Version: "test", Clock: fake.Clock, Transport: n})), all, n}
}

// network leads to a fake. With between, no socket is used: between answers, and calls
// next for the fake's own answer.
type network struct {
	fake    *devintest.Server
	wires   http.RoundTripper
	between func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc)
}

func (n *network) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if n.between == nil {
		return n.wires.RoundTrip(r)
	}
	defer func() {
		if recover() != nil {
			resp, err = nil, io.ErrUnexpectedEOF
		}
	}()
	arrived := r.Clone(r.Context())
	arrived.RequestURI = r.URL.RequestURI()
	if arrived.Body == nil {
		arrived.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	n.between(w, arrived, n.fake.ServeHTTP)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// walk is a plan or an apply: Terraform configures a provider for it, which every
// instance of the walk shares.
func (tf *terraform) walk(t *testing.T, steps func()) {
	t.Helper()
	if diags := tf.Configure(t, tf.settings); len(diags) > 0 {
		t.Fatal(providertest.Messages(diags))
	}
	steps()
}

// atOnce runs steps at the same time.
func atOnce(steps ...func()) {
	var group sync.WaitGroup
	for _, step := range steps {
		group.Go(step)
	}
	group.Wait()
}

// managed is an instance of a resource. plan, apply, refresh and importID are commands
// of Terraform, with walks of their own; planChange, applyChange and read are steps of
// a walk.
type managed struct {
	t     *testing.T
	tf    *terraform
	name  string
	state *tfprotov6.DynamicValue // nil where it is not in the state
	ctx   context.Context         // nil is one that does not end
	// createFirst is create_before_destroy.
	createFirst bool
	// replace is -replace; tainted says that a creation failed.
	replace, tainted bool
	// deposed is what a replacement that is created first has yet to destroy.
	deposed *tfprotov6.DynamicValue
	// said are the messages of the last step.
	said []*tfprotov6.Diagnostic
}

func newManaged(t *testing.T, tf *terraform, name string) *managed {
	t.Helper()
	return &managed{t: t, tf: tf, name: name}
}

func (m *managed) context() context.Context {
	if m.ctx == nil {
		return context.Background()
	}
	return m.ctx
}

func (m *managed) typ() tftypes.Type { return m.tf.Schemas.ResourceSchemas[m.name].ValueType() }

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

// values are the attributes of the state as Go values; nil where there is no state.
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

func (m *managed) refresh() (ok bool) {
	m.t.Helper()
	m.tf.walk(m.t, func() { ok = m.read() })
	return ok
}

// plan plans a configuration; nil destroys.
func (m *managed) plan(config map[string]any) (planned *tfprotov6.PlanResourceChangeResponse) {
	m.t.Helper()
	m.tf.walk(m.t, func() { planned = m.planChange(config) })
	return planned
}

// apply plans and applies a configuration; nil destroys. It returns false where either
// has an error.
func (m *managed) apply(config map[string]any) bool {
	m.t.Helper()
	planned := m.plan(config)
	warned := m.said
	if hasErrors(planned.Diagnostics) {
		return false
	}
	ok := false
	m.tf.walk(m.t, func() { ok = m.applyChange(config) })
	m.said = append(warned, m.said...)
	return ok
}

// importID imports, as terraform import does.
func (m *managed) importID(id string) {
	m.t.Helper()
	m.tf.walk(m.t, func() {
		resp, err := m.tf.ImportResourceState(m.context(), &tfprotov6.ImportResourceStateRequest{TypeName: m.name, ID: id})
		if err != nil {
			m.t.Fatal(err)
		}
		if m.said = resp.Diagnostics; hasErrors(resp.Diagnostics) {
			return
		}
		m.state = resp.ImportedResources[0].State
		m.read()
	})
}

// read is the refresh of an instance.
func (m *managed) read() bool {
	m.t.Helper()
	m.said = nil
	if m.state == nil {
		return true
	}
	resp, err := m.tf.ReadResource(m.context(), &tfprotov6.ReadResourceRequest{TypeName: m.name, CurrentState: m.state})
	if err != nil {
		m.t.Fatal(err)
	}
	if m.said = resp.Diagnostics; hasErrors(resp.Diagnostics) {
		return false
	}
	m.become(resp.NewState)
	return true
}

func (m *managed) become(state *tfprotov6.DynamicValue) {
	if m.state = state; m.valuesOf(state) == nil {
		m.state, m.tainted = nil, false
	}
}

func (m *managed) value(config map[string]any) *tfprotov6.DynamicValue {
	if config == nil {
		return m.null()
	}
	return providertest.Value(m.t, m.tf.Schemas.ResourceSchemas[m.name], config)
}

// planChange plans an instance. One that has to be replaced is planned a second time
// without a state, of which Terraform shows no warnings.
func (m *managed) planChange(config map[string]any) *tfprotov6.PlanResourceChangeResponse {
	m.t.Helper()
	before := m.before()
	if m.tainted && config != nil {
		before = m.null()
	}
	planned := m.planFrom(before, nil, config)
	m.said = planned.Diagnostics
	if replaces := len(planned.RequiresReplace) > 0 || m.replace && config != nil; replaces && m.state != nil && !m.tainted && !hasErrors(m.said) {
		if again := m.planFrom(m.null(), planned.PlannedPrivate, config); hasErrors(again.Diagnostics) {
			m.said = again.Diagnostics
		}
	}
	return planned
}

func (m *managed) planFrom(before *tfprotov6.DynamicValue, private []byte, config map[string]any) *tfprotov6.PlanResourceChangeResponse {
	m.t.Helper()
	value := m.value(config)
	resp, err := m.tf.PlanResourceChange(m.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.name, PriorState: before, PriorPrivate: private, ProposedNewState: value, Config: value,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return resp
}

// applyChange applies a configuration as Terraform does: a destruction without a plan,
// and a replacement as a destruction and a creation, in either order.
func (m *managed) applyChange(config map[string]any) bool {
	m.t.Helper()
	m.said = nil
	old := m.state
	if m.deposed != nil {
		left, ok := m.applyFrom(m.deposed, nil)
		if !ok {
			m.deposed = left
			return false
		}
		m.deposed = nil
	}
	switch replaces := old != nil && config != nil && m.replaces(config); {
	case config == nil && old == nil:
		return true
	case replaces && m.createFirst:
		made, ok := m.applyFrom(m.null(), config)
		if m.valuesOf(made) == nil {
			return ok // the old one is the instance again
		}
		m.become(made)
		m.tainted, m.deposed = !ok, old
		if !ok {
			return false
		}
		left, ok := m.applyFrom(old, nil)
		if m.deposed = left; ok {
			m.deposed = nil
		}
		return ok
	case replaces:
		left, ok := m.applyFrom(old, nil)
		if m.become(left); !ok {
			return false
		}
		old = nil
	}
	kept, ok := m.applyFrom(m.before(), config)
	m.become(kept)
	m.tainted = m.state != nil && (m.tainted || old == nil) && !ok
	return ok
}

// replaces says whether a configuration takes a replacement.
func (m *managed) replaces(config map[string]any) bool {
	had := m.values()
	return m.tainted || m.replace || had["org_id"] != config["org_id"] || had["user_id"] != config["user_id"]
}

// applyFrom plans and applies from a state, and returns the state that Terraform keeps.
func (m *managed) applyFrom(before *tfprotov6.DynamicValue, config map[string]any) (*tfprotov6.DynamicValue, bool) {
	m.t.Helper()
	value := m.value(config)
	if config != nil {
		planned := m.planFrom(before, nil, config)
		m.said = append(m.said, planned.Diagnostics...)
		if hasErrors(planned.Diagnostics) {
			return before, false
		}
		value = planned.PlannedState
	}
	return m.send(before, value, config)
}

// applyPlanned creates an instance that was planned in another walk.
func (m *managed) applyPlanned(config map[string]any) {
	m.t.Helper()
	m.said = nil
	made, _ := m.send(m.null(), m.value(config), config)
	m.become(made)
}

func (m *managed) send(before, value *tfprotov6.DynamicValue, config map[string]any) (*tfprotov6.DynamicValue, bool) {
	m.t.Helper()
	resp, err := m.tf.ApplyResourceChange(m.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: m.name, PriorState: before, PlannedState: value, Config: m.value(config),
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.said = append(m.said, resp.Diagnostics...)
	// Terraform calls it a bug of the provider where this differs from the plan.
	if ok := !hasErrors(resp.Diagnostics); ok && !reflect.DeepEqual(m.valuesOf(resp.NewState), m.valuesOf(value)) {
		m.t.Errorf("%s is %v after the apply, planned %v", m.name, m.valuesOf(resp.NewState), m.valuesOf(value))
	}
	return resp.NewState, !hasErrors(resp.Diagnostics)
}

// summaries are the summaries of diagnostics, errors marked as such.
func summaries(diags []*tfprotov6.Diagnostic) []string {
	var all []string
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, "error: "+d.Summary)
		} else {
			all = append(all, d.Summary)
		}
	}
	return all
}

// says wants the summaries of the last step's messages.
func (m *managed) says(want ...string) {
	m.t.Helper()
	if got := summaries(m.said); !slices.Equal(got, want) {
		m.t.Errorf("%s says %q, want %q\n%s", m.name, got, want, providertest.Messages(m.said))
	}
}

// has wants a state; nil is none.
func (m *managed) has(want map[string]any) {
	m.t.Helper()
	if got := m.values(); !reflect.DeepEqual(got, want) {
		m.t.Errorf("%s has the state %v, want %v\n%s", m.name, got, want, providertest.Messages(m.said))
	}
}

// mentions wants texts in the detail of the first message with a summary.
func (m *managed) mentions(summary string, texts ...string) {
	m.t.Helper()
	i := slices.IndexFunc(m.said, func(d *tfprotov6.Diagnostic) bool { return d.Summary == summary })
	if i < 0 {
		m.t.Errorf("%s does not say %q\n%s", m.name, summary, providertest.Messages(m.said))
		return
	}
	for _, text := range texts {
		if !strings.Contains(m.said[i].Detail, text) {
			m.t.Errorf("%s does not mention %q: %s", m.name, text, m.said[i].Detail)
		}
	}
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

// written are the method, path and body of each request that is not a GET.
func written(fake *fixture) []string {
	var all []string
	for _, r := range fake.Requests() {
		if r.Method != http.MethodGet {
			all = append(all, r.Method+" "+r.Path+" "+r.Body)
		}
	}
	return all
}

func (m *managed) inState(config map[string]any) *managed {
	m.state = m.value(config)
	return m
}

// hold holds back the answers to requests of a method: arrived says that there is one,
// and they are answered when release is closed.
func (tf *terraform) hold(method string) (arrived <-chan struct{}, release chan struct{}) {
	there, on := make(chan struct{}, 10), make(chan struct{})
	tf.network.between = func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
		if r.Method == method {
			there <- struct{}{}
			<-on
		}
		next(w, r)
	}
	return there, on
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

// list is what terraform query gets of a list block.
func (tf *terraform) list(t *testing.T, name string, limit int64) []tfprotov6.ListResourceResult {
	t.Helper()
	lister, ok := tf.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server has no lists")
	}
	var results []tfprotov6.ListResourceResult
	tf.walk(t, func() {
		stream, err := lister.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: name, Config: noArguments(t), IncludeResource: true, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		results = slices.Collect(stream.Results)
	})
	return results
}

// validate is terraform validate for the instance.
func (m *managed) validate(config map[string]any) {
	m.t.Helper()
	resp, err := m.tf.ValidateResourceConfig(m.context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: m.name, Config: m.value(config)})
	if err != nil {
		m.t.Fatal(err)
	}
	m.said = resp.Diagnostics
}

// newApplied is an instance that was applied.
func newApplied(t *testing.T, tf *terraform, name string, config map[string]any) *managed {
	t.Helper()
	m := newManaged(t, tf, name)
	if !m.apply(config) {
		t.Fatal(providertest.Messages(m.said))
	}
	return m
}

// identityOf is the identity of an instance; nil is a null id.
func identityOf(t *testing.T, attribute string, id any) *tfprotov6.ResourceIdentityData {
	t.Helper()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{attribute: tftypes.String}}
	data, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, map[string]tftypes.Value{attribute: tftypes.NewValue(tftypes.String, id)}))
	if err != nil {
		t.Fatal(err)
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: &data}
}

// importIdentity imports by identity, without the refresh that follows.
func (m *managed) importIdentity(identity *tfprotov6.ResourceIdentityData) {
	m.t.Helper()
	resp, err := m.tf.ImportResourceState(m.context(), &tfprotov6.ImportResourceStateRequest{TypeName: m.name, Identity: identity})
	if err != nil {
		m.t.Fatal(err)
	}
	if m.said = resp.Diagnostics; !hasErrors(m.said) {
		m.state = resp.ImportedResources[0].State
	}
}

// inParallel runs n steps, ten at a time, as Terraform does.
func inParallel(n int, step func(i int)) {
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	worker := func() {
		for i := range next {
			step(i)
		}
	}
	atOnce(slices.Repeat([]func(){worker}, 10)...)
}
