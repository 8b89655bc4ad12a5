package devin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// serviceUser is an item of the list of service users.
type serviceUser struct {
	ServiceUserID string  `json:"service_user_id" api:"required"`
	Name          *string `json:"name"`
}

func (u *serviceUser) Identity() string { return u.ServiceUserID }

// serviceUsersRequest is the request for the list of service users.
//
// https://docs.devin.ai/api-reference/v3/service-users/members-service-users
func (c *Client) serviceUsersRequest(includeInactive bool) rest.Request {
	r := rest.Request{Path: c.enterprisePath("members", "service-users"), Permission: MembershipPermission, Shared: true}
	if includeInactive {
		r.Query = url.Values{"include_inactive": {"true"}}
	}
	return r
}

// ErrNoServiceUserList means that a key of an organization may not list the
// organization's service users, which Devin shows to a key of the enterprise only. No
// permission changes that; with the IDs of a Selection the list is not needed.
var ErrNoServiceUserList = errors.New("a key of an organization may not list its service users")

// explainServiceUserList adds ErrNoServiceUserList to a refusal of the list, where the
// key is that of the client's organization. It reads /v3/self.
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

// serviceUsers are those that work, and with includeInactive also those that have expired
// or were removed.
func (c *Client) serviceUsers(includeInactive bool) population {
	return populationOf(c, "service users", func(u serviceUser) subject { return subject{id: u.ServiceUserID, name: u.Name} },
		c.In("").serviceUsersRequest(false), // an organization has no such request
		c.serviceUsersRequest(includeInactive))
}

// ServiceUserAPIKey describes a key of a service user. The key itself, Devin shows only
// when it is created.
type ServiceUserAPIKey struct {
	APIKeyID   string   `json:"api_key_id" tfsdk:"api_key_id" api:"required"`
	APIKeyName *string  `json:"api_key_name" tfsdk:"api_key_name"`
	CreatedAt  *Instant `json:"created_at" tfsdk:"created_at" api:"required"`
	ExpiresAt  *Instant `json:"expires_at" tfsdk:"expires_at"`     // nil: never
	LastUsedAt *Instant `json:"last_used_at" tfsdk:"last_used_at"` // nil: never, as far as Devin says
	IsActive   *bool    `json:"is_active" tfsdk:"is_active" api:"required"`
	RevokedAt  *Instant `json:"revoked_at" tfsdk:"revoked_at"` // nil: not revoked
}

// Identity is the id.
func (k *ServiceUserAPIKey) Identity() string { return k.APIKeyID }

// ExpiresBy reports whether the key is active and expires on a day in UTC or before.
func (k *ServiceUserAPIKey) ExpiresBy(last Day) bool {
	return *k.IsActive && k.ExpiresAt != nil && UTCDayAt(k.ExpiresAt.Time()) <= last
}

// ServiceUserAPIKeys lists the keys of a service user: those that work, and those
// that have expired or were revoked. They are sorted by when they were created.
// Devin has the list for the enterprise only. An unknown service user is an
// ErrNotFound.
//
// https://docs.devin.ai/api-reference/v3/overview
func (c *Client) ServiceUserAPIKeys(ctx context.Context, serviceUserID string) ([]ServiceUserAPIKey, error) {
	return rest.Collect(ctx, c.rest, apiKeysRequest(serviceUserID), nil, func(a, b ServiceUserAPIKey) int {
		return cmp.Or(cmp.Compare(*a.CreatedAt, *b.CreatedAt), strings.Compare(a.APIKeyID, b.APIKeyID))
	})
}

func apiKeysRequest(serviceUserID string) rest.Request {
	return rest.Request{
		Version: rest.V3Beta1, Path: []string{"enterprise", "service-users", serviceUserID, "api-keys"},
		// Devin does not document what it lists without it.
		Query: url.Values{"status": {"all"}}, Permission: ServiceUsersPermission, Shared: true,
	}
}

// ServiceUsersAPIKeys lists the keys of each service user, with a request for each: of
// those that work, and with includeInactive also of those that have expired or were
// removed. With sel.IDs the list of service users is not needed.
func (c *Client) ServiceUsersAPIKeys(ctx context.Context, sel Selection, includeInactive bool) (*Report[[]ServiceUserAPIKey], error) {
	sel.What = "API keys"
	return readEach(ctx, c, c.serviceUsers(includeInactive || sel.IDs != nil), sel, func(ctx context.Context, serviceUserID string) (*[]ServiceUserAPIKey, error) {
		keys, err := c.ServiceUserAPIKeys(ctx, serviceUserID)
		return &keys, err
	})
}
