package devintest

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// list is a collection whose items are encoded, so that a page only copies them.
type list struct {
	items [][]byte
	// unfiltered is how many items there are without the filters of the query.
	unfiltered int
}

// listOf encodes the items that keep selects; nil selects all.
func listOf[T any](items []T, keep func(*T) bool) *list {
	l := &list{}
	for i := range items {
		l.add(items[i], keep == nil || keep(&items[i]))
	}
	return l
}

func (l *list) add(item any, selected bool) {
	l.unfiltered++
	if selected {
		l.items = append(l.items, marshal(item))
	}
}

// page answers with the page of a list that the call's `first` and `after` select.
func (c *call) page(l *list) answer {
	at := cursor{Of: c.path}
	if c.query.Get("after") != "" {
		var ok bool
		if at, ok = parseCursor(c.query.Get("after"), c.path); !ok {
			return c.badCursor()
		}
	}
	v := c.view(l)
	size := min(c.first, c.server.opts.PageSize)
	if c.fault.Oversize {
		size = c.first + (c.first+1)/2
	}
	q := &c.server.opts.Quirks
	begin := min(at.At, len(v.items))
	if q.KeysetCursors {
		begin = v.indexOf(at.At)
	}
	end := min(begin+size, len(v.items))
	cursorAt := func(i int) cursor {
		if q.KeysetCursors && i > 0 {
			return cursor{At: v.rank(i-1) + 1, Of: c.path}
		}
		return cursor{At: i, Of: c.path}
	}
	next, more := cursorAt(end), end < len(v.items)

	switch f := &c.fault; {
	case f.EmptyPageWithMore:
		end, more = begin, true
		next = cursorAt(begin)
		next.Turn = at.Turn + 1
	case f.CursorCycle:
		more = true
		switch {
		case at.Turn == 1:
			next = cursorAt(min(size, len(v.items)))
		case c.query.Get("after") != "":
			next.Turn = 1
		}
	case f.RepeatCursor && c.query.Get("after") != "":
		next, more = at, true
	}

	size = 0
	for _, item := range v.items[begin:end] {
		size += len(item) + 1
	}
	b := append(make([]byte, 0, size+256), `{"items":[`...)
	edit := q.editor()
	for i, item := range v.items[begin:end] {
		if i > 0 {
			b = append(b, ',')
		}
		if edit != nil {
			item = edit(item)
		}
		b = append(b, item...)
	}
	endCursor := `null`
	if more && !c.fault.DropCursor {
		endCursor = `"` + next.String() + `"`
	}
	b = append(b, `],"end_cursor":`+endCursor+`,"has_next_page":`...)
	b = strconv.AppendBool(b, more || c.fault.DropCursor)
	switch q.Total {
	case AsNull:
		b = append(b, `,"total":null`...)
	case AsNumber:
		b = strconv.AppendInt(append(b, `,"total":`...), int64(q.TotalIs.of(&v)), 10)
	case Absent:
	}
	return c.ok(append(b, '}'))
}

// of is the total of a list.
func (t TotalReading) of(v *view) int {
	switch n := len(v.items); t {
	case TotalLags:
		if v.ranks == nil {
			// As if the last item had just been added.
			return max(n-1, 0)
		}
		return v.atFirst
	case TotalEstimated:
		return n + n/10 + 1
	case TotalUnfiltered:
		return max(v.unfiltered, n)
	default:
		return n
	}
}

// cursor is what an opaque cursor holds: base64 of a small JSON object, as the
// documentation's example is.
type cursor struct {
	At int `json:"at"`
	// Of is the path of the list, for which alone the cursor is valid.
	Of string `json:"of"`
	// Turn distinguishes cursors that point at the same item.
	Turn int `json:"turn,omitempty"`
}

func (k cursor) String() string {
	// A struct of two numbers and a string cannot fail to encode.
	text, _ := json.Marshal(k)
	return base64.StdEncoding.EncodeToString(text)
}

func parseCursor(text, of string) (k cursor, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &k) != nil {
		return cursor{}, false
	}
	return k, k.Of == of && k.At >= 0
}

func (c *call) badCursor() answer {
	if c.server.opts.Quirks.BadCursorStatus == http.StatusUnprocessableEntity {
		return c.invalid([]validationError{fieldError("after", "Input should be a cursor", "value_error", c.query.Get("after"))})
	}
	return c.problem(or(c.server.opts.Quirks.BadCursorStatus, http.StatusBadRequest), "Invalid cursor")
}

// Moves are how a list changes while it is read, between pages or with time.
type Moves struct {
	// Insert is how many items are inserted at the front at a time: half of the list
	// is missing at first.
	Insert int
	// Remove is how many of the first items are removed at a time, until half are.
	Remove int
	// Repeat is how many of the first items move to the end at a time, until half
	// have moved, each edited by Change if that is set.
	Repeat int
	Change func(item []byte) []byte
	// Every is how often that happens by the fake's clock; 0 is after each page.
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

// view is a list at the time of a request.
type view struct {
	items [][]byte
	// ranks are positions of the items that moves do not change, for keyset cursors;
	// nil stands for the indices.
	ranks []int
	// atFirst is how many items there were before anything moved.
	atFirst, unfiltered int
}

func (v *view) rank(i int) int {
	if v.ranks == nil {
		return i
	}
	return v.ranks[i]
}

// indexOf is the index of the first item at or after a rank.
func (v *view) indexOf(rank int) int {
	i := 0
	for i < len(v.items) && v.rank(i) < rank {
		i++
	}
	return i
}

// view is a list at the time of the call.
func (c *call) view(l *list) view {
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
		return m.view(l, step)
	}
	return view{items: l.items, atFirst: len(l.items), unfiltered: l.unfiltered}
}

// view is a list after so many steps.
func (m *Moves) view(l *list, step int) view {
	n := len(l.items)
	v := view{ranks: make([]int, 0, n), atFirst: n, unfiltered: l.unfiltered}
	after := func(each int) int { return min(each*step, n/2) }
	first, repeated := 0, after(m.Repeat)
	if m.Insert > 0 {
		first = n/2 - after(m.Insert)
		v.atFirst = n - n/2
	} else {
		first = after(m.Remove)
	}
	for i := first + repeated; i < n; i++ {
		v.items, v.ranks = append(v.items, l.items[i]), append(v.ranks, i)
	}
	for i := first; i < min(first+repeated, n); i++ {
		item := l.items[i]
		if m.Change != nil {
			item = m.Change(item)
		}
		v.items, v.ranks = append(v.items, item), append(v.ranks, n+i)
	}
	return v
}

// maxKeptLists bounds the memory of a fake whose clients read many different lists.
const maxKeptLists = 16

// keptLists are the lists that were made last, so that not every page makes its list
// again.
type keptLists struct {
	mu    sync.Mutex
	keys  []string // oldest first
	lists map[string]*list
}

func (k *keptLists) get(key string, build func() *list) *list {
	k.mu.Lock()
	defer k.mu.Unlock()
	if l, ok := k.lists[key]; ok {
		return l
	}
	l := build()
	k.keys, k.lists[key] = append(k.keys, key), l
	if len(k.keys) > maxKeptLists {
		delete(k.lists, k.keys[0])
		k.keys = k.keys[1:]
	}
	return l
}

// kept returns the list of the call's path and filters, which it makes if it is not
// kept, and again each minute of the clock, since sessions start.
func (c *call) kept(build func() *list) *list {
	filters := maps.Clone(c.query)
	delete(filters, "first")
	delete(filters, "after")
	minute := c.server.opts.Now().Unix() / 60
	return c.company.kept.get(c.path+"?"+filters.Encode()+"#"+strconv.FormatInt(minute, 10), build)
}
