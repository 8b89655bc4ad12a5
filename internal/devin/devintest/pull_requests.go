package devintest

import (
	"time"
)

type state int

const (
	open state = iota
	merged
	closed
)

type pullRequest struct {
	at        int64
	org       int8
	playbook  int
	state     state
	takenOver bool
}

// pullRequests calls yield for an account's pull requests of a billing day. They come
// from its sessions: only on days with sessions, and in their organization.
func (c *company) pullRequests(a *account, day int, yield func(pullRequest)) {
	if c.use(a, day).devin <= 0 {
		return
	}
	h := mix(a.key ^ mix(uint64(day)+1<<32))
	for k := range [8]uint64{0, 0, 0, 1, 1, 1, 2, 3}[h&7] {
		n := mix(h + k)
		pr := pullRequest{at: unixDay(day) + int64(n%secondsPerDay), takenOver: n>>17%100 < 8}
		pr.org = c.workplace(a, day)
		// Two in five come from a playbook.
		pr.playbook = nowhere
		if p := int(n >> 30 % 8); p < len(playbookIDs) {
			pr.playbook = p
		}
		// Recent ones are more often open. The age is that on the day on which the fake
		// was made, so that a count does not change while it runs.
		stillOpen := uint64(max(3, 60-5*max(c.madeOn-day, 0)))
		switch draw := n >> 40 % 100; {
		case draw < stillOpen:
			pr.state = open
		case draw < stillOpen+(100-stillOpen)/6:
			pr.state = closed
		default:
			pr.state = merged
		}
		yield(pr)
	}
}

// PRCounts are what the API counts of pull requests.
type PRCounts struct {
	Created, Opened, Merged, Closed                              int64
	TakenOver, TakenOverOpened, TakenOverMerged, TakenOverClosed int64
}

func (n *PRCounts) add(pr pullRequest) {
	all, byState := &n.Created, [3]*int64{&n.Opened, &n.Merged, &n.Closed}
	if pr.takenOver {
		all, byState = &n.TakenOver, [3]*int64{&n.TakenOverOpened, &n.TakenOverMerged, &n.TakenOverClosed}
	}
	*all++
	*byState[pr.state]++
}

// count counts the pull requests made at or after one instant and before another.
func (c *company) count(f Filter, after, before int64) PRCounts {
	var n PRCounts
	first := max(floorDiv(after-dayOffset), c.firstDay)
	end := floorDiv(before-dayOffset-1) + 1
	for _, a := range c.authors(f) {
		for day := first; day < end; day++ {
			c.pullRequests(a, day, func(pr pullRequest) {
				if pr.at >= after && pr.at < before && c.selects(f, pr.org, pr.playbook) {
					n.add(pr)
				}
			})
		}
	}
	return n
}

// PRs counts pull requests made from one instant up to another.
func (s *Server) PRs(f Filter, from, to time.Time) PRCounts {
	return s.company.count(f, from.Unix(), s.until(to))
}

func (c *call) prMetrics() answer {
	n := c.company.count(c.filter(), c.window.after, c.until())
	counts := map[string]int64{
		"prs_created_count": n.Created, "prs_opened_count": n.Opened, "prs_merged_count": n.Merged, "prs_closed_count": n.Closed,
	}
	if !c.server.opts.Quirks.NoTakenOver {
		counts["prs_taken_over_count"], counts["prs_taken_over_opened_count"] = n.TakenOver, n.TakenOverOpened
		counts["prs_taken_over_merged_count"], counts["prs_taken_over_closed_count"] = n.TakenOverMerged, n.TakenOverClosed
	}
	return c.answerJSON(counts)
}
