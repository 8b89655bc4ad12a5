package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestUserMessagesAreShownOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	for _, asked := range []bool{false, true} {
		m := guardrailViolationsModel{windowModel: window("2026-10-01", "2026-11-01"), IncludeUserMessages: types.BoolValue(asked), Order: types.StringValue("asc")}
		if err := readGuardrailViolations(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if first := m.Violations[0]; (first.UserMessage != nil) != asked || first.Reasoning == nil || *m.Violations[1].CreatedAt < *first.CreatedAt {
			t.Errorf("asked %v: %+v", asked, first)
		}
	}
}
