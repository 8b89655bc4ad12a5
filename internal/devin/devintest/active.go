package devintest

import (
	"time"
)

// ActivePeriod is how many people were active from one instant up to another.
type ActivePeriod struct {
	ActiveUsers int64
	Start, End  time.Time
}

// Activity is what it takes to be active: so many sessions, or so many searches.
type Activity struct {
	OrgID                    string
	MinSessions, MinSearches int64
}

// ActiveUsers counts the people who were active in a period.
func (s *Server) ActiveUsers(of Activity, from, to time.Time) int64 {
	return s.company.active(inOrganization(of.OrgID), of, from.Unix(), min(to.Unix(), s.opts.Now().Unix()+1))
}

func (c *company) active(f PRFilter, of Activity, after, before int64) int64 {
	sessions, searches := map[string]int64{}, map[string]int64{}
	c.eachWork(f, after, before, func(a *account, w work) {
		if a.service {
			return
		}
		sessions[a.id]++
		if w.search {
			searches[a.id]++
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

// activeIn counts the active people of a period within the call's window.
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

// activeBy lists whole periods that the window touches, in UTC.
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
