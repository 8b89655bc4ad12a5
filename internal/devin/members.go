package devin

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Member is a person with access to the enterprise.
type Member struct {
	UserID string // byte for byte as the API has it
	Email  *string
	Name   *string
	// JoinedAt is when the person was added to the enterprise; nil where the
	// API does not say, as it never does for people of an IdP group.
	JoinedAt *time.Time
	// Roles is sorted by organization, role and group, enterprise-wide and
	// direct ones first. It is nil where the API says nothing of roles, which it
	// is not documented to do.
	Roles []RoleAssignment

	idp bool // from the list of people who come through an IdP group
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

// MemberFilter narrows a list of members. Its zero value is everybody.
type MemberFilter struct {
	Email       string // of one person, in any case
	OrgID       string // members of this organization only
	WithoutIDP  bool   // leave out who has access through an IdP group only
	sendNoEmail bool
}

// Members reads the members of the enterprise, or of one organization, sorted
// by UserID.
//
// Devin keeps two lists: people with a role of their own, and people whose
// access comes from an IdP group; some are on both. The result is the union,
// with the roles of both.
//
// https://docs.devin.ai/api-reference/v3/users/members-users
func (c *Client) Members(ctx context.Context, f MemberFilter) ([]Member, error) {
	byID := map[string]*Member{}
	for m, err := range c.eachMember(ctx, f) {
		if err != nil {
			return nil, err
		}
		if known := byID[m.UserID]; known != nil {
			known.absorb(m)
		} else {
			byID[m.UserID] = &m
		}
	}
	// Devin's own documentation does not say whether its filter minds the case.
	// Before nobody is reported, everybody is looked at.
	if len(byID) == 0 && f.Email != "" && !f.sendNoEmail {
		f.sendNoEmail = true
		return c.Members(ctx, f)
	}
	members := make([]Member, 0, len(byID))
	for _, m := range byID {
		m.sortRoles()
		members = append(members, *m)
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.UserID, b.UserID) })
	return members, nil
}

// eachMember walks both lists at once. Somebody on both comes twice.
func (c *Client) eachMember(ctx context.Context, f MemberFilter) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		lists := []string{"users", "idp-users"}
		if f.WithoutIDP {
			lists = lists[:1]
		}
		ctx, cancel := context.WithCancel(ctx)
		group, ctx := errgroup.WithContext(ctx)
		found := make(chan Member, 400) // a page of either, so that neither waits for the other
		for _, name := range lists {
			group.Go(func() error {
				for answer, err := range rest.List[memberAnswer](ctx, c.rest, membersRequest(f, name)) {
					if err != nil {
						return err
					}
					m, err := answer.member(f)
					m.idp = name == "idp-users"
					if err != nil {
						return c.rest.BrokenList(membersRequest(f, name), err)
					}
					if f.Email != "" && (m.Email == nil || !strings.EqualFold(*m.Email, f.Email)) {
						continue
					}
					if c.redact {
						m.Email, m.Name = nil, nil
					}
					select {
					case found <- m:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
				return nil
			})
		}
		failed := make(chan error, 1)
		go func() {
			failed <- group.Wait()
			close(found)
		}()
		defer func() {
			cancel()
			for range found { // until both walks have ended
			}
		}()
		for m := range found {
			if !yield(m, nil) {
				return
			}
		}
		if err := <-failed; err != nil {
			yield(Member{}, err)
		}
	}
}

func membersRequest(f MemberFilter, list string) rest.Request {
	path := []string{"enterprise", "members", list}
	if f.OrgID != "" {
		path = []string{"enterprise", "organizations", f.OrgID, "members", list}
	}
	r := rest.Request{Path: path, Permission: MembershipPermission, Shared: true}
	if f.Email != "" && !f.sendNoEmail {
		r.Query = url.Values{"email": {f.Email}}
	}
	return r
}

// absorb adds what another entry for the same person says. Where both say
// something, the list of direct members has the word, whichever came first: the
// two lists race, and a result must not depend on who wins.
func (m *Member) absorb(other Member) {
	if m.idp && !other.idp {
		other.Roles = append(other.Roles, m.Roles...)
		*m, other = other, Member{UserID: m.UserID, Email: m.Email, Name: m.Name, JoinedAt: m.JoinedAt}
	}
	m.Email = cmp.Or(m.Email, other.Email)
	m.Name = cmp.Or(m.Name, other.Name)
	m.JoinedAt = cmp.Or(m.JoinedAt, other.JoinedAt)
	m.Roles = append(m.Roles, other.Roles...)
}

// sortRoles also drops what is there twice, as when somebody is on two pages
// because the list moved between them.
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

func compareNilFirst(a, b *string) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return strings.Compare(*a, *b)
}

type memberAnswer struct {
	UserID             string           `json:"user_id"`
	Email              *string          `json:"email"`
	Name               *string          `json:"name"`
	EnterpriseJoinedAt *rest.Integer    `json:"enterprise_joined_at"`
	Roles              []RoleAssignment `json:"role_assignments"`
	IDPRoles           []RoleAssignment `json:"idp_role_assignments"`
}

func (a *memberAnswer) Identity() string { return a.UserID }

func (a *memberAnswer) Check() error {
	if a.UserID == "" {
		return rest.Missing("user_id")
	}
	// encoding/json puts U+FFFD where an escape such as \ud800 is no character.
	if strings.ContainsRune(a.UserID, utf8.RuneError) {
		return fmt.Errorf("the user_id %q has a character that is none in Unicode", a.UserID)
	}
	return nil
}

func (a *memberAnswer) member(f MemberFilter) (Member, error) {
	m := Member{UserID: a.UserID, Email: a.Email, Name: a.Name}
	if a.Roles != nil || a.IDPRoles != nil {
		m.Roles = make([]RoleAssignment, 0, len(a.Roles)+len(a.IDPRoles))
	}
	if a.EnterpriseJoinedAt != nil {
		at, err := instantOfAPI(int64(*a.EnterpriseJoinedAt))
		if err != nil {
			return Member{}, fmt.Errorf("enterprise_joined_at of %s: %w", rest.Excerpt(a.UserID), err)
		}
		m.JoinedAt = &at
	}
	for _, roles := range [][]RoleAssignment{a.Roles, a.IDPRoles} {
		for i, r := range roles {
			if err := rest.CheckFields(&roles[i]); err != nil {
				return Member{}, fmt.Errorf("a role of %s: %w", rest.Excerpt(a.UserID), err)
			}
			// An organization's own list may leave out which organization an
			// organization's role is in; without it the role would read as one
			// for the whole enterprise.
			if r.OrgID == nil && f.OrgID != "" && r.RoleType != nil && *r.RoleType == "org" {
				r.OrgID = &f.OrgID
			}
			m.Roles = append(m.Roles, r)
		}
	}
	return m, nil
}
