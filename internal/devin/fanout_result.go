package devin

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"
)

// report sorts out what everybody came to, once all have been asked for.
func (f *fanOut[T]) report() (*Report[T], error) {
	// A 404 for somebody who was named and is on no list is a mistake of the
	// one who named them, or somebody whom the key may not see.
	if !f.sel.SkipFailed {
		for id, err := range f.unknown {
			if f.listed[id] == nil {
				f.failures[id] = err
				delete(f.unknown, id)
			}
		}
	}
	switch {
	case len(f.failures) > 0 && (!f.sel.SkipFailed || len(f.values) == 0):
		return nil, f.failed(f.failures, SomeFailed)
	case f.giveUp || f.tooMany(f.total):
		return nil, f.failed(f.failures, TooManyFailed)
	case len(f.unknown) > 0 && len(f.values) == 0:
		return nil, f.failed(f.unknown, AllUnknown)
	}
	report := &Report[T]{
		Readings: make([]Reading[T], 0, len(f.values)+len(f.unknown)),
		Unknown:  slices.AppendSeq([]string{}, maps.Keys(f.unknown)),
		Failed:   slices.Sorted(maps.Keys(f.failures)),
	}
	slices.Sort(report.Unknown)
	ids := slices.AppendSeq(slices.Clone(report.Unknown), maps.Keys(f.values))
	slices.Sort(ids)
	for _, id := range ids {
		reading := Reading[T]{ID: id, Value: f.values[id]}
		if s := f.listed[id]; s != nil {
			reading.Email, reading.Name = s.email, s.name
		}
		report.Readings = append(report.Readings, reading)
	}
	if n := len(report.Readings) + len(report.Failed); n != f.total {
		return nil, fmt.Errorf("%d of %d %s are accounted for: this is a bug in the provider, please report it", n, f.total, f.over.noun)
	}
	return report, nil
}

func (f *fanOut[T]) failed(those map[string]error, reason Reason) *ReportError {
	const most = 5
	ids := slices.Sorted(maps.Keys(those))
	first := ids[:min(most, len(ids))]
	return &ReportError{Noun: f.over.noun, IDs: first, Count: len(ids), Asked: f.started, Err: those[ids[0]], Reason: reason}
}

// logProgress says now and then how far a long report is; f.mu is held.
func (f *fanOut[T]) logProgress(ctx context.Context) {
	const every = 5 * time.Second
	now := f.client.rest.Now()
	if now.Sub(f.logged) < every {
		return
	}
	f.logged = now
	f.client.rest.Logger().InfoContext(ctx,
		fmt.Sprintf("read %s of %s %s", grouped(f.done), grouped(max(f.total, len(f.listed))), f.over.noun),
		slog.String("what", f.sel.What))
}

// grouped writes a number with a comma after each thousand.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
