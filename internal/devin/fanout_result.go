package devin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"
)

// errOnNoList is why an id is unknown that Devin does not answer 404 for.
var errOnNoList = errors.New("nothing is reported for it, and it is on none of Devin's lists")

// errComposedID says that a user is not read although Devin answered.
var errComposedID = errors.New("nothing is reported for the id, which has characters beyond ASCII; Terraform composes those, " +
	"and the list of members, which would tell Devin's own form, could not be read")

// identify tells an id that has consumed nothing from one that Devin does not know,
// once all have been asked for. A request by id that failed proves nothing: it may
// be refused, or the deployment may not have it. So the lists are read.
func (f *fanOut[T]) identify(ctx context.Context, missing map[string]error) {
	var doubtful []string
	for id, err := range missing {
		if err != nil && isEmpty(f.values[id]) {
			doubtful = append(doubtful, id)
		}
	}
	if len(doubtful) > 0 && f.total <= fewNames {
		known, still := f.over.search(ctx, doubtful)
		for id := range known {
			f.known[id] = known[id]
			delete(missing, id)
		}
		maps.Copy(missing, still)
	}
	var nameless []string
	for _, id := range slices.Sorted(maps.Keys(missing)) {
		err, empty := missing[id], isEmpty(f.values[id])
		if err != nil && !errors.Is(err, errNoSuchID) {
			nameless = append(nameless, id)
		}
		switch {
		case empty && err == nil:
			f.unknown[id] = errOnNoList
			delete(f.values, id)
		case empty && !isASCII(id):
			f.fail(id, errComposedID)
			delete(f.values, id)
		}
	}
	f.judge()
	if len(nameless) > 0 {
		f.notice(ctx, NoticeNames, "the name of %s could not be read: %v", f.listing(nameless), missing[nameless[0]])
	}
}

// isEmpty says that Devin answered, and reports nothing.
func isEmpty[T any](value *T) bool {
	answer, ok := any(value).(interface{ Empty() bool })
	return value != nil && ok && answer.Empty()
}

func (f *fanOut[T]) notice(ctx context.Context, kind NoticeKind, format string, args ...any) {
	f.client.rest.Notice(ctx, f.over.request, kind, format, args...)
}

// listing is the first of ids, and how many more there are.
func (f *fanOut[T]) listing(ids []string) string {
	if n := len(ids) - 1; n > 0 {
		return fmt.Sprintf("%q and %s more %s", ids[0], grouped(n), f.over.noun)
	}
	return strconv.Quote(ids[0])
}

// report sorts out the outcomes, once all have been asked for.
func (f *fanOut[T]) report(ctx context.Context) (*Report[T], error) {
	switch {
	case f.err != nil:
		return nil, f.err
	case f.onlyRefused():
		return nil, f.failures[slices.Sorted(maps.Keys(f.failures))[0]]
	case len(f.values) == 0 && len(f.failures) > 0:
		return nil, f.failed(f.failures, SomeFailed)
	case len(f.values) == 0 && len(f.unknown) > 0:
		return nil, f.failed(f.unknown, AllUnknown)
	}
	report := &Report[T]{
		Readings: make([]Reading[T], 0, len(f.values)+len(f.unknown)),
		Unknown:  slices.AppendSeq([]string{}, maps.Keys(f.unknown)),
		Failed:   slices.Sorted(maps.Keys(f.failures)),
	}
	slices.Sort(report.Unknown)
	listed := slices.DeleteFunc(slices.Clone(report.Unknown), func(id string) bool { return f.known[id] == nil })
	if len(listed) > 0 {
		f.notice(ctx, NoticeUnknown, "Devin lists %s, and answers 404 when asked for the %s", f.listing(listed), f.sel.What)
	}
	ids := slices.AppendSeq(slices.Clone(report.Unknown), maps.Keys(f.values))
	slices.Sort(ids)
	for _, id := range ids {
		reading := Reading[T]{ID: id, Value: f.values[id]}
		if s := f.known[id]; s != nil {
			reading.Email, reading.Name = s.email, s.name
		}
		report.Readings = append(report.Readings, reading)
	}
	return report, nil
}

func (f *fanOut[T]) failed(those map[string]error, reason Reason) *ReportError {
	const most = 5
	ids := slices.Sorted(maps.Keys(those))
	return &ReportError{
		Noun: f.over.noun, IDs: ids[:min(most, len(ids))], Count: len(ids), Err: those[ids[0]], Reason: reason,
		Listed: f.sel.IDs == nil, CanSkip: f.sel.CanSkip,
	}
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
		fmt.Sprintf("read %s of %s %s", grouped(f.done), grouped(max(f.total, len(f.known))), f.over.noun),
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
