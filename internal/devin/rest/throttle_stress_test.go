package rest

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

// Each of many requests is given up at some point of its way, in the queue, in
// the pause, waiting for the rate or in flight. All slots must come back.
func TestGivingUpLosesNoSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 4
		throttle := newThrottle(most, 200, time.Hour, systemClock{})
		var group sync.WaitGroup
		inFlight, highest := 0, 0
		var mu sync.Mutex
		random := rand.New(rand.NewPCG(1, 2)) // the same in every run
		for i := range 2000 {
			patience, work := time.Duration(random.IntN(4000))*time.Millisecond, time.Duration(random.IntN(20))*time.Millisecond
			group.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				if err := throttle.acquire(ctx); err != nil {
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
				var failure *Error
				if i%50 == 0 {
					failure = &Error{Status: http.StatusTooManyRequests}
					throttle.pause(50 * time.Millisecond)
				}
				throttle.release(failure)
			})
		}
		group.Wait()
		if throttle.inFlight != 0 || len(throttle.waiting) != 0 || highest > most {
			t.Errorf("%d in flight, %d waiting, at most %d at once", throttle.inFlight, len(throttle.waiting), highest)
		}
	})
}

// The turn may come at the very moment at which its asker gives up. Then it goes
// to the next in line, once.
func TestATurnThatComesTooLateGoesToTheNext(t *testing.T) {
	t.Parallel()
	throttle := newThrottle(1, rate.Inf, time.Hour, systemClock{})
	if err := throttle.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	late, next, last := make(chan struct{}), make(chan struct{}), make(chan struct{})
	throttle.waiting = []chan struct{}{late, next, last}
	throttle.leave()
	throttle.giveUp(late)
	if !closed(late) || !closed(next) || closed(last) || throttle.inFlight != 1 {
		t.Errorf("turns came: %v, %v, %v, and %d are in flight", closed(late), closed(next), closed(last), throttle.inFlight)
	}
	// Who gives up before the turn has come only leaves the line.
	throttle.giveUp(last)
	throttle.leave()
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
