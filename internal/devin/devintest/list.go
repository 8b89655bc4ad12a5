package devintest

import "net/http"

// list is a collection encoded once, its items one after another with commas
// between them, so that a page is one stretch of it.
type list struct {
	text   []byte
	starts []int
	// people holds, for a list of people, who each item is.
	people []int32
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
	kept := &list{}
	for i, person := range l.people {
		if keep(person) {
			kept.next()
			kept.text = append(kept.text, l.slice(i, i+1)...)
			kept.people = append(kept.people, person)
		}
	}
	return kept
}

func (c *call) page(l *list) answer {
	at := cursor{Of: c.path}
	if c.params.cursor != "" {
		var ok bool
		if at, ok = parseCursor(c.params.cursor, c.path); !ok {
			return c.badCursor()
		}
	}
	size := min(c.params.first, c.server.opts.PageSize)
	if c.paging.oversize {
		size = c.params.first + (c.params.first+1)/2
	}
	begin := min(at.At, l.len())
	end := min(begin+size, l.len())
	next, more := cursor{At: end, Of: c.path}, end < l.len()

	switch p := c.paging; {
	case p.empty:
		end, more = begin, true
		next = cursor{At: begin, Of: c.path, Turn: at.Turn + 1}
	case p.cycle:
		more = true
		switch {
		case at.Turn == 1:
			next.At = min(size, l.len())
		case c.params.cursor != "":
			next.Turn = 1
		}
	case p.repeat && c.params.cursor != "":
		next, more = at, true
	}

	b := append(buffer(), `{"items":[`...)
	b = append(b, l.slice(begin, end)...)
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
	switch c.server.opts.Quirks.Total {
	case AsNumber:
		b = append(b, `,"total":`...)
		b = appendInt(b, int64(l.len()))
	case AsNull:
		b = append(b, `,"total":null`...)
	case Absent:
	}
	return c.ok(append(b, '}'))
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
