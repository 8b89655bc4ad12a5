package acceptance

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// wrong is an answer with status 200 that is not as it should be.
type wrong struct {
	fault devintest.Fault
	class class // what the read must come to; fine: exactly the truth
	// sound is set where the check's probe, which looks at no item and no sum, passes.
	sound bool
}

// bareList is where a list without an envelope is in an answer to be edited.
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

// set replaces a field of the answer; nothing takes it out.
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

// withList puts another list in the place of one.
func withList(list string, change func(items []any) []any) devintest.Fault {
	return edited(func(answer object) {
		items, _ := answer[list].([]any)
		answer[list] = change(items)
	})
}

// unknownFields adds what nobody has heard of, at every level.
func unknownFields(v any) {
	switch v := v.(type) {
	case object:
		for name, inner := range v {
			if name != "data" { // of an audit log, which is whatever Devin makes it
				unknownFields(inner)
			}
		}
		// What has these has an open set of names, each with a number.
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
