package devin

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// AuditLog is an entry of the audit log.
type AuditLog struct {
	AuditLogID      string    `json:"audit_log_id" tfsdk:"audit_log_id" api:"required"`
	CreatedAt       *Instant  `json:"created_at" tfsdk:"created_at" api:"required"`
	Action          string    `json:"action" tfsdk:"action" api:"required"`
	OrgID           *string   `json:"org_id" tfsdk:"org_id"`
	UserID          *string   `json:"user_id" tfsdk:"user_id"`
	UserEmail       *string   `json:"user_email" tfsdk:"user_email"`
	ServiceUserID   *string   `json:"service_user_id" tfsdk:"service_user_id"`
	ServiceUserName *string   `json:"service_user_name" tfsdk:"service_user_name"`
	Data            *JSONText `json:"data" tfsdk:"data" api:"required"`
}

// Identity is the id.
func (l *AuditLog) Identity() string { return l.AuditLogID }

// Check wants every field that Devin documents to be always there.
func (l *AuditLog) Check() error { return rest.CheckFields(l) }

// JSONText is a JSON object of any kind, as text. The keys are sorted, so that the
// same object has the same text.
type JSONText string

// UnmarshalJSON reads an object, and keeps numbers as they are written.
func (t *JSONText) UnmarshalJSON(text []byte) error {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&object); err != nil {
		return err
	}
	if object == nil {
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(object); err != nil {
		return err
	}
	*t = JSONText(strings.TrimSuffix(b.String(), "\n"))
	return nil
}

// LogFilter narrows a list of what happened. What is empty does not.
type LogFilter struct {
	Action      string // of an audit log
	GuardrailID string // of a violation
	SessionID   string // of a violation
	OldestFirst bool
	Limit       int // more entries are a LongListError; 0 is no limit
}

// AuditLogs lists what was done on the billing days of a window, in the enterprise
// or in one organization. A key of the organization may not read them. With
// RedactPersonalData there are no addresses, and no Data, which may hold some.
//
// https://docs.devin.ai/api-reference/v3/overview
func (c *Client) AuditLogs(ctx context.Context, w Window, f LogFilter) ([]AuditLog, error) {
	q := w.query(url.Values{})
	if f.Action != "" {
		q.Set("action", f.Action)
	}
	r := c.logRequest(rest.V3, "audit-logs", q, f)
	byID := map[string]AuditLog{}
	for l, err := range rest.List[AuditLog](ctx, c.rest, r) {
		switch {
		case err != nil:
			return nil, err
		case f.Action != "" && l.Action != f.Action:
			return nil, c.rest.BrokenList(r, fmt.Errorf("%w: the entry %s has the action %s, and %s was asked for", ErrFilterIgnored, l.AuditLogID, l.Action, f.Action))
		case c.orgID != "" && l.OrgID != nil && *l.OrgID != c.orgID:
			return nil, c.rest.BrokenList(r, fmt.Errorf("the entry %s is of the organization %s", l.AuditLogID, *l.OrgID))
		case !w.Contains(DayAt(l.CreatedAt.Time())):
			continue
		}
		if c.redact {
			l.UserEmail, l.Data = nil, nil
		}
		byID[l.AuditLogID] = l
	}
	return sortedValues(byID, func(a, b AuditLog) int {
		return f.order(*a.CreatedAt, *b.CreatedAt, strings.Compare(a.AuditLogID, b.AuditLogID))
	}), nil
}

func (c *Client) logRequest(version, name string, q url.Values, f LogFilter) rest.Request {
	q.Set("order", "desc")
	if f.OldestFirst {
		q.Set("order", "asc")
	}
	r := rest.Request{Version: version, Path: []string{"enterprise", name}, Query: q, Permission: SettingsPermission, Shared: true, Limit: f.Limit}
	if c.orgID != "" {
		r.Path = []string{"enterprise", "organizations", c.orgID, name}
	}
	return r
}

// order compares two entries by time, and those of one second by their ids.
func (f *LogFilter) order(a, b Instant, ids int) int {
	if f.OldestFirst {
		return cmp.Or(cmp.Compare(a, b), ids)
	}
	return cmp.Or(cmp.Compare(b, a), ids)
}
