package contract

import (
	"errors"
	"net/http"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// answer is what the API sent.
type answer struct {
	status      int  // 0 where there was none
	ok          bool // a 200 whose body is JSON
	body        any
	title       string // of a ProblemDetail
	contentType string
	err         error
}

// isDevins reports whether the answer is one of the API, and not the page of a proxy or a
// firewall, whose status says nothing about Devin.
func (a answer) isDevins() bool {
	return a.ok || a.status != 0 && a.status != http.StatusOK && !errors.Is(a.err, rest.ErrNotDevin)
}

// reason says why nothing can be judged by the answer.
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

// items returns the items of a page.
func (a answer) items() []object { return objects(a.object()["items"]) }

func array(value any) []any {
	elements, _ := value.([]any)
	return elements
}

// objects returns the objects in an array.
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

// instant returns a time in Unix seconds; 0 where there is none.
func instant(o object, key string) int64 {
	n, _ := number(o, key)
	return int64(n)
}

func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// first returns the first text that an item has under a key.
func (a answer) first(key string) string {
	for _, item := range a.items() {
		if s := text(item, key); s != "" {
			return s
		}
	}
	return ""
}

// size is the number of items and the sum of the counts in an answer.
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

func hasKey(o object, key string) verdict {
	_, there := o[key]
	return verdictOf(there)
}

func hasNumber(o object, key string) verdict {
	value, there := o[key]
	switch _, is := value.(float64); {
	case is:
		return yes()
	case !there:
		return no("it is missing")
	case value == nil:
		return no("it is null")
	}
	return no("it is of another type")
}
