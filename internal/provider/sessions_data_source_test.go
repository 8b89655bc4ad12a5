package provider

import (
	"encoding/csv"
	"encoding/json"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// sessionsOf lists the sessions of October by one filter.
func sessionsOf(t *testing.T, fake *fixture, narrow func(m *sessionsModel)) (*sessionsModel, error) {
	t.Helper()
	m := &sessionsModel{windowModel: window("2026-10-01", "2026-10-31")}
	narrow(m)
	return m, readSessions(t.Context(), fake.Client(t, devintest.KeyOK), m)
}

func october(t *testing.T, fake *fixture) []devintest.ListedSession {
	t.Helper()
	from, to := instants(t, "2026-10-01", "2026-10-31")
	return fake.SessionList(devintest.Filter{}, from, to)
}

func TestSessionsAreFilteredByEachArgument(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	all := october(t, fake)
	one := all[slices.IndexFunc(all, func(s devintest.ListedSession) bool { return s.PlaybookID != nil && s.UserID != nil })]
	updated := types.StringValue("2026-10-20T12:00:00Z")
	for name, c := range map[string]struct {
		narrow func(m *sessionsModel)
		passes func(s devintest.ListedSession) bool
	}{
		"user_ids":       {func(m *sessionsModel) { m.UserIDs = []string{*one.UserID} }, func(s devintest.ListedSession) bool { return s.UserID != nil && *s.UserID == *one.UserID }},
		"org_ids":        {func(m *sessionsModel) { m.OrgIDs = []string{one.OrgID} }, func(s devintest.ListedSession) bool { return s.OrgID == one.OrgID }},
		"session_ids":    {func(m *sessionsModel) { m.SessionIDs = []string{one.SessionID} }, func(s devintest.ListedSession) bool { return s.SessionID == one.SessionID }},
		"origins":        {func(m *sessionsModel) { m.Origins = []string{"slack", "api"} }, func(s devintest.ListedSession) bool { return *s.Origin == "slack" || *s.Origin == "api" }},
		"tags":           {func(m *sessionsModel) { m.Tags = []string{"on-call"} }, func(s devintest.ListedSession) bool { return slices.Contains(s.Tags, "on-call") }},
		"category":       {func(m *sessionsModel) { m.Category = types.StringValue("bug_fixing") }, func(s devintest.ListedSession) bool { return *s.Category == "bug_fixing" }},
		"playbook_id":    {func(m *sessionsModel) { m.PlaybookID = types.StringValue(*one.PlaybookID) }, func(s devintest.ListedSession) bool { return s.PlaybookID != nil && *s.PlaybookID == *one.PlaybookID }},
		"is_archived":    {func(m *sessionsModel) { m.IsArchived = types.BoolValue(true) }, func(s devintest.ListedSession) bool { return *s.IsArchived }},
		"is_archived no": {func(m *sessionsModel) { m.IsArchived = types.BoolValue(false) }, func(s devintest.ListedSession) bool { return !*s.IsArchived }},
		"updated_after":  {func(m *sessionsModel) { m.UpdatedAfter = updated }, func(s devintest.ListedSession) bool { return s.UpdatedAt >= 1792497600 }},
		"updated_before": {func(m *sessionsModel) { m.UpdatedBefore = updated }, func(s devintest.ListedSession) bool { return s.UpdatedAt < 1792497600 }},
		"schedule_id":    {func(m *sessionsModel) { m.ScheduleID = types.StringValue("sched-1") }, func(devintest.ListedSession) bool { return false }},
	} {
		m, err := sessionsOf(t, fake, c.narrow)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := map[string]bool{}
		for _, s := range all {
			if c.passes(s) {
				want[s.SessionID] = true
			}
		}
		for _, s := range m.Sessions {
			if !want[s.SessionID] {
				t.Errorf("%s: the list has %s", name, s.SessionID)
			}
		}
		if len(m.Sessions) != len(want) || *m.SessionsCount != int64(len(want)) || len(want) == len(all) || len(want) == 0 && name != "schedule_id" {
			t.Errorf("%s: %d sessions, want %d of %d", name, len(m.Sessions), len(want), len(all))
		}
	}
	repo, err := sessionsOf(t, fake, func(m *sessionsModel) { m.RepoNames = []string{"acme/web"} })
	if err != nil || len(repo.Sessions) == 0 || len(repo.Sessions) >= len(all) {
		t.Errorf("of a repository: %d of %d sessions, %v", len(repo.Sessions), len(all), err)
	}
	for _, s := range repo.Sessions {
		for _, pr := range s.PullRequests {
			if !strings.Contains(pr.PRURL, "/acme/web/") {
				t.Errorf("%s is of another repository", pr.PRURL)
			}
		}
	}
}

// A deployment that does not know a filter takes it and answers with everything.
func TestSessionsAreRightWhereDevinIgnoresAFilter(t *testing.T) {
	t.Parallel()
	all := october(t, newFixture(t, devintest.Options{PageSize: 200}))
	one := all[slices.IndexFunc(all, func(s devintest.ListedSession) bool { return s.PlaybookID != nil && s.UserID != nil })]
	for key, c := range map[string]struct {
		narrow func(m *sessionsModel)
		// hidden says that only a whole session shows what is filtered by, and never
		// that none does.
		hidden, never bool
	}{
		"user_ids":         {narrow: func(m *sessionsModel) { m.UserIDs = []string{*one.UserID} }},
		"service_user_ids": {narrow: func(m *sessionsModel) { m.ServiceUserIDs = []string{"service-user-0"} }},
		"org_ids":          {narrow: func(m *sessionsModel) { m.OrgIDs = []string{one.OrgID} }},
		"session_ids":      {narrow: func(m *sessionsModel) { m.SessionIDs = []string{one.SessionID} }},
		"tags":             {narrow: func(m *sessionsModel) { m.Tags = []string{"on-call"} }},
		"is_archived":      {narrow: func(m *sessionsModel) { m.IsArchived = types.BoolValue(false) }},
		"origins":          {narrow: func(m *sessionsModel) { m.Origins = []string{"slack"} }, hidden: true},
		"category":         {narrow: func(m *sessionsModel) { m.Category = types.StringValue("bug_fixing") }, hidden: true},
		"playbook_id":      {narrow: func(m *sessionsModel) { m.PlaybookID = types.StringValue(*one.PlaybookID) }},
		"repo_names":       {narrow: func(m *sessionsModel) { m.RepoNames = []string{"acme/web"} }, never: true},
		"schedule_id":      {narrow: func(m *sessionsModel) { m.ScheduleID = types.StringValue("sched-1") }, never: true},
	} {
		for _, short := range []bool{false, true} {
			if short && key == "is_archived" {
				continue // a short session is not archived
			}
			opts := devintest.Options{PageSize: 200, Quirks: devintest.Quirks{SessionsAreShort: short}}
			want, err := sessionsOf(t, newFixture(t, opts), c.narrow)
			if err != nil {
				t.Errorf("%s, short %v: %v", key, short, err)
				continue
			}
			opts.Quirks.IgnoredFilters = []string{key}
			got, err := sessionsOf(t, newFixture(t, opts), c.narrow)
			if c.never || c.hidden && short {
				if summary, detail := describe("list", err); summary != "unavailable: Devin ignores a filter" || !strings.Contains(detail, key) {
					t.Errorf("%s, short %v: %s\n%s", key, short, summary, detail)
				}
				continue
			}
			if err != nil || !reflect.DeepEqual(got.Sessions, want.Sessions) || len(want.Sessions) == len(all) && key != "is_archived" {
				t.Errorf("%s, short %v: %d sessions, want %d of %d, %v", key, short, len(got.Sessions), len(want.Sessions), len(all), err)
			}
		}
	}
	// What a short session does not show takes another request.
	short := newFixture(t, devintest.Options{PageSize: 200, Quirks: devintest.Quirks{SessionsAreShort: true}})
	if m, err := sessionsOf(t, short, func(m *sessionsModel) { m.RepoNames = []string{"acme/web"} }); err != nil || len(m.Sessions) == 0 || m.Sessions[0].Origin != nil || len(m.ByOrigin) != 0 {
		t.Errorf("%v", err)
	}
}

func TestMoreThanLimitIsAnErrorAndNothingIsCut(t *testing.T) {
	t.Parallel()
	for _, total := range []devintest.Presence{devintest.AsNumber, devintest.Absent} {
		fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{Total: total}})
		_, err := sessionsOf(t, fake, func(m *sessionsModel) { m.Limit = types.NumberValue(big.NewFloat(50)) })
		if err == nil || !strings.Contains(err.Error(), "Devin lists more than 50 sessions, and limit is 50") || !strings.HasPrefix(err.Error(), "limit: More than limit allows") {
			t.Errorf("%v", err)
		}
		n := big.NewFloat(float64(len(october(t, fake))))
		if m, err := sessionsOf(t, fake, func(m *sessionsModel) { m.Limit = types.NumberValue(n) }); err != nil || len(m.Sessions) != len(october(t, fake)) {
			t.Errorf("exactly as many are %v", err)
		}
	}
}

func TestFirstSessionsInAnOrderHaveTheTotalsOfAll(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	whole, err := sessionsOf(t, fake, func(*sessionsModel) {})
	if err != nil {
		t.Fatal(err)
	}
	most, err := sessionsOf(t, fake, func(m *sessionsModel) {
		m.OrderBy, m.First = types.StringValue("acus_consumed"), types.NumberValue(big.NewFloat(5))
	})
	if err != nil || len(most.Sessions) != 5 || *most.SessionsCount != *whole.SessionsCount || *most.TotalACUs != *whole.TotalACUs {
		t.Fatalf("%d sessions of %d, %v", len(most.Sessions), *whole.SessionsCount, err)
	}
	for _, s := range whole.Sessions {
		if *s.ACUsConsumed > *most.Sessions[0].ACUsConsumed {
			t.Errorf("%s has %v, more than the first", s.SessionID, *s.ACUsConsumed)
		}
	}
	for i := 1; i < 5; i++ {
		if *most.Sessions[i].ACUsConsumed > *most.Sessions[i-1].ACUsConsumed {
			t.Errorf("place %d has more than the one before", i+1)
		}
	}
}

func TestSessionsAreRedacted(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	m := sessionsModel{windowModel: window("2026-10-26", "2026-11-01")}
	if err := readSessions(t.Context(), redactingClient(t, fake), &m); err != nil {
		t.Fatal(err)
	}
	hasNoPersonalData(t, fake, m.Sessions)
}

func TestTagsOfSessionsAreJSONInCSV(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	m, err := sessionsOf(t, fake, func(m *sessionsModel) { m.Format = types.StringValue("csv") })
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(m.CSV.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if truth := october(t, fake); m.Sessions != nil || len(lines) != len(truth)+1 {
		t.Errorf("%d lines of %d sessions, %d objects", len(lines), len(truth), len(m.Sessions))
	}
	column, found := slices.Index(lines[0], "tags"), map[string]bool{}
	for _, line := range lines[1:] {
		var tags []string
		if err := json.Unmarshal([]byte(line[column]), &tags); err != nil {
			t.Fatal(err)
		}
		for _, tag := range tags {
			found[tag] = true
		}
	}
	if len(found) != 3 {
		t.Errorf("the tags are %v", found)
	}
}
