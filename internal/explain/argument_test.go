package explain_test

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/explain/explaintest"
)

// An id that Devin does not know, a refused organization, a write and a request that is
// too long are worded elsewhere than other failures.
func TestErrorsOfArgumentsScopesAndWritesAreInOrder(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault("*/prs", devintest.Fault{Status: 404})
	_, failed := newClient(t, fake, devintest.KeyOK).PRMetrics(t.Context(), october, devin.MetricsFilter{})
	for _, argument := range []string{"user_id", "org_id", "session_id"} {
		m := explain.UnknownID(argument, "an id", failed)
		explaintest.CheckForm(t, m)
		if !strings.Contains(m.Detail, `with the id "an id". Use`) {
			t.Errorf("%s: %s", argument, m.Detail)
		}
	}
	explaintest.CheckForm(t, explain.LongArgument("user_ids", 5000, failed))
	const doing, id, instead = "set the limit", "an id", "Use the other."
	for _, presence := range []devin.Presence{devin.PresenceUnknown, devin.Gone} {
		m := explain.BetaRefused(doing, id, instead, presence, failed)
		explaintest.CheckForm(t, m)
		if !strings.Contains(m.Detail, "the key lacks a permission (it needs ") {
			t.Errorf("the permission is that of something else: %s", m.Detail)
		}
	}
	explaintest.CheckForm(t, explain.WriteLost(doing, id, "limit = 5", "nothing set", failed))
	explaintest.CheckForm(t, explain.WrittenOtherwise(doing, "PATCH /v3/x", id, "limit = 5", "nothing set"))
	for _, asked := range []string{"", "org-b"} {
		m := explain.Error("read", &devin.ScopeError{KeyOrgID: "org-a", AskedOrgID: asked, Err: failed})
		explaintest.CheckForm(t, m)
		if strings.Contains(m.Detail, "to the role") {
			t.Errorf("no role helps a key of another organization: %s", m.Detail)
		}
	}
}
