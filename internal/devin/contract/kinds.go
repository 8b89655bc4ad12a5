package contract

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Kinds of assumptions. name, where, open and says are those of an assumption.

func (a assumption) enterpriseOnly() assumption {
	a.enterprise = true
	return a
}

// beside asks another question first, so that the assumption is not refuted where the key
// lacks a permission.
func (a assumption) beside(q question) assumption {
	a.of = q
	return a
}

type statuses []int

// byAnswer is judged by an answer 200.
func byAnswer(name, where, open, says string, of question, judge func(*run, answer) verdict) assumption {
	return assumption{name: name, where: where, open: open, says: says, of: of, judge: judge}
}

// byStatus is confirmed or refuted by the status of an answer.
func byStatus(name, where, open, says string, q question, confirming, refuting statuses) assumption {
	return byAnswer(name, where, open, says, nil, func(r *run, _ answer) verdict { return judgeStatus(q(r), confirming, refuting) })
}

func judgeStatus(a answer, confirming, refuting statuses) verdict {
	switch {
	case !a.isDevins():
		return cannotTell(a.reason())
	case slices.Contains(confirming, a.status):
		return yes()
	case slices.Contains(refuting, a.status):
		return no("")
	}
	return cannotTell(a.reason())
}

// refused holds where Devin refuses a request as invalid, and accepted where it does not.
func refused(name, where, open, says string, q question) assumption {
	return byStatus(name, where, open, says, q, statuses{400, 422}, statuses{200})
}

func accepted(name, where, open, says string, q question) assumption {
	return byStatus(name, where, open, says, q, statuses{200}, statuses{400, 422})
}

// byError is judged by the form of an error with one of these statuses.
func byError(name, open, says string, q question, with statuses, is func(answer) bool) assumption {
	return byAnswer(name, "messages", open, says, nil, func(r *run, _ answer) verdict {
		a := q(r)
		if !a.isDevins() || !slices.Contains(with, a.status) {
			return cannotTell(a.reason())
		}
		return verdictOf(is(a))
	})
}

// fields holds where the documented fields come, and no others. items picks the objects.
func fields(what, where, open string, of question, items func(answer) []object, known ...string) assumption {
	return byAnswer("fields-of-"+what, where, open, "The documented fields come, and no others.", of, func(_ *run, a answer) verdict {
		seen := map[string]bool{}
		for _, item := range items(a) {
			for name := range item {
				seen[name] = true
			}
		}
		if len(seen) == 0 {
			return cannotTell("there is none")
		}
		isKnown := func(name string) bool { return slices.Contains(known, name) }
		beyond := slices.DeleteFunc(sortedKeys(seen), isKnown)
		missing := slices.DeleteFunc(slices.Clone(known), func(name string) bool { return seen[name] })
		var notes []string
		if len(missing) > 0 {
			notes = append(notes, "without "+publishable(missing))
		}
		if len(beyond) > 0 {
			notes = append(notes, "beyond: "+publishable(beyond))
		}
		if len(notes) > 0 {
			return no(strings.Join(notes, "; "))
		}
		return yes()
	})
}

// Objects for fields.

func wholeBody(a answer) []object { return []object{a.object()} }

func rowsOf(a answer) []object { return objects(a.object()["consumption_by_date"]) }

func productsOf(a answer) []object {
	var all []object
	for _, row := range rowsOf(a) {
		if products, ok := row["acus_by_product"].(object); ok {
			all = append(all, products)
		}
	}
	return all
}

func elementsAt(key string) func(answer) []object {
	return func(a answer) []object { return objects(a.object()[key]) }
}

func objectAt(key string) func(answer) []object {
	return func(a answer) []object {
		o, _ := a.object()[key].(object)
		return []object{o}
	}
}

// filterWorks holds where a filter with a value that nothing has leaves nothing. A refusal
// of the value also proves that Devin evaluates the filter.
func filterWorks(what, where, open string, of question, key string) assumption {
	var more []string
	for key := range strings.SplitSeq(key, " and ") {
		value := inventedID
		if strings.HasPrefix(key, "min_") {
			value = "1000000000"
		}
		more = append(more, key, value)
	}
	filter := byAnswer(what+"-obey-"+strings.ReplaceAll(key, " and ", "-"), where, open, "The filter "+key+" is respected.", of, func(r *run, a answer) verdict {
		if size(a) == 0 {
			return cannotTell("there is nothing without the filter")
		}
		filtered := of(r, more...)
		if filtered.ok {
			return verdictOf(size(filtered) == 0)
		}
		return judgeStatus(filtered, statuses{400, 403, 404, 422}, nil)
	})
	filter.enterprise = key == "org_ids"
	return filter
}

func filtersWork(what, where, open string, of question, keys ...string) []assumption {
	var all []assumption
	for _, key := range keys {
		all = append(all, filterWorks(what, where, open, of, key))
	}
	return all
}

// enumFilterWorks is filterWorks for a filter with fixed values: with one that the first
// item does not have, every item must have it.
func enumFilterWorks(what, where, open string, of question, key string, values ...string) assumption {
	return byAnswer(what+"-obey-"+key, where, open, "The filter "+key+" is respected.", of, func(r *run, a answer) verdict {
		items := a.items()
		if len(items) == 0 {
			return cannotTell("there is none")
		}
		valueOf := func(item object) string {
			if is, ok := item[key].(bool); ok || slices.Contains(values, "false") {
				return strconv.FormatBool(is) // false is the documented default
			}
			return strings.ToLower(text(item, key))
		}
		value := valueOf(items[0])
		if value == "" {
			return cannotTell("an item does not show it")
		}
		wanted := values[slices.IndexFunc(values, func(other string) bool { return other != value })]
		filtered := of(r, key, wanted)
		if !filtered.ok {
			return cannotTell(filtered.reason())
		}
		return verdictOf(!slices.ContainsFunc(filtered.items(), func(item object) bool { return valueOf(item) != wanted }))
	})
}

// unknownUsesNothing holds where consumption of an id that does not exist is 0.
func unknownUsesNothing(what, where, path string) assumption {
	q := ask(path+inventedID, days(30))
	return byAnswer("unknown-"+strings.ReplaceAll(what, " ", "-")+"-has-no-use", where, "15",
		"Consumption of a "+what+" that does not exist is answered 200 and 0.", nil,
		func(r *run, _ answer) verdict {
			a := q(r)
			if total, isNumber := number(a.object(), "total_acus"); a.ok && (!isNumber || total != 0) {
				return no("it is not 0")
			}
			return judgeStatus(a, statuses{200}, statuses{403, 404})
		}).beside(consumption)
}

// defaultLeavesOut holds where a list by default has only items with one value, and
// the whole list has others.
func defaultLeavesOut(name, where, open, says string, byDefault, whole question, key string, value any) assumption {
	return byAnswer(name, where, open, says, byDefault, func(r *run, a answer) verdict {
		all := whole(r)
		other := func(item object) bool { return item[key] != value }
		switch {
		case !all.ok:
			return cannotTell(all.reason())
		case slices.ContainsFunc(a.items(), other):
			return no("")
		case slices.ContainsFunc(all.items(), other):
			return yes()
		}
		return cannotTell("there is nothing to leave out")
	}).enterpriseOnly()
}

// ofCycles holds where each pair of adjacent cycles on the list is so.
func ofCycles(name, says string, holds func(a, b object) bool) assumption {
	return byAnswer(name, "devin_billing_cycles", "4.2", says, cycles, func(_ *run, a answer) verdict {
		all := a.items()
		if len(all) < 2 {
			return cannotTell("there are not two cycles")
		}
		for i := range all[1:] {
			if !holds(all[i], all[i+1]) {
				return no("")
			}
		}
		return yes()
	}).enterpriseOnly()
}

// unsetIsAbsent holds where a field that is not set is absent, and not null.
func unsetIsAbsent(name, where, says string, of question, keys ...string) assumption {
	return byAnswer(name, where, "4.4", says, of, func(_ *run, a answer) verdict {
		v := cannotTell("all are set")
		for _, key := range keys {
			value, there := a.object()[key]
			if there && value == nil {
				return no("it is null")
			}
			if !there {
				v = yes()
			}
		}
		return v
	}).enterpriseOnly()
}

// partsAddUp holds where the counts under key add up to the sessions created.
func partsAddUp(name, says, key string) assumption {
	return byAnswer(name, "devin_session_metrics", "40", says, sessionMetrics, func(_ *run, a answer) verdict {
		created, _ := number(a.object(), "sessions_created_count")
		parts, _ := a.object()[key].(object)
		if created == 0 || parts == nil {
			return cannotTell("there is nothing to add up")
		}
		return verdictOf(sumOf(parts) == created)
	})
}

// forAll holds where every item is so.
func forAll(items []object, holds func(object) bool) verdict {
	if len(items) == 0 {
		return cannotTell("there is none")
	}
	return verdictOf(!slices.ContainsFunc(items, func(item object) bool { return !holds(item) }))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
