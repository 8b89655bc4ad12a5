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
