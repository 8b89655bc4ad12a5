package devin

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Session is a session as Devin lists it. Pointers are nil where Devin says
// nothing; an older deployment does not know all of them.
type Session struct {
	SessionID       string   `json:"session_id" tfsdk:"session_id" api:"required"`
	URL             string   `json:"url" tfsdk:"url" api:"required"`
	OrgID           string   `json:"org_id" tfsdk:"org_id" api:"required"`
	Title           *string  `json:"title" tfsdk:"title"` // written by a person
	Status          string   `json:"status" tfsdk:"status" api:"required"`
	StatusDetail    *string  `json:"status_detail" tfsdk:"status_detail"`
	UserID          *string  `json:"user_id" tfsdk:"user_id"`
	ServiceUserID   *string  `json:"service_user_id" tfsdk:"service_user_id"`
	PlaybookID      *string  `json:"playbook_id" tfsdk:"playbook_id"`
	ParentSessionID *string  `json:"parent_session_id" tfsdk:"parent_session_id"`
	ChildSessionIDs []string `json:"child_session_ids" tfsdk:"child_session_ids"`
	Origin          *string  `json:"origin" tfsdk:"origin"`
	Category        *string  `json:"category" tfsdk:"category"`
	Subcategory     *string  `json:"subcategory" tfsdk:"subcategory"`
	IsArchived      *bool    `json:"is_archived" tfsdk:"is_archived"` // never nil: missing is false
	DevinMode       *string  `json:"devin_mode" tfsdk:"devin_mode"`
	Tags            []string `json:"tags" tfsdk:"tags" api:"required"`
	// ACUsConsumed was seen to be 0 for every session that an automation had started.
	// SessionDailyConsumption has the right number.
	ACUsConsumed *ACUs                `json:"acus_consumed" tfsdk:"acus_consumed" api:"required"`
	CreatedAt    *Instant             `json:"created_at" tfsdk:"created_at" api:"required"`
	UpdatedAt    *Instant             `json:"updated_at" tfsdk:"updated_at" api:"required"`
	PullRequests []SessionPullRequest `json:"pull_requests" tfsdk:"pull_requests" api:"required"`
}

// SessionPullRequest is a pull request that a session made.
type SessionPullRequest struct {
	PRURL   string  `json:"pr_url" tfsdk:"pr_url" api:"required"`
	PRState *string `json:"pr_state" tfsdk:"pr_state"`
}

// Identity is the id.
func (s *Session) Identity() string { return s.SessionID }

// Check sets the documented default of what is missing, and sorts what Devin documents no
// order for.
func (s *Session) Check() error {
	slices.Sort(s.Tags)
	slices.Sort(s.ChildSessionIDs)
	slices.SortStableFunc(s.PullRequests, func(a, b SessionPullRequest) int { return strings.Compare(a.PRURL, b.PRURL) })
	if s.IsArchived == nil {
		s.IsArchived = new(bool)
	}
	return nil
}

// SessionFilter narrows a list of sessions. An empty field does not.
type SessionFilter struct {
	UpdatedAfter, UpdatedBefore time.Time // half-open; zero is no bound

	OrgIDs         []string // not for a client of one organization
	UserIDs        []string
	ServiceUserIDs []string
	SessionIDs     []string
	Origins        []string
	Tags           []string
	RepoNames      []string
	PlaybookID     string
	ScheduleID     string
	Category       string
	IsArchived     *bool

	Limit int // more sessions are a LongListError; 0 is no limit
}

// LongListError means that a list has more items than the Limit of its filter.
type LongListError = rest.LongListError

// Sessions lists the sessions that were created on the billing days of a window,
// newest first.
//
// A session that does not pass the filters, or is another organization's, is left out.
// A filter that no session shows is probed, which may give ErrFilterIgnored.
//
// https://docs.devin.ai/api-reference/v3/sessions/enterprise-sessions
func (c *Client) Sessions(ctx context.Context, w Window, f SessionFilter) ([]Session, error) {
	return collectFiltered(ctx, c, c.sessionsRequest(w, f), func(s *Session) bool {
		if c.redact {
			s.Title = nil
		}
		return c.inScope(&s.OrgID) && w.Contains(DayAt(s.CreatedAt.Time())) && f.updated(s.UpdatedAt.Time())
	}, f.itemFilters, func(a, b Session) int {
		return cmp.Or(cmp.Compare(*b.CreatedAt, *a.CreatedAt), strings.Compare(a.SessionID, b.SessionID))
	})
}

// itemFilters are the filters that are set, for a session.
func (f *SessionFilter) itemFilters(s *Session) []itemFilter {
	var all []itemFilter
	add := func(name string, set, shown, passes bool) {
		if set {
			all = append(all, itemFilter{[]string{name}, shown, passes})
		}
	}
	add("org_ids", len(f.OrgIDs) > 0, true, slices.Contains(f.OrgIDs, s.OrgID))
	add("session_ids", len(f.SessionIDs) > 0, true, slices.Contains(f.SessionIDs, s.SessionID))
	// The older value scheduled selects sessions whose origin is automation.
	add("origins", len(f.Origins) > 0, s.Origin != nil, matchesAny(f.Origins, orNone(s.Origin)) ||
		matches("automation", orNone(s.Origin)) && matchesAny(f.Origins, "scheduled"))
	add("category", f.Category != "", s.Category != nil, matches(f.Category, orNone(s.Category)))
	add("playbook_id", f.PlaybookID != "", s.PlaybookID != nil, f.PlaybookID == orNone(s.PlaybookID))
	add("tags", len(f.Tags) > 0, true, slices.ContainsFunc(s.Tags, func(tag string) bool { return slices.Contains(f.Tags, tag) }))
	add("is_archived", f.IsArchived != nil, true, f.IsArchived != nil && *s.IsArchived == *f.IsArchived)
	add("repo_names", len(f.RepoNames) > 0, false, false)
	add("schedule_id", f.ScheduleID != "", false, false)
	// A session has one owner, so it passes by either list.
	var owners []string
	if len(f.UserIDs) > 0 {
		owners = append(owners, "user_ids")
	}
	if len(f.ServiceUserIDs) > 0 {
		owners = append(owners, "service_user_ids")
	}
	if len(owners) > 0 {
		owned := func(ids []string, id *string) bool { return id != nil && slices.Contains(ids, *id) }
		all = append(all, itemFilter{owners, s.UserID != nil || s.ServiceUserID != nil, owned(f.UserIDs, s.UserID) || owned(f.ServiceUserIDs, s.ServiceUserID)})
	}
	return all
}

func (f *SessionFilter) updated(at time.Time) bool {
	return !at.Before(f.UpdatedAfter) && (f.UpdatedBefore.IsZero() || at.Before(f.UpdatedBefore))
}

func (c *Client) sessionsRequest(w Window, f SessionFilter) rest.Request {
	q := url.Values{}
	addSeconds(q, "created_after", w.Start.Start())
	addSeconds(q, "created_before", (w.End + 1).Start())
	addSeconds(q, "updated_after", f.UpdatedAfter)
	addSeconds(q, "updated_before", f.UpdatedBefore)
	addTo(q, "org_ids", f.OrgIDs...)
	addTo(q, "user_ids", f.UserIDs...)
	addTo(q, "service_user_ids", f.ServiceUserIDs...)
	addTo(q, "session_ids", f.SessionIDs...)
	addTo(q, "origins", f.Origins...)
	addTo(q, "tags", f.Tags...)
	addTo(q, "repo_names", f.RepoNames...)
	addTo(q, "playbook_id", f.PlaybookID)
	addTo(q, "schedule_id", f.ScheduleID)
	addTo(q, "category", f.Category)
	if f.IsArchived != nil {
		q.Set("is_archived", strconv.FormatBool(*f.IsArchived))
	}
	return rest.Request{Path: c.path("sessions"), Query: q, Permission: c.permission(SessionsPermission), Shared: true, Limit: f.Limit}
}

// SessionOwner is the user or the service user who created a session.
type SessionOwner struct {
	Email *string // nil for a service user
	Name  *string
}

// SessionOwners looks up who created sessions, by the id of the user or the service user.
// Those on no list that the key may read are missing, and with RedactPersonalData all are. A
// list that cannot be read is a notice.
func (c *Client) SessionOwners(ctx context.Context, sessions []Session) (map[string]SessionOwner, error) {
	if c.redact {
		return nil, nil
	}
	var userIDs, serviceUserIDs []string
	for i := range sessions {
		switch s := &sessions[i]; {
		case s.UserID != nil:
			userIDs = append(userIDs, *s.UserID)
		case s.ServiceUserID != nil:
			serviceUserIDs = append(serviceUserIDs, *s.ServiceUserID)
		}
	}
	users, serviceUsers := c.users(), c.serviceUsers(true)
	users.complete = c.isNamed
	owners := map[string]SessionOwner{}
	for id, s := range c.named(ctx, users, userIDs) {
		owners[id] = SessionOwner{s.email, s.name}
	}
	for id, s := range c.named(ctx, serviceUsers, serviceUserIDs) {
		owners[id] = SessionOwner{Name: s.name}
	}
	return owners, ctx.Err()
}

// named finds subjects in the lists. A list that cannot be read is a notice, unless it is
// that of the service users, which no key of an organization may read.
func (c *Client) named(ctx context.Context, p population, ids []string) map[string]*subject {
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil
	}
	known, missing := p.search(ctx, ids)
	for _, id := range ids {
		err := missing[id]
		if err == nil || ctx.Err() != nil {
			continue
		}
		if !errors.Is(c.explainServiceUserList(ctx, err), ErrNoServiceUserList) {
			c.rest.Notice(ctx, p.request, NoticeNames, "the names of %s could not be read: %v", p.noun, err)
		}
		break
	}
	return known
}
