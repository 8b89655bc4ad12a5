package rest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// NoticeKind says what is odd about an answer. Its text is stable, and short
// enough for the summary of a message.
type NoticeKind string

// What a list can be noticed for.
const (
	// NoticeShortList is a list that ended before as many items had come as its
	// `total` says, twice.
	NoticeShortList NoticeKind = "A list ended early"
	// NoticeItemTwice is an item that came twice with two values; the later one
	// counts.
	NoticeItemTwice NoticeKind = "An item came with two values"
)

// Notice is something odd about an answer that no documentation forbids: the
// numbers are used as Devin gave them, and people should know.
type Notice struct {
	Kind NoticeKind
	// Path is what was asked, escaped, without the query.
	Path string
	// Text is what was found, in a sentence without a full stop, with both numbers
	// where two do not agree.
	Text string
}

// Notices collects what is noticed while a result is read. It is safe for
// concurrent use.
type Notices struct {
	mu  sync.Mutex
	all []Notice
}

// All returns the notices in the order in which they were made.
func (n *Notices) All() []Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all
}

type noticesKey struct{}

// WithNotices returns a context under which notices are collected. They belong to
// the result that is read under the context, also where several requests make it up.
func WithNotices(ctx context.Context) (context.Context, *Notices) {
	n := &Notices{}
	return context.WithValue(ctx, noticesKey{}, n), n
}

// Notice records a notice about an answer to r, in the log and in what WithNotices
// collects.
func (c *Client) Notice(ctx context.Context, r Request, kind NoticeKind, format string, args ...any) {
	notice := Notice{Kind: kind, Path: c.Address(r), Text: fmt.Sprintf(format, args...)}
	c.log.WarnContext(ctx, string(kind), slog.String("path", withoutAddress(notice.Path)), slog.String("text", withoutAddress(notice.Text)))
	if n, ok := ctx.Value(noticesKey{}).(*Notices); ok {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.all = append(n.all, notice)
	}
}
