package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func findingItem(id string, createdAt int, more ...string) string {
	return fmt.Sprintf(`{"finding_id":%q,"created_at":%d%s}`, id, createdAt, strings.Join(append([]string{""}, more...), ","))
}

func TestFindingsAreRightWhateverTheServerFilters(t *testing.T) {
	t.Parallel()
	body := page(strings.Join([]string{
		findingItem("low", 1770000000, `"severity":"low"`, `"status":"open"`, `"repo_name":"acme/app"`, `"scan_id":"scan-1"`),
		findingItem("critical", 1770000000, `"severity":"CRITICAL"`, `"status":"Open"`, `"repo_name":"acme/app"`, `"scan_id":"scan-2"`),
		findingItem("high", 1770000000, `"severity":"high"`, `"status":"resolved"`, `"repo_name":"acme/web"`, `"scan_id":"scan-1"`),
		findingItem("newer-high", 1770000001, `"severity":"high"`, `"status":"dismissed"`, `"repo_name":"acme/web"`, `"scan_id":"scan-1"`),
		findingItem("informational", 1770000000, `"severity":"informational"`, `"status":"open"`, `"repo_name":"acme/app"`, `"scan_id":"scan-3"`),
	}, ","))
	for name, tt := range map[string]struct {
		filter FindingFilter
		want   string // the worst first, then the newest
	}{
		"none":         {FindingFilter{}, "critical newer-high high low informational"},
		"severities":   {FindingFilter{Severities: []string{"critical", "low"}}, "critical low"},
		"upper case":   {FindingFilter{Severities: []string{"HIGH"}}, "newer-high high"},
		"statuses":     {FindingFilter{Statuses: []string{"open"}}, "critical low informational"},
		"a scan":       {FindingFilter{ScanID: "scan-1"}, "newer-high high low"},
		"a repository": {FindingFilter{RepoName: "Acme/App"}, "critical low informational"},
		"all":          {FindingFilter{Severities: []string{"high"}, Statuses: []string{"resolved"}, ScanID: "scan-1", RepoName: "acme/web"}, "high"},
		"nothing":      {FindingFilter{Severities: []string{"low"}, Statuses: []string{"resolved"}}, ""},
	} {
		for _, orgID := range []string{"", "org-1"} {
			c, requests := serve(t, func(r *http.Request) (int, string) {
				if want := scopePath(orgID) + "/code-scans/findings"; r.URL.Path != want {
					t.Errorf("%s asks for %s, want %s", name, r.URL.Path, want)
				}
				return http.StatusOK, body
			})
			notices, err := noticed(t, func(ctx context.Context) error {
				findings, err := c.In(orgID).CodeScanFindings(ctx, tt.filter)
				if got := findingIDs(findings); got != tt.want {
					t.Errorf("%s: got %s, want %s", name, got, tt.want)
				}
				return err
			})
			if err != nil || notices != nil || requests.Load() != 1 {
				t.Errorf("%s: %v, %q, %d requests", name, err, notices, requests.Load())
			}
		}
	}
}

// scopePath is the root of the paths of an organization, or of the enterprise.
func scopePath(orgID string) string {
	if orgID == "" {
		return "/v3/enterprise"
	}
	return "/v3/organizations/" + orgID
}

func findingIDs(findings []CodeScanFinding) string {
	var ids []string
	for _, f := range findings {
		ids = append(ids, f.FindingID)
	}
	return strings.Join(ids, " ")
}

func TestFindingsOfOrganizationsAreProbed(t *testing.T) {
	t.Parallel()
	body := page(findingItem("a", 1770000000, `"severity":"low"`))
	filter := FindingFilter{OrgIDs: []string{"org-1"}}
	if got, err := serveOne(t, body).CodeScanFindings(t.Context(), filter); got != nil || !errors.Is(err, ErrFilterIgnored) || !strings.Contains(err.Error(), "does not depend on org_ids") {
		t.Errorf("got %v, %v", got, err)
	}
	c, requests := serve(t, func(r *http.Request) (int, string) {
		if probes(r) {
			return http.StatusOK, page("")
		}
		return http.StatusOK, body
	})
	if got, err := c.CodeScanFindings(t.Context(), filter); err != nil || len(got) != 1 || requests.Load() != 2 {
		t.Errorf("got %v, %v with %d requests", got, err, requests.Load())
	}
}

// An older deployment filters by severity and status, and shows neither.
func TestAHiddenSeverityIsThatOfTheListThatHasTheFinding(t *testing.T) {
	t.Parallel()
	severities := map[string]string{"a": "low", "b": "critical", "c": "high"}
	serveOld := func(apply bool) *Client {
		c, _ := serve(t, func(r *http.Request) (int, string) {
			wanted := r.URL.Query()["severity"]
			var items []string
			for id, severity := range severities {
				if len(wanted) == 0 || slices.Contains(wanted, severity) || !apply {
					items = append(items, findingItem(id, 1770000000))
				}
			}
			return http.StatusOK, page(strings.Join(items, ","))
		})
		return c
	}
	for want, filter := range map[string]FindingFilter{
		"b critical c high a low": {}, "b critical c high": {Severities: []string{"high", "critical"}}, "c high": {Severities: []string{"high"}}, "": {Severities: []string{"medium"}},
	} {
		findings, err := serveOld(true).CodeScanFindings(t.Context(), filter)
		var got []string
		for _, f := range findings {
			got = append(got, f.FindingID, orNone(f.Severity))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%+v: got %q, %v, want %q", filter, got, err, want)
		}
	}
	for _, filter := range []FindingFilter{{}, {Severities: []string{"high"}}} {
		if got, err := serveOld(false).CodeScanFindings(t.Context(), filter); got != nil || !errors.Is(err, ErrFilterIgnored) {
			t.Errorf("%+v: got %v, %v", filter, got, err)
		}
	}
}

func TestCodeScanMetricsMayHaveMoreOpenOrMergedThanCreated(t *testing.T) {
	t.Parallel()
	body := strings.NewReplacer(`"prs_open_count":0`, `"prs_open_count":4`, `"prs_merged_count":0`, `"prs_merged_count":9`, `"avg_pr_open_duration_seconds":null`, `"avg_pr_open_duration_seconds":86400.5`).
		Replace(scansBody(1))
	notices, err := noticed(t, func(ctx context.Context) error {
		m, err := serveOne(t, body).CodeScanMetrics(ctx, week, nil)
		if err == nil && (*m.PRsOpen != 4 || *m.PRsMerged != 9 || *m.PRsCreated != 0 || *m.AverageOpen != 86400.5 || m.AverageMerge != nil) {
			t.Errorf("got %+v", m)
		}
		return err
	})
	if err != nil || notices != nil {
		t.Errorf("%v, %q", err, notices)
	}
}
