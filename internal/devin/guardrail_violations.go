package devin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// GuardrailViolation is what a guardrail took for a violation. Pointers are nil
// where Devin says nothing.
type GuardrailViolation struct {
	ViolationID     ID       `json:"violation_id" tfsdk:"violation_id" api:"required"`
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
func (v *GuardrailViolation) Identity() string { return string(v.ViolationID) }

// GuardrailViolations lists the violations on the billing days of a window, in the
// enterprise or in one organization. A key of the organization may not read them.
// With RedactPersonalData there is neither UserMessage nor Reasoning.
//
// https://docs.devin.ai/api-reference/v3/guardrail-violations/enterprise-guardrail-violations
func (c *Client) GuardrailViolations(ctx context.Context, w Window, f LogFilter) ([]GuardrailViolation, error) {
	q := url.Values{}
	addTo(q, "guardrail_id", f.GuardrailID)
	addTo(q, "session_id", f.SessionID)
	return readLog(ctx, c, c.logRequest(rest.V3Beta1, "guardrail-violations", q, f), w, func(v *GuardrailViolation) bool {
		keep := isID(f.GuardrailID, v.GuardrailID) && isID(f.SessionID, orNone(v.SessionID)) && c.reads(v.OrgID) && w.Contains(DayAt(v.CreatedAt.Time()))
		if c.redact {
			v.UserMessage, v.Reasoning = nil, nil
		}
		return keep
	}, func(a, b GuardrailViolation) int {
		return f.order(*a.CreatedAt, *b.CreatedAt, cmp.Or(cmp.Compare(len(a.ViolationID), len(b.ViolationID)), cmp.Compare(a.ViolationID, b.ViolationID)))
	})
}

// ID is an id that Devin sends as a number, which may have 64 bits.
type ID string

// UnmarshalJSONFrom keeps every digit.
func (id *ID) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	value, err := d.ReadValue()
	switch {
	case err != nil:
		return err
	case value.Kind() == '"':
		return json.Unmarshal(value, (*string)(id))
	case value.Kind() != '0':
		return fmt.Errorf("%s is no id", rest.Excerpt(string(value)))
	}
	*id = ID(value)
	return nil
}
