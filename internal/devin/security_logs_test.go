package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// logServer has an entry every six hours of 300 days up to clienttest.Now. It refuses
// windows of more than 100 days, as documented, and may include the later bound.
type logServer struct {
	inclusive bool
	ignores   bool // every parameter but the cursor
	item      func(id string, at int64) string

	mu    sync.Mutex
	asked []Window
}

func (s *logServer) answer(r *http.Request) (int, string) {
	q := r.URL.Query()
	after, _ := strconv.ParseInt(q.Get("time_after"), 10, 64)
	before, _ := strconv.ParseInt(q.Get("time_before"), 10, 64)
	if before-after > 100*secondsPerDay {
		return http.StatusBadRequest, `{"detail":"The window is longer than 100 days"}`
	}
	if !q.Has("after") {
		s.mu.Lock()
		s.asked = append(s.asked, Window{Day((after - 8*3600) / secondsPerDay), Day((before-8*3600)/secondsPerDay) - 1})
		s.mu.Unlock()
	}
	var items []string
	for at := clienttest.Now.Unix() - 300*secondsPerDay; at <= clienttest.Now.Unix(); at += 6 * 3600 {
		if s.ignores || after <= at && (at < before || s.inclusive && at == before) {
			items = append(items, s.item(fmt.Sprintf("log-%d", at), at))
		}
	}
	if q.Get("order") == "desc" {
		slices.Reverse(items)
	}
	from, _ := strconv.Atoi(q.Get("after"))
	to := min(from+200, len(items))
	return http.StatusOK, fmt.Sprintf(`{"items":[%s],"end_cursor":"%d","has_next_page":%t,"total":%d}`, strings.Join(items[from:to], ","), to, to < len(items), len(items))
}

func auditItem(id string, at int64) string {
	return fmt.Sprintf(`{"audit_log_id":%q,"created_at":%d,"action":"login","data":{}}`, id, at)
}

func TestALongWindowOfALogIsReadInPartsAndJoined(t *testing.T) {
	t.Parallel()
	today := DayAt(clienttest.Now)
	for days, parts := range map[Day]int{1: 1, 100: 1, 101: 2, 200: 2, 250: 3} {
		for _, server := range []*logServer{{}, {inclusive: true}, {ignores: true}} {
			server.asked, server.item = nil, auditItem
			c, _ := serve(t, server.answer)
			w := Window{today - 10 - days + 1, today - 10}
			logs, err := c.AuditLogs(t.Context(), w, LogFilter{})
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(server.asked, func(a, b Window) int { return int(a.Start - b.Start) })
			if len(server.asked) != parts || server.asked[0].Start != w.Start || server.asked[parts-1].End != w.End {
				t.Errorf("%d days were asked for as %v", days, server.asked)
			}
			for i := 1; i < len(server.asked); i++ {
				if server.asked[i].Start != server.asked[i-1].End+1 {
					t.Errorf("%d days were asked for as %v", days, server.asked)
				}
			}
			if len(logs) != int(days)*4 {
				t.Fatalf("%d days have %d entries, want %d", days, len(logs), days*4)
			}
			const step = Instant(6 * 3600)
			for i := 1; i < len(logs); i++ {
				if apart := *logs[i-1].CreatedAt - *logs[i].CreatedAt; apart != step {
					t.Errorf("entry %d is of %s, after %s", i, logs[i].CreatedAt, logs[i-1].CreatedAt)
				}
			}
			if at := logs[0].CreatedAt.Time(); DayAt(at) != w.End {
				t.Errorf("the first entry is of %s, and the window %s", at, w)
			}
		}
	}
}

func TestTheLimitOfALogIsOverAllItsParts(t *testing.T) {
	t.Parallel()
	server := &logServer{item: auditItem}
	c, _ := serve(t, server.answer)
	w := Window{DayAt(clienttest.Now) - 250, DayAt(clienttest.Now) - 1}
	if logs, err := c.AuditLogs(t.Context(), w, LogFilter{Limit: 1000}); err != nil || len(logs) != 1000 {
		t.Errorf("%d entries, %v", len(logs), err)
	}
	var long *LongListError
	if logs, err := c.AuditLogs(t.Context(), w, LogFilter{Limit: 999}); logs != nil || !errors.As(err, &long) || long.Limit != 999 {
		t.Errorf("%d entries, %v", len(logs), err)
	}
}

func TestALogHasTheEntriesOfTheRunningDay(t *testing.T) {
	t.Parallel()
	server := &logServer{item: auditItem}
	c, _ := serve(t, server.answer)
	today := DayAt(clienttest.Now)
	logs, err := c.AuditLogs(t.Context(), Window{today, today}, LogFilter{})
	if err != nil || len(logs) != 3 || logs[0].CreatedAt.Time() != clienttest.Now {
		t.Errorf("got %+v, %v", logs, err)
	}
}

func TestAuditLogsAreRightWhateverTheServerFilters(t *testing.T) {
	t.Parallel()
	item := func(id, action, orgID string, at int64) string {
		return fmt.Sprintf(`{"audit_log_id":%q,"created_at":%d,"action":%q,"org_id":%s,"data":{}}`, id, at, action, orgID)
	}
	body := page(strings.Join([]string{
		item("a", "login", `"org-1"`, march3), item("b", "LOGIN", `"org-2"`, march3), item("c", "create_session", "null", march3),
		item("d", "login", "null", march3), item("e", "login", `"org-1"`, march3-86400), item("f", "login", `"org-1"`, march3+86400),
	}, ","))
	for want, of := range map[string]struct {
		filter LogFilter
		orgID  string
	}{
		"a b c d": {}, "a b d": {LogFilter{Action: "login"}, ""}, "a c d": {LogFilter{}, "org-1"}, "b d": {LogFilter{Action: "login"}, "org-2"}, "": {LogFilter{Action: "logout"}, ""},
	} {
		logs, err := serveOne(t, body).In(of.orgID).AuditLogs(t.Context(), march3Window, of.filter)
		var got []string
		for _, l := range logs {
			got = append(got, l.AuditLogID)
		}
		if err != nil || strings.Join(got, " ") != want || logs == nil {
			t.Errorf("%+v: got %q, %v, want %q", of, got, err, want)
		}
	}
}

func TestDataOfAnAuditLogIsAnyObjectOrNone(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`,"data":{"env":{"USER_ID":"1","user_id":"2"}}`:       `{"env":{"USER_ID":"1","user_id":"2"}}`,
		`,"data":{"Data":1,"data":2,"audit_log_id":["x",{}]}`: `{"Data":1,"audit_log_id":["x",{}],"data":2}`,
		`,"data":{"n":9007199254740993,"said":"\ud800"}`:      `{"n":9007199254740993,"said":"�"}`,
		`,"data":{}`: `{}`, `,"data":null`: "", "": "",
	} {
		body := page(fmt.Sprintf(`{"audit_log_id":"a","created_at":%d,"action":"login"%s}`, march3, data))
		logs, err := serveOne(t, body).AuditLogs(t.Context(), march3Window, LogFilter{})
		if err != nil || len(logs) != 1 || (logs[0].Data == nil) != (want == "") || want != "" && string(*logs[0].Data) != want {
			t.Errorf("%s: got %+v, %v", data, logs, err)
		}
	}
	for _, data := range []string{"[]", `"x"`, "1", `{"a":1,"a":2}`} {
		body := page(fmt.Sprintf(`{"audit_log_id":"a","created_at":%d,"action":"login","data":%s}`, march3, data))
		if logs, err := serveOne(t, body).AuditLogs(t.Context(), march3Window, LogFilter{}); !isOnly(err, ErrNotDevin) {
			t.Errorf("%s: got %+v, %v", data, logs, err)
		}
	}
}

func redacting(t *testing.T, body string) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", func(cfg *Config) { cfg.RedactPersonalData = true },
		withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) { return clienttest.JSON(http.StatusOK, body), nil })))
}

func TestPersonalDataIsLeftOutOfTheLogs(t *testing.T) {
	t.Parallel()
	body := page(fmt.Sprintf(`{"audit_log_id":"a","created_at":%d,"action":"login","user_id":"email|1","user_email":"jane@example.com","data":{"to":"jane@example.com"}}`, march3))
	if logs, err := redacting(t, body).AuditLogs(t.Context(), march3Window, LogFilter{}); err != nil || len(logs) != 1 || logs[0].UserEmail != nil || logs[0].Data != nil || logs[0].UserID == nil {
		t.Errorf("got %+v, %v", logs, err)
	}
	body = page(violationItem("7", march3, `,"user_message":"Call Jane","reasoning":"\"Call Jane\" names a person"`))
	if all, err := redacting(t, body).GuardrailViolations(t.Context(), march3Window, LogFilter{}); err != nil || len(all) != 1 || all[0].UserMessage != nil || all[0].Reasoning != nil {
		t.Errorf("got %+v, %v", all, err)
	}
}

func violationItem(id string, at int64, more string) string {
	return fmt.Sprintf(`{"violation_id":%s,"created_at":%d,"guardrail_id":"g","session_id":"devin-1"%s}`, id, at, more)
}

func TestViolationsAreRightWhateverTheServerFilters(t *testing.T) {
	t.Parallel()
	body := page(strings.Join([]string{
		violationItem("18446744073709551615", march3, `,"org_id":"org-1"`),
		violationItem("9007199254740993", march3, ""),
		violationItem("9007199254740992", march3, ""), // as a float64 the same as the one before
		strings.Replace(violationItem("7", march3, ""), `"g"`, `"h"`, 1),
		strings.Replace(violationItem(`"v-8"`, march3, ""), `"devin-1"`, `null`, 1),
		violationItem("9", march3-86400, ""),
	}, ","))
	for want, of := range map[string]struct {
		filter LogFilter
		orgID  string
	}{
		"7 v-8 9007199254740992 9007199254740993 18446744073709551615": {},
		"v-8 9007199254740992 9007199254740993 18446744073709551615":   {LogFilter{GuardrailID: "g"}, ""},
		"7 9007199254740992 9007199254740993 18446744073709551615":     {LogFilter{SessionID: "devin-1"}, ""},
		"7 v-8 9007199254740992 9007199254740993":                      {LogFilter{}, "org-2"},
	} {
		notices, err := noticed(t, func(ctx context.Context) error {
			all, err := serveOne(t, body).In(of.orgID).GuardrailViolations(ctx, march3Window, of.filter)
			var got []string
			for _, v := range all {
				got = append(got, string(v.ViolationID))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%+v: got %q, want %q", of, got, want)
			}
			return err
		})
		if err != nil || notices != nil {
			t.Errorf("%+v: %v, %q", of, err, notices)
		}
	}
}
