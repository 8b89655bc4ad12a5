package devintest_test

import (
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestLargeIDsOfViolationsNeed64Bits(t *testing.T) {
	s := start(t, devintest.Options{Quirks: devintest.Quirks{LargeIDs: true}})
	large := func(v devintest.Violation) bool { return v.ID > 1<<53 }
	if !slices.ContainsFunc(s.Violations("", billingDay(2026, 10, 1), billingDay(2026, 11, 1)), large) {
		t.Error("no id is above 2^53")
	}
}
