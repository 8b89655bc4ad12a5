package devintest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Filter selects pull requests and sessions; an empty list selects all. Users and
// service users together select those of either.
type Filter struct {
	OrgIDs, UserIDs, ServiceUserIDs []string
	PlaybookID                      string
}

func inOrganization(orgID string) (f Filter) {
	if orgID != "" {
		f.OrgIDs = []string{orgID}
	}
	return f
}

// selects reports whether the filter allows an organization and a playbook.
func (c *company) selects(f Filter, org int8, playbook int) bool {
	return (len(f.OrgIDs) == 0 || slices.Contains(f.OrgIDs, c.orgs[org].OrgID)) &&
		(f.PlaybookID == "" || playbook != nowhere && playbookIDs[playbook] == f.PlaybookID)
}

// authors are the accounts that a filter selects.
func (c *company) authors(f Filter) []*account {
	var chosen []*account
	if len(f.UserIDs)+len(f.ServiceUserIDs) == 0 {
		for i := range c.accounts {
			chosen = append(chosen, &c.accounts[i])
		}
		return chosen
	}
	seen := map[string]bool{}
	for _, id := range f.UserIDs {
		if i, ok := c.index[id]; ok && !seen[id] {
			chosen, seen[id] = append(chosen, &c.accounts[i]), true
		}
	}
	for _, id := range f.ServiceUserIDs {
		if a := c.serviceUser(id); a != nil && !seen[id] {
			chosen, seen[id] = append(chosen, a), true
		}
	}
	return chosen
}

// Playbooks are the ids of playbooks that pull requests came from.
func (s *Server) Playbooks() []string { return slices.Clone(playbookIDs[:]) }

// SessionCounts are what the API counts of sessions.
type SessionCounts struct {
	Created, WithPlaybook, WithSearch, WithMergedPRs int64
	ByOrigin, BySize, WithMergedPRsBySize            map[string]int64
	// ACUs are in hundredths.
	ACUs       int64
	ByCategory map[Category]CategoryUse
}

// Category is a category of sessions and one of its subcategories.
type Category struct{ Category, SubcategoryID, DisplayName string }

// CategoryUse counts the sessions of a category, and what they consume in hundredths.
type CategoryUse struct{ Sessions, ACUs int64 }

// countSessions counts the sessions created at or after one instant and before another.
func (c *company) countSessions(f Filter, after, before int64) SessionCounts {
	n := SessionCounts{
		ByOrigin: map[string]int64{}, BySize: map[string]int64{}, WithMergedPRsBySize: map[string]int64{},
		ByCategory: map[Category]CategoryUse{},
	}
	c.eachSession(f, after, before, func(s session) {
		n.Created++
		n.ACUs += s.acus
		n.ByOrigin[origins[s.origin]]++
		n.BySize[sizes[s.size]]++
		if s.playbook != nowhere {
			n.WithPlaybook++
		}
		if s.search {
			n.WithSearch++
		}
		if s.merged {
			n.WithMergedPRs++
			n.WithMergedPRsBySize[sizes[s.size]]++
		}
		category := categories[s.category]
		use := n.ByCategory[category]
		n.ByCategory[category] = CategoryUse{use.Sessions + 1, use.ACUs + s.acus}
	})
	return n
}

// SessionCounts counts the sessions created from one instant up to another.
func (s *Server) SessionCounts(f Filter, from, to time.Time) SessionCounts {
	return s.company.countSessions(f, from.Unix(), s.until(to))
}

// countSessions counts the sessions of the call's filter, in a window that is so many
// seconds before the call's.
func (c *call) countSessions(before int64) SessionCounts {
	return c.company.countSessions(c.filter(), c.window.after-before, c.until()-before)
}

// mergeLag is the time from a pull request to its merge with Quirks.MergesFollow.
const mergeLag = 2 * secondsPerDay

func (c *call) sessionMetrics() answer {
	n := c.countSessions(0)
	average := any(number(0))
	switch {
	case n.Created > 0:
		average = number(n.ACUs / n.Created)
	case c.server.opts.Quirks.MeansAreNull:
		average = nil
	}
	with := n
	if c.server.opts.Quirks.MergesFollow {
		with = c.countSessions(mergeLag)
	}
	return c.answerJSON(map[string]any{
		"sessions_created_count":               n.Created,
		"avg_acus_per_session":                 average,
		"sessions_created_by_origin":           withZeros(origins[:], n.ByOrigin),
		"sessions_created_by_size":             withZeros(sizes[:], n.BySize),
		"sessions_created_with_playbook_count": n.WithPlaybook,
		"sessions_created_with_search_count":   n.WithSearch,
		"sessions_with_merged_prs_count":       with.WithMergedPRs,
		"sessions_with_merged_prs_by_size":     withZeros(sizes[:], with.WithMergedPRsBySize),
	})
}

// withZeros adds a zero for each name that is missing.
func withZeros(names []string, counts map[string]int64) map[string]int64 {
	all := map[string]int64{}
	for _, name := range names {
		all[name] = counts[name]
	}
	return all
}

// Searches is about half the number of sessions.
func (n SessionCounts) Searches() int64 { return n.WithSearch + n.Created/4 }

func (c *call) usageMetrics() answer {
	if !c.query.Has("time_after") {
		c.window.after = cycleStart(c.server.opts.Now(), 0).Unix()
	}
	n := c.countSessions(0)
	prs := c.company.count(c.filter(), c.window.after, c.until())
	if c.server.opts.Quirks.MergesFollow {
		prs.Merged = c.company.count(c.filter(), c.window.after-mergeLag, c.until()-mergeLag).Merged
	}
	return c.answerJSON(map[string]int64{
		"sessions_count": n.Created, "searches_count": n.Searches(),
		"prs_created_count": prs.Created, "prs_merged_count": prs.Merged,
	})
}

type listedCategory struct {
	Category string              `json:"category"`
	ACUs     json.Number         `json:"acus"`
	Sessions int64               `json:"sessions_count"`
	Parts    []listedSubcategory `json:"subcategories"`
}

type listedSubcategory struct {
	ID       *string     `json:"subcategory_id"`
	Name     string      `json:"display_name"`
	ACUs     json.Number `json:"acus"`
	Sessions int64       `json:"sessions_count"`
}

func (c *call) sessionCategories() answer {
	n := c.countSessions(0)
	all := []listedCategory{}
	for _, name := range categoryNames() {
		whole, parts := CategoryUse{}, []listedSubcategory{}
		for _, of := range categories {
			use, ok := n.ByCategory[of]
			if of.Category == name && ok {
				whole = CategoryUse{whole.Sessions + use.Sessions, whole.ACUs + use.ACUs}
				parts = append(parts, listedSubcategory{pointer(of.SubcategoryID), of.DisplayName, number(use.ACUs), use.Sessions})
			}
		}
		if whole.Sessions > 0 {
			all = append(all, listedCategory{name, number(whole.ACUs), whole.Sessions, parts})
		}
	}
	return c.answerJSON(map[string]any{"categories": all})
}

// categoryNames are in the order of the answer, which is not sorted.
func categoryNames() []string {
	var names []string
	for _, of := range categories {
		if !slices.Contains(names, of.Category) {
			names = append(names, of.Category)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(b, a) })
	return names
}

// Activity is what makes a user active: a number of sessions or of searches.
type Activity struct {
	OrgID                    string
	MinSessions, MinSearches int64
}

// ActiveUsers counts the users who were active in a period.
func (s *Server) ActiveUsers(of Activity, from, to time.Time) int64 {
	return s.company.active(inOrganization(of.OrgID), of, from.Unix(), s.until(to))
}

func (c *company) active(f Filter, of Activity, after, before int64) int64 {
	sessions, searches := map[string]int64{}, map[string]int64{}
	c.eachSession(f, after, before, func(s session) {
		if s.account.service {
			return
		}
		sessions[s.account.id]++
		if s.search {
			searches[s.account.id]++
		}
	})
	n := int64(0)
	for id, count := range sessions {
		if count >= of.MinSessions || searches[id] >= of.MinSearches {
			n++
		}
	}
	return n
}

type listedPeriod struct {
	ActiveUsers int64 `json:"active_users"`
	Start       int64 `json:"start_time"`
	End         int64 `json:"end_time"`
}

// activeIn counts the active users of a period within the call's window.
func (c *call) activeIn(start, end int64) listedPeriod {
	of := Activity{MinSessions: c.integer("min_sessions", 1), MinSearches: c.integer("min_searches", 1)}
	n := c.company.active(c.filter(), of, max(start, c.window.after), min(end, c.until()))
	if !c.server.opts.Quirks.PeriodsEndAtTheNext {
		end--
	}
	return listedPeriod{n, start, end}
}

func (c *call) activeUsers() answer {
	return c.answerJSON(c.activeIn(c.window.after, c.window.before))
}

// activeBy lists the whole periods, in UTC, that overlap the window.
func (c *call) activeBy(first func(time.Time) time.Time, next func(time.Time) time.Time) answer {
	periods := []listedPeriod{}
	before := c.window.before
	at := first(time.Unix(c.window.after, 0).UTC().Truncate(24 * time.Hour))
	for at.Unix() < min(before, c.server.opts.Now().Unix()) {
		end := next(at)
		periods = append(periods, c.activeIn(at.Unix(), end.Unix()))
		at = end
	}
	if c.server.opts.Quirks.EmptyLastPeriod && at.Unix() == before {
		periods = append(periods, listedPeriod{0, before, before})
	}
	return c.answerJSON(periods)
}

func (c *call) activeByDay() answer {
	return c.activeBy(func(t time.Time) time.Time { return t }, func(t time.Time) time.Time { return t.AddDate(0, 0, 1) })
}

func (c *call) activeByWeek() answer {
	monday := func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
	return c.activeBy(monday, func(t time.Time) time.Time { return t.AddDate(0, 0, 7) })
}

func (c *call) activeByMonth() answer {
	return c.activeBy(func(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) }, func(t time.Time) time.Time { return t.AddDate(0, 1, 0) })
}

// QueueSize is the number of waiting sessions.
const QueueSize = 12

func (c *call) queue() answer {
	return c.answerJSON(map[string]any{"queue_size": QueueSize, "status": "elevated"})
}
