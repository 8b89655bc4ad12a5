package contract

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// inventedID is an id that nothing has.
const inventedID = "terraform-provider-devin|invented"

// run is the check of one API.
type run struct {
	orgID    string // the organization that is read; empty is the enterprise
	now      time.Time
	headers  *headers
	answers  map[string]answer // by request: each is sent once
	statuses []int             // of the current assumption, each once

	send, sendWithUnknownKey func(rest.Request) answer
}

// queryFunc returns the query of a question, which may depend on the time.
type queryFunc func(r *run) url.Values

// question sends a request, or recalls its answer. more are further keys of the query, each
// before its value.
type question func(r *run, more ...string) answer

func (q question) with(more ...string) question {
	return func(r *run, further ...string) answer { return q(r, slices.Concat(more, further)...) }
}

// ask makes a question of a path and a query. In the path, {scope} stands for the
// enterprise or the organization, and {members} for the path of its members.
func ask(path string, query queryFunc) question {
	return func(r *run, more ...string) answer { return r.get(path, with(query(r), more...)) }
}

// askWithID is ask with an id in place of {} in the path. Without an id it sends nothing.
func askWithID(id func(*run) string, path string, query queryFunc) question {
	return func(r *run, more ...string) answer {
		found := id(r)
		if found == "" {
			return answer{}
		}
		return r.get(path, with(query(r), more...), found)
	}
}

// allPages joins the pages of a list, up to 20 of them.
func allPages(q question) question {
	const most = 20
	return func(r *run, more ...string) answer {
		all := q(r, more...)
		for page, n := all, 1; page.ok && page.object()["has_next_page"] == true && n < most; n++ {
			if page = q(r, slices.Concat(more, []string{"after", text(page.object(), "end_cursor")})...); !page.ok {
				return page
			}
			joined := maps.Clone(page.object())
			joined["items"] = slices.Concat(array(all.object()["items"]), array(page.object()["items"]))
			all.body = joined
		}
		return all
	}
}

func (r *run) get(path string, query url.Values, ids ...string) answer {
	req := rest.Request{Query: query}
	for element := range strings.SplitSeq(path, "/") {
		switch element {
		case "{scope}":
			req.Path = append(req.Path, r.scope("v3")...)
		case "{members}":
			req.Path = append(r.scope("v3beta1"), "members")
		case "{}":
			req.Path, ids = append(req.Path, ids[0]), ids[1:]
		default:
			req.Path = append(req.Path, element)
		}
	}
	req.Version, req.Path = req.Path[0], req.Path[1:]
	key := req.Version + "/" + strings.Join(req.Path, "/") + "?" + query.Encode()
	a, ok := r.answers[key]
	if !ok {
		a = r.send(req)
		r.answers[key] = a
	}
	return r.note(a)
}

// scope is the root of the paths of the enterprise or the organization, from the version
// of the API on.
func (r *run) scope(ofOrganization string) []string {
	if r.orgID == "" {
		return []string{rest.V3, "enterprise"}
	}
	return []string{ofOrganization, "organizations", r.orgID}
}

func (r *run) note(a answer) answer {
	if a.status != 0 && !slices.Contains(r.statuses, a.status) {
		r.statuses = append(r.statuses, a.status)
	}
	return a
}

// Queries, by their window.

func noQuery(*run) url.Values { return nil }

// query has no window.
func query(more ...string) queryFunc {
	return func(*run) url.Values { return with(nil, more...) }
}

// window is a query for the time from after to before, in Unix seconds.
func window(after, before int64) url.Values {
	return with(nil, "time_after", strconv.FormatInt(after, 10), "time_before", strconv.FormatInt(before, 10))
}

// days is the window of the last n billing days that have ended.
func days(n int) queryFunc {
	return func(r *run) url.Values {
		today := devin.DayAt(r.now)
		return window(at((today - devin.Day(n)).Start()), at(today.Start()))
	}
}

// utcDays is a window in UTC days, by which Devin counts active users and scans.
func utcDays(n int) queryFunc {
	return func(r *run) url.Values { return window(r.lastUTCDays(n)) }
}

// lastUTCDays returns when the last n UTC days began and ended.
func (r *run) lastUTCDays(n int) (after, before int64) {
	today := r.now.UTC().Truncate(24 * time.Hour)
	return at(today.AddDate(0, 0, -n)), at(today)
}

// with sets further keys of a query, each before its value, in place of those that it has.
func with(q url.Values, more ...string) url.Values {
	q = maps.Clone(q)
	if q == nil {
		q = url.Values{}
	}
	for i := 0; i < len(more); i += 2 {
		q.Del(more[i])
	}
	for i := 0; i < len(more); i += 2 {
		q.Add(more[i], more[i+1])
	}
	return q
}

// at returns t in Unix seconds.
func at(t time.Time) int64 { return t.Unix() }
