package devin

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// AuditLog is an entry of the audit log. Pointers are nil where Devin says nothing.
type AuditLog struct {
	AuditLogID      string    `json:"audit_log_id" tfsdk:"audit_log_id" api:"required"`
	CreatedAt       *Instant  `json:"created_at" tfsdk:"created_at" api:"required"`
	Action          string    `json:"action" tfsdk:"action" api:"required"`
	OrgID           *string   `json:"org_id" tfsdk:"org_id"`
	UserID          *string   `json:"user_id" tfsdk:"user_id"`
	UserEmail       *string   `json:"user_email" tfsdk:"user_email"`
	ServiceUserID   *string   `json:"service_user_id" tfsdk:"service_user_id"`
	ServiceUserName *string   `json:"service_user_name" tfsdk:"service_user_name"`
	Data            *JSONText `json:"data" tfsdk:"data"`
}

// Identity is the id.
func (l *AuditLog) Identity() string { return l.AuditLogID }

// LogFilter narrows an audit log or a list of violations. An empty field does not.
type LogFilter struct {
	Action      string // of an audit log
	GuardrailID string // of a violation
	SessionID   string // of a violation
	Limit       int    // more entries are a LongListError; 0 is no limit
}

// maxLogDays is the longest window of a log that Devin answers for.
// https://docs.devin.ai/api-reference/v3/audit-logs/enterprise-audit-logs
const maxLogDays = 100

// AuditLogs lists the entries of the billing days of a window from the newest to the oldest, of the enterprise or of
// one organization, which a key of the organization may not read. With
// RedactPersonalData there is no UserEmail, and no Data, which may hold some.
//
// https://docs.devin.ai/api-reference/v3/audit-logs/enterprise-audit-logs
func (c *Client) AuditLogs(ctx context.Context, w Window, f LogFilter) ([]AuditLog, error) {
	q := url.Values{}
	addTo(q, "action", f.Action)
	return readLog(ctx, c, c.logRequest(rest.V3, "audit-logs", q, f), w, func(l *AuditLog) bool {
		keep := matches(f.Action, l.Action) && c.inScope(l.OrgID) && w.Contains(DayAt(l.CreatedAt.Time()))
		if c.redact {
			l.UserEmail, l.Data = nil, nil
		}
		return keep
	}, func(a, b AuditLog) int {
		return cmp.Or(cmp.Compare(*b.CreatedAt, *a.CreatedAt), strings.Compare(a.AuditLogID, b.AuditLogID))
	})
}

// readLog reads a log in parts of up to maxLogDays. Whether Devin includes the bounds of
// a part is not documented, so an entry where two parts meet may come with both.
func readLog[T any, P rest.Item[T]](ctx context.Context, c *Client, r rest.Request, w Window, keep func(*T) bool, compare func(a, b T) int) ([]T, error) {
	var parts []Window
	for start := w.Start; start <= w.End; start += maxLogDays {
		parts = append(parts, Window{start, min(start+maxLogDays-1, w.End)})
	}
	read := make([][]T, len(parts))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, part := range parts {
		group.Go(func() (err error) {
			r := r
			r.Query = part.query(maps.Clone(r.Query))
			read[i], err = rest.Collect[T, P](groupCtx, c.rest, r, keep, compare)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := []T{}
	for _, part := range read {
		all = append(all, part...)
	}
	slices.SortFunc(all, compare)
	all = slices.CompactFunc(all, func(a, b T) bool { return P(&a).Identity() == P(&b).Identity() })
	if r.Limit > 0 && len(all) > r.Limit {
		return nil, &rest.LongListError{Limit: r.Limit}
	}
	return all, nil
}

func (c *Client) logRequest(version, name string, q url.Values, f LogFilter) rest.Request {
	q.Set("order", "desc")
	return rest.Request{Version: version, Path: c.enterprisePath(name), Query: q, Permission: SettingsPermission, Shared: true, Limit: f.Limit}
}

// GuardrailViolation is a violation that a guardrail detected. Pointers are nil where
// Devin says nothing.
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
	Reasoning       *string  `json:"reasoning" tfsdk:"reasoning"`       // may quote UserMessage
	UserMessage     *string  `json:"user_message" tfsdk:"user_message"` // written by a person
}

// Identity is the id.
func (v *GuardrailViolation) Identity() string { return string(v.ViolationID) }

// GuardrailViolations lists the violations on the billing days of a window from the newest to the oldest, in the
// enterprise or in one organization, whose own key may not read them. With
// RedactPersonalData there is neither UserMessage nor Reasoning.
//
// https://docs.devin.ai/api-reference/v3/guardrail-violations/enterprise-guardrail-violations
func (c *Client) GuardrailViolations(ctx context.Context, w Window, f LogFilter) ([]GuardrailViolation, error) {
	q := url.Values{}
	addTo(q, "guardrail_id", f.GuardrailID)
	addTo(q, "session_id", f.SessionID)
	return readLog(ctx, c, c.logRequest(rest.V3Beta1, "guardrail-violations", q, f), w, func(v *GuardrailViolation) bool {
		keep := matchesID(f.GuardrailID, v.GuardrailID) && matchesID(f.SessionID, orNone(v.SessionID)) && c.inScope(v.OrgID) && w.Contains(DayAt(v.CreatedAt.Time()))
		if c.redact {
			v.UserMessage, v.Reasoning = nil, nil
		}
		return keep
	}, func(a, b GuardrailViolation) int {
		return cmp.Or(cmp.Compare(*b.CreatedAt, *a.CreatedAt), cmp.Compare(len(a.ViolationID), len(b.ViolationID)), cmp.Compare(a.ViolationID, b.ViolationID))
	})
}
