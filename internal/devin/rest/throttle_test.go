package rest

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// The tests of waiting run in synctest's bubbles, on the machine's own clock:
// there time passes only once every goroutine waits for it.

// readEverybody reads the consumption of every member at once.
func readEverybody(t *testing.T, c *Client, server *devintest.Server) {
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

// starts notes when each request starts, and answers as it is told to.
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

const nothingUsed = `{"total_acus":0,"consumption_by_date":[]}`

func TestNoMoreRequestsAreInFlightThanAllowed(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 3} {
		server := startFake(t, devintest.Options{Latency: 5 * time.Millisecond})
		c := newClient(t, server.URL, func(cfg *Config) { cfg.MaxConcurrentRequests = most })
		readEverybody(t, c, server)
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
			return jsonAnswer(200, nothingUsed), nil
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

func TestWhoComesFirstIsServedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := newThrottle(1, rate.Inf, time.Hour, systemClock{})
		if err := throttle.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		var served []int
		for i := range 20 {
			go func() {
				if err := throttle.acquire(t.Context()); err != nil {
					t.Error(err)
				}
				served = append(served, i) // one at a time holds the throttle
				throttle.release(nil)
			}()
			synctest.Wait()
		}
		throttle.release(nil)
		synctest.Wait()
		if len(served) != 20 || !slices.IsSorted(served) {
			t.Errorf("they were served in the order %v", served)
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
					answer := jsonAnswer(status, `{"detail":"slow down"}`)
					answer.Header.Set("Retry-After", "20")
					return answer, nil
				}
				return jsonAnswer(200, nothingUsed), nil
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

func TestAPauseAlsoHoldsBackWhoWaitedForTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s starts
		s.answer = func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				time.Sleep(100 * time.Millisecond) // so that the others are queued for the rate
				answer := jsonAnswer(429, "")
				answer.Header.Set("Retry-After", "20")
				return answer, nil
			}
			return jsonAnswer(200, nothingUsed), nil
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

func TestA429HalvesWhatMayBeInFlightAndSuccessGivesItBack(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(testNow)
	throttle := newThrottle(16, rate.Inf, time.Hour, clock)
	refusal := &Error{Status: http.StatusTooManyRequests}
	once := func(failure *Error) {
		t.Helper()
		if err := throttle.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		throttle.release(failure)
	}
	for _, want := range []float64{8, 4, 2, 1, 1} {
		once(refusal)
		once(refusal) // of the same moment, so it is the same refusal
		if throttle.allowed != want {
			t.Errorf("%v are allowed, want %v", throttle.allowed, want)
		}
		if err := clock.Sleep(t.Context(), firstBackoff); err != nil {
			t.Fatal(err)
		}
	}
	once(&Error{Status: 503})
	if throttle.allowed != 1 {
		t.Errorf("a 503 changed it to %v", throttle.allowed)
	}
	needed := 0
	for ; throttle.allowed < 16 && needed < 1000; needed++ {
		before := throttle.allowed
		once(nil)
		if throttle.allowed <= before || throttle.allowed > 16 {
			t.Fatalf("a success changed %v to %v", before, throttle.allowed)
		}
	}
	// As many as the sum of 1 to 16, more or less: neither at once nor never.
	if needed < 50 || needed > 300 {
		t.Errorf("it took %d successes to recover", needed)
	}
	once(nil)
	if throttle.allowed != 16 {
		t.Errorf("%v are allowed after recovery", throttle.allowed)
	}
}

func TestRequestsPerSecondAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := starts{answer: func(int, *http.Request) (*http.Response, error) { return jsonAnswer(200, nothingUsed), nil }}
		begin := time.Now()
		askForUsers(t, bubbleClient(t, &s, func(cfg *Config) { cfg.RequestsPerSecond = 4 }), 21)
		for i, at := range s.at {
			if want := time.Duration(i) * 250 * time.Millisecond; at.Sub(begin).Round(time.Microsecond) != want {
				t.Errorf("request %d started after %s, want %s", i, at.Sub(begin), want)
			}
		}
	})
}

func TestAShorterPauseDoesNotEndALongerOne(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(testNow)
	throttle := newThrottle(1, rate.Inf, time.Hour, clock)
	throttle.pause(10 * time.Second)
	throttle.pause(time.Second)
	if err := throttle.acquire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if waited := clock.Now().Sub(testNow); waited != 10*time.Second {
		t.Errorf("it waited for %s", waited)
	}
}
