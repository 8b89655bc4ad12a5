package devin

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Hypervisor is a machine of the enterprise's own that sessions run on. Pointers
// to instants and the id of the instance are nil where Devin says nothing.
type Hypervisor struct {
	HypervisorID string   `json:"hypervisor_id" tfsdk:"hypervisor_id" api:"required"`
	Status       string   `json:"status" tfsdk:"status" api:"required"`
	Utilization  *Percent `json:"utilization_percentage" tfsdk:"utilization_percentage" api:"required"`
	CreatedAt    *Instant `json:"created_at" tfsdk:"created_at"`
	HeardOf      *Instant `json:"last_heartbeat" tfsdk:"last_heartbeat"`
	InstanceID   *string  `json:"cloud_provider_instance_id" tfsdk:"cloud_provider_instance_id"`
}

// Percent is a share, of 100.
type Percent float64

// Check refuses a negative one. More than 100 may be meant: a machine can be
// given more than it has.
func (p Percent) Check() error {
	if p < 0 {
		return fmt.Errorf("%g %% are negative, and a utilization cannot be", float64(p))
	}
	return nil
}

// Runs says whether a machine has sessions on it, or can have.
func (h *Hypervisor) Runs() bool { return h.Status != "terminated" && h.Status != "disconnected" }

// Identity is the id.
func (h *Hypervisor) Identity() string { return h.HypervisorID }

// Check wants every field that Devin documents to be always there.
func (h *Hypervisor) Check() error { return rest.CheckFields(h) }

// Hypervisors lists the enterprise's machines, sorted by id, those that are gone
// included; with a status, only the ones that have it.
//
// https://docs.devin.ai/api-reference/v3/overview
func (c *Client) Hypervisors(ctx context.Context, status string) ([]Hypervisor, error) {
	if status == "" {
		status = "all" // what Devin lists without it is not documented
	}
	r := rest.Request{Path: []string{"enterprise", "hypervisors"}, Query: url.Values{"status": {status}}, Permission: InfrastructurePermission, Shared: true}
	byID := map[string]Hypervisor{}
	for h, err := range rest.List[Hypervisor](ctx, c.rest, r) {
		if err != nil {
			return nil, err
		}
		if status != "all" && h.Status != status {
			return nil, c.rest.BrokenList(r, fmt.Errorf("%w: the hypervisor %s has the status %s, and %s was asked for", ErrFilterIgnored, h.HypervisorID, h.Status, status))
		}
		byID[h.HypervisorID] = h
	}
	return sortedValues(byID, func(a, b Hypervisor) int { return strings.Compare(a.HypervisorID, b.HypervisorID) }), nil
}
