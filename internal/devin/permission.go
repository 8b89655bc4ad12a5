package devin

// Permission is what a role must grant for an endpoint to answer.
// https://docs.devin.ai/api-reference/v3/overview
type Permission struct {
	// Name is the permission's name in Devin's older documentation and in the
	// connectors that import the same data.
	Name string
	// NewerName is the name in Devin's newer documentation; empty where it did
	// not change. Devin is moving from one to the other, page by page.
	NewerName string
}

// The three permissions that reading usage takes.
var (
	MembershipPermission  = &Permission{Name: "ManageAccountMembership", NewerName: "ViewAccountMembership"}
	ConsumptionPermission = &Permission{Name: "ManageBilling", NewerName: "ViewAccountConsumption"}
	MetricsPermission     = &Permission{Name: "ViewAccountMetrics"}
)

// organizationsPermission is not one of the three: the list of organizations
// is only looked at to tell an empty enterprise from a key that sees nothing.
var organizationsPermission = &Permission{Name: "ManageOrganizations"}

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

// String is the permission as messages show it, with both names.
func (p *Permission) String() string {
	if p.NewerName == "" {
		return p.Name
	}
	return p.Name + " (newer name: " + p.NewerName + ")"
}
