package devintest

import (
	"slices"
	"strings"
	"time"
)

// SessionCounts counts the sessions created from one instant up to another.
func (s *Server) SessionCounts(f PRFilter, from, to time.Time) SessionCounts {
	return s.company.countSessions(&f, from.Unix(), min(to.Unix(), s.opts.Now().Unix()+1))
}

// counted is what the call's parameters select.
func (c *call) counted() SessionCounts {
	p := &c.params
	return c.company.countSessions(&PRFilter{
		OrgIDs: c.only(p.orgIDs), UserIDs: p.userIDs, ServiceUserIDs: p.serviceIDs, PlaybookID: p.playbookID,
	}, p.times.after, c.until())
}

// until is the end of the call's window: nothing has happened yet after now.
func (c *call) until() int64 {
	before := c.params.times.before
	if c.server.opts.Quirks.InclusiveBounds {
		before++
	}
	return min(before, c.server.opts.Now().Unix()+1)
}

func (c *call) sessionMetrics() answer {
	n := c.counted()
	b := append(buffer(), `{"sessions_created_count":`...)
	b = appendInt(b, n.Created)
	b = append(b, `,"avg_acus_per_session":`...)
	average := int64(0)
	if n.Created > 0 {
		average = n.ACUs / n.Created
	}
	b = appendACUs(b, average)
	b = appendCounts(append(b, `,"sessions_created_by_origin":`...), origins[:], n.ByOrigin)
	b = appendCounts(append(b, `,"sessions_created_by_size":`...), sizes[:], n.BySize)
	b = appendInt(append(b, `,"sessions_created_with_playbook_count":`...), n.WithPlaybook)
	b = appendInt(append(b, `,"sessions_created_with_search_count":`...), n.WithSearch)
	b = appendInt(append(b, `,"sessions_with_merged_prs_count":`...), n.WithMergedPRs)
	b = appendCounts(append(b, `,"sessions_with_merged_prs_by_size":`...), sizes[:], n.WithMergedPRsBySize)
	return c.ok(append(b, '}'))
}

func appendCounts(b []byte, names []string, counts map[string]int64) []byte {
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendInt(append(appendString(b, name), ':'), counts[name])
	}
	return append(b, '}')
}

// Searches are half as many as sessions, more or less.
func (n SessionCounts) Searches() int64 { return n.WithSearch + n.Created/4 }

func (c *call) usageMetrics() answer {
	n := c.counted()
	prs := c.company.count(&PRFilter{OrgIDs: c.only(nil)}, c.params.times.after, c.until())
	b := appendInt(append(buffer(), `{"sessions_count":`...), n.Created)
	b = appendInt(append(b, `,"searches_count":`...), n.Searches())
	b = appendInt(append(b, `,"prs_created_count":`...), prs.Created)
	b = appendInt(append(b, `,"prs_merged_count":`...), prs.Merged)
	return c.ok(append(b, '}'))
}

func (c *call) sessionCategories() answer {
	n := c.counted()
	b := append(buffer(), `{"categories":[`...)
	first := true
	for _, name := range categoryNames() {
		var whole CategoryUse
		parts := []byte{}
		for _, of := range categories {
			use, ok := n.ByCategory[Category{of.category, of.subcategory, of.name}]
			if of.category != name || !ok {
				continue
			}
			if whole.Sessions > 0 {
				parts = append(parts, ',')
			}
			whole = CategoryUse{whole.Sessions + use.Sessions, whole.ACUs + use.ACUs}
			parts = appendNullable(append(parts, `{"subcategory_id":`...), of.subcategory)
			parts = appendString(append(parts, `,"display_name":`...), of.name)
			parts = append(appendUse(parts, use), '}')
		}
		if whole.Sessions == 0 {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendString(append(b, `{"category":`...), name)
		b = append(append(appendUse(b, whole), `,"subcategories":[`...), parts...)
		b = append(b, "]}"...)
	}
	return c.ok(append(b, "]}"...))
}

func appendUse(b []byte, use CategoryUse) []byte {
	b = appendACUs(append(b, `,"acus":`...), use.ACUs)
	return appendInt(append(b, `,"sessions_count":`...), use.Sessions)
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
	b := appendInt(append(buffer(), `{"queue_size":`...), QueueSize)
	return c.ok(append(b, `,"status":"elevated"}`...))
}
