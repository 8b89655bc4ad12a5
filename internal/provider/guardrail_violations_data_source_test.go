package provider

import (
	"maps"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func readTestViolations(t *testing.T, client *devin.Client, m guardrailViolationsModel) guardrailViolationsModel {
	t.Helper()
	m.windowModel = window("2026-10-01", "2026-11-01")
	if err := readGuardrailViolations(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGuardrailViolationsAreTheTruthFromTheNewestToTheOldest(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200, Quirks: devintest.Quirks{LargeIDs: true}})
	from, to := instants(t, "2026-10-01", "2026-11-01")
	truth := map[string]int64{}
	byGuardrail := map[string]int64{}
	for _, v := range fake.Violations("", from, to) {
		truth[strconv.FormatInt(v.ID, 10)] = v.CreatedAt
		byGuardrail[v.GuardrailID]++
	}
	m := readTestViolations(t, fake.Client(t, devintest.KeyOK), guardrailViolationsModel{})
	if len(m.Violations) != len(truth) || *m.ViolationsCount != int64(len(truth)) || len(truth) == 0 || !maps.Equal(m.ByGuardrail, byGuardrail) {
		t.Errorf("%d violations, want %d; %v, want %v", len(m.Violations), len(truth), m.ByGuardrail, byGuardrail)
	}
	for i, v := range m.Violations {
		if v.CreatedAt.Time().Unix() != truth[string(v.ViolationID)] || i > 0 && m.Violations[i-1].CreatedAt.Time().Before(v.CreatedAt.Time()) {
			t.Errorf("%+v", v)
		}
	}
}

func TestUserMessagesAreShownOnlyWhereTheArgumentSaysSo(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	for _, included := range []bool{false, true} {
		m := readTestViolations(t, fake.Client(t, devintest.KeyOK), guardrailViolationsModel{IncludeUserMessages: types.BoolValue(included)})
		if first := m.Violations[0]; (first.UserMessage != nil) != included || first.Reasoning == nil {
			t.Errorf("include_user_messages = %v: %+v", included, first)
		}
	}
}

func TestGuardrailViolationsAreFilteredWhereDevinIgnoresTheFilter(t *testing.T) {
	t.Parallel()
	sameWhereFiltersAreIgnored(t, []string{"guardrail_id", "session_id"}, func(client *devin.Client) any {
		of := readTestViolations(t, client, guardrailViolationsModel{GuardrailID: types.StringValue("guardrail-a")})
		return []guardrailViolationsModel{of, readTestViolations(t, client, guardrailViolationsModel{SessionID: types.StringValue("devin-0")})}
	})
}

func TestGuardrailViolationsAreRedacted(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	m := readTestViolations(t, redactingClient(t, fake), guardrailViolationsModel{IncludeUserMessages: types.BoolValue(true)})
	hasNoPersonalData(t, fake, m.Violations)
}
