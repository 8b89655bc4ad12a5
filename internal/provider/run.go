package provider

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
)

// run is what a provider knows of one run of Terraform: the time from a Configure to
// the end, which is a plan or an apply, and never both. It lets resources see what
// other instances did, whose addresses a provider is not told.
type run struct {
	mu      sync.Mutex
	changes map[string]fieldValues // by object
	planned map[objectField][]plannedValue
	clears  map[objectField]bool // by an instance that is in the state
	advised map[string]bool
	busy    map[string]chan struct{}
}

// objectField is a field of an object in Devin, such as the limit of a user.
type objectField struct{ object, field string }

type plannedValue struct {
	value attr.Value
	isNew bool // the instance is not in the state
}

func newRun() *run {
	return &run{
		changes: map[string]fieldValues{}, planned: map[objectField][]plannedValue{},
		clears: map[objectField]bool{}, advised: map[string]bool{}, busy: map[string]chan struct{}{},
	}
}

// lock waits until no other write to the object is under way. The context's error is
// that the wait was given up.
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

// written returns what this run has written of an object: a nil value has cleared a
// field.
func (r *run) written(object string) fieldValues {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.changes[object])
}

// record notes a change of an object that was made, or may have been.
func (r *run) record(object string, change fieldValues) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changes[object] == nil {
		r.changes[object] = fieldValues{}
	}
	maps.Copy(r.changes[object], change)
}

// plan notes what an instance is to have. twice is a field that another instance is to
// have, too; it is empty where that is not certain: Terraform plans a replacement of an
// instance twice, at last as if it were not in the state, so that one plan of each kind
// with the same value may be one instance. cleared is a field that another instance
// clears.
func (r *run) plan(object string, want fieldValues, isNew bool) (twice, cleared string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, value := range want {
		at := objectField{object, name}
		for _, other := range r.planned[at] {
			if other.isNew == isNew || !other.value.Equal(value) {
				twice = name
			}
		}
		if r.clears[at] && !isNew {
			cleared = name
		}
		r.planned[at] = append(r.planned[at], plannedValue{value, isNew})
	}
	return twice, cleared
}

// planClear notes what an instance clears, and returns a field that another one has,
// which is in the state, too. Where the other one does not change, an apply does not
// know of it.
func (r *run) planClear(object string, fields fieldValues) (another string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range fields {
		at := objectField{object, name}
		r.clears[at] = true
		if slices.ContainsFunc(r.planned[at], func(other plannedValue) bool { return !other.isNew }) {
			another = name
		}
	}
	return another
}

// advise says whether a plan has not been given its advice yet: Terraform plans a
// replacement twice.
func (r *run) advise(object string, want fieldValues) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	about := object + " " + want.String()
	if r.advised[about] {
		return false
	}
	r.advised[about] = true
	return true
}
