package devin

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// Whatever bytes an endpoint answers with, a read ends in values that can be
// right, or in one *Error that can be shown. Seeds are the answers of
// devin-api.md §9, and what was found to matter.

// fuzzKey is in no seed, so that an error which shows it took it from the request.
const fuzzKey = "cog_Jq7wPzR2tVx9LkDs"

// fuzzed is a client of a server that gives one answer to everything, tried once.
func fuzzed(t *testing.T, status int, header http.Header, body string) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", withRetries(0), withKey(t, fuzzKey),
		withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: status, Header: header.Clone(), Body: io.NopCloser(strings.NewReader(body)), Request: r,
			}, nil
		})))
}

func fuzzAnswer(f *testing.F, seeds []string, read func(*testing.T, context.Context, *Client) error) {
	f.Helper()
	for _, seed := range append(seeds,
		"", " ", "null", "{}", "[]", "0", `""`, "<html>", "\xef\xbb\xbf{}", "{\"items\":\xff}", `{"detail":"Unauthorized"}`,
		`{"items":[],"end_cursor":null,"has_next_page":false,"total":0}`, `{"items":[],"end_cursor":"x","has_next_page":true}`,
		strings.Repeat(`{"items":[`, 200),
	) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client := fuzzed(t, http.StatusOK, http.Header{"Content-Type": {"application/json"}}, body)
		if err := read(t, t.Context(), client); err != nil {
			checkFuzzedError(t, err)
			if !isOnly(err, ErrNotDevin) {
				t.Errorf("an answer that is not understood is %v", err)
			}
		}
	})
}

func checkFuzzedError(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	devintest.CheckErrorText(t, err.Error(), fuzzKey)
}

// sound reports whether a text can be shown and compared: U+FFFD stands for bytes
// or escapes that are no character.
func sound(text *string) bool { return text == nil || utf8.ValidString(*text) }

func FuzzSelfAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		clienttest.Self,
		`{"principal_type":"service_user","service_user_id":"service-user-0f3c...","service_user_name":"terraform-demo","org_id":"org-5b1e..."}`,
		`{"principal_type":"pat_user","user_id":"google-oauth2|1234567890","user_name":"Jane Smith","api_key_id":"key-abc123","api_key_name":"laptop","org_id":"org-abc123def456"}`,
		`{"principal_type":"devin_brain","devin_id":"devin-1","user_id":"u","org_id":"org-1","creator_service_user_id":null}`,
		`{"principal_type":"\ud800","service_user_id":""}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		p, err := c.Self(ctx)
		if err == nil && (p.Type == nil || *p.Type == "" || !sound(p.ID) || !sound(p.Name) || !sound(p.OrgID)) {
			t.Errorf("%+v", p)
		}
		return err
	})
}

func FuzzMembersAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		`{"items":[{"user_id":"google-oauth2|1234567890","email":"jane@example.com","name":"Jane Smith","enterprise_joined_at":1758528000,"role_assignments":[{"role":{"role_id":"account_member","role_name":"Member","role_type":"enterprise"},"org_id":null},{"role":{"role_id":"org_admin","role_name":"Admin","role_type":"org"},"org_id":"org-abc123def456"}]},{"user_id":"email|5f2a","email":null,"name":null,"role_assignments":[]}],"end_cursor":null,"has_next_page":false,"total":2}`,
		`{"items":[{"user_id":"okta|Acme|00u1","email":"sam@example.com","name":"Sam Lee","idp_role_assignments":[{"idp_group_name":"eng/platform","role":{"role_id":"org_member","role_name":"Member","role_type":"org"},"org_id":"org-abc123def456"}]}],"end_cursor":null,"has_next_page":false,"total":null}`,
		`{"items":[{"user_id":"\ud83d\ude00\u0000..%2F"},{"user_id":"\ud83d\ude00\u0000..%2F","name":"x"}],"has_next_page":false}`,
		`{"items":[{"user_id":"a","enterprise_joined_at":1764921600000}]}`, `{"items":[{"user_id":"\udfff"}]}`, `{"items":[null]}`,
		`{"items":[{"user_id":"a","role_assignments":[{"role":{"role_id":"r"}},{"role":{"role_id":"r"}}]}],"end_cursor":"","has_next_page":null}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		members, err := c.Members(ctx, MemberFilter{})
		for i, m := range members {
			if m.UserID == "" || !sound(&m.UserID) || i > 0 && members[i-1].UserID >= m.UserID {
				t.Errorf("member %d is %+v after %+v", i, m, members[max(i-1, 0)])
			}
			if m.JoinedAt != nil && (m.JoinedAt.Time().Year() < 2020 || m.JoinedAt.Time().Year() > 2200) {
				t.Errorf("%q joined at %s", m.UserID, m.JoinedAt)
			}
			for _, r := range m.Roles {
				if r.RoleID == "" {
					t.Errorf("%q has the role %+v", m.UserID, r)
				}
			}
		}
		return err
	})
}

func FuzzConsumptionAnswer(f *testing.F) {
	w := Window{Start: DayAt(time.Unix(1758528000, 0)), End: DayAt(time.Unix(1767600000, 0))}
	fuzzAnswer(f, []string{
		`{"total_acus":3.5,"consumption_by_date":[{"date":1758528000,"acus":1.25,"acus_by_product":{"devin":1.0,"cascade":0.25,"terminal":0}},{"date":1758614400,"acus":2.25,"acus_by_product":{"devin":2.25,"cascade":0,"terminal":0}}]}`,
		`{"total_acus":5.2,"consumption_by_date":[{"date":1764921600,"acus":5.2,"acus_by_product":{"devin":4.0,"cascade":0.7,"terminal":0.3,"review":null,"new":1e-9}}]}`,
		`{"total_acus":1e308,"consumption_by_date":[{"date":1764921600,"acus":1e308,"acus_by_product":{}},{"date":1765008000,"acus":1e308,"acus_by_product":{}},{"date":1,"acus":1e308}]}`,
		`{"total_acus":1,"consumption_by_date":[{"date":1764921600.0,"acus":1e308},{"date":1790000000,"acus":2},{"date":1765008000,"acus":1e308}]}`,
		`{"total_acus":0,"consumption_by_date":[{"date":1764921600,"acus":0},{"date":1764921600,"acus":0}]}`,
		`{"total_acus":-0.0,"consumption_by_date":[]}`, `{"total_acus":1e400,"consumption_by_date":[]}`,
		`{"total_acus":0.1,"consumption_by_date":[{"date":1e9,"acus":0.1}]}`, `{"total_acus":0.1,"consumption_by_date":[{"date":1764921600000,"acus":0.1}]}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		got, err := c.UserDailyConsumption(ctx, "email|a", w)
		if err != nil {
			return err
		}
		finite(t, "total", got.TotalACUs)
		for i, day := range got.Days() {
			finite(t, day.Date.String(), day.ACUs)
			if !w.Contains(day.Date) || i > 0 && got.Days()[i-1].Date >= day.Date {
				t.Errorf("%s is there as day %d", day.Date, i)
			}
			for _, p := range day.Products {
				finite(t, p.Product, p.ACUs)
			}
		}
		return nil
	})
}

func finite(t *testing.T, what string, acus float64) {
	t.Helper()
	if math.IsNaN(acus) || math.IsInf(acus, 0) {
		t.Errorf("%s is %v", what, acus)
	}
}

func FuzzPRMetricsAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		`{"prs_created_count":45,"prs_opened_count":3,"prs_merged_count":38,"prs_closed_count":4,"prs_taken_over_count":2,"prs_taken_over_opened_count":1,"prs_taken_over_merged_count":1,"prs_taken_over_closed_count":0}`,
		`{"prs_created_count":45.0,"prs_opened_count":3,"prs_merged_count":38e0,"prs_closed_count":4,"prs_taken_over_count":null}`,
		`{"prs_created_count":9007199254740993,"prs_opened_count":0,"prs_merged_count":0,"prs_closed_count":0}`,
		`{"prs_created_count":-1,"prs_opened_count":0,"prs_merged_count":0,"prs_closed_count":0}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		m, err := c.PRMetrics(ctx, week, MetricsFilter{})
		if err != nil {
			return err
		}
		for _, n := range []*Count{m.Created, m.Opened, m.Merged, m.Closed, m.TakenOver, m.TakenOverOpened, m.TakenOverMerged, m.TakenOverClosed} {
			if n != nil && (*n < 0 || *n > 1<<53) {
				t.Errorf("%+v", m)
			}
		}
		if rate := m.MergeRate; rate != nil && !(0 <= *rate && *rate <= 1) {
			t.Errorf("the merge rate is %v", *rate)
		}
		return nil
	})
}

func FuzzCyclesAnswer(f *testing.F) {
	fuzzAnswer(f, []string{
		`{"items":[{"after":1764921600,"before":1767600000}],"end_cursor":null,"has_next_page":false,"total":1}`,
		`{"items":[{"after":1764921600,"before":1767600000},{"after":1762329600,"before":1764921599}]}`,
		`{"items":[{"after":1767600000,"before":1764921600}]}`, `{"items":[{"after":1764921600,"before":1764921600}]}`,
		`{"items":[{"after":1764921600},{"after":1762329600,"before":1764921600}]}`,
		`{"items":[{"after":1764921600,"before":1764921601},{"after":1577836800,"before":7258118399}]}`,
	}, func(t *testing.T, ctx context.Context, c *Client) error {
		cycles, err := c.BillingCycles(ctx)
		for i, b := range cycles {
			if i > 0 && *cycles[i-1].StartsAt < *b.StartsAt || (b.EndsAt == nil) != (b.EndDate == nil) {
				t.Errorf("cycle %d is %+v", i, b)
			}
			if b.EndsAt != nil && (*b.StartsAt >= *b.EndsAt || b.StartDate > *b.EndDate) {
				t.Errorf("cycle %s has the days %s to %s", b.Identity(), b.StartDate, b.EndDate)
			}
		}
		return err
	})
}
