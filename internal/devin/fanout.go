package devin

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// fanOut is one report: a request for each subject, many at a time.
type fanOut[T any] struct {
	client *Client
	over   population
	sel    Selection
	read   func(context.Context, string) (*T, error)
	cancel context.CancelFunc
	group  errgroup.Group

	mu       sync.Mutex
	known    map[string]*subject // what lists or requests by id say
	values   map[string]*T
	unknown  map[string]error
	failures map[string]error
	refused  int   // how many of the failures are a 401 or 403
	total    int   // how many there are to ask for; 0 as long as the lists come in
	err      error // why the report was given up
	done     int
	logged   time.Time
}

func readEach[T any](parent context.Context, c *Client, over population, sel Selection, read func(context.Context, string) (*T, error)) (*Report[T], error) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	f := &fanOut[T]{
		client: c, over: over, sel: sel, read: read, cancel: cancel, logged: c.rest.Now(),
		known: map[string]*subject{}, values: map[string]*T{}, unknown: map[string]error{}, failures: map[string]error{},
	}
	// Twice the bound on requests, so that one is always ready to start while
	// others are being decoded; the throttle keeps the bound itself.
	f.group.SetLimit(2*c.rest.MaxConcurrentRequests() + 1)
	if sel.IDs == nil {
		f.askListed(ctx)
	} else {
		f.askNamed(ctx)
	}
	if err := parent.Err(); err != nil {
		return nil, err
	}
	return f.report(ctx)
}

// askListed asks for all that the lists have, while they come in.
func (f *fanOut[T]) askListed(ctx context.Context) {
	for s, err := range together(ctx, f.over.lists...) {
		f.mu.Lock()
		known := f.known[s.id]
		switch {
		case err != nil:
			f.end(err)
		case known != nil:
			known.absorb(s)
		default:
			f.known[s.id] = &s
		}
		f.mu.Unlock()
		if err == nil && known == nil {
			f.ask(ctx, s.id)
		}
	}
	f.mu.Lock()
	f.total = len(f.known)
	f.judge()
	f.mu.Unlock()
	_ = f.group.Wait() // the outcomes are in f
}

// askNamed looks names up at the same time.
func (f *fanOut[T]) askNamed(ctx context.Context) {
	ids := slices.Compact(slices.Sorted(slices.Values(f.sel.IDs)))
	f.total = len(ids)
	var lookup sync.WaitGroup
	var missing map[string]error
	var known map[string]*subject
	lookup.Go(func() { known, missing = f.over.lookUp(ctx, ids) })
	for _, id := range ids {
		f.ask(ctx, id)
	}
	_ = f.group.Wait() // the outcomes are in f
	lookup.Wait()
	f.known = known
	if ctx.Err() == nil {
		f.identify(ctx, missing)
	}
}

// ask starts a request, as soon as there is room for it.
func (f *fanOut[T]) ask(ctx context.Context, id string) {
	f.group.Go(func() error {
		if ctx.Err() == nil {
			value, err := f.read(ctx, id)
			f.note(ctx, id, value, err)
		}
		return nil
	})
}

func (f *fanOut[T]) note(ctx context.Context, id string, value *T, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	f.logProgress(ctx)
	switch {
	case err == nil:
		f.values[id] = value
	case ctx.Err() != nil:
		return // the report has ended, and not because of this one
	case errors.Is(err, ErrAddressDenied), errors.Is(err, ErrFilterIgnored): // it is the same for every id
		f.end(err)
	case errors.Is(err, ErrNotFound):
		f.unknown[id] = err
	default:
		f.fail(id, err)
	}
	f.judge()
}

func (f *fanOut[T]) fail(id string, err error) {
	f.failures[id] = err
	if isRefusal(err) {
		f.refused++
	}
}

// end gives the report up, and ends what is on its way; f.mu is held.
func (f *fanOut[T]) end(err error) {
	if f.err == nil {
		f.err = err
		f.cancel()
	}
}

// judge ends a report that can only fail; f.mu is held. As long as there are
// only refusals, it may be the key that is refused, and what others are answered
// decides what to say.
func (f *fanOut[T]) judge() {
	const some, percent = 20, 5
	n := len(f.failures)
	switch {
	case n > 0 && !f.sel.SkipFailed:
		f.end(f.failed(f.failures, SomeFailed))
	case f.total > 0 && n > some && 100*n > percent*f.total && !f.onlyRefused():
		f.end(f.failed(f.failures, TooManyFailed))
	}
}

func (f *fanOut[T]) onlyRefused() bool {
	return len(f.values) == 0 && f.refused > 0 && f.refused == len(f.failures)
}
