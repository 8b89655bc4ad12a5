package devin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// GuardrailViolation is what a guardrail took for a violation. Pointers are nil
// where Devin says nothing.
type GuardrailViolation struct {
	ViolationID     *Count   `json:"violation_id" tfsdk:"violation_id" api:"required"`
	CreatedAt       *Instant `json:"created_at" tfsdk:"created_at" api:"required"`
	GuardrailID     string   `json:"guardrail_id" tfsdk:"guardrail_id" api:"required"`
	GuardrailName   *string  `json:"guardrail_name" tfsdk:"guardrail_name"`
	ActionTaken     *string  `json:"action_taken" tfsdk:"action_taken"`
	ConfidenceScore *float64 `json:"confidence_score" tfsdk:"confidence_score"`
	OrgID           *string  `json:"org_id" tfsdk:"org_id"`
	SessionID       *string  `json:"session_id" tfsdk:"session_id"`
	EventID         *string  `json:"event_id" tfsdk:"event_id"`
	Reasoning       *string  `json:"reasoning" tfsdk:"reasoning"` // may quote the message
	// UserMessage is what a person wrote.
	UserMessage *string `json:"user_message" tfsdk:"user_message"`
}

// Identity is the id.
func (v *GuardrailViolation) Identity() string { return strconv.FormatInt(int64(*v.ViolationID), 10) }

// Check wants every field that a result cannot do without.
func (v *GuardrailViolation) Check() error { return rest.CheckFields(v) }

// GuardrailViolations lists the violations on the billing days of a window, in the
// enterprise or in one organization. A key of the organization may not read them.
// With RedactPersonalData there is neither UserMessage nor Reasoning.
//
// https://docs.devin.ai/api-reference/release-notes
func (c *Client) GuardrailViolations(ctx context.Context, w Window, f LogFilter) ([]GuardrailViolation, error) {
	q := w.query(url.Values{})
	for key, value := range map[string]string{"guardrail_id": f.GuardrailID, "session_id": f.SessionID} {
		if value != "" {
			q.Set(key, value)
		}
	}
	r := c.logRequest(rest.V3Beta1, "guardrail-violations", q, f)
	byID := map[Count]GuardrailViolation{}
	for v, err := range rest.List[GuardrailViolation](ctx, c.rest, r) {
		switch {
		case err != nil:
			return nil, err
		case f.GuardrailID != "" && v.GuardrailID != f.GuardrailID, f.SessionID != "" && (v.SessionID == nil || *v.SessionID != f.SessionID):
			return nil, c.rest.BrokenList(r, fmt.Errorf("%w: the violation %d is of another guardrail or session than was asked for", ErrFilterIgnored, *v.ViolationID))
		case c.orgID != "" && v.OrgID != nil && *v.OrgID != c.orgID:
			return nil, c.rest.BrokenList(r, fmt.Errorf("the violation %d is of the organization %s", *v.ViolationID, *v.OrgID))
		case !w.Contains(DayAt(v.CreatedAt.Time())):
			continue
		}
		if c.redact {
			v.UserMessage, v.Reasoning = nil, nil
		}
		byID[*v.ViolationID] = v
	}
	return sortedValues(byID, func(a, b GuardrailViolation) int {
		return f.order(*a.CreatedAt, *b.CreatedAt, cmp.Compare(*a.ViolationID, *b.ViolationID))
	}), nil
}
