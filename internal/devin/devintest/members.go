package devintest

import (
	"net/http"
	"slices"
	"strings"
)

// listedMember is a person as the API shows one. What is nil is left out.
type listedMember struct {
	ID             string             `json:"user_id"`
	Email          *string            `json:"email"`
	Name           *string            `json:"name"`
	JoinedAt       any                `json:"enterprise_joined_at,omitempty"`
	Assignments    []listedAssignment `json:"role_assignments,omitzero"`
	IDPAssignments []listedAssignment `json:"idp_role_assignments,omitzero"`
}

type listedAssignment struct {
	IDPGroupName string     `json:"idp_group_name,omitempty"`
	Role         listedRole `json:"role"`
	OrgID        any        `json:"org_id,omitempty"`
}

type listedRole struct {
	ID   string `json:"role_id"`
	Name string `json:"role_name"`
	Type string `json:"role_type"`
}

func (p *person) listed() listedMember {
	return listedMember{ID: p.id, Email: pointer(p.email), Name: pointer(p.name)}
}

// joinedAt is shown for the enterprise only.
func (c *call) joinedAt(p *person) any {
	if c.org != nowhere || c.server.opts.Quirks.NoJoinedAt {
		return nil
	}
	return pointer(p.joined)
}

// in selects the roles that are held in an organization; nowhere selects all.
func in(org int8, grants []grant) []grant {
	if org == nowhere {
		return grants
	}
	var here []grant
	for _, g := range grants {
		if g.org == org {
			here = append(here, g)
		}
	}
	return here
}

func (c *company) listedAssignments(grants []grant, idp, withOrg bool) []listedAssignment {
	all := make([]listedAssignment, len(grants))
	for i, g := range grants {
		all[i].Role = roles[g.role]
		if idp {
			all[i].IDPGroupName = groupNames[g.group]
		}
		if withOrg {
			all[i].OrgID = c.orgID(g.org)
		}
	}
	return all
}

// orgID is nil for the enterprise.
func (c *company) orgID(org int8) *string {
	if org == nowhere {
		return nil
	}
	return &c.orgs[org].OrgID
}

func (c *call) memberUsers() answer {
	return c.memberList(func(p *person) (listedMember, bool) {
		grants := in(c.org, p.direct)
		m := p.listed()
		m.JoinedAt = c.joinedAt(p)
		m.Assignments = c.company.listedAssignments(grants, false, c.showsOrg())
		return m, c.org == nowhere && p.isDirect || c.org != nowhere && len(grants) > 0
	})
}

func (c *call) memberIDPUsers() answer {
	return c.memberList(func(p *person) (listedMember, bool) {
		grants := in(c.org, p.idp)
		m := p.listed()
		m.IDPAssignments = c.company.listedAssignments(grants, true, c.showsOrg())
		return m, len(grants) > 0
	})
}

func (c *call) showsOrg() bool {
	return c.org == nowhere || !c.server.opts.Quirks.NoOrgIDInOrganizationLists
}

// memberList lists the people whom show selects, with the email address that was
// asked for.
func (c *call) memberList(show func(*person) (listedMember, bool)) answer {
	return c.page(c.kept(func() *list {
		l := &list{}
		for i := range c.company.people {
			p := &c.company.people[i]
			if m, ok := show(p); ok {
				l.add(m, c.hasEmail(p))
			}
		}
		return l
	}))
}

func (c *call) hasEmail(p *person) bool {
	want := c.query.Get("email")
	if c.server.opts.Quirks.CaseSensitiveEmail {
		return want == "" || p.email == want
	}
	return want == "" || strings.EqualFold(p.email, want)
}

// memberUser shows direct and IdP assignments together, as the documentation
// says, also of people known only through their IdP. In an organization it shows
// those who have a role there.
func (c *call) memberUser() answer {
	p := c.company.person(c.id)
	if p == nil || c.org != nowhere && len(in(c.org, p.direct))+len(in(c.org, p.idp)) == 0 {
		return c.unknown(or(c.server.opts.Quirks.UnknownMember, http.StatusNotFound), "User not found")
	}
	m := p.listed()
	m.JoinedAt = c.joinedAt(p)
	m.Assignments = c.company.listedAssignments(in(c.org, p.direct), false, true)
	m.IDPAssignments = c.company.listedAssignments(in(c.org, p.idp), true, true)
	return c.answerJSON(m)
}

// person is nil for an id that no member has.
func (c *company) person(id string) *person {
	if i, ok := c.index[id]; ok && i < len(c.people) {
		return &c.people[i]
	}
	return nil
}

// Organizations are those of the enterprise.
func (s *Server) Organizations() []Organization { return slices.Clone(s.company.orgs) }

func (c *call) organizations() answer { return c.page(listOf(c.company.orgs, nil)) }

func (c *call) organization() answer { return c.answerJSON(c.company.orgs[c.org]) }
