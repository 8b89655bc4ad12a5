package devin

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// openAPI has the operations of the API's documentation that the client uses.
type openAPI struct {
	Paths map[string]map[string]struct {
		Responses map[string]struct {
			Content map[string]struct {
				Schema *apiSchema `json:"schema"`
			} `json:"content"`
		} `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]*apiSchema `json:"schemas"`
	} `json:"components"`
}

type apiSchema struct {
	Ref        string                `json:"$ref"`
	Type       string                `json:"type"`
	Const      any                   `json:"const"`
	Enum       []any                 `json:"enum"`
	AnyOf      []*apiSchema          `json:"anyOf"`
	OneOf      []*apiSchema          `json:"oneOf"`
	Items      *apiSchema            `json:"items"`
	Properties map[string]*apiSchema `json:"properties"`
	Required   []string              `json:"required"`
}

func readOpenAPI(t *testing.T) *openAPI {
	t.Helper()
	text, err := os.ReadFile("devintest/openapitest/testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	doc := new(openAPI)
	if err := json.Unmarshal(text, doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// choices are the schemas that a value may have, null apart.
func (d *openAPI) choices(s *apiSchema) (all []*apiSchema, nullable bool) {
	if s.Ref != "" {
		return d.choices(d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]])
	}
	some := slices.Concat(s.AnyOf, s.OneOf)
	if len(some) == 0 {
		return []*apiSchema{s}, false
	}
	for _, choice := range some {
		if choice.Type == "null" {
			nullable = true
			continue
		}
		inner, innerNullable := d.choices(choice)
		all, nullable = append(all, inner...), nullable || innerNullable
	}
	return all, nullable
}

// The times of an answer, all in week or on the day of activeDay.
var (
	activeDay   = Window{mustParse("2026-02-02"), mustParse("2026-02-02")}
	answerTimes = map[string]int64{
		"start_time": 1769990400, "end_time": 1770076799, "after": 1770278400, "before": 1772697600, "date": 1772524800,
	}
)

func isTime(name string) bool {
	return answerTimes[name] != 0 || strings.HasSuffix(name, "_at") || name == "last_heartbeat"
}

// value is an answer, or a part of one, with all of its fields. Numbers are 0.
func (d *openAPI) value(name string, s *apiSchema) any {
	switch {
	case s.Const != nil:
		return s.Const
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch s.Type {
	case "object":
		object := map[string]any{}
		for name, property := range s.Properties {
			choices, _ := d.choices(property)
			object[name] = d.value(name, choices[0])
		}
		return object
	case "array":
		choices, _ := d.choices(s.Items)
		return []any{d.value("", choices[0])}
	case "integer", "number":
		switch {
		case answerTimes[name] != 0:
			return answerTimes[name]
		case isTime(name):
			return march3
		}
		return 0
	case "boolean":
		return false
	}
	if name == "end_cursor" {
		return nil
	}
	return "x"
}

// variants yields what differs from value in one place: a field that is missing where
// it is not required, null where that is allowed, none of a list, another member of an
// enumeration, or a number that is large.
func (d *openAPI) variants(name string, s *apiSchema) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		switch {
		case s.Type == "object":
			whole, _ := d.value(name, s).(map[string]any)
			for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
				with := func(value any) any {
					object := maps.Clone(whole)
					object[field] = value
					return object
				}
				choices, nullable := d.choices(s.Properties[field])
				if !slices.Contains(s.Required, field) {
					object := maps.Clone(whole)
					delete(object, field)
					if !yield("without "+field, object) {
						return
					}
				}
				if nullable && !yield(field+" null", with(nil)) {
					return
				}
				if nullable && isTime(field) && (!yield(field+" 0", with(0)) || !yield(field+" in the year 9999", with(253402300799))) {
					return
				}
				for _, choice := range choices {
					for change, value := range d.variants(field, choice) {
						if !yield(field+": "+change, with(value)) {
							return
						}
					}
				}
			}
		case s.Type == "array":
			if !yield("none", []any{}) {
				return
			}
			choices, _ := d.choices(s.Items)
			for _, choice := range choices {
				for change, value := range d.variants("", choice) {
					if !yield(change, []any{value}) {
						return
					}
				}
			}
		case len(s.Enum) > 1:
			for _, value := range s.Enum[1:] {
				text := fmt.Sprint(value)
				if !yield(text, text) || !yield("upper case", strings.ToUpper(text)) {
					return
				}
			}
		case s.Type == "integer" && !isTime(name), s.Type == "number":
			for _, n := range []int64{1, 1 << 31, 1_000_000_000_000} {
				if !yield(fmt.Sprint(n), n) {
					return
				}
			}
		}
	}
}

// readers read the answer of each operation that reads, all in week.
var readers = map[string]func(context.Context, *Client) error{
	"/v3/self": func(ctx context.Context, c *Client) error { return second(c.Self(ctx)) },
	"/v3/enterprise/consumption/daily": func(ctx context.Context, c *Client) error {
		return second(c.WholeDailyConsumption(ctx, week))
	},
	"/v3/enterprise/consumption/daily/users/{user_id}": func(ctx context.Context, c *Client) error {
		return second(c.UserDailyConsumption(ctx, "x", week))
	},
	"/v3/enterprise/consumption/daily/service-users/{service_user_id}": func(ctx context.Context, c *Client) error {
		return second(c.ServiceUserDailyConsumption(ctx, "x", week))
	},
	"/v3/enterprise/consumption/daily/sessions/{session_id}": func(ctx context.Context, c *Client) error {
		return second(c.SessionDailyConsumption(ctx, "x", week))
	},
	"/v3/enterprise/consumption/daily/organizations/{org_id}": func(ctx context.Context, c *Client) error {
		return second(c.OrganizationDailyConsumption(ctx, "x", week))
	},
	"/v3/enterprise/metrics/prs": func(ctx context.Context, c *Client) error { return second(c.PRMetrics(ctx, week, MetricsFilter{})) },
	"/v3/enterprise/metrics/sessions": func(ctx context.Context, c *Client) error {
		return second(c.SessionMetrics(ctx, week, MetricsFilter{}))
	},
	"/v3/enterprise/metrics/usage": func(ctx context.Context, c *Client) error { return second(c.UsageMetrics(ctx, week)) },
	"/v3/enterprise/metrics/active-users": func(ctx context.Context, c *Client) error {
		return second(c.ActiveUsers(ctx, activeDay, IntervalWindow, ActivityFilter{}))
	},
	"/v3/enterprise/metrics/dau": func(ctx context.Context, c *Client) error {
		return second(c.ActiveUsers(ctx, activeDay, IntervalDay, ActivityFilter{}))
	},
	"/v3/enterprise/metrics/wau": func(ctx context.Context, c *Client) error {
		return second(c.ActiveUsers(ctx, activeDay, IntervalWeek, ActivityFilter{}))
	},
	"/v3/enterprise/metrics/mau": func(ctx context.Context, c *Client) error {
		return second(c.ActiveUsers(ctx, activeDay, IntervalMonth, ActivityFilter{}))
	},
	"/v3/enterprise/metrics/sessions-by-category": func(ctx context.Context, c *Client) error {
		return second(c.SessionCategories(ctx, week, MetricsFilter{}))
	},
	"/v3/enterprise/code-scans/metrics": func(ctx context.Context, c *Client) error { return second(c.CodeScanMetrics(ctx, week, nil)) },
	"/v3/enterprise/code-scans/findings": func(ctx context.Context, c *Client) error {
		return second(c.CodeScanFindings(ctx, FindingFilter{}))
	},
	"/v3/enterprise/sessions":                     func(ctx context.Context, c *Client) error { return second(c.Sessions(ctx, week, SessionFilter{})) },
	"/v3/enterprise/consumption/cycles":           func(ctx context.Context, c *Client) error { return second(c.BillingCycles(ctx)) },
	"/v3/enterprise/consumption/acu-limits/devin": func(ctx context.Context, c *Client) error { return second(c.ACULimits(ctx)) },
	"/v3/enterprise/members/users":                readMembers,
	"/v3/enterprise/members/idp-users":            readMembers,
	"/v3beta1/organizations/{org_id}/members/users": func(ctx context.Context, c *Client) error {
		return readMembers(ctx, c.In("x"))
	},
	"/v3beta1/organizations/{org_id}/members/idp-users": func(ctx context.Context, c *Client) error {
		return readMembers(ctx, c.In("x"))
	},
	"/v3/enterprise/members/service-users": readServiceUsers,
	"/v3/enterprise/organizations/{org_id}/members/service-users": func(ctx context.Context, c *Client) error {
		return readServiceUsers(ctx, c.In("x"))
	},
	"/v3/enterprise/organizations": func(ctx context.Context, c *Client) error { return second(c.MaxCycleACULimits(ctx)) },
	"/v3/enterprise/audit-logs":    func(ctx context.Context, c *Client) error { return second(c.AuditLogs(ctx, week, LogFilter{})) },
	"/v3beta1/enterprise/guardrail-violations": func(ctx context.Context, c *Client) error {
		return second(c.GuardrailViolations(ctx, week, LogFilter{}))
	},
	"/v3/enterprise/organizations/{org_id}/audit-logs": func(ctx context.Context, c *Client) error {
		return second(c.In("x").AuditLogs(ctx, week, LogFilter{}))
	},
	"/v3beta1/enterprise/organizations/{org_id}/guardrail-violations": func(ctx context.Context, c *Client) error {
		return second(c.In("x").GuardrailViolations(ctx, week, LogFilter{}))
	},
	"/v3/enterprise/hypervisors": func(ctx context.Context, c *Client) error { return second(c.Hypervisors(ctx, "")) },
	"/v3/enterprise/queue":       func(ctx context.Context, c *Client) error { return second(c.Queue(ctx)) },
	"/v3beta1/enterprise/service-users/{service_user_id}/api-keys": func(ctx context.Context, c *Client) error {
		return second(c.ServiceUserAPIKeys(ctx, "x"))
	},
	"/v3beta1/enterprise/organizations/{id}/consumption/acu-limits": func(ctx context.Context, c *Client) error {
		return second(c.OrganizationAgentACULimits(ctx, "x"))
	},
	"/v3beta1/enterprise/users/{id}/consumption/acu-limits": func(ctx context.Context, c *Client) error {
		return second(c.UserACULimits(ctx, "x"))
	},
}

func second[T any](_ T, err error) error { return err }

func readMembers(ctx context.Context, c *Client) error {
	return second(c.Members(ctx, MemberFilter{}))
}

func readServiceUsers(ctx context.Context, c *Client) error {
	for _, err := range rest.List[serviceUser](ctx, c.rest, c.serviceUsersRequest(false)) {
		if err != nil {
			return err
		}
	}
	return nil
}

// ofOrganization is how the answer of an organization's own path is read: as that of
// the enterprise's, which has the same schema.
func ofOrganization(path string) (func(context.Context, *Client) error, bool) {
	after, ok := strings.CutPrefix(path, "/v3/organizations/{org_id}/")
	if !ok {
		read, ok := readers[path]
		return read, ok
	}
	read, ok := readers["/v3/enterprise/"+after]
	return func(ctx context.Context, c *Client) error { return read(ctx, c.In("x")) }, ok
}

// isOdd reports whether a variant is noticed or an error, since a number changed and what
// it is the sum of, or a part of, did not.
func isOdd(path, change string) bool {
	field, value, _ := strings.Cut(change, ": ")
	switch {
	case value == "":
		return change == "none" // of the periods of a window
	case field == "total":
		return true
	case strings.HasSuffix(path, "/metrics/prs"):
		return true
	case strings.Contains(path, "/consumption/daily"):
		return field == "total_acus" || strings.HasPrefix(value, "acus: ") || strings.HasPrefix(value, "acus_by_product: ") && !strings.Contains(value, "review")
	case strings.HasSuffix(path, "/sessions-by-category"):
		return strings.Contains(change, "acus") || strings.Contains(change, "sessions_count")
	case strings.HasSuffix(path, "/metrics/sessions"):
		return strings.HasPrefix(field, "sessions_created_with_") || strings.Contains(field, "_by_") && !strings.HasPrefix(value, "without ")
	}
	return false
}

func TestEveryAnswerThatTheDocumentationAllowsIsRead(t *testing.T) {
	t.Parallel()
	doc := readOpenAPI(t)
	read := 0
	for path, operations := range doc.Paths {
		operation, ok := operations["get"]
		if !ok {
			continue
		}
		reader, ok := ofOrganization(path)
		if !ok {
			t.Errorf("the test does not read %s", path)
			continue
		}
		choices, _ := doc.choices(operation.Responses["200"].Content["application/json"].Schema)
		for _, schema := range choices {
			try := func(change string, answer any) {
				body, err := json.Marshal(answer)
				if err != nil {
					t.Fatal(err)
				}
				read++
				notices, err := noticed(t, func(ctx context.Context) error { return reader(ctx, serveOne(t, string(body))) })
				if err != nil || notices != nil {
					t.Errorf("%s, %s: %v, %q\n%s", path, change, err, notices, body)
				}
			}
			try("with every field", doc.value("", schema))
			for change, answer := range doc.variants("", schema) {
				if !isOdd(path, change) {
					try(change, answer)
				}
			}
		}
	}
	if read < 700 {
		t.Errorf("only %d answers were read", read)
	}
}

func TestWhatTheClientRequiresIsRequiredByTheDocumentation(t *testing.T) {
	t.Parallel()
	doc := readOpenAPI(t)
	for name, answer := range map[string]any{
		"ConsumptionResponse": consumptionAnswer{}, "ConsumptionCycle": BillingCycle{}, "ACULimitResponse": ACULimit{}, "PrMetricsResponse": PRMetrics{},
		"SessionMetricsResponse": SessionMetrics{}, "UsageMetrics": UsageMetrics{}, "ActiveUserMetricsResponse": ActiveUsers{}, "Cat": SessionCategories{},
		"EnterpriseUser": memberAnswer{}, "IdpGroupUser": memberAnswer{}, "ServiceUser": serviceUser{}, "OrganizationResponse": organization{},
		"AuditLogResponse": AuditLog{}, "GuardrailViolationResponse": GuardrailViolation{}, "HypervisorResponse": Hypervisor{}, "Queue": Queue{},
		"CodeScanMetricsResponse": CodeScanMetrics{}, "CodeScanFindingResponse": CodeScanFinding{}, "SessionResponse": Session{}, "APIKey": ServiceUserAPIKey{},
		"AgentLimits": agentBlocks{}, "ServiceUserSelf": selfAnswer{}, "PatUserSelf": selfAnswer{},
	} {
		doc.checkRequired(t, name, reflect.TypeOf(answer), doc.Components.Schemas[name])
	}
}

// checkRequired compares a struct with the schema of the answer that it is read from. A
// field that only some of its schemas have is optional.
func (d *openAPI) checkRequired(t *testing.T, path string, typ reflect.Type, s *apiSchema) {
	t.Helper()
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return
	}
	for field := range typ.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		property, required := s.Properties[name], field.Tag.Get("api") == "required"
		if property == nil {
			if required {
				t.Errorf("%s.%s is required, and the documentation does not have it", path, name)
			}
			continue
		}
		choices, nullable := d.choices(property)
		if required && (nullable || !slices.Contains(s.Required, name)) {
			t.Errorf("%s.%s is required, and by the documentation it may be null or missing", path, name)
		}
		for _, choice := range choices {
			if choice.Type == "array" {
				items, _ := d.choices(choice.Items)
				choice = items[0]
			}
			if choice.Properties != nil {
				d.checkRequired(t, path+"."+name, field.Type, choice)
			}
		}
	}
}
