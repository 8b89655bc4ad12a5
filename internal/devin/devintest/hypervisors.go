package devintest

// Hypervisor is a machine that sessions run on, as the API lists it.
type Hypervisor struct {
	ID            string  `json:"hypervisor_id"`
	Status        string  `json:"status"`
	Utilization   float64 `json:"utilization_percentage"`
	CreatedAt     *int64  `json:"created_at"`
	LastHeartbeat *int64  `json:"last_heartbeat"`
	InstanceID    *string `json:"cloud_provider_instance_id"`
}

// Hypervisors are all machines.
func (s *Server) Hypervisors() []Hypervisor { return s.company.hypervisors() }

func (c *company) hypervisors() []Hypervisor {
	all := []Hypervisor{}
	for i, status := range [...]string{"available", "available", "available", "draining", "restarting", "disconnected", "available", "terminated", "available"} {
		h := Hypervisor{ID: "hv-" + longHex(uint64(i))[:10], Status: status, Utilization: float64(i*37%101) + 0.5}
		if status != "terminated" {
			h.CreatedAt, h.LastHeartbeat, h.InstanceID = new(unixDay(c.madeOn-40)), new(unixDay(c.today())), new("i-"+longHex(uint64(i + 90))[:17])
		}
		all = append(all, h)
	}
	return all
}

func (c *call) hypervisors() answer {
	wanted := c.query.Get("status")
	if wanted == "" && !c.server.opts.Quirks.AvailableByDefault {
		wanted = "all"
	}
	return c.page(listOf(c.company.hypervisors(), func(h *Hypervisor) bool {
		return wanted == "all" || h.Status == or(wanted, "available")
	}))
}
