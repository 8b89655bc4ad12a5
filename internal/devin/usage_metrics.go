package devin

import (
	"context"
	"fmt"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// UsageMetrics counts what happened in a window. All fields of an answer are set.
type UsageMetrics struct {
	Sessions   *Count `json:"sessions_count" tfsdk:"sessions_count" api:"required"`
	Searches   *Count `json:"searches_count" tfsdk:"searches_count" api:"required"`
	PRsCreated *Count `json:"prs_created_count" tfsdk:"prs_created_count" api:"required"`
	PRsMerged  *Count `json:"prs_merged_count" tfsdk:"prs_merged_count" api:"required"`
}

// Check also refuses a part that is larger than the whole.
func (m *UsageMetrics) Check() error {
	if err := rest.CheckFields(m); err != nil {
		return err
	}
	if *m.PRsMerged > *m.PRsCreated {
		return fmt.Errorf("the field prs_merged_count is %d and prs_created_count is %d, and a part cannot be larger than the whole", *m.PRsMerged, *m.PRsCreated)
	}
	return nil
}

// UsageMetrics counts sessions, searches and pull requests of a window. Callers
// share the result, and must not write to it.
//
// https://docs.devin.ai/api-reference/v3/metrics/organizations-metrics-usage
func (c *Client) UsageMetrics(ctx context.Context, w Window) (*UsageMetrics, error) {
	return rest.Get[UsageMetrics](ctx, c.rest, c.metricsRequest("usage", w, MetricsFilter{}))
}
