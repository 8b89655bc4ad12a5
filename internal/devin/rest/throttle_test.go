package rest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// The tests of waiting run in synctest's bubbles, on the machine's own clock:
// there time passes only once every goroutine waits for it.

// readAllMembers reads the consumption of every member at the same time.
func readAllMembers(t *testing.T, c *Client, server *devintest.Server) {
	t.Helper()
	var group sync.WaitGroup
	for _, m := range server.Members() {
		group.Go(func() {
			got, err := askConsumption(t.Context(), c, m.UserID)
			want := server.UserTotal(m.UserID, time.Unix(1772438400, 0), time.Unix(1773043200, 0))
			if err != nil || got != want {
				t.Errorf("%s: %v, %v; want %v", m.UserID, got, err, want)
			}
		})
	}
	group.Wait()
}

// starts records when each request starts, and answers with answer.
type starts struct {
	mu     sync.Mutex
	at     []time.Time
	answer func(n int, r *http.Request) (*http.Response, error)
}

func (s *starts) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.at = append(s.at, time.Now())
	n := len(s.at)
	s.mu.Unlock()
	return s.answer(n, r)
}

// bubbleClient is a client for a synctest bubble.
func bubbleClient(t *testing.T, rt http.RoundTripper, change ...func(*Config)) *Client {
	t.Helper()
	return newClient(t, "https://devin.example.com", append([]func(*Config){withTransport(rt), withClock(nil)}, change...)...)
}

func askForUsers(t *testing.T, c *Client, n int) {
	t.Helper()
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			if _, err := askConsumption(t.Context(), c, "email|"+strconv.Itoa(i)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// servedOrder is the order in which requests start that come in the order of names while
// another is in flight, and of which one may be. A name with "again" is a retry.
func servedOrder(t *testing.T, names ...string) []string {
	t.Helper()
	throttle := newThrottle(1, rate.Inf, systemClock{})
	if err := throttle.acquire(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	var served []string
	for _, name := range names {
		go func() {
			if err := throttle.acquire(t.Context(), strings.HasPrefix(name, "again")); err != nil {
				t.Error(err)
			}
			served = append(served, name) // one request at a time is in flight
			throttle.release(time.Now(), 200)
		}()
		synctest.Wait()
	}
	throttle.release(time.Now(), 200)
	synctest.Wait()
	return served
}

const nothingUsed = `{"total_acus":0,"consumption_by_date":[]}`

func TestNoMoreRequestsAreInFlightThanAllowed(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 3} {
		server := clienttest.StartFake(t, devintest.Options{Latency: 5 * time.Millisecond})
		c := newClient(t, server.URL, func(cfg *Config) { cfg.MaxConcurrentRequests = most })
		readAllMembers(t, c, server)
		if n := server.MostInFlight(); n != most {
			t.Errorf("%d requests were in flight, want %d", n, most)
		}
	}
}

func TestWithoutASettingSixteenRequestsAreInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s starts
		s.answer = func(int, *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return clienttest.JSON(200, nothingUsed), nil
		}
		begin := time.Now()
		askForUsers(t, bubbleClient(t, &s), 33)
		for i, at := range s.at {
			if want := time.Duration(i/16) * time.Second; at.Sub(begin) != want {
				t.Errorf("request %d started after %s, want %s", i, at.Sub(begin), want)
			}
		}
	})
}

func TestTheFirstToComeIsServedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := strings.Split("abcdefghijklmnopqrst", "")
		if served := servedOrder(t, names...); !slices.Equal(served, names) {
			t.Errorf("they were served in the order %q", served)
		}
	})
}

func TestOneAnswerThatAsksForAPauseHoldsBackEveryRequest(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		synctest.Test(t, func(t *testing.T) {
			var s starts
			var refused time.Time
			s.answer = func(n int, _ *http.Request) (*http.Response, error) {
				time.Sleep(time.Duration(n) * 100 * time.Millisecond)
				if n == 1 {
					refused = time.Now()
					answer := clienttest.JSON(status, `{"detail":"slow down"}`)
					answer.Header.Set("Retry-After", "20")
					return answer, nil
				}
				return clienttest.JSON(200, nothingUsed), nil
			}
			askForUsers(t, bubbleClient(t, &s, func(cfg *Config) { cfg.MaxConcurrentRequests = 4 }), 12)
			if len(s.at) != 13 {
				t.Errorf("%d requests", len(s.at))
			}
			for i, at := range s.at {
				if at.After(refused) && at.Before(refused.Add(20*time.Second)) {
					t.Errorf("request %d started %s after the %d", i, at.Sub(refused), status)
				}
			}
		})
	}
}

func TestAPauseAlsoHoldsBackRequestsThatWaitForTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s starts
		s.answer = func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				time.Sleep(100 * time.Millisecond) // so that the others are queued for the rate
				answer := clienttest.JSON(429, "")
				answer.Header.Set("Retry-After", "20")
				return answer, nil
			}
			return clienttest.JSON(200, nothingUsed), nil
		}
		begin := time.Now()
		askForUsers(t, bubbleClient(t, &s, func(cfg *Config) { cfg.RequestsPerSecond = 1 }), 4)
		for i, at := range s.at[1:] {
			if at.Sub(begin) < 20*time.Second+100*time.Millisecond {
				t.Errorf("request %d started after %s", i+1, at.Sub(begin))
			}
			if i > 0 && at.Sub(s.at[i]) < time.Second {
				t.Errorf("request %d started %s after the one before", i+1, at.Sub(s.at[i]))
			}
		}
	})
}

func TestARefusalHalvesWhatMayBeInFlightAndOtherAnswersGiveItBack(t *testing.T) {
	t.Parallel()
	for _, refusal := range []int{429, 503, 504} {
		for _, answer := range []int{200, 404, 500} {
			clock := devintest.NewClock(clienttest.Now)
			throttle := newThrottle(16, rate.Inf, clock)
			once := func(started time.Time, status int) {
				t.Helper()
				if err := throttle.acquire(t.Context(), false); err != nil {
					t.Fatal(err)
				}
				throttle.release(started, status)
			}
			for _, want := range []float64{8, 4, 2, 1, 1} {
				begin := clock.Now()
				clock.Move(time.Second)
				once(begin, refusal)
				clock.Move(time.Minute)
				once(begin, refusal) // was in flight with the first, so it is the same refusal
				if throttle.allowed != want {
					t.Errorf("after a %d, %v are allowed, want %v", refusal, throttle.allowed, want)
				}
			}
			once(clock.Now(), 0)
			if throttle.allowed != 1 {
				t.Errorf("a lost connection changed it to %v", throttle.allowed)
			}
			needed := 0
			for ; throttle.allowed < 16 && needed < 1000; needed++ {
				before := throttle.allowed
				once(clock.Now(), answer)
				if throttle.allowed <= before || throttle.allowed > 16 {
					t.Fatalf("a %d changed %v to %v", answer, before, throttle.allowed)
				}
			}
			// About twice the sum of 1 to 16.
			if needed < 100 || needed > 500 {
				t.Errorf("it took %d answers %d to recover", needed, answer)
			}
			once(clock.Now(), answer)
			if throttle.allowed != 16 {
				t.Errorf("%v are allowed after recovery", throttle.allowed)
			}
		}
	}
}

func TestRequestsPerSecondAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := starts{answer: func(int, *http.Request) (*http.Response, error) { return clienttest.JSON(200, nothingUsed), nil }}
		begin := time.Now()
		askForUsers(t, bubbleClient(t, &s, func(cfg *Config) { cfg.RequestsPerSecond = 4 }), 21)
		for i, at := range s.at {
			if want := time.Duration(i) * 250 * time.Millisecond; at.Sub(begin).Round(time.Microsecond) != want {
				t.Errorf("request %d started after %s, want %s", i, at.Sub(begin), want)
			}
		}
	})
}

func TestACanceledRequestDoesNotCountForTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := newThrottle(16, 1, systemClock{})
		begin := time.Now()
		if err := throttle.acquire(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if err := throttle.acquire(ctx, false); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the second got %v", err)
		}
		if err := throttle.acquire(t.Context(), false); err != nil || time.Since(begin) != time.Second {
			t.Errorf("the third started after %s, %v", time.Since(begin), err)
		}
	})
}

func TestAShorterPauseDoesNotEndALongerOne(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(clienttest.Now)
	throttle := newThrottle(1, rate.Inf, clock)
	throttle.pause(10 * time.Second)
	throttle.pause(time.Second)
	if err := throttle.acquire(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if waited := clock.Now().Sub(clienttest.Now); waited != 10*time.Second {
		t.Errorf("it waited for %s", waited)
	}
}

// Each of many requests is given up at some point of its way, in the queue, in
// the pause, waiting for the rate or in flight. All slots must come back.
func TestACanceledRequestLosesNoSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 4
		throttle := newThrottle(most, 200, systemClock{})
		var group sync.WaitGroup
		inFlight, highest := 0, 0
		var mu sync.Mutex
		random := rand.New(rand.NewPCG(1, 2)) // the same in every run
		for i := range 2000 {
			patience, work := time.Duration(random.IntN(4000))*time.Millisecond, time.Duration(random.IntN(20))*time.Millisecond
			group.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				if err := throttle.acquire(ctx, i%3 == 0); err != nil {
					if !errors.Is(err, context.DeadlineExceeded) {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				inFlight++
				highest = max(highest, inFlight)
				mu.Unlock()
				time.Sleep(work)
				mu.Lock()
				inFlight--
				mu.Unlock()
				status := 200
				if i%50 == 0 {
					status = 429
					throttle.pause(50 * time.Millisecond)
				}
				throttle.release(time.Now().Add(-work), status)
			})
		}
		group.Wait()
		if throttle.inFlight != 0 || len(throttle.waiting) != 0 || throttle.retries != 0 || highest > most {
			t.Errorf("%d in flight, %d waiting, at most %d at once", throttle.inFlight, len(throttle.waiting), highest)
		}
	})
}

// A turn may come at the very moment at which its request is canceled. Then it goes to
// the next in the queue, once.
func TestATurnThatComesTooLateGoesToTheNext(t *testing.T) {
	t.Parallel()
	throttle := newThrottle(1, rate.Inf, systemClock{})
	if err := throttle.enter(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	late, next, last := make(chan struct{}), make(chan struct{}), make(chan struct{})
	throttle.waiting = []chan struct{}{late, next, last}
	leave := func() {
		throttle.mu.Lock()
		defer throttle.mu.Unlock()
		throttle.leave()
	}
	leave()
	throttle.giveUp(late)
	if !closed(late) || !closed(next) || closed(last) || throttle.inFlight != 1 {
		t.Errorf("turns came: %v, %v, %v, and %d are in flight", closed(late), closed(next), closed(last), throttle.inFlight)
	}
	// A request that is canceled before its turn only leaves the queue.
	throttle.giveUp(last)
	leave()
	if closed(last) || throttle.inFlight != 0 || len(throttle.waiting) != 0 {
		t.Errorf("the last turn came: %v, %d in flight, %d waiting", closed(last), throttle.inFlight, len(throttle.waiting))
	}
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestALimitPerMinuteIsAWaitAndNoFailure(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{30, 120} {
		synctest.Test(t, func(t *testing.T) {
			var s starts
			var mu sync.Mutex
			var minute time.Time
			left := 0
			s.answer = func(int, *http.Request) (*http.Response, error) {
				time.Sleep(200 * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				if now := time.Now().Truncate(time.Minute); now.After(minute) {
					minute, left = now, perMinute
				}
				if left--; left < 0 {
					return clienttest.JSON(429, ""), nil
				}
				return clienttest.JSON(200, nothingUsed), nil
			}
			begin := time.Now()
			askForUsers(t, bubbleClient(t, &s, withRetries(0)), 1000)
			// The waits end only a little after the minute.
			least := time.Duration(1000/perMinute-1) * time.Minute
			if took := time.Since(begin); took < least || took > least+3*time.Minute {
				t.Errorf("%d a minute: 1,000 requests took %s", perMinute, took)
			}
		})
	}
}

func TestAServerThatLimitsForeverIsGivenUpWhenTheBudgetIsSpent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := starts{answer: func(int, *http.Request) (*http.Response, error) {
			time.Sleep(200 * time.Millisecond)
			return clienttest.JSON(429, ""), nil
		}}
		c := bubbleClient(t, &s, withRetries(0))
		begin := time.Now()
		var group sync.WaitGroup
		for i := range 300 { // most are in the queue until the first are given up
			group.Go(func() {
				_, err := askConsumption(t.Context(), c, fmt.Sprintf("email|%d", i))
				var failure *Error
				if !errors.As(err, &failure) || !errors.Is(err, ErrRateLimited) || failure.Limited != DefaultRateLimitTimeout {
					t.Errorf("user %d: %v", i, err)
				}
			})
		}
		group.Wait()
		if took := time.Since(begin); took < 3*time.Minute || took > 2*DefaultRateLimitTimeout {
			t.Errorf("it was given up after %s", took)
		}
	})
}

func TestAnIdleHourUsesUpNoBudget(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(clienttest.Now)
	answers := []int{429, 0, 429, 200} // a refusal that no answer follows, and later another
	c := newClient(t, "https://devin.example.com", withClock(clock), withRetries(0), withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
		status := answers[0]
		answers = answers[1:]
		if status == 0 {
			return nil, errors.New("connection reset by peer")
		}
		return clienttest.JSON(status, nothingUsed), nil
	})))
	if _, err := askConsumption(t.Context(), c, "email|a"); !isOnly(err, ErrUnavailable) {
		t.Errorf("the first got %v", err)
	}
	clock.Move(time.Hour)
	if _, err := askConsumption(t.Context(), c, "email|b"); err != nil {
		t.Errorf("the second got %v", err)
	}
}

func TestARequestThatAlwaysGets429FailsAloneAndDelaysTheOthersLittle(t *testing.T) {
	t.Parallel()
	for _, retryAfter := range []string{"", "60"} {
		synctest.Test(t, func(t *testing.T) {
			var s starts
			s.answer = func(_ int, r *http.Request) (*http.Response, error) {
				time.Sleep(200 * time.Millisecond)
				if strings.HasSuffix(r.URL.Path, "email|7") {
					answer := clienttest.JSON(429, "")
					answer.Header.Set("Retry-After", retryAfter)
					return answer, nil
				}
				return clienttest.JSON(200, nothingUsed), nil
			}
			c := bubbleClient(t, &s)
			begin := time.Now()
			var group sync.WaitGroup
			for i := range 201 {
				group.Go(func() {
					_, err := askConsumption(t.Context(), c, fmt.Sprintf("email|%d", i))
					if i != 7 && err != nil || i == 7 && !errors.Is(err, ErrRateLimited) {
						t.Errorf("user %d: %v", i, err)
					}
				})
			}
			group.Wait()
			if took := time.Since(begin); took > DefaultRateLimitTimeout+time.Minute {
				t.Errorf("with Retry-After %q it took %s", retryAfter, took)
			}
		})
	}
}

func TestAnotherStatusRestartsTheBudgetFor429(t *testing.T) {
	t.Parallel()
	server := clienttest.StartFake(t, devintest.Options{})
	for range 3 { // 2 and a half minutes each
		server.Fault("/v3/self", devintest.Fault{Status: 429, RetryAfter: "50", Times: 3})
		server.Fault("/v3/self", devintest.Fault{Status: 500, Times: 1})
	}
	clock := devintest.NewClock(clienttest.Now)
	if _, err := askSelf(t.Context(), newClient(t, server.URL, withClock(clock), withRetries(3))); err != nil {
		t.Error(err)
	}
	if took := clock.Now().Sub(clienttest.Now); took < 450*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestARequestThatIsSentAgainGoesBeforeThoseThatWereNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		served := servedOrder(t, "new 1", "new 2", "again 1", "new 3", "again 2", "again 3")
		if want := []string{"again 1", "again 2", "again 3", "new 1", "new 2", "new 3"}; !slices.Equal(served, want) {
			t.Errorf("they were served in the order %v", served)
		}
	})
}

func TestRefusalsOfRequestsInFlightTogetherAreOnePause(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(clienttest.Now)
	throttle := newThrottle(16, 1000, clock)
	first, _ := throttle.limit(0, time.Hour, clienttest.Now, clienttest.Now)
	for range 15 {
		if wait, ok := throttle.limit(0, time.Hour, clienttest.Now, clienttest.Now); wait != 0 || !ok {
			t.Errorf("another pause of %s, %t", wait, ok)
		}
	}
	if until := clock.Now().Add(first); !throttle.pauseEnd.Equal(until) || throttle.pauses != 1 {
		t.Errorf("the pause ends at %s, want %s, in round %d", throttle.pauseEnd, until, throttle.pauses)
	}
}

func TestAPauseLongerThanTheBudgetHoldsBackNoRequest(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(clienttest.Now)
	throttle := newThrottle(16, 1000, clock)
	if wait, ok := throttle.limit(time.Hour, time.Minute, clienttest.Now, clienttest.Now); wait != 0 || ok {
		t.Errorf("a pause of %s, %t", wait, ok)
	}
	if err := throttle.acquire(t.Context(), false); err != nil || len(clock.Waits()) != 0 {
		t.Errorf("%v, after the waits %v", err, clock.Waits())
	}
	// A pause that another request started is too long for this one as well.
	throttle.pause(10 * time.Minute)
	if wait, ok := throttle.limit(0, time.Minute, clienttest.Now, clienttest.Now); wait != 0 || ok {
		t.Errorf("within another pause: %s, %t", wait, ok)
	}
}

func TestAServerThatIsBusyBeyondSixInFlightIsReadWhole(t *testing.T) {
	t.Parallel()
	for _, status := range []int{503, 504} {
		synctest.Test(t, func(t *testing.T) {
			var s starts
			var inFlight atomic.Int32
			s.answer = func(int, *http.Request) (*http.Response, error) {
				busy := inFlight.Add(1) > 6
				defer inFlight.Add(-1)
				time.Sleep(300 * time.Millisecond)
				if busy {
					return clienttest.JSON(status, ""), nil
				}
				return clienttest.JSON(200, nothingUsed), nil
			}
			askForUsers(t, bubbleClient(t, &s, withRetries(DefaultMaxRetries)), 300)
			if n := len(s.at); n > 600 {
				t.Errorf("300 users took %d requests with %d", n, status)
			}
		})
	}
}
