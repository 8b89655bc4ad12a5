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

// Organization is an organization of the company.
type Organization struct {
	OrgID, Name string
	// MaxCycleACULimit is the organization's own; 0 is none.
	MaxCycleACULimit int64
}

// Day is the consumption of a billing day.
type Day struct {
	// Date is the API's integer, as Quirks.DaysAtMidnightUTC has it.
	Date int64
	// Name is the billing day as YYYY-MM-DD.
	Name string
	ACUs float64
	// ByProduct lacks products that the API shows as null or not at all.
	ByProduct map[string]float64
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
			assignments[i].OrgID = c.orgs[g.org].id
		}
		if idp {
			assignments[i].IDPGroupName = groupNames[g.group]
		}
	}
	return assignments
}

// Organizations are those of the enterprise.
func (s *Server) Organizations() []Organization {
	organizations := make([]Organization, len(s.company.orgs))
	for i, o := range s.company.orgs {
		organizations[i] = Organization{OrgID: o.id, Name: o.name, MaxCycleACULimit: o.cycle}
	}
	return organizations
}

// FormerMembers are the ids of people who left. They are in no member list, and
// what they consumed is still known.
func (s *Server) FormerMembers() []string { return slices.Clone(s.company.former) }

// ServiceUsers are the ids of service users that consume and make pull requests.
func (s *Server) ServiceUsers() []string { return slices.Clone(s.company.services) }

// Playbooks are the ids of playbooks that pull requests came from.
func (s *Server) Playbooks() []string { return slices.Clone(playbookIDs[:]) }

// UserDays is what a user consumed on the billing days that start at or after
// from and before to, days without consumption left out.
func (s *Server) UserDays(userID string, from, to time.Time) []Day {
	i, ok := s.company.index[userID]
	if !ok {
		return nil
	}
	return s.listDays(from, to, s.of(i))
}

// UserTotal is the sum of UserDays.
func (s *Server) UserTotal(userID string, from, to time.Time) float64 {
	i, ok := s.company.index[userID]
	if !ok {
		return 0
	}
	return acus(s.sum(from, to, s.of(i)))
}

// EnterpriseDays is what all consumed, members or not.
func (s *Server) EnterpriseDays(from, to time.Time) []Day {
	return s.listDays(from, to, s.company.useOfAll)
}

// EnterpriseTotal is the sum of EnterpriseDays.
func (s *Server) EnterpriseTotal(from, to time.Time) float64 {
	return acus(s.sum(from, to, s.company.useOfAll))
}

// MembersTotal is what the members consumed.
func (s *Server) MembersTotal(from, to time.Time) float64 {
	return acus(s.membersTotal(from, to))
}

// Unattributed is what no member consumed: EnterpriseTotal less MembersTotal.
func (s *Server) Unattributed(from, to time.Time) float64 {
	return acus(s.sum(from, to, s.company.useOfAll) - s.membersTotal(from, to))
}

// PRs counts pull requests made from one instant up to another.
func (s *Server) PRs(f PRFilter, from, to time.Time) PRCounts {
	return s.company.count(&f, from.Unix(), min(to.Unix(), s.opts.Now().Unix()+1))
}

// acus is the float nearest to a decimal, the one that its digits are read as.
func acus(hundredths int64) float64 { return float64(hundredths) / 100 }

func (s *Server) of(account int) func(day int) usage {
	a := &s.company.accounts[account]
	return func(day int) usage { return s.company.use(a, day) }
}

func (s *Server) membersTotal(from, to time.Time) int64 {
	var total int64
	for i := range s.company.people {
		total += s.sum(from, to, s.of(i))
	}
	return total
}

func (s *Server) sum(from, to time.Time, of func(day int) usage) int64 {
	var total int64
	first, end := s.company.days(from.Unix(), to.Unix(), s.opts.Now(), false)
	for day := first; day < end; day++ {
		total += of(day).total()
	}
	return total
}

func (s *Server) listDays(from, to time.Time, of func(day int) usage) []Day {
	var days []Day
	first, end := s.company.days(from.Unix(), to.Unix(), s.opts.Now(), false)
	for day := first; day < end; day++ {
		u := of(day)
		if u == (usage{}) {
			continue
		}
		d := Day{
			Date: s.label(day), ACUs: acus(u.total()), ByProduct: map[string]float64{},
			Name: time.Unix(unixDay(day), 0).UTC().Format(time.DateOnly),
		}
		products, n := s.opts.Quirks.products(u)
		for _, p := range products[:n] {
			if !p.isNull {
				d.ByProduct[p.name] = acus(p.hundredths)
			}
		}
		days = append(days, d)
	}
	return days
}
