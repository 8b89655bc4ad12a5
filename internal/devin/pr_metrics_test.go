package devin

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestPRMetricsEqualTheFakesTruth(t *testing.T) {
	t.Parallel()
	server := startFake(t, devintest.Options{})
	c := newClient(t, server.URL)
	w := Window{DayAt(testNow) - 60, DayAt(testNow) - 1}
	org, person := server.Organizations()[1].OrgID, server.Members()[0].UserID
	for name, f := range map[string]MetricsFilter{
		"all":                    {},
		"empty lists":            {OrgIDs: []string{}, UserIDs: []string{}, ServiceUserIDs: []string{}},
		"an organization":        {OrgIDs: []string{org}},
		"two organizations":      {OrgIDs: []string{org, server.Organizations()[2].OrgID}},
		"a user":                 {UserIDs: []string{person}},
		"two users":              {UserIDs: []string{person, server.Members()[1].UserID}},
		"an unknown user":        {UserIDs: []string{"email|nobody"}},
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
		want := server.PRs(devintest.PRFilter(f), w.Start.Start(), (w.End + 1).Start())
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
	server := startFake(t, devintest.Options{})
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
	server := startFake(t, devintest.Options{Quirks: devintest.Quirks{NoTakenOver: true}})
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

// prBody has 9-i as the i-th count, save for those changed; "" leaves one out.
func prBody(changed map[string]string) string {
	var fields []string
	for i, name := range prFields {
		value, ok := changed[name]
		if !ok {
			value = fmt.Sprint(9 - i)
		}
		if value != "" {
			fields = append(fields, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func prMetricsOf(t *testing.T, body string) (*PRMetrics, error) {
	t.Helper()
	server := startFake(t, devintest.Options{})
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
	if !slices.Equal(got, []Count{9, 8, 7, 6, 5, 4, 3, 2}) {
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
				if err != nil || *m.Created != 9 {
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
		{0, 0, nil}, {4, 0, ptr(0.0)}, {4, 3, ptr(0.75)}, {3, 3, ptr(1.0)},
	} {
		m, err := prMetricsOf(t, prBody(map[string]string{
			"prs_created_count": fmt.Sprint(c.created), "prs_merged_count": fmt.Sprint(c.merged),
			"prs_opened_count": "0", "prs_closed_count": "0",
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

func TestAPartOfThePRsThatIsLargerThanTheWholeIsRefused(t *testing.T) {
	t.Parallel()
	for name, whole := range map[string]string{
		"prs_opened_count": "prs_created_count", "prs_merged_count": "prs_created_count", "prs_closed_count": "prs_created_count",
		"prs_taken_over_opened_count": "prs_taken_over_count", "prs_taken_over_merged_count": "prs_taken_over_count",
		"prs_taken_over_closed_count": "prs_taken_over_count",
	} {
		wholeValue := map[string]string{"prs_created_count": "9", "prs_taken_over_count": "5"}[whole]
		if _, err := prMetricsOf(t, prBody(map[string]string{name: wholeValue})); err != nil {
			t.Errorf("%s as large as %s: %v", name, whole, err)
		}
		m, err := prMetricsOf(t, prBody(map[string]string{name: "45"}))
		if want := name + " is 45 and " + whole + " is " + wholeValue; m != nil || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %+v, %v; want %q", m, err, want)
		}
	}
	// Of what is not counted, nothing can be a part.
	if _, err := prMetricsOf(t, prBody(map[string]string{"prs_taken_over_count": "null"})); err != nil {
		t.Error(err)
	}
}

func TestARefusedValidationNamesTheField(t *testing.T) {
	t.Parallel()
	for _, q := range []devintest.Quirks{{}, {ProblemValidation: true}, {ProblemValidation: true, ProblemJSON: true}} {
		server := startFake(t, devintest.Options{Quirks: q})
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
