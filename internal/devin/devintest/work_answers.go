package devintest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// SessionCounts counts the sessions created from one instant up to another.
func (s *Server) SessionCounts(f PRFilter, from, to time.Time) SessionCounts {
	return s.company.countSessions(f, from.Unix(), min(to.Unix(), s.opts.Now().Unix()+1))
}

// counted is what the call's parameters select.
func (c *call) counted() SessionCounts { return c.countedAgo(0) }

// countedAgo is counted in the window that was so many seconds before.
func (c *call) countedAgo(seconds int64) SessionCounts {
	return c.company.countSessions(c.filter(), c.window.after-seconds, c.until()-seconds)
}

// mergeLag is how long after a pull request was made it is merged, where merges
// are counted when they happen.
const mergeLag = 2 * secondsPerDay

func (c *call) sessionMetrics() answer {
	n := c.counted()
	average := any(number(0))
	switch {
	case n.Created > 0:
		average = number(n.ACUs / n.Created)
	case c.server.opts.Quirks.MeansAreNull:
		average = nil
	}
	with := n
	if c.server.opts.Quirks.MergesFollow {
		with = c.countedAgo(mergeLag)
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

// withZeros are counts with a zero for each name that has none.
func withZeros(names []string, counts map[string]int64) map[string]int64 {
	all := map[string]int64{}
	for _, name := range names {
		all[name] = counts[name]
	}
	return all
}

// Searches are half as many as sessions, more or less.
func (n SessionCounts) Searches() int64 { return n.WithSearch + n.Created/4 }

func (c *call) usageMetrics() answer {
	if !c.query.Has("time_after") {
		c.window.after = cycleStart(c.server.opts.Now(), 0).Unix()
	}
	n := c.counted()
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
	n := c.counted()
	all := []listedCategory{}
	for _, name := range categoryNames() {
		whole, parts := CategoryUse{}, []listedSubcategory{}
		for _, of := range categories {
			use, ok := n.ByCategory[Category{of.category, of.subcategory, of.name}]
			if of.category == name && ok {
				whole = CategoryUse{whole.Sessions + use.Sessions, whole.ACUs + use.ACUs}
				parts = append(parts, listedSubcategory{pointer(of.subcategory), of.name, number(use.ACUs), use.Sessions})
			}
		}
		if whole.Sessions > 0 {
			all = append(all, listedCategory{name, number(whole.ACUs), whole.Sessions, parts})
		}
	}
	return c.answerJSON(map[string]any{"categories": all})
}

// categoryNames are in the order of the answer, which is not that of the alphabet.
func categoryNames() []string {
	var names []string
	for _, of := range categories {
		if !slices.Contains(names, of.category) {
			names = append(names, of.category)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(b, a) })
	return names
}

// QueueSize is how many sessions wait.
const QueueSize = 12

func (c *call) queue() answer {
	return c.answerJSON(map[string]any{"queue_size": QueueSize, "status": "elevated"})
}
