package devintest

import (
	"fmt"
	"slices"
	"time"
)

// Finding is what a code scan found, as the API lists it.
type Finding struct {
	ID             string    `json:"finding_id"`
	ScanID         string    `json:"scan_id"`
	SessionID      *string   `json:"session_id"`
	Orchestrator   *string   `json:"orchestrator_session_id"`
	RepoName       string    `json:"repo_name"`
	Title          string    `json:"title"`
	Category       *string   `json:"category"`
	Description    *string   `json:"description"`
	Recommendation *string   `json:"recommendation"`
	Note           *string   `json:"note"`
	PRURL          *string   `json:"pr_url"`
	CodeOwners     []string  `json:"code_owners"`
	CreatedAt      int64     `json:"created_at"`
	Snippets       []Snippet `json:"reference_snippets"`
	Severity       string    `json:"severity"`
	Status         string    `json:"status"`
	OrgID          string    `json:"-"`
}

// Snippet is a place in the code.
type Snippet struct {
	FilePath   string  `json:"file_path"`
	StartLine  int     `json:"start_line"`
	EndLine    int     `json:"end_line"`
	Code       *string `json:"code"`
	Commentary string  `json:"commentary"`
}

var (
	severities      = [...]string{"critical", "high", "medium", "low"}
	findingStatuses = [...]string{"open", "dismissed", "resolved"}
	findingTitles   = [...]string{"SQL built from a request", "Secret in a log line", "Outdated TLS", "Unchecked redirect"}
)

// Findings are those of all scans, newest first.
func (s *Server) Findings() []Finding { return s.company.findings() }

const scanEvery = 3 // days

func (c *company) findings() []Finding {
	all := []Finding{}
	for day := c.today() - 1; day > max(c.today()-90, c.firstDay); day-- {
		if day%scanEvery != 0 {
			continue
		}
		n := mix(c.seed ^ uint64(day)<<13)
		org := int(n % uint64(max(len(c.orgs), 1)))
		if len(c.orgs) == 0 || n>>8%3 == 0 {
			continue
		}
		f := Finding{
			ID: "finding-" + longHex(n)[:12], ScanID: "scan-" + longHex(n ^ 1)[:12], RepoName: sessionRepos[n>>12%3],
			Title: findingTitles[n>>16%4], Category: new("injection"), Description: new("Found by reading, line by line."),
			CodeOwners: []string{"@acme/security"}, CreatedAt: unixDay(day) + 7200, OrgID: c.orgs[org].OrgID,
			Snippets: []Snippet{{"src/app.py", 10, 12, nil, "here"}},
			Severity: severities[n>>20%4], Status: findingStatuses[[5]int{0, 0, 0, 1, 2}[n>>28%5]],
		}
		if n>>32%2 == 0 {
			f.PRURL = new(fmt.Sprintf("https://github.com/%s/pull/%d", f.RepoName, n>>40%9000))
		}
		all = append(all, f)
	}
	return all
}

func (c *call) findings() answer {
	orgIDs := c.filter().OrgIDs
	return c.page(listOf(c.company.findings(), func(f *Finding) bool {
		return c.allows("severity", f.Severity) && c.allows("status", f.Status) && c.allows("scan_id", f.ScanID) && c.allows("repo_name", f.RepoName) &&
			(len(orgIDs) == 0 || slices.Contains(orgIDs, f.OrgID))
	}))
}

// ScanCounts are what the API counts of code scans.
type ScanCounts struct {
	Scans, Repos                              int64
	BySeverity                                map[string]int64
	PRsCreated, PRsOpen, PRsMerged, PRsClosed int64
}

// ScanCounts counts the scans from one instant up to another, and the findings that
// are open now.
func (s *Server) ScanCounts(orgIDs []string, from, to time.Time) ScanCounts {
	return s.company.countScans(orgIDs, from.Unix(), to.Unix())
}

func (c *company) countScans(orgIDs []string, after, before int64) ScanCounts {
	n := ScanCounts{BySeverity: map[string]int64{}}
	repos := map[string]bool{}
	for _, f := range c.findings() {
		if len(orgIDs) > 0 && !slices.Contains(orgIDs, f.OrgID) {
			continue
		}
		if f.Status == "open" {
			n.BySeverity[f.Severity]++
		}
		if f.CreatedAt < after || f.CreatedAt >= before {
			continue
		}
		n.Scans++
		repos[f.RepoName] = true
		if f.PRURL == nil {
			continue
		}
		n.PRsCreated++
		switch f.Status {
		case "resolved":
			n.PRsMerged++
		case "dismissed":
			n.PRsClosed++
		default:
			n.PRsOpen++
		}
	}
	n.Repos = int64(len(repos))
	return n
}

func (c *call) scanMetrics() answer {
	if refused, is := c.tooLong(); is {
		return refused
	}
	orgIDs := c.filter().OrgIDs
	n := c.company.countScans(orgIDs, c.window.after, c.until())
	if c.server.opts.Quirks.ScanPRsOfNow {
		all := c.company.countScans(orgIDs, 0, lastSecond)
		n.PRsOpen, n.PRsMerged, n.PRsClosed = all.PRsOpen, all.PRsMerged, all.PRsClosed
	}
	counts := map[string]any{
		"scans_count": n.Scans, "repos_scanned_count": n.Repos, "prs_created_count": n.PRsCreated, "prs_open_count": n.PRsOpen,
		"prs_merged_count": n.PRsMerged, "prs_closed_count": n.PRsClosed,
		"avg_pr_open_duration_seconds": nil, "avg_pr_time_to_merge_seconds": nil,
	}
	for _, severity := range severities {
		counts["open_"+severity+"_findings_count"] = n.BySeverity[severity]
	}
	if n.PRsMerged > 0 {
		counts["avg_pr_time_to_merge_seconds"] = 86400.5
	}
	return c.answerJSON(counts)
}
