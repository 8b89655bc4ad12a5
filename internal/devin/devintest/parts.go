package devintest

import (
	"net/http"
	"slices"
	"strings"
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
type session struct{ account, day, piece int }

// session finds a session by its id, which holds what it is made of: only the
// account has to be tried out.
func (c *company) session(id string) (session, bool) {
	digits, ok := strings.CutPrefix(id, "devin-")
	if !ok || len(digits) != 32 {
		return session{}, false
	}
	n := uint64(0)
	for i := range 16 {
		n |= uint64(strings.IndexByte(hexDigits, digits[i])&15) << (4 * i)
	}
	made := unmix(n)
	for i := range c.accounts {
		a := &c.accounts[i]
		at := made ^ a.key ^ a.salt()
		s := session{i, int(at >> 16), int(at & 0xffff)}
		if s.day >= c.founded && s.day <= c.today() && s.piece < pieces(a, s.day) && c.use(a, s.day).devin > 0 && sessionID(a, s.day, s.piece) == id {
			return s, true
		}
	}
	return session{}, false
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

// nothingUsed is what is answered for an unknown id.
func (c *call) nothingUsed(what string) answer {
	status := or(c.server.opts.Quirks.UnknownUser, http.StatusOK)
	if status != http.StatusOK {
		return c.unknown(status, what+" not found")
	}
	return c.ok([]byte(`{"total_acus":0.0,"consumption_by_date":[]}`))
}

// consumptionOf answers what an account consumed, in the path's organization if
// it has one.
func (c *call) consumptionOf(account int) answer {
	a := &c.company.accounts[account]
	if c.orgID == "" {
		return c.consumption(func(day int) usage { return c.company.use(a, day) })
	}
	return c.consumption(func(day int) usage { return c.company.useIn(a, day, c.org) })
}

// wholeConsumption is an organization's, or the enterprise's.
func (c *call) wholeConsumption() answer {
	if c.orgID == "" {
		return c.consumption(c.company.useOfAll)
	}
	return c.consumption(c.company.useOfOrganization(c.org))
}

func (c *call) serviceUserConsumption() answer {
	i := slices.Index(c.company.allServices(), c.id)
	if i < 0 {
		return c.nothingUsed("Service user")
	}
	return c.consumptionOf(len(c.company.index) + i)
}

func (c *call) sessionConsumption() answer {
	s, ok := c.company.session(c.id)
	if !ok || c.orgID != "" && c.company.orgs[c.company.workplace(&c.company.accounts[s.account], s.day)].id != c.orgID {
		return c.nothingUsed("Session")
	}
	return c.consumption(c.company.useOfSession(s))
}
