package devintest

import (
	"maps"
	"slices"
	"time"
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
	for i, id := range s.company.allServices() {
		u := ServiceUser{ServiceUserID: id, Name: s.company.bots[i], Active: i < len(s.company.services)}
		for _, org := range s.company.accounts[len(s.company.index)+i].orgs {
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

// Sessions are those that can be asked for, sorted by id.
func (s *Server) Sessions() []Session {
	owners := map[int]string{}
	for id, i := range s.company.index {
		owners[i] = id
	}
	for i, id := range s.company.allServices() {
		owners[len(s.company.index)+i] = id
	}
	var all []Session
	for _, id := range slices.Sorted(maps.Keys(s.company.sessions())) {
		at := s.company.sessions()[id]
		org := s.company.workplace(&s.company.accounts[at.account], at.day)
		all = append(all, Session{id, s.company.orgs[org].id, owners[at.account]})
	}
	return all
}

// Part is a part of the company that consumes: an organization, somebody in one,
// a service user, a session. Its fields narrow it; none is the enterprise.
type Part struct{ OrgID, UserID, ServiceUserID, SessionID string }

// PartDays is what a part consumed, as UserDays is for a user.
func (s *Server) PartDays(p Part, from, to time.Time) []Day {
	return s.listDays(from, to, s.useOfPart(p))
}

// PartTotal is the sum of PartDays.
func (s *Server) PartTotal(p Part, from, to time.Time) float64 {
	return acus(s.sum(from, to, s.useOfPart(p)))
}

func (s *Server) useOfPart(p Part) func(day int) usage {
	c := s.company
	org := c.orgIndex(p.OrgID)
	var account int
	switch {
	case p.SessionID != "":
		return c.useOfSession(c.sessions()[p.SessionID])
	case p.UserID != "":
		account = c.index[p.UserID]
	case p.ServiceUserID != "":
		account = len(c.index) + slices.Index(c.allServices(), p.ServiceUserID)
	case p.OrgID != "":
		return c.useOfOrganization(org)
	default:
		return c.useOfAll
	}
	a := &c.accounts[account]
	if p.OrgID == "" {
		return func(day int) usage { return c.use(a, day) }
	}
	return func(day int) usage { return c.useIn(a, day, org) }
}
