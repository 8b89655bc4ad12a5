package devin

import (
	"context"
	"fmt"
	"net/url"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// PRMetrics counts pull requests. Their state is the present one, not that at
// the window's end, so the numbers of a past window can change; and Devin only
// has all of them for repositories connected through its GitHub App. All fields
// of an answer are set but those that a comment excepts; of the zero value, none.
type PRMetrics struct {
	// Created are by Devin, in any state: open, merged or closed.
	Created *Count `json:"prs_created_count" tfsdk:"prs_created_count" api:"required"`
	// Opened are those open now; not: opened in the window.
	Opened *Count `json:"prs_opened_count" tfsdk:"prs_opened_count" api:"required"`
	Merged *Count `json:"prs_merged_count" tfsdk:"prs_merged_count" api:"required"`
	// Closed are those closed without a merge.
	Closed *Count `json:"prs_closed_count" tfsdk:"prs_closed_count" api:"required"`

	// Pull requests of others that Devin pushed commits to, likewise; nil where
	// the deployment is older than these counts.
	TakenOver       *Count `json:"prs_taken_over_count" tfsdk:"prs_taken_over_count"`
	TakenOverOpened *Count `json:"prs_taken_over_opened_count" tfsdk:"prs_taken_over_opened_count"`
	TakenOverMerged *Count `json:"prs_taken_over_merged_count" tfsdk:"prs_taken_over_merged_count"`
	TakenOverClosed *Count `json:"prs_taken_over_closed_count" tfsdk:"prs_taken_over_closed_count"`

	// MergeRate is Merged / Created, from 0 to 1; nil where nothing was created.
	MergeRate *float64 `json:"-" tfsdk:"merge_rate"`
}

// Check also refuses a part that is larger than its whole, and sets MergeRate.
//
// The sum of the parts is not held against the whole, although the API's
// documentation calls them equal: Devin may count one after the other, and a
// pull request that is merged in between is in two of the parts or in none.
func (m *PRMetrics) Check() error {
	if err := rest.CheckFields(m); err != nil {
		return err
	}
	for _, pair := range []struct {
		name, wholeName string
		part, whole     *Count
	}{
		{"prs_opened_count", "prs_created_count", m.Opened, m.Created},
		{"prs_merged_count", "prs_created_count", m.Merged, m.Created},
		{"prs_closed_count", "prs_created_count", m.Closed, m.Created},
		{"prs_taken_over_opened_count", "prs_taken_over_count", m.TakenOverOpened, m.TakenOver},
		{"prs_taken_over_merged_count", "prs_taken_over_count", m.TakenOverMerged, m.TakenOver},
		{"prs_taken_over_closed_count", "prs_taken_over_count", m.TakenOverClosed, m.TakenOver},
	} {
		if pair.part != nil && pair.whole != nil && *pair.part > *pair.whole {
			return fmt.Errorf("the field %s is %d and %s is %d, and a part cannot be larger than the whole",
				pair.name, *pair.part, pair.wholeName, *pair.whole)
		}
	}
	if *m.Created > 0 {
		rate := float64(*m.Merged) / float64(*m.Created)
		m.MergeRate = &rate
	}
	return nil
}

// MetricsFilter narrows what is counted. Its zero value does not; nor does an empty
// list.
type MetricsFilter struct {
	OrgIDs         []string // not for a client of one organization
	UserIDs        []string
	ServiceUserIDs []string
	PlaybookID     string
}

// PRMetrics counts the pull requests of a window. Callers share the result, and
// must not write to it.
//
// https://docs.devin.ai/api-reference/v3/metrics/metrics-prs
func (c *Client) PRMetrics(ctx context.Context, w Window, f MetricsFilter) (*PRMetrics, error) {
	return rest.Get[PRMetrics](ctx, c.rest, c.metricsRequest("prs", w, f))
}

// metricsRequest asks for one kind of metrics. It repeats the key of a list for each of its values, which is
// what the API's specification amounts to.
func (c *Client) metricsRequest(kind string, w Window, f MetricsFilter) rest.Request {
	q := w.query(url.Values{})
	for key, ids := range map[string][]string{"org_ids": f.OrgIDs, "user_ids": f.UserIDs, "service_user_ids": f.ServiceUserIDs} {
		if len(ids) > 0 {
			q[key] = ids
		}
	}
	if f.PlaybookID != "" {
		q.Set("playbook_id", f.PlaybookID)
	}
	return rest.Request{Path: c.path("metrics", kind), Query: q, Permission: c.permission(MetricsPermission), Shared: true}
}
