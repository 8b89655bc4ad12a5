package devintest

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	defaultFirst = 100
	maxFirst     = 200
	// The API is written in Python, whose dates end with the year 9999. Times in
	// milliseconds are beyond it.
	lastSecond = 253402300799
)

// params are a route's query parameters, checked.
type params struct {
	first       int
	cursor      string
	email       string
	times       window
	orgIDs      []string
	userIDs     []string
	serviceIDs  []string
	playbookID  string
	filterUsers bool
	inactive    bool
	// given are all values as they were sent.
	given url.Values
}

// number is an integer that parse has checked; otherwise where it was not given.
func (p *params) number(key string, otherwise int64) int64 {
	n, err := strconv.ParseInt(p.given.Get(key), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// window is in Unix seconds.
type window struct {
	after, before       int64
	hasAfter, hasBefore bool
}

// complaint is one entry of a 422 answer.
type complaint struct{ key, message, kind, input string }

func (p *params) parse(c *call) []complaint {
	r := c.route
	p.first = defaultFirst
	var bad []complaint
	values, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		bad = append(bad, complaint{"", "The query is not percent-encoded", "value_error", ""})
	}
	p.given = values
	for key, given := range values {
		switch {
		case slices.Contains(c.server.opts.Quirks.IgnoredFilters, key):
			values.Del(key)
		case !r.knows(key):
			if !c.server.opts.Quirks.IgnoreUnknownQuery {
				bad = append(bad, complaint{key, "Extra inputs are not permitted", "extra_forbidden", given[0]})
			}
		case r.repeats(key):
			bad = append(bad, p.list(c, key, given)...)
		case len(given) > 1:
			bad = append(bad, complaint{key, "Input should be given once", "value_error", strings.Join(given, " ")})
		case given[0] == "":
			bad = append(bad, complaint{key, "Input should not be empty", "value_error", ""})
		default:
			bad = append(bad, p.single(key, given[0])...)
		}
	}
	for _, key := range r.query {
		if key, required := strings.CutSuffix(key, "!"); required && values[key] == nil {
			bad = append(bad, complaint{key, "Field required", "missing", ""})
		}
	}
	if p.times.hasAfter && p.times.hasBefore && p.times.after >= p.times.before {
		bad = append(bad, complaint{
			"time_before", "Input should be greater than time_after", "value_error",
			strconv.FormatInt(p.times.before, 10),
		})
	}
	slices.SortFunc(bad, func(a, b complaint) int { return strings.Compare(a.key, b.key) })
	return bad
}

func (p *params) single(key, value string) []complaint {
	switch key {
	case "after":
		p.cursor = value
		return nil
	case "email":
		p.email = value
		return nil
	case "playbook_id":
		p.playbookID = value
		return nil
	case "include_inactive", "is_archived":
		is, err := strconv.ParseBool(value)
		if err != nil {
			return []complaint{{key, "Input should be a valid boolean", "bool_parsing", value}}
		}
		p.inactive = key == "include_inactive" && is
		return nil
	case "schedule_id", "category", "status", "scan_id", "repo_name", "action", "order", "guardrail_id", "session_id":
		return nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return []complaint{{
			key, "Input should be a valid integer, unable to parse string as an integer",
			"int_parsing", value,
		}}
	}
	switch key {
	case "first":
		if n < 1 {
			return []complaint{{key, "Input should be greater than or equal to 1", "greater_than_equal", value}}
		}
		if n > maxFirst {
			return []complaint{{key, "Input should be less than or equal to 200", "less_than_equal", value}}
		}
		p.first = int(n)
	default:
		if n < -lastSecond || n > lastSecond {
			return []complaint{{key, "Input should be in Unix seconds", "date_from_timestamp", value}}
		}
		switch key {
		case "time_after", "created_after":
			p.times.after, p.times.hasAfter = n, true
		case "time_before", "created_before":
			p.times.before, p.times.hasBefore = n, true
		}
	}
	return nil
}

func (p *params) list(c *call, key string, given []string) []complaint {
	var bad []complaint
	for _, value := range given {
		// A person's id is free text and may hold a comma; the others never do.
		_, known := c.server.company.index[value]
		if value == "" || strings.Contains(value, ",") && !known {
			bad = append(bad, complaint{key, "Input should be one id; repeat the key for more", "value_error", value})
		}
	}
	switch key {
	case "org_ids":
		p.orgIDs = given
	case "user_ids":
		p.userIDs, p.filterUsers = given, true
	case "service_user_ids":
		p.serviceIDs, p.filterUsers = given, true
	}
	return bad
}

// days are the billing days a window covers, of those that the company has seen.
func (c *call) days() (first, end int) {
	now := c.server.opts.Now()
	w := c.params.times
	if !w.hasAfter {
		w.after = cycleStart(now, 0).Unix()
	}
	if !w.hasBefore {
		w.before = now.Unix()
		// An inclusive bound is for a time that was asked for.
		return c.company.days(w.after, w.before, now, false)
	}
	return c.company.days(w.after, w.before, now, c.server.opts.Quirks.InclusiveBounds)
}

// cursor is what an opaque cursor holds: base64 of a small JSON object, as the
// documentation's example is.
type cursor struct {
	At int `json:"at"`
	// Of keeps a cursor to the list it was made for.
	Of string `json:"of"`
	// Turn tells apart cursors that point at the same item.
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

func unixDay(day int) int64 { return int64(day)*secondsPerDay + dayOffset }

// dayOf is the billing day that an instant falls in, counted from 1970-01-01.
func dayOf(t time.Time) int { return floorDiv(t.Unix() - dayOffset) }

func floorDiv(seconds int64) int {
	q := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		q--
	}
	return int(q)
}
