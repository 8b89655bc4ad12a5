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

// population is what a report goes over.
type population struct {
	noun string // in the plural: "users"
	// lists have all of it. The same subject may be on several.
	lists []list
	// request is that of the first list.
	request rest.Request
	// one asks for a subject by its id.
	one func(ctx context.Context, id string) (subject, error)
	// named says that no other entry can add to what one says of its subject; nil
	// where there is one entry for each.
	named func(subject) bool
}

type list = func(context.Context) iter.Seq2[subject, error]

// populationOf is a population whose lists and single answers have items T. single
// asks for one, when its id is added to the path.
func populationOf[T any, P rest.Item[T]](c *Client, noun string, of func(T) subject, single rest.Request, lists ...rest.Request) population {
	p := population{noun: noun, request: lists[0]}
	for i, r := range lists {
		p.lists = append(p.lists, func(ctx context.Context) iter.Seq2[subject, error] {
			return func(yield func(subject, error) bool) {
				for item, err := range rest.List[T, P](ctx, c.rest, r) {
					var s subject
					if err == nil {
						s = of(item)
						s.weak = i > 0
					}
					if !yield(s, err) {
						return
					}
				}
			}
		})
	}
	p.one = func(ctx context.Context, id string) (subject, error) {
		r := single
		r.Path = slices.Concat(r.Path, []string{id})
		answer, err := rest.Get[T](ctx, c.rest, r)
		if err != nil {
			return subject{}, err
		}
		s := of(*answer)
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
	// weak says that it is of a later list: an entry of the first counts before it.
	weak bool
}

// absorb adds what another entry for the same subject says, whichever came
// first: lists race, and a result must not depend on which wins.
func (s *subject) absorb(other subject) {
	if s.weak && !other.weak {
		*s, other = other, *s
	}
	if s.email == nil {
		s.email = other.email
	}
	if s.name == nil {
		s.name = other.name
	}
}

// errNoSuchID is why a name is missing that was asked for by its id.
var errNoSuchID = errors.New("a request for it is answered 404")

// fewNames is how many names are asked for one by one. More are looked for in the lists.
const fewNames = 20

// lookUp finds out what Devin lists of ids, by a request for each of a few, or in
// the lists. Each id that is not among the known is missing, for the reason there;
// nil says that it is on no list.
func (p population) lookUp(ctx context.Context, ids []string) (known map[string]*subject, missing map[string]error) {
	if len(ids) > fewNames {
		return p.search(ctx, ids)
	}
	known, missing = map[string]*subject{}, map[string]error{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, id := range ids {
		group.Go(func() {
			s, err := p.one(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				known[id] = &s
			case errors.Is(err, ErrNotFound):
				missing[id] = errNoSuchID
			default:
				missing[id] = err
			}
		})
	}
	group.Wait()
	if len(known) > 0 || len(ids) == 0 {
		return known, missing
	}
	// Where Devin has none of them, it may not have the requests at all. Then it may
	// not have the lists either.
	p.lists[0](ctx)(func(_ subject, err error) bool {
		for id, why := range missing {
			if err != nil && errors.Is(why, errNoSuchID) {
				missing[id] = err
			}
		}
		return false
	})
	return known, missing
}

// search looks in the lists, until they can say no more of ids. Each list counts on
// its own, so that the result does not depend on which of them failed first.
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
			known[s.id].absorb(s)
		}
		if p.named == nil || p.named(*known[s.id]) {
			delete(open, s.id)
		}
		if len(open) == 0 {
			return known, missing
		}
	}
	for id := range missing {
		missing[id] = cmp.Or(append(errs, ctx.Err())...)
	}
	return known, missing
}

// together walks lists side by side, and yields their items as they come. The
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
			for range found { // until every walk has ended
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

// Presence is whether something still exists.
type Presence int

// Something may be there, or gone, or Devin does not let the key know.
const (
	PresenceUnknown Presence = iota
	Present
	Gone
)

// OrganizationPresence looks an organization up after an answer that may mean that
// it is gone, that the key may not see it, or that the endpoint is not enabled:
// Devin answers 403 or 404 to all three.
func (c *Client) OrganizationPresence(ctx context.Context, orgID string) (Presence, error) {
	return c.organizations().presence(rest.Fresh(ctx), orgID)
}

// UserPresence looks a user of the enterprise up.
func (c *Client) UserPresence(ctx context.Context, userID string) (Presence, error) {
	return c.In("").users().presence(rest.Fresh(ctx), userID)
}

// KnowsUser says whether a user for whom nothing is reported is known, in the
// enterprise or the client's organization. Gone is noticed.
func (c *Client) KnowsUser(ctx context.Context, userID string) Presence {
	return c.users().knows(ctx, c, userID)
}

// KnowsServiceUser says of a service user what KnowsUser says of a user.
func (c *Client) KnowsServiceUser(ctx context.Context, serviceUserID string) Presence {
	return c.serviceUsers(true).knows(ctx, c, serviceUserID)
}

func (p population) knows(ctx context.Context, c *Client, id string) Presence {
	presence, err := p.presence(ctx, id)
	if err == nil && presence == Gone {
		c.rest.Notice(ctx, p.request, NoticeUnknown, "Devin reports nothing for %q, which is on none of its lists of %s", id, p.noun)
	}
	return presence
}

// presence asks for one by its id. What is not found so is looked for in the lists,
// which alone prove that it is gone.
func (p population) presence(ctx context.Context, id string) (Presence, error) {
	if _, err := p.one(ctx, id); err == nil {
		return Present, nil
	}
	known, missing := p.search(ctx, []string{id})
	switch {
	case known[id] != nil:
		return Present, nil
	case missing[id] == nil:
		return Gone, nil
	}
	return PresenceUnknown, undecided(missing[id])
}

// undecided takes a refused list for one that does not tell.
func undecided(err error) error {
	if errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
