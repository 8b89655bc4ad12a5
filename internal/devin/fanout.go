package devin

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// fanOut is one report: a request for each subject, many at a time.
type fanOut[T any] struct {
	client *Client
	over   population
	sel    Selection
	read   func(context.Context, string) (*T, error)
	cancel context.CancelFunc
	group  errgroup.Group
	doubt  sync.Mutex // is held while a refusal is looked into

	mu       sync.Mutex
	listed   map[string]*subject // of the lists, as far as they are known
	values   map[string]*T
	unknown  map[string]error // by a 404
	denied   map[string]error // by a 401 or 403 that may be the key's or the subject's
	failures map[string]error
	lastRead string
	fatal    error
	total    int // how many there are to ask for; 0 as long as the lists come in
	started  int
	done     int
	logged   time.Time
	giveUp   bool
}

func readEach[T any](ctx context.Context, c *Client, over population, sel Selection, read func(context.Context, string) (*T, error)) (*Report[T], error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &fanOut[T]{
		client: c, over: over, sel: sel, read: read, cancel: cancel, logged: c.rest.Now(),
		listed: map[string]*subject{}, values: map[string]*T{},
		unknown: map[string]error{}, denied: map[string]error{}, failures: map[string]error{},
	}
	// Twice the bound on requests, so that one is always ready to start while
	// others are being decoded; the throttle keeps the bound itself.
	f.group.SetLimit(2*c.rest.MaxConcurrentRequests() + 1)
	var listErr error
	if sel.IDs == nil {
		listErr = f.askAll(ctx)
	} else {
		listErr = f.askNamed(ctx)
	}
	if listErr != nil {
		cancel()
	}
	_ = f.group.Wait() // what the subjects came to is in f
	f.settle(ctx)
	switch {
	case f.fatal != nil:
		return nil, f.fatal
	case listErr != nil:
		return nil, listErr
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return f.report()
}

func (f *fanOut[T]) askAll(ctx context.Context) error {
	for s, err := range together(ctx, f.over.lists...) {
		if err != nil {
			return err
		}
		if f.record(s) {
			f.ask(ctx, s.id)
		}
		if f.stopped() {
			return nil
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.total = len(f.listed)
	return nil
}

// askNamed looks names up in the lists at the same time, as far as they are
// needed.
func (f *fanOut[T]) askNamed(ctx context.Context) error {
	ids := slices.Compact(slices.Sorted(slices.Values(f.sel.IDs)))
	f.total = len(ids)
	var lookup errgroup.Group
	lookup.Go(func() error {
		found, err := findNames(ctx, f.over, ids)
		for _, s := range found {
			f.record(s)
		}
		return err
	})
	for _, id := range ids {
		if f.stopped() {
			break
		}
		f.ask(ctx, id)
	}
	return lookup.Wait()
}

// record notes a subject of a list, and says whether it came for the first time.
func (f *fanOut[T]) record(s subject) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known := f.listed[s.id]; known != nil {
		known.absorb(s)
		return false
	}
	f.listed[s.id] = &s
	return true
}

func (f *fanOut[T]) stopped() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.giveUp
}

// ask starts a request, as soon as there is room for it.
func (f *fanOut[T]) ask(ctx context.Context, id string) {
	f.group.Go(func() error {
		f.mu.Lock()
		pointless := f.giveUp
		if !pointless {
			f.started++
		}
		f.mu.Unlock()
		if pointless || ctx.Err() != nil {
			return nil
		}
		value, err := f.read(ctx, id)
		if f.note(ctx, id, value, err) {
			f.settle(ctx)
		}
		return nil
	})
}

// note keeps what a subject came to, and decides whether to go on. It says
// whether there is a refusal that can be looked into.
func (f *fanOut[T]) note(ctx context.Context, id string, value *T, err error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	f.logProgress(ctx)
	switch {
	case err == nil:
		f.values[id], f.lastRead = value, id
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		// The report has ended, by somebody else's failure or by Terraform's stop.
	case errors.Is(err, context.Canceled):
		// Nobody ended the report, so this one must not be lost from it.
		f.fail(id, errors.New("its request was given up, although nobody stopped the report"))
	case errors.Is(err, ErrAddressDenied):
		f.end(err)
	case errors.Is(err, ErrUnauthorized), errors.Is(err, ErrForbidden):
		f.denied[id] = err
		// Refused so often and answered never, it is the key.
		const enough = 10
		if len(f.values) == 0 && len(f.denied) >= enough {
			f.end(err)
		}
	case errors.Is(err, ErrNotFound):
		f.unknown[id] = err // whether it is a failure, the whole list tells
	default:
		f.fail(id, err)
	}
	return len(f.denied) > 0 && len(f.values) > 0 && !f.giveUp
}

// end ends the report with an error that concerns all; f.mu is held.
func (f *fanOut[T]) end(err error) {
	f.fatal, f.giveUp = cmp.Or(f.fatal, err), true
	f.cancel()
}

// fail notes a failure, and gives up where a report cannot live with it; f.mu
// is held. Where nobody could be read, of more than are asked for at once, the
// API is at fault.
func (f *fanOut[T]) fail(id string, err error) {
	f.failures[id] = err
	const enough = 50
	if !f.sel.SkipFailed || len(f.values) == 0 && len(f.failures) >= enough || f.total > 0 && f.tooMany(f.total) {
		f.giveUp = true
	}
}

// tooMany says whether so many of all failed that the others are no report.
func (f *fanOut[T]) tooMany(all int) bool {
	const some, percent = 20, 5
	return len(f.failures) > some && 100*len(f.failures) > percent*all
}

// settle finds out whether refusals are the key's or the subjects' own: they
// are their own where Devin accepts the key, and answers anew for somebody who
// could be read before. Where nobody could be read, a refusal is the key's.
func (f *fanOut[T]) settle(ctx context.Context) {
	f.doubt.Lock() // so that many who are refused at once ask once
	defer f.doubt.Unlock()
	f.mu.Lock()
	var doubtful []string
	for id := range f.denied {
		doubtful = append(doubtful, id)
	}
	slices.Sort(doubtful)
	control, over := f.lastRead, f.giveUp || ctx.Err() != nil
	f.mu.Unlock()
	if len(doubtful) == 0 || over {
		return
	}
	isTheirOwn := control != "" && f.keyStillWorks(rest.Fresh(ctx), control)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range doubtful {
		if !isTheirOwn {
			f.end(f.denied[id])
			return
		}
		f.fail(id, f.denied[id])
		delete(f.denied, id)
	}
}

func (f *fanOut[T]) keyStillWorks(ctx context.Context, control string) bool {
	if _, err := f.client.Self(ctx); err != nil {
		return false
	}
	_, err := f.read(ctx, control)
	return err == nil
}
