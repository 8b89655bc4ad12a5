package devintest

import (
	"net/http"
	"slices"
	"strconv"
)

// allServices are the service users, those that still work first; accounts are
// in the same order.
func (c *company) allServices() []string { return append(slices.Clip(c.services), c.retired...) }

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

// serviceUser is one of the service users, as an organization's list or the
// enterprise's shows it.
func (c *company) serviceUser(i int, org int8) listedServiceUser {
	a := &c.accounts[len(c.index)+i]
	u := listedServiceUser{ID: a.id, Name: c.bots[i], Assignments: []listedAssignment{}}
	if retired := i - len(c.services); retired >= 0 {
		until := unixDay(int(a.until))
		*[...]**int64{&u.ExpiresAt, &u.DeletedAt}[retired%2] = &until
	}
	for _, at := range a.orgs {
		if org == nowhere || at == org {
			u.Assignments = append(u.Assignments, listedAssignment{Role: roles[orgMember], OrgID: c.orgs[at].id})
		}
	}
	return u
}

func (c *call) serviceUsers() answer {
	all := []listedServiceUser{}
	for i := range c.company.allServices() {
		u := c.company.serviceUser(i, c.org)
		if (c.params.inactive || i < len(c.company.services)) && len(u.Assignments) > 0 {
			all = append(all, u)
		}
	}
	return c.page(listOf(all, nil))
}

// serviceUser shows one of the enterprise's service users.
func (c *call) serviceUser() answer {
	i := slices.Index(c.company.allServices(), c.id)
	if i < 0 {
		return c.unknown(or(c.server.opts.Quirks.UnknownMember, http.StatusNotFound), "Service user not found")
	}
	return c.answerJSON(c.company.serviceUser(i, nowhere))
}
