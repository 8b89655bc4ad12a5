package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// managedResource is the common part of all resources that write to Devin. Each sets
// fields of an object that exists without it, an organization or a user. Its rules: what
// was written, or may have been, is in the state; one run does not undo what it did; other
// fields of the object stay as they are.
type managedResource struct {
	name   string // without the prefix devin_: "user_acu_limit"
	what   string // for errors: "the ACU limit of a user"
	plural string // for errors of a list: "the ACU limits of users"
	about  about
	schema func() schema.Schema
	// identity is the attribute with the id of the object, by which it is imported.
	identity string
	// kind is the kind of object. Writes to one object go one at a time, also where two
	// resources share the kind.
	kind string
	// read returns all fields of the object that are set, including those of other resources.
	read func(ctx context.Context, client *devin.Client, id string) (fieldValues, error)
	// alone is set where the object has no fields but those of this resource.
	alone bool
	// write changes those fields of the object that are in change.
	write   func(ctx context.Context, client *devin.Client, id string, change fieldValues) error
	request string // what write sends: "PUT /v3/..."
	// presence looks up whether the object exists.
	presence func(client *devin.Client, ctx context.Context, id string) (devin.Presence, error)
	// others returns the ids of all objects of the kind.
	others func(ctx context.Context, client *devin.Client) ([]string, error)
	// ownID returns the id in the form that Devin has. Where the configured text cannot be
	// an id, the error is an attributeError without a cause.
	ownID func(ctx context.Context, client *devin.Client, id string) (string, error)
	// advice returns the warnings of a plan that sets want; nil for none.
	advice func(ctx context.Context, client *devin.Client, id string, want fieldValues) ([]explain.Message, error)
	// list yields every object of which a field is set.
	list func(ctx context.Context, client *devin.Client) iter.Seq2[object, error]
	// insteadOfBeta is a sentence that names a stable resource; empty where the endpoint is
	// not in beta.
	insteadOfBeta string

	data *providerData
}

// object is an organization or a user, and its fields that are set.
type object struct {
	id     string
	fields fieldValues
}

var (
	_ resource.ResourceWithConfigure   = (*managedResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*managedResource)(nil)
	_ resource.ResourceWithImportState = (*managedResource)(nil)
	_ resource.ResourceWithIdentity    = (*managedResource)(nil)
)

func (r *managedResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.name
	// The identity is the id of an organization or a user, and never changes.
	resp.ResourceBehavior.MutableIdentity = false
}

func (r *managedResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema()
	resp.Schema.MarkdownDescription = r.about.describe(resp.Schema.MarkdownDescription) + describeFailures(r.failures())
}

func (r *managedResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		r.identity: identityschema.StringAttribute{RequiredForImport: true},
	}}
}

func (r *managedResource) described() (string, about) { return r.name, r.about }

func (r *managedResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = providerDataOf(req.ProviderData, &resp.Diagnostics)
}

// client is a client for the enterprise, which sets limits whatever org_id is.
func (r *managedResource) client() *devin.Client { return r.data.client.In("") }

// ModifyPlan refuses a change that read_only forbids, and warns of what a change does.
// Terraform calls it in each plan and again in each apply.
func (r *managedResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	switch {
	case r.data == nil, len(r.data.unknown) > 0:
		return // settings are not known yet, and apply asks again
	case r.data.missing != nil && req.Plan.Raw.IsNull():
		return // Delete adds the error
	case !r.data.ready("set "+r.what, diags) || r.plannedBefore(ctx, req, resp):
		return
	}
	before, had := r.get(ctx, req.State.Raw, diags)
	if !req.Plan.Raw.IsFullyKnown() {
		if r.data.readOnly {
			addError(diags, explain.ReadOnly("change "+r.what))
		}
		return
	}
	id, want := r.get(ctx, req.Plan.Raw, diags)
	changes := id != before || !want.equal(had)
	switch {
	case diags.HasError():
		return
	case changes && r.data.readOnly:
		addError(diags, explain.ReadOnly("change "+r.what))
		return
	}
	clears := had
	if id == before {
		clears = had.without(want)
	}
	if another := r.data.run.planClear(r.object(before), clears); another != "" {
		addWarning(diags, explain.ClearsAnother(r.what, before, another))
	}
	if id == "" {
		return // the plan destroys it
	}
	twice, cleared := r.data.run.plan(r.object(id), want, id == before)
	if twice != "" {
		addErrorAt(diags, path.Root(r.identity), explain.TwoBlocks(r.what, id, twice))
		return
	}
	if cleared != "" {
		addWarning(diags, explain.ClearsAnother(r.what, id, cleared))
	}
	if changes {
		advising, notices := devin.WithNotices(ctx)
		r.advise(advising, id, want, before != id, diags)
		addNotices(diags, notices.All(), r.data.strict)
	}
}

// plannedBefore reports whether this is the second plan of an instance in a run. Terraform
// plans a replacement twice. The second time it passes no state, passes the private data
// of the first plan, and drops the warnings.
func (r *managedResource) plannedBefore(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	const key = "run"
	run, err := json.Marshal(r.data.run.id)
	if err != nil {
		addUnwritable(&resp.Diagnostics, "plan "+r.what, err)
		return true
	}
	if req.State.Raw.IsNull() {
		planned, diags := req.Private.GetKey(ctx, key)
		resp.Diagnostics.Append(diags...)
		return bytes.Equal(planned, run)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, key, run)...)
	}
	return false
}

// adviceTime is how long a plan may wait for its advice.
const adviceTime = 5 * time.Second

var errAdviceTime = fmt.Errorf("a plan waits no more than %s for this", adviceTime)

// advise warns of what setting want would replace and block. A refused key, and an object
// that does not exist, are errors.
func (r *managedResource) advise(ctx context.Context, id string, want fieldValues, isNew bool, diags *diag.Diagnostics) {
	ctx, cancel := context.WithTimeoutCause(devin.OneTry(ctx), adviceTime, errAdviceTime)
	defer cancel()
	without := func(advice func(what, id string, err error) explain.Message, err error) {
		if errors.Is(err, devin.ErrUnauthorized) {
			r.data.addFailure(diags, "plan "+r.what, r.client().ExplainRefusal(ctx, err))
		} else {
			addWarning(diags, advice(r.what, id, err))
		}
	}
	ownID, err := r.ownID(ctx, r.client(), id)
	var wrong *attributeError
	switch {
	case isNew && errors.As(err, &wrong) && wrong.cause == nil:
		addFailure(diags, "plan "+r.what, err)
		return
	case err != nil:
		without(explain.ReplacedUnknown, err)
		return
	}
	if isNew {
		now, err := r.read(ctx, r.client(), ownID)
		unknown := isBetaRefusal(err)
		if err == nil && r.alone && len(now) == 0 { // a list of limits does not tell whether the object exists
			others, hidden := r.others(ctx, r.client())
			unknown = hidden == nil && !slices.Contains(others, ownID)
		}
		if unknown && r.proven(ctx, ownID) == devin.Gone {
			addErrorAt(diags, path.Root(r.identity), explain.UnknownObject(r.identity, r.what, id))
			return
		}
		if err != nil {
			without(explain.ReplacedUnknown, err)
			return
		}
		if replaced := now.only(want); len(replaced) > 0 && !replaced.equal(want) {
			addWarning(diags, explain.TakenOver(r.what, id, replaced.String(), want.String()))
		}
	}
	if r.advice == nil {
		return
	}
	warnings, err := r.advice(ctx, r.client(), ownID, want)
	if err != nil {
		without(explain.UseUnknown, err)
	}
	for _, w := range warnings {
		addWarning(diags, w)
	}
}

// Create sets what is planned.
func (r *managedResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	id, want := r.get(ctx, req.Plan.Raw, &resp.Diagnostics)
	// Where there is an error too, Terraform marks the instance as tainted, and the next
	// plan replaces it.
	if v := r.apply(ctx, id, want, fieldValues{}, &resp.Diagnostics); v != nil {
		r.keep(ctx, id, v, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// Update sets what is planned, and clears what is in the state only.
func (r *managedResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	id, want := r.get(ctx, req.Plan.Raw, &resp.Diagnostics)
	_, had := r.get(ctx, req.State.Raw, &resp.Diagnostics)
	if v := r.apply(ctx, id, want, had, &resp.Diagnostics); v != nil {
		r.keep(ctx, id, v, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// Delete clears the fields that the instance has set. After an error, Terraform leaves the
// state as it is.
func (r *managedResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	id, had := r.get(ctx, req.State.Raw, &resp.Diagnostics)
	r.apply(ctx, id, fieldValues{}, had, &resp.Diagnostics)
}

// apply sets want, and clears the fields that are in had only. It returns what belongs
// into the state: what was written, and what may have been. nil leaves the state as it
// was. The diagnostics have everything that did not go as planned.
func (r *managedResource) apply(ctx context.Context, id string, want, had fieldValues, diags *diag.Diagnostics) fieldValues {
	doing := "set " + r.what
	if len(want) == 0 {
		doing = "clear " + r.what
	}
	if r.checkNumbers(ctx, want, diags); diags.HasError() || !r.data.ready(doing, diags) {
		return nil
	}
	run, object := r.data.run, r.object(id)
	unlock, err := run.lock(ctx, object)
	if err != nil {
		addError(diags, explain.Interrupted(doing, id))
		return nil
	}
	defer unlock()

	change := want.since(had)
	written := run.written(object)
	set := written.set().only(change)
	if twice := set.only(want); len(twice) > 0 {
		addErrorAt(diags, path.Root(r.identity), explain.SetTwice(r.what, id, twice.names()))
		return nil
	}
	if len(set) > 0 {
		// Another instance has set them in this run: a renamed block, or a replacement
		// that is created before it is destroyed.
		addWarning(diags, explain.NotCleared(r.what, id, set.String()))
		change = change.without(set)
	}
	if len(change) == 0 {
		return want
	}

	ownID, err := r.own(ctx, id)
	if err != nil {
		addFailure(diags, doing, err)
		return nil
	}
	before := had
	if !r.alone {
		// before is nil where the key may write and not read.
		if before, err = r.read(devin.Fresh(ctx), r.client(), ownID); err == nil {
			before = before.with(written) // a read may lag behind these
		}
	}
	if ctx.Err() != nil {
		addError(diags, explain.Interrupted(doing, id))
		return nil
	}
	lost := r.write(ctx, r.client(), ownID, change)
	if lost != nil && !devin.Arrived(lost) {
		r.refused(ctx, doing, id, len(want) == 0, lost, diags)
		return nil
	}
	run.record(object, change)

	// Where no answer confirmed the write, one look is not enough: it may be stale.
	looks := 1
	if lost != nil {
		looks = 2
	}
	wanted, neighbors := want.only(change), before.without(change)
	now, err := r.readBack(ctx, ownID, looks, func(now fieldValues) bool {
		return now.only(change).equal(wanted) && (before == nil || now.without(change).equal(neighbors))
	})
	seen := now.only(change)
	switch {
	case err != nil && lost != nil:
		addError(diags, explain.WriteLost(doing, id, want.String(), "", lost))
		return want.with(had.only(change))
	case err != nil:
		addWarning(diags, explain.WrittenUnread(r.what, id, want.String(), len(want) == 0, err))
		return want
	case seen.equal(wanted) && before != nil && !now.without(change).equal(neighbors):
		addError(diags, explain.NeighborsChanged(doing, r.request, id, neighbors.String(), now.without(change).String()))
		return want
	case seen.equal(wanted):
		if before == nil {
			addWarning(diags, explain.NotCompared(r.what, id, now.without(change).String()))
		}
		return want
	case lost == nil && before != nil && seen.equal(before.only(change)) && len(seen.without(want)) == 0:
		addWarning(diags, explain.WrittenUnseen(r.what, id, want.String(), seen.String()))
		return want
	}
	run.record(object, change.cleared())
	run.record(object, seen)
	if lost != nil {
		addError(diags, explain.WriteLost(doing, id, want.String(), seen.String(), lost))
		return want.with(had.only(change))
	}
	addError(diags, explain.WrittenOtherwise(doing, r.request, id, want.String(), seen.String()))
	return now.only(want).with(seen)
}

// refused adds the error of a write that did not arrive. A clearing that fails because the
// object is gone is a warning.
func (r *managedResource) refused(ctx context.Context, doing, id string, clearing bool, err error, diags *diag.Diagnostics) {
	switch {
	case ctx.Err() != nil:
		addError(diags, explain.Interrupted(doing, id))
	case !r.addUnlessGone(ctx, doing, id, err, true, diags):
	case clearing:
		addWarning(diags, explain.Gone(r.what, id))
	default:
		addFailure(diags, doing, err)
	}
}

// readBackWaits are the waits before each look at what was written: Devin may take half a
// minute to show it.
var readBackWaits = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}

// readBack reads until shows is true for as many looks in a row, and returns what it read
// last.
func (r *managedResource) readBack(ctx context.Context, id string, looks int, shows func(fieldValues) bool) (now fieldValues, err error) {
	inRow := 0
	for _, wait := range readBackWaits {
		if wait > 0 {
			if err := r.client().Sleep(ctx, wait); err != nil {
				return now, err
			}
		}
		if now, err = r.read(devin.Fresh(ctx), r.client(), id); err != nil {
			return now, err
		}
		if inRow++; !shows(now) {
			inRow = 0
		}
		if inRow == looks {
			break
		}
	}
	return now, nil
}

// absenceWait is the wait before the second look at what a read did not show: a replica
// may lag behind a write.
const absenceWait = time.Second

// Read refreshes the fields that the instance has set. Where none of them is set any more,
// or the object is gone, the instance leaves the state.
func (r *managedResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	id, had := r.get(ctx, req.State.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// Also where the instance leaves the state: Terraform before 1.12 sends no identity, and
	// the framework requires one after each read.
	r.identify(ctx, id, resp.Identity, &resp.Diagnostics)
	if r.data != nil && len(r.data.unknown) > 0 {
		addWarning(&resp.Diagnostics, explain.NotRefreshed(r.what, id, r.data.unknown))
		return
	}
	if !r.data.ready("read "+r.what, &resp.Diagnostics) {
		return
	}
	reading, notices := devin.WithNotices(ctx)
	now, err := r.readOwn(reading, id)
	if err == nil && len(now.only(had)) < len(had) {
		if err = r.client().Sleep(ctx, absenceWait); err == nil {
			now, err = r.readOwn(devin.Fresh(reading), id)
		}
	}
	addNotices(&resp.Diagnostics, notices.All(), r.data.strict)
	now = now.only(had)
	switch {
	case err == nil && len(now) < len(had) && endedEarly(notices.All()): // the missing fields may still be set
	case err != nil && r.addUnlessGone(ctx, "read "+r.what, id, err, false, &resp.Diagnostics):
		addWarning(&resp.Diagnostics, explain.Gone(r.what, id))
		resp.State.RemoveResource(ctx)
	case err != nil:
	case len(now) == 0:
		addWarning(&resp.Diagnostics, explain.Cleared(r.what, id, had.String()))
		resp.State.RemoveResource(ctx)
	default:
		r.keep(ctx, id, now, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// endedEarly reports whether a list that was read ended early.
func endedEarly(notices []devin.Notice) bool {
	return slices.ContainsFunc(notices, func(n devin.Notice) bool { return n.Kind == devin.NoticeShortList })
}

// ImportState imports every field of the resource that is set.
func (r *managedResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	at := path.Root(r.identity)
	resource.ImportStatePassthroughWithIdentity(ctx, at, at, req, resp)
	var given types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, at, &given)...)
	id := given.ValueString()
	if resp.Diagnostics.HasError() || !r.data.ready("import "+r.what, &resp.Diagnostics) {
		return
	}
	if id == "" {
		addError(&resp.Diagnostics, explain.EmptyImport(r.identity))
		return
	}
	reading, notices := devin.WithNotices(ctx)
	now, err := r.readOwn(reading, id)
	addNotices(&resp.Diagnostics, notices.All(), r.data.strict)
	now = now.only(r.fields())
	switch {
	case err != nil:
		if r.addUnlessGone(ctx, "import "+r.what, id, err, false, &resp.Diagnostics) {
			addError(&resp.Diagnostics, explain.NothingToImport(r.what, id))
		}
	case len(now) == 0:
		addError(&resp.Diagnostics, explain.NothingToImport(r.what, id))
	default:
		r.keep(ctx, id, now, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// addUnlessGone adds the error of a request that failed, unless the object is gone. For an
// object that is gone Devin answers 404, or 403 to a read, but it gives both answers for
// other reasons too. A 403 to a write says nothing about the object.
func (r *managedResource) addUnlessGone(ctx context.Context, doing, id string, err error, write bool, diags *diag.Diagnostics) (gone bool) {
	err = explainEnterpriseRefusal(ctx, r.client(), err)
	if !isBetaRefusal(err) {
		r.data.addFailure(diags, doing, err)
		return false
	}
	presence := devin.PresenceUnknown
	if ownID, unknown := r.own(ctx, id); unknown == nil {
		presence = r.proven(ctx, ownID)
	}
	forbidden := errors.Is(err, devin.ErrForbidden)
	switch {
	case presence == devin.Gone && (!forbidden || !write && r.readsOthers(ctx, id)):
		return true
	case r.insteadOfBeta != "":
		addError(diags, explain.BetaRefused(doing, id, r.insteadOfBeta, presence, err))
	default:
		addFailure(diags, doing, err)
	}
	return false
}

// isBetaRefusal reports whether an answer is one that Devin gives alike where an object is
// gone, where an endpoint in beta is not enabled, and where a permission is missing.
func isBetaRefusal(err error) bool {
	var scope *devin.ScopeError
	return !errors.As(err, &scope) && (errors.Is(err, devin.ErrNotFound) || errors.Is(err, devin.ErrForbidden))
}

// proven returns whether the object exists. It looks twice before it says Gone.
func (r *managedResource) proven(ctx context.Context, id string) devin.Presence {
	presence, err := r.presence(r.client(), ctx, id)
	if err == nil && presence == devin.Gone {
		if err = r.client().Sleep(ctx, absenceWait); err == nil {
			presence, err = r.presence(r.client(), ctx, id)
		}
	}
	if err != nil {
		return devin.PresenceUnknown
	}
	return presence
}

// readsOthers reports whether the key demonstrably reads another object of the kind, so
// that a refusal is about this object and not about the key.
func (r *managedResource) readsOthers(ctx context.Context, id string) bool {
	const enough = 3
	others, err := r.others(ctx, r.client())
	others = slices.DeleteFunc(others, func(other string) bool { return other == id })
	return err == nil && slices.ContainsFunc(others[:min(enough, len(others))], func(other string) bool {
		_, err := r.read(ctx, r.client(), other)
		return err == nil
	})
}

func (r *managedResource) object(id string) string { return r.kind + " " + id }

// own returns the id in the form that Devin has. A text that cannot be an id is returned
// as it is: the plan has added the error, and Devin answers 404 for it.
func (r *managedResource) own(ctx context.Context, id string) (string, error) {
	own, err := r.ownID(ctx, r.client(), id)
	if _, ok := errors.AsType[*attributeError](err); ok {
		return id, nil
	}
	return own, err
}

// asGiven is ownID for ids of ASCII, which Terraform does not normalize.
func asGiven(_ context.Context, _ *devin.Client, id string) (string, error) { return id, nil }

func (r *managedResource) readOwn(ctx context.Context, id string) (fieldValues, error) {
	id, err := r.own(ctx, id)
	if err != nil {
		return nil, err
	}
	return r.read(ctx, r.client(), id)
}

// fields has a key for every attribute that is a field of the object.
func (r *managedResource) fields() fieldValues {
	fields := fieldValues{}
	for name := range r.schema().Attributes {
		if name != r.identity {
			fields[name] = nil
		}
	}
	return fields
}

// get returns the id and the fields that are set in a plan or a state. A null one has
// neither.
func (r *managedResource) get(ctx context.Context, raw tftypes.Value, diags *diag.Diagnostics) (id string, v fieldValues) {
	v = fieldValues{}
	if raw.IsNull() || !raw.IsKnown() {
		return "", v
	}
	var attributes map[string]tftypes.Value
	if err := raw.As(&attributes); err != nil {
		addUnwritable(diags, "read "+r.what, err)
		return "", v
	}
	for name, attribute := range r.schema().Attributes {
		value, err := attribute.GetType().ValueFromTerraform(ctx, attributes[name])
		switch {
		case err != nil:
			addUnwritable(diags, "read "+r.what, err)
		case value.IsNull() || value.IsUnknown():
		case name == r.identity:
			id = value.(types.String).ValueString() //nolint:forcetypeassert // the identity is a StringAttribute
		default:
			v[name] = value
		}
	}
	return id, v
}

// keep writes the state and the identity.
func (r *managedResource) keep(ctx context.Context, id string, v fieldValues, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	state.Raw = r.raw(ctx, id, v, diags)
	r.identify(ctx, id, identity, diags)
}

// raw returns the state of an object.
func (r *managedResource) raw(ctx context.Context, id string, v fieldValues, diags *diag.Diagnostics) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	for name, attribute := range r.schema().Attributes {
		var value attr.Value = types.StringValue(id)
		if name != r.identity {
			value = v[name]
		}
		t := attribute.GetType().TerraformType(ctx)
		attributes[name] = tftypes.NewValue(t, nil)
		if value != nil {
			raw, err := value.ToTerraformValue(ctx)
			if err != nil {
				addUnwritable(diags, "keep "+r.what, err)
				continue
			}
			attributes[name] = raw
		}
	}
	return tftypes.NewValue(r.schema().Type().TerraformType(ctx), attributes)
}

func (r *managedResource) identify(ctx context.Context, id string, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.SetAttribute(ctx, path.Root(r.identity), id)...)
	}
}

// checkNumbers checks limits that became known during the apply. Terraform has validated
// the others.
func (r *managedResource) checkNumbers(ctx context.Context, v fieldValues, diags *diag.Diagnostics) {
	for name, value := range v {
		if number, ok := value.(types.Number); ok {
			var resp validator.NumberResponse
			wholeLimit.ValidateNumber(ctx, validator.NumberRequest{Path: path.Root(name), ConfigValue: number}, &resp)
			diags.Append(resp.Diagnostics...)
		}
	}
}
