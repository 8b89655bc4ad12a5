package rest

import (
	recency "container/list"
	"context"
	"slices"
	"sync"
)

// maxKept bounds the answers that are kept for a second asker, in bytes of
// their bodies.
const maxKept = 32 << 20

// memo makes sure that the same question is asked once in the life of a
// client: who asks while the answer is on its way shares it, who asks later
// gets the kept one, until newer ones push it out. Failures are not kept.
//
// A client only reads, so nothing it does can make an answer stale; it lives
// for one walk of Terraform, which starts a provider anew for plan and apply.
type memo struct {
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

type flight struct {
	done    chan struct{} // closed when value and err are set
	value   any
	err     error
	askers  int
	abandon context.CancelFunc

	mu       sync.Mutex
	contexts []context.Context // of all who ever asked
}

// join counts one more asker; the memo's mu is held.
func (f *flight) join(ctx context.Context) {
	f.askers++
	f.mu.Lock()
	defer f.mu.Unlock()
	f.contexts = append(f.contexts, ctx)
}

type flightKey struct{}

// wanted says whether anybody still waits for what a request under ctx would
// bring. When Terraform stops, every asker ends at once; without this, a request
// that waited for its turn would get it from one that ends, and start.
func wanted(ctx context.Context) bool {
	f, ok := ctx.Value(flightKey{}).(*flight)
	if !ok {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.contexts, func(asker context.Context) bool { return asker.Err() == nil })
}

func newMemo(most int64) *memo {
	return &memo{flights: map[string]*flight{}, kept: map[string]*recency.Element{}, order: recency.New(), most: most}
}

// do returns the answer to a question, asking only if nobody has. ask runs
// under a context that ends when every asker's has: one that gives up takes
// nothing from the others.
func (m *memo) do(ctx context.Context, question string, ask func(context.Context) (any, int64, error)) (any, error) {
	m.mu.Lock()
	if element, ok := m.kept[question]; ok {
		m.order.MoveToFront(element)
		m.mu.Unlock()
		kept, _ := element.Value.(*answer)
		return kept.value, nil
	}
	f, ok := m.flights[question]
	var asking context.Context
	if !ok {
		var abandon context.CancelFunc
		asking, abandon = context.WithCancel(context.WithoutCancel(ctx))
		f = &flight{done: make(chan struct{}), abandon: abandon}
		m.flights[question] = f
	}
	f.join(ctx)
	if !ok {
		go m.fly(context.WithValue(asking, flightKey{}, f), f, question, ask)
	}
	m.mu.Unlock()

	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
	}
	m.mu.Lock()
	f.askers--
	last := f.askers == 0
	if last && m.flights[question] == f {
		delete(m.flights, question)
	}
	m.mu.Unlock()
	if last {
		// Nobody else waits: the request ends now, and with it this call, so
		// that no goroutine outlives the caller that started it.
		f.abandon()
		<-f.done
	}
	return nil, ctx.Err()
}

func (m *memo) fly(ctx context.Context, f *flight, question string, ask func(context.Context) (any, int64, error)) {
	defer f.abandon()
	value, size, err := ask(ctx)
	m.mu.Lock()
	f.value, f.err = value, err
	if m.flights[question] == f {
		delete(m.flights, question)
		if err == nil {
			m.keep(&answer{question, value, size})
		}
	}
	m.mu.Unlock()
	close(f.done)
}

// keep stores an answer and drops the ones used longest ago; m.mu is held.
func (m *memo) keep(a *answer) {
	if a.size > m.most {
		return
	}
	m.kept[a.question] = m.order.PushFront(a)
	m.size += a.size
	for m.size > m.most {
		oldest, _ := m.order.Remove(m.order.Back()).(*answer)
		delete(m.kept, oldest.question)
		m.size -= oldest.size
	}
}
