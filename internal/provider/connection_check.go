package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// This file has what the connection check's resource and data source share.

const requiredPermissionsDescription = "Permissions that the key must have: `ManageAccountMembership`, `ManageBilling` and `ViewAccountMetrics`, " +
	"or by their newer names `ViewAccountMembership` and `ViewAccountConsumption`. Default: all three."

var requiredPermissionsValidators = []validator.List{
	listvalidator.SizeAtLeast(1),
	listvalidator.ValueStringsAre(stringvalidator.OneOf(devin.PermissionNames()...)),
}

// principalDescriptions describe the attributes of principalModel.
var principalDescriptions = map[string]string{
	"principal_type": "What the key acts as: `service_user`, or `pat_user` for a personal access token; null where Devin does not say.",
	"principal_id":   "The id of the service user or user that the key acts as; null where Devin does not say.",
	"principal_name": "The name of the service user or user that the key acts as; null where Devin does not say.",
	"org_id":         "The organization that the key belongs to; null for a key of the enterprise, as reading usage takes.",
}

// principalModel is embedded in the models of both.
type principalModel struct {
	PrincipalType types.String `tfsdk:"principal_type"`
	PrincipalID   types.String `tfsdk:"principal_id"`
	PrincipalName types.String `tfsdk:"principal_name"`
	OrgID         types.String `tfsdk:"org_id"`
}

func principal(p *devin.Principal) principalModel {
	if p == nil {
		p = &devin.Principal{}
	}
	return principalModel{
		PrincipalType: nullable(p.Type),
		PrincipalID:   types.StringPointerValue(p.ID),
		PrincipalName: types.StringPointerValue(p.Name),
		OrgID:         types.StringPointerValue(p.OrgID),
	}
}

func nullable(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// checkConnection checks what required asks for; null asks for everything.
func checkConnection(ctx context.Context, client *devin.Client, required types.List) *devin.Connection {
	wanted := map[*devin.Permission]bool{}
	for _, element := range required.Elements() {
		if name, ok := element.(types.String); ok {
			wanted[devin.PermissionNamed(name.ValueString())] = true
		}
	}
	var permissions []*devin.Permission
	for _, p := range devin.Permissions() {
		if required.IsNull() || wanted[p] {
			permissions = append(permissions, p)
		}
	}
	return client.CheckConnection(ctx, permissions)
}

// fullyKnown says whether a list and all its elements are known.
func fullyKnown(list types.List) bool {
	if list.IsUnknown() {
		return false
	}
	for _, element := range list.Elements() {
		if element.IsUnknown() {
			return false
		}
	}
	return true
}
