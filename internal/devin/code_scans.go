package devin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// MostScanDays is the longest window that code scans are counted over, in days.
const MostScanDays = 100

// CodeScanMetrics counts the code scans of a window. All fields are set but the
// averages, which are nil where there is nothing to average.
type CodeScanMetrics struct {
	Scans        *Count `json:"scans_count" tfsdk:"scans_count" api:"required"`
	ReposScanned *Count `json:"repos_scanned_count" tfsdk:"repos_scanned_count" api:"required"`

	// Findings that are open now, not at the end of the window.
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

// CodeScanMetrics counts the code scans of a window of UTC days, MostScanDays at
// the most. Callers share the result, and must not write to it.
//
// https://docs.devin.ai/api-reference/v3/code-scans/enterprise-code-scans-metrics
func (c *Client) CodeScanMetrics(ctx context.Context, w Window, orgIDs []string) (*CodeScanMetrics, error) {
	q := w.utcQuery(url.Values{})
	addTo(q, "org_ids", orgIDs...)
	return getCount(ctx, c, rest.Request{
		Path: c.path("code-scans", "metrics"), Query: q, Permission: c.permission(CodeScansPermission), Shared: true,
	}, func(m *CodeScanMetrics) Count {
		return max(*m.Scans, *m.ReposScanned, *m.OpenCritical, *m.OpenHigh, *m.OpenMedium, *m.OpenLow, *m.PRsCreated, *m.PRsOpen, *m.PRsMerged, *m.PRsClosed)
	})
}

// Severities returns the severities of findings, the worst first.
func Severities() []string { return []string{"critical", "high", "medium", "low"} }

// CodeScanFinding is a finding of a code scan. Pointers are nil where Devin says nothing.
type CodeScanFinding struct {
	FindingID      string   `json:"finding_id" tfsdk:"finding_id" api:"required"`
	Severity       *string  `json:"severity" tfsdk:"severity"`
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

// Check spells the severity as the documentation does.
func (f *CodeScanFinding) Check() error {
	if f.Severity != nil {
		severity := strings.ToLower(*f.Severity)
		f.Severity = &severity
	}
	return nil
}

// FindingFilter narrows a list of findings. An empty field does not.
type FindingFilter struct {
	OrgIDs     []string // not for a client of one organization
	Severities []string
	Statuses   []string // open, dismissed or resolved
	ScanID     string
	RepoName   string
	Limit      int // more findings are a LongListError; 0 is no limit
}

// CodeScanFindings lists the findings in the enterprise or in one organization, the
// worst first, then the newest.
//
// A finding that does not pass the filters is left out. A filter that no finding shows
// is probed, which may give ErrFilterIgnored. An older deployment does not show the
// severity of a finding: then the list is read again for each severity.
//
// https://docs.devin.ai/api-reference/v3/code-scans/enterprise-code-scans-findings
func (c *Client) CodeScanFindings(ctx context.Context, f FindingFilter) ([]CodeScanFinding, error) {
	every := func(*CodeScanFinding) bool { return true }
	findings, err := collectFiltered(ctx, c, c.findingsRequest(f), every, f.itemFilters, compareFindings)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(findings, func(f CodeScanFinding) bool { return f.Severity == nil }) {
		if err := c.addSeverities(ctx, f, findings); err != nil {
			return nil, err
		}
		slices.SortFunc(findings, compareFindings)
	}
	return findings, nil
}

// addSeverities reads the list of each severity, and sets that of the findings on it.
func (c *Client) addSeverities(ctx context.Context, f FindingFilter, findings []CodeScanFinding) error {
	wanted := f.Severities
	if len(wanted) == 0 {
		wanted = Severities()
	}
	lists := make([][]CodeScanFinding, len(wanted))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, severity := range wanted {
		narrowed := f
		narrowed.Severities = []string{severity}
		group.Go(func() (err error) {
			keep := func(finding *CodeScanFinding) bool { return passes(narrowed.itemFilters(finding)) }
			lists[i], err = rest.Collect(groupCtx, c.rest, c.findingsRequest(narrowed), keep, compareFindings)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	severities := map[string]*string{}
	for i, list := range lists {
		severity := strings.ToLower(wanted[i])
		for _, finding := range list {
			if severities[finding.FindingID] != nil {
				return c.rest.Unexpected(c.findingsRequest(f), fmt.Errorf("%w: the finding %s is on the lists of two severities", ErrFilterIgnored, rest.Excerpt(finding.FindingID)))
			}
			severities[finding.FindingID] = &severity
		}
	}
	for i := range findings {
		findings[i].Severity = cmp.Or(findings[i].Severity, severities[findings[i].FindingID])
	}
	return nil
}

// itemFilters are the filters that are set, for a finding. Case is ignored in names of
// repositories, as by their hosts.
func (f *FindingFilter) itemFilters(finding *CodeScanFinding) []itemFilter {
	var all []itemFilter
	add := func(name string, set bool, shown *string, passes bool) {
		if set {
			all = append(all, itemFilter{[]string{name}, shown != nil, passes})
		}
	}
	add("severity", len(f.Severities) > 0, finding.Severity, matchesAny(f.Severities, orNone(finding.Severity)))
	add("status", len(f.Statuses) > 0, finding.Status, matchesAny(f.Statuses, orNone(finding.Status)))
	add("scan_id", f.ScanID != "", finding.ScanID, f.ScanID == orNone(finding.ScanID))
	add("repo_name", f.RepoName != "", finding.RepoName, matches(f.RepoName, orNone(finding.RepoName)))
	add("org_ids", len(f.OrgIDs) > 0, nil, false)
	return all
}

// compareFindings sorts the worst first; a finding without a known severity comes last.
func compareFindings(a, b CodeScanFinding) int {
	rank := func(f CodeScanFinding) int {
		if i := slices.Index(Severities(), orNone(f.Severity)); i >= 0 {
			return i
		}
		return len(Severities())
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), compareNilFirst(b.CreatedAt, a.CreatedAt), strings.Compare(a.FindingID, b.FindingID))
}

func (c *Client) findingsRequest(f FindingFilter) rest.Request {
	q := url.Values{}
	addTo(q, "org_ids", f.OrgIDs...)
	addTo(q, "severity", f.Severities...)
	addTo(q, "status", f.Statuses...)
	addTo(q, "scan_id", f.ScanID)
	addTo(q, "repo_name", f.RepoName)
	return rest.Request{Path: c.path("code-scans", "findings"), Query: q, Permission: c.permission(CodeScansPermission), Shared: true, Limit: f.Limit}
}
