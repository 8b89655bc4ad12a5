package devin

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestBillingCyclesAreTheTruthNewestFirstInEitherOrder(t *testing.T) {
	t.Parallel()
	for _, newestFirst := range []bool{false, true} {
		fake := startFake(t, devintest.Options{PageSize: 5, Quirks: devintest.Quirks{CyclesNewestFirst: newestFirst}})
		cycles, err := newClient(t, fake.URL).BillingCycles(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		truth := fake.Cycles() // oldest first
		if len(cycles) != len(truth) || len(cycles) < 10 || fake.Count("*/cycles") < 3 {
			t.Fatalf("%d cycles on %d pages, want %d", len(cycles), fake.Count("*/cycles"), len(truth))
		}
		slices.Reverse(truth)
		for i, c := range cycles {
			if c.Start.Unix() != truth[i].After || c.End.Unix() != truth[i].Before {
				t.Errorf("newest first %v: cycle %d is %v, want %v", newestFirst, i, c, truth[i])
			}
		}
		if !cycles[0].Covers(testNow) || cycles[1].Covers(testNow) {
			t.Errorf("the first cycle is %v", cycles[0])
		}
	}
}

// cyclesServer gives pages of items as they stand.
func cyclesServer(t *testing.T, pages ...string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := 0
		_, _ = fmt.Sscanf(r.URL.Query().Get("after"), "page%d", &page)
		end := "null"
		if page+1 < len(pages) {
			end = fmt.Sprintf(`"page%d"`, page+1)
		}
		fmt.Fprintf(w, `{"items":[%s],"end_cursor":%s,"has_next_page":%t}`, pages[page], end, page+1 < len(pages))
	}))
	t.Cleanup(server.Close)
	return newClient(t, server.URL)
}

func TestBillingCycleOnTwoPagesIsListedOnce(t *testing.T) {
	t.Parallel()
	const a, b, c = `{"after":1762329600,"before":1764921600}`, `{"after":1764921600,"before":1767600000}`, `{"after":1767600000,"before":1770278400}`
	cycles, err := cyclesServer(t, a+","+b, b+","+c).BillingCycles(t.Context())
	if err != nil || len(cycles) != 3 || cycles[0].Start.Unix() != 1767600000 || cycles[2].Start.Unix() != 1762329600 {
		t.Errorf("got %v, %v", cycles, err)
	}
	none, err := cyclesServer(t, "").BillingCycles(t.Context())
	if err != nil || none == nil || len(none) != 0 {
		t.Errorf("got %v, %v", none, err)
	}
}

func TestMalformedBillingCyclesAreRefused(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]string{
		`{"before":1764921600}`:                        "items[0]: the field after is missing",
		`{"after":null,"before":1764921600}`:           "items[0]: the field after is missing",
		`{"after":1764921600}`:                         "items[0]: the field before is missing",
		`{"after":1764921600,"before":1764921600}`:     "before it starts",
		`{"after":1764921600,"before":1762329600}`:     "before it starts",
		`{"after":1764921600000,"before":1767600000}`:  "the start of a billing cycle",
		`{"after":1764921600,"before":17676000000000}`: "the end of a billing cycle",
		`{"after":0,"before":1764921600}`:              "the start of a billing cycle",
		`{"after":"2025-12-05","before":1764921600}`:   "not an integer",
		`{"after":1764921600.5,"before":1767600000}`:   "not an integer",
	} {
		_, err := cyclesServer(t, item).BillingCycles(t.Context())
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrNotDevin) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", item, err, want)
		}
	}
}

func TestBillingCyclesNeedThePermission(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	_, err := newClient(t, fake.URL, withKey(t, devintest.KeyForbidden)).BillingCycles(t.Context())
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrForbidden) || e.Permission != ConsumptionPermission {
		t.Errorf("got %v", err)
	}
}

func TestDaysOfABillingCycle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ start, end, want, why string }{
		{"2025-11-05T08:00:00Z", "2025-12-05T08:00:00Z", "2025-11-05 to 2025-12-04", "as expected"},
		{"2025-11-05T08:00:00Z", "2025-12-05T07:59:59Z", "2025-11-05 to 2025-12-04", "ends on the last second"},
		{"2025-11-05T00:00:00Z", "2025-12-05T00:00:00Z", "2025-11-05 to 2025-12-04", "boundaries at midnight UTC"},
		{"2025-11-05T00:00:00Z", "2025-12-04T23:59:59Z", "2025-11-05 to 2025-12-04", "as version 2 had them"},
		{"2025-11-05T08:00:00Z", "2025-11-06T08:00:00Z", "2025-11-05 to 2025-11-05", "a single day"},
		{"2024-02-29T08:00:00Z", "2024-03-31T08:00:00Z", "2024-02-29 to 2024-03-30", "a leap day"},
	} {
		start, errStart := time.Parse(time.RFC3339, tt.start)
		end, errEnd := time.Parse(time.RFC3339, tt.end)
		if err := errors.Join(errStart, errEnd); err != nil {
			t.Fatal(err)
		}
		if got := (BillingCycle{start, end}).Days().String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, got, tt.want)
		}
	}
}

func TestBillingCycleCoversItsStartAndNotItsEnd(t *testing.T) {
	t.Parallel()
	c := BillingCycle{testNow, testNow.Add(24 * time.Hour)}
	for offset, want := range map[time.Duration]bool{-1: false, 0: true, 24*time.Hour - 1: true, 24 * time.Hour: false} {
		if got := c.Covers(testNow.Add(offset)); got != want {
			t.Errorf("%s after the start: %v", offset, got)
		}
	}
}
