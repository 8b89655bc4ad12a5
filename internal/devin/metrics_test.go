package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

func TestPRMetricsEqualTheFakesTruth(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	w := Window{DayAt(clienttest.Now) - 60, DayAt(clienttest.Now) - 1}
	org, person := server.Organizations()[1].OrgID, server.Members()[0].UserID
	for name, f := range map[string]MetricsFilter{
		"all":                    {},
		"empty lists":            {OrgIDs: []string{}, UserIDs: []string{}, ServiceUserIDs: []string{}},
		"an organization":        {OrgIDs: []string{org}},
		"two organizations":      {OrgIDs: []string{org, server.Organizations()[2].OrgID}},
		"a user":                 {UserIDs: []string{person}},
		"two users":              {UserIDs: []string{person, server.Members()[1].UserID}},
		"an unknown user":        {UserIDs: []string{"email|unknown"}},
		"service users":          {ServiceUserIDs: server.ServiceUsers()},
		"a playbook":             {PlaybookID: server.Playbooks()[0]},
		"a playbook of a user":   {UserIDs: []string{person}, PlaybookID: server.Playbooks()[1]},
		"users and organization": {UserIDs: []string{person}, ServiceUserIDs: server.ServiceUsers()[:1], OrgIDs: []string{org}},
	} {
		m, err := c.PRMetrics(t.Context(), w, f)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := server.PRs(devintest.Filter(f), w.Start.Start(), (w.End + 1).Start())
		got := devintest.PRCounts{
			Created: int64(*m.Created), Opened: int64(*m.Opened), Merged: int64(*m.Merged), Closed: int64(*m.Closed),
			TakenOver: int64(*m.TakenOver), TakenOverOpened: int64(*m.TakenOverOpened),
			TakenOverMerged: int64(*m.TakenOverMerged), TakenOverClosed: int64(*m.TakenOverClosed),
		}
		if got != want || name != "an unknown user" && got.Created == 0 {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestTheQueryOfPRMetricsRepeatsTheKeys(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	w := Window{mustDay(t, "2025-12-05"), mustDay(t, "2025-12-05")}
	const times = "time_after=1764921600&time_before=1765008000"
	for want, f := range map[string]MetricsFilter{
		times:                                  {},
		"org_ids=org-a&org_ids=org-b&" + times: {OrgIDs: []string{"org-a", "org-b"}},
		"playbook_id=playbook-1&" + times:      {PlaybookID: "playbook-1"},
		"service_user_ids=s1&service_user_ids=s2&" + times + "&user_ids=email%7Ca%26b%3Dc&user_ids=x": {
			UserIDs: []string{"email|a&b=c", "x"}, ServiceUserIDs: []string{"s1", "s2"},
		},
	} {
		server.ResetRequests()
		if _, err := c.PRMetrics(t.Context(), w, f); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
		asked := server.Requests()
		if len(asked) != 1 || asked[0].Path != "/v3/enterprise/metrics/prs" || asked[0].Query.Encode() != want {
			t.Errorf("%+v was asked with %+v, want %s", f, asked, want)
		}
	}
	// The caller's lists stay as they are.
	ids := []string{"b", "a"}
	if got := newClient(t, "https://devin.example.com").metricsRequest("prs", w, MetricsFilter{UserIDs: ids}).Query["user_ids"]; !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("the ids are sent as %v", got)
	}
}

func TestCountsThatADeploymentLacksAreNil(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{NoTakenOver: true}})
	m, err := newClient(t, server.URL).PRMetrics(t.Context(), week, MetricsFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if m.TakenOver != nil || m.TakenOverOpened != nil || m.TakenOverMerged != nil || m.TakenOverClosed != nil || *m.Created == 0 {
		t.Errorf("got %+v", m)
	}
}

var prFields = []string{
	"prs_created_count", "prs_opened_count", "prs_merged_count", "prs_closed_count",
	"prs_taken_over_count", "prs_taken_over_opened_count", "prs_taken_over_merged_count", "prs_taken_over_closed_count",
}

// prCounts are counts that agree, by the index of prFields.
var prCounts = []int{21, 8, 7, 6, 9, 4, 3, 2}

// prBody has prCounts, save for those changed; "" leaves one out.
func prBody(changed map[string]string) string {
	var fields []string
	for i, name := range prFields {
		value, ok := changed[name]
		if !ok {
			value = fmt.Sprint(prCounts[i])
		}
		if value != "" {
			fields = append(fields, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func prMetricsOf(t *testing.T, body string) (*PRMetrics, error) {
	t.Helper()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/enterprise/metrics/prs", devintest.Fault{Body: body, ContentType: "application/json"})
	return newClient(t, server.URL).PRMetrics(t.Context(), week, MetricsFilter{})
}

func TestEachCountIsReadFromItsField(t *testing.T) {
	t.Parallel()
	m, err := prMetricsOf(t, prBody(map[string]string{"prs_merged_count": "7.0"}))
	if err != nil {
		t.Fatal(err)
	}
	got := []Count{
		*m.Created, *m.Opened, *m.Merged, *m.Closed,
		*m.TakenOver, *m.TakenOverOpened, *m.TakenOverMerged, *m.TakenOverClosed,
	}
	if !slices.Equal(got, []Count{21, 8, 7, 6, 9, 4, 3, 2}) {
		t.Errorf("the counts are %v", got)
	}
}

func TestCountsThatCannotBeRightAreRefused(t *testing.T) {
	t.Parallel()
	for i, name := range prFields {
		optional := i >= 4
		for value, want := range map[string]string{
			"": name + " is missing", "null": name + " is missing", "-1": name + ": -1 is negative", "1.5": "1.5 is not an integer",
			`"1"`: `"1" is not an integer`, "9007199254740993": "9007199254740993 is not an integer", "{}": "{} is not an integer",
		} {
			m, err := prMetricsOf(t, prBody(map[string]string{name: value}))
			if optional && (value == "" || value == "null") {
				if err != nil || *m.Created != 21 {
					t.Errorf("%s as %q: %+v, %v", name, value, m, err)
				}
				continue
			}
			var failure *Error
			if m != nil || !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || failure.Permission != MetricsPermission ||
				!strings.Contains(err.Error(), want) {
				t.Errorf("%s as %q: %+v, %v; want %q", name, value, m, err, want)
			}
		}
	}
}

func TestTheMergeRateIsMergedOfCreated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		created, merged int
		want            *float64
	}{
		{0, 0, nil}, {4, 0, new(0.0)}, {4, 3, new(0.75)}, {3, 3, new(1.0)},
	} {
		m, err := prMetricsOf(t, prBody(map[string]string{
			"prs_created_count": fmt.Sprint(c.created), "prs_merged_count": fmt.Sprint(c.merged),
			"prs_opened_count": fmt.Sprint(c.created - c.merged), "prs_closed_count": "0",
		}))
		if err != nil {
			t.Errorf("%d of %d: %v", c.merged, c.created, err)
			continue
		}
		if got := m.MergeRate; (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%d of %d: got %v, want %v", c.merged, c.created, got, c.want)
		}
	}
}

// contradicting is a client of a server that gives the bodies one after the other, and
// the last of them from then on.
func contradicting(t *testing.T, bodies ...string) (*Client, *atomic.Int64) {
	t.Helper()
	var asked atomic.Int64
	return serve(t, func(*http.Request) (int, string) {
		return http.StatusOK, bodies[min(int(asked.Add(1)), len(bodies))-1]
	})
}

func TestPRCountsThatContradictOneAnotherAreReadAgain(t *testing.T) {
	t.Parallel()
	today := DayAt(clienttest.Now)
	const sum = "prs_created_count is 21, and prs_opened_count, prs_merged_count and prs_closed_count add up to "
	for name, tt := range map[string]struct {
		window   Window
		bodies   []string
		requests int64
		err      string // part of it
		notice   string
	}{
		"they agree":             {week, []string{prBody(nil)}, 1, "", ""},
		"the second answer does": {week, []string{prBody(map[string]string{"prs_merged_count": "8"}), prBody(nil)}, 2, "", ""},
		"one, on ended days":     {week, []string{prBody(map[string]string{"prs_merged_count": "8"})}, 2, sum + "22, also when they were read again", ""},
		"a few, on the current day": {
			Window{today - 2, today}, []string{prBody(map[string]string{"prs_merged_count": "10"})}, 2, "", "Devin's numbers do not add up: " + sum + "24",
		},
		"too few, on the current day": {
			Window{today - 2, today}, []string{prBody(map[string]string{"prs_merged_count": "4"})}, 2, "", "Devin's numbers do not add up: " + sum + "18",
		},
		"many, on the current day": {Window{today - 2, today}, []string{prBody(map[string]string{"prs_merged_count": "11"})}, 2, sum + "25", ""},
		"a part of those taken over": {
			week,
			[]string{prBody(map[string]string{"prs_taken_over_merged_count": "45"})},
			2,
			"prs_taken_over_merged_count is 45 and prs_taken_over_count is 9, and a part cannot be larger than the whole", "",
		},
		"all parts of those taken over": {
			week,
			[]string{prBody(map[string]string{"prs_taken_over_opened_count": "4", "prs_taken_over_merged_count": "4", "prs_taken_over_closed_count": "4"})},
			2,
			"prs_taken_over_count is 9, and its parts, which are open, merged and closed, add up to 12", "",
		},
		"nothing is known of those taken over": {week, []string{prBody(map[string]string{"prs_taken_over_count": "null"})}, 1, "", ""},
	} {
		c, requests := contradicting(t, tt.bodies...)
		notices, err := noticed(t, func(ctx context.Context) error {
			m, err := c.PRMetrics(ctx, tt.window, MetricsFilter{})
			if err == nil && *m.Created != 21 {
				t.Errorf("%s: got %+v", name, m)
			}
			return err
		})
		if (err == nil) != (tt.err == "") || err != nil && (!isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%s: %v, want %q", name, err, tt.err)
		}
		if got := strings.Join(notices, "\n"); got != tt.notice || requests.Load() != tt.requests {
			t.Errorf("%s: %q with %d requests, want %q with %d", name, got, requests.Load(), tt.notice, tt.requests)
		}
	}
}

func TestAWindowThatIsNotTheSumOfItsDaysIsNoticed(t *testing.T) {
	t.Parallel()
	today := DayAt(clienttest.Now)
	for name, tt := range map[string]struct {
		window     Window
		whole, day int
		notice     string
	}{
		"they agree":      {week, 21, 3, ""},
		"88 beside 880":   {Window{week.Start, week.Start + 9}, 88, 88, "prs_created_count is 88 for the window 2026-03-01 to 2026-03-10, and the counts of its days add up to 880"},
		"one, ended days": {week, 22, 3, "prs_created_count is 22 for the window 2026-03-01 to 2026-03-07, and the counts of its days add up to 21"},
		"a few, running":  {Window{today - 1, today}, 9, 3, ""},
		"many, running":   {Window{today - 1, today}, 10, 3, "prs_created_count is 10 for the window 2026-03-09 to 2026-03-10, and the counts of its days add up to 6"},
	} {
		c, _ := serve(t, func(r *http.Request) (int, string) {
			n := tt.day
			if q := r.URL.Query(); q.Encode() == tt.window.query(url.Values{}).Encode() {
				n = tt.whole
			}
			return http.StatusOK, fmt.Sprintf(`{"prs_created_count":%d,"prs_opened_count":0,"prs_merged_count":%d,"prs_closed_count":0}`, n, n)
		})
		notices, err := noticed(t, func(ctx context.Context) error {
			whole, days, err := c.DailyPRMetrics(ctx, tt.window, MetricsFilter{})
			if err == nil && (int(*whole.Created) != tt.whole || len(days) != tt.window.Len() || int(*days[0].Created) != tt.day || days[0].Date != tt.window.Start) {
				t.Errorf("%s: %+v, %+v", name, whole, days)
			}
			return err
		})
		if tt.notice != "" {
			tt.notice = "Devin's numbers do not add up: " + tt.notice
		}
		if err != nil || strings.Join(notices, "\n") != tt.notice {
			t.Errorf("%s: %q, %v; want %q", name, notices, err, tt.notice)
		}
	}
}

func TestEachCountOfAWindowIsComparedWithTheSumOfItsDays(t *testing.T) {
	t.Parallel()
	two := Window{week.Start, week.Start + 1}
	for name, tt := range map[string]struct {
		merged int // on each of the two days
		notice string
	}{
		"they agree": {5, ""},
		// Of pull requests that were created on days that have ended, too.
		"one was merged meanwhile": {6, ""},
		"many":                     {10, "Devin's numbers do not add up: prs_opened_count is 10 for the window 2026-03-01 to 2026-03-02, and the counts of its days add up to 0"},
	} {
		c, _ := serve(t, func(r *http.Request) (int, string) {
			merged, created := tt.merged, 10
			if r.URL.Query().Encode() == two.query(url.Values{}).Encode() {
				merged, created = 10, 20
			}
			return http.StatusOK, fmt.Sprintf(`{"prs_created_count":%d,"prs_opened_count":%d,"prs_merged_count":%d,"prs_closed_count":0}`, created, created-merged, merged)
		})
		notices, err := noticed(t, func(ctx context.Context) error {
			_, days, err := c.DailyPRMetrics(ctx, two, MetricsFilter{})
			if err == nil && int(*days[0].Merged) != tt.merged {
				t.Errorf("%s: %+v", name, days)
			}
			return err
		})
		if err != nil || strings.Join(notices, "\n") != tt.notice {
			t.Errorf("%s: %q, %v; want %q", name, notices, err, tt.notice)
		}
	}
}

func TestTheCountsOfEachDayMustAgree(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(r *http.Request) (int, string) {
		if r.URL.Query().Encode() == week.query(url.Values{}).Encode() {
			return http.StatusOK, prBody(nil)
		}
		return http.StatusOK, prBody(map[string]string{"prs_merged_count": "45"})
	})
	_, _, err := c.DailyPRMetrics(t.Context(), week, MetricsFilter{})
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "add up to 59") {
		t.Errorf("got %v", err)
	}
}

func TestARefusedValidationNamesTheField(t *testing.T) {
	t.Parallel()
	for _, q := range []devintest.Quirks{{}, {ProblemValidation: true}, {ProblemValidation: true, ProblemJSON: true}} {
		server := clienttest.StartFake(t, devintest.Options{Quirks: q})
		// The window is upside down.
		_, err := newClient(t, server.URL).PRMetrics(t.Context(), Window{week.End, week.Start - 2}, MetricsFilter{})
		if !isOnly(err, ErrRejected) || !strings.Contains(err.Error(), "query.time_before: Input should be greater than time_after") {
			t.Errorf("%+v: %v", q, err)
		}
		if strings.Contains(err.Error(), url.QueryEscape("time_after=")) {
			t.Errorf("the query is in %v", err)
		}
	}
}

func TestCategoriesOfSessionsAreSortedAndAddedUp(t *testing.T) {
	t.Parallel()
	part := func(id, name string) string {
		return fmt.Sprintf(`{"subcategory_id":%s,"display_name":%q,"sessions_count":1,"acus":0.1}`, id, name)
	}
	c := serveOne(t, categoriesBody(`{"category":"b","sessions_count":3,"acus":0.2,"subcategories":[`+
		part(`"y"`, "B")+","+part(`"x"`, "B")+","+part("null", "B")+","+part(`"z"`, "A")+`]},`+
		`{"category":"a","sessions_count":4,"acus":0.1,"subcategories":[]}`))
	found, err := c.SessionCategories(t.Context(), week, MetricsFilter{})
	if err != nil || *found.TotalACUs != 0.3 || *found.Sessions != 7 {
		t.Fatalf("got %+v, %v", found, err)
	}
	var got []string
	for _, category := range found.Categories {
		got = append(got, *category.Category)
		if category.Subcategories == nil {
			t.Errorf("the subcategories of %s are null", *category.Category)
		}
		for _, s := range category.Subcategories {
			got = append(got, *s.DisplayName+orNone(s.SubcategoryID))
		}
	}
	if strings.Join(got, " ") != "a b Az B Bx By" {
		t.Errorf("got %q", got)
	}
	empty, err := serveOne(t, categoriesBody("")).SessionCategories(t.Context(), week, MetricsFilter{})
	if err != nil || *empty.TotalACUs != 0 || *empty.Sessions != 0 || empty.Categories == nil {
		t.Errorf("without categories: %+v, %v", empty, err)
	}
}
