package devin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Devin was seen to answer 200 to a query parameter that it does not know, and to ignore
// it. If the items of a list have the field that a filter is about, the client filters
// them again. A count has no such field, so the client sends a probe: the same request
// with a value that nothing has.

// ErrFilterIgnored means that Devin's answer does not depend on a filter of the request.
var ErrFilterIgnored = errors.New("the filter is ignored")

// Values that nothing has.
const (
	noID        = "terraform-provider-devin|none"
	unreachable = 1_000_000_000
)

// countFilters are the filters of counts. The filters in names are probed together, with
// value, in a request that lacks the filter in without.
var countFilters = []struct {
	names   []string
	value   string
	without string
}{
	{names: []string{"org_ids"}, value: noID},
	{names: []string{"playbook_id"}, value: noID},
	// Whether users and service users add up or narrow one another is not documented.
	{names: []string{"user_ids"}, value: noID, without: "service_user_ids"},
	{names: []string{"service_user_ids"}, value: noID, without: "user_ids"},
	// A user who reaches one of the two minima is active, so both are probed at once.
	{names: []string{"min_sessions", "min_searches"}, value: strconv.Itoa(unreachable)},
}

// getCount reads counts, and probes each filter of the request. count returns the
// largest number in an answer: if it is 0, no filter can have been ignored.
func getCount[T any](ctx context.Context, c *Client, r rest.Request, count func(*T) Count) (*T, error) {
	result, err := rest.Get[T](ctx, c.rest, r)
	if err != nil {
		return nil, err
	}
	if count(result) == 0 {
		return result, nil
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, f := range countFilters {
		if !slices.ContainsFunc(f.names, r.Query.Has) {
			continue
		}
		probe := withValue(r, f.names, f.value)
		probe.Query.Del(f.without)
		group.Go(func() error {
			none, err := rest.Get[T](ctx, c.rest, probe)
			return c.filterApplied(ctx, probe, f.names, err == nil && count(none) > 0, err)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return result, nil
}

// itemFilter is a filter of a list's request, and whether one item passes it.
type itemFilter struct {
	names  []string // parameters of the query; an item passes if it matches any of them
	shown  bool     // whether the item has the field that the filter is about
	passes bool
}

func passes(filters []itemFilter) bool {
	return !slices.ContainsFunc(filters, func(f itemFilter) bool { return f.shown && !f.passes })
}

// collectFiltered reads a list and leaves out the items that do not pass the filters. An
// item without the field that a filter is about does not pass if other items have the
// field. If none has it, as in an older deployment, the filter is probed.
func collectFiltered[T any, P rest.Item[T]](
	ctx context.Context, c *Client, r rest.Request, keep func(*T) bool, filters func(*T) []itemFilter, compare func(a, b T) int,
) ([]T, error) {
	shown := map[string]bool{}
	items, err := rest.Collect[T, P](ctx, c.rest, r, func(item *T) bool {
		all := filters(item)
		for _, f := range all {
			shown[f.names[0]] = shown[f.names[0]] || f.shown
		}
		return passes(all) && keep(item)
	}, compare)
	if err != nil {
		return nil, err
	}
	hidden := map[string][]string{}
	items = slices.DeleteFunc(items, func(item T) bool {
		for _, f := range filters(&item) {
			switch {
			case f.shown:
			case shown[f.names[0]]:
				return true
			default:
				hidden[f.names[0]] = f.names
			}
		}
		return false
	})
	group, ctx := errgroup.WithContext(ctx)
	for _, names := range hidden {
		probe := withValue(r, names, noID)
		group.Go(func() error {
			empty, err := rest.IsEmpty(ctx, c.rest, probe)
			return c.filterApplied(ctx, probe, names, err == nil && !empty, err)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return items, nil
}

func withValue(r rest.Request, names []string, value string) rest.Request {
	for _, name := range names {
		r = r.With(name, value)
	}
	return r
}

// filterApplied judges the outcome of a probe. A probe that found something is an error. A
// 403, 404 or 422 shows that Devin looked for the value. Any other failure leaves the
// question open, which is a notice.
func (c *Client) filterApplied(ctx context.Context, probe rest.Request, names []string, found bool, err error) error {
	text := strings.Join(names, " and ")
	var e *Error
	switch {
	case found:
		return c.rest.Unexpected(probe, fmt.Errorf("%w: asked with %s of a value that nothing has, Devin still finds something, "+
			"so its answer does not depend on %s", ErrFilterIgnored, text, text))
	case err == nil, errors.Is(err, ErrForbidden), errors.Is(err, ErrNotFound), errors.As(err, &e) && e.Status == http.StatusUnprocessableEntity:
		return nil
	case ctx.Err() != nil:
		return err
	}
	c.rest.Notice(ctx, probe, NoticeFilter, "whether Devin filters by %s could not be checked, because a request with a value that nothing has failed: %s", text, err)
	return nil
}

// matches reports whether value equals wanted. An empty wanted matches every value. Case
// is ignored, since an answer may spell a word in another case than the query.
func matches(wanted, value string) bool { return wanted == "" || strings.EqualFold(wanted, value) }

// matchesAny reports whether value matches one of wanted. An empty list matches every
// value.
func matchesAny(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(w, value) })
}

func matchesID(wanted, id string) bool { return wanted == "" || wanted == id }

// addTo adds a parameter to a query for each value, which is how OpenAPI encodes a list
// by default. Empty values are left out.
func addTo(q url.Values, name string, values ...string) {
	for _, value := range values {
		if value != "" {
			q.Add(name, value)
		}
	}
}

// addSeconds adds an instant to a query, in Unix seconds. A zero time is left out.
func addSeconds(q url.Values, name string, at time.Time) {
	if !at.IsZero() {
		q.Set(name, strconv.FormatInt(at.Unix(), 10))
	}
}
