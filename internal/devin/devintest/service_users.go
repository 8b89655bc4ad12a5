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

// AllServiceUsers are all service users, those that no longer work included.
func (s *Server) AllServiceUsers() []ServiceUser {
	var all []ServiceUser
	for _, a := range s.company.serviceUsers() {
		u := ServiceUser{ServiceUserID: a.id, Name: a.name, Active: a.works()}
		for _, org := range a.orgs {
			u.OrgIDs = append(u.OrgIDs, s.company.orgs[org].OrgID)
		}
		all = append(all, u)
	}
	return all
}

// serviceUsers are the accounts of service users, those that still work first.
func (c *company) serviceUsers() []account { return c.accounts[len(c.index):] }

// serviceUser is nil for an unknown id.
func (c *company) serviceUser(id string) *account {
	all := c.serviceUsers()
	if i := slices.IndexFunc(all, func(a account) bool { return a.id == id }); i >= 0 {
		return &all[i]
	}
	return nil
}

func (a *account) works() bool { return a.until == never }

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
	case a.works():
	case a.deleted:
		u.DeletedAt = ref(unixDay(int(a.until)))
	default:
		u.ExpiresAt = ref(unixDay(int(a.until)))
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
		if (inactive || a.works()) && len(u.Assignments) > 0 {
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
