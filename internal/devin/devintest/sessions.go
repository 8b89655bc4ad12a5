package devintest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// session is one of an account's sessions of a billing day.
type session struct {
	account        *account
	day, number    int
	at             int64
	org            int8
	origin, size   int
	category       int
	playbook       int
	search, merged bool
	acus           int64 // hundredths
	pullRequests   []pullRequest
	random         uint64
}

// The names by which the API counts sessions.
var (
	origins    = [...]string{"api", "automation", "desktop", "jira", "linear", "slack", "teams", "webapp"}
	sizes      = [...]string{"xs", "s", "m", "l", "xl"}
	categories = [...]Category{
		{"bug_fixing", "sub-bugs", "Regressions"},
		{"bug_fixing", "", "Other"},
		{"feature_development", "sub-ui", "User interface"},
		{"migrations_and_upgrades", "sub-deps", "Dependencies"},
		{"unit_test_generation", "sub-tests", "Coverage"},
	}
)

// What else a listed session shows.
var (
	sessionRepos  = [...]string{"acme/payments", "acme/web", "acme/data-platform"}
	sessionTags   = [...]string{"team:payments", "team:platform", "on-call"}
	sessionTitles = [...]string{"Fix the flaky login test", "Upgrade the runtime, part 2", "=SUM(A1) breaks the export", "Add \"dark mode\"", "Raise coverage of billing"}
	devinModes    = [...]string{"normal", "fast", "lite", "ultra", "fusion"}
	prStates      = [...]string{open: "open", merged: "merged", closed: "closed"}
)

// sessionCount is how many sessions an account has on a day on which it uses Devin.
func sessionCount(a *account, day int) int { return 1 + int(mix(a.key^uint64(day)<<24)%3) }

func (s *session) id() string {
	return "devin-" + longHex(mix(s.account.key^uint64(s.day)<<16^uint64(s.number)^s.account.salt()))
}

// salt tells apart a service user and a member that have the same key.
func (a *account) salt() uint64 {
	if a.service {
		return 1 << 63
	}
	return 0
}

// sessionsOn calls yield for an account's sessions of a billing day. Together they
// consume what the account uses of Devin; there are none on days without.
func (c *company) sessionsOn(a *account, day int, yield func(session)) {
	devin := c.use(a, day).devin
	if devin <= 0 {
		return
	}
	n := sessionCount(a, day)
	prs, next := make([][]pullRequest, n), 0
	// Merged ones first, so that as many sessions as possible have one.
	for _, wanted := range [...]bool{true, false} {
		c.pullRequests(a, day, func(pr pullRequest) {
			if !pr.takenOver && (pr.state == merged) == wanted {
				prs[next%n] = append(prs[next%n], pr)
				next++
			}
		})
	}
	for k := range n {
		h := mix(a.key ^ uint64(day)<<20 ^ uint64(k))
		s := session{
			account: a, day: day, number: k, at: unixDay(day) + int64(k)*3600, org: c.workplace(a, day), acus: devin / int64(n),
			origin: int(h % uint64(len(origins))), category: int(h >> 8 % uint64(len(categories))),
			playbook: nowhere, search: h>>16%4 == 0, pullRequests: prs[k], random: mix(h ^ a.salt()),
		}
		if k == n-1 {
			s.acus = devin - s.acus*int64(n-1)
		}
		s.merged = len(prs[k]) > 0 && prs[k][0].state == merged
		if p := int(h >> 24 % 8); p < len(playbookIDs) {
			s.playbook = p
		}
		s.size = min(int(s.acus/200), len(sizes)-1)
		yield(s)
	}
}

// eachSession calls yield for the sessions that a filter selects, created at or
// after one instant and before another.
func (c *company) eachSession(f Filter, after, before int64, yield func(session)) {
	first := max(floorDiv(after-dayOffset), c.firstDay)
	end := min(floorDiv(before-dayOffset-1)+1, c.today()+1)
	for _, a := range c.authors(f) {
		for day := first; day < end; day++ {
			c.sessionsOn(a, day, func(s session) {
				if s.at >= after && s.at < before && c.selects(f, s.org, s.playbook) {
					yield(s)
				}
			})
		}
	}
}

// findSession is nil for an unknown id. An id is a bijection of account, day and
// number, so only the accounts have to be tried.
func (c *company) findSession(id string) (found *session) {
	digits, ok := strings.CutPrefix(id, "devin-")
	if !ok || len(digits) != 32 {
		return nil
	}
	n := uint64(0)
	for i := range 16 {
		n |= uint64(strings.IndexByte(hexDigits, digits[i])&15) << (4 * i)
	}
	made := unmix(n)
	for i := range c.accounts {
		a := &c.accounts[i]
		day := int((made ^ a.key ^ a.salt()) >> 16)
		if day < c.firstDay || day > c.today() {
			continue
		}
		c.sessionsOn(a, day, func(s session) {
			if s.id() == id {
				found = &s
			}
		})
	}
	return found
}

// ListedSession is a session as the API lists it.
type ListedSession struct {
	SessionID        string            `json:"session_id"`
	URL              string            `json:"url"`
	OrgID            string            `json:"org_id"`
	Title            *string           `json:"title,omitempty"`
	Status           string            `json:"status"`
	StatusDetail     *string           `json:"status_detail,omitempty"`
	UserID           *string           `json:"user_id"`
	ServiceUserID    *string           `json:"service_user_id"`
	PlaybookID       *string           `json:"playbook_id"`
	ParentSessionID  *string           `json:"parent_session_id"`
	ChildSessionIDs  []string          `json:"child_session_ids"`
	Origin           *string           `json:"origin,omitempty"`
	Category         *string           `json:"category,omitempty"`
	Subcategory      *string           `json:"subcategory,omitempty"`
	IsArchived       *bool             `json:"is_archived,omitempty"`
	DevinMode        *string           `json:"devin_mode,omitempty"`
	Tags             []string          `json:"tags"`
	ACUsConsumed     json.Number       `json:"acus_consumed"`
	CreatedAt        int64             `json:"created_at"`
	UpdatedAt        int64             `json:"updated_at"`
	PullRequests     []ListedPR        `json:"pull_requests"`
	StructuredOutput map[string]string `json:"structured_output"` // the client never reads it

	repo string
}

// ListedPR is a pull request of a session.
type ListedPR struct {
	URL   string  `json:"pr_url"`
	State *string `json:"pr_state"`
}

func (c *company) listedSession(s session) ListedSession {
	r := s.random
	l := ListedSession{
		SessionID: s.id(), OrgID: c.orgs[s.org].OrgID, Status: "exit", StatusDetail: new("finished"), Tags: []string{},
		Origin: new(origins[s.origin]), Category: new(categories[s.category].Category), IsArchived: new(r>>4%9 == 0),
		ACUsConsumed: number(s.acus), CreatedAt: s.at, UpdatedAt: max(s.at, min(s.at+600+s.acus*30, unixDay(c.today()))),
		ChildSessionIDs: []string{}, PullRequests: []ListedPR{}, repo: sessionRepos[r>>8%3],
		StructuredOutput: map[string]string{"secret": "never-to-be-read"},
	}
	l.URL = "https://app.devin.ai/sessions/" + strings.TrimPrefix(l.SessionID, "devin-")
	switch {
	case s.day == c.today():
		l.Status, l.StatusDetail = "running", new("working")
	case r%16 == 0:
		l.Status, l.StatusDetail = "error", new("error")
	case r%16 == 1:
		l.Status, l.StatusDetail = "suspended", new("inactivity")
	}
	if r>>12%7 != 0 {
		l.Title = new(sessionTitles[r>>16%uint64(len(sessionTitles))])
	}
	if s.account.service {
		l.ServiceUserID = &s.account.id
	} else {
		l.UserID = &s.account.id
	}
	if s.playbook != nowhere {
		l.PlaybookID = &playbookIDs[s.playbook]
	}
	if sub := categories[s.category].DisplayName; sub != "Other" {
		l.Subcategory = &sub
	}
	for i, tag := range sessionTags {
		if r>>(20+4*i)%3 == 0 {
			l.Tags = append(l.Tags, tag)
		}
	}
	for i, pr := range s.pullRequests {
		url := fmt.Sprintf("https://github.com/%s/pull/%d", l.repo, 1+(r>>33+uint64(i))%90000)
		l.PullRequests = append(l.PullRequests, ListedPR{url, new(prStates[pr.state])})
	}
	if r>>24%4 != 0 {
		l.DevinMode = &devinModes[r>>28%uint64(len(devinModes))]
	}
	if c.quirks.SessionsAreShort {
		l.Title, l.StatusDetail, l.Origin, l.Category, l.Subcategory, l.IsArchived, l.DevinMode = nil, nil, nil, nil, nil, nil, nil
	}
	return l
}

// SessionList lists the sessions created from one instant up to another, newest first.
func (s *Server) SessionList(f Filter, from, to time.Time) []ListedSession {
	return s.company.listedSessions(f, from.Unix(), s.until(to))
}

func (c *company) listedSessions(f Filter, after, before int64) []ListedSession {
	all := []ListedSession{}
	c.eachSession(f, after, before, func(s session) { all = append(all, c.listedSession(s)) })
	slices.SortFunc(all, func(a, b ListedSession) int {
		return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), strings.Compare(a.SessionID, b.SessionID))
	})
	return all
}

// Session is a session of the company.
type Session struct {
	SessionID, OrgID string
	// OwnerID is a user's or a service user's.
	OwnerID string
}

// Sessions are those of the first members and of the service users that still
// work, of the last thirty days, sorted by id.
func (s *Server) Sessions() []Session {
	c := s.company
	var all []Session
	for i := range c.accounts {
		a := &c.accounts[i]
		if i >= min(20, len(c.people)) && (!a.service || !a.isActive()) {
			continue
		}
		for day := c.today() - 30; day <= c.today(); day++ {
			c.sessionsOn(a, day, func(s session) { all = append(all, Session{s.id(), c.orgs[s.org].OrgID, a.id}) })
		}
	}
	slices.SortFunc(all, func(a, b Session) int { return strings.Compare(a.SessionID, b.SessionID) })
	return all
}

// listsSession reports whether a session passes the filters that metrics do not have.
func (c *call) listsSession(s *ListedSession) bool {
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
		return listOf(c.company.listedSessions(c.filter(), c.window.after, c.until()), c.listsSession)
	}))
}
