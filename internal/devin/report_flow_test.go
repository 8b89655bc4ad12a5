package devin

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// meeting holds those who come until enough of them have.
type meeting struct {
	mu      sync.Mutex
	missing int
	all     chan struct{}
}

func newMeeting(n int) *meeting { return &meeting{missing: n, all: make(chan struct{})} }

func (m *meeting) arrive() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.missing--; m.missing == 0 {
		close(m.all)
	}
}

func (m *meeting) wait(ctx context.Context) {
	m.arrive()
	m.waitForOthers(ctx)
}

func (m *meeting) waitForOthers(ctx context.Context) {
	select {
	case <-m.all:
	case <-ctx.Done():
	}
}

// gauge remembers its highest stand.
type gauge struct {
	mu        sync.Mutex
	now, most int
}

func (g *gauge) add(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now += n
	g.most = max(g.most, g.now)
}

func isUser(r *http.Request) bool    { return strings.Contains(r.URL.Path, "/daily/users/") }
func isList(r *http.Request) bool    { return strings.HasSuffix(r.URL.Path, "/members/users") }
func isIDPList(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/members/idp-users") }

// through is a transport in which before is called with each request.
func through(before, after func(*http.Request)) func(*Config) {
	return withTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
		before(r)
		resp, err := http.DefaultTransport.RoundTrip(r)
		after(r)
		return resp, err
	}))
}

func TestReportDoesNotDependOnWhichListIsFaster(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	// Who is on both lists has another name on each.
	fake.Fault("/v3/enterprise/members/idp-users", devintest.Fault{Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"name":"`), []byte(`"name":"IdP `))
	}})
	want, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{})
	if err != nil {
		t.Fatal(err)
	}
	pages := map[bool]int{true: fake.Count("*/members/users"), false: fake.Count("*/members/idp-users")}
	for _, directFirst := range []bool{true, false} {
		first, second := isList, isIDPList
		if !directFirst {
			first, second = second, first
		}
		read := newMeeting(pages[directFirst])
		client := newClient(t, fake.URL, through(func(r *http.Request) {
			if second(r) {
				read.waitForOthers(r.Context())
			}
		}, func(r *http.Request) {
			if first(r) {
				read.arrive()
			}
		}))
		got, err := readWeek(t.Context(), client, Selection{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("with the direct members first (%v) the report differs", directFirst)
		}
	}
}

// Were the users asked for after the list only, the second page would wait for
// ever.
func TestUsersAreAskedForWhileLaterPagesAreOnTheirWay(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	asked := newMeeting(5)
	client := newClient(t, fake.URL, through(func(r *http.Request) {
		switch {
		case isUser(r):
			asked.arrive()
		case r.URL.Query().Has("after"):
			asked.waitForOthers(r.Context())
		}
	}, func(*http.Request) {}))
	if _, err := readWeek(ctx, client, Selection{}); err != nil {
		t.Fatal(err)
	}
}

func TestRequestsOfAReport(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 200, PageSize: 50})
	counts := func() (users, pages, idpPages int) {
		return fake.Count(dailyUsersPath + "*"), fake.Count("*/members/users"), fake.Count("*/members/idp-users")
	}
	// The first users wait for each other, so that the bound is reached.
	together := newMeeting(3)
	var users atomic.Int64
	var flying gauge
	client := newClient(t, fake.URL, func(cfg *Config) { cfg.MaxConcurrentRequests = 3 }, through(func(r *http.Request) {
		flying.add(1)
		if isUser(r) && users.Add(1) <= 3 {
			together.wait(r.Context())
		}
	}, func(*http.Request) { flying.add(-1) }))
	if _, err := readWeek(t.Context(), client, Selection{}); err != nil {
		t.Fatal(err)
	}
	// 150 of 200 are direct members, 80 come through a group.
	if users, pages, idpPages := counts(); users != 200 || pages != 3 || idpPages != 2 {
		t.Errorf("%d users, %d and %d pages", users, pages, idpPages)
	}
	if flying.most != 3 || fake.MostInFlight() > 3 {
		t.Errorf("%d requests in flight by the client, %d by the fake, want 3", flying.most, fake.MostInFlight())
	}
	if all := len(fake.Requests()); all != 205 {
		t.Errorf("%d requests", all)
	}
	// A second report asks nothing that the first has.
	if _, err := readWeek(t.Context(), client, Selection{IDs: memberIDs(fake)}); err != nil || len(fake.Requests()) != 205 {
		t.Errorf("%d requests, %v", len(fake.Requests()), err)
	}
}

// The later pages of the lists never come. A user who is named twice is asked for
// once.
func TestNamesOfManyNeedNoMorePagesThanTheyAreOn(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 400, PageSize: 200})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	client := newClient(t, fake.URL, through(func(r *http.Request) {
		if r.URL.Query().Has("after") {
			<-r.Context().Done()
		}
	}, func(*http.Request) {}))
	var ids []string
	for _, m := range fake.Members()[:200] {
		if m.Direct && m.Email != nil && m.Name != nil && len(ids) < few+1 {
			ids = append(ids, m.UserID)
		}
	}
	report, err := readWeek(ctx, client, Selection{IDs: slices.Concat(ids, ids)})
	if err != nil || len(report.Readings) != len(ids) || report.Readings[0].Name == nil {
		t.Fatalf("got %+v, %v", report, err)
	}
	if n := fake.Count(dailyUsersPath + "*"); n != len(ids) {
		t.Errorf("%d requests for %d users", n, len(ids))
	}
}

// Not parallel: other tests' goroutines would be counted.
func TestCancelledReportLeavesNothingBehind(t *testing.T) {
	fake := startFake(t, devintest.Options{Members: 500, PageSize: 50})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Hang: true, Skip: 50})
	transport := rest.NewTransport(16)
	client := newClient(t, fake.URL, withTransport(transport))
	left := noGoroutineLeft(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	underWay := newMeeting(50 + 16)
	_, err := ReadUsers(ctx, client, Selection{SkipFailed: true}, func(ctx context.Context, userID string) (*Consumption, error) {
		underWay.arrive()
		select {
		case <-underWay.all:
			cancel()
		default:
		}
		return client.UserDailyConsumption(ctx, userID, week)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	transport.CloseIdleConnections()
	left()
	if n := len(fake.Requests()); n > 200 {
		t.Errorf("%d requests", n)
	}
}

// syncBuffer is written to by many.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func TestLongReportSaysWhereItStands(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 3000, Uniform: true, PageSize: 200})
	clock, log := devintest.NewClock(testNow), &syncBuffer{}
	client := newClient(t, fake.URL, withClock(clock), func(cfg *Config) {
		cfg.MaxConcurrentRequests = 1
		cfg.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	})
	_, err := ReadUsers(t.Context(), client, Selection{IDs: memberIDs(fake), What: "daily consumption"},
		func(context.Context, string) (*int, error) {
			clock.Move(5 * time.Millisecond) // 5 seconds are 1,000 users
			return new(int), nil
		})
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`level=INFO msg="read ([\d,]+) of 3,000 users" what="daily consumption"\n`).FindAllStringSubmatch(log.String(), -1)
	if len(lines) != 3 || strings.Count(log.String(), "\n") != 3 {
		t.Fatalf("the log is\n%s", log)
	}
	for i, line := range lines {
		n, err := strconv.Atoi(strings.ReplaceAll(line[1], ",", ""))
		// A few are read and not yet counted when the time has come.
		if want := 1000 * (i + 1); err != nil || n > want || n < want-3 || n >= 1000 && !strings.Contains(line[1], ",") {
			t.Errorf("after %d users it says %s", want, line[1])
		}
	}
}

func TestShortReportSaysNothing(t *testing.T) {
	t.Parallel()
	fake, log := startFake(t, devintest.Options{}), &syncBuffer{}
	client := newClient(t, fake.URL, func(cfg *Config) {
		cfg.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	})
	if _, err := readWeek(t.Context(), client, Selection{}); err != nil || log.Len() > 0 {
		t.Errorf("%v, and the log is\n%s", err, log)
	}
}

func TestNumbersAreGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 999999: "999,999", 1000000: "1,000,000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
