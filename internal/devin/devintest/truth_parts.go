package devintest

import (
	"slices"
	"strings"
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

// Sessions are those of the first members and of the service users that still
// work, of the last thirty days, sorted by id.
func (s *Server) Sessions() []Session {
	c := s.company
	var all []Session
	for i := range c.accounts {
		a := &c.accounts[i]
		if bot := i - len(c.index); i >= min(20, len(c.people)) && bot < 0 || bot >= len(c.services) {
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
		of, ok := c.session(p.SessionID)
		if !ok {
			return func(int) usage { return usage{} }
		}
		return c.useOfSession(of)
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
