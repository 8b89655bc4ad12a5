package devin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Devin was seen to answer 200 to a query key that it does not know, and not to
// filter. Where the items of a list show what a filter is about, they are filtered
// again. A count shows nothing, so Devin is asked once more for a value that nothing
// has.

// ErrFilterIgnored says that Devin's answer does not depend on a filter that it
// was asked with.
var ErrFilterIgnored = errors.New("the filter is ignored")

// Values that nothing has.
const (
	noID        = "terraform-provider-devin|none"
	unreachable = 1_000_000_000
)

// countFilters are the filters of counts. Those of one entry are tried together, and
// without the ones that must be left out for it.
var countFilters = []struct {
	names   []string
	value   string
	without string
}{
	{names: []string{"org_ids"}, value: noID},
	{names: []string{"playbook_id"}, value: noID},
	{names: []string{"user_ids"}, value: noID, without: "service_user_ids"},
	{names: []string{"service_user_ids"}, value: noID, without: "user_ids"},
	// One of the two is enough to be active.
	{names: []string{"min_sessions", "min_searches"}, value: strconv.Itoa(unreachable)},
}

// getCount asks for counts, and makes sure that Devin applies the filters of the
// request. count is the largest number in an answer: where it is 0, no filter can have
// been ignored.
func getCount[T any](ctx context.Context, c *Client, r rest.Request, count func(*T) Count) (*T, error) {
	result, err := rest.Get[T](ctx, c.rest, r)
	if err != nil || count(result) == 0 {
		return result, err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	for _, f := range countFilters {
		if !slices.ContainsFunc(f.names, r.Query.Has) {
			continue
		}
		probe := r
		for _, name := range f.names {
			probe = probe.With(name, f.value)
		}
		probe.Query.Del(f.without)
		group.Go(func() error {
			none, err := rest.Get[T](groupCtx, c.rest, probe)
			n := Count(0)
			if err == nil {
				n = count(none)
			}
			return c.filterApplied(ctx, probe, strings.Join(f.names, " and "), n > 0, err)
		})
	}
	return result, group.Wait()
}

// filterApplied judges the answer to a request for a value that nothing has: any is
// whether it has anything all the same. A 403, 404 or 422 shows that Devin looked for
// the value. Any other failure shows nothing, which is a notice.
func (c *Client) filterApplied(ctx context.Context, probe rest.Request, names string, any bool, err error) error {
	var e *Error
	switch {
	case any:
		return c.rest.Unexpected(probe, fmt.Errorf("%w: asked with %s of a value that nothing has, Devin answers with more than nothing, "+
			"so its answer does not depend on %s", ErrFilterIgnored, names, names))
	case err == nil, errors.Is(err, ErrForbidden), errors.Is(err, ErrNotFound), errors.As(err, &e) && e.Status == 422:
		return nil
	case ctx.Err() != nil:
		return err
	}
	c.rest.Notice(ctx, probe, NoticeFilter, "whether Devin filters by %s could not be checked, because a request with a value that nothing has failed: %s", names, err)
	return nil
}

// is says whether a value is the wanted one; an empty one is every value. The API's
// words are compared in any case, since an answer need not spell them as a query does.
func is(wanted, value string) bool { return wanted == "" || strings.EqualFold(wanted, value) }

// isAny says whether a value is one of those wanted; none wanted is every value.
func isAny(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(w, value) })
}

func isID(wanted, id string) bool { return wanted == "" || wanted == id }

// reads says whether the client reads what is of an organization: it reads the
// enterprise, or that organization, or the answer does not say of which it is.
func (c *Client) reads(orgID *string) bool {
	return c.orgID == "" || orgID == nil || *orgID == c.orgID
}
