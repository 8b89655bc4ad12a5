package devin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// population is what a report covers: the users, the organizations or the service
// users that Devin lists.
type population struct {
	noun string // in the plural: "users"
	// lists hold all subjects together. A subject may be on several of them.
	lists []list
	// request is that of the first list. Notices about the population name its path.
	request rest.Request
	// byID requests a subject by its id.
	byID func(ctx context.Context, id string) (subject, error)
	// complete reports whether the lists can add nothing to a subject; nil where its
	// first entry has everything.
	complete func(subject) bool
}

type list = func(context.Context) iter.Seq2[subject, error]

// populationOf returns a population whose lists have items of type T. A subject is
// requested with single and its id at the end of the path.
func populationOf[T any, P rest.Item[T]](c *Client, noun string, toSubject func(T) subject, single rest.Request, lists ...rest.Request) population {
	p := population{noun: noun, request: lists[0]}
	for i, r := range lists {
		p.lists = append(p.lists, func(ctx context.Context) iter.Seq2[subject, error] {
			return mapped(rest.List[T, P](ctx, c.rest, r), func(item T) (subject, bool) {
				s := toSubject(item)
				s.secondary = i > 0
				return s, true
			})
		})
	}
	p.byID = func(ctx context.Context, id string) (subject, error) {
		r := single
		r.Path = slices.Concat(r.Path, []string{id})
		answer, err := rest.Get[T](ctx, c.rest, r)
		if err != nil {
			return subject{}, err
		}
		s := toSubject(*answer)
		if s.id != id {
			err = c.rest.Unexpected(r, fmt.Errorf("it is about %q", s.id))
		}
		return s, err
	}
	return p
}

// subject is a user, an organization or a service user of a report.
type subject struct {
	id          string
	email, name *string
	secondary   bool // from another list than the first; entries of the first take precedence

	groups     []string // of a user: the IdP groups, sorted, each once; nil where not known
	rolesKnown bool     // of a user
}

// merge adds what another entry for the same subject says. The order of the entries does
// not matter, since the lists are read at the same time.
func (s *subject) merge(other subject) {
	groups, rolesKnown := mergeGroups(s.groups, other.groups), s.rolesKnown || other.rolesKnown
	if s.secondary && !other.secondary {
		*s, other = other, *s
	}
	s.email, s.name = cmp.Or(s.email, other.email), cmp.Or(s.name, other.name)
	s.groups, s.rolesKnown = groups, rolesKnown
}

// errNoSuchID is why a subject is missing whose request by id was answered 404.
var errNoSuchID = errors.New("a request for it is answered 404")

// fewIDs is the most subjects that are requested one by one. If there are more, the lists
// are searched.
const fewIDs = 20

// lookUp finds subjects by their ids: with a request for each where there are no more than
// fewIDs, and in the lists otherwise. Each id is a key of known or of missing, which has
// the reason; a nil reason means that no list has the id.
func (p population) lookUp(ctx context.Context, ids []string) (known map[string]*subject, missing map[string]error) {
	if len(ids) > fewIDs {
		return p.search(ctx, ids)
	}
	known, missing = map[string]*subject{}, map[string]error{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, id := range ids {
		group.Go(func() {
			s, err := p.byID(ctx, id)
			if errors.Is(err, ErrNotFound) {
				err = errNoSuchID
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				known[id] = &s
			} else {
				missing[id] = err
			}
		})
	}
	group.Wait()
	if len(known) > 0 || len(ids) == 0 {
		return known, missing
	}
	// A deployment that answers 404 to all of them may not have the endpoint. If it
	// does not have the lists either, that is the better reason.
	for _, err := range p.lists[0](ctx) {
		for id, reason := range missing {
			if err != nil && errors.Is(reason, errNoSuchID) {
				missing[id] = err
			}
		}
		break
	}
	return known, missing
}

// search finds subjects in the lists, and stops when the lists can add nothing more. A
// list that fails does not end the others, so that the result does not depend on which
// fails first.
func (p population) search(ctx context.Context, ids []string) (known map[string]*subject, missing map[string]error) {
	errs, lists := make([]error, len(p.lists)), make([]list, len(p.lists))
	for i, list := range p.lists {
		lists[i] = func(ctx context.Context) iter.Seq2[subject, error] {
			return func(yield func(subject, error) bool) {
				for s, err := range list(ctx) {
					if errs[i] = err; err != nil || !yield(s, nil) {
						return
					}
				}
			}
		}
	}
	known, missing = map[string]*subject{}, map[string]error{}
	open := map[string]bool{}
	for _, id := range ids {
		missing[id], open[id] = nil, true
	}
	for s, err := range together(ctx, lists...) {
		if err != nil || !open[s.id] {
			continue
		}
		if known[s.id] == nil {
			known[s.id] = &s
			delete(missing, s.id)
		} else {
			known[s.id].merge(s)
		}
		if p.complete == nil || p.complete(*known[s.id]) {
			delete(open, s.id)
		}
		if len(open) == 0 {
			return known, missing
		}
	}
	err := cmp.Or(append(errs, ctx.Err())...)
	for id := range missing {
		missing[id] = err
	}
	if err == nil {
		settleGroups(known)
	}
	return known, missing
}

// settleGroups applies settledGroups to each subject.
func settleGroups(known map[string]*subject) {
	for _, s := range known {
		s.groups = settledGroups(s.groups, s.rolesKnown)
	}
}

// together reads lists at the same time, and yields their items as they come. The
// first list that fails ends all of them, with its error.
func together[T any](ctx context.Context, lists ...func(context.Context) iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		group, ctx := errgroup.WithContext(ctx)
		found := make(chan T, 400) // a page of two lists, so that neither waits for the other
		for _, list := range lists {
			group.Go(func() error {
				for item, err := range list(ctx) {
					if err != nil {
						return err
					}
					select {
					case found <- item:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
				return nil
			})
		}
		go func() {
			_ = group.Wait()
			close(found)
		}()
		defer func() {
			cancel()
			for range found { // until every list has ended
			}
		}()
		for item := range found {
			if !yield(item, nil) {
				return
			}
		}
		if err := group.Wait(); err != nil {
			var none T
			yield(none, err)
		}
	}
}

// mapped converts the items of a list, and leaves out those for which convert returns
// false.
func mapped[T, U any](list iter.Seq2[T, error], convert func(T) (U, bool)) iter.Seq2[U, error] {
	return func(yield func(U, error) bool) {
		for item, err := range list {
			var converted U
			keep := true
			if err == nil {
				converted, keep = convert(item)
			}
			if keep && !yield(converted, err) {
				return
			}
		}
	}
}

// Presence is whether something still exists.
type Presence int

// The values of a Presence.
const (
	PresenceUnknown Presence = iota // the key may not see whether it exists
	Present
	Gone
)

// OrganizationPresence looks up an organization of the enterprise. It is for answers
// that may mean that the organization is gone, that the key may not see it, or that
// the endpoint is not enabled: Devin answers 403 or 404 to all three.
func (c *Client) OrganizationPresence(ctx context.Context, orgID string) (Presence, error) {
	return c.organizations().presence(rest.Fresh(ctx), orgID)
}

// UserPresence looks up a user of the enterprise.
func (c *Client) UserPresence(ctx context.Context, userID string) (Presence, error) {
	return c.In("").users().presence(rest.Fresh(ctx), userID)
}

// KnowsUser looks up a user for whom no use was reported, in the enterprise or the
// client's organization. It also records a notice if the user is Gone.
func (c *Client) KnowsUser(ctx context.Context, userID string) Presence {
	users := c.users()
	presence, err := users.presence(ctx, userID)
	if err == nil && presence == Gone {
		c.rest.Notice(ctx, users.request, NoticeUnknown, "Devin reports nothing for %q, which is on none of its lists of %s", userID, users.noun)
	}
	return presence
}

// presence requests a subject by its id, and searches the lists if that fails: only they
// prove that it is gone. If Devin refuses the lists or does not have them, the result is
// PresenceUnknown, without an error.
func (p population) presence(ctx context.Context, id string) (Presence, error) {
	if _, err := p.byID(ctx, id); err == nil {
		return Present, nil
	}
	p.complete = nil
	known, missing := p.search(ctx, []string{id})
	err := missing[id]
	switch {
	case known[id] != nil:
		return Present, nil
	case err == nil:
		return Gone, nil
	case errors.Is(err, ErrForbidden), errors.Is(err, ErrUnauthorized), errors.Is(err, ErrNotFound):
		return PresenceUnknown, nil
	}
	return PresenceUnknown, err
}
