package rest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
)

// pageSize is the most that the API gives at once.
// https://docs.devin.ai/api-reference/concepts/pagination
const pageSize = "200"

// mostEmptyPages in a row are borne before a list counts as broken: a filter
// may empty a page, but a list must get somewhere.
const mostEmptyPages = 100

// page is the envelope of every list. `total` is left out: the API may send
// null or nothing, and the walk never needs it.
type page[T any] struct {
	Items       *[]T    `json:"items"`
	EndCursor   *string `json:"end_cursor"`
	HasNextPage *bool   `json:"has_next_page"`
}

func (p *page[T]) Check() error {
	if p.Items == nil {
		return Missing("items")
	}
	return nil
}

// List walks a list to its end, page by page. It yields an error and stops
// where a page fails or the cursors lead nowhere: a list is whole or it is an
// error.
func List[T any](ctx context.Context, c *Client, r Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		r := r
		r.Query = maps.Clone(r.Query)
		if r.Query == nil {
			r.Query = url.Values{}
		}
		r.Query.Set("first", pageSize)
		seen := map[string]bool{}
		empty := 0
		for {
			p, err := Get[page[T]](ctx, c, r)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range *p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if empty++; len(*p.Items) > 0 {
				empty = 0
			}
			cursor, more, err := p.next(seen, empty)
			if err != nil {
				yield(none, c.BrokenList(r, err))
				return
			}
			if !more {
				return
			}
			r.Query.Set("after", cursor)
		}
	}
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

// IsEmpty asks for the first item of a list, and says whether there is none.
func IsEmpty[T any](ctx context.Context, c *Client, r Request) (bool, error) {
	r.Query = url.Values{"first": {"1"}}
	p, err := Get[page[T]](ctx, c, r)
	if err != nil {
		return false, err
	}
	// A page may be empty and say that there are more.
	more := p.HasNextPage != nil && *p.HasNextPage
	return len(*p.Items) == 0 && !more, nil
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
