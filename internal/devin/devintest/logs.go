package devintest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// AuditLog is an entry of the audit log, as the API lists it.
type AuditLog struct {
	ID              string         `json:"audit_log_id"`
	Action          string         `json:"action"`
	CreatedAt       int64          `json:"created_at"`
	Data            map[string]any `json:"data"`
	OrgID           *string        `json:"org_id"`
	UserID          *string        `json:"user_id"`
	UserEmail       *string        `json:"user_email"`
	ServiceUserID   *string        `json:"service_user_id"`
	ServiceUserName *string        `json:"service_user_name"`
}

// AuditLogs are the entries from one instant up to another, newest first, of an
// organization or of all.
func (s *Server) AuditLogs(orgID string, from, to time.Time) []AuditLog {
	return s.company.auditLogs(orgID, from.Unix(), to.Unix())
}

// auditLogs are an entry for each session, and for the enterprise one for each day.
func (c *company) auditLogs(orgID string, after, before int64) []AuditLog {
	all := []AuditLog{}
	c.eachSession(inOrganization(orgID), after, before, func(s session) {
		log := AuditLog{
			ID: "audit-" + longHex(s.random ^ 7)[:20], Action: "create_session", CreatedAt: s.at, OrgID: &c.orgs[s.org].OrgID,
			Data: map[string]any{"session_id": s.id(), "acu_limit": json.Number("9007199254740993"), "<from>": nil},
		}
		a := s.account
		if a.service {
			log.ServiceUserID, log.ServiceUserName = &a.id, &a.name
		} else {
			log.UserID = &a.id
			if p := c.index[a.id]; p < len(c.people) && c.people[p].email != "" {
				log.UserEmail = &c.people[p].email
			}
		}
		all = append(all, log)
	})
	for day := c.firstDay; orgID == "" && day <= c.today() && len(c.people) > 0; day++ {
		if at := unixDay(day) + 60; at >= after && at < before {
			all = append(all, AuditLog{
				ID: "audit-" + longHex(uint64(day))[:20], Action: "login", CreatedAt: at, Data: map[string]any{"email": c.people[0].email},
				UserID: &c.people[0].id, UserEmail: &c.people[0].email,
			})
		}
	}
	slices.SortFunc(all, func(a, b AuditLog) int {
		return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return all
}

func (c *call) auditLogs() answer {
	return logs(c, c.company.auditLogs, func(l *AuditLog) bool { return c.allows("action", l.Action) })
}

// Violation is a violation of a guardrail, as the API lists it.
type Violation struct {
	ID              int64   `json:"violation_id"`
	EventID         string  `json:"event_id"`
	GuardrailID     string  `json:"guardrail_id"`
	GuardrailName   string  `json:"guardrail_name"`
	ActionTaken     string  `json:"action_taken"`
	ConfidenceScore float64 `json:"confidence_score"`
	Reasoning       string  `json:"reasoning"`
	UserMessage     string  `json:"user_message"`
	OrgID           string  `json:"org_id"`
	SessionID       *string `json:"session_id"`
	CreatedAt       int64   `json:"created_at"`
}

var guardrails = [...]string{"No secrets in prompts", "No production data"}

// Violations are those from one instant up to another, newest first, of an
// organization or of all.
func (s *Server) Violations(orgID string, from, to time.Time) []Violation {
	return s.company.violations(orgID, from.Unix(), to.Unix())
}

func (c *company) violations(orgID string, after, before int64) []Violation {
	all := []Violation{}
	c.eachSession(inOrganization(orgID), after, before, func(s session) {
		if s.random>>40%9 != 0 {
			return
		}
		g, shift := s.random>>44%2, 12
		if c.quirks.LargeIDs {
			shift = 1
		}
		all = append(all, Violation{
			ID: int64(s.random >> shift), EventID: "event-" + longHex(s.random)[:12], GuardrailID: "guardrail-" + string('a'+rune(g)), GuardrailName: guardrails[g],
			ActionTaken: "blocked", ConfidenceScore: float64(s.random>>50%100) / 100, Reasoning: "It looks like one.",
			UserMessage: "Use my password, hunter2", OrgID: c.orgs[s.org].OrgID, SessionID: new(s.id()), CreatedAt: s.at + 30,
		})
	})
	slices.SortFunc(all, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func (c *call) violations() answer {
	return logs(c, c.company.violations, func(v *Violation) bool {
		return c.allows("guardrail_id", v.GuardrailID) && c.allows("session_id", *v.SessionID)
	})
}

// logs answers with the entries that keep selects, in the order of the query.
func logs[T any](c *call, all func(orgID string, after, before int64) []T, keep func(*T) bool) answer {
	if refused, is := c.tooLong(); is {
		return refused
	}
	return c.page(c.kept(func() *list {
		items := all(c.orgID, c.window.after, c.until())
		if c.query.Get("order") == "asc" {
			slices.Reverse(items)
		}
		return listOf(items, keep)
	}))
}
