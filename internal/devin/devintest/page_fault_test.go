package devintest_test

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// cursors follows a list for some pages, as a client without a guard would.
func cursors(t *testing.T, s *devintest.Server, f devintest.Fault, pages int) (seen []string, items []int) {
	t.Helper()
	s.ClearFaults()
	s.Fault(membersPath, f)
	cursor := ""
	for range pages {
		p := getPage(t, s, membersPath, cursor)
		if !p.More {
			t.Fatal("no more pages")
		}
		items = append(items, len(p.Items))
		if p.EndCursor == nil {
			return append(seen, ""), items
		}
		cursor = *p.EndCursor
		seen = append(seen, cursor)
	}
	return seen, items
}

func TestPagingFaults(t *testing.T) {
	// With a list that ends on its first page, and one that goes on.
	for _, size := range []int{7, 200} {
		s := start(t, devintest.Options{PageSize: size})
		first := min(size, 30)

		if got, items := cursors(t, s, devintest.Fault{DropCursor: true}, 1); got[0] != "" || items[0] != first {
			t.Errorf("dropped: %q, %v", got, items)
		}
		got, items := cursors(t, s, devintest.Fault{CursorCycle: true}, 5)
		if got[0] != got[2] || got[1] != got[3] || got[0] == got[1] || got[2] != got[4] {
			t.Errorf("cycle: %q", got)
		}
		if items[0] != first {
			t.Errorf("cycle: %v", items)
		}
		got, items = cursors(t, s, devintest.Fault{EmptyPageWithMore: true}, 3)
		if got[0] == got[1] || got[1] == got[2] || items[0]+items[1]+items[2] != 0 {
			t.Errorf("empty: %q, %v", got, items)
		}
		// The place is kept: where the fault ends, nothing is missing.
		s.ClearFaults()
		s.Fault(membersPath, devintest.Fault{EmptyPageWithMore: true, Times: 2})
		if all, _ := walk(t, s, membersPath); len(all) != 30 {
			t.Errorf("%d members after empty pages", len(all))
		}
	}

	s := start(t, devintest.Options{})
	if got, _ := cursors(t, s, devintest.Fault{RepeatCursor: true}, 4); got[0] != got[1] || got[1] != got[3] {
		t.Errorf("repeated: %q", got)
	}
	s.ClearFaults()
	s.Fault(membersPath, devintest.Fault{Oversize: true})
	if p := getPage(t, s, membersPath+"?first=7", ""); len(p.Items) != 11 {
		t.Errorf("oversize: %d items", len(p.Items))
	}
}
