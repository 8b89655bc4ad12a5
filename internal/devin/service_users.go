package devin

import (
	"context"
	"errors"
	"fmt"
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

// ErrNoServiceUserList says that a key of an organization may not list the
// organization's service users, which Devin shows to a key of the enterprise only. No
// permission changes that; with the IDs of a Selection the list is not needed.
var ErrNoServiceUserList = errors.New("a key of an organization may not list its service users")

// explainServiceUserList adds ErrNoServiceUserList to a refusal of the list, where the
// key is that of the client's organization. It asks /v3/self.
func (c *Client) explainServiceUserList(ctx context.Context, err error) error {
	var e *Error
	if c.orgID == "" || !isRefusal(err) || !errors.As(err, &e) || e.Permission != MembershipPermission {
		return err
	}
	self, selfErr := c.Self(ctx)
	if selfErr != nil || self.OrgID == nil || *self.OrgID != c.orgID {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNoServiceUserList, err)
}

func (c *Client) serviceUsers(includeInactive bool) population {
	return populationOf(c, "service users", func(u serviceUser) subject { return subject{id: u.ServiceUserID, name: u.Name} },
		c.In("").serviceUsersRequest(false), // an organization has no such request
		c.serviceUsersRequest(includeInactive))
}
