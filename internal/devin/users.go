package devin

import (
	"cmp"
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

// UserSelection says whom a report over users is about.
type UserSelection struct {
	// UserIDs are the users; nil is every member of the enterprise.
	UserIDs []string
	// SkipFailed goes on when users cannot be read, and lists them. A refused
	// key (401, 403) ends the report all the same, since it concerns all users.
	SkipFailed bool
	// What names what is read, in the log: "daily consumption".
	What string
}

// UserReport is what was read, by user.
type UserReport[T any] struct {
	// Users is sorted by UserID.
	Users []UserReading[T]
	// Failed are the users left out, sorted; always empty without SkipFailed.
	Failed []string
}

// UserReading is what was read of one user.
type UserReading[T any] struct {
	UserID string
	Email  *string // nil where Devin has none, or the member list may not be read
	Name   *string // likewise
	Value  *T      // nil for a member whom the endpoint does not know
}

// UsersError says that users could not be read.
type UsersError struct {
	// UserIDs are the first ones that failed, sorted.
	UserIDs []string
	// Count is how many failed before the report was given up.
	Count int
	// Asked is how many users had been asked for by then.
	Asked int
	// Err is the failure of the first of UserIDs.
	Err error
}

func (e *UsersError) Error() string {
	return fmt.Sprintf("%d of %d users could not be read (%s): %v", e.Count, e.Asked, strings.Join(e.UserIDs, ", "), e.Err)
}

// Unwrap is the failure of the first user.
func (e *UsersError) Unwrap() error { return e.Err }

// ReadUsers asks for each user on their own, as the API wants it, many at a
// time. The first users are asked for while the member list is still coming in.
//
// A member from the list whom read answers ErrNotFound for has nothing to
// report; a user that was named and is no member is a failure then.
func ReadUsers[T any](ctx context.Context, c *Client, sel UserSelection, read func(ctx context.Context, userID string) (*T, error)) (*UserReport[T], error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &fanOut[T]{
		client: c, sel: sel, read: read, cancel: cancel, logged: c.rest.Now(),
		values: map[string]*T{}, failures: map[string]error{}, members: map[string]*Member{},
	}
	// Twice the bound on requests, so that one is always ready to start while
	// others are being decoded; the throttle keeps the bound itself.
	f.group.SetLimit(2*c.rest.MaxConcurrentRequests() + 1)
	var listErr error
	if sel.UserIDs == nil {
		listErr = f.askEveryMember(ctx)
	} else {
		listErr = f.askNamedUsers(ctx)
	}
	if listErr != nil {
		cancel()
	}
	_ = f.group.Wait() // what the users came to is in f
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

// fanOut is one run of ReadUsers.
type fanOut[T any] struct {
	client *Client
	sel    UserSelection
	read   func(context.Context, string) (*T, error)
	cancel context.CancelFunc
	group  errgroup.Group

	mu       sync.Mutex
	members  map[string]*Member // of the list, as far as it is known
	values   map[string]*T
	failures map[string]error
	fatal    error
	started  int
	done     int
	logged   time.Time
	giveUp   bool
}

func (f *fanOut[T]) askEveryMember(ctx context.Context) error {
	for m, err := range f.client.eachMember(ctx, MemberFilter{}) {
		if err != nil {
			return err
		}
		if f.learn(m) {
			f.ask(ctx, m.UserID)
		}
		if f.stopped() {
			return nil
		}
	}
	return nil
}

// askNamedUsers looks the users' names up in the member list at the same time,
// as far as the list is needed and may be read.
func (f *fanOut[T]) askNamedUsers(ctx context.Context) error {
	ids := slices.Compact(slices.Sorted(slices.Values(f.sel.UserIDs)))
	unnamed := make(map[string]bool, len(ids)) // whose name and address may still come
	for _, id := range ids {
		unnamed[id] = true
	}
	var names errgroup.Group
	names.Go(func() error {
		for m, err := range f.client.eachMember(ctx, MemberFilter{}) {
			if errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized) {
				f.forget()
				return nil
			}
			if err != nil {
				return err
			}
			if _, found := slices.BinarySearch(ids, m.UserID); found {
				f.learn(m)
				if !m.idp && (f.client.redact || m.Email != nil && m.Name != nil) {
					delete(unnamed, m.UserID)
				}
			}
			if len(unnamed) == 0 {
				return nil
			}
		}
		return nil
	})
	for _, id := range ids {
		if f.stopped() {
			break
		}
		f.ask(ctx, id)
	}
	return names.Wait()
}

// learn notes a member, and says whether it is the first one hears of them.
func (f *fanOut[T]) learn(m Member) bool {
	m.Roles = nil // not needed here, and most of what a member takes
	f.mu.Lock()
	defer f.mu.Unlock()
	known := f.members[m.UserID]
	if known != nil {
		known.absorb(m)
		return false
	}
	f.members[m.UserID] = &m
	return true
}

// forget drops the members of a list that ended in a refusal. How many had come
// by then is chance, and a result must not depend on it.
func (f *fanOut[T]) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.members)
}

func (f *fanOut[T]) stopped() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.giveUp
}

// ask starts a request for a user, as soon as there is room for it.
func (f *fanOut[T]) ask(ctx context.Context, userID string) {
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
		value, err := f.read(ctx, userID)
		f.note(ctx, userID, value, err)
		return nil
	})
}

// note keeps what a user came to, and decides whether to go on.
func (f *fanOut[T]) note(ctx context.Context, userID string, value *T, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	switch {
	case err == nil:
		f.values[userID] = value
	case errors.Is(err, context.Canceled):
		// Somebody else's failure, or Terraform's stop, ended this one.
	case errors.Is(err, ErrUnauthorized), errors.Is(err, ErrForbidden):
		f.fatal, f.giveUp = cmp.Or(f.fatal, err), true
		f.cancel()
	default:
		f.failures[userID] = err
		f.giveUp = f.giveUp || !f.goesOn(err)
	}
	const every = 5 * time.Second
	if now := f.client.rest.Now(); now.Sub(f.logged) >= every {
		f.logged = now
		f.client.rest.Logger().InfoContext(ctx, fmt.Sprintf("read %s of %s users", grouped(f.done), grouped(f.known())),
			slog.String("what", f.sel.What))
	}
}

// grouped writes a number with a comma after each thousand.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (f *fanOut[T]) known() int {
	if f.sel.UserIDs != nil {
		return len(f.sel.UserIDs)
	}
	return len(f.members)
}

// goesOn says whether a report can live with a failure. Where nobody could be
// read, of more users than are asked for at once, the API is at fault and not
// the users.
func (f *fanOut[T]) goesOn(err error) bool {
	if errors.Is(err, ErrNotFound) {
		return true // whether it is a failure, the whole member list tells
	}
	const enough = 50
	return f.sel.SkipFailed && (len(f.values) > 0 || len(f.failures) < enough)
}

func (f *fanOut[T]) report() (*UserReport[T], error) {
	report := &UserReport[T]{}
	for id, err := range f.failures {
		if f.members[id] != nil && errors.Is(err, ErrNotFound) {
			f.values[id] = nil
			delete(f.failures, id)
		}
	}
	if len(f.failures) > 0 {
		report.Failed = slices.Sorted(maps.Keys(f.failures))
		if !f.sel.SkipFailed || f.giveUp || len(f.values) == 0 {
			const most = 5
			first := report.Failed[:min(most, len(report.Failed))]
			return nil, &UsersError{UserIDs: first, Count: len(f.failures), Asked: f.started, Err: f.failures[first[0]]}
		}
	}
	report.Users = make([]UserReading[T], 0, len(f.values))
	for _, id := range slices.Sorted(maps.Keys(f.values)) {
		reading := UserReading[T]{UserID: id, Value: f.values[id]}
		if m := f.members[id]; m != nil {
			reading.Email, reading.Name = m.Email, m.Name
		}
		report.Users = append(report.Users, reading)
	}
	return report, nil
}
