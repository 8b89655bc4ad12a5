package devin

import (
	"cmp"
	"context"
	"net/url"
	"slices"
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

// Check wants every field that Devin documents to be always there.
func (k *ServiceUserAPIKey) Check() error { return rest.CheckFields(k) }

// ServiceUserAPIKeys lists the keys of a service user: those that work, and those
// that have expired or were revoked. They are sorted by when they were created.
// Devin has the list for the enterprise only. An unknown service user is an
// ErrNotFound.
//
// https://docs.devin.ai/api-reference/v3/overview
func (c *Client) ServiceUserAPIKeys(ctx context.Context, serviceUserID string) (*[]ServiceUserAPIKey, error) {
	r := rest.Request{
		Version: rest.V3Beta1, Path: []string{"enterprise", "service-users", serviceUserID, "api-keys"},
		// Devin does not document what it lists without it.
		Query: url.Values{"status": {"all"}}, Permission: ServiceUsersPermission, Shared: true,
	}
	byID := map[string]ServiceUserAPIKey{}
	for k, err := range rest.List[ServiceUserAPIKey](ctx, c.rest, r) {
		if err != nil {
			return nil, err
		}
		byID[k.APIKeyID] = k
	}
	keys := sortedValues(byID, func(a, b ServiceUserAPIKey) int {
		return cmp.Or(cmp.Compare(*a.CreatedAt, *b.CreatedAt), strings.Compare(a.APIKeyID, b.APIKeyID))
	})
	return &keys, nil
}

// sortedValues are the values of a map. An item that came twice, because its list
// moved, is in the map once.
func sortedValues[K comparable, T any](byID map[K]T, compare func(a, b T) int) []T {
	all := make([]T, 0, len(byID))
	for _, item := range byID {
		all = append(all, item)
	}
	slices.SortFunc(all, compare)
	return all
}
