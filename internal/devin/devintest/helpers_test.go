package devintest_test

import (
	"encoding/json"
	"io"
	"iter"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// noon is a Thursday within the billing cycle of 5 November to 5 December.
var noon = time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)

const (
	selfPath    = "/v3/self"
	membersPath = "/v3/enterprise/members/users"
	idpPath     = "/v3/enterprise/members/idp-users"
	orgsPath    = "/v3/enterprise/organizations"
	dailyPath   = "/v3/enterprise/consumption/daily"
	cyclesPath  = "/v3/enterprise/consumption/cycles"
	prsPath     = "/v3/enterprise/metrics/prs?time_after=1790000000&time_before=1795000000"
	auditPath   = "/v3/enterprise/audit-logs"
)

func start(t *testing.T, opts devintest.Options) *devintest.Server {
	t.Helper()
	if opts.Now == nil {
		opts.Now = func() time.Time { return noon }
	}
	return devintest.Start(t, opts)
}

type reply struct {
	status int
	header http.Header
	body   string
}

func newRequest(t *testing.T, s *devintest.Server, method, path string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func try(t *testing.T, s *devintest.Server, key, path string) (reply, error) {
	t.Helper()
	request := newRequest(t, s, http.MethodGet, path)
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	return do(s, request)
}

func do(s *devintest.Server, request *http.Request) (reply, error) {
	response, err := s.Client().Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(body)}, err
}

func get(t *testing.T, s *devintest.Server, path string) reply {
	t.Helper()
	return getAs(t, s, devintest.KeyOK, path)
}

func getAs(t *testing.T, s *devintest.Server, key, path string) reply {
	t.Helper()
	r, err := try(t, s, key, path)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return r
}

func wantStatus(t *testing.T, s *devintest.Server, path string, want int) reply {
	t.Helper()
	r := get(t, s, path)
	if r.status != want {
		t.Errorf("GET %s: status %d, want %d: %s", path, r.status, want, r.body)
	}
	return r
}

func read[T any](t *testing.T, r reply) T {
	t.Helper()
	var v T
	if r.status != http.StatusOK {
		t.Fatalf("status %d: %s", r.status, r.body)
	}
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
	return v
}

type page = pageOf[map[string]any]

type pageOf[T any] struct {
	Items     []T     `json:"items"`
	EndCursor *string `json:"end_cursor"`
	More      bool    `json:"has_next_page"`
	Total     *int    `json:"total"`
}

func getPage(t *testing.T, s *devintest.Server, path, cursor string) page {
	t.Helper()
	if cursor != "" {
		path += "?after=" + url.QueryEscape(cursor)
	}
	return read[page](t, get(t, s, path))
}

// pages reads a list to its end.
func pages[T any](t *testing.T, s *devintest.Server, path string, query url.Values) iter.Seq[pageOf[T]] {
	t.Helper()
	q := url.Values{}
	maps.Copy(q, query)
	return func(yield func(pageOf[T]) bool) {
		for {
			p := read[pageOf[T]](t, get(t, s, path+"?"+q.Encode()))
			if !yield(p) {
				return
			}
			if !p.More {
				if p.EndCursor != nil {
					t.Errorf("the last page of %s has a cursor", path)
				}
				return
			}
			q.Set("after", *p.EndCursor)
		}
	}
}

// walk returns a list's items, and how many pages it has.
func walk(t *testing.T, s *devintest.Server, path string) (items []map[string]any, n int) {
	t.Helper()
	for p := range pages[map[string]any](t, s, path, nil) {
		items = append(items, p.Items...)
		n++
	}
	return items, n
}

func everything[T any](t *testing.T, s *devintest.Server, path string, query url.Values) []T {
	t.Helper()
	all := []T{}
	for p := range pages[T](t, s, path, query) {
		all = append(all, p.Items...)
	}
	return all
}

// hundredths reads a number of ACUs exactly.
func hundredths(t *testing.T, n json.Number) int64 {
	t.Helper()
	whole, fraction, _ := strings.Cut(n.String(), ".")
	v, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	if err != nil || len(fraction) > 2 {
		t.Fatalf("%s has more than two places", n)
	}
	return v
}

func cents(acus float64) int64 { return int64(math.Round(acus * 100)) }

func billingDay(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 8, 0, 0, 0, time.UTC)
}

func window(from, to time.Time) string {
	return "?time_after=" + strconv.FormatInt(from.Unix(), 10) + "&time_before=" + strconv.FormatInt(to.Unix(), 10)
}

func created(from, to time.Time) url.Values {
	return url.Values{"created_after": {strconv.FormatInt(from.Unix(), 10)}, "created_before": {strconv.FormatInt(to.Unix(), 10)}}
}

func october(days int) url.Values {
	return url.Values{
		"time_after":  {strconv.FormatInt(billingDay(2026, 10, 1).Unix(), 10)},
		"time_before": {strconv.FormatInt(billingDay(2026, 10, 1+days).Unix(), 10)},
	}
}

func userPath(id string) string {
	return "/v3/enterprise/consumption/daily/users/" + url.PathEscape(id)
}

func sumOf(counts map[string]int64) (sum int64) {
	for n := range maps.Values(counts) {
		sum += n
	}
	return sum
}
