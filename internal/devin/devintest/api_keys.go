package devintest

import "slices"

// APIKey is a key of a service user, as the API lists it.
type APIKey struct {
	ID         string `json:"api_key_id"`
	Name       string `json:"api_key_name"`
	CreatedAt  int64  `json:"created_at"`
	ExpiresAt  *int64 `json:"expires_at"`
	IsActive   bool   `json:"is_active"`
	LastUsedAt *int64 `json:"last_used_at"`
	RevokedAt  *int64 `json:"revoked_at"`
}

// status is what the filter calls a key.
func (k *APIKey) status() string {
	switch {
	case k.IsActive:
		return "active"
	case k.RevokedAt != nil:
		return "revoked"
	}
	return "expired"
}

// APIKeys are the keys of a service user.
func (s *Server) APIKeys(serviceUserID string) []APIKey {
	return s.company.apiKeys(serviceUserID)
}

// apiKeys are one that works, as long as the service user does, and one that was
// revoked. Of those that work, one in three never expires, and one expires soon
// and is not used.
func (c *company) apiKeys(serviceUserID string) []APIKey {
	all := c.serviceUsers()
	i := slices.IndexFunc(all, func(a account) bool { return a.id == serviceUserID })
	a := &all[i]
	day := func(d int) *int64 { return ref(unixDay(d) + 3600) }
	ago := func(d int) *int64 { return day(c.madeOn - d) }
	works := APIKey{ID: "key-" + longHex(a.key)[:16], Name: "production", CreatedAt: *ago(200 + i), IsActive: true}
	switch i % 3 {
	case 0:
		works.ExpiresAt, works.LastUsedAt = day(c.madeOn+120), ago(1)
	case 1:
		works.LastUsedAt = ago(2) // never expires
	case 2:
		works.ExpiresAt = day(c.madeOn + 10)
	}
	if !a.works() {
		works.Name, works.ExpiresAt, works.LastUsedAt, works.IsActive = "trial", day(int(a.until)), day(int(a.until)-3), false
	}
	revoked := APIKey{ID: "key-" + longHex(a.key ^ 1)[:16], Name: "first", CreatedAt: *ago(300 + i), RevokedAt: ago(150), LastUsedAt: ago(151)}
	return []APIKey{works, revoked}
}

func (c *call) apiKeys() answer {
	if c.company.serviceUser(c.id) == nil {
		return c.unknown(404, "Service user not found")
	}
	wanted := c.query.Get("status")
	return c.page(listOf(c.company.apiKeys(c.id), func(k *APIKey) bool {
		return wanted == "" || wanted == "all" || wanted == k.status()
	}))
}
