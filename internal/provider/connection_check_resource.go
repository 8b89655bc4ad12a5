package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
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

func (r *connectionCheckResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: checkAbout.describe("Fails every plan, even one without changes, and every apply that plans first, while the provider's Devin API key does not work " +
			"or lacks a permission that is required. It creates nothing in Devin, and has no result: the data source of the same name has one.\n\n" +
			"The error starts with a code: `invalid_credentials`, `invalid_permissions`, `forbidden`, `unauthorized`, `no_resources`, " +
			"or `unavailable` when Devin could not be asked. " +
			"With a key that no longer works, `terraform destroy -refresh=false` is the way out."),
		Attributes: map[string]schema.Attribute{
			"required_permissions": schema.ListAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: requiredPermissionsDescription,
				Validators:          requiredPermissionsValidators,
			},
		},
	}
}

type connectionCheckModel struct {
	RequiredPermissions types.List `tfsdk:"required_permissions"`
}

func (r *connectionCheckResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = providerDataOf(req.ProviderData, &resp.Diagnostics)
}

func (r *connectionCheckResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // the destruction of a check needs no key
	}
	var plan connectionCheckModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	switch {
	case resp.Diagnostics.HasError():
	case r.settingsUnknown():
		// An apply asks a provider only about a resource that the plan changes.
		changes := !req.Plan.Raw.Equal(req.State.Raw)
		addWarning(&resp.Diagnostics, explain.SettingsUnchecked(r.data.unknown, changes))
	case !fullyKnown(plan.RequiredPermissions):
		// The plan changes the resource, and an apply asks for a plan of it again.
		addWarning(&resp.Diagnostics, explain.CheckDelayed("required_permissions"))
	default:
		r.check(ctx, plan, &resp.Diagnostics)
	}
}

func (r *connectionCheckResource) settingsUnknown() bool {
	return r.data != nil && len(r.data.unknown) > 0
}

// check adds the error that fails the plan where the key does not pass.
func (r *connectionCheckResource) check(ctx context.Context, m connectionCheckModel, diags *diag.Diagnostics) {
	const action = "check the API key"
	if !r.data.ready(action, diags) {
		return
	}
	connection, err := checkConnection(ctx, r.data.client, m.RequiredPermissions, nil)
	switch {
	case err != nil:
		addFailure(diags, action, err)
	case connection.Code != devin.OK:
		r.data.addCheckFailure(diags, connection)
	}
}

func (r *connectionCheckResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.apply(ctx, req.Plan, &resp.State, &resp.Diagnostics)
}

// Read does not change the state.
func (r *connectionCheckResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m connectionCheckModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	switch {
	case resp.Diagnostics.HasError():
	case r.settingsUnknown():
		addWarning(&resp.Diagnostics, explain.SettingsUnchecked(r.data.unknown, false))
	default:
		r.check(ctx, m, &resp.Diagnostics)
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
	if r.check(ctx, m, diags); !diags.HasError() {
		diags.Append(state.Set(ctx, &m)...)
	}
}

// Delete has nothing to do: the framework removes the resource from the state.
func (r *connectionCheckResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
