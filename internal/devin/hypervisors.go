package devin

import (
	"cmp"
	"context"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Hypervisor is a machine of the enterprise's own that sessions run on. Pointers are
// nil where Devin says nothing.
type Hypervisor struct {
	HypervisorID string   `json:"hypervisor_id" tfsdk:"hypervisor_id" api:"required"`
	Status       string   `json:"status" tfsdk:"status" api:"required"`
	Utilization  *Percent `json:"utilization_percentage" tfsdk:"utilization_percentage"`
	CreatedAt    *Instant `json:"created_at" tfsdk:"created_at"`
	HeardOf      *Instant `json:"last_heartbeat" tfsdk:"last_heartbeat"`
	InstanceID   *string  `json:"cloud_provider_instance_id" tfsdk:"cloud_provider_instance_id"`
}

// Percent is a share, of 100.
type Percent float64

// UnmarshalJSONFrom refuses a negative one. More than 100 is possible: a machine can be
// given more than it has.
func (p *Percent) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return readNotNegative(d, (*float64)(p))
}

// Identity is the id.
func (h *Hypervisor) Identity() string { return h.HypervisorID }

// Hypervisors lists the enterprise's machines, sorted by id, those that are gone
// included; with a status, only the ones that have it.
//
// https://docs.devin.ai/api-reference/v3/hypervisors/hypervisors
func (c *Client) Hypervisors(ctx context.Context, status string) ([]Hypervisor, error) {
	if strings.EqualFold(status, "all") {
		status = ""
	}
	r := rest.Request{Path: []string{"enterprise", "hypervisors"}, Permission: InfrastructurePermission, Shared: true}
	// Without a status Devin lists those that are available.
	return rest.Collect(ctx, c.rest, r.With("status", cmp.Or(status, "all")), func(h *Hypervisor) bool { return hasStatus(h, status) },
		func(a, b Hypervisor) int { return strings.Compare(a.HypervisorID, b.HypervisorID) })
}

// MeanUtilization is the mean over the machines that have sessions on them, or can
// have, and say how much of them is used; nil where there is none.
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

// hasStatus says whether a machine passes the filter by status. The words of the
// answer are not documented, so one that is no word of the filter is left to Devin.
func hasStatus(h *Hypervisor, wanted string) bool {
	words := []string{"available", "restarting", "disconnected", "terminated", "draining"}
	return is(wanted, h.Status) || isAny(words, wanted) && !isAny(words, h.Status)
}
