package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestUserACULimitIsPatchedAlone(t *testing.T) {
	t.Parallel()
	checkWrites(t, newFixture(t, devintest.Options{Members: 4}), "devin_user_acu_limit",
		`PATCH {"local_agent":{"cycle_acu_limit":70000}}`, `PATCH {"local_agent":{"cycle_acu_limit":80000}}`, `PATCH {"local_agent":{"cycle_acu_limit":null}}`)
}

// Devin Review does not count for the limit of a user.
func TestAPlanOfAUsersLimitWarnsOfUseWithoutReview(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	user := fake.Members()[0].UserID
	from, to := instants(t, "2026-11-05", "2026-11-20")
	used, review := 0.0, 0.0
	for _, day := range fake.UserDays(user, from, to) {
		used, review = used+day.ACUs, review+day.ByProduct["review"]
	}
	if review < 2 || used-review < 2 {
		t.Fatalf("%v ACUs, %v for reviews", used, review)
	}
	r := newManaged(t, newTerraform(t, fake, nil), "devin_user_acu_limit")
	for limit, want := range map[int64][]string{
		0: {blocksUse}, int64(used - review - 1): {belowTheUse}, int64(used - review + 1): nil,
	} {
		r.plan(map[string]any{"user_id": user, "cycle_acu_limit": limit})
		r.says(want...)
	}
}
