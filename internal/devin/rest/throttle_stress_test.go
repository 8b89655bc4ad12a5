package rest

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"runtime"
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
		for i := range 2000 {
			group.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(4000))*time.Millisecond)
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
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
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

// lateContext is done at the moment that somebody starts to wait for it.
type lateContext struct {
	context.Context
	onWait func()
	asked  bool
}

func (c *lateContext) Done() <-chan struct{} {
	c.onWait()
	done := make(chan struct{})
	close(done)
	return done
}

func (c *lateContext) Err() error {
	if !c.asked {
		c.asked = true
		return nil
	}
	return context.Canceled
}

// The turn may come at the very moment at which its asker gives up. Which of
// the two is seen first is up to chance, so it is tried often.
func TestATurnThatComesTooLateGoesToTheNext(t *testing.T) {
	t.Parallel()
	tooLate := 0
	for range 100 {
		throttle := newThrottle(1, rate.Inf, time.Hour, systemClock{})
		if err := throttle.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		next := make(chan error, 1)
		late := &lateContext{Context: t.Context(), onWait: func() {
			go func() { next <- throttle.enter(t.Context()) }()
			for waiting := 1; waiting < 2; runtime.Gosched() {
				throttle.mu.Lock()
				waiting = len(throttle.waiting)
				throttle.mu.Unlock()
			}
			throttle.leave() // now it is the turn of who waits for late
		}}
		if err := throttle.enter(late); err == nil {
			throttle.leave()
		} else {
			tooLate++
		}
		if err := <-next; err != nil {
			t.Fatal(err)
		}
		throttle.leave()
		if throttle.inFlight != 0 || len(throttle.waiting) != 0 {
			t.Fatalf("%d in flight, %d waiting", throttle.inFlight, len(throttle.waiting))
		}
	}
	if tooLate == 0 {
		t.Error("no turn came too late")
	}
}
