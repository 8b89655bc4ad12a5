package contract

import (
	"net/http"
	"slices"
	"strings"
)

// Kinds of assumptions, of which there are many each.

func (a assumption) ofEnterprise() assumption {
	a.enterprise = true
	return a
}

// fields is about which of the documented fields come, and which others.
func fields(what, where, open string, of question, items func(answer) []object, known ...string) assumption {
	return assumption{
		name: "fields-of-" + what, says: "The documented fields come, and no others.", where: where, open: open, of: of,
		tell: func(_ *run, a answer) verdict {
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
			return yes("")
		},
	}
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
	return assumption{
		name: what + "-obey-" + strings.ReplaceAll(key, " and ", "-"), says: "The filter " + key + " is respected.", where: where, open: open,
		enterprise: key == "org_ids", of: of,
		tell: func(r *run, a answer) verdict {
			if size(a) == 0 {
				return cannotTell("there is nothing without the filter")
			}
			filtered := of(r, more...)
			if filtered.ok {
				return either(size(filtered) == 0)
			}
			return byStatus(filtered, []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity}, nil)
		},
	}
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
	return assumption{
		name: what + "-obey-" + key, says: "The filter " + key + " is respected.", where: where, open: open, of: of,
		tell: func(r *run, a answer) verdict {
			items := a.items()
			if len(items) == 0 {
				return cannotTell("there is none")
			}
			value, there := asText(items[0][key])
			if !there {
				return cannotTell("an item does not show it")
			}
			wanted := values[slices.IndexFunc(values, func(other string) bool { return other != value })]
			filtered := of(r, key, wanted)
			if !filtered.ok {
				return cannotTell(filtered.reason())
			}
			return either(!slices.ContainsFunc(filtered.items(), func(item object) bool {
				value, _ := asText(item[key])
				return value != wanted
			}))
		},
	}
}

func asText(value any) (string, bool) {
	if is, ok := value.(bool); ok {
		return map[bool]string{true: "true", false: "false"}[is], true
	}
	text, ok := value.(string)
	return text, ok
}

// unknown is about the consumption of what does not exist.
func unknown(what, where, path string) assumption {
	return assumption{
		name: "unknown-" + what + "-has-no-use", says: "Consumption of a " + what + " that does not exist is answered 200 and 0.", where: where, open: "15",
		tell: func(r *run, _ answer) verdict {
			a := r.get(path, days(30)(r), invented)
			if total, isNumber := number(a.object(), "total_acus"); a.ok && (!isNumber || total != 0) {
				return no("it is not 0")
			}
			return byStatus(a, []int{http.StatusOK}, []int{http.StatusForbidden, http.StatusNotFound})
		},
	}
}

// longest is that a window of 101 days is refused.
func longest(name, what, where string, of question, window windowOf) assumption {
	return assumption{
		name: name, says: "More than 100 days of " + what + " are refused.", where: where, open: "12",
		tell: func(r *run, _ answer) verdict {
			w := window(r)
			return refused(of(r, "time_after", w.Get("time_after"), "time_before", w.Get("time_before")))
		},
	}
}

// ofCycles is about each cycle on the list and the one after it.
func ofCycles(name, says string, holds func(a, b object) bool) assumption {
	return assumption{
		name: name, says: says, where: "devin_billing_cycles", open: "4.2", enterprise: true, of: cycles,
		tell: func(_ *run, a answer) verdict {
			all := a.items()
			if len(all) < 2 {
				return cannotTell("there are not two cycles")
			}
			for i := range all[1:] {
				if !holds(all[i], all[i+1]) {
					return no("")
				}
			}
			return yes("")
		},
	}
}

// leavesOut is that what is not set is not there, rather than null.
func leavesOut(name, says, where string, of question, keys ...string) assumption {
	return assumption{
		name: name, says: says, where: where, open: "4.4", enterprise: true, of: of,
		tell: func(_ *run, a answer) verdict {
			v := cannotTell("all are set")
			for _, key := range keys {
				value, there := a.object()[key]
				if there && value == nil {
					return no("it is null")
				}
				if !there {
					v = yes("")
				}
			}
			return v
		},
	}
}

// sumsUp is that the parts of the sessions created are all of them.
func sumsUp(name, says, key string) assumption {
	return assumption{
		name: name, says: says, where: "devin_session_metrics", open: "40", of: sessionMetrics,
		tell: func(_ *run, a answer) verdict {
			created, _ := number(a.object(), "sessions_created_count")
			parts, _ := a.object()[key].(object)
			if created == 0 || parts == nil {
				return cannotTell("there is nothing to add up")
			}
			return either(sumOf(parts) == created)
		},
	}
}
