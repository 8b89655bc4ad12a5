package provider

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestPRMetricsAreTheTruthAsAWholeAndByDay(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	m := prMetricsModel{windowModel: window("2026-11-10", "2026-11-25"), Daily: types.BoolValue(true)}
	if err := readPRMetrics(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	from, to := instants(t, "2026-11-10", "2026-11-25")
	if got, want := countsOf(m.PRMetrics), fake.PRs(devintest.Filter{}, from, to); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if *m.Complete {
		t.Error("a window with days to come is complete")
	}
	// From the 10th to the current day, the 20th; days to come are not read.
	if len(m.Days) != 11 || m.Days[0].Date.String() != "2026-11-10" || m.Days[10].Date.String() != "2026-11-20" {
		t.Fatalf("%d days: %+v", len(m.Days), m.Days)
	}
	sum := devin.Count(0)
	for _, day := range m.Days {
		sum += *day.Created
	}
	if sum != *m.Created {
		t.Errorf("the days have %d pull requests, the window %d", sum, *m.Created)
	}
	if n := fake.Count("/v3/enterprise/metrics/prs"); n != 12 {
		t.Errorf("%d requests for a window of 11 days", n)
	}
}

func TestPRMetricsSendTheirFiltersAsRepeatedKeys(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{NoTakenOver: true}})
	users := []string{fake.Members()[0].UserID, fake.Members()[1].UserID}
	m := prMetricsModel{
		windowModel: window("2026-01-01", "2026-01-02"), metricsFilterModel: metricsFilterModel{
			UserIDs: users, OrgIDs: []string{fake.Organizations()[0].OrgID},
			ServiceUserIDs: fake.ServiceUsers()[:1], PlaybookID: types.StringValue(fake.Playbooks()[0]),
		},
	}
	if err := readPRMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	requests := fake.Requests()
	at := slices.IndexFunc(requests, func(r devintest.Request) bool { return len(r.Query["user_ids"]) == len(users) })
	if len(requests) != 1 || at < 0 {
		t.Fatalf("%d requests, where one counts nothing, so that no filter can have been ignored: %+v", len(requests), requests)
	}
	query := requests[at].Query
	if !slices.Equal(query["user_ids"], users) || len(query["org_ids"]) != 1 || len(query["service_user_ids"]) != 1 || len(query["playbook_id"]) != 1 {
		t.Errorf("asked with %v", query)
	}
	if m.TakenOver != nil || m.Days != nil {
		t.Errorf("what the API lacks is %v, days without daily = true %v", m.TakenOver, m.Days)
	}
}

func TestPRMetricsSendOneMoreRequestForEachFilter(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	filters := map[string]metricsFilterModel{"playbook_id": {PlaybookID: types.StringValue(fake.Playbooks()[0])}, "service_user_ids": {ServiceUserIDs: fake.ServiceUsers()}}
	for _, m := range fake.Members() {
		users := filters["user_ids"]
		users.UserIDs = append(users.UserIDs, m.UserID)
		filters["user_ids"] = users
	}
	for _, org := range fake.Organizations() {
		orgs := filters["org_ids"]
		orgs.OrgIDs = append(orgs.OrgIDs, org.OrgID)
		filters["org_ids"] = orgs
	}
	for key, filter := range filters {
		old := newFixture(t, devintest.Options{Quirks: devintest.Quirks{IgnoredFilters: []string{key}}})
		for _, fake := range []*fixture{fake, old} {
			before := fake.Count("/v3/enterprise/metrics/prs")
			m := prMetricsModel{windowModel: window("2026-01-01", "2026-10-31"), metricsFilterModel: filter}
			err := readPRMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m)
			if fake != old && err != nil || fake == old && (!errors.Is(err, devin.ErrFilterIgnored) || !strings.Contains(err.Error(), "asked with "+key)) {
				t.Errorf("%s: ignored %v: %v", key, fake == old, err)
			}
			if n := fake.Count("/v3/enterprise/metrics/prs") - before; n != 2 {
				t.Errorf("%s: %d requests, where one counts and one shows whether the filter is applied", key, n)
			}
		}
	}
}

func TestMergeRateIsNullWhereNothingWasCreated(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := prMetricsModel{windowModel: window("2020-01-01", "2020-01-02")}
	if err := readPRMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	if *m.Created != 0 || m.MergeRate != nil {
		t.Errorf("%d created, merge rate %v", *m.Created, m.MergeRate)
	}
}

func TestPRMetricsByDayRefusesAWindowOfThousandsOfRequests(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	m := prMetricsModel{windowModel: window("2020-01-01", ""), Daily: types.BoolValue(true)}
	err := readPRMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m)
	var at *attributeError
	if !errors.As(err, &at) || at.path.String() != "daily" || !strings.Contains(at.detail, "2515 billing days") {
		t.Errorf("got %v", err)
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestAccPRMetrics(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	body := `
data "devin_pr_metrics" "all" {
  start_date = "2026-10-01"
  end_date   = "2026-10-07"
  daily      = true
}
output "all" { value = data.devin_pr_metrics.all }
`
	const name = "data.devin_pr_metrics.all"
	from, to := instants(t, "2026-10-01", "2026-10-07")
	want := fake.PRs(devintest.Filter{}, from, to)
	step := fake.Step(devintest.KeyOK, body,
		providertest.Attribute(name, "prs_created_count", knownvalue.Int64Exact(want.Created)),
		providertest.Attribute(name, "merge_rate", knownvalue.Float64Exact(float64(want.Merged)/float64(want.Created))),
		providertest.Attribute(name, "days", knownvalue.ListSizeExact(7)),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	backwards := fake.Failing(devintest.KeyOK, strings.ReplaceAll(body, "2026-10-07", "2026-09-07"), "Window ends before it starts")
	providertest.Run(t, backwards, step, again)
}
