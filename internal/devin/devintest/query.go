package devintest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultFirst = 100
	maxFirst     = 200
	// The end of the year 9999, where the dates of Python end, in which the API is
	// written. Times in milliseconds are beyond it.
	lastSecond = 253402300799
)

// integerKeys are the keys with integer values. The others are text or boolean.
var integerKeys = strings.Fields(windowKeys +
	" first created_after created_before updated_after updated_before min_sessions min_searches")

// window is in Unix seconds.
type window struct{ after, before int64 }

// parseQuery reads and checks the query parameters, without ignored ones.
func (c *call) parseQuery() []validationError {
	var bad []validationError
	query, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		bad = append(bad, fieldError("", "The query is not percent-encoded", "value_error", ""))
	}
	c.query, c.first, c.window = query, defaultFirst, window{before: lastSecond}
	quirks := &c.server.opts.Quirks
	for key, values := range query {
		switch {
		case slices.Contains(quirks.IgnoredFilters, key), !c.route.knows(key) && quirks.IgnoreUnknownQuery:
			query.Del(key)
		case !c.route.knows(key):
			bad = append(bad, fieldError(key, "Extra inputs are not permitted", "extra_forbidden", values[0]))
		case c.route.repeats(key):
			bad = append(bad, c.checkIDs(key, values)...)
		case len(values) > 1:
			bad = append(bad, fieldError(key, "Input should be given once", "value_error", strings.Join(values, " ")))
		case values[0] == "":
			bad = append(bad, fieldError(key, "Input should not be empty", "value_error", ""))
		default:
			bad = append(bad, c.parseValue(key, values[0])...)
		}
	}
	for _, key := range c.route.query {
		if key, required := strings.CutSuffix(key, "!"); required && !query.Has(key) {
			bad = append(bad, fieldError(key, "Field required", "missing", ""))
		}
	}
	if query.Has("time_after") && query.Has("time_before") && c.window.after >= c.window.before {
		bad = append(bad, fieldError("time_before", "Input should be greater than time_after", "value_error", query.Get("time_before")))
	}
	slices.SortFunc(bad, func(a, b validationError) int { return slices.Compare(a.Location, b.Location) })
	return bad
}

func (c *call) parseValue(key, value string) []validationError {
	if key == "include_inactive" || key == "is_archived" {
		if value != "true" && value != "false" {
			return []validationError{fieldError(key, "Input should be a valid boolean", "bool_parsing", value)}
		}
		return nil
	}
	if !slices.Contains(integerKeys, key) {
		return nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil:
		return []validationError{fieldError(key, "Input should be a valid integer, unable to parse string as an integer", "int_parsing", value)}
	case key == "first" && n < 1:
		return []validationError{fieldError(key, "Input should be greater than or equal to 1", "greater_than_equal", value)}
	case key == "first" && n > maxFirst:
		return []validationError{fieldError(key, "Input should be less than or equal to 200", "less_than_equal", value)}
	case n < -lastSecond || n > lastSecond:
		return []validationError{fieldError(key, "Input should be in Unix seconds", "date_from_timestamp", value)}
	}
	switch key {
	case "first":
		c.first = int(n)
	case "time_after", "created_after":
		c.window.after = n
	case "time_before", "created_before":
		c.window.before = n
	}
	return nil
}

// checkIDs refuses ids that are joined by commas.
func (c *call) checkIDs(key string, values []string) []validationError {
	var bad []validationError
	for _, value := range values {
		// A person's id is free text and may hold a comma; the others never do.
		_, known := c.server.company.index[value]
		if value == "" || strings.Contains(value, ",") && !known {
			bad = append(bad, fieldError(key, "Input should be one id; repeat the key for more", "value_error", value))
		}
	}
	return bad
}

// integer is the value of a key; fallback if it was not given.
func (c *call) integer(key string, fallback int64) int64 {
	// parseQuery has checked it.
	if n, err := strconv.ParseInt(c.query.Get(key), 10, 64); err == nil {
		return n
	}
	return fallback
}

// allows reports whether a filter is not given, or has one of an item's values.
func (c *call) allows(key string, values ...string) bool {
	return !c.query.Has(key) || slices.ContainsFunc(c.query[key], func(given string) bool { return slices.Contains(values, given) })
}

// filter is what the call's path and query select.
func (c *call) filter() Filter {
	f := Filter{
		OrgIDs: c.query["org_ids"], UserIDs: c.query["user_ids"], ServiceUserIDs: c.query["service_user_ids"],
		PlaybookID: c.query.Get("playbook_id"),
	}
	if c.orgID != "" {
		f.OrgIDs = []string{c.orgID}
	}
	return f
}

// until is the end of the call's window, at the latest now.
func (c *call) until() int64 {
	before := c.window.before
	if c.server.opts.Quirks.InclusiveBounds {
		before++
	}
	return min(before, c.server.opts.Now().Unix()+1)
}

// days are the billing days that the call's window covers, of those that the
// company has seen. Without a window they are those of the current cycle.
func (c *call) days() (first, end int) {
	now := c.server.opts.Now()
	w, inclusive := c.window, c.server.opts.Quirks.InclusiveBounds
	if !c.query.Has("time_after") {
		w.after = cycleStart(now, 0).Unix()
	}
	if !c.query.Has("time_before") {
		// Only a bound that was given can be inclusive.
		w.before, inclusive = now.Unix(), false
	}
	return c.company.days(w.after, w.before, now, inclusive)
}

// tooLong refuses a window of more than 100 days, and one without a start, as the
// documentation says of code scans, audit logs and violations.
func (c *call) tooLong() (answer, bool) {
	message := ""
	hasBefore := c.query.Has("time_before")
	switch limit := c.server.opts.Quirks.LongWindow; {
	case limit < 0:
		return answer{}, false
	case hasBefore && !c.query.Has("time_after"):
		message = "time_before takes time_after"
	case hasBefore && c.window.before-c.window.after > 100*secondsPerDay:
		message = "The window is longer than 100 days"
	default:
		return answer{}, false
	}
	if c.server.opts.Quirks.LongWindow == http.StatusBadRequest {
		return c.problem(http.StatusBadRequest, message), true
	}
	return c.invalid([]validationError{fieldError("time_before", message, "value_error", "")}), true
}
