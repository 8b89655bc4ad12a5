package devin

import (
	"context"
	"errors"
	"fmt"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// In returns a client for one organization: it reads that organization's numbers through
// the organization's own paths, which a key of the organization may use too. An empty id
// is the whole enterprise. Bounds on requests and kept answers are shared with c.
func (c *Client) In(orgID string) *Client {
	scoped := *c
	scoped.orgID = orgID
	return &scoped
}

// OrgID is the organization whose numbers are read; empty is the enterprise.
func (c *Client) OrgID() string { return c.orgID }

// path is a path below the organization's or the enterprise's root.
func (c *Client) path(elements ...string) []string {
	if c.orgID != "" {
		return append([]string{"organizations", c.orgID}, elements...)
	}
	return append([]string{"enterprise"}, elements...)
}

// enterprisePath is path for what an organization has only below the enterprise's
// root, where no key of the organization may read.
func (c *Client) enterprisePath(elements ...string) []string {
	if c.orgID != "" {
		return append([]string{"enterprise", "organizations", c.orgID}, elements...)
	}
	return append([]string{"enterprise"}, elements...)
}

// inScope reports whether the client reads what belongs to an organization; nil is an
// answer that does not say which one.
func (c *Client) inScope(orgID *string) bool {
	return c.orgID == "" || orgID == nil || *orgID == c.orgID
}

// permission returns the permission for the client's scope.
func (c *Client) permission(ofEnterprise *Permission) *Permission {
	if c.orgID != "" {
		return organizationPermissions[ofEnterprise]
	}
	return ofEnterprise
}

// ScopeError means that a refusal is due to the key: Devin does not accept it at all,
// or it belongs to one organization and was used for the enterprise or for another
// organization.
type ScopeError struct {
	// KeyRefused reports whether Devin does not accept the key; KeyOrgID is empty then.
	KeyRefused bool
	// KeyOrgID is the organization that the key belongs to.
	KeyOrgID string
	// AskedOrgID is the organization that was requested; empty is the enterprise.
	AskedOrgID string
	// OfEnterprise reports whether Devin has what was requested for the enterprise only; it is
	// set by the caller.
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

// ExplainRefusal returns a ScopeError that wraps err if err is a refusal that is due to
// the key, and else err. After a refusal it reads /v3/self, which any key may read.
func (c *Client) ExplainRefusal(ctx context.Context, err error) error {
	if !isRefusal(err) && (c.orgID == "" || !errors.Is(err, ErrNotFound)) {
		return err
	}
	self, selfErr := c.Self(rest.Fresh(ctx)) // the key may have been revoked meanwhile
	switch {
	case isRefusal(selfErr):
		return &ScopeError{KeyRefused: true, AskedOrgID: c.orgID, Err: err}
	case selfErr != nil || self.OrgID == nil || *self.OrgID == c.orgID:
		return err
	}
	return &ScopeError{KeyOrgID: *self.OrgID, AskedOrgID: c.orgID, Err: err}
}

// isRefusal reports whether Devin refused the key, or denied it something.
func isRefusal(err error) bool {
	return (errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized)) && !errors.Is(err, ErrAddressDenied)
}

// The three permissions that reading usage takes.
var (
	MembershipPermission  = &Permission{Name: "ManageAccountMembership", NewerName: "ViewAccountMembership"}
	ConsumptionPermission = &Permission{Name: "ManageBilling", NewerName: "ViewAccountConsumption"}
	MetricsPermission     = &Permission{Name: "ViewAccountMetrics"}
)

// OrganizationConsumptionPermission is ConsumptionPermission for one organization.
var OrganizationConsumptionPermission = &Permission{Name: "ManageBilling", NewerName: "ViewOrgConsumption"}

// organizationPermissions has the permission for one organization by the one for the
// enterprise. A role of the enterprise that grants the one grants the other in every
// organization.
var organizationPermissions = map[*Permission]*Permission{
	MembershipPermission:  {Name: "ViewOrgMembership"},
	ConsumptionPermission: OrganizationConsumptionPermission,
	MetricsPermission:     {Name: "ViewAccountMetrics", NewerName: "ViewOrgMetrics"},
	SessionsPermission:    {Name: "ViewOrgSessions"},
	CodeScansPermission:   {Name: "ViewCodeScans"},
}

// Permissions that only some data sources need.
var (
	SessionsPermission       = &Permission{Name: "ViewAccountSessions"}
	CodeScansPermission      = &Permission{Name: "ViewAccountCodeScans"}
	ServiceUsersPermission   = &Permission{Name: "ManageAccountServiceUsers"}
	SettingsPermission       = &Permission{Name: "ManageEnterpriseSettings"}
	InfrastructurePermission = &Permission{Name: "ViewEnterpriseInfraDetails"}
)

// OrganizationsPermission is that of the list of organizations. A connection check does
// not require it: the list only tells an empty enterprise from a key that sees nothing.
var OrganizationsPermission = &Permission{Name: "ManageOrganizations"}
