package devintest_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestPageSizeIsTheRequestedOneUpToTheLimit(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 5, Quirks: devintest.Quirks{Total: devintest.AsNull}})
	if got := len(getPage(t, s, membersPath+"?first=3", "").Items); got != 3 {
		t.Errorf("%d items", got)
	}
	p := getPage(t, s, membersPath+"?first=200", "")
	if len(p.Items) != 5 || p.Total != nil {
		t.Errorf("%d items, total %v", len(p.Items), p.Total)
	}
	s = start(t, devintest.Options{PageSize: 200, Quirks: devintest.Quirks{Total: devintest.Absent}})
	r := get(t, s, membersPath)
	if len(read[page](t, r).Items) != 30 || strings.Contains(r.body, "total") {
		t.Error(r.body)
	}
}

func TestACursorIsForItsOwnListOnly(t *testing.T) {
	s := start(t, devintest.Options{})
	other := *getPage(t, s, idpPath, "").EndCursor
	for _, cursor := range []string{other, "7", "bm90IGpzb24="} {
		wantStatus(t, s, membersPath+"?after="+url.QueryEscape(cursor), http.StatusBadRequest)
	}
	s = start(t, devintest.Options{Quirks: devintest.Quirks{BadCursorStatus: 422}})
	wantStatus(t, s, membersPath+"?after=7", http.StatusUnprocessableEntity)
}

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

// reading is what one walk through a list finds.
type reading struct {
	ids    []string
	items  map[string]string // the last of each id, by id
	totals []int
}

func readOnce(t *testing.T, s *devintest.Server, path, id string, query url.Values) reading {
	t.Helper()
	r := reading{items: map[string]string{}}
	for p := range pages[map[string]any](t, s, path, query) {
		for _, item := range p.Items {
			key, _ := item[id].(string)
			name, _ := item["name"].(string)
			r.ids, r.items[key] = append(r.ids, key), name
		}
		if p.Total != nil {
			r.totals = append(r.totals, *p.Total)
		}
	}
	return r
}

func twice(ids []string) (n int) {
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			n++
		}
		seen[id] = true
	}
	return n
}

func TestItemsInsertedBetweenPages(t *testing.T) {
	for _, keyset := range []bool{true, false} {
		s := start(t, devintest.Options{Quirks: devintest.Quirks{KeysetCursors: keyset}})
		all := s.AuditLogs("", billingDay(2026, 10, 1), billingDay(2026, 10, 3))
		s.Move(auditPath, devintest.Moves{Insert: 2})
		r := readOnce(t, s, auditPath, "audit_log_id", october(2))
		// What was there at first is found, in order and whatever comes before it.
		for _, log := range all[len(all)/2:] {
			if !slices.Contains(r.ids, log.ID) {
				t.Errorf("keyset %v: %s was there and is not found", keyset, log.ID)
			}
		}
		if n := twice(r.ids); keyset == (n > 0) {
			t.Errorf("keyset %v: %d entries came twice", keyset, n)
		}
		if !slices.IsSorted(r.totals) || r.totals[0] != len(all)-len(all)/2 || r.totals[1] != r.totals[0]+2 {
			t.Errorf("keyset %v: the totals are %v", keyset, r.totals)
		}
		for range 20 {
			r = readOnce(t, s, auditPath, "audit_log_id", october(2))
		}
		if len(r.ids) != len(all) || twice(r.ids) != 0 {
			t.Errorf("keyset %v: %d of %d once all have come", keyset, len(r.ids), len(all))
		}
	}
}

func TestItemsInsertedWithTime(t *testing.T) {
	clock := devintest.NewClock(noon)
	s := start(t, devintest.Options{Now: clock.Now})
	s.Move(auditPath, devintest.Moves{Insert: 1, Every: time.Second})
	first := readOnce(t, s, auditPath, "audit_log_id", october(2))
	clock.Move(3500 * time.Millisecond)
	second := readOnce(t, s, auditPath, "audit_log_id", october(2))
	if len(second.ids) != len(first.ids)+3 || !slices.Equal(second.ids[3:], first.ids) {
		t.Errorf("%d entries, three seconds after there were %d", len(second.ids), len(first.ids))
	}
}

func TestItemsRemovedBetweenPages(t *testing.T) {
	for _, path := range []string{membersPath, orgsPath} {
		id := map[string]string{membersPath: "user_id", orgsPath: "org_id"}[path]
		for _, keyset := range []bool{true, false} {
			s := start(t, devintest.Options{PageSize: 2, Quirks: devintest.Quirks{KeysetCursors: keyset}})
			all := readOnce(t, s, path, id, nil).ids
			s.Move(path, devintest.Moves{Remove: 1})
			r := readOnce(t, s, path, id, nil)
			// A cursor that counts items skips the one that slid to the page before.
			if slices.Contains(r.ids, all[2]) != keyset {
				t.Errorf("%s, keyset %v: found %q of %q", path, keyset, r.ids, all)
			}
			if r.totals[0] != len(all) || r.totals[1] != len(all)-1 {
				t.Errorf("%s, keyset %v: the totals are %v", path, keyset, r.totals)
			}
		}
	}
}

func TestAMovedItemComesTwiceWithItsLaterValue(t *testing.T) {
	s := start(t, devintest.Options{PageSize: 2, Quirks: devintest.Quirks{KeysetCursors: true}})
	s.Move(orgsPath, devintest.Moves{Repeat: 1, Change: func(item []byte) []byte {
		return bytes.Replace(item, []byte(`"Platform"`), []byte(`"Platform 2"`), 1)
	}})
	r := readOnce(t, s, orgsPath, "org_id", nil)
	if twice(r.ids) == 0 || r.items[s.Organizations()[0].OrgID] != "Platform 2" {
		t.Errorf("%q are %v", r.ids, r.items)
	}
}

func TestTotalsAreInexactAsTheQuirksSay(t *testing.T) {
	for reading, want := range map[devintest.TotalReading]int{
		devintest.TotalExact: 1, devintest.TotalLags: 0, devintest.TotalEstimated: 2, devintest.TotalUnfiltered: 30,
	} {
		s := start(t, devintest.Options{Quirks: devintest.Quirks{TotalIs: reading}})
		address := ""
		for _, m := range s.Members() {
			if m.Direct && m.Email != nil {
				address = *m.Email
			}
		}
		p := read[page](t, get(t, s, membersPath+"?email="+url.QueryEscape(address)))
		if len(p.Items) != 1 || *p.Total != want {
			t.Errorf("reading %d: %d items, total %d, want %d", reading, len(p.Items), *p.Total, want)
		}
	}
	s := start(t, devintest.Options{Quirks: devintest.Quirks{TotalIs: devintest.TotalLags}})
	s.Move(auditPath, devintest.Moves{Insert: 1})
	if r := readOnce(t, s, auditPath, "audit_log_id", october(2)); r.totals[0] != r.totals[len(r.totals)-1] {
		t.Errorf("the totals are %v", r.totals)
	}
}

func TestKeptListsAreBounded(t *testing.T) {
	s := start(t, devintest.Options{})
	path := "/v3/enterprise/sessions?created_after=" + strconv.FormatInt(billingDay(2026, 11, 18).Unix(), 10) + "&updated_after="
	for i := range 50 {
		wantStatus(t, s, path+strconv.Itoa(i), http.StatusOK)
	}
	if s.Kept() > 16 || s.Kept() == 0 {
		t.Errorf("%d lists are kept", s.Kept())
	}
	// Another page of one that is kept makes no other list.
	small := start(t, devintest.Options{})
	wantStatus(t, small, path+"1&first=3", http.StatusOK)
	wantStatus(t, small, path+"1&first=4", http.StatusOK)
	if small.Kept() != 1 {
		t.Errorf("%d lists are kept of one query", small.Kept())
	}
}
