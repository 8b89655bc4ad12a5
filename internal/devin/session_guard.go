package devin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// sessionGuard finds out whether Devin heeds the filters of a list of sessions.
type sessionGuard struct {
	rules []sessionRule
	// unseen are filters that a session on the list did not show.
	unseen map[string]bool
}

// sessionRule is a filter, and what a session says of it.
type sessionRule struct {
	key string
	// passes says whether a session is as the filter wants; known is false where
	// the session does not say.
	passes func(s *Session) (passes, known bool)
	nobody func(f *SessionFilter) // makes the filter one that no session passes
}

func newSessionGuard(f SessionFilter) *sessionGuard {
	g := &sessionGuard{unseen: map[string]bool{}}
	rule := func(used bool, key string, passes func(s *Session) (bool, bool), nobody func(f *SessionFilter)) {
		if used {
			g.rules = append(g.rules, sessionRule{key, passes, nobody})
		}
	}
	among := func(wanted []string, of func(s *Session) *string) func(s *Session) (bool, bool) {
		return func(s *Session) (bool, bool) {
			has := of(s)
			return has != nil && slices.Contains(wanted, *has), has != nil
		}
	}
	rule(len(f.OrgIDs) > 0, "org_ids", among(f.OrgIDs, func(s *Session) *string { return &s.OrgID }), nil)
	rule(len(f.SessionIDs) > 0, "session_ids", among(f.SessionIDs, func(s *Session) *string { return &s.SessionID }), nil)
	rule(len(f.UserIDs)+len(f.ServiceUserIDs) > 0, ownerKey(f), func(s *Session) (bool, bool) {
		user, _ := among(f.UserIDs, func(s *Session) *string { return s.UserID })(s)
		serviceUser, _ := among(f.ServiceUserIDs, func(s *Session) *string { return s.ServiceUserID })(s)
		return user || serviceUser, s.UserID != nil || s.ServiceUserID != nil
	}, func(f *SessionFilter) {
		for _, ids := range []*[]string{&f.UserIDs, &f.ServiceUserIDs} {
			if len(*ids) > 0 {
				*ids = []string{nobody}
			}
		}
	})
	rule(len(f.Origins) > 0, "origins", func(s *Session) (bool, bool) {
		// The value scheduled selects sessions whose origin is automation.
		return s.Origin != nil && slices.Contains(f.Origins, *s.Origin), false
	}, func(f *SessionFilter) { f.Origins = []string{nobody} })
	rule(f.Category != "", "category", among([]string{f.Category}, func(s *Session) *string { return s.Category }), func(f *SessionFilter) { f.Category = nobody })
	rule(f.PlaybookID != "", "playbook_id", among([]string{f.PlaybookID}, func(s *Session) *string { return s.PlaybookID }), func(f *SessionFilter) { f.PlaybookID = nobody })
	rule(len(f.Tags) > 0, "tags", func(s *Session) (bool, bool) {
		return slices.ContainsFunc(s.Tags, func(tag string) bool { return slices.Contains(f.Tags, tag) }), true
	}, nil)
	rule(f.IsArchived != nil, "is_archived", func(s *Session) (bool, bool) {
		return s.IsArchived != nil && *s.IsArchived == *f.IsArchived, s.IsArchived != nil
	}, nil)
	// A session shows neither its repositories nor its schedule.
	hidden := func(*Session) (bool, bool) { return false, false }
	rule(len(f.RepoNames) > 0, "repo_names", hidden, func(f *SessionFilter) { f.RepoNames = []string{nobody} })
	rule(f.ScheduleID != "", "schedule_id", hidden, func(f *SessionFilter) { f.ScheduleID = nobody })
	return g
}

func ownerKey(f SessionFilter) string {
	switch {
	case len(f.ServiceUserIDs) == 0:
		return "user_ids"
	case len(f.UserIDs) == 0:
		return "service_user_ids"
	}
	return "user_ids and service_user_ids"
}

// look is an error where a session is not as a filter wants it.
func (g *sessionGuard) look(s *Session) error {
	for _, rule := range g.rules {
		passes, known := rule.passes(s)
		switch {
		case passes:
		case known, rule.nobody == nil:
			return fmt.Errorf("%w: the list has the session %s, which does not pass the filter %s, so it is not the list that was asked for",
				ErrFilterIgnored, s.SessionID, rule.key)
		default:
			g.unseen[rule.key] = true
		}
	}
	return nil
}

// checkUnseen asks, for each filter that a session did not show, for sessions that
// cannot exist.
func (c *Client) checkUnseen(ctx context.Context, w Window, f SessionFilter, g *sessionGuard) error {
	for _, rule := range g.rules {
		if !g.unseen[rule.key] {
			continue
		}
		none := f
		none.Limit = 0
		rule.nobody(&none)
		r := c.sessionsRequest(w, none)
		empty, err := rest.IsEmpty(ctx, c.rest, r)
		switch {
		case err != nil && heeded(err) != nil:
			return err
		case err == nil && !empty:
			return c.rest.BrokenList(r, fmt.Errorf("%w: asked with a %s that no session has, it lists sessions, so it does not heed %s",
				ErrFilterIgnored, strings.TrimSuffix(rule.key, "s"), rule.key))
		}
	}
	return nil
}
