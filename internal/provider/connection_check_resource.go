package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// connectionCheckResource makes every plan fail while the API key does not work.
// Terraform calls ModifyPlan in each plan and in each apply, even when nothing
// changes. In plan -refresh-only it does not, but there it calls Read.
type connectionCheckResource struct{ data *providerData }

func newConnectionCheckResource() resource.Resource { return &connectionCheckResource{} }

var (
	_ resource.ResourceWithConfigure  = (*connectionCheckResource)(nil)
	_ resource.ResourceWithModifyPlan = (*connectionCheckResource)(nil)
)

func (r *connectionCheckResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connection_check"
}

var checkAbout = about{
	group: groupConnection, requests: checkRequests,
	notes: "A plan usually sends five requests, and so does an apply that changes the resource. " +
		"If `/v3/self` answers 401 or cannot be reached, there is only that request.\n\n" + organizationCheckNote,
}

func (r *connectionCheckResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"required_permissions": schema.ListAttribute{
			Optional:            true,
			ElementType:         types.StringType,
			MarkdownDescription: requiredPermissionsDescription,
			Validators:          requiredPermissionsValidators,
		},
	}
	for name, description := range principalDescriptions {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	attributes["summary"] = schema.StringAttribute{Computed: true, MarkdownDescription: "The result in one line: whose key works."}
	attributes["permissions"] = schema.MapAttribute{
		Computed:            true,
		ElementType:         types.BoolType,
		MarkdownDescription: permissionsDescription + ". A check that passes has `true` for all of them.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: checkAbout.describe("Fails every plan, even one without changes, and every apply that plans first, while the provider's Devin API key does not work " +
			"or lacks a permission that is needed to read usage. It creates nothing in Devin.\n\n" +
			"The error starts with a code: `invalid_credentials`, `invalid_permissions`, `forbidden`, `unauthorized`, `no_resources`, " +
			"or `unavailable` when Devin could not be asked. " +
			"With a key that no longer works, `terraform destroy -refresh=false` is the way out."),
		Attributes: attributes,
	}
}

type connectionCheckModel struct {
	RequiredPermissions types.List `tfsdk:"required_permissions"`
	checkResult
}

// checkResult is what a check finds.
type checkResult struct {
	principalModel
	Summary     types.String `tfsdk:"summary"`
	Permissions types.Map    `tfsdk:"permissions"`
}

func noResult() checkResult { return checkResult{Permissions: types.MapNull(types.BoolType)} }

func unknownResult() checkResult {
	return checkResult{unknownPrincipal(), types.StringUnknown(), types.MapUnknown(types.BoolType)}
}

func (r checkResult) equal(other checkResult) bool {
	return r.principalModel == other.principalModel && r.Summary.Equal(other.Summary) && r.Permissions.Equal(other.Permissions)
}

func passed(c *devin.Connection) checkResult {
	has := map[string]attr.Value{}
	for name, granted := range permissionsOf(c) {
		has[name] = types.BoolPointerValue(granted)
	}
	return checkResult{principal(c.Principal), types.StringValue(describeAcceptance(c)), types.MapValueMust(types.BoolType, has)}
}

func (r *connectionCheckResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *connectionCheckResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // the destruction of a check needs no key
	}
	var plan connectionCheckModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *connectionCheckModel // nil when the plan creates the check
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.later(&plan, &resp.Diagnostics) {
		plan.checkResult = unknownResult()
	} else {
		found := r.check(ctx, &plan, &resp.Diagnostics)
		plan.checkResult = plannedResult(found, &plan, state)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// later says whether a value that the check needs is not known yet, and warns
// about it. Because of the unknown values in the plan, Terraform calls ModifyPlan
// again during apply, when the value is known.
func (r *connectionCheckResource) later(plan *connectionCheckModel, diags *diag.Diagnostics) bool {
	var what string
	switch {
	case r.data != nil && len(r.data.unknown) > 0:
		what = strings.Join(r.data.unknown, ", ") + " of the Devin provider"
	case !fullyKnown(plan.RequiredPermissions):
		what = "required_permissions"
	default:
		return false
	}
	diags.AddWarning("The Devin API key is checked during apply only",
		"The value of "+what+" is known only after apply, so that this plan could not check the key. The apply will.")
	return true
}

// plannedResult is known only when the plan changes nothing. A saved plan may be
// applied with another key, and Terraform refuses a result that differs from the
// planned one.
func plannedResult(found checkResult, plan, state *connectionCheckModel) checkResult {
	if state == nil || !found.equal(state.checkResult) || !plan.RequiredPermissions.Equal(state.RequiredPermissions) {
		return unknownResult()
	}
	return found
}

// check returns what it finds. When the key does not pass, it adds the error that
// fails the plan.
func (r *connectionCheckResource) check(ctx context.Context, m *connectionCheckModel, diags *diag.Diagnostics) checkResult {
	const action = "check the API key"
	if !r.data.ready(action, diags) {
		return noResult()
	}
	connection, err := checkConnection(ctx, r.data.client, m.RequiredPermissions, nil)
	switch {
	case err != nil:
		addReadError(diags, action, err)
	case connection.Code != devin.OK:
		diags.AddError(describeConnection(connection))
	default:
		return passed(connection)
	}
	return noResult()
}

func (r *connectionCheckResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.apply(ctx, req.Plan, &resp.State, &resp.Diagnostics)
}

// Read does not change the state. When the key belongs to another principal now,
// the plan shows it as a change.
func (r *connectionCheckResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m connectionCheckModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		r.check(ctx, &m, &resp.Diagnostics)
	}
}

func (r *connectionCheckResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.apply(ctx, req.Plan, &resp.State, &resp.Diagnostics)
}

func (r *connectionCheckResource) apply(ctx context.Context, plan tfsdk.Plan, state *tfsdk.State, diags *diag.Diagnostics) {
	var m connectionCheckModel
	diags.Append(plan.Get(ctx, &m)...)
	if diags.HasError() {
		return
	}
	if m.checkResult = r.check(ctx, &m, diags); !diags.HasError() {
		diags.Append(state.Set(ctx, &m)...)
	}
}

// Delete has nothing to do: the framework removes the resource from the state.
func (r *connectionCheckResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
