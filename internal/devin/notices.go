package devin

import (
	"context"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

type (
	// Notice is something odd about an answer that no documentation forbids.
	Notice = rest.Notice
	// NoticeKind is what is odd. Its text is the summary of a message.
	NoticeKind = rest.NoticeKind
	// Notices collects the notices of a result.
	Notices = rest.Notices
)

// Kinds of notices.
const (
	NoticeShortList = rest.NoticeShortList
	NoticeItemTwice = rest.NoticeItemTwice
	// NoticeTotals is a total that is not the sum of its parts, or is less than a part.
	NoticeTotals NoticeKind = "Devin's numbers do not add up"
	// NoticeWindow is an answer whose own times are not those of the request.
	NoticeWindow NoticeKind = "Devin answers for another time"
	// NoticeFilter is a filter of which it is not known whether Devin applies it.
	NoticeFilter NoticeKind = "A filter could not be checked"
	// NoticeNames are names that could not be read.
	NoticeNames NoticeKind = "Names could not be read"
	// NoticeUnknown is an id that Devin lists in one place and does not know in another.
	NoticeUnknown NoticeKind = "Devin does not know an id"
)

// WithNotices returns a context under which notices are collected.
func WithNotices(ctx context.Context) (context.Context, *Notices) { return rest.WithNotices(ctx) }
