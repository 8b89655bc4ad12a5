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

// UTCDayAt is the date in UTC of an instant. Devin counts active users and code
// scans in such days, and not in billing days.
func UTCDayAt(t time.Time) Day { return dayOfDate(t.UTC()) }

// utcQuery is query for a window of UTC days.
func (w Window) utcQuery(q url.Values) url.Values {
	q.Set("time_after", strconv.FormatInt(w.Start.midnightUTC().Unix(), 10))
	q.Set("time_before", strconv.FormatInt((w.End+1).midnightUTC().Unix(), 10))
	return q
}

// Period is a span of time over which active users are counted.
type Period string

// The periods that Devin counts by.
const (
	PeriodWindow Period = "window" // the whole window at once
	PeriodDay    Period = "day"
	PeriodWeek   Period = "week" // from Monday to Sunday
	PeriodMonth  Period = "month"
)

// endpoint is the last element of the path that counts by a period.
func (p Period) endpoint() string {
	switch p {
	case PeriodDay:
		return "dau"
	case PeriodWeek:
		return "wau"
	case PeriodMonth:
		return "mau"
	case PeriodWindow:
	}
	return "active-users"
}

// ActiveUsers is how many users were active from one UTC day to another, both
// included. All fields are set.
type ActiveUsers struct {
	StartDate   Day    `json:"-" tfsdk:"start_date"`
	EndDate     Day    `json:"-" tfsdk:"end_date"`
	ActiveUsers *Count `json:"active_users" tfsdk:"active_users" api:"required"`

	Start *Instant `json:"start_time" tfsdk:"-" api:"required"`
	End   *Instant `json:"end_time" tfsdk:"-" api:"required"`
}

// Check also sets the dates. Devin does not document whether a period ends with
// its last second or where the next one starts; a second before its end it is the
// same day.
func (a *ActiveUsers) Check() error {
	if err := rest.CheckFields(a); err != nil {
		return err
	}
	if *a.End <= *a.Start {
		return fmt.Errorf("end_time is %s and start_time is %s, and a period cannot end before it starts", *a.End, *a.Start)
	}
	a.StartDate, a.EndDate = UTCDayAt(a.Start.Time()), UTCDayAt((*a.End - 1).Time())
	return nil
}

// activePeriods are the periods of an answer, which is a bare list.
type activePeriods []ActiveUsers

// Check wants a list whose periods do not overlap.
func (p *activePeriods) Check() error {
	if *p == nil {
		return errors.New("it is null, and not a list of periods")
	}
	for i := range *p {
		if err := (*p)[i].Check(); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	slices.SortFunc(*p, func(a, b ActiveUsers) int { return cmp.Compare(*a.Start, *b.Start) })
	for i := 1; i < len(*p); i++ {
		if before, a := (*p)[i-1], (*p)[i]; a.StartDate <= before.EndDate {
			return fmt.Errorf("the periods from %s to %s and from %s to %s overlap", before.StartDate, before.EndDate, a.StartDate, a.EndDate)
		}
	}
	return nil
}

// ActivityFilter says who counts as active: who has at least so many sessions or
// at least so many searches in a period; nil is Devin's default, which is 1.
type ActivityFilter struct {
	OrgIDs                   []string // not for a client of one organization
	MinSessions, MinSearches *int64
}

// ActiveUsers counts the active users of each period that a window of UTC days
// touches, sorted by time; of a whole window there is one.
//
// https://docs.devin.ai/api-reference/v3/metrics/metrics-dau
func (c *Client) ActiveUsers(ctx context.Context, w Window, p Period, f ActivityFilter) ([]ActiveUsers, error) {
	r := c.activeUsersRequest(w, p, f)
	if p == PeriodWindow {
		one, err := rest.Get[ActiveUsers](ctx, c.rest, r)
		if err != nil {
			return nil, err
		}
		// The window is what was asked for, whatever Devin makes of its bounds.
		return []ActiveUsers{{StartDate: w.Start, EndDate: w.End, ActiveUsers: one.ActiveUsers}}, nil
	}
	all, err := rest.Get[activePeriods](ctx, c.rest, r)
	if err != nil {
		return nil, err
	}
	inside := []ActiveUsers{}
	for _, a := range *all {
		if a.StartDate <= w.End && a.EndDate >= w.Start {
			inside = append(inside, a)
		}
	}
	return inside, nil
}

func (c *Client) activeUsersRequest(w Window, p Period, f ActivityFilter) rest.Request {
	r := c.metricsRequest(p.endpoint(), w, MetricsFilter{OrgIDs: f.OrgIDs})
	r.Query = w.utcQuery(r.Query)
	for key, least := range map[string]*int64{"min_sessions": f.MinSessions, "min_searches": f.MinSearches} {
		if least != nil {
			r.Query.Set(key, strconv.FormatInt(*least, 10))
		}
	}
	return r
}

// CheckActivityFilter finds out whether Devin heeds min_sessions and
// min_searches, as CheckPRFilter does for a filter of pull requests: nobody has
// as many as it asks for.
func (c *Client) CheckActivityFilter(ctx context.Context, w Window, f ActivityFilter) error {
	const unreachable = int64(1_000_000_000)
	most := unreachable
	f.MinSessions, f.MinSearches = &most, &most
	active, err := c.ActiveUsers(ctx, w, PeriodWindow, f)
	if err != nil {
		return heeded(err)
	}
	n := *active[0].ActiveUsers
	if n == 0 {
		return nil
	}
	return c.rest.BrokenList(c.activeUsersRequest(w, PeriodWindow, f), fmt.Errorf(
		"%w: asked with min_sessions and min_searches of %d, which nobody reaches, it counts %d active users, so they are not counted by these numbers",
		ErrFilterIgnored, unreachable, n))
}
