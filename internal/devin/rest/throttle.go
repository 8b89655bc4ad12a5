package rest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// throttle is what every request passes before it starts: the bound on
// requests in flight, the bound on requests a second, and the pause after an
// answer that asked for one.
//
// A 429, 503 or 504 also halves how many requests may be in flight, down to one,
// and each other answer gives a little of that back, so that a read of thousands
// of users settles at what the API allows instead of using up its tries.
type throttle struct {
	mu       sync.Mutex
	most     float64 // as configured
	allowed  float64 // of most, at present
	inFlight int
	waiting  []chan struct{} // first come, first served; closed to let one go
	repeats  int             // how many of waiting, at its front, were sent before
	until    time.Time       // the pause's end
	halved   time.Time       // when allowed was halved last
	rounds   int             // pauses since the last answer that was not 429
	refusals time.Time       // since when every answer is 429, where rounds is not 0
	rate     *rate.Limiter
	clock    Clock
}

func newThrottle(most int, limit rate.Limit, clock Clock) *throttle {
	return &throttle{
		most: float64(most), allowed: float64(most), clock: clock,
		rate: rate.NewLimiter(limit, 1),
	}
}

// acquire returns when a request may start, or with the context's error.
// release must follow. A request that is sent again goes before those that have
// not been sent: otherwise a 429 would cost it a wait for all of them.
func (t *throttle) acquire(ctx context.Context, again bool) error {
	if err := t.enter(ctx, again); err != nil {
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

// waitOut sleeps until the rate has room and no pause is on, which may grow,
// or begin while the rate was waited for.
func (t *throttle) waitOut(ctx context.Context) error {
	for hasRoom := false; ; {
		now := t.clock.Now()
		t.mu.Lock()
		pause := t.until.Sub(now)
		t.mu.Unlock()
		switch {
		case pause > 0:
			// Afterwards the room is asked for anew, or all who had it would start at once.
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

func (t *throttle) enter(ctx context.Context, again bool) error {
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
	if again {
		t.waiting = slices.Insert(t.waiting, t.repeats, turn)
		t.repeats++
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

// giveUp takes a turn out of the line. One that came at the same moment goes to
// the next in line.
func (t *throttle) giveUp(turn chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.waiting, turn); i >= 0 {
		t.remove(i)
		return
	}
	t.leave()
}

// remove takes one that waits out of the line; t.mu is held.
func (t *throttle) remove(i int) {
	t.waiting = slices.Delete(t.waiting, i, i+1)
	if i < t.repeats {
		t.repeats--
	}
}

// release ends what acquire began. The status of the answer, 0 where there was
// none, says how many requests may be in flight from now on.
func (t *throttle) release(started time.Time, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if status != 0 && status != http.StatusTooManyRequests {
		t.rounds = 0
	}
	switch status {
	case 0:
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		// The requests that were in flight together count as one refusal.
		if started.After(t.halved) {
			t.allowed, t.halved = max(t.allowed/2, 1), t.clock.Now()
		}
	default:
		// Slowly, since each probe past what is served costs a request one of its tries.
		t.allowed = min(t.allowed+0.5/t.allowed, t.most)
	}
	t.leave()
}

// leave gives a slot back, and lets those go whose turn has come; t.mu is held.
func (t *throttle) leave() {
	t.inFlight--
	for len(t.waiting) > 0 && t.inFlight < int(t.allowed) {
		t.inFlight++
		close(t.waiting[0])
		t.remove(0)
	}
}

// limit starts the pause that follows an answer 429: for as long as the answer
// asked, and longer with every pause that has not helped. It returns how long the
// pause is; 0 where one that ends later is on already.
//
// ok is false, and no pause starts, where the request would have waited for longer
// than its patience: since its own first 429, or, if it has waited for its turn while
// every answer was 429, since then.
func (t *throttle) limit(asked, patience time.Duration, waiting, first time.Time) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	if t.rounds == 0 {
		t.refusals = now
	}
	since := waiting
	if t.refusals.After(since) {
		since = t.refusals
	}
	if first.Before(since) {
		since = first
	}
	deadline := since.Add(patience)
	// The requests that were in flight together are refused together: one pause
	// answers them all.
	wait = asked
	if !t.until.After(now) {
		t.rounds++
		wait = max(backoff(t.rounds), asked)
	}
	until := now.Add(wait)
	switch {
	case until.After(deadline), t.until.After(deadline):
		return 0, false
	case !until.After(t.until):
		return 0, true
	}
	t.until = until
	return wait, true
}

// pause keeps every request from starting for a time.
func (t *throttle) pause(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if until := t.clock.Now().Add(d); until.After(t.until) {
		t.until = until
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
