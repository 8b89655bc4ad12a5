package devin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// In is the same client for one organization: what it reads is that
// organization's, through the organization's own paths, which a key of the
// organization may use too. An empty id is the whole enterprise.
//
// It shares everything else with c: the bound on requests, and answers that are
// the same question's.
func (c *Client) In(orgID string) *Client {
	scoped := *c
	scoped.orgID = orgID
	return &scoped
}

// OrgID is the organization whose numbers are read; empty is the enterprise.
func (c *Client) OrgID() string { return c.orgID }

// path is an address below the organization's or the enterprise's root.
func (c *Client) path(elements ...string) []string {
	if c.orgID != "" {
		return append([]string{"organizations", c.orgID}, elements...)
	}
	return append([]string{"enterprise"}, elements...)
}

// permission is what an endpoint needs for the client's scope.
func (c *Client) permission(ofEnterprise *Permission) *Permission {
	if c.orgID != "" {
		return organizationPermissions[ofEnterprise]
	}
	return ofEnterprise
}

// ScopeError says that a refusal is due to the key: Devin does not accept it at all,
// or it is a key of one organization and was used for what is not that
// organization's, the enterprise's numbers or another organization's.
type ScopeError struct {
	// KeyRefused says that Devin does not accept the key; KeyOrgID is empty then.
	KeyRefused bool
	// KeyOrgID is the organization that the key belongs to.
	KeyOrgID string
	// AskedOrgID is the organization that was asked about; empty is the enterprise.
	AskedOrgID string
	// OfEnterprise says that what was asked for is had for the enterprise only.
	OfEnterprise bool
	// Err is what Devin answered.
	Err error
}

func (e *ScopeError) Error() string {
	if e.KeyRefused {
		return fmt.Sprintf("the key is refused for /v3/self too, which every key may read: %v", e.Err)
	}
	asked := "the enterprise"
	if e.AskedOrgID != "" {
		asked = "the organization " + e.AskedOrgID
	}
	return fmt.Sprintf("the key belongs to the organization %s and was used for %s: %v", e.KeyOrgID, asked, e.Err)
}

// Unwrap is what Devin answered.
func (e *ScopeError) Unwrap() error { return e.Err }

// ExplainRefusal finds out whether err is a refusal that is due to the key, and then
// makes a ScopeError of it. It asks /v3/self, which any key may read, and only after
// a refusal.
func (c *Client) ExplainRefusal(ctx context.Context, err error) error {
	if !isRefusal(err) && (c.orgID == "" || !errors.Is(err, ErrNotFound)) {
		return err
	}
	self, selfErr := c.Self(rest.Fresh(ctx)) // the key may have been revoked since it was asked
	switch {
	case isRefusal(selfErr):
		return &ScopeError{KeyRefused: true, AskedOrgID: c.orgID, Err: err}
	case selfErr != nil || self.OrgID == nil || *self.OrgID == c.orgID:
		return err
	}
	return &ScopeError{KeyOrgID: *self.OrgID, AskedOrgID: c.orgID, Err: err}
}

// isRefusal says whether Devin refused the key, or denied it something.
func isRefusal(err error) bool {
	return (errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized)) && !errors.Is(err, ErrAddressDenied)
}

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
