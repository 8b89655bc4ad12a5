package devin

import (
	"context"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Queue is how many sessions wait for their turn. All fields of an answer are set.
type Queue struct {
	Size *Count `json:"queue_size" tfsdk:"queue_size" api:"required"`
	// Status is "normal", "elevated", "high", or what came after this was written.
	Status *string `json:"status" tfsdk:"status" api:"required"`
}

// Queue reads the enterprise's queue as it is now.
//
// https://docs.devin.ai/api-reference/v3/overview
func (c *Client) Queue(ctx context.Context) (*Queue, error) {
	return rest.Get[Queue](ctx, c.rest, rest.Request{Path: c.path("queue"), Permission: c.permission(MetricsPermission), Shared: true})
}
