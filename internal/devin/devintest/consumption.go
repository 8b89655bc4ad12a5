package devintest

import (
	"net/http"
	"strconv"
	"time"
)

// usage is in hundredths of an ACU, so that sums are exact.
type usage struct{ devin, cascade, terminal, review int64 }

func (u usage) total() int64 { return u.devin + u.cascade + u.terminal + u.review }

func (u usage) plus(v usage) usage {
	return usage{u.devin + v.devin, u.cascade + v.cascade, u.terminal + v.terminal, u.review + v.review}
}

// use is what an account consumes on a billing day. Today counts as a whole day.
func (c *company) use(a *account, day int) usage {
	if a.rate == 0 || day < int(a.from) || day >= int(a.until) {
		return usage{}
	}
	h := mix(a.key ^ mix(uint64(day)))
	off, quiet := weekend(day), h&255
	if !a.steady && (off && quiet >= 30 || !off && quiet < 40) {
		return usage{}
	}
	total := (40 + int64(h>>8%600)) * int64(a.rate) / 4
	if off {
		total /= 4
	}
	u := usage{
		cascade:  total * int64(h>>20%25) / 100,
		terminal: total * int64(h>>28%12) / 100,
		review:   total * int64(h>>36%15) / 100,
	}
	u.devin = total - u.cascade - u.terminal - u.review
	return u
}

// useIn is the part of an account's use that is attributed to an organization. The
// parts add up to the whole, except for the terminal, which the API may attribute to
// no organization. Cascade is attributed to the account's first organization.
func (c *company) useIn(a *account, day int, org int8) usage {
	whole := c.use(a, day)
	if org == nowhere {
		return whole
	}
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

// useOfAll is what all accounts consume in an organization, or in the enterprise.
func (c *company) useOfAll(day int, org int8) usage {
	// Cached, since there may be 50,000 accounts.
	kept, _ := c.sums.Load(orgDay{org, day})
	if u, ok := kept.(usage); ok {
		return u
	}
	var sum usage
	for i := range c.accounts {
		sum = sum.plus(c.useIn(&c.accounts[i], day, org))
	}
	c.sums.Store(orgDay{org, day}, sum)
	return sum
}

// Part is a part of the company that consumes: an organization, a user or a
// service user, in the enterprise or in one organization, or a session. Without
// any of them it is the enterprise.
type Part struct{ OrgID, UserID, ServiceUserID, SessionID string }

// useOf is what a part consumes on a day; nil if there is no such part.
func (c *company) useOf(p Part) func(day int) usage {
	org := c.orgIndex(p.OrgID)
	var a *account
	switch {
	case p.SessionID != "":
		s := c.findSession(p.SessionID)
		if s == nil || org != nowhere && s.org != org {
			return nil
		}
		return func(day int) usage {
			if day != s.day {
				return usage{}
			}
			return usage{devin: s.acus}
		}
	case p.UserID != "":
		if i, ok := c.index[p.UserID]; ok {
			a = &c.accounts[i]
		}
	case p.ServiceUserID != "":
		a = c.serviceUser(p.ServiceUserID)
	default:
		return func(day int) usage { return c.useOfAll(day, org) }
	}
	if a == nil {
		return nil
	}
	return func(day int) usage { return c.useIn(a, day, org) }
}

func (c *call) wholeConsumption() answer {
	return c.consumption("", Part{OrgID: c.orgID})
}

func (c *call) userConsumption() answer {
	return c.consumption("User", Part{OrgID: c.orgID, UserID: c.id})
}

func (c *call) serviceUserConsumption() answer {
	return c.consumption("Service user", Part{OrgID: c.orgID, ServiceUserID: c.id})
}

func (c *call) sessionConsumption() answer {
	return c.consumption("Session", Part{OrgID: c.orgID, SessionID: c.id})
}

// consumption writes JSON by hand: benchmarks run in the fake's own process, with a
// request for each user.
func (c *call) consumption(what string, p Part) answer {
	use := c.company.useOf(p)
	if use == nil {
		if status := c.server.opts.Quirks.UnknownUser; status != 0 && status != http.StatusOK {
			return c.unknown(status, what+" not found")
		}
		return c.ok([]byte(`{"total_acus":0.0,"consumption_by_date":[]}`))
	}
	first, end := c.days()
	var total int64
	for day := first; day < end; day++ {
		total += use(day).total()
	}
	b := append(make([]byte, 0, 64+150*max(end-first, 0)), `{"total_acus":`...)
	b = append(appendACUs(b, total), `,"consumption_by_date":[`...)
	separator := ""
	for day := first; day < end; day++ {
		if u := use(day); u != (usage{}) || c.server.opts.Quirks.ZeroDays {
			b = c.server.appendDay(append(b, separator...), day, u)
			separator = ","
		}
	}
	return c.ok(append(b, "]}"...))
}

func (s *Server) appendDay(b []byte, day int, u usage) []byte {
	b = strconv.AppendInt(append(b, `{"date":`...), s.label(day), 10)
	b = appendACUs(append(b, `,"acus":`...), u.total())
	b = append(b, `,"acus_by_product":`...)
	separator := byte('{')
	for _, p := range s.opts.Quirks.products(u) {
		if p.name == "" {
			continue
		}
		b = append(strconv.AppendQuote(append(b, separator), p.name), ':')
		separator = ','
		if p.isNull {
			b = append(b, "null"...)
		} else {
			b = appendACUs(b, p.hundredths)
		}
	}
	return append(b, "}}"...)
}

// label is how the API writes a billing day.
func (s *Server) label(day int) int64 {
	if s.opts.Quirks.DaysAtMidnightUTC {
		return unixDay(day) - dayOffset
	}
	return unixDay(day)
}

type product struct {
	name       string // empty where the API leaves the product out
	hundredths int64
	isNull     bool
}

// products divides a day's usage by product, as the quirks show it. It returns an
// array, so that a row costs no allocation.
func (q *Quirks) products(u usage) [5]product {
	if q.Review != AsNumber {
		u.devin, u.review = u.devin+u.review, 0
	}
	extra := int64(0)
	if q.ExtraProduct != "" {
		extra = u.devin / 10
	}
	shown := [5]product{
		{name: "devin", hundredths: u.devin - extra},
		{name: "cascade", hundredths: u.cascade},
		{name: "terminal", hundredths: u.terminal},
		{name: "review", hundredths: u.review, isNull: q.Review == AsNull},
		{name: q.ExtraProduct, hundredths: extra},
	}
	if q.Review == Absent {
		shown[3] = product{}
	}
	return shown
}

// Day is the consumption of a billing day.
type Day struct {
	// Date is the API's integer, as Quirks.DaysAtMidnightUTC has it.
	Date int64
	// Name is the billing day as YYYY-MM-DD.
	Name string
	ACUs float64
	// ByProduct lacks products that the API shows as null or not at all.
	ByProduct map[string]float64
}

// PartDays is what a part consumed on the billing days that start at or after
// from and before to, days without consumption left out.
func (s *Server) PartDays(p Part, from, to time.Time) []Day {
	var days []Day
	s.eachDay(p, from, to, func(day int, u usage) {
		if u == (usage{}) {
			return
		}
		d := Day{
			Date: s.label(day), ACUs: acus(u.total()), ByProduct: map[string]float64{},
			Name: time.Unix(unixDay(day), 0).UTC().Format(time.DateOnly),
		}
		for _, p := range s.opts.Quirks.products(u) {
			if p.name != "" && !p.isNull {
				d.ByProduct[p.name] = acus(p.hundredths)
			}
		}
		days = append(days, d)
	})
	return days
}

// PartTotal is the sum of PartDays.
func (s *Server) PartTotal(p Part, from, to time.Time) float64 { return acus(s.sum(p, from, to)) }

// UserDays is PartDays of a user.
func (s *Server) UserDays(userID string, from, to time.Time) []Day {
	return s.PartDays(Part{UserID: userID}, from, to)
}

// UserTotal is PartTotal of a user.
func (s *Server) UserTotal(userID string, from, to time.Time) float64 {
	return s.PartTotal(Part{UserID: userID}, from, to)
}

// EnterpriseDays is what all consumed, members or not.
func (s *Server) EnterpriseDays(from, to time.Time) []Day { return s.PartDays(Part{}, from, to) }

// EnterpriseTotal is the sum of EnterpriseDays.
func (s *Server) EnterpriseTotal(from, to time.Time) float64 { return s.PartTotal(Part{}, from, to) }

// MembersTotal is what the members consumed.
func (s *Server) MembersTotal(from, to time.Time) float64 { return acus(s.sumOfMembers(from, to)) }

// Unattributed is what no member consumed: EnterpriseTotal less MembersTotal.
func (s *Server) Unattributed(from, to time.Time) float64 {
	return acus(s.sum(Part{}, from, to) - s.sumOfMembers(from, to))
}

func (s *Server) sumOfMembers(from, to time.Time) (total int64) {
	for _, p := range s.company.people {
		total += s.sum(Part{UserID: p.id}, from, to)
	}
	return total
}

func (s *Server) sum(p Part, from, to time.Time) (total int64) {
	s.eachDay(p, from, to, func(_ int, u usage) { total += u.total() })
	return total
}

func (s *Server) eachDay(p Part, from, to time.Time, yield func(day int, u usage)) {
	use := s.company.useOf(p)
	if use == nil {
		return
	}
	first, end := s.company.days(from.Unix(), to.Unix(), s.opts.Now(), false)
	for day := first; day < end; day++ {
		yield(day, use(day))
	}
}

// acus is the float64 nearest to a decimal, which is what its digits parse to.
func acus(hundredths int64) float64 { return float64(hundredths) / 100 }
