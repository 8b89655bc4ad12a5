package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

// connectionCheckAction is the check as an action: terraform apply -invoke runs it,
// and so does the lifecycle of a resource before it is created. Actions need
// Terraform 1.14, and OpenTofu has none, so nothing else depends on it.
type connectionCheckAction struct{ data *providerData }

func newConnectionCheckAction() action.Action { return &connectionCheckAction{} }

var _ action.ActionWithConfigure = (*connectionCheckAction)(nil)

func (a *connectionCheckAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connection_check"
}

func (a *connectionCheckAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: checkAbout.describe("Checks that the provider's Devin API key works and has the permissions to read usage, and fails when it does not. " +
			"It changes nothing in Devin, and reports the result of each request while it runs. Needs Terraform 1.14."),
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

type connectionCheckActionModel struct {
	RequiredPermissions types.List `tfsdk:"required_permissions"`
}

func (a *connectionCheckAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.data = providerDataOf(req.ProviderData, &resp.Diagnostics)
}

func (a *connectionCheckAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	const doing = "check the API key"
	if !a.data.ready(doing, &resp.Diagnostics) {
		return
	}
	var m *connectionCheckActionModel // nil without a config block
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	required := types.ListNull(types.StringType)
	if m != nil {
		required = m.RequiredPermissions
	}
	connection, err := checkConnection(ctx, a.data.client, required, func(check devin.Check) {
		resp.SendProgress(action.InvokeProgressEvent{Message: explain.CheckRequest(check)})
	})
	switch {
	case err != nil:
		addFailure(&resp.Diagnostics, doing, err)
	case connection.Code != devin.OK:
		a.data.addCheckFailure(&resp.Diagnostics, connection)
	default:
		resp.SendProgress(action.InvokeProgressEvent{Message: explain.CheckPassed(connection)})
	}
}
