package devintest

import (
	"slices"
	"sync"
	"time"
)

const (
	secondsPerDay = 86400
	// A billing day starts at midnight PST, a fixed UTC-8.
	dayOffset = 8 * 3600
	// The day of the month on which billing cycles start.
	cycleDay     = 5
	cyclesBehind = 12

	nowhere = -1      // in place of an organization: the enterprise
	never   = 1 << 30 // in place of a billing day
)

// company is the data behind a fake. Its people are fixed when it is made. What
// they do on a day, also on a later one, follows from the seed and the day.
type company struct {
	seed    uint64
	quirks  *Quirks
	now     func() time.Time
	uniform bool
	// firstDay is the first billing day of its history, madeOn the one on which the
	// fake was made.
	firstDay, madeOn int

	orgs   []Organization
	people []person
	// index has the indices in accounts of the people, who are in the same order, and
	// of former members, after whom come the service users.
	index    map[string]int
	accounts []account
	former   []string

	sums sync.Map // orgDay to the usage of all accounts
	kept keptLists
}

// Organization is an organization of the company, as the API lists it.
type Organization struct {
	OrgID              string `json:"org_id"`
	Name               string `json:"name"`
	CreatedAt          int64  `json:"created_at"`
	UpdatedAt          int64  `json:"updated_at"`
	MaxSessionACULimit *int64 `json:"max_session_acu_limit"`
	MaxCycleACULimit   *int64 `json:"max_cycle_acu_limit"`
}

// account is a user or a service user who consumes.
type account struct {
	id      string
	service bool
	name    string // of a service user
	deleted bool   // a service user that did not expire
	key     uint64
	// from and until are the half-open range of billing days on which it consumes.
	from, until int32
	// rate is how much it consumes.
	rate uint8
	// steady accounts consume every day.
	steady bool
	// orgs are the indices of its organizations.
	orgs []int8
}

func newCompany(opts *Options) *company {
	c := newEmpty(opts)
	c.seed = mix(opts.Seed)
	for i, name := range organizationNames {
		created := unixDay(c.firstDay) + int64(i)*9*secondsPerDay
		o := Organization{OrgID: "org-" + longHex(mix(c.seed+uint64(i))), Name: name, CreatedAt: created}
		o.UpdatedAt = created + int64(mix(c.seed^uint64(i))%(200*secondsPerDay))
		if i%2 == 0 {
			o.MaxSessionACULimit = new(int64(10))
		}
		if i == 1 {
			o.MaxCycleACULimit = new(int64(5000))
		}
		c.orgs = append(c.orgs, o)
	}
	c.addMembers(opts.Members)
	c.addNonMembers(opts.Members, or(opts.ServiceUsers, 3))
	return c
}

// newEmpty is a company without organizations and people.
func newEmpty(opts *Options) *company {
	now := opts.Now()
	return &company{
		quirks: &opts.Quirks, now: opts.Now, uniform: opts.Uniform, index: map[string]int{}, kept: keptLists{lists: map[string]*list{}},
		firstDay: dayOf(cycleStart(now, -cyclesBehind)), madeOn: dayOf(now),
	}
}

// addNonMembers adds the accounts of people who left and of service users.
func (c *company) addNonMembers(members, services int) {
	for i := range 3 + members/20 {
		n := mix(c.seed ^ uint64(i+1)<<32)
		id := "google-oauth2|9" + longHex(n)[:20]
		c.index[id] = len(c.accounts)
		c.former = append(c.former, id)
		c.accounts = append(c.accounts, account{
			id: id, key: n, from: int32(c.firstDay), until: int32(c.madeOn - int(n%200)),
			rate: uint8(1 + n>>8%9), orgs: []int8{int8(n >> 16 % 4)},
		})
	}
	for i := range services {
		n := mix(c.seed ^ uint64(i)<<40 ^ 0x5e)
		c.accounts = append(c.accounts, account{
			id: "service-user-" + longHex(n), service: true, name: serviceName(i), key: n, from: int32(c.firstDay), until: never, rate: uint8(3 + i%9), steady: true,
			orgs: []int8{int8(i % 3), int8(i%3 + 1)},
		})
	}
	for i, name := range [...]string{"Old Importer", "Trial Bot"} {
		n := mix(c.seed ^ uint64(i)<<44 ^ 0x5f)
		c.accounts = append(c.accounts, account{
			id: "service-user-" + longHex(n), service: true, name: name, deleted: i == 1, key: n, from: int32(c.firstDay), until: int32(c.madeOn - 5 - 40*i), rate: uint8(2 + i), orgs: []int8{int8(i)},
		})
	}
}

// mix is the finalizer of splitmix64, a bijection.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unmix is the inverse of mix.
func unmix(x uint64) uint64 {
	x = (x ^ x>>31 ^ x>>62) * 0x319642b2d24d8ec3
	x = (x ^ x>>27 ^ x>>54) * 0x96de1b173f119089
	return (x ^ x>>30 ^ x>>60) - 0x9e3779b97f4a7c15
}

// orgIndex is the index of an organization; nowhere for an empty or unknown id.
func (c *company) orgIndex(orgID string) int8 {
	return int8(slices.IndexFunc(c.orgs, func(o Organization) bool { return o.OrgID == orgID }))
}

// orgID is nil for the enterprise.
func (c *company) orgID(org int8) *string {
	if org == nowhere {
		return nil
	}
	return &c.orgs[org].OrgID
}

// Organizations are those of the enterprise.
func (s *Server) Organizations() []Organization { return slices.Clone(s.company.orgs) }

func (c *call) organizations() answer { return c.page(listOf(c.company.orgs, nil)) }

func (c *call) organization() answer { return c.answerJSON(c.company.orgs[c.org]) }

// unixDay is the instant at which a billing day starts, in Unix seconds.
func unixDay(day int) int64 { return int64(day)*secondsPerDay + dayOffset }

// dayOf is the billing day that an instant falls in, counted from 1970-01-01.
func dayOf(t time.Time) int { return floorDiv(t.Unix() - dayOffset) }

func floorDiv(seconds int64) int {
	q := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		q--
	}
	return int(q)
}

func weekend(day int) bool {
	// 1970-01-01 was a Thursday.
	weekday := (day + 4) % 7
	return weekday == 0 || weekday == 6
}

// today is the billing day of the clock.
func (c *company) today() int { return dayOf(c.now()) }

// days are the billing days whose instant lies in a window, of those between the
// company's first and now.
func (c *company) days(after, before int64, now time.Time, inclusive bool) (first, end int) {
	// The first day that starts at or after an instant.
	from := func(instant int64) int { return floorDiv(instant-dayOffset-1) + 1 }
	first, end = from(after), from(before)
	if inclusive {
		end = from(before + 1)
	}
	return max(first, c.firstDay), min(end, dayOf(now)+1)
}

// until is the end of a window, at the latest now.
func (s *Server) until(to time.Time) int64 { return min(to.Unix(), s.opts.Now().Unix()+1) }

// cycleStart is the start of the billing cycle that t is in, or of one that is so
// many cycles later.
func cycleStart(t time.Time, cycles int) time.Time {
	t = t.UTC()
	start := time.Date(t.Year(), t.Month(), cycleDay, 8, 0, 0, 0, time.UTC)
	if t.Before(start) {
		cycles--
	}
	return start.AddDate(0, cycles, 0)
}

// Cycle is a billing cycle, from After up to Before in Unix seconds.
type Cycle struct{ After, Before int64 }

// Cycles are the billing cycles from the company's first to the one that holds
// Now, oldest first.
func (s *Server) Cycles() []Cycle {
	now := s.opts.Now()
	var cycles []Cycle
	for back := 0; ; back-- {
		start := cycleStart(now, back)
		if start.Unix() < unixDay(s.company.firstDay) {
			break
		}
		cycles = append(cycles, Cycle{start.Unix(), cycleStart(now, back+1).Unix()})
	}
	slices.Reverse(cycles)
	return cycles
}

func (c *call) billingCycles() answer {
	type cycle struct {
		After  int64  `json:"after"`
		Before *int64 `json:"before"`
	}
	q := &c.server.opts.Quirks
	cycles := []cycle{}
	for _, known := range c.server.Cycles() {
		cycles = append(cycles, cycle{known.After, &known.Before})
	}
	for i := range min(q.OpenCycles, len(cycles)) {
		cycles[len(cycles)-1-i].Before = nil
	}
	if q.CyclesNewestFirst {
		slices.Reverse(cycles)
	}
	return c.page(listOf(cycles, nil))
}
