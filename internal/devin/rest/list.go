package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// pageSize is the most that most lists give at once.
// https://docs.devin.ai/api-reference/concepts/pagination
const pageSize = 200

const (
	// mostEmptyPages in a row are borne before a list counts as broken: a filter
	// may empty a page, but a list must get somewhere.
	mostEmptyPages = 100
	// mostItems is more than Terraform could hold of any list: 255 MiB of
	// members are 1.2 million.
	mostItems = 1_000_000
)

// Item is what a list holds: it knows what it must have, and which one it is.
type Item[T any] interface {
	Checked[T]
	// Identity tells an item from every other of its list.
	Identity() string
}

// page is the envelope of every list.
type page[T any] struct {
	Items       *[]T            `json:"items"`
	EndCursor   *string         `json:"end_cursor"`
	HasNextPage *bool           `json:"has_next_page"`
	Total       json.RawMessage `json:"total"`
}

// check looks at the envelope, and at each item in turn.
func check[T any, P Item[T]](p *page[T]) error {
	if p.Items == nil {
		return Missing("items")
	}
	for i := range *p.Items {
		if err := P(&(*p.Items)[i]).Check(); err != nil {
			return fmt.Errorf("items[%d]: %w", i, err)
		}
	}
	return nil
}

// total is how many items the list has by its own word; false where the API
// sends null, nothing, or what is no count.
func (p *page[T]) total() (int, bool) {
	n, err := strconv.Atoi(string(p.Total))
	return n, err == nil && n >= 0
}

func (p *page[T]) more() bool { return p.HasNextPage != nil && *p.HasNextPage }

func getPage[T any](ctx context.Context, c *Client, r Request, size int, check func(*page[T]) error) (*page[T], error) {
	r.Query = maps.Clone(r.Query)
	if r.Query == nil {
		r.Query = url.Values{}
	}
	r.Query.Set("first", strconv.Itoa(size))
	// A server may not mind how many it is asked for. It is borne up to here.
	return get(ctx, c, r, max(10*size, 2000), check)
}

// IsEmpty asks for the first item of a list, and says whether there is none.
// What the item is, it does not look at.
func IsEmpty(ctx context.Context, c *Client, r Request) (bool, error) {
	p, err := getPage(ctx, c, r, 1, func(p *page[json.RawMessage]) error {
		if p.Items == nil {
			return Missing("items")
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	// A page may be empty and say that there are more.
	return len(*p.Items) == 0 && !p.more(), nil
}

// List walks a list to its end, page by page. It yields an error and stops
// where a page fails, an item cannot be right, the cursors lead nowhere, or the
// list ends before as many have come as it says that there are: a list is whole
// or it is an error.
//
// Where the list moves while it is read, an item may come twice.
func List[T any, P Item[T]](ctx context.Context, c *Client, r Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := walk[T, P]{client: c, request: r, yield: yield, seen: map[string]bool{}}
		short, err := w.pages(ctx)
		if short != nil && err == nil && !w.stopped {
			// People may have left while the list was read, or a page was lost. The
			// second reading yields only those who have not come before.
			w.again, w.request.Shared = true, false
			short, err = w.pages(ctx)
			if err == nil && short != nil {
				err = c.BrokenList(r, short)
			}
		}
		if err != nil && !w.stopped {
			var none T
			yield(none, err)
		}
	}
}

// LongListError says that a list has more items than its request allows.
type LongListError struct {
	Limit int
	Total int // how many there are by the list's own word; 0 where it does not say
}

func (e *LongListError) Error() string {
	if e.Total > 0 {
		return fmt.Sprintf("the list has %d items, more than %d", e.Total, e.Limit)
	}
	return fmt.Sprintf("the list has more than %d items", e.Limit)
}

// walk is one run of List.
type walk[T any, P Item[T]] struct {
	client  *Client
	request Request
	yield   func(T, error) bool
	seen    map[string]bool // identities that have come
	again   bool            // only what has not come before is yielded
	stopped bool            // the one who asked wants no more
}

// pages reads from the first page to the last. short says that the list ended
// before as many had come as it has by its own word.
func (w *walk[T, P]) pages(ctx context.Context) (short, err error) {
	r := w.request
	r.Query = maps.Clone(r.Query)
	if r.Query == nil {
		r.Query = url.Values{}
	}
	size := pageSize
	if r.PageSize > 0 {
		size = r.PageSize
	}
	cursors, empty, total := map[string]bool{}, 0, -1
	here := map[string]bool{} // identities of this reading
	for {
		p, err := getPage(ctx, w.client, r, size, check[T, P])
		if err != nil {
			return nil, err
		}
		if n, ok := p.total(); ok {
			total = n
		}
		if r.Limit > 0 && total > r.Limit {
			return nil, &LongListError{Limit: r.Limit, Total: total}
		}
		before := len(here)
		for i := range *p.Items {
			here[P(&(*p.Items)[i]).Identity()] = true
		}
		if r.Limit > 0 && len(here) > r.Limit {
			return nil, &LongListError{Limit: r.Limit}
		}
		if !w.pass(*p.Items) {
			return nil, nil
		}
		if empty++; len(*p.Items) > 0 {
			empty = 0
		}
		cursor, more, err := p.next(cursors, empty)
		if err == nil && more {
			err = endless(len(here)-before, len(*p.Items), len(here), total)
		}
		if err != nil {
			return nil, w.client.BrokenList(r, err)
		}
		if !more {
			if len(here) < total && len(w.seen) < total {
				short = fmt.Errorf("the list has %d items by its own word (total), and ended after %d", total, len(w.seen))
			}
			return short, nil
		}
		r.Query.Set("after", cursor)
	}
}

// pass yields the items of a page; false where no more are wanted.
func (w *walk[T, P]) pass(items []T) bool {
	for i := range items {
		id := P(&items[i]).Identity()
		if known := w.seen[id]; known && w.again {
			continue
		}
		w.seen[id] = true
		if !w.yield(items[i], nil) {
			w.stopped = true
			return false
		}
	}
	return true
}

// next is the cursor of the page to come. A page that leaves `has_next_page`
// out, whose documented default is false, but sends a cursor is followed: to
// ask once too often is cheap, to stop too early is wrong.
func (p *page[T]) next(seen map[string]bool, empty int) (cursor string, more bool, err error) {
	if p.EndCursor != nil {
		cursor = *p.EndCursor
	}
	switch {
	case p.HasNextPage != nil && !*p.HasNextPage, p.HasNextPage == nil && cursor == "":
		return "", false, nil
	case cursor == "":
		return "", false, errors.New("a page says that there are more, but not where: has_next_page is true, end_cursor is missing")
	case seen[cursor]:
		return "", false, errors.New("the pages go round in a circle: an end_cursor came a second time")
	case empty > mostEmptyPages:
		return "", false, fmt.Errorf("%d empty pages in a row say that there are more", empty)
	}
	seen[cursor] = true
	return cursor, true, nil
}

// endless finds a list that says after each page that there are more, and
// leads nowhere: fresh is how many of the page's items had not come before.
func endless(fresh, items, all, total int) error {
	const slack = 1000 // a list may grow while it is read
	switch {
	case items > 0 && fresh == 0:
		return fmt.Errorf("a page brought nothing that had not come before, and says that there are more (%d so far)", all)
	case total > 0 && all > 2*total+slack:
		return fmt.Errorf("%d items have come of a list that has %d by its own word (total), and it says that there are more", all, total)
	case all > mostItems:
		return fmt.Errorf("more than %d items have come, and the list says that there are more", mostItems)
	}
	return nil
}

// BrokenList is the error of a list whose pages or items cannot be right.
func (c *Client) BrokenList(r Request, cause error) error {
	u, err := c.url(r)
	if err != nil {
		return err
	}
	failure := r.failed(u, ErrNotDevin, cause)
	failure.Status, failure.Tries = http.StatusOK, 1
	return failure
}
