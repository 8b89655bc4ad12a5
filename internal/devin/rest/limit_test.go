package rest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestALimitPerMinuteIsAWaitAndNoFailure(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{30, 120} {
		clock := devintest.NewClock(testNow)
		server := startFake(t, devintest.Options{Now: clock.Now, RequestsPerMinute: perMinute})
		c := newClient(t, server.URL, withClock(clock), withRetries(0))
		var group sync.WaitGroup
		for i := range 1000 {
			group.Go(func() {
				if _, err := askConsumption(t.Context(), c, fmt.Sprintf("email|%d", i)); err != nil {
					t.Errorf("%d a minute, user %d: %v", perMinute, i, err)
				}
			})
		}
		group.Wait()
		// The waits overshoot a minute's end, and no more than double the time.
		least := time.Duration(1000/perMinute-1) * time.Minute
		if took := clock.Now().Sub(testNow); took < least || took > 3*least+5*time.Minute {
			t.Errorf("%d a minute: 1,000 requests took %s", perMinute, took)
		}
	}
}

func TestAServerThatLimitsForeverIsGivenUpWhenTheBudgetIsSpent(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(testNow)
	server := startFake(t, devintest.Options{Now: clock.Now})
	server.Fault("*", devintest.Fault{Status: 429})
	c := newClient(t, server.URL, withClock(clock), withRetries(0))
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			_, err := askConsumption(t.Context(), c, fmt.Sprintf("email|%d", i))
			var failure *Error
			if !errors.As(err, &failure) || !errors.Is(err, ErrRateLimited) || failure.Limited != DefaultRateLimitTimeout {
				t.Errorf("user %d: %v", i, err)
			}
		})
	}
	group.Wait()
	if took := clock.Now().Sub(testNow); took < 3*time.Minute || took > DefaultRateLimitTimeout {
		t.Errorf("it was given up after %s", took)
	}
}

func TestEveryAnswerThatIsNot429StartsTheBudgetAnew(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(testNow)
	throttle := newThrottle(4, 1000, time.Minute, clock)
	for range 10 {
		if wait, goesOn := throttle.limit(50 * time.Second); wait != 50*time.Second || !goesOn {
			t.Fatalf("%s, %t", wait, goesOn)
		}
		clock.Move(50 * time.Second)
		if err := throttle.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		throttle.release(&Error{Status: 404})
	}
	if _, goesOn := throttle.limit(50 * time.Second); !goesOn {
		t.Error("the first refusal after an answer is the end")
	}
	clock.Move(50 * time.Second)
	if _, goesOn := throttle.limit(50 * time.Second); goesOn {
		t.Error("100 seconds of refusals fit into a minute")
	}
}

func TestRefusalsOfRequestsInFlightTogetherAreOnePause(t *testing.T) {
	t.Parallel()
	clock := devintest.NewClock(testNow)
	throttle := newThrottle(16, 1000, time.Hour, clock)
	first, _ := throttle.limit(0)
	for range 15 {
		if wait, goesOn := throttle.limit(0); wait != 0 || !goesOn {
			t.Errorf("another pause of %s, %t", wait, goesOn)
		}
	}
	if until := clock.Now().Add(first); !throttle.until.Equal(until) || throttle.rounds != 1 {
		t.Errorf("the pause ends at %s, want %s, in round %d", throttle.until, until, throttle.rounds)
	}
}
