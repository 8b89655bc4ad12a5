package devintest

import (
	"slices"
	"time"
)

// Member is a person as both member lists together show them.
type Member struct {
	UserID string
	// Email and Name are nil where the API has null.
	Email, Name *string
	// JoinedAt is in Unix seconds; nil for null, and for people known only through
	// the identity provider, whose list lacks it.
	JoinedAt *int64
	// Direct members are in the list of users, IDP members in that of IdP users.
	Direct, IDP    bool
	Assignments    []Assignment
	IDPAssignments []Assignment
}

// Assignment is a role held in an organization, or, where OrgID is empty, in the
// enterprise. IDPGroupName is empty for one that was made directly.
type Assignment struct {
	RoleID, RoleName, RoleType string
	OrgID, IDPGroupName        string
}

// Members are the people of the company, in the order of the lists.
func (s *Server) Members() []Member {
	members := make([]Member, len(s.company.people))
	for i := range members {
		p := &s.company.people[i]
		m := Member{
			UserID: p.id, Email: pointer(p.email), Name: pointer(p.name), Direct: p.isDirect, IDP: p.isIDP,
			Assignments:    s.company.assignments(p.direct, false),
			IDPAssignments: s.company.assignments(p.idp, true),
		}
		if p.isDirect && !s.opts.Quirks.NoJoinedAt {
			m.JoinedAt = pointer(p.joined)
		}
		members[i] = m
	}
	return members
}

func pointer[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func (c *company) assignments(grants []grant, idp bool) []Assignment {
	assignments := make([]Assignment, len(grants))
	for i, g := range grants {
		r := roles[g.role]
		assignments[i] = Assignment{RoleID: r.ID, RoleName: r.Name, RoleType: r.Type}
		if g.org != nowhere {
			assignments[i].OrgID = c.orgs[g.org].OrgID
		}
		if idp {
			assignments[i].IDPGroupName = groupNames[g.group]
		}
	}
	return assignments
}

// FormerMembers are the ids of people who left. They are in no member list, and
// what they consumed is still known.
func (s *Server) FormerMembers() []string { return slices.Clone(s.company.former) }

// ServiceUsers are the ids of service users that consume and make pull requests.
func (s *Server) ServiceUsers() []string {
	var ids []string
	for _, a := range s.company.serviceUsers() {
		if a.works() {
			ids = append(ids, a.id)
		}
	}
	return ids
}

// Playbooks are the ids of playbooks that pull requests came from.
func (s *Server) Playbooks() []string { return slices.Clone(playbookIDs[:]) }

// PRs counts pull requests made from one instant up to another.
func (s *Server) PRs(f PRFilter, from, to time.Time) PRCounts {
	return s.company.count(f, from.Unix(), s.until(to))
}

// until is the end of a window. Nothing has happened yet after now.
func (s *Server) until(to time.Time) int64 { return min(to.Unix(), s.opts.Now().Unix()+1) }
