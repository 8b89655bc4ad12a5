package devin

import (
	"cmp"
	"context"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Hypervisor is a machine of the enterprise's own that sessions run on. Pointers are
// nil where Devin says nothing.
type Hypervisor struct {
	HypervisorID string   `json:"hypervisor_id" tfsdk:"hypervisor_id" api:"required"`
	Status       string   `json:"status" tfsdk:"status" api:"required"`
	Utilization  *Percent `json:"utilization_percentage" tfsdk:"utilization_percentage"`
	CreatedAt    *Instant `json:"created_at" tfsdk:"created_at"`
	LastSeen     *Instant `json:"last_heartbeat" tfsdk:"last_heartbeat"`
	InstanceID   *string  `json:"cloud_provider_instance_id" tfsdk:"cloud_provider_instance_id"`
}

// Identity is the id.
func (h *Hypervisor) Identity() string { return h.HypervisorID }

// Hypervisors lists the enterprise's machines, sorted by id, also those that are gone;
// with a status, only those that have it.
//
// https://docs.devin.ai/api-reference/v3/hypervisors/hypervisors
func (c *Client) Hypervisors(ctx context.Context, status string) ([]Hypervisor, error) {
	if strings.EqualFold(status, "all") {
		status = ""
	}
	return rest.Collect(ctx, c.rest, hypervisorsRequest(status), func(h *Hypervisor) bool { return hasStatus(h, status) },
		func(a, b Hypervisor) int { return strings.Compare(a.HypervisorID, b.HypervisorID) })
}

func hypervisorsRequest(status string) rest.Request {
	r := rest.Request{Path: []string{"enterprise", "hypervisors"}, Permission: InfrastructurePermission, Shared: true}
	// Without a status, Devin lists only those that are available.
	return r.With("status", cmp.Or(status, "all"))
}

// MeanUtilization is the mean over the machines that can have sessions and have a
// utilization; nil where there is none.
func MeanUtilization(hypervisors []Hypervisor) *float64 {
	sum, n := 0.0, 0
	for _, h := range hypervisors {
		if h.Utilization != nil && !strings.EqualFold(h.Status, "terminated") && !strings.EqualFold(h.Status, "disconnected") {
			sum, n = sum+float64(*h.Utilization), n+1
		}
	}
	if n == 0 {
		return nil
	}
	mean := sum / float64(n)
	return &mean
}

// hasStatus reports whether a machine passes the filter by status. The statuses of an
// answer are not documented, so one that the filter does not have passes.
func hasStatus(h *Hypervisor, wanted string) bool {
	words := []string{"available", "restarting", "disconnected", "terminated", "draining"}
	return matches(wanted, h.Status) || matchesAny(words, wanted) && !matchesAny(words, h.Status)
}
