package contract

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

const secondsPerDay = 24 * 60 * 60

// The key, errors and lists.

func hasTitle(a answer) bool { return a.title != "" }

func (r *run) askWithUnknownKey(...string) answer {
	return r.note(r.sendWithUnknownKey(rest.Request{Path: []string{"self"}}))
}

func idsHavePrefixes(_ *run, a answer) verdict {
	return forAll(a.items(), func(session object) bool {
		for key, prefix := range map[string]string{"session_id": "devin-", "org_id": "org-", "service_user_id": "service-user-"} {
			if id := text(session, key); id != "" && !strings.HasPrefix(id, prefix) {
				return false
			}
		}
		return true
	})
}

func cursorLeadsOn(r *run, a answer) verdict {
	cursor := text(a.object(), "end_cursor")
	if cursor == "" {
		return cannotTell("there is one page")
	}
	next := members(r, "after", cursor)
	if !next.ok {
		return cannotTell(next.reason())
	}
	id := next.first("user_id")
	return verdictOf(id != "" && id != a.first("user_id"))
}

func totalIsFiltered(r *run, a answer) verdict {
	if total, _ := number(a.object(), "total"); total < 2 {
		return cannotTell("there are too few members, or there is no total")
	}
	return totalIsExact(r, members(r, "email", a.first("email")))
}

func totalIsExact(_ *run, a answer) verdict {
	total, there := number(a.object(), "total")
	switch {
	case !a.ok:
		return cannotTell(a.reason())
	case !there:
		return cannotTell("there is no total")
	case a.object()["has_next_page"] == true:
		return cannotTell("the list has several pages")
	}
	return verdictOf(int(total) == len(a.items()))
}

// Members.

func emailIgnoresCase(r *run, a answer) verdict {
	email := a.first("email")
	other := strings.ToUpper(email)
	if email == other {
		return cannotTell("no e-mail address has a letter in lower case")
	}
	exact, found := members(r, "email", email), members(r, "email", other)
	if !exact.ok || !found.ok || len(exact.items()) != 1 {
		return cannotTell("the filter does not find the e-mail address as it is")
	}
	return verdictOf(len(found.items()) == 1)
}

func roleID(r *run) string {
	for _, member := range members(r).items() {
		for _, assignment := range objects(member["role_assignments"]) {
			role, _ := assignment["role"].(object)
			return text(role, "role_id")
		}
	}
	return ""
}

func hasGroupRoles(_ *run, a answer) verdict {
	return verdictOf(len(objects(a.object()["idp_role_assignments"])) > 0)
}

var documentedPermission = regexp.MustCompile(`^[A-Z][a-z]+([A-Z][a-z]*)+$`)

func permissionsAreDocumented(_ *run, a answer) verdict {
	permissions, _ := a.object()["permissions"].([]any)
	if len(permissions) == 0 {
		return cannotTell("the role shows none")
	}
	return verdictOf(!slices.ContainsFunc(permissions, func(p any) bool {
		name, _ := p.(string)
		return !documentedPermission.MatchString(name)
	}))
}

func neverIsNull(_ *run, a answer) verdict {
	v := cannotTell("each one expires")
	for _, item := range a.items() {
		value, there := item["expires_at"]
		at := time.Unix(instant(item, "expires_at"), 0).UTC()
		switch {
		case !there:
		case value == nil:
			v = yes()
		case at.Year() < 2000 || at.Year() > 9000:
			return no("")
		}
	}
	return v
}

// Consumption.

// forDays judges the days of an answer; without any it cannot tell.
func forDays(holds func(rows []object) bool) func(*run, answer) verdict {
	return func(_ *run, a answer) verdict {
		rows := rowsOf(a)
		if len(rows) == 0 {
			return cannotTell("nothing was used")
		}
		return verdictOf(holds(rows))
	}
}

func acusAreCounted(_ *run, a answer) verdict {
	total, _ := number(a.object(), "total_acus")
	return verdictOf(total > 0)
}

func timeOfDay(seconds int64) time.Duration {
	return time.Duration(seconds%secondsPerDay) * time.Second
}

func allStartAt(t time.Duration) func(rows []object) bool {
	return func(rows []object) bool {
		return !slices.ContainsFunc(rows, func(row object) bool { return timeOfDay(instant(row, "date")) != t })
	}
}

func areAscending(rows []object) bool {
	return slices.IsSortedFunc(rows, func(a, b object) int { return int(instant(a, "date") - instant(b, "date")) })
}

func noDaylightSaving(_ *run, a answer) verdict {
	months := map[time.Month]bool{}
	for _, row := range rowsOf(a) {
		months[time.Unix(instant(row, "date"), 0).UTC().Month()] = true
	}
	if !months[time.January] && !months[time.December] || !months[time.June] && !months[time.July] {
		return cannotTell("there is no use in summer or in winter")
	}
	rows := rowsOf(a)
	return verdictOf(allStartAt(timeOfDay(instant(rows[0], "date")))(rows))
}

// dayOf returns the billing day of a row, whether its date is at 08:00 or 00:00 UTC.
func dayOf(row object) devin.Day { return devin.Day(instant(row, "date") / secondsPerDay) }

func zeroDaysAreLeftOut(_ *run, a answer) verdict {
	rows := rowsOf(a)
	isZero := func(row object) bool { acus, _ := number(row, "acus"); return acus == 0 }
	switch {
	case slices.ContainsFunc(rows, isZero):
		return no("")
	case len(rows) < 30:
		return yes()
	}
	return cannotTell("each day has use")
}

// atEdges asks for one day of two in a row with use, and judges by which of them came.
func atEdges(holds func(has, hasNext bool) bool) func(*run, answer) verdict {
	return func(r *run, a answer) verdict {
		var used []devin.Day
		for _, row := range rowsOf(a) {
			used = append(used, dayOf(row))
		}
		slices.Sort(used)
		for _, day := range slices.Backward(used) {
			if !slices.Contains(used, day+1) {
				continue
			}
			one := ask("{scope}/consumption/daily", func(*run) url.Values { return window(at(day.Start()), at((day + 1).Start())) })(r)
			if !one.ok {
				return cannotTell(one.reason())
			}
			came := func(day devin.Day) bool {
				return slices.ContainsFunc(rowsOf(one), func(row object) bool { return dayOf(row) == day })
			}
			return verdictOf(holds(came(day), came(day+1)))
		}
		return cannotTell("there are no two days in a row with use")
	}
}

func defaultIsCycle(r *run, a answer) verdict {
	cycle := currentCycle(r, cycles(r))
	if cycle == nil {
		return cannotTell("the current cycle is not known")
	}
	isBefore := func(row object) bool { return int64(dayOf(row)) < instant(cycle, "after")/secondsPerDay }
	switch {
	case len(rowsOf(a)) == 0, !slices.ContainsFunc(rowsOf(yearOfConsumption(r)), isBefore):
		return cannotTell("there is no use to tell by")
	case slices.ContainsFunc(rowsOf(a), isBefore):
		return no("")
	}
	return yes()
}

func sumOf(o object) float64 {
	sum := 0.0
	for key := range o {
		n, _ := number(o, key)
		sum += n
	}
	return sum
}

// near reports whether two sums of fractions are equal but for rounding.
func near(a, b float64) bool { return math.Abs(a-b) < 0.01 }

func daysAddUp(r *run, a answer) verdict {
	return forDays(func(rows []object) bool {
		sum := 0.0
		for _, row := range rows {
			acus, _ := number(row, "acus")
			sum += acus
		}
		total, _ := number(a.object(), "total_acus")
		return near(sum, total)
	})(r, a)
}

func productsAddUp(rows []object) bool {
	return !slices.ContainsFunc(rows, func(row object) bool {
		acus, _ := number(row, "acus")
		products, _ := row["acus_by_product"].(object)
		return !near(acus, sumOf(products))
	})
}

func reviewIsNumber(_ *run, a answer) verdict {
	products := productsOf(a)
	if len(products) == 0 {
		return cannotTell("nothing was used")
	}
	return hasNumber(products[0], "review")
}

func hasLocalUse(_ *run, a answer) verdict {
	var cloud, local float64
	for _, products := range productsOf(a) {
		devin, _ := number(products, "devin")
		cascade, _ := number(products, "cascade")
		terminal, _ := number(products, "terminal")
		cloud, local = cloud+devin, local+cascade+terminal
	}
	if cloud+local == 0 {
		return cannotTell("nothing was used")
	}
	return verdictOf(local > 0)
}

// Cycles and limits.

// currentCycle returns the cycle that covers now; nil where there is none.
func currentCycle(r *run, a answer) object {
	for _, cycle := range a.items() {
		if instant(cycle, "after") <= at(r.now) && at(r.now) < instant(cycle, "before") {
			return cycle
		}
	}
	return nil
}

func limitsAreOfOrganizations(_ *run, a answer) verdict {
	others := map[string]bool{}
	for _, limit := range a.items() {
		if scope := text(limit, "scope"); scope != "org" {
			if scope != "enterprise" && scope != "user" {
				scope = "another scope"
			}
			others[scope] = true
		}
	}
	switch {
	case len(a.items()) == 0:
		return cannotTell("there is none")
	case len(others) > 0:
		return no(strings.Join(sortedKeys(others), ", "))
	}
	return yes()
}

// limitOf returns the limit of an organization from the list of limits; nil where there
// is none.
func limitOf(limits answer, orgID string) any {
	for _, limit := range limits.items() {
		if text(limit, "scope") == "org" && text(limit, "org_id") == orgID {
			return limit["cycle_acu_limit"]
		}
	}
	return nil
}

func limitIsCloudLimit(r *run, a answer) verdict {
	agents := agentLimits(r)
	if !agents.ok {
		return cannotTell(agents.reason())
	}
	cloud, _ := agents.object()["cloud_agent"].(object)
	limit, other := limitOf(a, organizations(r).first("org_id")), cloud["cycle_acu_limit"]
	if limit == nil && other == nil {
		return cannotTell("neither is set")
	}
	return verdictOf(limit == other)
}

func limitIsOrganizations(r *run, a answer) verdict {
	v := cannotTell("neither is set")
	for _, org := range organizations(r).items() {
		limit, other := limitOf(a, text(org, "org_id")), org["max_cycle_acu_limit"]
		if limit != other {
			return no("")
		}
		if limit != nil {
			v = yes()
		}
	}
	return v
}

// Metrics.

func repeatedKeysCount(r *run, _ answer) verdict {
	key, id := "org_ids", organizationID(r)
	if r.orgID != "" {
		key, id = "user_ids", sessions(r).first("user_id")
	}
	first, last := sessionMetrics(r, key, id, key, inventedID), sessionMetrics(r, key, inventedID, key, id)
	switch nothing := sessionMetrics(r, key, inventedID); {
	case id == "" || !first.ok || !last.ok || !nothing.ok:
		return cannotTell("")
	case size(nothing) > 0:
		return cannotTell("the filter is ignored")
	case size(first) == 0 && size(last) == 0:
		return cannotTell("nothing is counted")
	case size(first) == 0:
		return no("only the last counts")
	case size(last) == 0:
		return no("only the first counts")
	}
	return yes()
}

func prsAddUp(_ *run, a answer) verdict {
	sum := 0.0
	for _, part := range []string{"prs_opened_count", "prs_merged_count", "prs_closed_count"} {
		n, _ := number(a.object(), part)
		sum += n
	}
	created, _ := number(a.object(), "prs_created_count")
	if created+sum == 0 {
		return cannotTell("there is nothing to add up")
	}
	return verdictOf(sum == created)
}

func meanOfNothing(_ *run, a answer) verdict {
	if n, _ := number(a.object(), "sessions_created_count"); n > 0 {
		return cannotTell("there were sessions")
	}
	return hasNumber(a.object(), "avg_acus_per_session")
}

func mergedExceedsCreated(r *run, a answer) verdict {
	for _, counts := range []object{a.object(), usageOfASunday(r).object()} {
		merged, _ := number(counts, "prs_merged_count")
		if created, _ := number(counts, "prs_created_count"); merged > created {
			return yes()
		}
	}
	return cannotTell("not in the windows asked about")
}

func timesAreWindow(r *run, a answer) verdict {
	after, before := r.lastUTCDays(7)
	end := instant(a.object(), "end_time")
	return verdictOf(instant(a.object(), "start_time") == after && (end == before || end+1 == before))
}

func periodsEndBeforeNext(_ *run, a answer) verdict {
	periods := objects(a.body)
	if len(periods) < 2 {
		return cannotTell("there are not two periods")
	}
	return verdictOf(instant(periods[1], "start_time")-instant(periods[0], "end_time") == 1)
}

func hasEveryDay(r *run, a answer) verdict {
	periods := objects(a.body)
	start, _ := r.lastUTCDays(7)
	for i, period := range periods {
		if instant(period, "start_time") != start+int64(i)*secondsPerDay {
			return no("")
		}
	}
	return verdictOf(len(periods) == 7)
}

func weeksStartOnMonday(_ *run, a answer) verdict {
	return forAll(objects(a.body), func(week object) bool {
		start, end := instant(week, "start_time"), instant(week, "end_time")
		length := end - start
		return time.Unix(start, 0).UTC().Weekday() == time.Monday && timeOfDay(start) == 0 &&
			(length == 7*secondsPerDay || length == 7*secondsPerDay-1)
	})
}

// Sessions.

// sessionAtBound asks for one second, which begins from seconds after the creation of a
// session, and holds where the session comes or not, as wanted.
func sessionAtBound(from int64, wanted bool) func(*run, answer) verdict {
	return func(r *run, a answer) verdict {
		items := a.items()
		if len(items) == 0 {
			return cannotTell("there is none")
		}
		created := instant(items[len(items)-1], "created_at")
		found := sessions(r, "created_after", strconv.FormatInt(created+from, 10), "created_before", strconv.FormatInt(created+from+1, 10))
		if !found.ok {
			return cannotTell(found.reason())
		}
		came := slices.ContainsFunc(found.items(), func(session object) bool { return instant(session, "created_at") == created })
		return verdictOf(came == wanted)
	}
}

func statusIsLowerCase(_ *run, a answer) verdict {
	return forAll(a.items(), func(session object) bool { return text(session, "status") == strings.ToLower(text(session, "status")) })
}

func automationsHaveNoACUs(_ *run, a answer) verdict {
	return forAll(a.items(), func(session object) bool { acus, _ := number(session, "acus_consumed"); return acus == 0 })
}

// Logs and machines.

func dataIsObject(_ *run, a answer) verdict {
	return forAll(a.items(), func(entry object) bool { _, is := entry["data"].(object); return is })
}

func statusIsDocumented(_ *run, a answer) verdict {
	return verdictOf(slices.Contains([]string{"normal", "elevated", "high"}, text(a.object(), "status")))
}

func noLimitHeaders(r *run, _ answer) verdict {
	if len(r.headers.limits) > 0 {
		return no(strings.Join(sortedKeys(r.headers.limits), ", "))
	}
	return yes()
}
