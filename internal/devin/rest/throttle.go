package rest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// throttle is what every request passes before it starts: the bound on
// requests in flight, the bound on requests a second, and the pause after an
// answer that asked for one.
//
// A 429 also halves how many requests may be in flight, down to one, and each
// success gives a little of that back, so that a read of thousands of users
// settles at what the API allows instead of using up its tries.
type throttle struct {
	mu       sync.Mutex
	most     float64 // as configured
	allowed  float64 // of most, at present
	inFlight int
	waiting  []chan struct{} // first come, first served; closed to let one go
	until    time.Time       // the pause's end
	halved   time.Time       // when allowed was halved last
	limited  time.Time       // since when Devin answers nothing but 429; zero where it does not
	rounds   int             // pauses since then
	budget   time.Duration   // how long that may go on
	rate     *rate.Limiter
	clock    Clock
}

func newThrottle(most int, limit rate.Limit, budget time.Duration, clock Clock) *throttle {
	return &throttle{
		most: float64(most), allowed: float64(most), budget: budget, clock: clock,
		rate: rate.NewLimiter(limit, 1),
	}
}

// acquire returns when a request may start, or with the context's error.
// release must follow.
func (t *throttle) acquire(ctx context.Context) error {
	if err := t.enter(ctx); err != nil {
		return err
	}
	err := t.waitOut(ctx)
	if err == nil {
		// When Terraform stops, all who wait end at once, and the turn of one may
		// go to the next before that one has noticed its own end.
		err = ctx.Err()
	}
	if err != nil {
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
			turn := t.rate.ReserveN(now, 1)
			if err := t.sleepUntil(ctx, turn, now); err != nil {
				return err
			}
		}
	}
}

func (t *throttle) sleepUntil(ctx context.Context, turn *rate.Reservation, now time.Time) error {
	wait := turn.DelayFrom(now)
	if wait <= 0 {
		return nil
	}
	err := t.clock.Sleep(ctx, wait)
	if err != nil {
		turn.CancelAt(t.clock.Now())
	}
	return err
}

func (t *throttle) enter(ctx context.Context) error {
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
	t.waiting = append(t.waiting, turn)
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
	for i, other := range t.waiting {
		if other == turn {
			t.waiting = append(t.waiting[:i], t.waiting[i+1:]...)
			return
		}
	}
	t.inFlight--
	t.admit()
}

// release ends what acquire began. How the request ended says how many may be
// in flight from now on, and whether Devin still answers nothing but 429.
func (t *throttle) release(failure *Error) {
	t.mu.Lock()
	if failure == nil || failure.Status != 0 && failure.Status != http.StatusTooManyRequests {
		t.limited, t.rounds = time.Time{}, 0
	}
	switch {
	case failure == nil:
		t.allowed = min(t.allowed+1/t.allowed, t.most)
	case failure.Status == http.StatusTooManyRequests:
		// The requests that were in flight together count as one refusal.
		if now := t.clock.Now(); now.Sub(t.halved) >= firstBackoff {
			t.allowed, t.halved = max(t.allowed/2, 1), now
		}
	}
	t.mu.Unlock()
	t.leave()
}

func (t *throttle) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inFlight--
	t.admit()
}

// admit lets those go whose turn has come; t.mu is held.
func (t *throttle) admit() {
	for len(t.waiting) > 0 && t.inFlight < int(t.allowed) {
		t.inFlight++
		close(t.waiting[0])
		t.waiting = t.waiting[1:]
	}
}

// limit is told of an answer 429, and holds back every request: for as long as
// the answer asked, and longer with every pause that has not helped. It returns
// how long, 0 where that pause is on already; goesOn is false where Devin would
// have answered nothing but 429 for longer than the budget.
func (t *throttle) limit(asked time.Duration) (wait time.Duration, goesOn bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	if t.limited.IsZero() {
		t.limited = now
	}
	// The requests that were in flight together are refused together: one pause
	// answers them all.
	if t.until.After(now) {
		wait = asked
	} else {
		t.rounds++
		wait = max(backoff(t.rounds), asked)
	}
	until := now.Add(wait)
	if until.Sub(t.limited) > t.budget {
		return 0, false
	}
	if !until.After(t.until) {
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

// bound is how many requests may be in flight at the most.
func (t *throttle) bound() int { return int(t.most) }
