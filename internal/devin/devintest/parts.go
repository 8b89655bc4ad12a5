package devintest

import (
	"net/http"
	"slices"
	"sync"
)

// What the enterprise consumes is that of its accounts, and each account's is
// that of the organizations that it works in, but for the terminal, which Devin
// may tie to no organization.

// useIn is the part of an account's use on a billing day that is tied to an
// organization. Cascade is billed to the first of its organizations.
func (c *company) useIn(a *account, day int, org int8) usage {
	whole := c.use(a, day)
	part := usage{}
	if c.workplace(a, day) == org {
		part.devin, part.review = whole.devin, whole.review
	}
	if len(a.orgs) > 0 && a.orgs[0] == org || len(a.orgs) == 0 && org == 0 {
		part.cascade = whole.cascade
	}
	return part
}

// workplace is the organization of an account's sessions of a day.
func (c *company) workplace(a *account, day int) int8 {
	if len(a.orgs) == 0 {
		return 0
	}
	return a.orgs[mix(a.key^uint64(day)<<8)%uint64(len(a.orgs))]
}

// orgDay is a billing day of an organization.
type orgDay struct {
	org int8
	day int
}

// useOfOrganization is a whole organization's, kept as useOfAll is.
func (c *company) useOfOrganization(org int8) func(day int) usage {
	return func(day int) usage {
		if kept, ok := c.sums.Load(orgDay{org, day}); ok {
			if u, ok := kept.(usage); ok {
				return u
			}
		}
		var sum usage
		for i := range c.accounts {
			sum = sum.plus(c.useIn(&c.accounts[i], day, org))
		}
		c.sums.Store(orgDay{org, day}, sum)
		return sum
	}
}

// orgIndex is an organization by its id; nowhere where there is none.
func (c *company) orgIndex(orgID string) int8 {
	return int8(slices.IndexFunc(c.orgs, func(o organization) bool { return o.id == orgID }))
}

// session is one of an account's on a day.
type session struct {
	id         string
	account    int
	day, piece int
}

// sessionDays is how far back there are sessions that can be asked for.
const sessionDays = 30

// sessionsLater makes the sessions of some accounts when they are first asked for.
func (c *company) sessionsLater() func() map[string]session {
	return sync.OnceValue(func() map[string]session {
		sessions := map[string]session{}
		for _, i := range c.talkative() {
			a := &c.accounts[i]
			for day := c.born - sessionDays; day <= c.born; day++ {
				if c.use(a, day).devin == 0 {
					continue
				}
				for k := range pieces(a, day) {
					id := sessionID(a, day, k)
					sessions[id] = session{id, i, day, k}
				}
			}
		}
		return sessions
	})
}

// talkative are the accounts whose sessions can be asked for.
func (c *company) talkative() []int {
	var chosen []int
	for i := range min(20, len(c.people)) {
		chosen = append(chosen, i)
	}
	for i := range c.services {
		chosen = append(chosen, len(c.index)+i)
	}
	return chosen
}

func (c *company) useOfSession(s session) func(day int) usage {
	return func(day int) usage {
		if day != s.day {
			return usage{}
		}
		a := &c.accounts[s.account]
		return usage{devin: piece(c.use(a, day).devin, pieces(a, day), s.piece)}
	}
}

// nothingUsed is what is answered for an id that nobody has.
func (c *call) nothingUsed(what string) answer {
	status := or(c.server.opts.Quirks.UnknownUser, http.StatusOK)
	if status != http.StatusOK {
		return c.unknown(status, what+" not found")
	}
	return c.ok(append(buffer(), `{"total_acus":0.0,"consumption_by_date":[]}`...))
}

// consumptionOf answers what an account consumed, in the path's organization if
// it has one.
func (c *call) consumptionOf(account int) answer {
	a := &c.company.accounts[account]
	if c.orgID == "" {
		return c.consumption(func(day int) usage { return c.company.use(a, day) })
	}
	org := c.company.orgIndex(c.orgID)
	return c.consumption(func(day int) usage { return c.company.useIn(a, day, org) })
}

func (c *call) organizationConsumption() answer {
	return c.consumption(c.company.useOfOrganization(c.company.orgIndex(c.orgID)))
}

func (c *call) serviceUserConsumption() answer {
	i := slices.Index(c.company.allServices(), c.id)
	if i < 0 {
		return c.nothingUsed("Service user")
	}
	return c.consumptionOf(len(c.company.index) + i)
}

func (c *call) sessionConsumption() answer {
	s, ok := c.company.sessions()[c.id]
	if !ok || c.orgID != "" && c.company.orgs[c.company.workplace(&c.company.accounts[s.account], s.day)].id != c.orgID {
		return c.nothingUsed("Session")
	}
	return c.consumption(c.company.useOfSession(s))
}
