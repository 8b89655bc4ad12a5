package devintest

import (
	"net/http"
	"slices"
	"strconv"
)

// ServiceUser is a service user of the company.
type ServiceUser struct {
	ServiceUserID, Name string
	Active              bool
	OrgIDs              []string
}

// ServiceUsers are the ids of service users that consume and make pull requests.
func (s *Server) ServiceUsers() []string {
	var ids []string
	for _, a := range s.company.serviceUsers() {
		if a.isActive() {
			ids = append(ids, a.id)
		}
	}
	return ids
}

// AllServiceUsers are all service users, including inactive ones.
func (s *Server) AllServiceUsers() []ServiceUser {
	var all []ServiceUser
	for _, a := range s.company.serviceUsers() {
		u := ServiceUser{ServiceUserID: a.id, Name: a.name, Active: a.isActive()}
		for _, org := range a.orgs {
			u.OrgIDs = append(u.OrgIDs, s.company.orgs[org].OrgID)
		}
		all = append(all, u)
	}
	return all
}

// serviceUsers are the accounts of service users, active ones first.
func (c *company) serviceUsers() []account { return c.accounts[len(c.index):] }

// serviceUser is nil for an unknown id.
func (c *company) serviceUser(id string) *account {
	all := c.serviceUsers()
	if i := slices.IndexFunc(all, func(a account) bool { return a.id == id }); i >= 0 {
		return &all[i]
	}
	return nil
}

func (a *account) isActive() bool { return a.until == never }

func serviceName(i int) string {
	names := [...]string{"CI Bot", "Ticket Triage", "Nightly Upgrades"}
	if i < len(names) {
		return names[i]
	}
	return "Bot " + strconv.Itoa(i+1)
}

type listedServiceUser struct {
	ID          string             `json:"service_user_id"`
	Name        string             `json:"name"`
	ExpiresAt   *int64             `json:"expires_at"`
	DeletedAt   *int64             `json:"deleted_at"`
	Assignments []listedAssignment `json:"role_assignments"`
}

// listedServiceUser is a service user as the list of an organization or, for
// nowhere, of the enterprise shows one.
func (c *company) listedServiceUser(a *account, org int8) listedServiceUser {
	u := listedServiceUser{ID: a.id, Name: a.name, Assignments: []listedAssignment{}}
	switch {
	case a.isActive():
	case a.deleted:
		u.DeletedAt = new(unixDay(int(a.until)))
	default:
		u.ExpiresAt = new(unixDay(int(a.until)))
	}
	for _, at := range a.orgs {
		if org == nowhere || at == org {
			u.Assignments = append(u.Assignments, listedAssignment{Role: roles[orgMember], OrgID: c.orgs[at].OrgID})
		}
	}
	return u
}

func (c *call) serviceUsers() answer {
	inactive := c.query.Get("include_inactive") == "true"
	all := []listedServiceUser{}
	for _, a := range c.company.serviceUsers() {
		u := c.company.listedServiceUser(&a, c.org)
		if (inactive || a.isActive()) && len(u.Assignments) > 0 {
			all = append(all, u)
		}
	}
	return c.page(listOf(all, nil))
}

// serviceUser shows one of the enterprise's service users.
func (c *call) serviceUser() answer {
	a := c.company.serviceUser(c.id)
	if a == nil {
		return c.unknown(or(c.server.opts.Quirks.UnknownMember, http.StatusNotFound), "Service user not found")
	}
	return c.answerJSON(c.company.listedServiceUser(a, nowhere))
}

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

// apiKeys are one that is active as long as the service user is, and a revoked one.
// Of the active ones, one in three never expires, and one expires soon and was
// never used.
func (c *company) apiKeys(serviceUserID string) []APIKey {
	all := c.serviceUsers()
	i := slices.IndexFunc(all, func(a account) bool { return a.id == serviceUserID })
	a := &all[i]
	day := func(d int) *int64 { return new(unixDay(d) + 3600) }
	ago := func(d int) *int64 { return day(c.madeOn - d) }
	active := APIKey{ID: "key-" + longHex(a.key)[:16], Name: "production", CreatedAt: *ago(200 + i), IsActive: true}
	switch i % 3 {
	case 0:
		active.ExpiresAt, active.LastUsedAt = day(c.madeOn+120), ago(1)
	case 1:
		active.LastUsedAt = ago(2) // never expires
	case 2:
		active.ExpiresAt = day(c.madeOn + 10)
	}
	if !a.isActive() {
		active.Name, active.ExpiresAt, active.LastUsedAt, active.IsActive = "trial", day(int(a.until)), day(int(a.until)-3), false
	}
	revoked := APIKey{ID: "key-" + longHex(a.key ^ 1)[:16], Name: "first", CreatedAt: *ago(300 + i), RevokedAt: ago(150), LastUsedAt: ago(151)}
	return []APIKey{active, revoked}
}

func (c *call) apiKeys() answer {
	var keys []APIKey
	switch p := c.principal; {
	case c.company.serviceUser(c.id) != nil:
		keys = c.company.apiKeys(c.id)
	case c.id == p.ID && p.Type != "pat_user": // the asking key's own service user, which no list has
		keys = []APIKey{{ID: "key-own", Name: p.Name, CreatedAt: 1, IsActive: true}}
	default:
		return c.unknown(404, "Service user not found")
	}
	wanted := c.query.Get("status")
	return c.page(listOf(keys, func(k *APIKey) bool {
		return wanted == "" || wanted == "all" || wanted == k.status()
	}))
}
