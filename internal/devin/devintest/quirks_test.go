package devintest_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// values are those of a key on a list of a few days; a key that is not there has
// none.
func values(t *testing.T, s *devintest.Server, path, key string) (found []any) {
	t.Helper()
	query := url.Values{}
	switch path {
	case auditPath:
		query = october(3)
	case "/v3/enterprise/sessions":
		query = created(billingDay(2026, 10, 1), billingDay(2026, 10, 4))
	}
	for _, item := range everything[map[string]any](t, s, path, query) {
		if value, ok := item[key]; ok {
			found = append(found, value)
		}
	}
	return found
}

func TestQuirksChangeItems(t *testing.T) {
	const (
		hypervisors = "/v3/enterprise/hypervisors"
		findings    = "/v3/enterprise/code-scans/findings"
		limits      = "/v3/enterprise/consumption/acu-limits/devin"
		services    = "/v3/enterprise/members/service-users"
	)
	has := func(want any) func([]any) bool { return func(found []any) bool { return slices.Contains(found, want) } }
	lacks := func(want any) func([]any) bool {
		return func(found []any) bool { return !slices.Contains(found, want) }
	}
	none := func(found []any) bool { return len(found) == 0 }
	for name, test := range map[string]struct {
		quirks    devintest.Quirks
		path, key string
		want      func([]any) bool
	}{
		"never is null":             {devintest.Quirks{}, services, "expires_at", has(nil)},
		"never is 0":                {devintest.Quirks{Never: devintest.NeverIsZero}, services, "expires_at", has(0.0)},
		"never is the year 9999":    {devintest.Quirks{Never: devintest.NeverIs9999}, hypervisors, "last_heartbeat", has(253402300799.0)},
		"never is 0 for joined":     {devintest.Quirks{Never: devintest.NeverIsZero}, membersPath, "enterprise_joined_at", has(0.0)},
		"capitals of a status":      {devintest.Quirks{UpperCase: true}, hypervisors, "status", has("AVAILABLE")},
		"capitals of a severity":    {devintest.Quirks{UpperCase: true}, findings, "severity", lacks("high")},
		"capitals of a scope":       {devintest.Quirks{UpperCase: true}, limits, "scope", has("ORG")},
		"a utilization of nothing":  {devintest.Quirks{MeansAreNull: true}, hypervisors, "utilization_percentage", has(nil)},
		"data that is missing":      {devintest.Quirks{AuditData: devintest.Absent}, auditPath, "data", none},
		"data that is null":         {devintest.Quirks{AuditData: devintest.AsNull}, auditPath, "data", has(nil)},
		"nulls of sessions":         {devintest.Quirks{Nulls: true}, "/v3/enterprise/sessions", "child_session_ids", has(nil)},
		"nulls of findings":         {devintest.Quirks{Nulls: true}, findings, "title", has(nil)},
		"archived only if so":       {devintest.Quirks{ArchivedIfTrue: true}, "/v3/enterprise/sessions", "is_archived", lacks(false)},
		"machines that are there":   {devintest.Quirks{AvailableByDefault: true}, hypervisors, "status", lacks("terminated")},
		"a severity left out":       {devintest.Quirks{FindingsAreShort: true}, findings, "severity", none},
		"an open cycle":             {devintest.Quirks{OpenCycles: 2}, cyclesPath, "before", func(b []any) bool { return b[11] == nil && b[12] == nil && b[10] != nil }},
		"a mode of some sessions":   {devintest.Quirks{}, "/v3/enterprise/sessions", "devin_mode", has("fusion")},
		"honest as a whole: nulls":  {devintest.Quirks{Honest: true}, findings, "title", has(nil)},
		"honest: what is available": {devintest.Quirks{Honest: true}, hypervisors, "status", lacks("draining")},
	} {
		s := start(t, devintest.Options{PageSize: 200, Quirks: test.quirks})
		s.SetLimits(func(l *devintest.Limits) { l.Organizations[s.Organizations()[0].OrgID] = 5 })
		if found := values(t, s, test.path, test.key); !test.want(found) {
			t.Errorf("%s: %.300v", name, found)
		}
	}
	s := start(t, devintest.Options{Quirks: devintest.Quirks{MeansAreNull: true, EmptyLastPeriod: true}})
	if body := get(t, s, "/v3/enterprise/metrics/sessions"+window(billingDay(2030, 1, 1), billingDay(2030, 1, 2))).body; !strings.Contains(body, `"avg_acus_per_session":null`) {
		t.Error(body)
	}
	if body := get(t, s, "/v3/enterprise/metrics/dau?time_after=1793404800&time_before=1793491200").body; !strings.HasSuffix(body, `{"active_users":0,"start_time":1793491200,"end_time":1793491200}]`) {
		t.Error(body)
	}
}

func TestFreeFormObjectsHaveWildKeys(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 200, Quirks: devintest.Quirks{WildKeys: true}})
	for path, key := range map[string]string{auditPath: "data", "/v3/enterprise/sessions": "structured_output"} {
		for _, value := range values(t, s, path, key) {
			object, _ := value.(map[string]any)
			if object["USER_ID"] != "1" || object["user_id"] != "2" || len(object) < 8 {
				t.Fatalf("%s: %v", path, object)
			}
		}
	}
}

func TestMergesMayExceedCreatedPullRequests(t *testing.T) {
	quirks := devintest.Quirks{MergesFollow: true, ScanPRsOfNow: true}
	s := start(t, devintest.Options{Quirks: quirks})
	// A Sunday, and the Friday before it.
	sunday, friday := billingDay(2026, 10, 11), billingDay(2026, 10, 9)
	w := window(sunday, sunday.AddDate(0, 0, 1))
	usage := read[map[string]int64](t, get(t, s, "/v3/enterprise/metrics/usage"+w))
	if want := s.PRs(devintest.Filter{}, friday, friday.AddDate(0, 0, 1)).Merged; usage["prs_merged_count"] != want || want <= usage["prs_created_count"] {
		t.Errorf("%v, and %d were merged", usage, want)
	}
	sessions := read[sessionMetrics](t, get(t, s, "/v3/enterprise/metrics/sessions"+w))
	if sessions.Merged <= sessions.Created || sumOf(sessions.BySize2) != sessions.Merged {
		t.Errorf("%+v", sessions)
	}
	scans := read[map[string]float64](t, get(t, s, "/v3/enterprise/code-scans/metrics"+w))
	if scans["prs_open_count"] <= scans["prs_created_count"] {
		t.Errorf("%v", scans)
	}
}
