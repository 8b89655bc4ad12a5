package rest

import (
	"context"
	"sync"
	"time"
)

const (
	// maxKept bounds the memory that kept answers take, in bytes.
	maxKept = 96 << 20
	// heldSize is how many times the size of its text a decoded answer takes in memory:
	// 11 MB of members take 34 MB.
	heldSize = 3
	// maxAge is how long an answer is kept: about as long as a plan takes to read.
	maxAge = 5 * time.Minute
)

// cache coalesces identical requests that are Shared, and keeps their answers for
// maxAge, as long as there is room. Failures are not kept. A write empties it.
type cache struct {
	mu      sync.Mutex
	flights map[string]*flight
	kept    map[string]kept
	oldest  []string // the URIs of kept, in the order in which they were kept
	held    int      // the memory that kept takes, in bytes
	clock   Clock
}

type kept struct {
	value any
	size  int
	until time.Time
}

// flight is a request on its way. The fields after done are set before it is closed.
type flight struct {
	done     chan struct{}
	value    any
	err      error
	canceled bool // the context of the caller that sends it has ended
	oneTry   bool // the caller that sends it allows one try only
}

func newCache(clock Clock) *cache {
	return &cache{flights: map[string]*flight{}, kept: map[string]kept{}, clock: clock}
}

type freshKey struct{}

// Fresh returns a context under which no kept answer is used. A request that is on its
// way is still joined.
func Fresh(ctx context.Context) context.Context {
	return context.WithValue(ctx, freshKey{}, true)
}

// do returns the answer to the request with a URI. fetch runs under the context of the
// first caller. If it fails because that context ended, or allowed one try only, a caller
// that waited fetches again, so that it does not fail because of another's context.
func (c *cache) do(ctx context.Context, uri string, fetch func(context.Context) (value any, size int, err error)) (any, error) {
	for {
		c.mu.Lock()
		if k, ok := c.kept[uri]; ok && ctx.Value(freshKey{}) == nil && c.clock.Now().Before(k.until) {
			c.mu.Unlock()
			return k.value, nil
		}
		f, ok := c.flights[uri]
		if !ok {
			f = &flight{done: make(chan struct{}), oneTry: isOneTry(ctx)}
			c.flights[uri] = f
			c.mu.Unlock()
			c.fly(ctx, f, uri, fetch)
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

// fly fetches an answer, keeps it, and closes f.done.
func (c *cache) fly(ctx context.Context, f *flight, uri string, fetch func(context.Context) (any, int, error)) {
	f.canceled = true // if a decoder panics, the other callers fetch again
	size := 0
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		// clear may have dropped this flight after a write. Then its answer may be older
		// than the write, and another flight may have its place.
		if c.flights[uri] == f {
			delete(c.flights, uri)
			if f.err == nil && !f.canceled {
				c.keep(uri, f.value, size*heldSize)
			}
		}
		close(f.done)
	}()
	f.value, size, f.err = fetch(ctx)
	f.canceled = f.err != nil && ctx.Err() != nil
}

// keep stores an answer if there is room for it; c.mu is held.
func (c *cache) keep(uri string, value any, size int) {
	now := c.clock.Now()
	for len(c.oldest) > 0 && !now.Before(c.kept[c.oldest[0]].until) {
		c.forget(c.oldest[0])
		c.oldest = c.oldest[1:]
	}
	c.forget(uri)
	if c.held+size > maxKept {
		return
	}
	c.held += size
	c.kept[uri] = kept{value, size, now.Add(maxAge)}
	c.oldest = append(c.oldest, uri)
}

func (c *cache) forget(uri string) {
	c.held -= c.kept[uri].size
	delete(c.kept, uri)
}

// clear drops all kept answers, and all flights, so that no caller joins them any more.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.kept)
	c.flights, c.oldest, c.held = map[string]*flight{}, nil, 0
}
