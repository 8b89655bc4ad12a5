package devin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

const dailyUsersPath = "/v3/enterprise/consumption/daily/users/"

// readWeek reports on the consumption of week.
func readWeek(ctx context.Context, c *Client, sel Selection) (*Report[Consumption], error) {
	return ReadUsers(ctx, c, sel, func(ctx context.Context, userID string) (*Consumption, error) {
		return c.UserDailyConsumption(ctx, userID, week)
	})
}

// memberIDs are the fake's, sorted as results are.
func memberIDs(fake *devintest.Server) []string {
	var ids []string
	for _, m := range fake.Members() {
		ids = append(ids, m.UserID)
	}
	slices.Sort(ids)
	return ids
}

func readIDs[T any](report *Report[T]) []string {
	var ids []string
	for _, u := range report.Readings {
		ids = append(ids, u.ID)
	}
	return ids
}

func TestAReportOnAllMembersEqualsTheFakesTruth(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]devintest.Quirks{
		"as documented":    {},
		"inclusive bounds": {InclusiveBounds: true, ZeroDays: true},
		"midnight days":    {DaysAtMidnightUTC: true, Review: devintest.AsNull, ExtraProduct: "orbit"},
	} {
		fake := clienttest.StartFake(t, devintest.Options{Quirks: quirks})
		report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{})
		if err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		if got, want := readIDs(report), memberIDs(fake); !slices.Equal(got, want) {
			t.Fatalf("%s: got %q, want %q", name, got, want)
		}
		if len(report.Failed) > 0 {
			t.Errorf("%s: failed: %q", name, report.Failed)
		}
		byID := map[string]devintest.Member{}
		direct, both, idpOnly, nameless := 0, 0, 0, 0
		for _, m := range fake.Members() {
			byID[m.UserID] = m
			switch {
			case m.Direct && m.IDP:
				both++
			case m.Direct:
				direct++
			default:
				idpOnly++
			}
			if m.Name == nil || m.Email == nil {
				nameless++
			}
		}
		if direct == 0 || both == 0 || idpOnly == 0 || nameless == 0 {
			t.Fatalf("the fake has %d direct, %d both, %d IdP, %d nameless members", direct, both, idpOnly, nameless)
		}
		var totals []float64
		for _, u := range report.Readings {
			want := byID[u.ID]
			if !reflect.DeepEqual(u.Email, want.Email) || !reflect.DeepEqual(u.Name, want.Name) {
				t.Errorf("%s: %s is named otherwise than in the list", name, u.ID)
			}
			if got, want := u.Value.TotalACUs, fake.UserTotal(u.ID, week.Start.Start(), (week.End+1).Start()); got != want {
				t.Errorf("%s: %s has %v ACUs, want %v", name, u.ID, got, want)
			}
			totals = append(totals, u.Value.TotalACUs)
		}
		if got, want := SumACUs(totals), fake.MembersTotal(week.Start.Start(), (week.End+1).Start()); got != want || got == 0 {
			t.Errorf("%s: all have %v ACUs, want %v", name, got, want)
		}
	}
}

func TestMembersThatConsumptionDoesNotKnowAreListedAndNoticed(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	ids := memberIDs(fake)
	gone := []string{ids[3], ids[20], ids[39]}
	for _, id := range gone {
		fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusNotFound})
	}
	for _, sel := range []Selection{{}, {SkipFailed: true}, {IDs: ids}, {IDs: ids[:10]}} {
		want, wantUnknown := ids, gone
		if len(sel.IDs) == 10 {
			want, wantUnknown = ids[:10], gone[:1]
		}
		ctx, notices := WithNotices(t.Context())
		report, err := readWeek(ctx, newClient(t, fake.URL), sel)
		if err != nil {
			t.Fatal(err)
		}
		if got := readIDs(report); !slices.Equal(got, want) || len(report.Failed) > 0 || !slices.Equal(report.Unknown, wantUnknown) {
			t.Errorf("%+v: got %q, failed %q, unknown %q", sel, got, report.Failed, report.Unknown)
		}
		for _, u := range report.Readings {
			if (u.Value == nil) != slices.Contains(gone, u.ID) {
				t.Errorf("%+v: %s has %+v", sel, u.ID, u.Value)
			}
		}
		if kinds := kindsOf(notices); !slices.Equal(kinds, []NoticeKind{NoticeUnknown}) || !strings.Contains(notices.All()[0].Text, strconv.Quote(ids[3])) {
			t.Errorf("%+v: noticed %+v", sel, notices.All())
		}
	}
}

func kindsOf(notices *Notices) []NoticeKind {
	var kinds []NoticeKind
	for _, n := range notices.All() {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// A person who left is on no list, and still has consumed.
func TestNamedUsersNeedNotBeMembers(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: http.StatusNotFound}})
	client, year := newClient(t, fake.URL), Window{Start: week.End - 364, End: week.End}
	left := fake.FormerMembers()[0]
	report, err := ReadUsers(t.Context(), client, Selection{IDs: []string{left}}, func(ctx context.Context, userID string) (*Consumption, error) {
		return client.UserDailyConsumption(ctx, userID, year)
	})
	if err != nil {
		t.Fatal(err)
	}
	if u := report.Readings[0]; u.ID != left || u.Email != nil || u.Name != nil || u.Value == nil || u.Value.Empty() {
		t.Errorf("got %+v", u)
	}
}

func TestReportErrorSaysWhichAndHowMany(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	ids := memberIDs(fake)[:8]
	for _, id := range ids {
		fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusUnprocessableEntity})
	}
	client := newClient(t, fake.URL)
	_, err := readWeek(t.Context(), client, Selection{IDs: ids, SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != SomeFailed || failed.Count != 8 || !slices.Equal(failed.IDs, ids[:5]) {
		t.Fatalf("got %+v, %v", failed, err)
	}
	var first *Error
	if !errors.As(failed.Err, &first) || !errors.Is(err, ErrRejected) {
		t.Fatalf("the cause is %v", failed.Err)
	}
	if path := client.rest.Address(client.consumptionRequest(week, "users", ids[0])); first.Path != path {
		t.Errorf("the cause is about %s, want %s", first.Path, path)
	}
	if want := fmt.Sprintf("8 users could not be read (%s): ", strings.Join(ids[:5], ", ")); !strings.HasPrefix(err.Error(), want) {
		t.Errorf("it says %q", err)
	}
}

// meeting is a point where requests wait until enough of them have come.
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

// gauge remembers its highest value.
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
	return withTransport(clienttest.RoundTripper(func(r *http.Request) (*http.Response, error) {
		before(r)
		resp, err := http.DefaultTransport.RoundTrip(r)
		after(r)
		return resp, err
	}))
}

func TestReportDoesNotDependOnWhichListIsFaster(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	// A person on both lists has another name on each.
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

// If users were read after the list only, the second page would never come.
func TestUsersAreReadWhileTheMemberListIsStillRead(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
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
	fake := clienttest.StartFake(t, devintest.Options{Members: 200, PageSize: 50})
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
	// A second report sends no request that the first has sent.
	if _, err := readWeek(t.Context(), client, Selection{IDs: memberIDs(fake)}); err != nil || len(fake.Requests()) != 205 {
		t.Errorf("%d requests, %v", len(fake.Requests()), err)
	}
}

func TestAUserThatIsSelectedTwiceIsReadOnce(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	ids := memberIDs(fake)
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: slices.Concat(ids, ids)})
	if err != nil || len(report.Readings) != len(ids) || len(ids) <= fewIDs {
		t.Fatalf("got %+v, %v", report, err)
	}
	if n := fake.Count(dailyUsersPath + "*"); n != len(ids) {
		t.Errorf("%d requests for %d users", n, len(ids))
	}
}

// groupsOf are the groups of the fake's members, by id.
func groupsOf(fake *devintest.Server) map[string][]string {
	groups := map[string][]string{}
	for _, m := range fake.Members() {
		names := []string{}
		for _, a := range m.IDPAssignments {
			names = append(names, a.IDPGroupName)
		}
		slices.Sort(names)
		groups[m.UserID] = slices.Compact(names)
	}
	return groups
}

func TestReportHasTheGroupsOfEachUserHoweverUsersAreSelected(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	want, ids := groupsOf(fake), memberIDs(fake)
	for name, sel := range map[string]Selection{"all": {}, "many": {IDs: ids}, "few": {IDs: ids[:fewIDs]}} {
		report, err := readWeek(t.Context(), newClient(t, fake.URL), sel)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range report.Readings {
			if !reflect.DeepEqual(u.IDPGroupNames, want[u.ID]) {
				t.Errorf("%s: %s is in %#v, want %#v", name, u.ID, u.IDPGroupNames, want[u.ID])
			}
		}
	}
}

func TestReportWhoseGroupsCannotBeReadHasNone(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	fake.Fault("/v3/enterprise/members/idp-users", devintest.Fault{Status: http.StatusForbidden})
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: memberIDs(fake)})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range report.Readings {
		if u.IDPGroupNames != nil {
			t.Errorf("%s is in %q", u.ID, u.IDPGroupNames)
		}
	}
}

// Not parallel: other tests' goroutines would be counted.
func TestCancelledReportLeavesNothingBehind(t *testing.T) {
	fake := clienttest.StartFake(t, devintest.Options{Members: 500, PageSize: 50})
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

// syncBuffer is safe for concurrent use.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func TestALongReportLogsItsProgress(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Members: 3000, Uniform: true, PageSize: 200})
	clock, log := devintest.NewClock(clienttest.Now), &syncBuffer{}
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

func TestAShortReportLogsNoProgress(t *testing.T) {
	t.Parallel()
	fake, log := clienttest.StartFake(t, devintest.Options{}), &syncBuffer{}
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

// reply is an answer with a latency. A reply without a status never comes.
type reply struct {
	after  time.Duration
	status int
	body   string
}

func fine(after time.Duration) reply {
	return reply{after, 200, fmt.Sprintf(`{"total_acus":1,"consumption_by_date":[{"date":%d,"acus":1,"acus_by_product":{}}]}`, week.Start.Start().Unix())}
}

// answering is a server with members of these ids, with a reply for each.
func answering(ids []string, of func(id string) reply) clienttest.RoundTripper {
	return func(r *http.Request) (*http.Response, error) {
		if !isUser(r) {
			var items []string
			for _, id := range ids {
				items = append(items, `{"user_id":"`+id+`"}`)
			}
			return clienttest.JSON(200, `{"items":[`+strings.Join(items, ",")+`],"has_next_page":false}`), nil
		}
		answer := of(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
		if answer.status == 0 {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		select {
		case <-time.After(answer.after):
			return clienttest.JSON(answer.status, answer.body), nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

func userIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("okta|%04d", i)
	}
	return ids
}

func TestARefusalOfSomeDoesNotDependOnOrderAndLatency(t *testing.T) {
	t.Parallel()
	ids := userIDs(402)
	for _, refused := range []int{14, 21, 402} {
		for where, at := range map[string]func(i int) int{
			"first":  func(i int) int { return i },
			"last":   func(i int) int { return len(ids) - 1 - i },
			"spread": func(i int) int { return i * len(ids) / refused },
		} {
			var bad []string
			for i := range refused {
				bad = append(bad, ids[at(i)])
			}
			slices.Sort(bad)
			for _, latency := range []time.Duration{0, time.Second, 3 * time.Second} {
				for status, listed := range map[int]bool{http.StatusUnauthorized: false, http.StatusForbidden: true} {
					name := fmt.Sprintf("%d refused with %d %s, after %s, listed %v", refused, status, where, latency, listed)
					synctest.Test(t, func(t *testing.T) {
						client := bubbleClient(t, answering(ids, func(id string) reply {
							if slices.Contains(bad, id) {
								return reply{latency, status, `{"detail":"Unauthorized"}`}
							}
							return fine(time.Second)
						}))
						sel := Selection{IDs: ids, SkipFailed: true}
						if listed {
							sel.IDs = nil
						}
						report, err := readWeek(t.Context(), client, sel)
						var failed *ReportError
						errors.As(err, &failed)
						switch {
						case refused <= 20 && (err != nil || !slices.Equal(report.Failed, bad) || len(report.Readings) != len(ids)-refused):
							t.Errorf("%s: got %v", name, err)
						case refused > 20 && refused < len(ids) && (failed == nil || failed.Reason != TooManyFailed):
							t.Errorf("%s: got %v", name, err)
						case refused == len(ids) && (failed != nil || !errors.Is(err, ErrForbidden) && !errors.Is(err, ErrUnauthorized)):
							t.Errorf("%s: got %v", name, err)
						}
					})
				}
			}
		}
	}
}

// A report that can only be an error waits for nothing.
func TestAFailureEndsAReportWithoutWaitingForOtherRequests(t *testing.T) {
	t.Parallel()
	refusedAddress := reply{0, http.StatusForbidden, `{"detail":"Your IP address is not allowed"}`}
	for name, tt := range map[string]struct {
		bad    reply
		failed int
		skip   bool
		want   func(error) bool
	}{
		"the first failure": {reply{0, 422, `{"detail":"no"}`}, 1, false, func(err error) bool { return errors.Is(err, ErrRejected) }},
		"a refusal":         {reply{0, 403, `{"detail":"no"}`}, 1, false, func(err error) bool { return errors.Is(err, ErrForbidden) }},
		"one too many":      {reply{0, 422, `{"detail":"no"}`}, 21, true, func(err error) bool { return errors.Is(err, ErrRejected) }},
		"the address":       {refusedAddress, 1, true, func(err error) bool { return errors.Is(err, ErrAddressDenied) }},
	} {
		synctest.Test(t, func(t *testing.T) {
			ids := userIDs(30)
			client := newClient(t, "https://devin.example.com", withClock(nil), withTransport(answering(ids, func(id string) reply {
				if slices.Index(ids, id) >= len(ids)-tt.failed {
					return tt.bad
				}
				return reply{}
			})), func(cfg *Config) { cfg.MaxConcurrentRequests = len(ids) })
			start := time.Now()
			_, err := readWeek(t.Context(), client, Selection{IDs: ids, SkipFailed: tt.skip})
			if took := time.Since(start); took > 0 || !tt.want(err) {
				t.Errorf("%s: after %s: %v", name, took, err)
			}
		})
	}
}

func TestTheErrorOfAReportDoesNotDependOnTheOrderOfFailures(t *testing.T) {
	t.Parallel()
	ids := userIDs(40)
	texts := map[string]bool{}
	for _, latency := range []time.Duration{0, time.Second, 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			client := bubbleClient(t, answering(ids, func(id string) reply {
				if id == ids[7] {
					return reply{latency, http.StatusForbidden, `{"detail":"no"}`}
				}
				return fine(time.Second)
			}))
			_, err := readWeek(t.Context(), client, Selection{IDs: ids})
			texts[fmt.Sprint(err)] = true
		})
	}
	if len(texts) != 1 {
		t.Errorf("got %v", texts)
	}
}

func TestSkippedUsersAreListedAndTheOthersRead(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	ids := memberIDs(fake)
	broken := []string{ids[0], ids[7], ids[8], ids[39]}
	for i, id := range broken {
		fault := devintest.Fault{Status: []int{http.StatusInternalServerError, http.StatusUnprocessableEntity}[i%2]}
		if i == 3 {
			fault = devintest.Fault{Body: "<html>"}
		}
		fake.Fault(dailyUsersPath+id, fault)
	}
	report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{SkipFailed: true})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(report.Failed, broken) {
		t.Errorf("failed %q, want %q", report.Failed, broken)
	}
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(broken, id) })
	if got := readIDs(report); !slices.Equal(got, rest) {
		t.Errorf("read %q, want %q", got, rest)
	}
	if _, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{}); err == nil {
		t.Error("without skipping, one user who cannot be read fails the report")
	}
}

func TestFirstFailureEndsAReport(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Members: 1000})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusUnprocessableEntity, Skip: 10, Times: 1})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != SomeFailed || failed.Count != 1 {
		t.Errorf("got %v", err)
	}
	// Requests that are on their way may finish.
	if n := fake.Count(dailyUsersPath + "*"); n > 200 {
		t.Errorf("%d users were asked for", n)
	}
}

func TestReportEndsAsSoonAsTooManyHaveFailed(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Members: 1000})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusUnprocessableEntity})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: memberIDs(fake), SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Reason != TooManyFailed || failed.Count != 51 {
		t.Errorf("got %v", err)
	}
	if n := fake.Count(dailyUsersPath + "*"); n > 200 {
		t.Errorf("%d users were asked for", n)
	}
}

func TestReportOfNothingButFailuresIsAFailure(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	ids := memberIDs(fake)[:3]
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusBadGateway})
	_, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{IDs: ids, SkipFailed: true})
	var failed *ReportError
	if !errors.As(err, &failed) || failed.Count != 3 || !slices.Equal(failed.IDs, ids) {
		t.Errorf("got %v", err)
	}
}

func TestReportOnNoMembersIsEmpty(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	report, err := readWeek(t.Context(), newClient(t, fake.URL, withKey(t, devintest.KeyNoResources)), Selection{})
	if err != nil || report.Readings == nil || len(report.Readings) != 0 {
		t.Errorf("got %+v, %v", report, err)
	}
}

// Requests that are never answered do not keep a report from ending.
func TestFailedMemberListEndsTheRequestsForUsers(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Hang: true})
	fake.Fault("/v3/enterprise/members/users", devintest.Fault{Status: http.StatusNotFound, Skip: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	// With room for every user at once: they must not keep the list waiting.
	roomy := func(cfg *Config) { cfg.MaxConcurrentRequests = 64 }
	_, err := readWeek(ctx, newClient(t, fake.URL, roomy), Selection{})
	var e *Error
	if !errors.As(err, &e) || e.Path != "/v3/enterprise/members/users" {
		t.Errorf("got %v", err)
	}
}

// A list that cannot be read whole is an error, that of the list, whatever happens to the
// users.
func TestFailedMemberListEndsAReport(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"users", "idp-users"} {
		fake := clienttest.StartFake(t, devintest.Options{Members: 1000, PageSize: 50})
		fake.Fault("/v3/enterprise/members/"+list, devintest.Fault{Status: http.StatusNotFound, Skip: 2})
		// The other list goes on only when this one has failed, so that the result does not
		// depend on the machine.
		failed := newMeeting(3)
		isThis := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/members/"+list) }
		client := newClient(t, fake.URL, through(func(r *http.Request) {
			if strings.Contains(r.URL.Path, "/members/") && !isThis(r) && r.URL.Query().Has("after") {
				failed.waitForOthers(r.Context())
			}
		}, func(r *http.Request) {
			if isThis(r) {
				failed.arrive()
			}
		}))
		_, err := readWeek(t.Context(), client, Selection{SkipFailed: true})
		var e *Error
		if !errors.As(err, &e) || e.Path != "/v3/enterprise/members/"+list || e.Status != http.StatusNotFound {
			t.Errorf("%s: got %v", list, err)
		}
		if n := fake.Count(dailyUsersPath + "*"); n > 400 {
			t.Errorf("%s: %d users were asked for after all", list, n)
		}
	}
}

func TestRefusalOfOneUserIsThatUsersFailure(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		fake := clienttest.StartFake(t, devintest.Options{})
		ids := memberIDs(fake)
		refused := []string{ids[0], ids[17]}
		for _, id := range refused {
			fake.Fault(dailyUsersPath+id, devintest.Fault{Status: status})
		}
		report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{SkipFailed: true})
		if err != nil || !slices.Equal(report.Failed, refused) || len(report.Readings) != len(ids)-2 {
			t.Errorf("%d: got %+v, %v", status, report, err)
		}
		_, err = readWeek(t.Context(), newClient(t, fake.URL), Selection{})
		var failed *ReportError
		if !errors.As(err, &failed) || failed.Reason != SomeFailed || !slices.Contains(refused, failed.IDs[0]) {
			t.Errorf("%d: got %v", status, err)
		}
	}
}

func TestSkippedFailuresHaveACeiling(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		members, broken int
		tooMany         bool
	}{
		{40, 20, false},  // half, and few
		{400, 20, false}, // five percent
		{40, 21, true},
		{419, 21, true},  // a little more than five percent
		{420, 21, false}, // five percent
	} {
		fake := clienttest.StartFake(t, devintest.Options{Members: tt.members, PageSize: 200})
		ids := memberIDs(fake)[:tt.broken]
		for _, id := range ids {
			fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusUnprocessableEntity})
		}
		report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{SkipFailed: true})
		var failed *ReportError
		switch {
		case tt.tooMany && (!errors.As(err, &failed) || failed.Reason != TooManyFailed || failed.Count < 21):
			t.Errorf("%d of %d: got %v", tt.broken, tt.members, err)
		case !tt.tooMany && (err != nil || !slices.Equal(report.Failed, ids)):
			t.Errorf("%d of %d: got %v", tt.broken, tt.members, err)
		}
	}
}

func TestReportWhereDevinKnowsNoneIsAnError(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusNotFound})
	for _, sel := range []Selection{{}, {SkipFailed: true}, {IDs: memberIDs(fake)[:3]}, {IDs: []string{"okta|stranger"}, SkipFailed: true}} {
		_, err := readWeek(t.Context(), newClient(t, fake.URL), sel)
		var failed *ReportError
		if !errors.As(err, &failed) || failed.Reason != AllUnknown || !errors.Is(err, ErrNotFound) {
			t.Errorf("%+v: got %v", sel, err)
		}
	}
}

// Two reports read the same users at the same time, and one of them is canceled.
func TestAReportDoesNotFailWithTheContextOfAnotherReport(t *testing.T) {
	t.Parallel()
	fake := clienttest.StartFake(t, devintest.Options{Members: 200, PageSize: 50})
	first, stop := context.WithCancel(t.Context())
	defer stop()
	const inFlight = 8
	var asked atomic.Int64
	held := make(chan struct{})
	client := newClient(t, fake.URL, func(cfg *Config) { cfg.MaxConcurrentRequests = inFlight }, through(func(r *http.Request) {
		// The requests of the first report wait until it is canceled.
		if isUser(r) && asked.Add(1) <= inFlight {
			if asked.Load() == inFlight {
				close(held)
			}
			<-r.Context().Done()
		}
	}, func(*http.Request) {}))
	ended := make(chan error)
	go func() {
		_, err := readWeek(first, client, Selection{})
		ended <- err
	}()
	<-held
	var joined atomic.Int64
	report, err := ReadUsers(t.Context(), client, Selection{IDs: memberIDs(fake)}, func(ctx context.Context, userID string) (*Consumption, error) {
		if joined.Add(1) == inFlight {
			stop()
		}
		return client.UserDailyConsumption(ctx, userID, week)
	})
	if err != nil || !slices.Equal(readIDs(report), memberIDs(fake)) {
		t.Fatalf("got %v", err)
	}
	for _, reading := range report.Readings {
		if want := fake.UserTotal(reading.ID, week.Start.Start(), (week.End + 1).Start()); reading.Value == nil || reading.Value.TotalACUs != want {
			t.Errorf("%s has %+v, want %v ACUs", reading.ID, reading.Value, want)
		}
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the error of the first read is %v", err)
	}
}
