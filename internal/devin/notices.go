package devin

import (
	"context"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

type (
	// Notice is something odd about an answer that no documentation forbids.
	Notice = rest.Notice
	// NoticeKind says what is odd. Its text is the summary of a message.
	NoticeKind = rest.NoticeKind
	// Notices collects what is noticed while a result is read.
	Notices = rest.Notices
)

// What an answer can be noticed for.
const (
	NoticeShortList = rest.NoticeShortList
	NoticeItemTwice = rest.NoticeItemTwice
	// NoticeTotals is a total and its parts that are apart.
	NoticeTotals NoticeKind = "Devin's numbers do not add up"
	// NoticeWindow is an answer whose own times are not those that were asked for.
	NoticeWindow NoticeKind = "Devin answers for another time"
	// NoticeFilter is a filter that could not be shown to be applied.
	NoticeFilter NoticeKind = "A filter could not be checked"
	// NoticeNames are names that could not be read.
	NoticeNames NoticeKind = "Names could not be read"
	// NoticeUnknown is an id that Devin lists in one place and does not know in another.
	NoticeUnknown NoticeKind = "Devin does not know an id"
)

// WithNotices returns a context under which notices are collected.
func WithNotices(ctx context.Context) (context.Context, *Notices) { return rest.WithNotices(ctx) }
