package provider

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestMembersPRMetricsAreTheTruth(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	client := fake.Client(t, devintest.KeyOK)
	from, to := instants(t, "2026-10-01", "2026-10-31")
	org, playbook := fake.Organizations()[1].OrgID, fake.Playbooks()[0]
	for name, filter := range map[string]devintest.Filter{
		"all": {}, "of an organization": {OrgIDs: []string{org}}, "of a playbook": {PlaybookID: playbook},
	} {
		m := membersPRMetricsModel{windowModel: window("2026-10-01", "2026-10-31"), OrgIDs: filter.OrgIDs}
		if filter.PlaybookID != "" {
			m.PlaybookID = types.StringValue(filter.PlaybookID)
		}
		if err := readMembersPRMetrics(t.Context(), client, &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Users) != len(fake.Members()) || !*m.Complete || m.FailedUserIDs != nil {
			t.Fatalf("%s: %d users, complete %v, failed %v", name, len(m.Users), *m.Complete, m.FailedUserIDs)
		}
		created, rates := devin.Count(0), 0
		for i, user := range m.Users {
			if i > 0 && m.Users[i-1].UserID >= user.UserID {
				t.Errorf("%s: %s is not sorted", name, user.UserID)
			}
			filter.UserIDs = []string{user.UserID}
			want := fake.PRs(filter, from, to)
			if countsOf(user.PRMetrics) != want {
				t.Errorf("%s: %s differs from %+v", name, user.UserID, want)
			}
			if (user.MergeRate == nil) != (want.Created == 0) || user.MergeRate != nil && *user.MergeRate != float64(want.Merged)/float64(want.Created) {
				t.Errorf("%s: %s merges %v of %+v", name, user.UserID, user.MergeRate, want)
			}
			created += *user.Created
			if user.MergeRate != nil {
				rates++
			}
		}
		if created == 0 || rates == 0 {
			t.Errorf("%s: no user has a pull request", name)
		}
	}
}

func TestMembersPRMetricsListFailedUsersOrFail(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	broken, gone := fake.Members()[3].UserID, fake.Members()[4].UserID
	of := func(id string) func(*http.Request) bool {
		return func(r *http.Request) bool { return slices.Contains(r.URL.Query()["user_ids"], id) }
	}
	fake.Fault("/v3/enterprise/metrics/prs", devintest.Fault{Status: http.StatusBadGateway, When: of(broken)})
	fake.Fault("/v3/enterprise/metrics/prs", devintest.Fault{Status: http.StatusNotFound, When: of(gone)})
	client := fake.Client(t, devintest.KeyOK)
	m := membersPRMetricsModel{windowModel: window("2026-10-01", ""), usersModel: usersModel{SkipFailedUsers: types.BoolValue(true)}}
	if err := readMembersPRMetrics(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.FailedUserIDs, []string{broken}) || len(m.Users) != 39 {
		t.Errorf("failed %q, %d users", m.FailedUserIDs, len(m.Users))
	}
	at := slices.IndexFunc(m.Users, func(user memberPRModel) bool { return user.UserID == gone })
	if at < 0 || m.Users[at].PRMetrics != (devin.PRMetrics{}) {
		t.Errorf("a member without an answer is the %dth of %+v", at, m.Users)
	}
	m = membersPRMetricsModel{windowModel: window("2026-10-01", "")}
	var failed *devin.ReportError
	if err := readMembersPRMetrics(t.Context(), client, &m); !errors.As(err, &failed) || failed.IDs[0] != broken {
		t.Errorf("got %v", err)
	}
	m = membersPRMetricsModel{windowModel: window("2026-10-01", ""), usersModel: usersModel{SkipFailedUsers: types.BoolValue(true)}}
	if err := readMembersPRMetrics(t.Context(), fake.Client(t, devintest.KeyUnauthorized), &m); !errors.Is(err, devin.ErrUnauthorized) {
		t.Errorf("a refused key is %v", err)
	}
}

func TestAccMembersPRMetrics(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	const body = `
data "devin_members_pr_metrics" "all" {
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
}
output "created" { value = sum(data.devin_members_pr_metrics.all.users[*].prs_created_count) }
`
	const name = "data.devin_members_pr_metrics.all"
	step := fake.Step(devintest.KeyOK, body,
		providertest.Attribute(name, "users", knownvalue.ListSizeExact(len(fake.Members()))),
		providertest.Attribute(name, "complete", knownvalue.Bool(true)),
		providertest.Attribute(name, "failed_user_ids", knownvalue.Null()),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	empty := fake.Failing(devintest.KeyOK, `data "devin_members_pr_metrics" "all" {
  start_date = "2026-10-01"
  user_ids   = []
}`, "Empty list")
	providertest.Run(t, empty, step, again)
}

// An older deployment ignores the filter: its counts would be those of all users.
func TestPRMetricsOfADeploymentThatIgnoresTheFilterAreAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{IgnoredFilters: []string{"user_ids", "service_user_ids"}}})
	client := fake.Client(t, devintest.KeyOK)
	ids := []string{fake.Members()[0].UserID}
	all := membersPRMetricsModel{windowModel: window("2026-10-01", "")}
	named := prMetricsModel{windowModel: window("2026-10-01", ""), metricsFilterModel: metricsFilterModel{UserIDs: ids}}
	services := prMetricsModel{windowModel: window("2026-10-01", ""), metricsFilterModel: metricsFilterModel{ServiceUserIDs: fake.ServiceUsers()[:1]}}
	for name, err := range map[string]error{
		"members":       readMembersPRMetrics(t.Context(), client, &all),
		"users":         readPRMetrics(t.Context(), client, &named),
		"service users": readPRMetrics(t.Context(), client, &services),
	} {
		summary, detail := describe("count", err)
		if summary != "unavailable: Devin ignores a filter" || !strings.Contains(detail, "so its answer does not depend on ") {
			t.Errorf("%s: %s\n%s", name, summary, detail)
		}
	}
	// Without a filter there is nothing to ignore.
	whole := prMetricsModel{windowModel: window("2026-10-01", "")}
	if err := readPRMetrics(t.Context(), client, &whole); err != nil || len(all.Users) > 0 {
		t.Errorf("%v, and %d users have numbers", err, len(all.Users))
	}
}

func TestUnknownNamedUsersHaveNoPRCounts(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	ids := []string{fake.Members()[0].UserID, "okta|Acme Corp|mistyped"}
	m := membersPRMetricsModel{windowModel: window("2026-10-01", ""), usersModel: usersModel{UserIDs: ids}}
	if err := readMembersPRMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil || !slices.Equal(m.UnknownUserIDs, ids[1:]) {
		t.Fatalf("%q, %v", m.UnknownUserIDs, err)
	}
	for _, u := range m.Users {
		if (u.Created == nil) != (u.UserID == ids[1]) {
			t.Errorf("%+v", u)
		}
	}
}
