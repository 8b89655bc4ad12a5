package devin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// MostScanDays is the longest window that code scans are counted over, in days.
const MostScanDays = 100

// CodeScanMetrics counts the code scans of a window. All fields of an answer are
// set but the averages, which are nil where there is nothing to take one of.
type CodeScanMetrics struct {
	Scans        *Count `json:"scans_count" tfsdk:"scans_count" api:"required"`
	ReposScanned *Count `json:"repos_scanned_count" tfsdk:"repos_scanned_count" api:"required"`

	// Findings that are open now, and not at the end of the window.
	OpenCritical *Count `json:"open_critical_findings_count" tfsdk:"open_critical_findings_count" api:"required"`
	OpenHigh     *Count `json:"open_high_findings_count" tfsdk:"open_high_findings_count" api:"required"`
	OpenMedium   *Count `json:"open_medium_findings_count" tfsdk:"open_medium_findings_count" api:"required"`
	OpenLow      *Count `json:"open_low_findings_count" tfsdk:"open_low_findings_count" api:"required"`

	PRsCreated *Count `json:"prs_created_count" tfsdk:"prs_created_count" api:"required"`
	PRsOpen    *Count `json:"prs_open_count" tfsdk:"prs_open_count" api:"required"`
	PRsMerged  *Count `json:"prs_merged_count" tfsdk:"prs_merged_count" api:"required"`
	PRsClosed  *Count `json:"prs_closed_count" tfsdk:"prs_closed_count" api:"required"`

	// Averages, in seconds.
	AverageOpen  *Seconds `json:"avg_pr_open_duration_seconds" tfsdk:"avg_pr_open_duration_seconds"`
	AverageMerge *Seconds `json:"avg_pr_time_to_merge_seconds" tfsdk:"avg_pr_time_to_merge_seconds"`
}

// Seconds is a length of time.
type Seconds float64

// Check refuses a negative one.
func (s Seconds) Check() error {
	if s < 0 {
		return fmt.Errorf("%g seconds are negative, and a length of time cannot be", float64(s))
	}
	return nil
}

// Check also refuses a part that is larger than its whole.
func (m *CodeScanMetrics) Check() error {
	if err := rest.CheckFields(m); err != nil {
		return err
	}
	for name, part := range map[string]*Count{"prs_open_count": m.PRsOpen, "prs_merged_count": m.PRsMerged, "prs_closed_count": m.PRsClosed} {
		if *part > *m.PRsCreated {
			return fmt.Errorf("the field %s is %d and prs_created_count is %d, and a part cannot be larger than the whole", name, *part, *m.PRsCreated)
		}
	}
	return nil
}

// CodeScanMetrics counts the code scans of a window of UTC days, MostScanDays at
// the most. Callers share the result, and must not write to it.
//
// https://docs.devin.ai/api-reference/v3/overview
func (c *Client) CodeScanMetrics(ctx context.Context, w Window, orgIDs []string) (*CodeScanMetrics, error) {
	q := w.utcQuery(url.Values{})
	if len(orgIDs) > 0 {
		q["org_ids"] = orgIDs
	}
	return rest.Get[CodeScanMetrics](ctx, c.rest, rest.Request{
		Path: c.path("code-scans", "metrics"), Query: q, Permission: c.permission(CodeScansPermission), Shared: true,
	})
}

// Severities of a finding, the worst first.
func Severities() []string { return []string{"critical", "high", "medium", "low"} }

// CodeScanFinding is what a code scan found. Which fields Devin leaves out is not
// documented: a pointer is nil where it does.
type CodeScanFinding struct {
	FindingID      string   `json:"finding_id" tfsdk:"finding_id" api:"required"`
	Severity       *string  `json:"severity" tfsdk:"severity"` // never nil in a result
	Status         *string  `json:"status" tfsdk:"status"`
	ScanID         *string  `json:"scan_id" tfsdk:"scan_id"`
	SessionID      *string  `json:"session_id" tfsdk:"session_id"`
	RepoName       *string  `json:"repo_name" tfsdk:"repo_name"`
	Title          *string  `json:"title" tfsdk:"title"`
	Category       *string  `json:"category" tfsdk:"category"`
	Description    *string  `json:"description" tfsdk:"description"`
	Recommendation *string  `json:"recommendation" tfsdk:"recommendation"`
	PRURL          *string  `json:"pr_url" tfsdk:"pr_url"`
	CreatedAt      *Instant `json:"created_at" tfsdk:"created_at"`
}

// Identity is the id.
func (f *CodeScanFinding) Identity() string { return f.FindingID }

// Check wants the id.
func (f *CodeScanFinding) Check() error { return rest.CheckFields(f) }

// FindingFilter narrows a list of findings. What is empty does not.
type FindingFilter struct {
	OrgIDs     []string
	Severities []string
	Statuses   []string // open, dismissed or resolved
	ScanID     string
	RepoName   string
	Limit      int // more findings are a LongListError; 0 is no limit
}

// CodeScanFindings lists what code scans found in the enterprise, the worst first,
// then the newest. Devin lists no findings for an organization alone.
//
// A finding is not documented to show its severity, so Devin is asked once for each
// severity. A finding that comes twice, or shows another one, or another status,
// than was asked for is an error with the cause ErrFilterIgnored.
func (c *Client) CodeScanFindings(ctx context.Context, f FindingFilter) ([]CodeScanFinding, error) {
	wanted := f.Severities
	if len(wanted) == 0 {
		wanted = Severities()
	}
	byID := map[string]CodeScanFinding{}
	statusUnseen := false
	for _, severity := range Severities() {
		if !slices.Contains(wanted, severity) {
			continue
		}
		r := findingsRequest(f, severity)
		r.Limit = f.Limit
		here := map[string]bool{}
		for finding, err := range rest.List[CodeScanFinding](ctx, c.rest, r) {
			if err != nil {
				return nil, err
			}
			_, known := byID[finding.FindingID]
			switch {
			case known && !here[finding.FindingID], finding.Severity != nil && *finding.Severity != severity:
				return nil, c.rest.BrokenList(r, fmt.Errorf("%w: the finding %s is on the list for the severity %s, and has another one", ErrFilterIgnored, finding.FindingID, severity))
			case len(f.Statuses) > 0 && finding.Status != nil && !slices.Contains(f.Statuses, *finding.Status):
				return nil, c.rest.BrokenList(r, fmt.Errorf("%w: the finding %s has the status %s, which was not asked for", ErrFilterIgnored, finding.FindingID, *finding.Status))
			}
			statusUnseen = statusUnseen || finding.Status == nil
			finding.Severity, here[finding.FindingID] = &severity, true
			if len(f.Statuses) == 1 {
				finding.Status = &f.Statuses[0]
			}
			byID[finding.FindingID] = finding
			if f.Limit > 0 && len(byID) > f.Limit {
				return nil, &LongListError{Limit: f.Limit}
			}
		}
	}
	if err := c.checkFindingFilters(ctx, f, len(wanted) == 1, len(f.Statuses) > 0 && statusUnseen, len(byID)); err != nil {
		return nil, err
	}
	return sortedValues(byID, func(a, b CodeScanFinding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Severities(), *a.Severity), slices.Index(Severities(), *b.Severity)),
			compareInstants(b.CreatedAt, a.CreatedAt), strings.Compare(a.FindingID, b.FindingID))
	}), nil
}

func findingsRequest(f FindingFilter, severity string) rest.Request {
	q := url.Values{"severity": {severity}}
	for key, values := range map[string][]string{"org_ids": f.OrgIDs, "status": f.Statuses} {
		if len(values) > 0 {
			q[key] = values
		}
	}
	for key, value := range map[string]string{"scan_id": f.ScanID, "repo_name": f.RepoName} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return rest.Request{Path: []string{"enterprise", "code-scans", "findings"}, Query: q, Permission: CodeScansPermission, Shared: true}
}

// checkFindingFilters asks for findings that cannot exist, where the lists did not
// show that Devin heeds a filter.
func (c *Client) checkFindingFilters(ctx context.Context, f FindingFilter, severity, status bool, found int) error {
	check := func(key string, r rest.Request) error {
		empty, err := rest.IsEmpty(ctx, c.rest, r)
		switch {
		case err != nil:
			return heeded(err)
		case !empty:
			return c.rest.BrokenList(r, fmt.Errorf("%w: asked with a %s that no finding has, it lists findings", ErrFilterIgnored, key))
		}
		return nil
	}
	if found == 0 {
		return nil // a list that is not filtered has at least as many
	}
	if severity {
		if err := check("severity", findingsRequest(f, nobody)); err != nil {
			return err
		}
	}
	if !status {
		return nil
	}
	f.Statuses = []string{nobody}
	r := findingsRequest(f, "")
	r.Query.Del("severity")
	return check("status", r)
}

// compareInstants puts what is not known first.
func compareInstants(a, b *Instant) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}
