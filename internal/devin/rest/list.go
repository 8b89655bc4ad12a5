package rest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// pageSize is the most that most lists give at once.
	// https://docs.devin.ai/api-reference/concepts/pagination
	pageSize = 200
	// maxPageItems is the most items that are decoded of a page. A server may ignore
	// `first`, and a few kilobytes of gzip can hold millions of objects.
	maxPageItems = 10 * pageSize
	// maxIdlePages is how many consecutive pages may have no new item: a filter may empty
	// a page, and a list that grows at its front repeats items.
	maxIdlePages = 100
	// maxItems bounds the items of a list. Terraform takes no more in a value, whose 255 MiB
	// have room for 1.2 million members.
	maxItems = 1_000_000
)

// Item is an item of a list.
type Item[T any] interface {
	*T
	// Identity is different for each item of a list.
	Identity() string
}

// page is the envelope of every list.
type page[T any] struct {
	Items       items[T]       `json:"items" api:"required"`
	EndCursor   *string        `json:"end_cursor"`
	HasNextPage *bool          `json:"has_next_page"`
	Total       jsontext.Value `json:"total"` // not always a number, and not relied on
}

// items are the items of a page; nil for null.
type items[T any] []T

// UnmarshalJSONFrom stops at maxPageItems.
func (s *items[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '[' {
		return json.UnmarshalDecode(d, (*[]T)(s)) // null, or an error
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	*s = make(items[T], 0, pageSize)
	for d.PeekKind() != ']' {
		if len(*s) == maxPageItems {
			return fmt.Errorf("it lists more than %d items, far more than were asked for", maxPageItems)
		}
		var item T
		if err := json.UnmarshalDecode(d, &item); err != nil {
			return err
		}
		*s = append(*s, item)
	}
	_, err := d.ReadToken()
	return err
}

// Check calls the items' own method Check, where they have one.
func (p *page[T]) Check() error {
	for i := range p.Items {
		if checked, ok := any(&p.Items[i]).(interface{ Check() error }); ok {
			if err := checked.Check(); err != nil {
				return fmt.Errorf("items[%d]: %w", i, err)
			}
		}
	}
	return nil
}

// total returns the number of items in the whole list, as `total` has it; -1 if that is
// missing, null or not a count.
func (p *page[T]) total() int {
	if n, err := strconv.Atoi(string(p.Total)); err == nil && n >= 0 {
		return n
	}
	return -1
}

// next returns the cursor of the next page; empty after the last one. A page that has a
// cursor but no `has_next_page`, whose documented default is false, counts as having a
// next page: one request too many is cheap, and stopping too early loses items. If it was
// the last, the next page is empty and has the same cursor, where the reading ends.
func (p *page[T]) next() (cursor string, err error) {
	if p.EndCursor != nil {
		cursor = *p.EndCursor
	}
	switch {
	case p.HasNextPage == nil:
		return cursor, nil
	case !*p.HasNextPage:
		return "", nil
	case cursor == "":
		return "", errors.New("a page says that there are more, but not where: has_next_page is true, end_cursor is missing")
	}
	return cursor, nil
}

// IsEmpty reports whether a list has no item. It requests only the first.
func IsEmpty(ctx context.Context, c *Client, r Request) (bool, error) {
	p, err := Get[page[jsontext.Value]](ctx, c, r.With("first", "1"))
	if err != nil {
		return false, err
	}
	// A page may be empty and say that there are more items.
	return len(p.Items) == 0 && (p.HasNextPage == nil || !*p.HasNextPage), nil
}

// List reads a list page by page, and yields each item once. If a page fails or the
// cursors lead nowhere, it yields an error and stops.
//
// A list may change while it is read. If an item may have been missed, List reads the list
// a second time and yields the items that are new. If there are still fewer than `total`,
// it records a notice.
func List[T any, P Item[T]](ctx context.Context, c *Client, r Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := walk[T, P](ctx, c, r, func(item *T, _ int, isNew bool) bool { return !isNew || yield(*item, nil) })
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// Collect reads a list as List does, and returns the items for which keep returns true,
// sorted; a nil keep keeps all. If an item comes twice, the later value counts.
func Collect[T any, P Item[T]](ctx context.Context, c *Client, r Request, keep func(*T) bool, compare func(a, b T) int) ([]T, error) {
	var kept []*T // by the items' numbers; nil for an item that is not kept
	size, changed, example := 0, 0, ""
	err := walk[T, P](ctx, c, r, func(item *T, number int, isNew bool) bool {
		id := P(item).Identity()
		if keep != nil && !keep(item) {
			item = nil
		}
		switch {
		case isNew:
			kept = append(kept, nil)
		case !reflect.DeepEqual(kept[number], item):
			changed, example = changed+1, id
		}
		if kept[number] != nil {
			size--
		}
		if item != nil {
			size++
		}
		kept[number] = item
		return r.Limit == 0 || size <= r.Limit
	})
	switch {
	case err != nil:
		return nil, err
	case r.Limit > 0 && size > r.Limit:
		return nil, &LongListError{Limit: r.Limit}
	case changed > 0:
		c.Notice(ctx, r, NoticeItemTwice, "%d items came again with another value while the list was read, %s among them; the later value counts",
			changed, Excerpt(example))
	}
	all := make([]T, 0, size)
	for _, item := range kept {
		if item != nil {
			all = append(all, *item)
		}
	}
	slices.SortFunc(all, compare)
	return all, nil
}

// LongListError means that a list has more items than its request allows.
type LongListError struct{ Limit int }

func (e *LongListError) Error() string {
	return fmt.Sprintf("the list has more than %d items", e.Limit)
}

// walk reads a list, and reads it a second time if an item may have been missed. It calls
// take each time that an item comes. The items are numbered from 0 in the order in which
// they came first; isNew reports whether this is the first time. take returns false to
// stop.
func walk[T any, P Item[T]](ctx context.Context, c *Client, r Request, take func(item *T, number int, isNew bool) bool) error {
	if r.PageSize == 0 {
		r.PageSize = pageSize
	}
	w := walker[T, P]{client: c, request: r.With("first", strconv.Itoa(r.PageSize)), numbers: map[string]int{}, take: take}
	total, shrank, err := w.read(ctx)
	if err != nil || w.stopped || !shrank && len(w.numbers) >= total {
		return err
	}
	// Items may have left while the list was read, which moves others to a page that was
	// read already; or a page was lost.
	total, _, err = w.read(Fresh(ctx))
	if err == nil && !w.stopped && len(w.numbers) < total {
		c.Notice(ctx, r, NoticeShortList, "the list says that it has %d items (total), and ended after %d, twice", total, len(w.numbers))
	}
	return err
}

type walker[T any, P Item[T]] struct {
	client  *Client
	request Request
	numbers map[string]int // of the items that have come, by identity
	take    func(item *T, number int, isNew bool) bool
	stopped bool // whether take returned false
}

// read reads the pages from the first to the last. It returns the least total of all
// pages, since the later totals of a list that grows count items that were inserted into
// pages already read; -1 if no page has a total. shrank reports whether a page had a
// smaller total than the one before.
func (w *walker[T, P]) read(ctx context.Context) (total int, shrank bool, err error) {
	r, cursors := w.request, map[string]bool{}
	came := make([]bool, len(w.numbers)) // by number: whether the item came in this reading
	total = -1
	for last, idle := -1, 0; ; {
		p, err := Get[page[T]](ctx, w.client, r)
		if err != nil {
			return 0, false, explainCursor(err, len(cursors) > 0)
		}
		idle++
		for i := range p.Items {
			id := P(&p.Items[i]).Identity()
			if strings.ContainsRune(id, utf8.RuneError) {
				return 0, false, w.client.Unexpected(r, fmt.Errorf("items[%d] has an id that is not valid Unicode: %q", i, Excerpt(id)))
			}
			number, known := w.numbers[id]
			if !known {
				number = len(w.numbers)
				w.numbers[id] = number
				came = append(came, false)
			}
			if !came[number] {
				came[number], idle = true, 0
			}
			if !w.take(&p.Items[i], number, !known) {
				w.stopped = true
				return 0, false, nil
			}
		}
		if n := p.total(); n >= 0 {
			shrank = shrank || n < last
			if last < 0 || n < total {
				total = n
			}
			last = n
		}
		cursor, err := p.next()
		switch {
		case err != nil:
		case cursor == "", p.HasNextPage == nil && len(p.Items) == 0 && cursors[cursor]:
			return total, shrank, nil
		case cursors[cursor]:
			err = errors.New("the pages go round in a circle: an end_cursor came a second time")
		case idle > maxIdlePages:
			err = fmt.Errorf("%d pages in a row brought nothing new and say that there are more (%d items so far)", idle, len(w.numbers))
		case len(w.numbers) > maxItems:
			err = fmt.Errorf("more than %d items have come, and the list says that there are more", maxItems)
		}
		if err != nil {
			return 0, false, w.client.Unexpected(r, err)
		}
		cursors[cursor] = true
		r = r.With("after", cursor)
	}
}

// explainCursor gives the refusal of a page after the first the cause ErrCursorRefused: the
// request differs from that of the page before only in its cursor.
func explainCursor(err error, hasCursor bool) error {
	var e *Error
	if !hasCursor || !errors.As(err, &e) || e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity {
		return err
	}
	refused := *e // a copy, since callers share an error
	return refused.fail(ErrUnavailable, ErrCursorRefused, true)
}

// Unexpected returns the error of an answer that could be decoded but cannot be right.
func (c *Client) Unexpected(r Request, cause error) error {
	u, err := c.url(r)
	if err != nil {
		return err
	}
	failure := c.newError(r, u, ErrNotDevin, cause)
	failure.Status, failure.Tries = http.StatusOK, 1
	return failure
}
