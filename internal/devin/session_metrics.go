package devin

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Counts are numbers of things by a name; the set of names is open. A name that
// the API gives no number for is absent.
type Counts map[string]Count

// UnmarshalJSON leaves out what is null.
func (c *Counts) UnmarshalJSON(text []byte) error {
	var numbers map[string]*Count
	if err := json.Unmarshal(text, &numbers); err != nil {
		return err
	}
	if numbers == nil {
		return nil
	}
	*c = Counts{}
	for name, n := range numbers {
		if n != nil {
			(*c)[name] = *n
		}
	}
	return nil
}

// SessionMetrics counts the sessions created in a window. All fields of an answer
// are set.
type SessionMetrics struct {
	Created *Count `json:"sessions_created_count" tfsdk:"sessions_created_count" api:"required"`
	// AverageACUs is in ACUs for each session.
	AverageACUs *ACUs `json:"avg_acus_per_session" tfsdk:"avg_acus_per_session" api:"required"`
	// ByOrigin need not add up to Created: the API leaves older origins out.
	ByOrigin Counts `json:"sessions_created_by_origin" tfsdk:"sessions_created_by_origin" api:"required"`
	BySize   Counts `json:"sessions_created_by_size" tfsdk:"sessions_created_by_size" api:"required"`

	WithPlaybook        *Count `json:"sessions_created_with_playbook_count" tfsdk:"sessions_created_with_playbook_count" api:"required"`
	WithSearch          *Count `json:"sessions_created_with_search_count" tfsdk:"sessions_created_with_search_count" api:"required"`
	WithMergedPRs       *Count `json:"sessions_with_merged_prs_count" tfsdk:"sessions_with_merged_prs_count" api:"required"`
	WithMergedPRsBySize Counts `json:"sessions_with_merged_prs_by_size" tfsdk:"sessions_with_merged_prs_by_size" api:"required"`
}

// Check also refuses a part that is larger than the whole.
func (m *SessionMetrics) Check() error {
	if err := rest.CheckFields(m); err != nil {
		return err
	}
	for name, part := range map[string]*Count{
		"sessions_created_with_playbook_count": m.WithPlaybook,
		"sessions_created_with_search_count":   m.WithSearch,
		"sessions_with_merged_prs_count":       m.WithMergedPRs,
	} {
		if *part > *m.Created {
			return fmt.Errorf("the field %s is %d and sessions_created_count is %d, and a part cannot be larger than the whole", name, *part, *m.Created)
		}
	}
	return nil
}

// SessionMetrics counts the sessions created in a window. Callers share the
// result, and must not write to it.
//
// https://docs.devin.ai/api-reference/v3/metrics/metrics-sessions
func (c *Client) SessionMetrics(ctx context.Context, w Window, f MetricsFilter) (*SessionMetrics, error) {
	return rest.Get[SessionMetrics](ctx, c.rest, c.metricsRequest("sessions", w, f))
}

// CheckSessionFilter finds out whether Devin heeds a filter of sessions, as
// CheckPRFilter does for pull requests.
func (c *Client) CheckSessionFilter(ctx context.Context, w Window, f MetricsFilter, by FilterBy) error {
	f = f.ofNobody(by)
	counts, err := c.SessionMetrics(ctx, w, f)
	if err != nil {
		return heeded(err)
	}
	return c.ignored(c.metricsRequest("sessions", w, f), by, *counts.Created, "sessions")
}
