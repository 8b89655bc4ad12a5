package devin

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// nameSearch looks in lists for what they say of named subjects.
type nameSearch struct {
	over population
	ids  []string // sorted, each once
	stop context.CancelFunc

	mu       sync.Mutex
	complete map[string]bool // of whom no list can say more
}

// findNames walks the lists side by side until no name is missing any more. A
// list that the key may not read has no names; each list counts on its own, so
// that names do not depend on which list was refused first.
func findNames(ctx context.Context, over population, ids []string) ([]subject, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	search := &nameSearch{over: over, ids: ids, stop: stop, complete: map[string]bool{}}
	found, errs := make([][]subject, len(over.lists)), make([]error, len(over.lists))
	var group sync.WaitGroup
	for i, list := range over.lists {
		group.Go(func() { found[i], errs[i] = search.walk(ctx, list) })
	}
	group.Wait()
	if len(search.complete) == len(ids) {
		errs = nil // of lists that were not needed to their end
	}
	return slices.Concat(found...), errors.Join(errs...)
}

func (n *nameSearch) walk(ctx context.Context, list list) ([]subject, error) {
	var found []subject
	for s, err := range list(ctx) {
		switch {
		case errors.Is(err, ErrForbidden), errors.Is(err, ErrUnauthorized):
			return nil, nil
		case err != nil:
			return found, err
		}
		if _, wanted := slices.BinarySearch(n.ids, s.id); !wanted {
			continue
		}
		found = append(found, s)
		if n.over.named(s) {
			n.completed(s.id)
		}
	}
	return found, nil
}

func (n *nameSearch) completed(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.complete[id] = true
	if len(n.complete) == len(n.ids) {
		n.stop()
	}
}
