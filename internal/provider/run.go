package provider

import (
	"context"
	"crypto/rand"
	"maps"
	"sync"
)

// run is what the provider knows of one run of Terraform, from Configure to the end: a plan
// or an apply, never both. Through it, an instance sees what other instances did; their
// addresses are not passed to a provider.
type run struct {
	id      string // unique
	mu      sync.Mutex
	changes map[string]fieldValues // by object
	planned map[objectField]bool   // fields that an instance sets; true if it is in the state
	clears  map[objectField]bool   // fields that an instance in the state clears
	busy    map[string]chan struct{}
}

// objectField is a field of an object in Devin, such as the limit of a user.
type objectField struct{ object, field string }

func newRun() *run {
	return &run{
		id: rand.Text(), changes: map[string]fieldValues{},
		planned: map[objectField]bool{}, clears: map[objectField]bool{}, busy: map[string]chan struct{}{},
	}
}

// lock waits until no other write to the object is under way, or the context ends.
func (r *run) lock(ctx context.Context, object string) (unlock func(), err error) {
	r.mu.Lock()
	turn, ok := r.busy[object]
	if !ok {
		turn = make(chan struct{}, 1)
		r.busy[object] = turn
	}
	r.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// written returns what this run has written to an object. A nil value cleared the field.
func (r *run) written(object string) fieldValues {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.changes[object])
}

// record stores a change that was made to an object, or may have been.
func (r *run) record(object string, change fieldValues) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changes[object] == nil {
		r.changes[object] = fieldValues{}
	}
	maps.Copy(r.changes[object], change)
}

// plan stores what an instance is to set. twice is a field that another instance sets too,
// and cleared is a field that another instance clears.
func (r *run) plan(object string, want fieldValues, inState bool) (twice, cleared string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range want {
		at := objectField{object, name}
		if _, ok := r.planned[at]; ok {
			twice = name
		}
		if r.clears[at] && inState {
			cleared = name
		}
		r.planned[at] = inState
	}
	return twice, cleared
}

// planClear stores what an instance clears, and returns a field that another instance in
// the state has. An apply does not see the other one unless the plan changes it.
func (r *run) planClear(object string, fields fieldValues) (another string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range fields {
		at := objectField{object, name}
		if r.clears[at] = true; r.planned[at] {
			another = name
		}
	}
	return another
}
