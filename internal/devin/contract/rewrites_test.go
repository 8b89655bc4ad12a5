package contract

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

type rewriteCase struct {
	name   string
	quirks devintest.Quirks
	limits func(l *devintest.Limits, orgs []devintest.Organization)
	answer wrapping
	want   changed
}

// rewrites are APIs that the fake has no quirk for.
var rewrites = []rewriteCase{
	{
		name: "self without org_id", want: changed{"self-has-org-id": fails},
		answer: edit("/v3/self", func(_ *http.Request, self object) { delete(self, "org_id") }),
	},
	{
		name: "ids of another form", want: changed{"ids-have-prefixes": fails},
		answer: editItems("/enterprise/sessions", "items", func(item object) { item["session_id"] = "devin_1" }),
	},
	{
		name: "short paths", want: changed{"short-paths-404": fails, "errors-have-titles": unclear, "errors-are-json": unclear},
		answer: answering(200, `{}`, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/members") }),
	},
	{
		name: "400 where there is no window", want: changed{"times-required": fails, "validation-has-titles": holds},
		answer: answering(400, `{"title":"Bad Request","status":400}`, func(r *http.Request) bool { return asks("/metrics/prs")(r) && r.URL.RawQuery == "" }),
	},
	{
		name: "first is not checked", want: changed{"first-0-refused": fails, "first-201-refused": fails},
		answer: asking(func(q url.Values) {
			if first := q.Get("first"); first == "0" || first == "201" {
				q.Set("first", "1")
			}
		}),
	},
	{
		name: "cursors of members are ignored", want: changed{"cursor-leads-on": fails, "bad-cursor-400": fails},
		answer: askingAt("/members/users", func(q url.Values) { q.Del("after") }),
	},
	{
		name: "total of organizations", want: changed{"total-exact": fails},
		answer: edit("/enterprise/organizations", func(_ *http.Request, page object) { double(page, "total") }),
	},
	{
		name: "total of all members", want: changed{"total-filtered": fails},
		answer: edit("/members/users", func(_ *http.Request, page object) { page["total"] = 40 }),
	},
	{
		name: "permissions by their names", want: changed{"permissions-documented": holds},
		answer: answering(200, `{"permissions":["ManageBilling","ViewOrgMetrics"]}`, asks("/roles/")),
	},
	{
		name: "permissions by other names", want: changed{"permissions-documented": fails},
		answer: answering(200, `{"permissions":["org.devins.use"]}`, asks("/roles/")),
	},
	{
		name: "direct roles only", want: changed{"idp-member-by-id": fails},
		answer: edit("/members/users/", func(_ *http.Request, member object) { delete(member, "idp_role_assignments") }),
	},
	{
		name: "0 for never", want: changed{"never-is-null": fails},
		answer: editItems("/service-users", "items", func(item object) {
			if _, there := item["expires_at"]; there {
				item["expires_at"] = 0
			}
		}),
	},
	{
		name: "active keys by default", want: changed{"api-keys-default-active": holds},
		answer: askingAt("/api-keys", func(q url.Values) {
			if q.Get("status") == "" {
				q.Set("status", "active")
			}
		}),
	},
	{
		name: "an object with more fields", want: allFields(fails),
		answer: edit("", func(_ *http.Request, body object) { addField(body) }),
	},
	{
		name: "the origin that the fake does not have", want: changed{"fields-of-origin": holds},
		answer: edit("/metrics/sessions", func(_ *http.Request, body object) {
			if origins, ok := body["sessions_created_by_origin"].(object); ok {
				origins["code_scan"] = 0
			}
		}),
	},
	{
		name: "a plan without ACUs", want: changed{"acus-counted": fails, "days-add-up": fails},
		answer: edit("/enterprise/consumption/daily", func(_ *http.Request, body object) { body["total_acus"] = 0 }),
	},
	{
		name: "daylight saving", want: changed{"no-daylight-saving": fails},
		answer: editItems("/consumption/daily", "consumption_by_date", func(row object) {
			if date := instant(row, "date"); date < at(now)-100*secondsPerDay && date > at(now)-200*secondsPerDay {
				row["date"] = date - 3600
			}
		}),
	},
	{
		name: "newest day first", want: changed{"days-ascending": fails},
		answer: edit("/consumption/daily", func(_ *http.Request, body object) { slices.Reverse(array(body["consumption_by_date"])) }),
	},
	{
		name: "exclusive start", want: changed{"window-includes-start": fails},
		answer: edit("/enterprise/consumption/daily", func(r *http.Request, body object) {
			if q := r.URL.Query(); span(q) == 1 {
				body["consumption_by_date"] = []any{}
			}
		}),
	},
	{
		name: "a year is too long", want: changed{
			"year-accepted": fails, "prs-year-accepted": fails, "no-daylight-saving": unclear, "default-window-is-cycle": unclear,
		},
		answer: answering(422, `{"detail":[]}`, func(r *http.Request) bool { return span(r.URL.Query()) > 366 }),
	},
	{
		name: "all by default", want: changed{"default-window-is-cycle": fails},
		answer: askingAt("/consumption/daily", func(q url.Values) {
			if !q.Has("time_after") {
				q.Set("time_after", strconv.FormatInt(at(now)-90*secondsPerDay, 10))
			}
		}),
	},
	{
		name: "days beyond the total", want: changed{"days-add-up": fails, "products-add-up": fails},
		answer: editItems("/enterprise/consumption/daily", "consumption_by_date", func(row object) { row["acus"] = 1e6 }),
	},
	{
		name: "Devin sessions only", want: changed{"organization-has-local-use": fails},
		answer: editItems("/v3/organizations/", "consumption_by_date", func(row object) {
			products, _ := row["acus_by_product"].(object)
			products["cascade"], products["terminal"] = 0, 0
		}),
	},
	{
		name: "no rights in organizations", want: changed{"enterprise-key-reads-organizations": fails, "organization-has-local-use": unclear},
		answer: answering(403, `{"title":"Forbidden","status":403}`, asks("/v3/organizations/")),
	},
	{
		name: "consumption of everybody", want: changed{
			"unknown-user-has-no-use": fails, "unknown-service-user-has-no-use": fails, "unknown-session-has-no-use": fails,
		},
		answer: answering(200, `{"total_acus":7.5,"consumption_by_date":[]}`, func(r *http.Request) bool {
			return asks(inventedID)(r) && asks("/daily/")(r) && !asks("/organizations/")(r)
		}),
	},
	{
		name: "cycles with gaps", want: changed{"cycles-share-bounds": fails},
		answer: editItems("/cycles", "items", func(cycle object) { cycle["before"] = instant(cycle, "before") - 3600 }),
	},
	{
		name: "cycles from midnight", want: changed{"cycles-start-at-0800": fails},
		answer: editItems("/cycles", "items", func(cycle object) {
			cycle["before"], cycle["after"] = instant(cycle, "before")-8*3600, instant(cycle, "after")-8*3600
		}),
	},
	{
		name: "an open cycle", want: changed{"current-cycle-listed": fails, "default-window-is-cycle": unclear},
		answer: editItems("/cycles", "items", func(cycle object) {
			if instant(cycle, "before") > at(now) {
				cycle["before"] = nil
			}
		}),
	},
	{
		name: "the organizations' own limits", want: changed{"limits-of-organizations": holds, "devin-limit-is-organizations": holds, "fields-of-limit": fails},
		limits: func(l *devintest.Limits, orgs []devintest.Organization) { l.Organizations[orgs[1].OrgID] = 5000 },
	},
	{
		name: "limits of others", want: changed{"limits-of-organizations": fails, "fields-of-limit": holds},
		limits: func(l *devintest.Limits, _ []devintest.Organization) {
			l.Enterprise = new(int64)
			l.Users["email|1"] = 1
		},
	},
	{
		name: "limits of both agents", want: changed{
			"limits-of-organizations": holds, "fields-of-limit": fails, "devin-limit-is-cloud-limit": holds,
			"fields-of-agent-limits": holds, "unset-agent-limit-left-out": unclear,
		},
		limits: func(l *devintest.Limits, orgs []devintest.Organization) {
			l.Organizations[orgs[0].OrgID], l.Cloud[orgs[0].OrgID], l.Local[orgs[0].OrgID] = 700, 700, 500
		},
	},
	{
		name: "a limit of the cloud agent", want: changed{"devin-limit-is-cloud-limit": fails, "fields-of-agent-limits": fails},
		limits: func(l *devintest.Limits, orgs []devintest.Organization) { l.Cloud[orgs[0].OrgID] = 700 },
	},
	{
		name: "null for limits that are not set", want: changed{"unset-agent-limit-left-out": fails, "unset-user-limit-left-out": fails, "fields-of-agent-limits": holds},
		answer: edit("/v3beta1/enterprise/", func(r *http.Request, body object) {
			if strings.HasSuffix(r.URL.Path, "/acu-limits") {
				body["local_agent"], body["cloud_agent"] = nil, nil
			}
		}),
	},
	{
		name: "pull requests in two states", want: changed{"prs-add-up": fails},
		answer: edit("/metrics/prs", func(_ *http.Request, body object) { double(body, "prs_merged_count") }),
	},
	{
		name: "origins and sizes in part", want: changed{"origins-add-up": fails, "sizes-add-up": fails},
		answer: edit("/metrics/sessions", func(_ *http.Request, body object) {
			for key, part := range map[string]string{"sessions_created_by_origin": "api", "sessions_created_by_size": "xs"} {
				parts, _ := body[key].(object)
				double(parts, part)
			}
		}),
	},
	{
		name: "the last of a key counts", want: changed{"repeated-keys": fails},
		answer: askingAt("/metrics/", func(q url.Values) { keepOne(q, func(values []string) string { return values[len(values)-1] }) }),
	},
	{
		name: "the first of a key counts", want: changed{"repeated-keys": fails},
		answer: askingAt("/metrics/", func(q url.Values) { keepOne(q, func(values []string) string { return values[0] }) }),
	},
	{
		name: "no mean of nothing", want: changed{"mean-of-nothing-is-0": fails},
		answer: edit("/metrics/sessions", func(_ *http.Request, body object) {
			if n, _ := number(body, "sessions_created_count"); n == 0 {
				body["avg_acus_per_session"] = nil
			}
		}),
	},
	{
		name: "more merged than created", want: changed{"merged-may-exceed-created": holds},
		answer: edit("/metrics/usage", func(_ *http.Request, body object) { double(body, "prs_merged_count"); double(body, "prs_merged_count") }),
	},
	{
		name: "active users of another window", want: changed{"active-times-are-window": fails},
		answer: edit("/active-users", func(_ *http.Request, body object) { body["start_time"] = instant(body, "start_time") - 3600 }),
	},
	{
		name: "days without active users left out", want: changed{"dau-has-every-day": fails},
		answer: edit("/dau", func(_ *http.Request, body object) { body[""] = array(body[""])[:5] }),
	},
	{
		name: "weeks from Sunday", want: changed{"weeks-start-on-monday": fails},
		answer: editItems("/wau", "", func(week object) { week["start_time"] = instant(week, "start_time") - secondsPerDay }),
	},
	{
		name: "sessions after a time", want: changed{"sessions-include-start": fails},
		answer: edit("/enterprise/sessions", func(r *http.Request, body object) {
			body["items"] = slices.DeleteFunc(array(body["items"]), func(item any) bool {
				session, _ := item.(object)
				return strconv.FormatInt(instant(session, "created_at"), 10) == r.URL.Query().Get("created_after")
			})
		}),
	},
	{
		name: "statuses in capitals", want: changed{"values-in-lower-case": fails},
		answer: editItems("/enterprise/sessions", "items", func(session object) { session["status"] = "EXIT" }),
	},
	{
		name: "no ACUs of automations", want: changed{"automations-without-acus": holds},
		answer: editItems("/enterprise/sessions", "items", func(session object) { session["acus_consumed"] = 0 }),
	},
	{
		name: "findings that say what they are, unfiltered", quirks: devintest.Quirks{IgnoredFilters: []string{"status", "severity"}},
		want:   changed{"fields-of-finding": holds, "findings-obey-severity": fails, "findings-obey-status": fails, "hypervisors-obey-status": fails},
		answer: editItems("/findings", "items", func(finding object) { finding["related_finding_ids"] = nil }),
	},
	{
		name: "long windows of scans", want: changed{"scans-100-days": fails},
		answer: answering(200, `{}`, func(r *http.Request) bool { return asks("/code-scans/metrics")(r) && span(r.URL.Query()) > 100 }),
	},
	{
		name: "no long windows of logs", want: changed{"audit-logs-100-days": holds, "violations-100-days": holds},
		answer: answering(400, `{}`, func(r *http.Request) bool {
			return span(r.URL.Query()) == 101 && (asks("/audit-logs")(r) || asks("/guardrail-violations")(r))
		}),
	},
	{
		name: "audit logs without data", want: changed{"audit-data-is-object": fails},
		answer: editItems("/audit-logs", "items", func(entry object) { entry["data"] = nil }),
	},
	{
		name: "available hypervisors by default", want: changed{"hypervisors-default-available": holds},
		answer: askingAt("/hypervisors", func(q url.Values) {
			if q.Get("status") == "" {
				q.Set("status", "available")
			}
		}),
	},
	{
		name: "another status of the queue", want: changed{"queue-status-documented": fails},
		answer: edit("/queue", func(_ *http.Request, body object) { body["status"] = "overwhelmed" }),
	},
	{
		name: "headers of limits", want: changed{"no-limit-headers": fails},
		answer: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-RateLimit-Remaining", "17")
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		name: "invented ids are refused", want: refusals(),
		answer: answering(404, `{"title":"Not Found","status":404}`, func(r *http.Request) bool {
			return strings.Contains(r.URL.RawQuery, url.QueryEscape(inventedID))
		}),
	},
}

func (c *rewriteCase) handler() http.Handler {
	fake := newFake(c.quirks)
	if c.limits != nil {
		fake.SetLimits(func(l *devintest.Limits) { c.limits(l, fake.Organizations()) })
	}
	if c.answer == nil {
		return fake
	}
	return c.answer(fake)
}

// asking changes the query of each request.
func asking(change func(url.Values)) wrapping { return askingAt("", change) }

func askingAt(path string, change func(url.Values)) wrapping {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, path) {
				q := r.URL.Query()
				change(q)
				r.URL.RawQuery = q.Encode()
			}
			next.ServeHTTP(w, r)
		})
	}
}

// span is the number of days that a query asks about.
func span(q url.Values) int64 {
	after, _ := strconv.ParseInt(q.Get("time_after"), 10, 64)
	before, _ := strconv.ParseInt(q.Get("time_before"), 10, 64)
	return (before - after) / secondsPerDay
}

func double(o object, key string) {
	if n, ok := number(o, key); ok {
		o[key] = 2 * n
	}
}

func keepOne(q url.Values, of func([]string) string) {
	for key, values := range q {
		q.Set(key, of(values))
	}
}

// addField adds a field to an object and to every object in it.
func addField(value any) {
	switch value := value.(type) {
	case object:
		for _, inner := range value {
			addField(inner)
		}
		value["surprise"], value["org-5b1e"] = "x", "x"
	case []any:
		for _, inner := range value {
			addField(inner)
		}
	}
}

// allFields are the lines about fields, but for those of what the fake has none of.
func allFields(is outcome) changed {
	want := changed{}
	for _, area := range areas() {
		for _, assumption := range area.assumptions {
			if strings.HasPrefix(assumption.name, "fields-of-") && assumption.name != "fields-of-limit" {
				want[assumption.name] = is
			}
		}
	}
	return want
}

// refusals are the lines about filters that take an invented value.
func refusals() changed {
	want := changed{"repeated-keys": unclear}
	for _, area := range areas() {
		for _, assumption := range area.assumptions {
			keys := filtersOf(assumption.name)
			if len(keys) > 0 && !slices.ContainsFunc(keys, func(key string) bool {
				return slices.Contains([]string{"min_sessions", "is_archived", "severity", "status"}, key)
			}) {
				want[assumption.name] = holds
			}
		}
	}
	return want
}

func TestWhatTheFakeHasNoQuirkForChangesItsLinesAndNoOthers(t *testing.T) {
	plain := lines(reportOf(t, newFake(devintest.Quirks{}), devintest.KeyOK))
	for _, c := range rewrites {
		t.Run(c.name, func(t *testing.T) {
			compare(t, plain, lines(reportOf(t, c.handler(), devintest.KeyOK)), c.want)
		})
	}
}

// The cases of this file and of the quirks together show each assumption both ways.
func TestEachAssumptionIsShownToHoldAndToFail(t *testing.T) {
	seen := map[string]map[outcome]bool{}
	note := func(name string, is outcome) {
		if seen[name] == nil {
			seen[name] = map[outcome]bool{}
		}
		seen[name][is] = true
	}
	for name, result := range lines(reportOf(t, newFake(devintest.Quirks{}), devintest.KeyOK)) {
		note(name, result.outcome)
	}
	wants := []changed{}
	for _, c := range quirks {
		wants = append(wants, c.want)
	}
	for _, c := range rewrites {
		wants = append(wants, c.want)
	}
	for _, want := range wants {
		for name, is := range want {
			note(name, is)
		}
	}
	for name, outcomes := range seen {
		// That none was seen in some windows refutes nothing.
		if name != "merged-may-exceed-created" && (!outcomes[holds] || !outcomes[fails]) {
			t.Errorf("%s is only seen as %v", name, slices.Collect(maps.Keys(outcomes)))
		}
	}
}
