package devin

// The three permissions that reading usage takes.
var (
	MembershipPermission  = &Permission{Name: "ManageAccountMembership", NewerName: "ViewAccountMembership"}
	ConsumptionPermission = &Permission{Name: "ManageBilling", NewerName: "ViewAccountConsumption"}
	MetricsPermission     = &Permission{Name: "ViewAccountMetrics"}
)

// OrganizationsPermission is not one of the three: the list of organizations
// is only looked at to tell an empty enterprise from a key that sees nothing.
var OrganizationsPermission = &Permission{Name: "ManageOrganizations"}

// Permissions lists the three permissions, in the order in which they are
// reported.
func Permissions() []*Permission {
	return []*Permission{MembershipPermission, ConsumptionPermission, MetricsPermission}
}

// PermissionNames lists every name of the three permissions.
func PermissionNames() []string {
	var names []string
	for _, p := range Permissions() {
		names = append(names, p.Name)
		if p.NewerName != "" {
			names = append(names, p.NewerName)
		}
	}
	return names
}

// PermissionNamed finds one of the three permissions by either of its names;
// nil where there is none.
func PermissionNamed(name string) *Permission {
	for _, p := range Permissions() {
		if name == p.Name || name == p.NewerName && name != "" {
			return p
		}
	}
	return nil
}
