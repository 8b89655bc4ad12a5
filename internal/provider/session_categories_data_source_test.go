package provider

import (
	"cmp"
	"slices"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// The fake lists the categories in another order.
func TestSessionCategoriesAreSortedAndAddUp(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	from, to := instants(t, "2026-10-26", "2026-11-08")
	org := fake.Organizations()[1].OrgID
	for _, orgIDs := range [][]string{nil, {org}} {
		m := sessionCategoriesModel{windowModel: window("2026-10-26", "2026-11-08"), OrgIDs: orgIDs}
		if err := readSessionCategories(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		truth := fake.SessionCounts(devintest.Filter{OrgIDs: orgIDs}, from, to)
		if int64(*m.Sessions) != truth.Created || *m.TotalACUs != float64(truth.ACUs)/100 || truth.Created == 0 {
			t.Errorf("%d sessions with %v ACUs, want %d with %d hundredths", *m.Sessions, *m.TotalACUs, truth.Created, truth.ACUs)
		}
		if !slices.IsSortedFunc(m.Categories, func(a, b devin.SessionCategory) int { return cmp.Compare(*a.Category, *b.Category) }) {
			t.Error("the categories are not sorted")
		}
		parts := 0
		for _, c := range m.Categories {
			if !slices.IsSortedFunc(c.Subcategories, func(a, b devin.SessionSubcategory) int { return cmp.Compare(*a.DisplayName, *b.DisplayName) }) {
				t.Errorf("the subcategories of %s are not sorted", *c.Category)
			}
			for _, part := range c.Subcategories {
				id := ""
				if part.SubcategoryID != nil {
					id = *part.SubcategoryID
				}
				want := truth.ByCategory[devintest.Category{Category: *c.Category, SubcategoryID: id, DisplayName: *part.DisplayName}]
				if int64(*part.Sessions) != want.Sessions || float64(*part.ACUs) != float64(want.ACUs)/100 {
					t.Errorf("%s, %s: %d sessions with %v ACUs, want %+v", *c.Category, *part.DisplayName, *part.Sessions, *part.ACUs, want)
				}
				parts++
			}
		}
		if parts != len(truth.ByCategory) {
			t.Errorf("%d subcategories, want %d", parts, len(truth.ByCategory))
		}
	}
}
