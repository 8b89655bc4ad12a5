package devintest

import (
	"net/http"
	"slices"
	"strings"
)

// person is a member; an empty email or name is null in the API.
type person struct {
	id, email, name string
	joined          int64 // Unix seconds, 0 for null
	isDirect, isIDP bool
	direct, idp     []grant
}

// grant is a role held in an organization, or in the enterprise.
type grant struct{ role, org, group int8 }

const (
	accountMember = iota
	accountAdmin
	orgMember
	orgAdmin
)

var roles = [4]listedRole{
	{"account_member", "Member", "enterprise"},
	{"account_admin", "Admin", "enterprise"},
	{"org_member", "Member", "org"},
	{"org_admin", "Admin", "org"},
}

func (c *company) addMembers(members int) {
	c.people = make([]person, members)
	c.accounts = make([]account, members, members+members/20+6)
	c.index = make(map[string]int, cap(c.accounts))
	for i := range c.people {
		n := mix(c.seed ^ uint64(i))
		p, a := &c.people[i], &c.accounts[i]
		p.id = personID(i, n)
		p.name, p.email = personName(i)
		if i%13 == 6 || i%100 == 38 {
			p.name = ""
		}
		if i%17 == 9 || i%100 == 38 {
			p.email = ""
		}
		c.assignRoles(i, n, p)
		c.startUse(i, n, p, a)
		c.index[p.id] = i
	}
}

// assignRoles gives roles to twelve in twenty people directly, to five through a
// group, and to three both ways.
func (c *company) assignRoles(i int, n uint64, p *person) {
	home, away := int8(n%4), int8((n+1+n>>8%3)%4)
	p.isDirect = c.uniform || i%20 < 12 || i%20 >= 17
	p.isIDP = !c.uniform && i%20 >= 12
	if c.uniform {
		p.direct = []grant{{accountMember, nowhere, 0}, {orgMember, home, 0}}
		return
	}
	switch {
	case !p.isDirect || i == 9:
		// The documentation's sample has a member without any role, too.
	case i == 0:
		p.direct = []grant{{accountAdmin, nowhere, 0}, {orgAdmin, home, 0}}
	case i%20 == 4:
		p.direct = []grant{{accountMember, nowhere, 0}}
	case i%20 == 7:
		p.direct = []grant{{orgMember, away, 0}, {accountMember, nowhere, 0}, {orgAdmin, home, 0}}
	default:
		p.direct = []grant{{accountMember, nowhere, 0}, {orgMember, home, 0}}
	}
	if p.isIDP {
		group := int8(n >> 20 % uint64(len(groupNames)))
		p.idp = []grant{{orgMember, away, group}}
		if i%3 != 0 {
			p.idp = append(p.idp, grant{accountMember, nowhere, 3})
		}
	}
}

// startUse decides when a person joined and how much they consume.
func (c *company) startUse(i int, n uint64, p *person, a *account) {
	span := uint64(c.madeOn - c.firstDay)
	day := c.firstDay
	if !c.uniform && span > 0 && n>>33%3 == 0 {
		day += int(n >> 35 % span)
	}
	p.joined = unixDay(day) + int64(n%36000)
	if c.uniform {
		p.joined = unixDay(day)
	} else if i%15 == 10 {
		p.joined = 0
	}
	*a = account{id: p.id, key: n, from: int32(day), until: never, rate: uint8(1 + n>>44%12), steady: c.uniform}
	if !c.uniform && i%9 == 8 {
		a.rate = 0
	}
	for _, g := range append(slices.Clip(p.direct), p.idp...) {
		if g.org != nowhere {
			a.orgs = append(a.orgs, g.org)
		}
	}
}

// person is nil for an id that no member has.
func (c *company) person(id string) *person {
	if i, ok := c.index[id]; ok && i < len(c.people) {
		return &c.people[i]
	}
	return nil
}

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

// memberList lists the people that show selects, filtered by the query's email.
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
