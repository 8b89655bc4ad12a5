package devin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Interval is a span of time over which active users are counted.
type Interval string

// The intervals that Devin counts by.
const (
	IntervalWindow Interval = "window" // the whole window at once
	IntervalDay    Interval = "day"
	IntervalWeek   Interval = "week" // from Monday to Sunday
	IntervalMonth  Interval = "month"
)

// endpoint is the last element of the path that counts by an interval.
func (p Interval) endpoint() string {
	switch p {
	case IntervalDay:
		return "dau"
	case IntervalWeek:
		return "wau"
	case IntervalMonth:
		return "mau"
	case IntervalWindow:
	}
	return "active-users"
}

// around is the interval that a day lies in.
func (p Interval) around(d Day) Window {
	switch p {
	case IntervalWeek:
		monday := d - (d+3)%7 // day 0 was a Thursday
		return Window{monday, monday + 6}
	case IntervalMonth:
		year, month, _ := d.midnightUTC().Date()
		first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return Window{dayOfDate(first), dayOfDate(first.AddDate(0, 1, 0)) - 1}
	case IntervalDay, IntervalWindow:
	}
	return Window{d, d}
}

// ActiveUsers is how many users were active from one day in UTC to another, both
// included. All fields are set.
type ActiveUsers struct {
	StartDate   Day    `json:"-" tfsdk:"start_date"`
	EndDate     Day    `json:"-" tfsdk:"end_date"`
	ActiveUsers *Count `json:"active_users" tfsdk:"active_users" api:"required"`

	Start *Instant `json:"start_time" tfsdk:"-" api:"required"`
	End   *Instant `json:"end_time" tfsdk:"-" api:"required"`
}

// Check also sets the dates. Whether an interval ends with its last second or where the
// next one starts is not documented; a second before its end, the day is the same.
func (a *ActiveUsers) Check() error {
	if *a.End < *a.Start {
		return fmt.Errorf("end_time is %s and start_time is %s, and an interval cannot end before it starts", *a.End, *a.Start)
	}
	a.StartDate, a.EndDate = UTCDayAt(a.Start.Time()), UTCDayAt((*a.End - 1).Time())
	return nil
}

// activeIntervals are the intervals of an answer, which is a bare list.
type activeIntervals []ActiveUsers

// Check sorts the intervals, and leaves out an interval without length, which begins where
// the window ends.
func (p *activeIntervals) Check() error {
	if *p == nil {
		return errors.New("it is null, and not a list of intervals")
	}
	for i := range *p {
		if err := (*p)[i].Check(); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	*p = slices.DeleteFunc(*p, func(a ActiveUsers) bool { return *a.Start == *a.End })
	slices.SortFunc(*p, func(a, b ActiveUsers) int { return cmp.Compare(*a.Start, *b.Start) })
	return nil
}

// ActivityFilter says which users count as active: those with at least MinSessions
// sessions or MinSearches searches in an interval; nil is Devin's default, 1.
type ActivityFilter struct {
	OrgIDs                   []string // not for a client of one organization
	MinSessions, MinSearches *int64
}

// ActiveUsers counts the active users of each interval that a window of days in UTC
// touches, sorted by time. IntervalWindow gives one interval, the window.
//
// https://docs.devin.ai/api-reference/v3/metrics/metrics-dau
func (c *Client) ActiveUsers(ctx context.Context, w Window, p Interval, f ActivityFilter) ([]ActiveUsers, error) {
	r := c.activeUsersRequest(w, p, f)
	today := UTCDayAt(c.Now())
	if p == IntervalWindow {
		one, err := getCount(ctx, c, r, func(a *ActiveUsers) Count { return *a.ActiveUsers })
		if err != nil {
			return nil, err
		}
		if one.StartDate != w.Start || one.EndDate != w.End && one.EndDate != min(w.End, today) {
			c.rest.Notice(ctx, r, NoticeWindow, "the window is %s, and the answer says that it is for %s", w, Window{one.StartDate, one.EndDate})
		}
		return []ActiveUsers{{StartDate: w.Start, EndDate: w.End, ActiveUsers: one.ActiveUsers}}, nil
	}
	all, err := getCount(ctx, c, r, func(all *activeIntervals) (n Count) {
		for _, a := range *all {
			n = max(n, *a.ActiveUsers)
		}
		return n
	})
	if err != nil {
		return nil, err
	}
	inside := slices.DeleteFunc(slices.Clone([]ActiveUsers(*all)), func(a ActiveUsers) bool { return a.StartDate > w.End || a.EndDate < w.Start })
	if text := p.oddity(inside, w, today); text != "" {
		c.rest.Notice(ctx, r, NoticeWindow, "%s", text)
	}
	return inside, nil
}

// oddity describes an interval that is no day, week or month, one that is missing from the
// window, or two that overlap; it is empty where there is none.
func (p Interval) oddity(intervals []ActiveUsers, w Window, today Day) string {
	have := map[Day]bool{}
	for i, a := range intervals {
		whole := p.around(a.StartDate)
		begins := a.StartDate == whole.Start || a.StartDate == w.Start
		ends := a.EndDate == whole.End || a.EndDate == w.End || a.EndDate == today
		switch {
		case !begins || !ends || a.EndDate > whole.End:
			return fmt.Sprintf("an interval from %s is no %s", Window{a.StartDate, a.EndDate}, p)
		case i > 0 && a.StartDate <= intervals[i-1].EndDate:
			return fmt.Sprintf("the intervals from %s and from %s overlap", intervals[i-1].StartDate, a.StartDate)
		}
		have[whole.Start] = true
	}
	for d := w.Start; d <= min(w.End, today); d = p.around(d).End + 1 {
		if whole := p.around(d); !have[whole.Start] {
			return fmt.Sprintf("the window is %s, and the %s from %s is missing", w, p, max(whole.Start, w.Start))
		}
	}
	return ""
}

func (c *Client) activeUsersRequest(w Window, p Interval, f ActivityFilter) rest.Request {
	r := c.metricsRequest(p.endpoint(), w, MetricsFilter{OrgIDs: f.OrgIDs})
	r.Query = w.utcQuery(r.Query)
	addLeast(r.Query, "min_sessions", f.MinSessions)
	addLeast(r.Query, "min_searches", f.MinSearches)
	return r
}

func addLeast(q url.Values, name string, least *int64) {
	if least != nil {
		q.Set(name, strconv.FormatInt(*least, 10))
	}
}
