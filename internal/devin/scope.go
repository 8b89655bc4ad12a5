package devin

import (
	"context"
	"errors"
	"fmt"
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

// ScopeError says that a key of one organization was used for what is not that
// organization's: for the enterprise's numbers, or another organization's.
type ScopeError struct {
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
	asked := "the enterprise"
	if e.AskedOrgID != "" {
		asked = "the organization " + e.AskedOrgID
	}
	return fmt.Sprintf("the key belongs to the organization %s and was used for %s: %v", e.KeyOrgID, asked, e.Err)
}

// Unwrap is what Devin answered.
func (e *ScopeError) Unwrap() error { return e.Err }

// ExplainRefusal finds out whether err is a refusal that comes from the key's
// organization, and then makes a ScopeError of it. It asks /v3/self, which any
// key may read, and only after a refusal.
func (c *Client) ExplainRefusal(ctx context.Context, err error) error {
	refused := errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized) || c.orgID != "" && errors.Is(err, ErrNotFound)
	if !refused || errors.Is(err, ErrAddressDenied) {
		return err
	}
	self, selfErr := c.Self(ctx)
	if selfErr != nil || self.OrgID == nil || *self.OrgID == c.orgID {
		return err
	}
	return &ScopeError{KeyOrgID: *self.OrgID, AskedOrgID: c.orgID, Err: err}
}
