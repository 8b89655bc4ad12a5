package devin

import (
	"context"
	"net/url"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// serviceUser is one of a list, as far as reports name it.
type serviceUser struct {
	ServiceUserID string  `json:"service_user_id" api:"required"`
	Name          *string `json:"name"`
}

func (u *serviceUser) Identity() string { return u.ServiceUserID }

// serviceUsersRequest asks for the list, which an organization has only in the
// enterprise's tree: no key of an organization may read it.
//
// https://docs.devin.ai/api-reference/v3/service-users/members-service-users
func (c *Client) serviceUsersRequest(includeInactive bool) rest.Request {
	r := rest.Request{Path: []string{"enterprise", "members", "service-users"}, Permission: MembershipPermission, Shared: true}
	if c.orgID != "" {
		r.Path = []string{"enterprise", "organizations", c.orgID, "members", "service-users"}
	}
	if includeInactive {
		r.Query = url.Values{"include_inactive": {"true"}}
	}
	return r
}

// ReadServiceUsers asks for each service user on its own: those that work, and
// with includeInactive also those that have expired or were removed. With sel.IDs
// the list is not needed.
func ReadServiceUsers[T any](ctx context.Context, c *Client, sel Selection, includeInactive bool, read func(ctx context.Context, serviceUserID string) (*T, error)) (*Report[T], error) {
	return readEach(ctx, c, c.serviceUsers(includeInactive || sel.IDs != nil), sel, read)
}

func (c *Client) serviceUsers(includeInactive bool) population {
	return populationOf(c, "service users", func(u serviceUser) subject { return subject{id: u.ServiceUserID, name: u.Name} },
		c.In("").serviceUsersRequest(false), // an organization has no such request
		c.serviceUsersRequest(includeInactive))
}
