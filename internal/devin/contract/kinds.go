package contract

import (
	"slices"
	"strconv"
	"strings"
)

// Kinds of assumptions, of which there are many each.

func (a assumption) ofEnterprise() assumption {
	a.enterprise = true
	return a
}

// beside has a question answered first, so that a refusal of the one that tells is
// not due to a permission that the key lacks.
func (a assumption) beside(q question) assumption {
	a.of = q
	return a
}

type statuses []int

// about is an assumption that an answer 200 tells about.
func about(name, where, open, says string, of question, tell func(*run, answer) verdict) assumption {
	return assumption{name: name, where: where, open: open, says: says, of: of, tell: tell}
}

// byStatus is one that a status alone confirms or refutes.
func byStatus(name, where, open, says string, q question, confirming, refuting statuses) assumption {
	return about(name, where, open, says, nil, func(r *run, _ answer) verdict { return told(q(r), confirming, refuting) })
}

func told(a answer, confirming, refuting statuses) verdict {
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

// refused is that a request is called invalid, and accepted that it is not.
func refused(name, where, open, says string, q question) assumption {
	return byStatus(name, where, open, says, q, statuses{400, 422}, statuses{200})
}

func accepted(name, where, open, says string, q question) assumption {
	return byStatus(name, where, open, says, q, statuses{200}, statuses{400, 422})
}

// ofError is about the form of an error with one of these statuses.
func ofError(name, open, says string, q question, with statuses, is func(answer) bool) assumption {
	return about(name, "messages", open, says, nil, func(r *run, _ answer) verdict {
		a := q(r)
		if !a.isDevins() || !slices.Contains(with, a.status) {
			return cannotTell(a.reason())
		}
		return either(is(a))
	})
}

// fields is about which of the documented fields come, and which others.
func fields(what, where, open string, of question, items func(answer) []object, known ...string) assumption {
	return about("fields-of-"+what, where, open, "The documented fields come, and no others.", of, func(_ *run, a answer) verdict {
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
			notes = append(notes, "without "+shown(missing))
		}
		if len(beyond) > 0 {
			notes = append(notes, "beyond: "+shown(beyond))
		}
		if len(notes) > 0 {
			return no(strings.Join(notes, "; "))
		}
		return yes()
	})
}

// Where the items of fields are.

func itself(a answer) []object { return []object{a.object()} }

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

func listed(key string) func(answer) []object {
	return func(a answer) []object { return objects(a.object()[key]) }
}

func under(key string) func(answer) []object {
	return func(a answer) []object {
		o, _ := a.object()[key].(object)
		return []object{o}
	}
}

// obeys is that a filter is respected: with a value that nothing has, nothing is
// counted or listed. An answer that refuses the value has looked for it.
func obeys(what, where, open string, of question, key string) assumption {
	var more []string
	for _, key := range strings.Split(key, " and ") {
		value := invented
		if strings.HasPrefix(key, "min_") {
			value = "1000000000"
		}
		more = append(more, key, value)
	}
	filter := about(what+"-obey-"+strings.ReplaceAll(key, " and ", "-"), where, open, "The filter "+key+" is respected.", of, func(r *run, a answer) verdict {
		if size(a) == 0 {
			return cannotTell("there is nothing without the filter")
		}
		filtered := of(r, more...)
		if filtered.ok {
			return either(size(filtered) == 0)
		}
		return told(filtered, statuses{400, 403, 404, 422}, nil)
	})
	filter.enterprise = key == "org_ids"
	return filter
}

func obeysEach(what, where, open string, of question, keys ...string) []assumption {
	var all []assumption
	for _, key := range keys {
		all = append(all, obeys(what, where, open, of, key))
	}
	return all
}

// shows is that a filter is respected whose values are fixed: with one that the
// first item does not have, every item has it.
func shows(what, where, open string, of question, key string, values ...string) assumption {
	return about(what+"-obey-"+key, where, open, "The filter "+key+" is respected.", of, func(r *run, a answer) verdict {
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
		return either(!slices.ContainsFunc(filtered.items(), func(item object) bool { return valueOf(item) != wanted }))
	})
}

// unknown is about the consumption of what does not exist.
func unknown(what, where, path string) assumption {
	q := ask(path+invented, days(30))
	return about("unknown-"+strings.ReplaceAll(what, " ", "-")+"-has-no-use", where, "15",
		"Consumption of a "+what+" that does not exist is answered 200 and 0.", nil,
		func(r *run, _ answer) verdict {
			a := q(r)
			if total, isNumber := number(a.object(), "total_acus"); a.ok && (!isNumber || total != 0) {
				return no("it is not 0")
			}
			return told(a, statuses{200}, statuses{403, 404})
		}).beside(consumption)
}

// narrows is that one list leaves out what has another value than the one given,
// and another list does not.
func narrows(name, where, open, says string, narrow, whole question, key string, value any) assumption {
	return about(name, where, open, says, narrow, func(r *run, a answer) verdict {
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
	}).ofEnterprise()
}

// ofCycles is about each cycle on the list and the one after it.
func ofCycles(name, says string, holds func(a, b object) bool) assumption {
	return about(name, "devin_billing_cycles", "4.2", says, cycles, func(_ *run, a answer) verdict {
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
	}).ofEnterprise()
}

// leavesOut is that what is not set is not there, rather than null.
func leavesOut(name, where, says string, of question, keys ...string) assumption {
	return about(name, where, "4.4", says, of, func(_ *run, a answer) verdict {
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
	}).ofEnterprise()
}

// sumsUp is that the parts of the sessions created are all of them.
func sumsUp(name, says, key string) assumption {
	return about(name, "devin_session_metrics", "40", says, sessionMetrics, func(_ *run, a answer) verdict {
		created, _ := number(a.object(), "sessions_created_count")
		parts, _ := a.object()[key].(object)
		if created == 0 || parts == nil {
			return cannotTell("there is nothing to add up")
		}
		return either(sumOf(parts) == created)
	})
}
