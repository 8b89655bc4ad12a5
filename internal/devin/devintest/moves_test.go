package devintest_test

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const auditPath = "/v3/enterprise/audit-logs"

// reading is what one walk through a list finds.
type reading struct {
	ids    []string
	items  map[string]string // the last of each id, by id
	totals []int
}

func readOnce(t *testing.T, s *devintest.Server, path, id string, query url.Values) reading {
	t.Helper()
	r := reading{items: map[string]string{}}
	q := url.Values{}
	for key, values := range query {
		q[key] = values
	}
	for {
		p := read[page](t, get(t, s, path+"?"+q.Encode()))
		for _, item := range p.Items {
			key, _ := item[id].(string)
			name, _ := item["name"].(string)
			r.ids, r.items[key] = append(r.ids, key), name
		}
		if p.Total != nil {
			r.totals = append(r.totals, *p.Total)
		}
		if !p.More {
			return r
		}
		q.Set("after", *p.EndCursor)
	}
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

func october(days int) url.Values {
	return url.Values{
		"time_after":  {strconv.FormatInt(billingDay(2026, 10, 1).Unix(), 10)},
		"time_before": {strconv.FormatInt(billingDay(2026, 10, 1+days).Unix(), 10)},
	}
}

func TestEntriesThatComeWhileAListIsRead(t *testing.T) {
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

func TestEntriesThatComeWithTime(t *testing.T) {
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

func TestItemsThatGoWhileAListIsRead(t *testing.T) {
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

func TestAnItemThatMovesComesTwiceWithItsLaterValue(t *testing.T) {
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
