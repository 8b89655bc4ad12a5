package devin

import "slices"

// The three permissions that reading usage takes.
var (
	MembershipPermission  = &Permission{Name: "ManageAccountMembership", NewerName: "ViewAccountMembership"}
	ConsumptionPermission = &Permission{Name: "ManageBilling", NewerName: "ViewAccountConsumption"}
	MetricsPermission     = &Permission{Name: "ViewAccountMetrics"}
)

// OrganizationConsumptionPermission is that of an organization's consumption.
var OrganizationConsumptionPermission = &Permission{Name: "ManageBilling", NewerName: "ViewOrgConsumption"}

// organizationPermissions are the same for one organization, by those of the
// enterprise. A role of the enterprise that grants one of those grants its twin
// in every organization.
var organizationPermissions = map[*Permission]*Permission{
	MembershipPermission:  {Name: "ViewOrgMembership"},
	ConsumptionPermission: OrganizationConsumptionPermission,
	MetricsPermission:     {Name: "ViewAccountMetrics", NewerName: "ViewOrgMetrics"},
	SessionsPermission:    {Name: "ViewOrgSessions"},
	CodeScansPermission:   {Name: "ViewCodeScans"},
}

// The permissions of what only some data sources read.
var (
	SessionsPermission       = &Permission{Name: "ViewAccountSessions"}
	CodeScansPermission      = &Permission{Name: "ViewAccountCodeScans"}
	ServiceUsersPermission   = &Permission{Name: "ManageAccountServiceUsers"}
	SettingsPermission       = &Permission{Name: "ManageEnterpriseSettings"}
	InfrastructurePermission = &Permission{Name: "ViewEnterpriseInfraDetails"}
)

// OrganizationsPermission is not one of the three: the list of organizations
// is only looked at to tell an empty enterprise from a key that sees nothing.
var OrganizationsPermission = &Permission{Name: "ManageOrganizations"}

// Permissions lists the three permissions, in the order in which they are
// reported.
func Permissions() []*Permission {
	return []*Permission{MembershipPermission, ConsumptionPermission, MetricsPermission}
}

// PermissionNames lists every name of the three permissions, of the enterprise
// and of an organization.
func PermissionNames() []string {
	var all []string
	for _, p := range Permissions() {
		for _, name := range names(p) {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// names are all names of one of the three, the organization's included.
func names(p *Permission) []string {
	twin := organizationPermissions[p]
	return slices.DeleteFunc([]string{p.Name, p.NewerName, twin.Name, twin.NewerName}, func(name string) bool { return name == "" })
}

// PermissionNamed finds one of the three permissions by any of its names; nil
// where there is none.
func PermissionNamed(name string) *Permission {
	for _, p := range Permissions() {
		if slices.Contains(names(p), name) {
			return p
		}
	}
	return nil
}
