package rest

import (
	"context"
	"sync"
	"time"
)

const (
	// maxKept bounds what is kept of answers, in bytes. Decoded, an answer takes
	// about three times its text: 11 MB of members hold 34 MB.
	maxKept  = 96 << 20
	heldSize = 3
	// maxAge is how long an answer is kept: about as long as a plan reads.
	maxAge = 5 * time.Minute
)

// cache coalesces requests for the same answer, and keeps answers for a while.
// Failures are not kept. Only requests that are Shared come here, and a write
// empties it.
type cache struct {
	mu      sync.Mutex
	flights map[string]*flight
	kept    map[string]kept
	oldest  []string // the questions of kept, in the order in which they were kept
	held    int      // bytes
	clock   Clock
}

type kept struct {
	value any
	size  int
	until time.Time
}

// flight is a request on its way. What follows done is set before it closes.
type flight struct {
	done     chan struct{}
	value    any
	err      error
	canceled bool // the context of the caller that sends it has ended
	oneTry   bool // the caller that sends it does so once only
}

func newCache(clock Clock) *cache {
	return &cache{flights: map[string]*flight{}, kept: map[string]kept{}, clock: clock}
}

type freshKey struct{}

// Fresh returns a context under which no kept answer is used: answers are those
// that Devin gives now. Requests that are on their way are still joined.
func Fresh(ctx context.Context) context.Context {
	return context.WithValue(ctx, freshKey{}, true)
}

// do returns the answer to a question. ask runs under the context of the first
// caller; if that one ends, or allows one try only, another caller asks again, so that
// it does not fail with a context that is not its own.
func (c *cache) do(ctx context.Context, question string, ask func(context.Context) (value any, size int, err error)) (any, error) {
	for {
		c.mu.Lock()
		if k, ok := c.kept[question]; ok && ctx.Value(freshKey{}) == nil && c.clock.Now().Before(k.until) {
			c.mu.Unlock()
			return k.value, nil
		}
		f, ok := c.flights[question]
		if !ok {
			f = &flight{done: make(chan struct{}), oneTry: isOneTry(ctx)}
			c.flights[question] = f
			c.mu.Unlock()
			c.fly(ctx, f, question, ask)
			return f.value, f.err
		}
		c.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if !f.canceled && (f.err == nil || !f.oneTry || isOneTry(ctx)) {
			return f.value, f.err
		}
	}
}

func (c *cache) fly(ctx context.Context, f *flight, question string, ask func(context.Context) (any, int, error)) {
	f.canceled = true // should a decoder panic, the deferred call lets the others ask again
	size := 0
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		// After a write, the question may be on its way a second time, and this
		// answer may be older than the write.
		if c.flights[question] == f {
			delete(c.flights, question)
			if f.err == nil && !f.canceled {
				c.keep(question, f.value, size*heldSize)
			}
		}
		close(f.done)
	}()
	f.value, size, f.err = ask(ctx)
	f.canceled = f.err != nil && ctx.Err() != nil
}

// keep stores an answer if there is room for it; c.mu is held.
func (c *cache) keep(question string, value any, size int) {
	now := c.clock.Now()
	for len(c.oldest) > 0 && !now.Before(c.kept[c.oldest[0]].until) {
		c.forget(c.oldest[0])
		c.oldest = c.oldest[1:]
	}
	c.forget(question)
	if c.held+size > maxKept {
		return
	}
	c.held += size
	c.kept[question] = kept{value, size, now.Add(maxAge)}
	c.oldest = append(c.oldest, question)
}

func (c *cache) forget(question string) {
	c.held -= c.kept[question].size
	delete(c.kept, question)
}

// clear drops what is kept, and lets no caller join a request that is on its way.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.kept)
	c.flights, c.oldest, c.held = map[string]*flight{}, nil, 0
}
