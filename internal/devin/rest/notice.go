package rest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// NoticeKind is what is odd about an answer. Its text is stable, and short enough for
// the summary of a message.
type NoticeKind string

// Notices about lists.
const (
	// NoticeShortList is a list that had fewer items than its `total`, twice.
	NoticeShortList NoticeKind = "A list ended early"
	// NoticeItemTwice is an item that came twice with different values, of which the
	// later one counts.
	NoticeItemTwice NoticeKind = "An item came with two values"
)

// Notice is something odd about an answer that no documentation forbids. The answer is used
// as Devin gave it, and users should know.
type Notice struct {
	Kind NoticeKind
	// Path is the path of the request, escaped, without the query.
	Path string
	// Text is a sentence without a full stop, with both numbers where two do not agree.
	Text string
}

// Notices collects the notices about a result. It is safe for concurrent use.
type Notices struct {
	mu  sync.Mutex
	all []Notice
}

// All returns the notices in the order in which they were recorded.
func (n *Notices) All() []Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all
}

type noticesKey struct{}

// WithNotices returns a context under which notices are collected, for a result that one
// or several requests make up.
func WithNotices(ctx context.Context) (context.Context, *Notices) {
	n := &Notices{}
	return context.WithValue(ctx, noticesKey{}, n), n
}

// Notice logs a notice about the answer to a request, and adds it to the Notices of the
// context, if there are any.
func (c *Client) Notice(ctx context.Context, r Request, kind NoticeKind, format string, args ...any) {
	notice := Notice{Kind: kind, Path: c.Address(r), Text: fmt.Sprintf(format, args...)}
	c.log.WarnContext(ctx, string(kind), slog.String("path", withoutAddress(notice.Path)), slog.String("text", withoutAddress(notice.Text)))
	if n, ok := ctx.Value(noticesKey{}).(*Notices); ok {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.all = append(n.all, notice)
	}
}
