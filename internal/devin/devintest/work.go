package devintest

// work is a session as metrics count it.
type work struct {
	at             int64
	day, piece     int
	org            int8
	origin, size   int
	category       int
	playbook       int
	search, merged bool
	acus           int64 // hundredths
	pulls          []pullRequest
	dice           uint64
}

// The names by which the API counts sessions.
var (
	origins    = [...]string{"api", "automation", "desktop", "jira", "linear", "slack", "teams", "webapp"}
	sizes      = [...]string{"xs", "s", "m", "l", "xl"}
	categories = [...]struct{ category, subcategory, name string }{
		{"bug_fixing", "sub-bugs", "Regressions"},
		{"bug_fixing", "", "Other"},
		{"feature_development", "sub-ui", "User interface"},
		{"migrations_and_upgrades", "sub-deps", "Dependencies"},
		{"unit_test_generation", "sub-tests", "Coverage"},
	}
)

// pieces is how many sessions an account's use of Devin on a day is split over.
func pieces(a *account, day int) int { return 1 + int(mix(a.key^uint64(day)<<24)%3) }

// sessionID is the id of one of them.
func sessionID(a *account, day, piece int) string {
	return "devin-" + longHex(mix(a.key^uint64(day)<<16^uint64(piece)^a.salt()))
}

// salt tells apart a service user and a member that have the same key.
func (a *account) salt() uint64 {
	if a.service {
		return 1 << 63
	}
	return 0
}

// piece is the part of one of them, in hundredths of an ACU.
func piece(devin int64, n, k int) int64 {
	part := devin / int64(n)
	if k == n-1 {
		part = devin - part*int64(n-1)
	}
	return part
}

// works calls yield for an account's sessions of a billing day. They consume what
// the account uses of Devin, and there are none on days without.
func (c *company) works(a *account, day int, yield func(work)) {
	devin := c.use(a, day).devin
	if devin <= 0 {
		return
	}
	n := pieces(a, day)
	pulls, at := make([][]pullRequest, n), 0
	for _, wanted := range [...]bool{true, false} { // merged ones first, one a session
		c.pulls(a, day, func(pr pullRequest) {
			if !pr.takenOver && (pr.state == merged) == wanted {
				pulls[at%n] = append(pulls[at%n], pr)
				at++
			}
		})
	}
	for k := range n {
		h := mix(a.key ^ uint64(day)<<20 ^ uint64(k))
		w := work{
			at: unixDay(day) + int64(k)*3600, day: day, piece: k, org: c.workplace(a, day), acus: piece(devin, n, k),
			origin: int(h % uint64(len(origins))), category: int(h >> 8 % uint64(len(categories))),
			playbook: nowhere, search: h>>16%4 == 0, pulls: pulls[k], dice: mix(h ^ a.salt()),
		}
		w.merged = len(w.pulls) > 0 && w.pulls[0].state == merged
		if p := int(h >> 24 % 8); p < len(playbookIDs) {
			w.playbook = p
		}
		w.size = min(int(w.acus/200), len(sizes)-1)
		yield(w)
	}
}

// eachWork calls yield for the sessions that a filter selects, created at or
// after one instant and before another.
func (c *company) eachWork(f PRFilter, after, before int64, yield func(*account, work)) {
	first := max(floorDiv(after-dayOffset), c.founded)
	end := min(floorDiv(before-dayOffset-1)+1, c.today()+1)
	for _, a := range c.authors(f) {
		for day := first; day < end; day++ {
			c.works(a, day, func(w work) {
				if w.at >= after && w.at < before && c.selects(f, w.org, w.playbook) {
					yield(a, w)
				}
			})
		}
	}
}

// SessionCounts are what the API counts of sessions.
type SessionCounts struct {
	Created, WithPlaybook, WithSearch, WithMergedPRs int64
	ByOrigin, BySize, WithMergedPRsBySize            map[string]int64
	// ACUs are in hundredths.
	ACUs int64
	// ByCategory are the counts and hundredths of ACUs by category and subcategory.
	ByCategory map[Category]CategoryUse
}

// Category is a category of sessions and one of its subcategories.
type Category struct{ Category, SubcategoryID, DisplayName string }

// CategoryUse is what the sessions of a category come to.
type CategoryUse struct{ Sessions, ACUs int64 }

// countSessions counts as the API does.
func (c *company) countSessions(f PRFilter, after, before int64) SessionCounts {
	n := SessionCounts{
		ByOrigin: map[string]int64{}, BySize: map[string]int64{}, WithMergedPRsBySize: map[string]int64{},
		ByCategory: map[Category]CategoryUse{},
	}
	c.eachWork(f, after, before, func(_ *account, w work) {
		n.Created++
		n.ACUs += w.acus
		n.ByOrigin[origins[w.origin]]++
		n.BySize[sizes[w.size]]++
		if w.playbook != nowhere {
			n.WithPlaybook++
		}
		if w.search {
			n.WithSearch++
		}
		if w.merged {
			n.WithMergedPRs++
			n.WithMergedPRsBySize[sizes[w.size]]++
		}
		of := categories[w.category]
		key := Category{of.category, of.subcategory, of.name}
		use := n.ByCategory[key]
		n.ByCategory[key] = CategoryUse{use.Sessions + 1, use.ACUs + w.acus}
	})
	return n
}
