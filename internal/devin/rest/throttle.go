package rest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// throttle delays requests: it bounds how many are in flight and how many start in a
// second, and lets none start during the pause that an answer asked for.
//
// A 429, 503 or 504 also halves how many requests may be in flight, down to one, and
// each other answer raises that a little, so that a read of thousands of users settles
// at what the API allows instead of using up its tries.
type throttle struct {
	mu           sync.Mutex
	most         float64 // how many may be in flight, as configured
	allowed      float64 // how many may be in flight at present
	inFlight     int
	waiting      []chan struct{} // first come, first served; closed to let one go
	retries      int             // how many of waiting, at its front, were sent before
	pauseEnd     time.Time
	halved       time.Time // when allowed was last halved
	pauses       int       // since the last answer that was not 429
	limitedSince time.Time // when the first of pauses began
	rate         *rate.Limiter
	clock        Clock
}

func newThrottle(most int, limit rate.Limit, clock Clock) *throttle {
	return &throttle{
		most: float64(most), allowed: float64(most), clock: clock,
		rate: rate.NewLimiter(limit, 1),
	}
}

// acquire waits until a request may start; release must follow. Its error is the
// context's. A retry goes first: otherwise a 429 would make it wait for all others.
func (t *throttle) acquire(ctx context.Context, isRetry bool) error {
	if err := t.enter(ctx, isRetry); err != nil {
		return err
	}
	err := t.waitOut(ctx)
	if err == nil {
		// A slot may be handed to a waiter whose context has just ended.
		err = ctx.Err()
	}
	if err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.leave()
	}
	return err
}

// waitOut sleeps until there is no pause and the rate allows another request. It checks
// both again after each sleep, since a pause may grow, or begin while it waits for the rate.
func (t *throttle) waitOut(ctx context.Context) error {
	for hasRoom := false; ; {
		now := t.clock.Now()
		t.mu.Lock()
		pause := t.pauseEnd.Sub(now)
		t.mu.Unlock()
		switch {
		case pause > 0:
			// Reserved again afterwards, so that not all start at the end of the pause.
			hasRoom = false
			if err := t.clock.Sleep(ctx, pause); err != nil {
				return err
			}
		case hasRoom:
			return nil
		default:
			hasRoom = true
			room := t.rate.ReserveN(now, 1)
			if wait := room.DelayFrom(now); wait > 0 {
				if err := t.clock.Sleep(ctx, wait); err != nil {
					room.CancelAt(t.clock.Now())
					return err
				}
			}
		}
	}
}

// enter waits until one more request may be in flight.
func (t *throttle) enter(ctx context.Context, isRetry bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.mu.Lock()
	if len(t.waiting) == 0 && t.inFlight < int(t.allowed) {
		t.inFlight++
		t.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	if isRetry {
		t.waiting = slices.Insert(t.waiting, t.retries, turn)
		t.retries++
	} else {
		t.waiting = append(t.waiting, turn)
	}
	t.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		t.giveUp(turn)
		return ctx.Err()
	}
}

// giveUp takes a turn out of the queue. A turn that has come meanwhile goes to the next
// in the queue.
func (t *throttle) giveUp(turn chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.waiting, turn); i >= 0 {
		t.remove(i)
		return
	}
	t.leave()
}

// remove takes a turn out of the queue; t.mu is held.
func (t *throttle) remove(i int) {
	t.waiting = slices.Delete(t.waiting, i, i+1)
	if i < t.retries {
		t.retries--
	}
}

// release ends what acquire began. The status of the answer, 0 where there was none,
// decides how many requests may be in flight from now on.
func (t *throttle) release(started time.Time, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if status != 0 && status != http.StatusTooManyRequests {
		t.pauses = 0
	}
	switch status {
	case 0:
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		// Requests that were in flight together count once.
		if started.After(t.halved) {
			t.allowed, t.halved = max(t.allowed/2, 1), t.clock.Now()
		}
	default:
		// Raised slowly, since each step past what the API allows may cost a try.
		t.allowed = min(t.allowed+0.5/t.allowed, t.most)
	}
	t.leave()
}

// leave frees a slot, and lets the next requests start; t.mu is held.
func (t *throttle) leave() {
	t.inFlight--
	for len(t.waiting) > 0 && t.inFlight < int(t.allowed) {
		t.inFlight++
		close(t.waiting[0])
		t.remove(0)
	}
}

// limit starts the pause after a 429: for as long as its Retry-After says, and longer
// with every pause that did not help. It returns the length of the pause, or 0 if a
// longer one has begun already.
//
// If the request would then have waited for longer than patience, ok is false, and no
// pause starts. The wait counts from first429, the request's own first 429, or, if every
// answer was 429 while the request waited for its turn, from the first of those.
func (t *throttle) limit(retryAfter, patience time.Duration, waitingSince, first429 time.Time) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	if t.pauses == 0 {
		t.limitedSince = now
	}
	since := waitingSince
	if t.limitedSince.After(since) {
		since = t.limitedSince
	}
	if first429.Before(since) {
		since = first429
	}
	deadline := since.Add(patience)
	// Requests that were in flight together get their 429 together, and share one pause.
	wait = retryAfter
	if !t.pauseEnd.After(now) {
		t.pauses++
		wait = max(backoff(t.pauses), retryAfter)
	}
	end := now.Add(wait)
	switch {
	case end.After(deadline), t.pauseEnd.After(deadline):
		return 0, false
	case !end.After(t.pauseEnd):
		return 0, true
	}
	t.pauseEnd = end
	return wait, true
}

// pause lets no request start for a duration.
func (t *throttle) pause(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if end := t.clock.Now().Add(d); end.After(t.pauseEnd) {
		t.pauseEnd = end
	}
}

// Clock is time as a Client sees it.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or returns the context's error as soon as it is done.
	Sleep(ctx context.Context, d time.Duration) error
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
