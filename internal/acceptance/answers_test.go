package acceptance

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// answer is the kind of answer that an endpoint gives.
type answer struct {
	list bool // in pages, with items
	// wrong has the wrong answers of this kind, besides those of wrongAnywhere and, for a
	// list, of wrongLists; nil is none.
	wrong func() map[string]wrong
	// right are the names of those in wrongAnywhere that are right for this kind.
	right []string
}

var (
	aPrincipal     = &answer{wrong: wrongPrincipal}
	aMember        = &answer{}
	aList          = &answer{list: true}
	aListOfMembers = &answer{list: true, wrong: wrongMembers}
	aListOfCycles  = &answer{list: true, wrong: wrongCycles}
	aConsumption   = &answer{wrong: wrongConsumption}

	aCountOfPRs         = &answer{wrong: wrongPRs}
	aCountOfSessions    = &answer{wrong: wrongSessions}
	aCountOfUsage       = &answer{wrong: wrongUsage}
	aCountOfActiveUsers = &answer{wrong: func() map[string]wrong { return wrongCounts("active_users") }}
	aCountOfScans       = &answer{wrong: wrongScans}
	aListOfPeriods      = &answer{wrong: wrongPeriods, right: []string{"list"}} // an empty one
	someCategories      = &answer{wrong: wrongCategories}

	aListOfSessions = itemsWith(fields{
		required: []string{"session_id", "url", "org_id", "status", "acus_consumed", "tags", "pull_requests", "created_at", "updated_at"},
		texts:    []string{"title", "user_id", "origin", "category"}, instants: []string{"created_at", "updated_at"},
	}, nil)
	aListOfAPIKeys = itemsWith(fields{
		required: []string{"api_key_id", "created_at", "is_active"},
		texts:    []string{"api_key_name"}, instants: []string{"created_at", "expires_at", "last_used_at", "revoked_at"},
		never: []string{"expires_at", "last_used_at", "revoked_at"},
	}, nil)
	aListOfFindings = itemsWith(fields{
		required: []string{"finding_id"}, texts: []string{"title", "repo_name", "pr_url"}, instants: []string{"created_at"}, never: []string{"created_at"},
	}, nil)
	aListOfAuditLogs = itemsWith(fields{
		required: []string{"audit_log_id", "action", "created_at"}, texts: []string{"user_email", "org_id"}, instants: []string{"created_at"},
		optional: []string{"data"},
	}, map[string]wrong{"data text": {inItem("items", "data", "{}"), odd, true}})
	aListOfViolations = itemsWith(fields{
		required: []string{"violation_id", "guardrail_id", "created_at"},
		texts:    []string{"user_message", "session_id", "guardrail_name"}, instants: []string{"created_at"},
	}, nil)
	aListOfHypervisors = itemsWith(fields{
		required: []string{"hypervisor_id", "status"},
		texts:    []string{"cloud_provider_instance_id"}, instants: []string{"created_at", "last_heartbeat"},
		never: []string{"created_at", "last_heartbeat"}, optional: []string{"utilization_percentage"},
	}, map[string]wrong{"utilization negative": {inItem("items", "utilization_percentage", -1), odd, true}})

	aListOfLimits   = listOfLimits(taken)
	aLookupOfLimits = listOfLimits(odd) // a limit that is not on the list is not set, so that each has to be understood
	// Nothing in it: none is set.
	aBlockOfLimits = &answer{wrong: wrongBlocks, right: []string{"nothing in it"}}
)

// listOfLimits is a list of limits; nameless is the class of an organization's limit
// without an org_id.
func listOfLimits(nameless class) *answer {
	return itemsWith(fields{
		required: []string{"scope", "cycle_acu_limit"}, texts: []string{"scope"}, counts: []string{"cycle_acu_limit"},
	}, map[string]wrong{
		"an organization's without org_id": {edited(func(answer object) {
			answer["items"], answer["total"] = []any{object{"scope": "org", "cycle_acu_limit": 5}}, 1
		}), nameless, true},
		"a scope that is not known": {set("items", []any{object{"scope": "team", "cycle_acu_limit": 5}}), odd, true},
	})
}

// wrong is an answer with status 200 that differs from the true one.
type wrong struct {
	fault devintest.Fault
	class class // what the read must come to; fine: exactly the truth
	// sound is set where the check accepts it, whose probe reads no item and no sum.
	sound bool
}

// bareList is the name by which edited passes an answer that is a list itself.
const bareList = "[]"

// edited rewrites the true answer of a fake.
func edited(edit func(answer object)) devintest.Fault {
	return devintest.Fault{Rewrite: func(body []byte) []byte {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		var whole any
		if err := decoder.Decode(&whole); err != nil {
			panic(err)
		}
		answer, ok := whole.(object)
		if !ok {
			answer = object{bareList: whole}
		}
		edit(answer)
		if !ok {
			whole = answer[bareList]
		}
		encoded, err := json.Marshal(whole)
		if err != nil {
			panic(err)
		}
		return encoded
	}}
}

// set replaces a field of the answer; the value nothing{} removes it.
func set(field string, value any) devintest.Fault {
	return edited(func(answer object) { put(answer, field, value) })
}

type nothing struct{}

func put(o object, field string, value any) {
	if value == (nothing{}) {
		delete(o, field)
		return
	}
	if text, ok := value.(string); ok && strings.HasPrefix(text, "=") {
		value = json.RawMessage(text[1:]) // JSON as it stands, such as 45.0
	}
	o[field] = value
}

// inItem replaces a field of the first entry of a list.
func inItem(list, field string, value any) devintest.Fault {
	return edited(func(answer object) {
		if items, _ := answer[list].([]any); len(items) > 0 {
			if item, ok := items[0].(object); ok {
				put(item, field, value)
			}
		}
	})
}

// withList replaces a list.
func withList(list string, change func(items []any) []any) devintest.Fault {
	return edited(func(answer object) {
		items, _ := answer[list].([]any)
		answer[list] = change(items)
	})
}

// unknownFields adds fields that no documentation has, at every level.
func unknownFields(v any) {
	switch v := v.(type) {
	case object:
		for name, inner := range v {
			if name != "data" { // of an audit log, which is whatever Devin makes it
				unknownFields(inner)
			}
		}
		// An object with one of these is a map of numbers, with an open set of names.
		_, products := v["devin"]
		_, origins := v["webapp"]
		_, sizes := v["xs"]
		if !products && !origins && !sizes {
			v["unknown"] = object{"x": []any{1, nil}}
		}
	case []any:
		for _, inner := range v {
			unknownFields(inner)
		}
	}
}

func body(text string) devintest.Fault {
	return devintest.Fault{Body: text, ContentType: "application/json"}
}

// loginPage is what a proxy may answer instead of the API.
const loginPage = "<!DOCTYPE html><html><title>Sign in</title></html>"

// huge is more than the client expects of any answer.
var huge = bytes.Repeat([]byte("no "), 2<<20/3)

// wrongAnywhere are wrong answers of any endpoint.
func wrongAnywhere() map[string]wrong {
	return map[string]wrong{
		"HTML":             {devintest.Fault{Body: loginPage, ContentType: "text/html"}, notDevins, false},
		"unlabelled HTML":  {body("\ufeff \n" + loginPage), notDevins, false},
		"labelled HTML":    {devintest.Fault{ContentType: "text/html"}, notDevins, false},
		"empty":            {devintest.Fault{EmptyBody: true}, odd, false},
		"blank":            {body(" \n"), odd, false},
		"null":             {body("null"), odd, false},
		"list":             {body("[]"), odd, false},
		"text":             {body(`"ok"`), odd, false},
		"number":           {body("1"), odd, false},
		"nothing in it":    {body("{}"), odd, false},
		"an error's":       {body(`{"detail":"Unauthorized"}`), odd, false},
		"cut":              {devintest.Fault{Rewrite: func(b []byte) []byte { return b[:len(b)/2] }}, odd, false},
		"two":              {devintest.Fault{Rewrite: func(b []byte) []byte { return append(b, b...) }}, odd, false},
		"invalid UTF-8":    {devintest.Fault{Rewrite: func(b []byte) []byte { return bytes.Replace(b, []byte(`"`), []byte("\"\xff"), 1) }}, odd, false},
		"2 MiB of text":    {devintest.Fault{ContentType: "text/plain", Rewrite: func([]byte) []byte { return huge }}, odd, false},
		"unknown fields":   {edited(func(answer object) { unknownFields(answer) }), fine, true},
		"labelled as text": {devintest.Fault{ContentType: "text/plain"}, fine, true},
		"white space":      {devintest.Fault{Rewrite: func(b []byte) []byte { return append(append([]byte(" \r\n\t"), b...), '\n') }}, fine, true},
	}
}

// wrongLists are wrong answers of any list.
func wrongLists() map[string]wrong {
	return map[string]wrong{
		"items null":            {set("items", nil), odd, false},
		"items missing":         {set("items", nothing{}), odd, false},
		"items an object":       {set("items", object{}), odd, false},
		"items text":            {set("items", "none"), odd, false},
		"an item of text":       {set("items", []any{"x"}), odd, true},
		"has_next_page is text": {set("has_next_page", "no"), odd, false},
		"end_cursor a number":   {set("end_cursor", 7), odd, false},
		"total null":            {set("total", nil), fine, true},
		"total missing":         {set("total", nothing{}), fine, true},
		"total too small":       {set("total", 0), fine, true},
		"total too large":       {set("total", 1000), noticed, true},
		"total text":            {set("total", "many"), fine, true},
		"a page twice over":     {withList("items", func(items []any) []any { return append(items, items...) }), fine, true},
		"a page backwards": {withList("items", func(items []any) []any {
			slices.Reverse(items)
			return items
		}), fine, true},
		"no has_next_page, but a cursor": {edited(func(answer object) {
			if answer["has_next_page"] == true {
				delete(answer, "has_next_page")
			}
		}), fine, true},
	}
}

func wrongMembers() map[string]wrong {
	return map[string]wrong{
		"an item null":     {set("items", []any{nil}), odd, true},
		"user_id null":     {inItem("items", "user_id", nil), odd, true},
		"user_id missing":  {inItem("items", "user_id", nothing{}), odd, true},
		"user_id empty":    {inItem("items", "user_id", ""), odd, true},
		"user_id a number": {inItem("items", "user_id", 7), odd, true},
		"email a number":   {inItem("items", "email", 7), odd, true},
		"name a list":      {inItem("items", "name", []any{}), odd, true},

		"joined as text":       {inItem("items", "enterprise_joined_at", "2026-01-01"), odd, true},
		"joined in ms":         {inItem("items", "enterprise_joined_at", int64(1764921600000)), odd, true},
		"joined half a second": {inItem("items", "enterprise_joined_at", "=1764921600.5"), odd, true},
		"joined beyond 2^53":   {inItem("items", "enterprise_joined_at", "=9007199254740993"), odd, true},
		"a role null":          {inItem("items", "role_assignments", []any{nil}), odd, true},
		"a role of text":       {inItem("items", "role_assignments", []any{"admin"}), odd, true},
	}
}

func wrongConsumption() map[string]wrong {
	const days = "consumption_by_date"
	day := func(field string, value any) devintest.Fault { return inItem(days, field, value) }
	return map[string]wrong{
		"total null":          {set("total_acus", nil), odd, false},
		"total missing":       {set("total_acus", nothing{}), odd, false},
		"total text":          {set("total_acus", "3.5"), odd, false},
		"total beyond floats": {set("total_acus", "=1e999"), odd, false},
		"total beyond 2^53":   {set("total_acus", "=1e999999999"), odd, false},
		"total of no day":     {set("total_acus", 1e6), noticed, true},
		"days null":           {set(days, nil), odd, false},
		"days missing":        {set(days, nothing{}), odd, false},
		"days an object":      {set(days, object{}), odd, false},
		"a day null":          {set(days, []any{nil}), odd, false},
		"date null":           {day("date", nil), odd, false},
		"date missing":        {day("date", nothing{}), odd, false},
		"date text":           {day("date", "2026-10-26"), odd, false},
		"date in ms":          {day("date", int64(1764921600000)), odd, false},
		"date of 1970":        {day("date", 0), odd, false},
		"date negative":       {day("date", -1764921600), odd, false},
		"date with a half":    {day("date", "=1764921600.5"), odd, false},
		"date beyond 2^53":    {day("date", "=9007199254740993"), odd, false},
		"acus null":           {day("acus", nil), odd, false},
		"acus missing":        {day("acus", nothing{}), odd, false},
		"acus text":           {day("acus", "1"), odd, false},
		"products a list":     {day("acus_by_product", []any{1}), odd, false},
		"a product text":      {day("acus_by_product", object{"devin": "1"}), odd, false},
		"a day twice": {withList(days, func(items []any) []any {
			return append(items, items[:min(1, len(items))]...)
		}), odd, false},
		"days backwards": {withList(days, func(items []any) []any {
			slices.Reverse(items)
			return items
		}), fine, true},
		"dates as floats": {edited(func(answer object) {
			items, _ := answer[days].([]any)
			for _, item := range items {
				fields, _ := item.(object)
				number, _ := fields["date"].(json.Number)
				fields["date"] = json.RawMessage(number + ".0")
			}
		}), fine, true},
		"days outside the window": {edited(func(answer object) {
			items, _ := answer[days].([]any)
			if len(items) == 0 {
				return // days beside the window, and none in it, are odd
			}
			for _, date := range []int64{1792969200 - 30*86400, 1792969200 + 30*86400} {
				items = append(items, object{"date": date, "acus": 5, "acus_by_product": object{}})
			}
			total, _ := answer["total_acus"].(json.Number)
			sum, _ := total.Float64()
			answer[days], answer["total_acus"] = items, sum+10
		}), fine, true},
	}
}

func wrongPRs() map[string]wrong {
	all := map[string]wrong{
		"counts as floats": {edited(func(answer object) {
			for name, n := range maps.Clone(answer) {
				if number, ok := n.(json.Number); ok {
					answer[name] = json.RawMessage(number + ".0")
				}
			}
		}), fine, true},
		// Where nothing is created, the count shows that a filter is applied.
		"more merged than created": {edited(func(answer object) {
			if created, _ := answer["prs_created_count"].(json.Number); created != "0" {
				answer["prs_merged_count"] = 1e6
			}
		}), odd, true},
	}
	for _, count := range []string{
		"prs_created_count", "prs_opened_count", "prs_merged_count", "prs_closed_count",
		"prs_taken_over_count", "prs_taken_over_opened_count", "prs_taken_over_merged_count", "prs_taken_over_closed_count",
	} {
		for name, value := range map[string]any{
			"negative": -1, "text": "3", "a list": []any{}, "with a half": "=0.5", "beyond 2^53": "=9007199254740993", "beyond floats": "=1e999",
		} {
			all[count+" "+name] = wrong{set(count, value), odd, false}
		}
		if !strings.Contains(count, "taken_over") {
			all[count+" null"] = wrong{set(count, nil), odd, false}
			all[count+" missing"] = wrong{set(count, nothing{}), odd, false}
		}
	}
	return all
}

func wrongCycles() map[string]wrong {
	all := map[string]wrong{"a cycle null": {set("items", []any{nil}), odd, true}}
	for _, field := range []string{"after", "before"} {
		for name, value := range map[string]any{
			"null": nil, "missing": nothing{}, "text": "now", "in ms": int64(1764921600000), "of 1970": 0,
			"with a half": "=1764921600.5", "beyond 2^53": "=9007199254740993",
		} {
			all[field+" "+name] = wrong{inItem("items", field, value), odd, false}
		}
	}
	for _, name := range []string{"null", "missing", "of 1970"} {
		all["before "+name] = wrong{all["before "+name].fault, taken, false} // a cycle that is open
	}
	all["backwards in time"] = wrong{inItem("items", "before", 1600000000), odd, false}
	return all
}

func wrongPrincipal() map[string]wrong {
	return map[string]wrong{
		"type a number":   {set("principal_type", 7), odd, false},
		"org_id a number": {set("org_id", 7), odd, false},
		"name an object":  {set("service_user_name", object{}), odd, false},
	}
}

func wrongUsage() map[string]wrong {
	all := wrongCounts("sessions_count", "searches_count", "prs_created_count", "prs_merged_count")
	all["more merged than created"] = wrong{edited(func(answer object) { answer["prs_merged_count"] = 1e6 }), taken, false}
	return all
}

// everythingWrong are all wrong answers of a kind.
func (a *answer) everythingWrong() map[string]wrong {
	all := wrongAnywhere()
	for _, name := range a.right {
		delete(all, name)
	}
	if a.list {
		maps.Copy(all, wrongLists())
	}
	if a.wrong != nil {
		maps.Copy(all, a.wrong())
	}
	return all
}

func TestMatrixOfWrongAnswers(t *testing.T) {
	t.Parallel()
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		anywhere := wrongAnywhere()
		for name, w := range e.answer.everythingWrong() {
			if _, ok := anywhere[name]; !ok && underRace {
				continue
			}
			c := w.class
			if w.sound && strings.HasPrefix(s.name, "the check") {
				c = fine
			}
			cell(t, name, s, e, c, func(b *bubble) { b.Fault(e.path, w.fault) })
		}
	})
}

// wrongCounts are wrong answers with counts that are required.
func wrongCounts(counts ...string) map[string]wrong {
	all := map[string]wrong{}
	for _, count := range counts {
		for name, value := range map[string]any{
			"null": nil, "missing": nothing{}, "negative": -1, "text": "3", "a list": []any{}, "with a half": "=0.5", "beyond 2^53": "=9007199254740993",
		} {
			all[count+" "+name] = wrong{set(count, value), odd, false}
		}
	}
	return all
}

func wrongSessions() map[string]wrong {
	all := wrongCounts("sessions_created_count", "sessions_created_with_playbook_count", "sessions_created_with_search_count", "sessions_with_merged_prs_count")
	for _, counts := range []string{"sessions_created_by_origin", "sessions_created_by_size", "sessions_with_merged_prs_by_size"} {
		for name, value := range map[string]any{
			"null": nil, "missing": nothing{}, "a list": []any{1}, "negative": object{"xs": -1}, "text": object{"xs": "1"}, "with a half": object{"xs": 0.5},
		} {
			all[counts+" "+name] = wrong{set(counts, value), odd, false}
		}
	}
	all["average text"] = wrong{set("avg_acus_per_session", "2"), odd, false}
	all["average null"] = wrong{set("avg_acus_per_session", nil), taken, false}
	all["more with a playbook than there are"] = wrong{set("sessions_created_with_playbook_count", 1e6), noticed, false}
	return all
}

func wrongCategories() map[string]wrong {
	const list = "categories"
	all := map[string]wrong{
		"categories null":    {set(list, nil), odd, false},
		"categories missing": {set(list, nothing{}), odd, false},
		"categories text":    {set(list, "none"), odd, false},
		"a category null":    {set(list, []any{nil}), odd, false},
		"categories backwards": {withList(list, func(items []any) []any {
			slices.Reverse(items)
			return items
		}), fine, true},
	}
	for _, field := range []string{"category", "acus", "sessions_count", "subcategories"} {
		for name, value := range map[string]any{"null": nil, "missing": nothing{}, "an object": object{}} {
			all[field+" "+name] = wrong{inItem(list, field, value), odd, false}
		}
	}
	return all
}

// wrongPeriods are wrong lists of periods.
func wrongPeriods() map[string]wrong {
	all := map[string]wrong{
		"a period null": {set(bareList, []any{nil}), odd, false},
		"a period twice": {withList(bareList, func(items []any) []any {
			return append(items, items...)
		}), noticed, false},
	}
	for _, field := range []string{"active_users", "start_time", "end_time"} {
		for name, value := range map[string]any{"null": nil, "missing": nothing{}, "text": "3", "with a half": "=0.5", "beyond 2^53": "=9007199254740993"} {
			all[field+" "+name] = wrong{inItem(bareList, field, value), odd, false}
		}
	}
	all["start_time in ms"] = wrong{inItem(bareList, "start_time", int64(1764921600000)), odd, false}
	all["end_time before start_time"] = wrong{inItem(bareList, "end_time", 1600000000), odd, false}
	all["active_users negative"] = wrong{inItem(bareList, "active_users", -1), odd, false}
	return all
}

func wrongScans() map[string]wrong {
	all := wrongCounts("scans_count", "repos_scanned_count", "open_critical_findings_count", "open_high_findings_count",
		"open_medium_findings_count", "open_low_findings_count", "prs_created_count", "prs_open_count", "prs_merged_count", "prs_closed_count")
	all["more merged than created"] = wrong{edited(func(answer object) { answer["prs_merged_count"] = 1e6 }), taken, false}
	for _, average := range []string{"avg_pr_open_duration_seconds", "avg_pr_time_to_merge_seconds"} {
		all[average+" text"] = wrong{set(average, "1"), odd, false}
		all[average+" negative"] = wrong{set(average, -1), odd, false}
	}
	return all
}

// fields of the items of a list.
type fields struct {
	required, texts, instants, counts []string
	// never are the instants that may be 0 for never; optional is what may be null.
	never, optional []string
}

// itemsWith is a list of items with fields; more are further wrong answers.
func itemsWith(of fields, more map[string]wrong) *answer {
	return &answer{list: true, wrong: func() map[string]wrong {
		all := map[string]wrong{"an item null": {set("items", []any{nil}), odd, true}}
		each := func(names []string, c class, values map[string]any) {
			for _, field := range names {
				for name, value := range values {
					all[field+" "+name] = wrong{inItem("items", field, value), c, true}
				}
			}
		}
		each(of.required, odd, map[string]any{"null": nil, "missing": nothing{}})
		each(of.texts, odd, map[string]any{"a number": 7, "an object": object{}})
		each(of.instants, odd, map[string]any{"text": "now", "in ms": int64(1764921600000), "of 1970": 0, "with a half": "=1764921600.5", "beyond 2^53": "=9007199254740993"})
		each(of.counts, odd, map[string]any{"negative": -1, "with a half": "=0.5"})
		each(of.never, taken, map[string]any{"of 1970": 0})
		each(of.optional, taken, map[string]any{"null": nil, "missing": nothing{}})
		maps.Copy(all, more)
		return all
	}}
}

// wrongBlocks are wrong limits of agents.
func wrongBlocks() map[string]wrong {
	all := map[string]wrong{
		// An object without a single known field may be one of another kind.
		"unknown fields alone": {body(`{"cloudAgent":{"cycle_acu_limit":5}}`), odd, false},
		"unknown fields": {edited(func(answer object) {
			if len(answer) > 0 {
				unknownFields(answer)
			}
		}), fine, false},
	}
	for name, block := range map[string]any{
		"a list": []any{}, "text": "none", "a number": 5, "negative": object{"cycle_acu_limit": -1}, "text in it": object{"cycle_acu_limit": "5"},
		"a half in it": object{"cycle_acu_limit": 0.5}, "a number for an id": object{"billing_org_id": 7},
	} {
		all["local_agent "+name] = wrong{set("local_agent", block), odd, false}
	}
	return all
}

func TestMatrixOfPages(t *testing.T) {
	t.Parallel()
	cases := map[string]wrong{
		"the same cursor again":    {devintest.Fault{RepeatCursor: true}, odd, true},
		"no cursor":                {devintest.Fault{DropCursor: true}, odd, true},
		"an empty cursor":          {edited(func(answer object) { answer["has_next_page"], answer["end_cursor"] = true, "" }), odd, true},
		"cursors in a circle":      {devintest.Fault{CursorCycle: true}, odd, true},
		"empty pages for ever":     {devintest.Fault{EmptyPageWithMore: true}, odd, true},
		"an empty page in between": {devintest.Fault{EmptyPageWithMore: true, Skip: 1, Times: 1}, fine, true},
		"larger than asked for":    {devintest.Fault{Oversize: true}, fine, true},
	}
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		if !e.answer.list || e.readInPart {
			return
		}
		for name, w := range cases {
			c := w.class
			if s.endpoints[0].path == selfPath {
				c = fine // a probe needs no second page
			}
			// Small pages, so that the shortest list has several.
			cellOf(t, devintest.Options{PageSize: 1, Members: 20, ServiceUsers: 12}, name, s, e, c, func(b *bubble) { b.Fault(e.path, w.fault) })
		}
	})
}
