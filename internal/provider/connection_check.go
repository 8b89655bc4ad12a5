package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

const requiredPermissionsDescription = "Permissions that the key must have, by their older or newer names: one or more of those of the table *What needs which permission*. " +
	"Each name stands for the permission of its kind, of the enterprise or of the organization. " +
	"Default: `ManageAccountMembership`, `ManageBilling` and `ViewAccountMetrics`, for members, consumption and pull requests."

var requiredPermissionsValidators = []validator.List{
	listvalidator.SizeAtLeast(1),
	listvalidator.ValueStringsAre(permissionName{}),
}

// permissionName accepts the names that requiredPermissions understands.
type permissionName struct{}

func (permissionName) Description(context.Context) string {
	return "must be one of " + strings.Join(devin.PermissionNames(), ", ")
}

func (v permissionName) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v permissionName) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	name := req.ConfigValue
	switch {
	case name.IsUnknown():
	case name.IsNull():
		resp.Diagnostics.AddAttributeError(req.Path, "Null in a list",
			"An element of the list is null, so that it does not say which permission to check. Take it out, for example with compact(...).")
	case devin.PermissionNamed(name.ValueString()) == nil:
		resp.Diagnostics.AddAttributeError(req.Path, "Unknown permission", fmt.Sprintf("%q is not a permission that can be checked: it %s.",
			name.ValueString(), v.Description(ctx)))
	}
}

// organizationCheckNote says which requests the check sends for an organization.
const organizationCheckNote = "With `org_id` in the provider block, the check tries the permissions in that organization, below `/v3/organizations/{org_id}` " +
	"(members: `/v3beta1/organizations/{org_id}/members/users`), and there is no list of organizations: " +
	"`no_resources` is an organization without members. See [Keys](../guides/keys.md)."

// checkRequests are the requests of the check, in order.
var checkRequests = []endpoint{
	{"/v3/self", "self/self", nil, "once"},
	{"/v3/enterprise/members/users", "users/members-users", devin.MembershipPermission, "once, where required"},
	{"/v3/enterprise/consumption/daily", "consumption/consumption-daily", devin.ConsumptionPermission, "once for the last finished day, where required"},
	{"/v3/enterprise/metrics/prs", "metrics/metrics-prs", devin.MetricsPermission, "once for the last finished day, where required"},
	{"/v3/enterprise/organizations", "", devin.OrganizationsPermission, "once; the key may well lack this permission, unless it is required"},
	{"/v3/enterprise/members/idp-users", "", devin.MembershipPermission, "once, only where the list of organizations is refused and the list of members is empty"},
	{"/v3/enterprise/sessions", "sessions/enterprise-sessions", devin.SessionsPermission, "once for the last finished day, only where required"},
	{"/v3/enterprise/code-scans/findings", "code-scans/enterprise-code-scans-findings", devin.CodeScansPermission, "once, only where required"},
	{"/v3beta1/enterprise/service-users/{service_user_id}/api-keys", "", devin.ServiceUsersPermission, "once for the key's own service user, only where required"},
	{"/v3/enterprise/members/service-users", "service-users/members-service-users", devin.MembershipPermission, "before that, once, where the key is of no service user: then the first one of the list takes its place"},
	{"/v3/enterprise/audit-logs", "audit-logs/enterprise-audit-logs", devin.SettingsPermission, "once for the last finished day, only where required"},
	{"/v3/enterprise/hypervisors", "hypervisors/hypervisors", devin.InfrastructurePermission, "once, only where required"},
}

var checkAbout = about{
	group: groupConnection, requests: checkRequests, permissionTable: true,
	notes: "A plan usually sends five requests, and one more for each further permission that is required; so does an apply that changes the resource. " +
		"If `/v3/self` answers 401 or cannot be reached, there is only that request.\n\n" + organizationCheckNote,
}

// principalAttributes are the attributes of devin.Principal.
func principalAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"principal_type": computedString("What the key acts as: `service_user`, or `pat_user` for a personal access token; null where Devin does not say."),
		"principal_id":   computedString("The id of the service user or user that the key acts as; null where Devin does not say."),
		"principal_name": computedString("The name of the service user or user that the key acts as; null where Devin does not say."),
		"org_id":         computedString("The organization that the key belongs to; null for a key of the enterprise."),
	}
}

// requiredPermissions returns the permissions that the argument names, or all where it is
// null. A list that names no permission is an error, because any key would pass.
// Validation refuses such a list too, but cannot see unknown values.
func requiredPermissions(client *devin.Client, required types.List) ([]*devin.Permission, error) {
	if required.IsNull() {
		return devin.DefaultRequirements(), nil
	}
	wanted := map[*devin.Permission]bool{}
	for i, element := range required.Elements() {
		name, _ := element.(types.String)
		permission := devin.PermissionNamed(name.ValueString())
		switch {
		case permission == nil:
			return nil, nothingToCheckError(fmt.Sprintf("element %d of the list names no permission", i))
		case !client.CanRequire(permission):
			return nil, &attributeError{
				path: path.Root("required_permissions").AtListIndex(i), summary: "Not a permission of an organization",
				detail: fmt.Sprintf("%s exists for the enterprise only, and the provider reads the organization %s: the check cannot try it there, and did not check the key. "+
					"Take it out of the list, or check it with a provider block without org_id.", permission, client.OrgID()),
			}
		}
		wanted[permission] = true
	}
	if len(wanted) == 0 {
		return nil, nothingToCheckError("the list names no permission")
	}
	return slices.DeleteFunc(devin.Requirements(), func(p *devin.Permission) bool { return !wanted[p] }), nil
}

func nothingToCheckError(why string) error {
	return &attributeError{
		path: path.Root("required_permissions"), summary: "Nothing to check", detail: "The API key was not checked: " + why +
			". Name the permissions that the key must have, or leave the argument out for the default.",
	}
}

// checkConnection checks the key for the required permissions. progress, unless it is
// nil, is called after each request.
func checkConnection(ctx context.Context, client *devin.Client, required types.List, progress func(devin.Check)) (*devin.Connection, error) {
	permissions, err := requiredPermissions(client, required)
	if err != nil {
		return nil, err
	}
	connection := client.CheckConnection(ctx, permissions, progress)
	// An interrupted check has no result.
	return connection, ctx.Err()
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
