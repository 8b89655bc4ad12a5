package devin

import (
	"cmp"
	"context"
	"net/url"
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
	Title           *string  `json:"title" tfsdk:"title"` // a person wrote it
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
	IsArchived      *bool    `json:"is_archived" tfsdk:"is_archived"`
	Tags            []string `json:"tags" tfsdk:"tags" api:"required"`
	// ACUsConsumed was seen to be 0 for each session that an automation had
	// started. The consumption of a session is the better number.
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

// Check wants every field that Devin documents to be always there.
func (s *Session) Check() error { return rest.CheckFields(s) }

// SessionFilter narrows a list of sessions. What is empty does not.
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

// LongListError says that a list has more items than a limit allows.
type LongListError = rest.LongListError

// Sessions lists the sessions that were created on the billing days of a window,
// newest first. Callers own the result.
//
// Devin was seen to take a key of the query that it does not know, and to answer
// without filtering. So a session that does not pass the filter is an error with
// the cause ErrFilterIgnored, and a filter that the sessions do not show is checked
// on its own.
//
// https://docs.devin.ai/sdk/api/classes/EnterpriseSessionsClient
func (c *Client) Sessions(ctx context.Context, w Window, f SessionFilter) ([]Session, error) {
	r := c.sessionsRequest(w, f)
	guard := newSessionGuard(f)
	byID := map[string]Session{}
	for s, err := range rest.List[Session](ctx, c.rest, r) {
		if err != nil {
			return nil, err
		}
		if err := guard.look(&s); err != nil {
			return nil, c.rest.BrokenList(r, err)
		}
		if !w.Contains(DayAt(s.CreatedAt.Time())) || !f.updated(s.UpdatedAt.Time()) {
			continue // Devin does not document whether it includes its bounds
		}
		if c.redact {
			s.Title = nil
		}
		byID[s.SessionID] = s
	}
	if err := c.checkUnseen(ctx, w, f, guard); err != nil {
		return nil, err
	}
	return sortedValues(byID, func(a, b Session) int {
		return cmp.Or(cmp.Compare(*b.CreatedAt, *a.CreatedAt), strings.Compare(a.SessionID, b.SessionID))
	}), nil
}

func (f *SessionFilter) updated(at time.Time) bool {
	return !at.Before(f.UpdatedAfter) && (f.UpdatedBefore.IsZero() || at.Before(f.UpdatedBefore))
}

func (c *Client) sessionsRequest(w Window, f SessionFilter) rest.Request {
	q := url.Values{}
	for key, at := range map[string]time.Time{
		"created_after": w.Start.Start(), "created_before": (w.End + 1).Start(), "updated_after": f.UpdatedAfter, "updated_before": f.UpdatedBefore,
	} {
		if !at.IsZero() {
			q.Set(key, strconv.FormatInt(at.Unix(), 10))
		}
	}
	for key, values := range map[string][]string{
		"org_ids": f.OrgIDs, "user_ids": f.UserIDs, "service_user_ids": f.ServiceUserIDs, "session_ids": f.SessionIDs,
		"origins": f.Origins, "tags": f.Tags, "repo_names": f.RepoNames,
	} {
		if len(values) > 0 {
			q[key] = values
		}
	}
	for key, value := range map[string]string{"playbook_id": f.PlaybookID, "schedule_id": f.ScheduleID, "category": f.Category} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if f.IsArchived != nil {
		q.Set("is_archived", strconv.FormatBool(*f.IsArchived))
	}
	return rest.Request{Path: c.path("sessions"), Query: q, Permission: c.permission(SessionsPermission), Shared: true, Limit: f.Limit}
}
