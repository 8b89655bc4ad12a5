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

// Selection says which users, organizations or service users a report covers.
type Selection struct {
	// IDs are the ids to read; nil is all that Devin lists.
	IDs []string
	// SkipFailed leaves out the ids that cannot be read, and lists them in Report.Failed.
	// The report still ends if more than 20 ids fail that are more than 5 % of all, or if
	// the key is refused for all of them.
	SkipFailed bool
	// SkipArgument names the argument that sets SkipFailed, so that an error can suggest
	// it; empty where there is none.
	SkipArgument string
	// What names what is read, in the log: "daily consumption".
	What string
}

// Report is what was read of each user, organization or service user.
type Report[T any] struct {
	// Readings is sorted by ID, and includes the Unknown.
	Readings []Reading[T]
	// Unknown are the ids for which Devin answered 404, and the IDs of the selection for
	// which it reports nothing and which are on none of its lists, sorted.
	Unknown []string
	// Failed are the ids that are left out, sorted; always empty without SkipFailed.
	Failed []string
}

// Values returns the values of all readings but the Unknown.
func (r *Report[T]) Values() []*T {
	values := make([]*T, 0, len(r.Readings))
	for _, reading := range r.Readings {
		if reading.Value != nil {
			values = append(values, reading.Value)
		}
	}
	return values
}

// Reading is what was read of one user, organization or service user.
type Reading[T any] struct {
	ID    string
	Email *string // of a user; nil where Devin has none, or it could not be read
	Name  *string // nil where Devin has none, or it could not be read
	// IDPGroupNames are the IdP groups of a user, sorted, each once; nil where they could
	// not be read.
	IDPGroupNames []string
	Value         *T // nil where the ID is among the Unknown
}

// ReportError means that there is no report, because some ids could not be read.
type ReportError struct {
	// Noun is what the ids stand for, in the plural: "users".
	Noun string
	// IDs are the first five that could not be read, sorted.
	IDs []string
	// Count is how many could not be read before the report ended.
	Count int
	// Err is why the first of IDs could not be read.
	Err error
	// Reason is why the report ended.
	Reason Reason
	// Listed reports whether the ids are from Devin's own lists, or else from a selection.
	Listed bool
	// SkipArgument is that of the selection.
	SkipArgument string
}

// Reason is why a report ended with a ReportError.
type Reason int

const (
	// SomeFailed means that failures are not skipped, or that nothing could be read.
	SomeFailed Reason = iota
	// TooManyFailed means that more failed than SkipFailed skips.
	TooManyFailed
	// AllUnknown means that Devin knows none of the ids.
	AllUnknown
)

func (e *ReportError) Error() string {
	return fmt.Sprintf("%d %s could not be read (%s): %v", e.Count, e.Noun, strings.Join(e.IDs, ", "), e.Err)
}

// Unwrap returns the error of the first of IDs.
func (e *ReportError) Unwrap() error { return e.Err }

// fanOut reads one report, with a request for each id, many at a time.
type fanOut[T any] struct {
	client     *Client
	population population
	selection  Selection
	read       func(ctx context.Context, id string) (*T, error)
	cancel     context.CancelFunc
	group      errgroup.Group

	mu       sync.Mutex
	known    map[string]*subject // from the lists, or from requests by id
	values   map[string]*T
	unknown  map[string]error
	failures map[string]error
	refused  int   // how many of the failures are a 401 or 403
	total    int   // how many ids there are; 0 while the lists are still read
	err      error // why the report ended early
	done     int
	logged   time.Time
}

func readEach[T any](parent context.Context, c *Client, p population, sel Selection, read func(ctx context.Context, id string) (*T, error)) (*Report[T], error) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	f := &fanOut[T]{
		client: c, population: p, selection: sel, read: read, cancel: cancel, logged: c.rest.Now(),
		known: map[string]*subject{}, values: map[string]*T{}, unknown: map[string]error{}, failures: map[string]error{},
	}
	// Twice the bound on requests, so that one is always ready to start while
	// others are being decoded; the throttle keeps the bound itself.
	f.group.SetLimit(2*c.rest.MaxConcurrentRequests() + 1)
	if sel.IDs == nil {
		f.readListed(ctx)
	} else {
		f.readSelected(ctx)
	}
	if err := parent.Err(); err != nil {
		return nil, err
	}
	return f.report(ctx)
}

// readListed reads all ids of the lists. It starts while the lists are still being read.
func (f *fanOut[T]) readListed(ctx context.Context) {
	for s, err := range together(ctx, f.population.lists...) {
		f.mu.Lock()
		known := f.known[s.id]
		switch {
		case err != nil:
			f.giveUp(err)
		case known != nil:
			known.merge(s)
		default:
			f.known[s.id] = &s
		}
		f.mu.Unlock()
		if err == nil && known == nil {
			f.start(ctx, s.id)
		}
	}
	f.mu.Lock()
	f.total = len(f.known)
	settleGroups(f.known)
	f.giveUpIfFailed()
	f.mu.Unlock()
	_ = f.group.Wait() // the outcomes are in f
}

// readSelected reads the ids of the selection, and looks up their names at the same time.
func (f *fanOut[T]) readSelected(ctx context.Context) {
	ids := slices.Compact(slices.Sorted(slices.Values(f.selection.IDs)))
	f.total = len(ids)
	var lookup sync.WaitGroup
	var missing map[string]error
	var known map[string]*subject
	lookup.Go(func() { known, missing = f.population.lookUp(ctx, ids) })
	for _, id := range ids {
		f.start(ctx, id)
	}
	_ = f.group.Wait() // the outcomes are in f
	lookup.Wait()
	f.known = known
	if ctx.Err() == nil {
		f.settleMissing(ctx, missing)
	}
}

// start reads an id as soon as there is room for its request.
func (f *fanOut[T]) start(ctx context.Context, id string) {
	f.group.Go(func() error {
		if ctx.Err() == nil {
			value, err := f.read(ctx, id)
			f.record(ctx, id, value, err)
		}
		return nil
	})
}

// record keeps the outcome of an id.
func (f *fanOut[T]) record(ctx context.Context, id string, value *T, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	f.logProgress(ctx)
	switch {
	case err == nil:
		f.values[id] = value
	case ctx.Err() != nil:
		return // the report has ended for another reason
	case errors.Is(err, ErrAddressDenied), errors.Is(err, ErrFilterIgnored): // it is the same for every id
		f.giveUp(err)
	case errors.Is(err, ErrNotFound):
		f.unknown[id] = err
	default:
		f.fail(id, err)
	}
	f.giveUpIfFailed()
}

func (f *fanOut[T]) fail(id string, err error) {
	f.failures[id] = err
	if isRefusal(err) {
		f.refused++
	}
}

// giveUp ends the report and cancels its requests; f.mu is held.
func (f *fanOut[T]) giveUp(err error) {
	if f.err == nil {
		f.err = err
		f.cancel()
	}
}

// giveUpIfFailed ends a report that can only fail; f.mu is held. While everything is
// refused, the key may be the reason, so the other ids are read before that is decided.
func (f *fanOut[T]) giveUpIfFailed() {
	const some, percent = 20, 5
	n := len(f.failures)
	switch {
	case n > 0 && !f.selection.SkipFailed:
		f.giveUp(f.reportError(f.failures, SomeFailed))
	case f.total > 0 && n > some && 100*n > percent*f.total && !f.allRefused():
		f.giveUp(f.reportError(f.failures, TooManyFailed))
	}
}

// allRefused reports whether nothing could be read, and every failure is a 401 or 403.
func (f *fanOut[T]) allRefused() bool {
	return len(f.values) == 0 && f.refused > 0 && f.refused == len(f.failures)
}

// errOnNoList is why an id is unknown although Devin does not answer 404 for it.
var errOnNoList = errors.New("nothing is reported for it, and it is on none of Devin's lists")

// errComposedID is why an id has failed although Devin answered.
var errComposedID = errors.New("nothing is reported for the id, which has characters beyond ASCII; Terraform composes those, " +
	"and the list of members, which would tell Devin's own form, could not be read")

// settleMissing decides, once all ids are read, about the ids that lookUp did not find:
// Devin knows an id and reports nothing for it, or does not know it. A request by id that
// failed proves neither, since it may be refused, or the deployment may not have the
// endpoint. So the lists are searched for the ids for which nothing is reported.
func (f *fanOut[T]) settleMissing(ctx context.Context, missing map[string]error) {
	var undecided []string
	for id, err := range missing {
		if err != nil && isEmpty(f.values[id]) {
			undecided = append(undecided, id)
		}
	}
	if len(undecided) > 0 && f.total <= fewIDs { // with more, the lists are searched already
		known, still := f.population.search(ctx, undecided)
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
	f.giveUpIfFailed()
	if len(nameless) > 0 {
		f.notice(ctx, NoticeNames, "the name of %s could not be read: %v", f.firstAndMore(nameless), missing[nameless[0]])
	}
}

// isEmpty reports whether value is an answer that reports nothing.
func isEmpty[T any](value *T) bool {
	answer, ok := any(value).(interface{ Empty() bool })
	return value != nil && ok && answer.Empty()
}

func (f *fanOut[T]) notice(ctx context.Context, kind NoticeKind, format string, args ...any) {
	f.client.rest.Notice(ctx, f.population.request, kind, format, args...)
}

// firstAndMore formats the first of ids and how many more there are.
func (f *fanOut[T]) firstAndMore(ids []string) string {
	if n := len(ids) - 1; n > 0 {
		return fmt.Sprintf("%q and %s more %s", ids[0], grouped(n), f.population.noun)
	}
	return strconv.Quote(ids[0])
}

// report makes the report of the outcomes, once all ids are read.
func (f *fanOut[T]) report(ctx context.Context) (*Report[T], error) {
	switch {
	case f.err != nil:
		return nil, f.err
	case f.allRefused():
		return nil, f.failures[slices.Sorted(maps.Keys(f.failures))[0]]
	case len(f.values) == 0 && len(f.failures) > 0:
		return nil, f.reportError(f.failures, SomeFailed)
	case len(f.values) == 0 && len(f.unknown) > 0:
		return nil, f.reportError(f.unknown, AllUnknown)
	}
	report := &Report[T]{
		Readings: make([]Reading[T], 0, len(f.values)+len(f.unknown)),
		Unknown:  slices.AppendSeq([]string{}, maps.Keys(f.unknown)),
		Failed:   slices.Sorted(maps.Keys(f.failures)),
	}
	slices.Sort(report.Unknown)
	listed := slices.DeleteFunc(slices.Clone(report.Unknown), func(id string) bool { return f.known[id] == nil })
	if len(listed) > 0 {
		f.notice(ctx, NoticeUnknown, "Devin lists %s, and answers 404 when asked for the %s", f.firstAndMore(listed), f.selection.What)
	}
	ids := slices.AppendSeq(slices.Clone(report.Unknown), maps.Keys(f.values))
	slices.Sort(ids)
	for _, id := range ids {
		reading := Reading[T]{ID: id, Value: f.values[id]}
		if s := f.known[id]; s != nil {
			reading.Email, reading.Name, reading.IDPGroupNames = s.email, s.name, s.groups
		}
		report.Readings = append(report.Readings, reading)
	}
	return report, nil
}

func (f *fanOut[T]) reportError(failures map[string]error, reason Reason) *ReportError {
	const most = 5
	ids := slices.Sorted(maps.Keys(failures))
	return &ReportError{
		Noun: f.population.noun, IDs: ids[:min(most, len(ids))], Count: len(ids), Err: failures[ids[0]], Reason: reason,
		Listed: f.selection.IDs == nil, SkipArgument: f.selection.SkipArgument,
	}
}

// logProgress logs the progress of a long report every few seconds; f.mu is held.
func (f *fanOut[T]) logProgress(ctx context.Context) {
	const every = 5 * time.Second
	now := f.client.rest.Now()
	if now.Sub(f.logged) < every {
		return
	}
	f.logged = now
	f.client.rest.Logger().InfoContext(ctx,
		fmt.Sprintf("read %s of %s %s", grouped(f.done), grouped(max(f.total, len(f.known))), f.population.noun),
		slog.String("what", f.selection.What))
}

// grouped formats n with commas between groups of three digits.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
