package devin

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// MetricsFilter narrows what is counted. Its zero value does not; nor does an empty
// list.
type MetricsFilter struct {
	OrgIDs         []string // not for a client of one organization
	UserIDs        []string
	ServiceUserIDs []string
	PlaybookID     string
}

// metricsRequest asks for one kind of metrics.
func (c *Client) metricsRequest(kind string, w Window, f MetricsFilter) rest.Request {
	q := w.query(url.Values{})
	addTo(q, "org_ids", f.OrgIDs...)
	addTo(q, "user_ids", f.UserIDs...)
	addTo(q, "service_user_ids", f.ServiceUserIDs...)
	addTo(q, "playbook_id", f.PlaybookID)
	return rest.Request{Path: c.path("metrics", kind), Query: q, Permission: c.permission(MetricsPermission), Shared: true}
}

// Counts are numbers of things by a name; the set of names is open. A name that
// the API gives no number for is absent.
type Counts map[string]Count

// UnmarshalJSONFrom leaves out what is null.
func (c *Counts) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var numbers map[string]*Count
	if err := json.UnmarshalDecode(d, &numbers); err != nil {
		return err
	}
	if numbers == nil {
		return nil
	}
	*c = Counts{}
	for name, n := range numbers {
		if n != nil {
			(*c)[name] = *n
		}
	}
	return nil
}

func (c Counts) sum() (n Count) {
	for _, part := range c {
		n += part
	}
	return n
}

// SessionMetrics counts the sessions created in a window. All fields of an answer
// are set but AverageACUs.
type SessionMetrics struct {
	Created *Count `json:"sessions_created_count" tfsdk:"sessions_created_count" api:"required"`
	// AverageACUs is in ACUs for each session; nil where none was created.
	AverageACUs *ACUs `json:"avg_acus_per_session" tfsdk:"avg_acus_per_session"`
	// ByOrigin need not add up to Created: the API leaves older origins out.
	ByOrigin Counts `json:"sessions_created_by_origin" tfsdk:"sessions_created_by_origin" api:"required"`
	BySize   Counts `json:"sessions_created_by_size" tfsdk:"sessions_created_by_size" api:"required"`

	WithPlaybook *Count `json:"sessions_created_with_playbook_count" tfsdk:"sessions_created_with_playbook_count" api:"required"`
	WithSearch   *Count `json:"sessions_created_with_search_count" tfsdk:"sessions_created_with_search_count" api:"required"`
	// WithMergedPRs need not have been created in the window.
	WithMergedPRs       *Count `json:"sessions_with_merged_prs_count" tfsdk:"sessions_with_merged_prs_count" api:"required"`
	WithMergedPRsBySize Counts `json:"sessions_with_merged_prs_by_size" tfsdk:"sessions_with_merged_prs_by_size" api:"required"`
}

// SessionMetrics counts the sessions created in a window. Callers share the
// result, and must not write to it.
//
// https://docs.devin.ai/api-reference/v3/metrics/metrics-sessions
func (c *Client) SessionMetrics(ctx context.Context, w Window, f MetricsFilter) (*SessionMetrics, error) {
	r := c.metricsRequest("sessions", w, f)
	m, err := getCount(ctx, c, r, func(m *SessionMetrics) Count { return max(*m.Created, *m.WithMergedPRs) })
	if err != nil {
		return nil, err
	}
	for _, part := range []struct {
		name  string
		n     Count
		whole string
		most  Count
	}{
		{"sessions_created_with_playbook_count", *m.WithPlaybook, "sessions_created_count", *m.Created},
		{"sessions_created_with_search_count", *m.WithSearch, "sessions_created_count", *m.Created},
		{"the sum of sessions_created_by_origin", m.ByOrigin.sum(), "sessions_created_count", *m.Created},
		{"the sum of sessions_created_by_size", m.BySize.sum(), "sessions_created_count", *m.Created},
		{"the sum of sessions_with_merged_prs_by_size", m.WithMergedPRsBySize.sum(), "sessions_with_merged_prs_count", *m.WithMergedPRs},
	} {
		if part.n > part.most {
			c.rest.Notice(ctx, r, NoticeTotals, "%s is %d and %s is %d", part.name, part.n, part.whole, part.most)
		}
	}
	return m, nil
}

// SessionCategories are what sessions were about. All fields of an answer are set.
type SessionCategories struct {
	// Categories are sorted by Category.
	Categories []SessionCategory `json:"categories" tfsdk:"categories" api:"required"`
	// TotalACUs and Sessions are those of all Categories.
	TotalACUs *float64 `json:"-" tfsdk:"total_acus"`
	Sessions  *Count   `json:"-" tfsdk:"sessions_count"`
}

// Check also sorts the categories and adds them up.
func (s *SessionCategories) Check() error {
	slices.SortFunc(s.Categories, func(a, b SessionCategory) int { return strings.Compare(*a.Category, *b.Category) })
	acus, sessions := make([]float64, len(s.Categories)), Count(0)
	for i, category := range s.Categories {
		acus[i], sessions = float64(*category.ACUs), sessions+*category.Sessions
		slices.SortFunc(category.Subcategories, func(a, b SessionSubcategory) int {
			return cmp.Or(strings.Compare(*a.DisplayName, *b.DisplayName), compareTexts(a.SubcategoryID, b.SubcategoryID))
		})
	}
	total := SumACUs(acus)
	s.TotalACUs, s.Sessions = &total, &sessions
	return nil
}

// SessionCategory is a category of sessions, and what they consumed, in ACUs.
type SessionCategory struct {
	Category *string `json:"category" tfsdk:"category" api:"required"`
	ACUs     *ACUs   `json:"acus" tfsdk:"acus" api:"required"`
	Sessions *Count  `json:"sessions_count" tfsdk:"sessions_count" api:"required"`
	// Subcategories are sorted by DisplayName and SubcategoryID.
	Subcategories []SessionSubcategory `json:"subcategories" tfsdk:"subcategories" api:"required"`
}

// SessionSubcategory is a part of a SessionCategory.
type SessionSubcategory struct {
	// SubcategoryID is nil for what has no subcategory of its own.
	SubcategoryID *string `json:"subcategory_id" tfsdk:"subcategory_id"`
	DisplayName   *string `json:"display_name" tfsdk:"display_name" api:"required"`
	ACUs          *ACUs   `json:"acus" tfsdk:"acus" api:"required"`
	Sessions      *Count  `json:"sessions_count" tfsdk:"sessions_count" api:"required"`
}

// SessionCategories reads what the enterprise's sessions of a window were about;
// of f only OrgIDs count. Callers share the result, and must not write to it.
// Devin has them for the enterprise only.
//
// https://docs.devin.ai/sdk/api/classes/EnterpriseMetricsClient
func (c *Client) SessionCategories(ctx context.Context, w Window, f MetricsFilter) (*SessionCategories, error) {
	r := c.metricsRequest("sessions-by-category", w, MetricsFilter{OrgIDs: f.OrgIDs})
	found, err := getCount(ctx, c, r, func(s *SessionCategories) (n Count) {
		for _, category := range s.Categories {
			n = max(n, *category.Sessions)
			if *category.ACUs > 0 {
				n = max(n, 1)
			}
		}
		return n
	})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, category := range found.Categories {
		if text := category.oddity(); text != "" {
			c.rest.Notice(ctx, r, NoticeTotals, "%s", text)
		}
		name := *category.Category
		if seen[name] {
			c.rest.Notice(ctx, r, NoticeTotals, "the category %q comes twice", rest.Excerpt(name))
		}
		seen[name] = true
	}
	return found, nil
}

// oddity says where the subcategories are more than the category that they are parts of.
func (s *SessionCategory) oddity() string {
	sessions, acus := Count(0), make([]float64, len(s.Subcategories))
	for i, part := range s.Subcategories {
		sessions, acus[i] = sessions+*part.Sessions, float64(*part.ACUs)
	}
	whole, sum := float64(*s.ACUs), SumACUs(acus)
	// How the API rounds is not documented.
	slack := 0.01*float64(len(acus)+1) + 0.01*math.Abs(whole)
	switch {
	case sessions > *s.Sessions:
		return fmt.Sprintf("the category %q has %d sessions, and its subcategories have %d together", rest.Excerpt(*s.Category), *s.Sessions, sessions)
	case sum-whole > slack:
		return fmt.Sprintf("the category %q has %s ACUs, and its subcategories have %s together", rest.Excerpt(*s.Category), number(whole), number(sum))
	}
	return ""
}

// UsageMetrics counts what happened in a window: a pull request that is merged in it
// may have been created before. All fields of an answer are set.
type UsageMetrics struct {
	Sessions   *Count `json:"sessions_count" tfsdk:"sessions_count" api:"required"`
	Searches   *Count `json:"searches_count" tfsdk:"searches_count" api:"required"`
	PRsCreated *Count `json:"prs_created_count" tfsdk:"prs_created_count" api:"required"`
	PRsMerged  *Count `json:"prs_merged_count" tfsdk:"prs_merged_count" api:"required"`
}

// UsageMetrics counts sessions, searches and pull requests of a window. Callers
// share the result, and must not write to it.
//
// https://docs.devin.ai/api-reference/v3/metrics/organizations-metrics-usage
func (c *Client) UsageMetrics(ctx context.Context, w Window) (*UsageMetrics, error) {
	return rest.Get[UsageMetrics](ctx, c.rest, c.metricsRequest("usage", w, MetricsFilter{}))
}

// PRMetrics counts pull requests. Their state is the present one, not that at
// the window's end, so the numbers of a past window can change; and Devin only
// has all of them for repositories connected through its GitHub App. All fields
// of an answer are set but those that a comment excepts; of the zero value, none.
type PRMetrics struct {
	// Created are by Devin, in any state: open, merged or closed.
	Created *Count `json:"prs_created_count" tfsdk:"prs_created_count" api:"required"`
	// Opened are those open now; not: opened in the window.
	Opened *Count `json:"prs_opened_count" tfsdk:"prs_opened_count" api:"required"`
	Merged *Count `json:"prs_merged_count" tfsdk:"prs_merged_count" api:"required"`
	// Closed are those closed without a merge.
	Closed *Count `json:"prs_closed_count" tfsdk:"prs_closed_count" api:"required"`

	// Pull requests of others that Devin pushed commits to, counted the same way; nil
	// where the deployment is older than these counts.
	TakenOver       *Count `json:"prs_taken_over_count" tfsdk:"prs_taken_over_count"`
	TakenOverOpened *Count `json:"prs_taken_over_opened_count" tfsdk:"prs_taken_over_opened_count"`
	TakenOverMerged *Count `json:"prs_taken_over_merged_count" tfsdk:"prs_taken_over_merged_count"`
	TakenOverClosed *Count `json:"prs_taken_over_closed_count" tfsdk:"prs_taken_over_closed_count"`

	// MergeRate is Merged / Created, from 0 to 1; nil where nothing was created.
	MergeRate *float64 `json:"-" tfsdk:"merge_rate"`
}

// Check sets MergeRate.
func (m *PRMetrics) Check() error {
	if *m.Created > 0 {
		rate := float64(*m.Merged) / float64(*m.Created)
		m.MergeRate = &rate
	}
	return nil
}

// contradiction says where the counts are not the parts of a whole that the API's
// documentation calls them, and by how many; it is empty where they are.
func (m *PRMetrics) contradiction() (text string, gap Count) {
	if sum := *m.Opened + *m.Merged + *m.Closed; sum != *m.Created {
		return fmt.Sprintf("prs_created_count is %d, and prs_opened_count, prs_merged_count and prs_closed_count add up to %d", *m.Created, sum),
			max(sum-*m.Created, *m.Created-sum)
	}
	var parts Count
	for _, part := range m.counts()[5:] {
		if part.n != nil && m.TakenOver != nil && *part.n > *m.TakenOver {
			return fmt.Sprintf("%s is %d and prs_taken_over_count is %d, and a part cannot be larger than the whole", part.name, *part.n, *m.TakenOver), *part.n - *m.TakenOver
		}
		if part.n != nil {
			parts += *part.n
		}
	}
	if m.TakenOver != nil && parts > *m.TakenOver {
		return fmt.Sprintf("prs_taken_over_count is %d, and its parts, which are open, merged and closed, add up to %d", *m.TakenOver, parts), parts - *m.TakenOver
	}
	return "", 0
}

// smallGap is how many pull requests may change while the numbers that should agree are
// read one after the other.
const smallGap = 3

// PRMetrics counts the pull requests of a window. Counts that contradict one another
// twice are an error with the kind ErrNotDevin. Callers share the result, and
// must not write to it.
//
// https://docs.devin.ai/api-reference/v3/metrics/metrics-prs
func (c *Client) PRMetrics(ctx context.Context, w Window, f MetricsFilter) (*PRMetrics, error) {
	r := c.metricsRequest("prs", w, f)
	m, err := getCount(ctx, c, r, (*PRMetrics).largest)
	if err != nil {
		return nil, err
	}
	return c.consistent(ctx, w, r, m)
}

// consistent asks a second time where counts contradict one another, which may be due
// to a pull request that changed its state meanwhile. While a day of the window is
// running, a small difference may stay.
func (c *Client) consistent(ctx context.Context, w Window, r rest.Request, m *PRMetrics) (*PRMetrics, error) {
	if text, _ := m.contradiction(); text == "" {
		return m, nil
	}
	m, err := rest.Get[PRMetrics](rest.Fresh(ctx), c.rest, r)
	if err != nil {
		return nil, err
	}
	switch text, gap := m.contradiction(); {
	case text == "":
	case w.Complete(c.Now()) || gap > smallGap:
		return nil, c.rest.Unexpected(r, fmt.Errorf("%s, also when it was asked again", text))
	default:
		c.rest.Notice(ctx, r, NoticeTotals, "%s", text)
	}
	return m, nil
}

// DayPRMetrics counts the pull requests of a billing day.
type DayPRMetrics struct {
	Date Day `tfsdk:"date"`
	PRMetrics
}

// DailyPRMetrics counts the pull requests of a window, and of each of its days, with
// a request for each.
func (c *Client) DailyPRMetrics(ctx context.Context, w Window, f MetricsFilter) (*PRMetrics, []DayPRMetrics, error) {
	days := make([]DayPRMetrics, w.Len())
	var whole *PRMetrics
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		whole, err = c.PRMetrics(groupCtx, w, f)
		return err
	})
	for i := range days {
		group.Go(func() error {
			day := w.Start + Day(i)
			of := Window{day, day}
			r := c.metricsRequest("prs", of, f)
			m, err := rest.Get[PRMetrics](groupCtx, c.rest, r) // the whole window shows whether the filters are applied
			if err == nil {
				m, err = c.consistent(groupCtx, of, r, m)
			}
			if err == nil {
				days[i] = DayPRMetrics{day, *m}
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for i, count := range whole.counts() {
		if count.n == nil {
			continue
		}
		sum := Count(0)
		for _, day := range days {
			if n := day.counts()[i].n; n != nil {
				sum += *n
			}
		}
		// On days that have ended nothing is created any more, but states change.
		fixed := count.n == whole.Created && w.Complete(c.Now())
		if gap := max(sum-*count.n, *count.n-sum); gap > smallGap || gap > 0 && fixed {
			c.rest.Notice(ctx, c.metricsRequest("prs", w, f), NoticeTotals, "%s is %d for the window %s, and the counts of its days add up to %d", count.name, *count.n, w, sum)
			break // the others are mostly apart with it
		}
	}
	return whole, days, nil
}

// Empty says that nothing is counted.
func (m *PRMetrics) Empty() bool { return m.largest() == 0 }

func (m *PRMetrics) largest() Count {
	var most Count
	for _, count := range m.counts() {
		if count.n != nil {
			most = max(most, *count.n)
		}
	}
	return most
}

type namedCount struct {
	name string
	n    *Count
}

func (m *PRMetrics) counts() []namedCount {
	return []namedCount{
		{"prs_created_count", m.Created},
		{"prs_opened_count", m.Opened},
		{"prs_merged_count", m.Merged},
		{"prs_closed_count", m.Closed},
		{"prs_taken_over_count", m.TakenOver},
		{"prs_taken_over_opened_count", m.TakenOverOpened},
		{"prs_taken_over_merged_count", m.TakenOverMerged},
		{"prs_taken_over_closed_count", m.TakenOverClosed},
	}
}
