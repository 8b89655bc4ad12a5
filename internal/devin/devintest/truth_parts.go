package devintest

import (
	"slices"
	"strings"
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
			u.OrgIDs = append(u.OrgIDs, s.company.orgs[org].id)
		}
		all = append(all, u)
	}
	return all
}

// Session is a session of the company.
type Session struct {
	SessionID, OrgID string
	// OwnerID is a user's or a service user's.
	OwnerID string
}

// Sessions are those of the first members and of the service users that still
// work, of the last thirty days, sorted by id.
func (s *Server) Sessions() []Session {
	c := s.company
	var all []Session
	for i := range c.accounts {
		a := &c.accounts[i]
		if i >= min(20, len(c.people)) && !a.service || a.service && !a.works() {
			continue
		}
		for day := c.today() - 30; day <= c.today(); day++ {
			c.works(a, day, func(w work) {
				all = append(all, Session{sessionID(a, day, w.piece), c.orgs[w.org].id, a.id})
			})
		}
	}
	slices.SortFunc(all, func(a, b Session) int { return strings.Compare(a.SessionID, b.SessionID) })
	return all
}
