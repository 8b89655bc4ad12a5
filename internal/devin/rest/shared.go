package rest

import (
	recency "container/list"
	"context"
	"sync"
)

// maxKept bounds the answers that are kept for a second asker, in bytes of
// their bodies.
const maxKept = 32 << 20

// shared lets askers of the same question have one answer: who asks while it
// is on its way waits for it, and who asks later gets the kept one, until newer
// ones push it out. Failures are not kept. Only requests that allow it come
// here, and a write empties what is kept.
type shared struct {
	mu      sync.Mutex
	flights map[string]*flight
	kept    map[string]*recency.Element
	order   *recency.List // of *answer, the one used last in front
	size    int64
	most    int64
}

type answer struct {
	question string
	value    any
	size     int64
}

// flight is a question on its way. What follows done is set before it closes.
type flight struct {
	done      chan struct{}
	value     any
	err       error
	abandoned bool // the context of the one who asked has ended
}

func newShared(most int64) *shared {
	s := &shared{most: most}
	s.clear()
	return s
}

// do returns the answer to a question, asking only if nobody has. The request
// runs under the context of the first asker. If that one gives up, another
// asks anew, so nobody loses an answer by somebody else's end.
func (s *shared) do(ctx context.Context, question string, ask func(context.Context) (any, int64, error)) (any, error) {
	for {
		s.mu.Lock()
		if element, ok := s.kept[question]; ok {
			s.order.MoveToFront(element)
			s.mu.Unlock()
			kept, _ := element.Value.(*answer)
			return kept.value, nil
		}
		f, ok := s.flights[question]
		if !ok {
			f = &flight{done: make(chan struct{})}
			s.flights[question] = f
			s.mu.Unlock()
			s.fly(ctx, f, question, ask)
			return f.value, f.err
		}
		s.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !f.abandoned {
			return f.value, f.err
		}
	}
}

func (s *shared) fly(ctx context.Context, f *flight, question string, ask func(context.Context) (any, int64, error)) {
	// Deferred, so that a panic in a decoder leaves nobody waiting.
	f.abandoned = true
	var size int64
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		// After a write the question may be on its way a second time, and this
		// answer may be older than the write.
		if s.flights[question] == f {
			delete(s.flights, question)
			if f.err == nil && !f.abandoned {
				s.keep(&answer{question, f.value, size})
			}
		}
		close(f.done)
	}()
	f.value, size, f.err = ask(ctx)
	f.abandoned = f.err != nil && ctx.Err() != nil
}

// clear drops what is kept, and lets nobody join a question that is on its way.
func (s *shared) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flights, s.kept = map[string]*flight{}, map[string]*recency.Element{}
	s.order, s.size = recency.New(), 0
}

// keep stores an answer and drops the ones used longest ago; s.mu is held.
func (s *shared) keep(a *answer) {
	if a.size > s.most {
		return
	}
	s.kept[a.question] = s.order.PushFront(a)
	s.size += a.size
	for s.size > s.most {
		oldest, _ := s.order.Remove(s.order.Back()).(*answer)
		delete(s.kept, oldest.question)
		s.size -= oldest.size
	}
}
