package devintest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// The keys every fake knows, one for each outcome of the connection check and more.
const (
	KeyOK                 = "cog_demo_ok"
	KeyInvalidCredentials = "cog_demo_invalid_credentials"
	KeyInvalidPermissions = "cog_demo_invalid_permissions"
	KeyForbidden          = "cog_demo_forbidden"
	KeyUnauthorized       = "cog_demo_unauthorized"
	KeyNoResources        = "cog_demo_no_resources"
	KeyUnavailable        = "cog_demo_unavailable"
	KeyRateLimited        = "cog_demo_rate_limited"
	KeyOrganization       = "cog_demo_organization"
	KeyPAT                = "cog_demo_pat"
	KeyOtherPrincipal     = "cog_demo_other_principal"
	KeyNoOrganizationList = "cog_demo_no_organization_list"
)

// KeyInfo describes one of the fake's keys.
type KeyInfo struct {
	Key string
	// Code is the error code of the connection check, empty if it passes.
	Code        string
	Description string
}

// demoKeys are the keys every fake knows. change makes the key's principal from a
// service user with every permission; if it is nil, the key is unknown.
var demoKeys = []struct {
	KeyInfo
	change func(*Principal, *company)
}{
	{KeyInfo{KeyOK, "", "enterprise service user \"DX Import\" with every permission"}, func(*Principal, *company) {}},
	{KeyInfo{KeyInvalidCredentials, "invalid_credentials", "a key that Devin does not know"}, nil},
	{KeyInfo{KeyInvalidPermissions, "invalid_permissions", "accepted, and denied everything"}, func(p *Principal, _ *company) { p.Permissions = nil }},
	{KeyInfo{KeyForbidden, "forbidden", "lacks ManageBilling"}, func(p *Principal, _ *company) { p.remove(ManageBilling) }},
	{
		KeyInfo{KeyUnauthorized, "unauthorized", "denied ViewAccountMetrics with a 401 although the key is accepted"},
		func(p *Principal, _ *company) {
			p.remove(ViewAccountMetrics)
			p.DenyStatus = http.StatusUnauthorized
		},
	},
	{
		KeyInfo{KeyNoResources, "no_resources", "every permission in an enterprise without organizations or members"},
		func(p *Principal, _ *company) { p.Empty = true },
	},
	{KeyInfo{KeyUnavailable, "unavailable", "every request answers 503"}, func(p *Principal, _ *company) { p.Status = http.StatusServiceUnavailable }},
	{
		KeyInfo{KeyRateLimited, "unavailable", "every request answers 429 with Retry-After: 1"},
		func(p *Principal, _ *company) { p.Status = http.StatusTooManyRequests },
	},
	{
		KeyInfo{KeyOrganization, "invalid_permissions", "service user of one organization, not of the enterprise; works with org_id"},
		func(p *Principal, c *company) {
			p.ID, p.Name, p.OrgID = "service-user-5b8e1a90c4d24c7fb03f6e2d71a9c845", "CI Runner", c.orgs[0].OrgID
			p.Permissions = []string{ViewOrgMembership, ViewOrgConsumption, ViewOrgMetrics, ViewOrgSessions, ViewCodeScans}
		},
	},
	{
		KeyInfo{KeyPAT, "", "personal access token of an enterprise administrator"},
		func(p *Principal, c *company) {
			p.Type, p.ID, p.Name = "pat_user", c.people[0].id, c.people[0].name
			p.APIKeyID, p.APIKeyName = "key-7c1e0b5d93a84f21", "laptop"
		},
	},
	{
		KeyInfo{KeyOtherPrincipal, "", "as cog_demo_ok, of the service user \"Usage Reports\""},
		func(p *Principal, _ *company) {
			p.ID, p.Name = "service-user-e94a7730f15b4d0c9d28b6a1c35f7e08", "Usage Reports"
		},
	},
	{
		KeyInfo{KeyNoOrganizationList, "", "the three permissions, but may not list organizations"},
		func(p *Principal, _ *company) { p.remove(ManageOrganizations) },
	},
}

// Keys lists the keys every fake knows.
func Keys() []KeyInfo {
	keys := make([]KeyInfo, len(demoKeys))
	for i, k := range demoKeys {
		keys[i] = k.KeyInfo
	}
	return keys
}

// Permissions that endpoints require. A principal may hold them by the newer names of
// the documentation too.
const (
	ManageAccountMembership = "ManageAccountMembership"
	ManageBilling           = "ManageBilling"
	ViewAccountMetrics      = "ViewAccountMetrics"
	ManageOrganizations     = "ManageOrganizations"

	// WriteBilling is ManageBilling for writes, which has no newer name.
	WriteBilling = "ManageBilling to write"

	ViewAccountSessions        = "ViewAccountSessions"
	ViewAccountCodeScans       = "ViewAccountCodeScans"
	ManageAccountServiceUsers  = "ManageAccountServiceUsers"
	ManageEnterpriseSettings   = "ManageEnterpriseSettings"
	ViewEnterpriseInfraDetails = "ViewEnterpriseInfraDetails"

	// Those of an organization's service users. The enterprise's permissions include
	// them in every organization.
	ViewOrgMembership  = "ViewOrgMembership"
	ViewOrgConsumption = "ViewOrgConsumption"
	ViewOrgMetrics     = "ViewOrgMetrics"
	ViewOrgSessions    = "ViewOrgSessions"
	ViewCodeScans      = "ViewCodeScans"
)

// AllPermissions are the enterprise's permissions that endpoints require.
func AllPermissions() []string {
	return []string{
		ManageAccountMembership, ManageBilling, ViewAccountMetrics, ManageOrganizations, ViewAccountSessions,
		WriteBilling, ViewAccountCodeScans, ManageAccountServiceUsers, ManageEnterpriseSettings, ViewEnterpriseInfraDetails,
	}
}

func canonicalPermission(name string) string {
	switch name {
	case "ViewAccountMembership", ViewOrgMembership:
		return ManageAccountMembership
	case "ViewAccountConsumption", ViewOrgConsumption:
		return ManageBilling
	case ViewOrgMetrics:
		return ViewAccountMetrics
	case ViewOrgSessions:
		return ViewAccountSessions
	case ViewCodeScans:
		return ViewAccountCodeScans
	}
	return name
}

// Principal is the user or service user of a key, and its permissions.
type Principal struct {
	// Type is the principal_type: "service_user" (default) or "pat_user".
	Type string
	// ID and Name are the service user's, or the person's.
	ID, Name string
	// APIKeyID and APIKeyName are shown for a pat_user.
	APIKeyID, APIKeyName string
	// OrgID makes it a principal of one organization, without access to the enterprise.
	OrgID string
	// Permissions may be given by either of their names.
	Permissions []string
	// DenyStatus is the status for a missing permission; 0 means 403.
	DenyStatus int
	// Empty gives it an enterprise without organizations and members.
	Empty bool
	// Status, if set, is the status of every answer.
	Status int
	// Self, if set, is the whole body of /v3/self.
	Self string
}

func (p *Principal) may(permission string) bool {
	return slices.ContainsFunc(p.Permissions, func(held string) bool {
		return canonicalPermission(held) == permission
	})
}

// remove copies the permissions, which requests under way may be reading.
func (p *Principal) remove(permission string) {
	p.Permissions = slices.DeleteFunc(slices.Clone(p.Permissions), func(held string) bool {
		return canonicalPermission(held) == canonicalPermission(permission)
	})
}

// AddKey adds a key, or replaces its principal.
func (s *Server) AddKey(key string, p Principal) {
	p.Permissions = slices.Clone(p.Permissions)
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	s.keys.principals[key] = &p
}

// RemovePermission takes a permission, by either of its names, from a key.
func (s *Server) RemovePermission(key, permission string) {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	p, ok := s.keys.principals[key]
	if !ok {
		return
	}
	// Requests under way read the old principal without the lock.
	changed := *p
	changed.remove(permission)
	s.keys.principals[key] = &changed
}

// Revoke removes a key.
func (s *Server) Revoke(key string) {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	delete(s.keys.principals, key)
}

type keyring struct {
	mu         sync.RWMutex
	principals map[string]*Principal
}

// issue adds the demo keys of a company.
func (k *keyring) issue(c *company) {
	k.principals = map[string]*Principal{}
	for _, key := range demoKeys {
		if key.change == nil {
			continue
		}
		p := Principal{ID: "service-user-0d1f6c2ab7e94f6e8a5c3d9b17e04f52", Name: "DX Import", Permissions: AllPermissions()}
		key.change(&p, c)
		k.principals[key.Key] = &p
	}
}

// holder is the principal of the key in a header; nil if the key is missing, malformed
// or unknown.
func (k *keyring) holder(h http.Header) *Principal {
	key := bearer(h)
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.principals[key]
}

func bearer(h http.Header) string {
	values := h["Authorization"]
	if len(values) != 1 || !strings.HasPrefix(values[0], "Bearer ") {
		return ""
	}
	return strings.TrimPrefix(values[0], "Bearer ")
}

// self answers with the key's principal.
func (c *call) self() answer {
	p := c.principal
	if p.Self != "" {
		return c.ok([]byte(p.Self))
	}
	shown := map[string]any{"org_id": pointer(p.OrgID)}
	if p.Type == "pat_user" {
		shown["principal_type"], shown["user_id"], shown["user_name"] = p.Type, p.ID, p.Name
		shown["api_key_id"], shown["api_key_name"] = p.APIKeyID, p.APIKeyName
	} else {
		shown["principal_type"], shown["service_user_id"], shown["service_user_name"] = "service_user", p.ID, p.Name
	}
	return c.answerJSON(shown)
}
