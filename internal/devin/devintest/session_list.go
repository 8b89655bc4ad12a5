package devintest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ListedSession is a session as the API lists it.
type ListedSession struct {
	SessionID       string        `json:"session_id"`
	URL             string        `json:"url"`
	OrgID           string        `json:"org_id"`
	Title           *string       `json:"title,omitempty"`
	Status          string        `json:"status"`
	StatusDetail    *string       `json:"status_detail,omitempty"`
	UserID          *string       `json:"user_id"`
	ServiceUserID   *string       `json:"service_user_id"`
	PlaybookID      *string       `json:"playbook_id"`
	ParentSessionID *string       `json:"parent_session_id"`
	ChildSessionIDs []string      `json:"child_session_ids"`
	Origin          *string       `json:"origin,omitempty"`
	Category        *string       `json:"category,omitempty"`
	Subcategory     *string       `json:"subcategory,omitempty"`
	IsArchived      *bool         `json:"is_archived,omitempty"`
	DevinMode       *string       `json:"devin_mode,omitempty"`
	Tags            []string      `json:"tags"`
	ACUsConsumed    json.Number   `json:"acus_consumed"`
	CreatedAt       int64         `json:"created_at"`
	UpdatedAt       int64         `json:"updated_at"`
	PullRequests    []ListedPR    `json:"pull_requests"`
	Structured      *StructuredIn `json:"structured_output"`

	account *account
	repo    string
}

// ListedPR is a pull request of a session.
type ListedPR struct {
	URL   string  `json:"pr_url"`
	State *string `json:"pr_state"`
}

// StructuredIn is what a session was told to answer with. The client leaves it alone.
type StructuredIn struct {
	Secret string `json:"secret"`
}

var (
	sessionRepos  = [...]string{"acme/payments", "acme/web", "acme/data-platform"}
	sessionTags   = [...]string{"team:payments", "team:platform", "on-call"}
	sessionTitles = [...]string{"Fix the flaky login test", "Upgrade the runtime, part 2", "=SUM(A1) breaks the export", "Add \"dark mode\"", "Raise coverage of billing"}
	devinModes    = [...]string{"normal", "fast", "lite", "ultra", "fusion"}
	prStates      = [...]string{open: "open", merged: "merged", closed: "closed"}
)

// listed is a session as the list shows it.
func (c *company) listed(a *account, w work) ListedSession {
	d := w.dice
	s := ListedSession{
		SessionID: sessionID(a, w.day, w.piece), OrgID: c.orgs[w.org].id, Status: "exit", Tags: []string{},
		Origin: ref(origins[w.origin]), Category: ref(categories[w.category].category), IsArchived: ref(d>>4%9 == 0),
		ACUsConsumed: json.Number(appendACUs(nil, w.acus)), CreatedAt: w.at, UpdatedAt: min(w.at+600+w.acus*30, unixDay(c.today())),
		ChildSessionIDs: []string{}, PullRequests: []ListedPR{}, account: a, repo: sessionRepos[d>>8%3],
		Structured: &StructuredIn{"never-to-be-read"},
	}
	s.UpdatedAt = max(s.UpdatedAt, s.CreatedAt)
	s.URL = "https://app.devin.ai/sessions/" + strings.TrimPrefix(s.SessionID, "devin-")
	s.StatusDetail = ref("finished")
	switch {
	case w.day == c.today():
		s.Status, s.StatusDetail = "running", ref("working")
	case d%16 == 0:
		s.Status, s.StatusDetail = "error", ref("error")
	case d%16 == 1:
		s.Status, s.StatusDetail = "suspended", ref("inactivity")
	}
	if d>>12%7 != 0 {
		s.Title = ref(sessionTitles[d>>16%uint64(len(sessionTitles))])
	}
	if a.service {
		s.ServiceUserID = &a.id
	} else {
		s.UserID = &a.id
	}
	if w.playbook != nowhere {
		s.PlaybookID = &playbookIDs[w.playbook]
	}
	if sub := categories[w.category].name; sub != "Other" {
		s.Subcategory = &sub
	}
	for i, tag := range sessionTags {
		if d>>(20+4*i)%3 == 0 {
			s.Tags = append(s.Tags, tag)
		}
	}
	for i, pr := range w.pulls {
		url := fmt.Sprintf("https://github.com/%s/pull/%d", s.repo, 1+(d>>33+uint64(i))%90000)
		s.PullRequests = append(s.PullRequests, ListedPR{url, ref(prStates[pr.state])})
	}
	if d>>24%4 != 0 {
		s.DevinMode = &devinModes[d>>28%uint64(len(devinModes))]
	}
	if c.quirks.SessionsAreShort {
		s.Title, s.StatusDetail, s.Origin, s.Category, s.Subcategory, s.IsArchived, s.DevinMode = nil, nil, nil, nil, nil, nil, nil
	}
	return s
}

// SessionList lists the sessions created from one instant up to another, newest first.
func (s *Server) SessionList(f PRFilter, from, to time.Time) []ListedSession {
	return s.company.sessionsOf(f, from.Unix(), min(to.Unix(), s.opts.Now().Unix()+1))
}

func (c *company) sessionsOf(f PRFilter, after, before int64) []ListedSession {
	all := []ListedSession{}
	c.eachWork(f, after, before, func(a *account, w work) { all = append(all, c.listed(a, w)) })
	slices.SortFunc(all, func(a, b ListedSession) int {
		return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), strings.Compare(a.SessionID, b.SessionID))
	})
	return all
}

// lists reports whether a session passes the filters that metrics do not have.
func (c *call) lists(s *ListedSession) bool {
	text := func(value *string) string {
		if value == nil {
			return ""
		}
		return *value
	}
	return c.allows("session_ids", s.SessionID) && c.allows("origins", text(s.Origin)) && c.allows("tags", s.Tags...) &&
		c.allows("repo_names", s.repo) && c.allows("category", text(s.Category)) && c.allows("schedule_id") &&
		(!c.query.Has("is_archived") || s.IsArchived != nil && *s.IsArchived == (c.query.Get("is_archived") == "true")) &&
		s.UpdatedAt >= c.integer("updated_after", 0) && s.UpdatedAt < c.integer("updated_before", lastSecond)
}

func (c *call) sessionList() answer {
	return c.page(c.kept(func() *list {
		return listOf(c.company.sessionsOf(c.filter(), c.window.after, c.until()), c.lists)
	}))
}

// ref points to a value.
func ref[T any](v T) *T { return &v }
