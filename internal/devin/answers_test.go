package devin

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// show is a result as text, nil pointers and all.
func show(values ...any) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch v := v.(type) {
		case *Count:
			b.WriteString(agentLimit(v))
		case *ACUs:
			b.WriteString(orDash(v))
		case *Percent:
			b.WriteString(orDash(v))
		case *Instant:
			b.WriteString(orDash(v))
		case *bool:
			b.WriteString(orDash(v))
		case *string:
			b.WriteString(orDash(v))
		default:
			fmt.Fprint(&b, v)
		}
	}
	return b.String()
}

func orDash[T any](v *T) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(*v)
}

const usageBody = `{"sessions_count":1,"searches_count":0,"prs_created_count":0,"prs_merged_count":3}`

func TestHonestAnswersAreReadAsTheyAre(t *testing.T) {
	t.Parallel()
	key := func(more string) string {
		return page(`{"api_key_id":"k","api_key_name":"n","created_at":1764921600,"is_active":true` + more + `}`)
	}
	readKey := func(ctx context.Context, c *Client) (string, error) {
		keys, err := c.ServiceUserAPIKeys(ctx, "x")
		if err != nil {
			return "", err
		}
		k := keys[0]
		return show(k.ExpiresAt, k.LastUsedAt, k.RevokedAt), nil
	}
	readSession := func(ctx context.Context, c *Client) (string, error) {
		sessions, err := c.Sessions(ctx, march3Window, SessionFilter{IsArchived: ptr(false)})
		if err != nil || len(sessions) == 0 {
			return "none", err
		}
		s := sessions[0]
		return show(s.IsArchived, s.Origin, s.DevinMode, s.UserID, len(s.Tags), len(s.ChildSessionIDs), s.ACUsConsumed), nil
	}
	readSessionMetrics := func(ctx context.Context, c *Client) (string, error) {
		m, err := c.SessionMetrics(ctx, week, MetricsFilter{})
		if err != nil {
			return "", err
		}
		return show(m.Created, m.AverageACUs, m.WithMergedPRs, m.ByOrigin, m.BySize), nil
	}
	readUsage := func(ctx context.Context, c *Client) (string, error) {
		m, err := c.UsageMetrics(ctx, week)
		if err != nil {
			return "", err
		}
		return show(m.Sessions, m.Searches, m.PRsCreated, m.PRsMerged), nil
	}
	readConsumption := func(ctx context.Context, c *Client) (string, error) {
		got, err := c.WholeDailyConsumption(ctx, week)
		if err != nil {
			return "", err
		}
		return show(got.TotalACUs, got.ByProduct()), nil
	}
	readMember := func(ctx context.Context, c *Client) (string, error) {
		members, err := c.Members(ctx, MemberFilter{WithoutIDP: true})
		if err != nil {
			return "", err
		}
		m := members[0]
		return show(m.UserID, m.Email, m.JoinedAt, len(m.Roles)), nil
	}
	readHypervisor := func(ctx context.Context, c *Client) (string, error) {
		all, err := c.Hypervisors(ctx, "available")
		if err != nil || len(all) == 0 {
			return "none", err
		}
		return show(all[0].Status, all[0].Utilization, all[0].HeardOf), nil
	}
	readSelf := func(ctx context.Context, c *Client) (string, error) {
		p, err := c.Self(ctx)
		if err != nil {
			return "", err
		}
		return show(p.Type, p.ID, p.Name, p.OrgID), nil
	}
	for name, tt := range map[string]struct {
		body string
		read func(context.Context, *Client) (string, error)
		want string
	}{
		"more merged than created in a window":        {usageBody, readUsage, "1 0 0 3"},
		"sessions whose requests were merged later":   {sessionsBody(1, 2), readSessionMetrics, "1 - 2 map[] map[]"},
		"categories without a name":                   {categoriesBody(strings.Replace(categoryItem("", 1, 1, 1, 1), `"A"`, `""`, 1)), readCategories, ""},
		"subcategories that are not all, and rounded": {categoriesBody(categoryItem("other", 5, 2, 1, 2.01)), readCategories, "other"},
		"no session, and a mean":                      {strings.Replace(sessionsBody(0, 0), "null", "0.0", 1), readSessionMetrics, "0 0 0 map[] map[]"},
		"origins that do not add up, and a null one":  {strings.Replace(sessionsBody(9, 0), `origin":{}`, `origin":{"api":2,"new_one":1,"teams":null}`, 1), readSessionMetrics, "9 - 0 map[api:2 new_one:1] map[]"},
		"a key that never expires, as null":           {key(`,"expires_at":null,"last_used_at":null,"revoked_at":null`), readKey, "- - -"},
		"a key that never expires, as 0":              {key(`,"expires_at":0,"last_used_at":0,"revoked_at":0`), readKey, "- - -"},
		"a key that never expires, as year 9999":      {key(`,"expires_at":253402300799,"last_used_at":1764921600`), readKey, "- 2025-12-05T08:00:00Z -"},
		"a key that expires":                          {key(`,"expires_at":1796457600`), readKey, "2026-12-05T08:00:00Z - -"},
		"a session without is_archived":               {page(sessionItem("a")), readSession, "false - - - 1 0 1.5"},
		"a session with is_archived null":             {page(sessionItem("a", `"is_archived":null`, `"child_session_ids":null`)), readSession, "false - - - 1 0 1.5"},
		"a session with all, and wild free form":      {page(sessionItem("a", `"devin_mode":"ultra"`, `"origin":"code_scan"`, `"user_id":"u"`, `"structured_output":{"Title":1,"title":2,"session_id":{}}`)), readSession, "false code_scan ultra u 1 0 1.5"},
		"no product":                                  {answerOf("1", `{"date":1772524800,"acus":1}`), readConsumption, "1 []"},
		"products that are null or added later":       {answerOf("1", `{"date":1772524800,"acus":1,"acus_by_product":{"devin":1,"review":null,"new":0.5}}`), readConsumption, "1 [{devin 1} {new 0.5}]"},
		"products as null":                            {answerOf("1", `{"date":1772524800,"acus":1,"acus_by_product":null}`), readConsumption, "1 []"},
		"a credit":                                    {answerOf("-2", day(1772524800, "-2")), readConsumption, "-2 [{devin -2}]"},
		"a member without a name, address or role":    {page(`{"user_id":"a","email":null,"name":null,"enterprise_joined_at":0,"role_assignments":[]}`), readMember, "a - - 0"},
		"a role of a kind that is null":               {page(`{"user_id":"a","role_assignments":[{"role":{"role_id":"r","role_name":null}}]}`), readMember, "a - - 1"},
		"utilization that is null":                    {page(`{"hypervisor_id":"h","status":"available","utilization_percentage":null,"last_heartbeat":0}`), readHypervisor, "available - -"},
		"more than all of a machine":                  {page(`{"hypervisor_id":"h","status":"AVAILABLE","utilization_percentage":130.5,"last_heartbeat":1764921600}`), readHypervisor, "AVAILABLE 130.5 2025-12-05T08:00:00Z"},
		"a status that is none of the filter's":       {page(`{"hypervisor_id":"h","status":"ready"}`), readHypervisor, "ready - -"},
		"a personal token without an organization":    {`{"principal_type":"pat_user","user_id":"u","user_name":"Jane","api_key_id":"k","api_key_name":"n","org_id":null}`, readSelf, "pat_user u Jane -"},
		"a service user of no kind":                   {`{"service_user_id":"s","service_user_name":"CI"}`, readSelf, "service_user s CI -"},
		"a personal token of no kind":                 {`{"user_id":"u","user_name":"Jane","api_key_id":"k","api_key_name":"n","org_id":"org-1"}`, readSelf, "pat_user u Jane org-1"},
		"a total that lags behind":                    {strings.Replace(page(`{"user_id":"a"},{"user_id":"b"}`), `"has_next_page"`, `"total":1,"has_next_page"`, 1), readMember, "a - - 0"},
		"a total that is no number":                   {strings.Replace(page(`{"user_id":"a"}`), `"has_next_page"`, `"total":"about 40","has_next_page"`, 1), readMember, "a - - 0"},
	} {
		c := serveOne(t, tt.body)
		notices, err := noticed(t, func(ctx context.Context) error {
			got, err := tt.read(ctx, c)
			if err == nil && got != tt.want {
				t.Errorf("%s: got %s, want %s", name, got, tt.want)
			}
			return err
		})
		if err != nil || notices != nil {
			t.Errorf("%s: %v, %q", name, err, notices)
		}
	}
}

// Numbers and rows are as Devin gives them, and what is odd is said.
func TestOddAnswersAreNoticed(t *testing.T) {
	t.Parallel()
	const totals = "Devin's numbers do not add up: "
	playbooks := strings.Replace(sessionsBody(1, 0), `with_playbook_count":0`, `with_playbook_count":2`, 1)
	searches := strings.Replace(sessionsBody(1, 0), `with_search_count":0`, `with_search_count":3`, 1)
	readSessions := func(ctx context.Context, c *Client) (string, error) {
		sessions, err := c.Sessions(ctx, march3Window, SessionFilter{})
		var got []string
		for _, s := range sessions {
			got = append(got, s.SessionID, s.Status)
		}
		return strings.Join(got, " "), err
	}
	readCreated := func(ctx context.Context, c *Client) (string, error) {
		m, err := c.SessionMetrics(ctx, week, MetricsFilter{})
		if err != nil {
			return "", err
		}
		return show(m.Created, m.WithMergedPRs), nil
	}
	for name, tt := range map[string]struct {
		body   string
		read   func(context.Context, *Client) (string, error)
		want   string
		notice string
	}{
		"more sessions of subcategories than of their category": {
			categoriesBody(categoryItem("other", 1, 1, 2, 1)), readCategories, "other", totals + `the category "other" has 1 sessions, and its subcategories have 2 together`,
		},
		"more ACUs of subcategories than of their category": {
			categoriesBody(categoryItem("other", 1, 2, 1, 2.5)), readCategories, "other", totals + `the category "other" has 2 ACUs, and its subcategories have 2.5 together`,
		},
		"a category that comes twice": {
			categoriesBody(categoryItem("other", 1, 1, 1, 1) + "," + categoryItem("other", 2, 2, 2, 2)), readCategories, "other other", totals + `the category "other" comes twice`,
		},
		"more sessions by origin than sessions": {
			strings.Replace(sessionsBody(3, 0), `by_origin":{}`, `by_origin":{"api":2,"slack":2}`, 1), readCreated, "3 0",
			totals + "the sum of sessions_created_by_origin is 4 and sessions_created_count is 3",
		},
		"more sessions by size than sessions": {
			strings.Replace(sessionsBody(3, 0), `created_by_size":{}`, `created_by_size":{"xs":2,"l":3}`, 1), readCreated, "3 0",
			totals + "the sum of sessions_created_by_size is 5 and sessions_created_count is 3",
		},
		"more merged sessions by size than merged sessions": {
			strings.Replace(sessionsBody(3, 1), `merged_prs_by_size":{}`, `merged_prs_by_size":{"xs":2}`, 1), readCreated, "3 1",
			totals + "the sum of sessions_with_merged_prs_by_size is 2 and sessions_with_merged_prs_count is 1",
		},
		"more sessions with a playbook than sessions": {playbooks, func(ctx context.Context, c *Client) (string, error) {
			m, err := c.SessionMetrics(ctx, week, MetricsFilter{})
			if err != nil {
				return "", err
			}
			return show(m.Created, m.WithPlaybook), nil
		}, "1 2", totals + "sessions_created_with_playbook_count is 2 and sessions_created_count is 1"},
		"more sessions with a search than sessions": {searches, func(ctx context.Context, c *Client) (string, error) {
			m, err := c.SessionMetrics(ctx, week, MetricsFilter{})
			if err != nil {
				return "", err
			}
			return show(m.Created, m.WithSearch), nil
		}, "1 3", totals + "sessions_created_with_search_count is 3 and sessions_created_count is 1"},
		"a list that stays short": {
			strings.Replace(page(sessionItem("a")), `"has_next_page"`, `"total":5000,"has_next_page"`, 1), readSessions, "a exit",
			"A list ended early: ",
		},
		"a session that comes twice": {
			page(sessionItem("a") + "," + strings.Replace(sessionItem("a"), `"exit"`, `"running"`, 1)), readSessions, "a running",
			"An item came with two values: ",
		},
	} {
		c := serveOne(t, tt.body)
		notices, err := noticed(t, func(ctx context.Context) error {
			got, err := tt.read(ctx, c)
			if err == nil && got != tt.want {
				t.Errorf("%s: got %s, want %s", name, got, tt.want)
			}
			return err
		})
		if err != nil || len(notices) != 1 || !strings.HasPrefix(notices[0], tt.notice) {
			t.Errorf("%s: %v, %q, want %q", name, err, notices, tt.notice)
		}
	}
}

// A 200 of a gateway, or of an endpoint that is not enabled, is no answer of nothing.
func TestAnAnswerThatIsNotUnderstoodIsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, ` `, `null`, `0`, `"ok"`, `true`, `{"error":"not enabled"}`, `{"message":"not enabled"}`, `{"detail":"Unauthorized"}`, `{"data":{}}`, `{"data":[]}`,
		`{"items":null}`, `{"items":{}}`, `{"items":[null]}`, `{"items":[{}]}`, `<html>Sign in</html>`, `{"items":[`, "{\"items\":[\"\xff\"]}",
	} {
		for path, read := range readers {
			c, _ := serve(t, func(*http.Request) (int, string) { return http.StatusOK, body })
			notices, err := noticed(t, func(ctx context.Context) error { return read(ctx, c) })
			if !isOnly(err, ErrNotDevin) || notices != nil {
				t.Errorf("%s with %s: %v, %q", path, body, err, notices)
			}
		}
	}
}

func readCategories(ctx context.Context, c *Client) (string, error) {
	found, err := c.SessionCategories(ctx, week, MetricsFilter{})
	if err != nil {
		return "", err
	}
	var names []string
	for _, category := range found.Categories {
		names = append(names, *category.Category)
	}
	return strings.Join(names, " "), nil
}

func categoriesBody(categories string) string { return `{"categories":[` + categories + `]}` }

// categoryItem is a category with one subcategory.
func categoryItem(name string, sessions int, acus float64, sessionsOfPart int, acusOfPart float64) string {
	return fmt.Sprintf(`{"category":%q,"sessions_count":%d,"acus":%v,"subcategories":[{"subcategory_id":null,"display_name":"A","sessions_count":%d,"acus":%v}]}`,
		name, sessions, acus, sessionsOfPart, acusOfPart)
}
