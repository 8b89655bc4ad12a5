package provider

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestAPIKeysAreThoseOfTheServiceUsersThatAreRead(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	active, all := fake.ServiceUsers(), fake.AllServiceUsers()
	for name, tt := range map[string]struct {
		ids      []string
		inactive bool
		users    int
		unknown  []string
	}{
		"the active service users": {nil, false, len(active), nil},
		"all service users":        {nil, true, len(all), nil},
		"one of them":              {active[:1], false, 1, nil},
		"one that Devin knows not": {[]string{active[0], "service-user-unknown"}, false, 1, []string{"service-user-unknown"}},
	} {
		m := serviceUserAPIKeysModel{ServiceUserIDs: tt.ids, IncludeInactive: types.BoolValue(tt.inactive)}
		if err := readServiceUserAPIKeys(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// Each has one that works, or did, and one that was revoked.
		if len(m.Keys) != 2*tt.users || m.Expiring != nil || !slices.Equal(m.UnknownIDs, tt.unknown) {
			t.Errorf("%s: %d keys of %d service users, unknown %q, expiring %v", name, len(m.Keys), tt.users, m.UnknownIDs, m.Expiring)
		}
		if !slices.IsSortedFunc(m.Keys, func(a, b apiKeyModel) int {
			return cmp.Or(strings.Compare(a.ServiceUserID, b.ServiceUserID), a.CreatedAt.Time().Compare(b.CreatedAt.Time()))
		}) {
			t.Errorf("%s: the keys are not sorted", name)
		}
	}
}

// The fake's third key expires in 10 days, at 01:00 UTC, and its first in 120.
func TestExpiringAPIKeysAreTheActiveOnesOfTheDaysAhead(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	for days, want := range map[int64]int{0: 0, 9: 0, 10: 1, 119: 1, 120: 2} {
		m := serviceUserAPIKeysModel{IncludeInactive: types.BoolValue(true), ExpiresWithinDays: types.NumberValue(big.NewFloat(float64(days)))}
		if err := readServiceUserAPIKeys(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Expiring) != want || m.Expiring == nil {
			t.Errorf("in %d days: %+v, want %d", days, m.Expiring, want)
		}
		for _, key := range m.Expiring {
			if !*key.IsActive {
				t.Errorf("%s has expired", key.APIKeyID)
			}
		}
	}
}
