package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// connectionCheckResource makes every plan fail while the API key does not
// work. Terraform calls ModifyPlan in each plan and in each apply, also where
// nothing changes; where it does not (plan -refresh-only), it calls Read.
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
	resp.Schema = schema.Schema{
		MarkdownDescription: "Fails every plan, also one without changes, and so every apply that plans first, while the provider's Devin API key does not work " +
			"or lacks a permission that reading usage takes. It creates nothing in Devin.\n\n" +
			"The error starts with a code: `invalid_credentials`, `invalid_permissions`, `forbidden`, `unauthorized`, `no_resources`, " +
			"or `unavailable` when Devin could not be asked. " +
			"With a key that no longer works, `terraform destroy -refresh=false` is the way out.",
		Attributes: attributes,
	}
}

type connectionCheckModel struct {
	RequiredPermissions types.List `tfsdk:"required_permissions"`
	principalModel
}

func (r *connectionCheckResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *connectionCheckResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.data == nil {
		return // to destroy a check asks nothing of the key
	}
	var m connectionCheckModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if len(r.data.unknown) == 0 && (r.data.client == nil || wholly(m.RequiredPermissions)) {
		r.check(ctx, &m, &resp.Diagnostics)
	} else {
		// Unknown values make Terraform plan a change, and so come back during
		// apply, when the settings are known.
		m.principalModel = principalModel{
			PrincipalType: types.StringUnknown(), PrincipalID: types.StringUnknown(),
			PrincipalName: types.StringUnknown(), OrgID: types.StringUnknown(),
		}
		what := strings.Join(r.data.unknown, ", ") + " of the Devin provider"
		if r.data.client != nil {
			what = "required_permissions"
		}
		resp.Diagnostics.AddWarning("The Devin API key is checked during apply only",
			"The value of "+what+" is known only after apply, so that this plan could not check the key. The apply will.")
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &m)...)
	}
}

// check fills in the principal, or adds the error that fails the plan.
func (r *connectionCheckResource) check(ctx context.Context, m *connectionCheckModel, diags *diag.Diagnostics) {
	if !r.data.ready("check the API key", diags) {
		return
	}
	connection := checkConnection(ctx, r.data.client, m.RequiredPermissions)
	switch {
	case ctx.Err() != nil:
		addError(diags, "check the API key", ctx.Err())
	case connection.Code != "":
		diags.AddError(describeConnection(connection))
	default:
		m.principalModel = principal(connection.Principal)
	}
}

func (r *connectionCheckResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.apply(ctx, req.Plan, &resp.State, &resp.Diagnostics)
}

// Read leaves the state as it is: that the key has become another principal's
// is for the plan to show, as a change.
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
	if r.check(ctx, &m, diags); !diags.HasError() {
		diags.Append(state.Set(ctx, &m)...)
	}
}

// Delete has nothing to do: the framework takes the resource out of the state.
func (r *connectionCheckResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
