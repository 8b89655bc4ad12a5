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

// loginPage is what a proxy may answer in the API's place.
const loginPage = "<!DOCTYPE html><html><title>Sign in</title></html>"

// wrongAnywhere is wrong for each endpoint.
func wrongAnywhere() map[string]wrong {
	huge := []byte(strings.Repeat("no ", 10<<20/3))
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
		"10 MiB of text":   {devintest.Fault{ContentType: "text/plain", Rewrite: func([]byte) []byte { return huge }}, odd, false},
		"unknown fields":   {edited(func(answer object) { unknownFields(answer) }), fine, true},
		"labelled as text": {devintest.Fault{ContentType: "text/plain"}, fine, true},
		"white space":      {devintest.Fault{Rewrite: func(b []byte) []byte { return append(append([]byte(" \r\n\t"), b...), '\n') }}, fine, true},
	}
}

// wrongLists is wrong for each list.
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
	}
}

// wrongBesidesWho is wrong for what a list of members says beside who they are.
func wrongBesidesWho() map[string]wrong {
	return map[string]wrong{
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
		// One of many, or it would be no difference. What counts nothing shows that a
		// filter is applied.
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

func wrongSelf() map[string]wrong {
	return map[string]wrong{
		"type a number":   {set("principal_type", 7), odd, false},
		"org_id a number": {set("org_id", 7), odd, false},
		"name an object":  {set("service_user_name", object{}), odd, false},
	}
}

// wrongAnywhereFor is wrongAnywhere without what is right for a kind.
func wrongAnywhereFor(k kind) map[string]wrong {
	all := wrongAnywhere()
	switch k {
	case aListOfPeriods:
		delete(all, "list") // an empty one is a list of periods
	case aBlockOfLimits:
		delete(all, "nothing in it") // means that none is set
		// An object without a single known field may be one of another kind.
		all["unknown fields alone"] = wrong{body(`{"cloudAgent":{"cycle_acu_limit":5}}`), odd, false}
		all["unknown fields"] = wrong{edited(func(answer object) {
			if len(answer) > 0 {
				unknownFields(answer)
			}
		}), fine, false}
	}
	return all
}

func wrongFor(k kind) map[string]wrong {
	all := wrongAnywhereFor(k)
	switch k {
	case aListOfUsers, aListOfIDPUsers:
		maps.Copy(all, wrongLists())
		maps.Copy(all, wrongMembers())
		maps.Copy(all, wrongBesidesWho())
	case aListOfOrganizations, aListOfServiceUsers:
		maps.Copy(all, wrongLists())
	case aListOfCycles:
		maps.Copy(all, wrongLists())
		maps.Copy(all, wrongCycles())
	case aConsumption:
		maps.Copy(all, wrongConsumption())
	case aCountOfPRs:
		maps.Copy(all, wrongPRs())
	case aCountOfSessions:
		maps.Copy(all, wrongSessions())
	case aCountOfUsage:
		maps.Copy(all, wrongCounts("sessions_count", "searches_count", "prs_created_count", "prs_merged_count"))
		all["more merged than created"] = wrong{edited(func(answer object) { answer["prs_merged_count"] = 1e6 }), taken, false}
	case someCategories:
		maps.Copy(all, wrongCategories())
	case aQueue:
		maps.Copy(all, wrongCounts("queue_size"))
		all["status null"] = wrong{set("status", nil), odd, false}
		all["a status that is not known yet"] = wrong{set("status", "elevated"), fine, false}
	case aPrincipal:
		maps.Copy(all, wrongSelf())
	case aListOfPeriods:
		maps.Copy(all, wrongPeriods())
	case aCountOfActiveUsers:
		maps.Copy(all, wrongCounts("active_users"))
	case aCountOfScans:
		maps.Copy(all, wrongScans())
	case aListOfLimits, aLookupOfLimits:
		maps.Copy(all, wrongLists())
		maps.Copy(all, wrongItems(k))
	case aBlockOfLimits:
		maps.Copy(all, wrongBlocks())
	case aListOfSessions, aListOfAPIKeys, aListOfFindings, aListOfAuditLogs, aListOfViolations, aListOfHypervisors:
		maps.Copy(all, wrongLists())
		maps.Copy(all, wrongItems(k))
	}
	return all
}

func TestMatrixOfWrongAnswers(t *testing.T) {
	t.Parallel()
	eachEndpoint(t, func(t *testing.T, s subject, e endpoint) {
		all := wrongFor(e.kind)
		if underRace {
			all = wrongAnywhereFor(e.kind)
		}
		for name, w := range all {
			c := w.class
			if w.sound && strings.HasPrefix(s.name, "the check") {
				c = fine
			}
			cell(t, name, s, e, c, func(b *bubble) { b.Fault(e.path, w.fault) })
		}
	})
}
