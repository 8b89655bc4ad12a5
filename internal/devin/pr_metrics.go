package devin

import (
	"context"
	"net/url"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// PRMetrics counts pull requests. Their state is the present one, not that at
// the window's end, so the numbers of a past window can change; and Devin only
// has all of them for repositories connected through its GitHub App.
type PRMetrics struct {
	Created int64 // by Devin, in any state: open, merged or closed
	Opened  int64 // of those, open now; not: opened in the window
	Merged  int64 // of those, merged
	Closed  int64 // of those, closed without a merge

	// Pull requests of others that Devin pushed commits to, likewise; nil where
	// the deployment is older than these counts.
	TakenOver       *int64
	TakenOverOpened *int64
	TakenOverMerged *int64
	TakenOverClosed *int64
}

// MergeRate is Merged / Created, from 0 to 1; nil where nothing was created.
func (m *PRMetrics) MergeRate() *float64 {
	if m.Created == 0 {
		return nil
	}
	rate := float64(m.Merged) / float64(m.Created)
	return &rate
}

// PRFilter narrows what is counted. Its zero value is the whole enterprise; an
// empty list does not narrow.
type PRFilter struct {
	OrgIDs         []string
	UserIDs        []string
	ServiceUserIDs []string
	PlaybookID     string
}

// PRMetrics counts the pull requests of a window.
//
// https://docs.devin.ai/api-reference/v3/metrics/metrics-prs
func (c *Client) PRMetrics(ctx context.Context, w Window, f PRFilter) (*PRMetrics, error) {
	answer, err := rest.Get[prMetricsAnswer](ctx, c.rest, prMetricsRequest(w, f))
	if err != nil {
		return nil, err
	}
	return &answer.metrics, nil
}

// prMetricsRequest repeats the key of a list for each of its values, which is
// what the API's specification amounts to.
func prMetricsRequest(w Window, f PRFilter) rest.Request {
	q := w.query(url.Values{})
	for key, ids := range map[string][]string{"org_ids": f.OrgIDs, "user_ids": f.UserIDs, "service_user_ids": f.ServiceUserIDs} {
		if len(ids) > 0 {
			q[key] = ids
		}
	}
	if f.PlaybookID != "" {
		q.Set("playbook_id", f.PlaybookID)
	}
	return rest.Request{Path: []string{"enterprise", "metrics", "prs"}, Query: q, Permission: MetricsPermission, Shared: true}
}

type prMetricsAnswer struct {
	Created         *rest.Integer `json:"prs_created_count"`
	Opened          *rest.Integer `json:"prs_opened_count"`
	Merged          *rest.Integer `json:"prs_merged_count"`
	Closed          *rest.Integer `json:"prs_closed_count"`
	TakenOver       *rest.Integer `json:"prs_taken_over_count"`
	TakenOverOpened *rest.Integer `json:"prs_taken_over_opened_count"`
	TakenOverMerged *rest.Integer `json:"prs_taken_over_merged_count"`
	TakenOverClosed *rest.Integer `json:"prs_taken_over_closed_count"`

	metrics PRMetrics
}

func (a *prMetricsAnswer) Check() error {
	for _, field := range []struct {
		name string
		from *rest.Integer
		to   *int64
	}{
		{"prs_created_count", a.Created, &a.metrics.Created},
		{"prs_opened_count", a.Opened, &a.metrics.Opened},
		{"prs_merged_count", a.Merged, &a.metrics.Merged},
		{"prs_closed_count", a.Closed, &a.metrics.Closed},
	} {
		n, err := field.from.Count(field.name)
		if err != nil {
			return err
		}
		*field.to = n
	}
	for _, field := range []struct {
		name string
		from *rest.Integer
		to   **int64
	}{
		{"prs_taken_over_count", a.TakenOver, &a.metrics.TakenOver},
		{"prs_taken_over_opened_count", a.TakenOverOpened, &a.metrics.TakenOverOpened},
		{"prs_taken_over_merged_count", a.TakenOverMerged, &a.metrics.TakenOverMerged},
		{"prs_taken_over_closed_count", a.TakenOverClosed, &a.metrics.TakenOverClosed},
	} {
		if field.from == nil {
			continue
		}
		n, err := field.from.Count(field.name)
		if err != nil {
			return err
		}
		*field.to = &n
	}
	return nil
}
