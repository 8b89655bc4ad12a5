package devin

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// ServiceUserAPIKey is a key of a service user. It is never the key itself, which
// Devin shows once, when it is created.
type ServiceUserAPIKey struct {
	APIKeyID   string   `json:"api_key_id" tfsdk:"api_key_id" api:"required"`
	APIKeyName *string  `json:"api_key_name" tfsdk:"api_key_name"`
	CreatedAt  *Instant `json:"created_at" tfsdk:"created_at" api:"required"`
	ExpiresAt  *Instant `json:"expires_at" tfsdk:"expires_at"`     // nil: never
	LastUsedAt *Instant `json:"last_used_at" tfsdk:"last_used_at"` // nil: not yet, as far as Devin says
	IsActive   *bool    `json:"is_active" tfsdk:"is_active" api:"required"`
	RevokedAt  *Instant `json:"revoked_at" tfsdk:"revoked_at"` // nil: was not revoked
}

// Identity is the id.
func (k *ServiceUserAPIKey) Identity() string { return k.APIKeyID }

// ExpiresBy says whether Devin accepts the key, and it expires on a day in UTC or
// before.
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
	r := rest.Request{
		Version: rest.V3Beta1, Path: []string{"enterprise", "service-users", serviceUserID, "api-keys"},
		// Devin does not document what it lists without it.
		Query: url.Values{"status": {"all"}}, Permission: ServiceUsersPermission, Shared: true,
	}
	return rest.Collect(ctx, c.rest, r, nil, func(a, b ServiceUserAPIKey) int {
		return cmp.Or(cmp.Compare(*a.CreatedAt, *b.CreatedAt), strings.Compare(a.APIKeyID, b.APIKeyID))
	})
}

// ServiceUsersAPIKeys lists the keys of each service user, with a request for each.
// includeInactive is that of ReadServiceUsers.
func (c *Client) ServiceUsersAPIKeys(ctx context.Context, sel Selection, includeInactive bool) (*Report[[]ServiceUserAPIKey], error) {
	sel.What = "API keys"
	return ReadServiceUsers(ctx, c, sel, includeInactive, func(ctx context.Context, serviceUserID string) (*[]ServiceUserAPIKey, error) {
		keys, err := c.ServiceUserAPIKeys(ctx, serviceUserID)
		return &keys, err
	})
}
