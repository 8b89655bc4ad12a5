package provider

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// managedResource is what all resources that write to Devin have in common. Each
// adds its schema, its model M and the functions below.
//
// M has a field for each attribute, as types.*, and is compared with ==. A null
// field is one that the resource does not own.
type managedResource[M comparable] struct {
	name     string // without the prefix devin_: "user_acu_limit"
	what     string // for errors: "the ACU limit of a user"
	about    about
	schema   func() schema.Schema
	identity string // the attribute that tells one from another, and the id of an import

	id func(m M) string
	// of is a model that has the id and owns nothing.
	of func(id string) M
	// read is what Devin has now of all that the resource can own.
	read func(ctx context.Context, client *devin.Client, id string) (M, error)
	// owned is now without what none of the owners has.
	owned func(now M, owners ...M) M
	// write makes Devin have what want owns, and nothing of what only had owns.
	write   func(ctx context.Context, client *devin.Client, want, had M) error
	request string // what write sends: "PUT /v3/..."
	// exists says whether what the id is about is still there.
	exists func(ctx context.Context, client *devin.Client, id string) (devin.Presence, error)
	// concerns are what a plan should warn of.
	concerns func(ctx context.Context, client *devin.Client, want M) []concern
	// show is what a model owns, in words: "cycle_acu_limit = 500".
	show func(m M) string
	// all lists every one that is set.
	all func(ctx context.Context, client *devin.Client) iter.Seq2[M, error]
	// insteadOfBeta names a stable resource where the endpoint is in beta; empty
	// where it is not.
	insteadOfBeta string

	data *providerData
}

// concern is a warning of a plan.
type concern struct{ summary, detail string }

var (
	_ resource.ResourceWithConfigure   = (*managedResource[struct{}])(nil)
	_ resource.ResourceWithModifyPlan  = (*managedResource[struct{}])(nil)
	_ resource.ResourceWithImportState = (*managedResource[struct{}])(nil)
	_ resource.ResourceWithIdentity    = (*managedResource[struct{}])(nil)
)

func (r *managedResource[M]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.name
	// An identity is that of an organization or a user, and never changes.
	resp.ResourceBehavior.MutableIdentity = false
}

func (r *managedResource[M]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema()
	resp.Schema.MarkdownDescription = r.about.describe(resp.Schema.MarkdownDescription)
}

func (r *managedResource[M]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		r.identity: identityschema.StringAttribute{RequiredForImport: true},
	}}
}

func (r *managedResource[M]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

// client is that of the enterprise: limits are the enterprise's, whatever org_id is.
func (r *managedResource[M]) client() *devin.Client { return r.data.client.In("") }

// ModifyPlan refuses a change that read_only forbids, and warns of what a change
// does. Terraform calls it in each plan and again in each apply.
func (r *managedResource[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case r.data == nil, len(r.data.unknown) > 0:
		return // settings are not known yet, and apply asks again
	case r.data.missing != nil && req.Plan.Raw.IsNull():
		return // Delete says so, in an apply that comes so far
	case !r.data.ready("set "+r.what, &resp.Diagnostics):
		return
	}
	var want, had *M
	resp.Diagnostics.Append(req.State.Get(ctx, &had)...)
	if !req.Plan.Raw.IsFullyKnown() {
		if r.data.readOnly {
			resp.Diagnostics.AddError(readOnlyRefused("change " + r.what))
		}
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &want)...)
	switch {
	case resp.Diagnostics.HasError() || want == had || want != nil && had != nil && *want == *had:
		return
	case r.data.readOnly:
		resp.Diagnostics.AddError(readOnlyRefused("change " + r.what))
		return
	case want == nil:
		return
	}
	ctx, notices := devin.WithNotices(ctx)
	var warnings []concern
	if had == nil {
		warnings = append(warnings, r.takesOver(ctx, *want)...)
	}
	for _, w := range append(warnings, r.concerns(ctx, r.client(), *want)...) {
		resp.Diagnostics.AddWarning(w.summary, w.detail)
	}
	addNotices(&resp.Diagnostics, notices.All(), r.data.strict)
}

// takesOver warns where something is set already that a new resource replaces. A
// key that may not read it learns of that when it writes.
func (r *managedResource[M]) takesOver(ctx context.Context, want M) []concern {
	now, err := r.read(devin.Fresh(ctx), r.client(), r.id(want))
	if before := r.owned(now, want); err == nil && before != r.of(r.id(want)) && before != want {
		return []concern{takenOver(r.what, r.id(want), r.show(before), r.show(want))}
	}
	return nil
}

func (r *managedResource[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var want M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &want)...)
	if !resp.Diagnostics.HasError() && r.data.ready("set "+r.what, &resp.Diagnostics) {
		r.apply(ctx, want, r.of(r.id(want)), &resp.Diagnostics)
	}
	r.keep(ctx, want, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *managedResource[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var want, had M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &want)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &had)...)
	if !resp.Diagnostics.HasError() && r.data.ready("set "+r.what, &resp.Diagnostics) {
		r.apply(ctx, want, had, &resp.Diagnostics)
	}
	r.keep(ctx, want, &resp.State, resp.Identity, &resp.Diagnostics)
}

// keep writes the state after a change that is known to have been made. After any
// other the state stays as it was, and the next plan asks Devin.
func (r *managedResource[M]) keep(ctx context.Context, m M, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	if diags.HasError() {
		return
	}
	diags.Append(state.Set(ctx, &m)...)
	r.identify(ctx, m, identity, diags)
}

func (r *managedResource[M]) identify(ctx context.Context, m M, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.SetAttribute(ctx, path.Root(r.identity), r.id(m))...)
	}
}

// Read shows what Devin has of what the resource owns. What is gone, or of which
// nothing is set any more, leaves the state.
func (r *managedResource[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var had M
	resp.Diagnostics.Append(req.State.Get(ctx, &had)...)
	if resp.Diagnostics.HasError() || !r.data.ready("read "+r.what, &resp.Diagnostics) {
		return
	}
	// Also where the resource leaves the state: a Terraform before 1.12 sends no
	// identity, and the framework wants one after each read.
	r.identify(ctx, had, resp.Identity, &resp.Diagnostics)
	reading, notices := devin.WithNotices(devin.Fresh(ctx))
	now, err := r.read(reading, r.client(), r.id(had))
	if err != nil {
		if gone := r.explain(ctx, "read "+r.what, r.id(had), err, &resp.Diagnostics); gone {
			resp.State.RemoveResource(ctx)
		}
		return
	}
	// Before the state: in a list that ended early, what is missing may not be gone.
	if addNotices(&resp.Diagnostics, notices.All(), r.data.strict); resp.Diagnostics.HasError() {
		return
	}
	if now = r.owned(now, had); now == r.of(r.id(had)) {
		resp.State.RemoveResource(ctx)
		return
	}
	r.keep(ctx, now, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *managedResource[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var had M
	resp.Diagnostics.Append(req.State.Get(ctx, &had)...)
	if !resp.Diagnostics.HasError() && r.data.ready("clear "+r.what, &resp.Diagnostics) {
		r.apply(ctx, r.of(r.id(had)), had, &resp.Diagnostics)
	}
}

// ImportState takes over everything that the resource can own and that is set.
func (r *managedResource[M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	at := path.Root(r.identity)
	resource.ImportStatePassthroughWithIdentity(ctx, at, at, req, resp)
	var id string
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, at, &id)...)
	if resp.Diagnostics.HasError() || !r.data.ready("import "+r.what, &resp.Diagnostics) {
		return
	}
	reading, notices := devin.WithNotices(devin.Fresh(ctx))
	now, err := r.read(reading, r.client(), id)
	addNotices(&resp.Diagnostics, notices.All(), r.data.strict)
	switch {
	case err != nil:
		if r.explain(ctx, "import "+r.what, id, err, &resp.Diagnostics) {
			resp.Diagnostics.AddError(nothingToImport(r.what, id))
		}
	case now == r.of(id):
		resp.Diagnostics.AddError(nothingToImport(r.what, id))
	default:
		r.keep(ctx, now, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// explain adds the error of a request that failed, unless what the resource is
// about is gone. Devin answers 403 and 404 to that, and to other things too.
func (r *managedResource[M]) explain(ctx context.Context, doing, id string, err error, diags *diag.Diagnostics) (gone bool) {
	err = r.client().ExplainRefusal(ctx, err)
	var scope *devin.ScopeError
	if errors.As(err, &scope) {
		scope.OfEnterprise = true
		addReadError(diags, doing, err)
		return false
	}
	if errors.Is(err, devin.ErrNotFound) || errors.Is(err, devin.ErrForbidden) {
		presence, unsure := r.exists(ctx, r.client(), id)
		switch {
		case unsure == nil && presence == devin.Gone:
			return true
		case r.insteadOfBeta != "":
			diags.AddError(betaRefused(doing, id, r.insteadOfBeta, presence, err))
			return false
		}
	}
	addReadError(diags, doing, err)
	return false
}
