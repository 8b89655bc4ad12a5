package devintest

import "slices"

// PRCounts are what the API counts of pull requests.
type PRCounts struct {
	Created, Opened, Merged, Closed                              int64
	TakenOver, TakenOverOpened, TakenOverMerged, TakenOverClosed int64
}

// PRFilter selects pull requests; an empty list selects all. People and service
// users together select the pull requests of either.
type PRFilter struct {
	OrgIDs, UserIDs, ServiceUserIDs []string
	PlaybookID                      string
}

func inOrganization(orgID string) (f PRFilter) {
	if orgID != "" {
		f.OrgIDs = []string{orgID}
	}
	return f
}

// selects reports whether the filter allows an organization and a playbook.
func (c *company) selects(f PRFilter, org int8, playbook int) bool {
	return (len(f.OrgIDs) == 0 || slices.Contains(f.OrgIDs, c.orgs[org].OrgID)) &&
		(f.PlaybookID == "" || playbook != nowhere && playbookIDs[playbook] == f.PlaybookID)
}

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

// pulls calls yield for an account's pull requests of a billing day. They come
// of its sessions: there are some on days with sessions only, and where those are.
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
		// What is recent is more often still open. The age is that of the day the
		// fake was made, so that a count does not change while it runs.
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

func (n *PRCounts) add(pr pullRequest) {
	all, byState := &n.Created, [3]*int64{&n.Opened, &n.Merged, &n.Closed}
	if pr.takenOver {
		all, byState = &n.TakenOver, [3]*int64{&n.TakenOverOpened, &n.TakenOverMerged, &n.TakenOverClosed}
	}
	*all++
	*byState[pr.state]++
}

// authors are the accounts that a filter selects.
func (c *company) authors(f PRFilter) []*account {
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

// count counts the pull requests made at or after one instant and before another.
func (c *company) count(f PRFilter, after, before int64) PRCounts {
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
