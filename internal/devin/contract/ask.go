package contract

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// invented is an id that nothing has.
const invented = "terraform-provider-devin|invented"

// run is the reading of one API.
type run struct {
	orgID    string // the organization that is asked about; empty is the enterprise
	now      time.Time
	headers  *headers
	answers  map[string]answer // a question is sent once, however many assumptions ask it
	statuses []int             // of the assumption at hand, each once

	send, sendWithUnknownKey func(rest.Request) answer
}

// windowOf is the query of a question, which depends on what time it is.
type windowOf func(r *run) url.Values

// question is asked with further keys of the query, each before its value.
type question func(r *run, more ...string) answer

func (q question) with(more ...string) question {
	return func(r *run, further ...string) answer { return q(r, slices.Concat(more, further)...) }
}

// ask makes a question of a path and a query. In the path {scope} stands for the
// organization or the enterprise, and {members} for whose members there are.
func ask(path string, query windowOf) question {
	return func(r *run, more ...string) answer { return r.get(path, with(query(r), more...)) }
}

// askAbout asks about an id, which stands for {} in the path. Without an id there
// is no answer.
func askAbout(id func(*run) string, path string, query windowOf) question {
	return func(r *run, more ...string) answer {
		found := id(r)
		if found == "" {
			return answer{}
		}
		return r.get(path, with(query(r), more...), found)
	}
}

// whole is a list with its further pages, of which a list that an assumption is
// about as a whole has few.
func whole(q question) question {
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
	asked := rest.Request{Query: query}
	for _, element := range strings.Split(path, "/") {
		switch element {
		case "{scope}":
			asked.Path = append(asked.Path, r.scope("v3")...)
		case "{members}":
			asked.Path = append(r.scope("v3beta1"), "members")
		case "{}":
			asked.Path, ids = append(asked.Path, ids[0]), ids[1:]
		default:
			asked.Path = append(asked.Path, element)
		}
	}
	asked.Version, asked.Path = asked.Path[0], asked.Path[1:]
	key := asked.Version + "/" + strings.Join(asked.Path, "/") + "?" + query.Encode()
	a, ok := r.answers[key]
	if !ok {
		a = r.send(asked)
		r.answers[key] = a
	}
	return r.note(a)
}

// scope is the root of what is asked about, with its version of the API.
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

// Queries, by the window that they ask about.

func none(*run) url.Values { return nil }

// query is one that asks about no window.
func query(more ...string) windowOf {
	return func(*run) url.Values { return with(nil, more...) }
}

// window is from one instant to another, in Unix seconds.
func window(after, before int64) url.Values {
	return with(nil, "time_after", strconv.FormatInt(after, 10), "time_before", strconv.FormatInt(before, 10))
}

// days are the billing days that have ended, the last of them.
func days(n int) windowOf {
	return func(r *run) url.Values {
		today := devin.DayAt(r.now)
		return window(at((today - devin.Day(n)).Start()), at(today.Start()))
	}
}

// utcDays are the same in days of UTC, by which Devin counts active users and scans.
func utcDays(n int) windowOf {
	return func(r *run) url.Values {
		today := r.now.UTC().Truncate(24 * time.Hour)
		return window(at(today.AddDate(0, 0, -n)), at(today))
	}
}

// with is a query with further keys, each before its value. They take the place of
// what the query has for them.
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

// answer is what the API sent.
type answer struct {
	status      int  // 0 where there was none
	ok          bool // a 200 whose body is JSON
	body        any
	title       string // of a ProblemDetail
	contentType string
	err         error
}

// isDevins is not set for a page of a proxy or a firewall, whose status says
// nothing about Devin.
func (a answer) isDevins() bool {
	return a.ok || a.status != 0 && a.status != http.StatusOK && !errors.Is(a.err, rest.ErrNotDevin)
}

// reason says why an answer tells nothing.
func (a answer) reason() string {
	switch {
	case a.isDevins():
		return ""
	case a.status != 0:
		return "the answer is not one of the Devin API"
	case a.err == nil:
		return "there is nothing to ask about"
	}
	return "there was no answer"
}

type object = map[string]any

func (a answer) object() object {
	o, _ := a.body.(object)
	return o
}

// items are those of a page.
func (a answer) items() []object { return objects(a.object()["items"]) }

func array(value any) []any {
	elements, _ := value.([]any)
	return elements
}

// objects are those of an array.
func objects(value any) []object {
	var found []object
	for _, element := range array(value) {
		if o, ok := element.(object); ok {
			found = append(found, o)
		}
	}
	return found
}

func number(o object, key string) (float64, bool) {
	n, ok := o[key].(float64)
	return n, ok
}

// instant is a number that is a time, 0 where there is none.
func instant(o object, key string) int64 {
	n, _ := number(o, key)
	return int64(n)
}

func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// first is the first text that an item of an answer has under a key.
func (a answer) first(key string) string {
	for _, item := range a.items() {
		if s := text(item, key); s != "" {
			return s
		}
	}
	return ""
}

// size is how much an answer counts or lists.
func size(a answer) float64 {
	o := a.object()
	sum := float64(len(a.items()) + len(objects(o["categories"])))
	for _, counted := range append(objects(a.body), o) {
		for key := range counted {
			if n, ok := number(counted, key); ok && (strings.HasSuffix(key, "_count") || key == "active_users") {
				sum += n
			}
		}
	}
	return sum
}

var (
	limitHeader = regexp.MustCompile(`^(Retry-After|(X-)?Rate-?[Ll]imit(-[A-Z][a-z]+)*)$`)
	fieldName   = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
)

// shown are the names that a report may have. One with a digit or another character
// in it may be an id that an object is keyed by.
func shown(names []string) string {
	kept, hidden := []string{}, false
	for _, name := range names {
		if !fieldName.MatchString(name) || len(name) > 40 {
			hidden = true
			continue
		}
		kept = append(kept, name)
	}
	slices.Sort(kept)
	if hidden {
		kept = append(kept, "others whose names are not shown")
	}
	return strings.Join(kept, ", ")
}
