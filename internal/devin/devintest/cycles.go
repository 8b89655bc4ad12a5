package devintest

import "slices"

// Cycle is a billing cycle, from After up to Before in Unix seconds.
type Cycle struct{ After, Before int64 }

// Cycles are the billing cycles from the company's first to the one that holds
// Now, oldest first.
func (s *Server) Cycles() []Cycle {
	now := s.opts.Now()
	var cycles []Cycle
	for back := 0; ; back-- {
		start := cycleStart(now, back)
		if start.Unix() < unixDay(s.company.founded) {
			break
		}
		cycles = append(cycles, Cycle{start.Unix(), cycleStart(now, back+1).Unix()})
	}
	slices.Reverse(cycles)
	return cycles
}

func (c *call) billingCycles() answer {
	cycles := c.server.Cycles()
	if c.server.opts.Quirks.CyclesNewestFirst {
		slices.Reverse(cycles)
	}
	l := &list{}
	for _, cycle := range cycles {
		l.next()
		l.text = append(l.text, `{"after":`...)
		l.text = appendInt(l.text, cycle.After)
		l.text = append(l.text, `,"before":`...)
		l.text = append(appendInt(l.text, cycle.Before), '}')
	}
	return c.page(l)
}
