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
	// maxIdlePages is how many pages in a row may bring nothing new: a filter may
	// empty a page, and a list that grows at its front repeats what it gave.
	maxIdlePages = 100
	// maxItems is more than Terraform could hold of any list: 255 MiB of members are
	// 1.2 million.
	maxItems = 1_000_000
)

// Item is an item of a list.
type Item[T any] interface {
	*T
	// Identity tells an item from every other of its list.
	Identity() string
}

// page is the envelope of every list.
type page[T any] struct {
	Items       items[T]       `json:"items" api:"required"`
	EndCursor   *string        `json:"end_cursor"`
	HasNextPage *bool          `json:"has_next_page"`
	Total       jsontext.Value `json:"total"` // not always a number, and not relied on
}

// items are those of a page; nil where it has null.
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

// total is how many items the list says that it has; -1 where the API sends null,
// nothing, or what is no count.
func (p *page[T]) total() int {
	if n, err := strconv.Atoi(string(p.Total)); err == nil && n >= 0 {
		return n
	}
	return -1
}

func (p *page[T]) more() bool { return p.HasNextPage != nil && *p.HasNextPage }

// IsEmpty asks for the first item of a list, and says whether there is none. What
// the item is does not matter.
func IsEmpty(ctx context.Context, c *Client, r Request) (bool, error) {
	p, err := Get[page[jsontext.Value]](ctx, c, r.With("first", "1"))
	if err != nil {
		return false, err
	}
	// A page may be empty and say that there are more.
	return len(p.Items) == 0 && !p.more(), nil
}

// List walks a list to its end, page by page, and yields each item once. It yields
// an error and stops where a page fails or the cursors lead nowhere.
//
// That a list moves while it is read is no error. Where an item may have been
// missed, the list is read once more, for what has not come; where it still has
// fewer items than its `total` says, that is a notice.
func List[T any, P Item[T]](ctx context.Context, c *Client, r Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := walk[T, P](ctx, c, r, func(item T, _ int, isNew bool) bool { return !isNew || yield(item, nil) })
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// Collect reads a list as List does and returns the items that keep returns true
// for, sorted; a nil keep keeps all. Of an item that comes twice, the later value
// counts.
func Collect[T any, P Item[T]](ctx context.Context, c *Client, r Request, keep func(*T) bool, compare func(a, b T) int) ([]T, error) {
	all, index := []T{}, map[int]int{} // index has the place in all of the nth item that came
	var tooLong *LongListError
	twice, example := 0, ""
	err := walk[T, P](ctx, c, r, func(item T, nth int, isNew bool) bool {
		kept := keep == nil || keep(&item)
		at, known := index[nth]
		switch {
		case isNew && kept:
			index[nth] = len(all)
			all = append(all, item)
		case known && !reflect.DeepEqual(all[at], item):
			all[at] = item
			twice, example = twice+1, P(&item).Identity()
		}
		if r.Limit > 0 && len(all) > r.Limit {
			tooLong = &LongListError{Limit: r.Limit}
		}
		return tooLong == nil
	})
	switch {
	case err != nil:
		return nil, err
	case tooLong != nil:
		return nil, tooLong
	case twice > 0:
		c.Notice(ctx, r, NoticeItemTwice, "%d items came twice with two values while the list was read, %s among them; the later value counts", twice, Excerpt(example))
	}
	slices.SortFunc(all, compare)
	return all, nil
}

// LongListError says that a list has more items than its request allows.
type LongListError struct{ Limit int }

func (e *LongListError) Error() string {
	return fmt.Sprintf("the list has more than %d items", e.Limit)
}

// walk reads a list up to twice. take gets each item as often as it comes: with its
// number among all that came, which it keeps when it comes again, and whether it
// comes for the first time. take returns false to stop.
func walk[T any, P Item[T]](ctx context.Context, c *Client, r Request, take func(item T, nth int, isNew bool) bool) error {
	seen := map[string]int{} // by identity, the number among all
	read := func(ctx context.Context, take func(item T, nth int, isNew bool) bool) (doubt bool, total int, err error) {
		w := walker{client: c, request: r, least: -1, cursors: map[string]bool{}}
		here := map[int]bool{} // what came in this reading
		for {
			p, err := Get[page[T]](ctx, c, w.request)
			if err != nil {
				return false, 0, w.explain(err)
			}
			fresh := 0
			for i := range p.Items {
				id := P(&p.Items[i]).Identity()
				if strings.ContainsRune(id, utf8.RuneError) {
					return false, 0, c.Unexpected(r, fmt.Errorf("items[%d] has an id with a character that is none in Unicode: %q", i, id))
				}
				nth, known := seen[id]
				if !known {
					nth = len(seen)
					seen[id] = nth
				}
				if !here[nth] {
					here[nth] = true
					fresh++
				}
				if !take(p.Items[i], nth, !known) {
					return false, 0, nil
				}
			}
			w.count(p.total(), fresh, len(seen))
			more, err := w.next(p.EndCursor, p.HasNextPage)
			if err != nil {
				return false, 0, c.Unexpected(r, err)
			}
			if !more {
				return w.fell || len(seen) < w.least, w.least, nil
			}
		}
	}
	if r.PageSize == 0 {
		r.PageSize = pageSize
	}
	r = r.With("first", strconv.Itoa(r.PageSize))
	doubt, _, err := read(ctx, take)
	if err != nil || !doubt {
		return err
	}
	// Items may have left while the list was read, and moved others to a page that
	// was read already; or a page was lost.
	_, total, err := read(Fresh(ctx), take)
	if err == nil && len(seen) < total {
		c.Notice(ctx, r, NoticeShortList, "the list says that it has %d items (total), and ended after %d, twice", total, len(seen))
	}
	return err
}

// walker follows the pages of one reading of a list.
type walker struct {
	client  *Client
	request Request
	cursors map[string]bool
	idle    int  // pages in a row without anything new
	all     int  // items that came so far
	least   int  // the least total of the reading; -1 where none came
	last    int  // the total of the last page
	fell    bool // the total fell from one page to the next
}

// count notes what a page said and brought. A list that grows counts in its total
// what now stands before what was read, so the least total is what must come.
func (w *walker) count(total, fresh, all int) {
	if w.idle++; fresh > 0 {
		w.idle = 0
	}
	w.all = all
	if total < 0 {
		return
	}
	if w.least < 0 {
		w.least, w.last = total, total
	}
	w.fell = w.fell || total < w.last
	w.least, w.last = min(w.least, total), total
}

// next says whether there is another page, and makes it the request's. A page that
// leaves `has_next_page` out, whose documented default is false, but sends a
// cursor is followed: to ask once too often is cheap, to stop too early is wrong.
func (w *walker) next(endCursor *string, hasNext *bool) (more bool, err error) {
	cursor := ""
	if endCursor != nil {
		cursor = *endCursor
	}
	switch {
	case hasNext != nil && !*hasNext, hasNext == nil && cursor == "":
		return false, nil
	case cursor == "":
		return false, errors.New("a page says that there are more, but not where: has_next_page is true, end_cursor is missing")
	case w.cursors[cursor]:
		return false, errors.New("the pages go round in a circle: an end_cursor came a second time")
	case w.idle > maxIdlePages:
		return false, fmt.Errorf("%d pages in a row brought nothing new and say that there are more (%d items so far)", w.idle, w.all)
	case w.all > maxItems:
		return false, fmt.Errorf("more than %d items have come, and the list says that there are more", maxItems)
	}
	w.cursors[cursor] = true
	w.request = w.request.With("after", cursor)
	return true, nil
}

// explain tells a refusal of the server's own cursor from one of the arguments.
func (w *walker) explain(err error) error {
	var e *Error
	if len(w.cursors) == 0 || !errors.As(err, &e) || e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity {
		return err
	}
	refused := *e // callers who share the answer share its error
	return refused.because(ErrUnavailable, ErrCursorRefused, true)
}

// Unexpected is the error of an answer that was read, and that cannot be right.
func (c *Client) Unexpected(r Request, cause error) error {
	u, err := c.url(r)
	if err != nil {
		return err
	}
	failure := r.failed(u, ErrNotDevin, cause)
	failure.Status, failure.Tries = http.StatusOK, 1
	return failure
}
