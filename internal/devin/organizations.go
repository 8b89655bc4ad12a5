package devin

import (
	"context"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// organization is an item of the list of organizations.
type organization struct {
	OrgID string  `json:"org_id" api:"required"`
	Name  *string `json:"name"`
	// MaxCycleACULimit is a limit in the organization's own settings; nil where none is set.
	MaxCycleACULimit *Count `json:"max_cycle_acu_limit"`
}

// Identity is the id.
func (o *organization) Identity() string { return o.OrgID }

// https://docs.devin.ai/api-reference/v3/organizations/organizations
func organizationsRequest() rest.Request {
	return rest.Request{Path: []string{"enterprise", "organizations"}, Permission: OrganizationsPermission, Shared: true}
}

// ReadOrganizations reads a report on organizations of the enterprise, as ReadUsers
// does on members. The list of organizations needs OrganizationsPermission; with sel.IDs
// the list is not needed.
func ReadOrganizations[T any](ctx context.Context, c *Client, sel Selection, read func(ctx context.Context, orgID string) (*T, error)) (*Report[T], error) {
	return readEach(ctx, c, c.organizations(), sel, read)
}

func (c *Client) organizations() population {
	return populationOf(c, "organizations", func(o organization) subject { return subject{id: o.OrgID, name: o.Name} },
		organizationsRequest(), organizationsRequest())
}

// MaxCycleACULimits returns the limits in the organizations' own settings, in ACUs, by
// organization; nil where none is set. How they relate to an ACULimit is not documented.
//
// https://docs.devin.ai/api-reference/v3/organizations/organizations
func (c *Client) MaxCycleACULimits(ctx context.Context) (map[string]*Count, error) {
	all, err := rest.Collect(ctx, c.rest, organizationsRequest(), nil, func(a, b organization) int { return strings.Compare(a.OrgID, b.OrgID) })
	if err != nil {
		return nil, err
	}
	limits := map[string]*Count{}
	for _, o := range all {
		limits[o.OrgID] = o.MaxCycleACULimit
	}
	return limits, nil
}
