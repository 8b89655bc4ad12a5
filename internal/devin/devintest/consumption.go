package devintest

import "strconv"

// usage is in hundredths of an ACU, so that sums are exact.
type usage struct{ devin, cascade, terminal, review int64 }

func (u usage) total() int64 { return u.devin + u.cascade + u.terminal + u.review }

func (u usage) plus(v usage) usage {
	return usage{u.devin + v.devin, u.cascade + v.cascade, u.terminal + v.terminal, u.review + v.review}
}

func weekend(day int) bool {
	// 1970-01-01 was a Thursday.
	weekday := (day + 4) % 7
	return weekday == 0 || weekday == 6
}

// use is what an account consumes on a billing day, running days as a whole.
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

// useOfAll is the whole enterprise's, kept because 50,000 people are added up.
func (c *company) useOfAll(day int) usage {
	if kept, ok := c.sums.Load(day); ok {
		if u, ok := kept.(usage); ok {
			return u
		}
	}
	var sum usage
	for i := range c.accounts {
		sum = sum.plus(c.use(&c.accounts[i], day))
	}
	c.sums.Store(day, sum)
	return sum
}

func (c *call) userConsumption() answer {
	i, ok := c.company.index[c.id]
	if !ok {
		return c.nothingUsed("User")
	}
	return c.consumptionOf(i)
}

func (c *call) consumption(of func(day int) usage) answer {
	first, end := c.days()
	var total int64
	// The total comes first on the wire and is known last.
	rows := make([]byte, 0, 150*max(end-first, 0))
	for day := first; day < end; day++ {
		u := of(day)
		if u == (usage{}) && !c.server.opts.Quirks.ZeroDays {
			continue
		}
		if len(rows) > 0 {
			rows = append(rows, ',')
		}
		total += u.total()
		rows = c.server.appendDay(rows, day, u)
	}
	b := append(make([]byte, 0, len(rows)+64), `{"total_acus":`...)
	b = appendACUs(b, total)
	b = append(b, `,"consumption_by_date":[`...)
	b = append(b, rows...)
	return c.ok(append(b, "]}"...))
}

func (s *Server) appendDay(b []byte, day int, u usage) []byte {
	b = append(b, `{"date":`...)
	b = strconv.AppendInt(b, s.label(day), 10)
	b = append(b, `,"acus":`...)
	b = appendACUs(b, u.total())
	b = append(b, `,"acus_by_product":`...)
	products, n := s.opts.Quirks.products(u)
	for i := range n {
		p := &products[i]
		if i == 0 {
			b = append(b, '{')
		} else {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, p.name)
		b = append(b, ':')
		if p.isNull {
			b = append(b, "null"...)
		} else {
			b = appendACUs(b, p.hundredths)
		}
	}
	return append(b, "}}"...)
}

func (s *Server) label(day int) int64 {
	if s.opts.Quirks.DaysAtMidnightUTC {
		return unixDay(day) - dayOffset
	}
	return unixDay(day)
}

type product struct {
	name       string
	hundredths int64
	isNull     bool
}

// products are a day's as the quirks show them; their sum is always the day's.
// An array, so that a row costs no allocation.
func (q *Quirks) products(u usage) (shown [5]product, n int) {
	if q.Review != AsNumber {
		u.devin, u.review = u.devin+u.review, 0
	}
	extra := int64(0)
	if q.ExtraProduct != "" {
		extra = u.devin / 10
	}
	shown = [5]product{
		{name: "devin", hundredths: u.devin - extra},
		{name: "cascade", hundredths: u.cascade},
		{name: "terminal", hundredths: u.terminal},
	}
	n = 3
	if q.Review != Absent {
		shown[n] = product{name: "review", hundredths: u.review, isNull: q.Review == AsNull}
		n++
	}
	if q.ExtraProduct != "" {
		shown[n] = product{name: q.ExtraProduct, hundredths: extra}
		n++
	}
	return shown, n
}
