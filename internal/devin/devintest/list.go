package devintest

import (
	"net/http"
	"sync"
	"time"
)

// list is a collection encoded once, its items one after another with commas
// between them, so that a page is one stretch of it.
type list struct {
	text   []byte
	starts []int
	// people holds, for a list of people, who each item is.
	people []int32
	// whole is how many items there are without the filters, if that is more.
	whole int
}

// listOf encodes those items that are kept.
func listOf[T any](items []T, keep func(*T) bool) *list {
	l := &list{whole: len(items)}
	for i := range items {
		if keep == nil || keep(&items[i]) {
			l.next()
			l.text = append(l.text, marshal(items[i])...)
		}
	}
	return l
}

func (l *list) len() int { return len(l.starts) }

func (l *list) next() {
	if len(l.starts) > 0 {
		l.text = append(l.text, ',')
	}
	l.starts = append(l.starts, len(l.text))
}

// slice is the text of items i up to j.
func (l *list) slice(i, j int) []byte {
	if i >= j {
		return nil
	}
	end := len(l.text)
	if j < len(l.starts) {
		end = l.starts[j] - 1
	}
	return l.text[l.starts[i]:end]
}

// filter is the list of those people for whom keep holds.
func (l *list) filter(keep func(person int32) bool) *list {
	kept := &list{whole: l.len()}
	for i, person := range l.people {
		if keep(person) {
			kept.next()
			kept.text = append(kept.text, l.slice(i, i+1)...)
			kept.people = append(kept.people, person)
		}
	}
	return kept
}

// view is what is on a list at the time of a request.
type view struct {
	*list
	// ranks are the items in order, nil for all of them as they are. An item that
	// has moved to the end has its index and len(starts) added up.
	ranks []int
	// before is how many there were at first.
	before int
	change func([]byte) []byte
}

func (v *view) len() int {
	if v.ranks == nil {
		return v.list.len()
	}
	return len(v.ranks)
}

// rank is the place in the order that no insertion and no removal changes.
func (v *view) rank(i int) int {
	if v.ranks == nil {
		return i
	}
	return v.ranks[i]
}

// at is the first item at or after a rank.
func (v *view) at(rank int) int {
	i := 0
	for i < v.len() && v.rank(i) < rank {
		i++
	}
	return i
}

// appendItems writes items i up to j.
func (v *view) appendItems(b []byte, i, j int, dress func([]byte) []byte) []byte {
	if v.ranks == nil && dress == nil {
		return append(b, v.slice(i, j)...)
	}
	for k := i; k < j; k++ {
		if k > i {
			b = append(b, ',')
		}
		at := v.rank(k) % v.list.len()
		item := v.slice(at, at+1)
		if v.change != nil && at != v.rank(k) {
			item = v.change(item)
		}
		if dress != nil {
			item = dress(item)
		}
		b = append(b, item...)
	}
	return b
}

// Moves are how lists change while they are read: between each two pages, or with
// time. What is written here of the front is about the order of the list, so that
// the front of a newest-first list has what is newest.
type Moves struct {
	// Insert is how many items come to the front at a time. Half of the list is not
	// there at first, so that what comes is what the fake holds anyway.
	Insert int
	// Remove is how many of the first items go at a time, until half are gone.
	Remove int
	// Repeat is how many of the first items move to the end at a time, until half
	// have moved, each edited by Change if that is set.
	Repeat int
	Change func(item []byte) []byte
	// Every is how often that happens by the fake's clock. 0 is after each page.
	Every time.Duration
}

// Move makes the lists move whose decoded path, without Options.Prefix, matches
// the pattern, as in Fault.
func (s *Server) Move(pathPattern string, m Moves) {
	s.moves.mu.Lock()
	defer s.moves.mu.Unlock()
	s.moves.list = append(s.moves.list, &moving{Moves: m, pattern: pathPattern, since: s.opts.Now(), pages: map[string]int{}})
}

type moves struct {
	mu   sync.Mutex
	list []*moving
}

type moving struct {
	Moves
	pattern string
	since   time.Time
	pages   map[string]int // by path
}

// seen is a list as it is now.
func (c *call) seen(l *list) view {
	v := view{list: l, before: l.len()}
	c.server.moves.mu.Lock()
	defer c.server.moves.mu.Unlock()
	for _, m := range c.server.moves.list {
		if !matches(m.pattern, c.decoded) {
			continue
		}
		step := m.pages[c.path]
		m.pages[c.path]++
		if m.Every > 0 {
			step = int(c.server.opts.Now().Sub(m.since) / m.Every)
		}
		v.move(&m.Moves, step)
		break
	}
	return v
}

func (v *view) move(m *Moves, step int) {
	n := v.list.len()
	part := func(of int) int { return min(of*step, n/2) }
	coming, gone, moved := 0, 0, part(m.Repeat)
	if m.Insert > 0 {
		coming = n/2 - part(m.Insert)
	} else {
		gone = part(m.Remove)
	}
	v.change = m.Change
	v.before = n
	if m.Insert > 0 {
		v.before = n - n/2
	}
	v.ranks = make([]int, 0, n)
	first := coming + gone
	for i := first; i < n; i++ {
		if i >= first+moved {
			v.ranks = append(v.ranks, i)
		}
	}
	for i := first; i < min(first+moved, n); i++ {
		v.ranks = append(v.ranks, n+i)
	}
}

// page answers with the page of a list that the call asks for.
func (c *call) page(l *list) answer {
	at := cursor{Of: c.path}
	if c.params.cursor != "" {
		var ok bool
		if at, ok = parseCursor(c.params.cursor, c.path); !ok {
			return c.badCursor()
		}
	}
	v := c.seen(l)
	size := min(c.params.first, c.server.opts.PageSize)
	if c.paging.oversize {
		size = c.params.first + (c.params.first+1)/2
	}
	q := &c.server.opts.Quirks
	begin := min(at.At, v.len())
	if q.KeysetCursors {
		begin = v.at(at.At)
	}
	end := min(begin+size, v.len())
	place := func(i int) cursor {
		if q.KeysetCursors && i > 0 {
			return cursor{At: v.rank(i-1) + 1, Of: c.path}
		}
		return cursor{At: i, Of: c.path}
	}
	next, more := place(end), end < v.len()

	switch p := c.paging; {
	case p.empty:
		end, more = begin, true
		next = place(begin)
		next.Turn = at.Turn + 1
	case p.cycle:
		more = true
		switch {
		case at.Turn == 1:
			next = place(min(size, v.len()))
		case c.params.cursor != "":
			next.Turn = 1
		}
	case p.repeat && c.params.cursor != "":
		next, more = at, true
	}

	b := append(buffer(), `{"items":[`...)
	b = v.appendItems(b, begin, end, q.dress())
	b = append(b, `],"end_cursor":`...)
	if more && !c.paging.drop {
		b = append(b, '"')
		b = append(b, next.String()...)
		b = append(b, '"')
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"has_next_page":`...)
	if more || c.paging.drop {
		b = append(b, "true"...)
	} else {
		b = append(b, "false"...)
	}
	switch q.Total {
	case AsNull:
		b = append(b, `,"total":null`...)
	case Absent:
	case AsNumber:
		b = appendInt(append(b, `,"total":`...), int64(q.TotalIs.of(&v)))
	}
	return c.ok(append(b, '}'))
}

// of is the total of a list.
func (t TotalReading) of(v *view) int {
	switch n := v.len(); t {
	case TotalLags:
		if v.ranks == nil {
			// As before the last one came.
			return max(n-1, 0)
		}
		return v.before
	case TotalEstimated:
		return n + n/10 + 1
	case TotalUnfiltered:
		return max(v.whole, n)
	default:
		return n
	}
}

func (c *call) ok(body []byte) answer {
	return answer{status: http.StatusOK, contentType: jsonType, body: body}
}

func (c *call) badCursor() answer {
	if c.server.opts.Quirks.BadCursorStatus == http.StatusUnprocessableEntity {
		return c.invalid([]complaint{{"after", "Input should be a cursor", "value_error", c.params.cursor}})
	}
	return c.problem(or(c.server.opts.Quirks.BadCursorStatus, http.StatusBadRequest), "Invalid cursor")
}
