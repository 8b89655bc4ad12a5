package devin

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Member is a person with access to the enterprise.
type Member struct {
	UserID string  // byte for byte as the API has it
	Email  *string // nil where the API has none, or with RedactPersonalData
	Name   *string // nil where the API has none, or with RedactPersonalData
	// JoinedAt is when the person was added to the enterprise; nil where the API does
	// not say, as it never does for people of an IdP group.
	JoinedAt *Instant
	// Roles is sorted by organization, role and group, enterprise-wide and direct ones
	// first. It is nil where the API says nothing of roles, which is not documented.
	Roles []RoleAssignment
	// IDPGroupNames are the groups that bring roles, sorted, each once. It is nil where the
	// API says nothing of roles, and with MemberFilter.WithoutIDP unless
	// it says them of a person with a role of their own.
	IDPGroupNames []string

	rolesKnown bool
	idp        bool // from the list of people who come through an IdP group
}

// RoleAssignment is a role that a member has. The API nests the role itself,
// Terraform shows it flat.
type RoleAssignment struct {
	Role `json:"role"`
	// OrgID is where the role holds; nil is the whole enterprise.
	OrgID *string `json:"org_id" tfsdk:"org_id"`
	// IDPGroupName is the group that brings the role; nil is a role assigned
	// directly.
	IDPGroupName *string `json:"idp_group_name" tfsdk:"idp_group_name"`
}

// Role is what a member may do.
type Role struct {
	RoleID   string  `json:"role_id" tfsdk:"role_id" api:"required"`
	RoleName *string `json:"role_name" tfsdk:"role_name"`
	RoleType *string `json:"role_type" tfsdk:"role_type"` // "enterprise" or "org"
}

// MemberFilter narrows a list of members. Its zero value selects all.
type MemberFilter struct {
	Email       string // of one person, in upper or lower case
	WithoutIDP  bool   // leave out people whose access comes from an IdP group only
	NoRoles     bool   // leave Roles nil
	sendNoEmail bool   // filter by Email here only
}

// Members reads the members of the enterprise, or of one organization, sorted
// by UserID.
//
// Devin keeps two lists: people with a role of their own, and people whose
// access comes from an IdP group; some are on both. The result is the union,
// with the roles of both.
//
// https://docs.devin.ai/api-reference/v3/users/members-users and, of an organization,
// https://docs.devin.ai/api-reference/v3/users/list-organization-users
func (c *Client) Members(ctx context.Context, f MemberFilter) ([]Member, error) {
	byID := map[string]*Member{}
	for m, err := range c.eachMember(ctx, f) {
		if err != nil {
			return nil, err
		}
		if known := byID[m.UserID]; known != nil {
			known.merge(m)
		} else {
			byID[m.UserID] = &m
		}
	}
	// Whether Devin's filter ignores case is not documented, so before the result is
	// empty, the whole list is read.
	if len(byID) == 0 && f.Email != "" && !f.sendNoEmail {
		f.sendNoEmail = true
		return c.Members(ctx, f)
	}
	members := make([]Member, 0, len(byID))
	for _, m := range byID {
		m.sortRoles()
		if !f.WithoutIDP {
			m.IDPGroupNames = settledGroups(m.IDPGroupNames, m.rolesKnown)
		}
		members = append(members, *m)
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.UserID, b.UserID) })
	return members, nil
}

// eachMember reads both lists at the same time. A person on both comes twice.
func (c *Client) eachMember(ctx context.Context, f MemberFilter) iter.Seq2[Member, error] {
	lists := []func(context.Context) iter.Seq2[Member, error]{c.memberList("users", f)}
	if !f.WithoutIDP {
		lists = append(lists, c.memberList("idp-users", f))
	}
	return together(ctx, lists...)
}

// memberList reads one of the two lists.
func (c *Client) memberList(name string, f MemberFilter) func(context.Context) iter.Seq2[Member, error] {
	r := c.membersRequest(f, name)
	return func(ctx context.Context) iter.Seq2[Member, error] {
		return mapped(rest.List[memberAnswer](ctx, c.rest, r), func(answer memberAnswer) (Member, bool) {
			m := answer.member(f, c.orgID)
			m.idp = name == "idp-users"
			keep := f.Email == "" || m.Email != nil && strings.EqualFold(*m.Email, f.Email)
			if c.redact {
				m.Email, m.Name = nil, nil
			}
			return m, keep
		})
	}
}

// membersRequest is the request for a list. An organization's own is still in beta; the
// enterprise's list of an organization's members is not, but no key of an
// organization may read it.
func (c *Client) membersRequest(f MemberFilter, list string) rest.Request {
	r := rest.Request{Path: c.path("members", list), Permission: c.permission(MembershipPermission), Shared: true}
	if c.orgID != "" {
		r.Version = rest.V3Beta1
	}
	if f.Email != "" && !f.sendNoEmail {
		r.Query = url.Values{"email": {f.Email}}
	}
	return r
}

// merge adds what another entry for the same person says. The list of direct members
// takes precedence; the result does not depend on the order, since both lists are read
// at the same time.
func (m *Member) merge(other Member) {
	groups, rolesKnown := mergeGroups(m.IDPGroupNames, other.IDPGroupNames), m.rolesKnown || other.rolesKnown
	if m.idp && !other.idp {
		other.Roles = append(other.Roles, m.Roles...)
		*m, other = other, Member{UserID: m.UserID, Email: m.Email, Name: m.Name, JoinedAt: m.JoinedAt}
	}
	m.Email = cmp.Or(m.Email, other.Email)
	m.Name = cmp.Or(m.Name, other.Name)
	m.JoinedAt = cmp.Or(m.JoinedAt, other.JoinedAt)
	m.Roles = append(m.Roles, other.Roles...)
	m.IDPGroupNames, m.rolesKnown = groups, rolesKnown
}

// sortRoles also drops duplicates, as of a person who is on two pages because the list
// moved between them.
func (m *Member) sortRoles() {
	slices.SortFunc(m.Roles, compareRoles)
	m.Roles = slices.CompactFunc(m.Roles, func(a, b RoleAssignment) bool { return compareRoles(a, b) == 0 })
}

func compareRoles(a, b RoleAssignment) int {
	return cmp.Or(
		compareNilFirst(a.OrgID, b.OrgID),
		strings.Compare(a.RoleID, b.RoleID),
		compareNilFirst(a.IDPGroupName, b.IDPGroupName),
	)
}

// memberAnswer is an item of either list.
type memberAnswer struct {
	UserID   string           `json:"user_id" api:"required"`
	Email    *string          `json:"email"`
	Name     *string          `json:"name"`
	JoinedAt *Instant         `json:"enterprise_joined_at"`
	Roles    []RoleAssignment `json:"role_assignments"`
	IDPRoles []RoleAssignment `json:"idp_role_assignments"`
}

// Identity is the id.
func (a *memberAnswer) Identity() string { return a.UserID }

func (a *memberAnswer) member(f MemberFilter, orgID string) Member {
	m := Member{UserID: a.UserID, Email: a.Email, Name: a.Name, JoinedAt: a.JoinedAt, IDPGroupNames: a.groupNames(), rolesKnown: a.rolesKnown()}
	if f.NoRoles || !m.rolesKnown {
		return m
	}
	m.Roles = append(append(make([]RoleAssignment, 0, len(a.Roles)+len(a.IDPRoles)), a.Roles...), a.IDPRoles...)
	for i := range m.Roles {
		// An organization's own list may leave out which organization a role is in, and
		// its type too; the role would read as one for the whole enterprise.
		if r := &m.Roles[i]; r.OrgID == nil && orgID != "" && (r.RoleType == nil || *r.RoleType == "org") {
			r.OrgID = &orgID
		}
	}
	return m
}

func (a *memberAnswer) rolesKnown() bool { return a.Roles != nil || a.IDPRoles != nil }

// groupNames are the groups that bring roles, sorted, each once; nil where the answer has
// no list of such roles, as the list of people with a role of their own has none.
func (a *memberAnswer) groupNames() []string {
	if a.IDPRoles == nil {
		return nil
	}
	names := []string{}
	for _, role := range a.IDPRoles {
		if role.IDPGroupName != nil {
			names = append(names, *role.IDPGroupName)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// mergeGroups is the union of the groups of two entries for the same person. A nil one
// says nothing.
func mergeGroups(a, b []string) []string {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// settledGroups are the groups of a person once both lists are read to their end: of a
// person whose roles are known, and who is not on the list of IdP groups, none.
func settledGroups(groups []string, rolesKnown bool) []string {
	if groups == nil && rolesKnown {
		return []string{}
	}
	return groups
}

// ReadUsers reads a report on members, with one call of read for each, many at a time.
// The first ones are read while the lists of members are still read. Its error is a
// *ReportError where some could not be read.
func ReadUsers[T any](ctx context.Context, c *Client, sel Selection, read func(ctx context.Context, userID string) (*T, error)) (*Report[T], error) {
	return readEach(ctx, c, c.users(), sel, read)
}

func (c *Client) users() population {
	direct, idp := c.membersRequest(MemberFilter{}, "users"), c.membersRequest(MemberFilter{}, "idp-users")
	p := populationOf(c, "users", func(m memberAnswer) subject {
		s := subject{id: m.UserID, email: m.Email, name: m.Name, groups: m.groupNames(), rolesKnown: m.rolesKnown()}
		if c.redact {
			s.email, s.name = nil, nil
		}
		return s
	}, direct, direct, idp)
	// The other list has the groups of people with a role of their own.
	p.complete = func(subject) bool { return false }
	return p
}

// isNamed reports whether neither list can add to the name and the address of a user.
func (c *Client) isNamed(s subject) bool {
	return !s.secondary && (c.redact || s.email != nil && s.name != nil)
}
