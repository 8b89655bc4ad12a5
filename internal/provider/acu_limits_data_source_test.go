package provider

import (
	"fmt"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestACULimitsAreSortedByWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	orgs, users, all := fake.Organizations(), fake.Members(), int64(100_000)
	read := func() []string {
		var m acuLimitsModel
		if err := readACULimits(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil || m.Limits == nil {
			t.Fatal(m.Limits, err)
		}
		var lines []string
		for _, l := range m.Limits {
			lines = append(lines, fmt.Sprintf("%s %s %s %d", l.Scope, text(l.OrgID), text(l.UserID), *l.CycleACULimit))
		}
		return lines
	}
	if got := read(); len(got) > 0 {
		t.Errorf("without limits: %q", got)
	}
	fake.SetLimits(func(l *devintest.Limits) {
		l.Enterprise, l.Users[users[0].UserID] = &all, 10
		l.Organizations[orgs[0].OrgID], l.Organizations[orgs[1].OrgID] = 0, 20
	})
	want := []string{
		"enterprise null null 100000", "org " + orgs[0].OrgID + " null 0", "org " + orgs[1].OrgID + " null 20", "user null " + users[0].UserID + " 10",
	}
	slices.Sort(want)
	if got := read(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
