package devin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Selection is which users, organizations or service users a report is about.
type Selection struct {
	// IDs are those to read; nil is all that the list has.
	IDs []string
	// SkipFailed goes on when some cannot be read, and lists them. More than 20 that
	// are more than 5 % end the report, and so does a key that is refused for all.
	SkipFailed bool
	// CanSkip says that the caller has an argument for SkipFailed, which an error may advise.
	CanSkip bool
	// What names what is read, in the log: "daily consumption".
	What string
}

// Report is what was read, by id.
type Report[T any] struct {
	// Readings is sorted by ID, and has those that are Unknown as well.
	Readings []Reading[T]
	// Unknown are those that Devin answered 404 for, and IDs of the selection for
	// which it reports nothing and that are on none of its lists, sorted.
	Unknown []string
	// Failed are those left out, sorted; always empty without SkipFailed.
	Failed []string
}

// Reading is what was read of one user, organization or service user.
type Reading[T any] struct {
	ID    string
	Email *string // of a user; nil where Devin has none, or it could not be read
	Name  *string // nil as Email is
	Value *T      // nil where the ID is among the Unknown
}

// ReportError says that some could not be read, and that the report is given up.
type ReportError struct {
	// Noun is what they are, in the plural: "users".
	Noun string
	// IDs are the first ones, sorted.
	IDs []string
	// Count is how many there were before the report was given up.
	Count int
	// Err is why the first of IDs could not be read.
	Err error
	// Reason is why the report was given up.
	Reason Reason
	// Listed says that IDs are of Devin's own lists, and not of a selection.
	Listed bool
	// CanSkip is that of the selection.
	CanSkip bool
}

// Reason is why a report was given up.
type Reason int

const (
	// SomeFailed says that failures were not to be skipped, or that there was nothing else.
	SomeFailed Reason = iota
	// TooManyFailed says that so many failed that the rest is no report.
	TooManyFailed
	// AllUnknown says that Devin knows none of those that were asked for.
	AllUnknown
)

func (e *ReportError) Error() string {
	return fmt.Sprintf("%d %s could not be read (%s): %v", e.Count, e.Noun, strings.Join(e.IDs, ", "), e.Err)
}

// Unwrap is why the first of IDs could not be read.
func (e *ReportError) Unwrap() error { return e.Err }

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
