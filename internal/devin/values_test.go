package devin

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// readAs is how a value is shown after it was read as T, or the error.
func readAs[T any](text string) string {
	var value T
	if err := json.Unmarshal([]byte(text), &value, jsontext.AllowInvalidUTF8(true)); err != nil {
		return err.Error()
	}
	return fmt.Sprint(value)
}

func TestValuesAreCheckedByTheirTypes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		read func(string) string
		want map[string]string // by text
	}{
		"a count": {readAs[Count], map[string]string{
			"0": "0", "2.0": "2", "1e3": "1000", "9007199254740992": "9007199254740992",
			"-1": "-1 is negative", "1.5": "1.5 is not an integer", "9007199254740993": "9007199254740993 is not an integer",
			`"1"`: `"1" is not an integer`, "1e400": "1e400 is not an integer", "[]": "[] is not an integer",
		}},
		"ACUs": {readAs[ACUs], map[string]string{
			"-0.25": "-0.25", "0": "0", "1e12": "1e+12",
			"1.1e12": "1.1e+12 ACUs are more than an enterprise can consume", "-1e300": "-1e+300 ACUs are more than", `"1"`: "JSON string",
		}},
		"a percentage": {readAs[Percent], map[string]string{"0": "0", "12.5": "12.5", "140": "140", "-1": "-1 is negative"}},
		"seconds":      {readAs[Seconds], map[string]string{"0": "0", "86400.5": "86400.5", "-0.5": "-0.5 is negative"}},
		"an instant": {readAs[Instant], map[string]string{
			"1764921600": "2025-12-05T08:00:00Z", "1764921600.0": "2025-12-05T08:00:00Z",
			"1764921600000": "1764921600000, read as Unix seconds", `"2025-12-05"`: "is not an integer", "1000000000": "1000000000, read as Unix seconds",
		}},
		"a day": {readAs[Day], map[string]string{
			"1764921600": "2025-12-05", "1764892800": "2025-12-05", "1764979199": "2025-12-05",
			"0": "0, read as Unix seconds", "-1764921600": "-1764921600, read as Unix seconds", "253402300799": "253402300799, read as Unix seconds",
		}},
		"an id": {readAs[ID], map[string]string{
			"7": "7", "9007199254740993": "9007199254740993", "18446744073709551615": "18446744073709551615", `"v-7"`: "v-7",
			"null": "null is no id", "[7]": "[7] is no id", "true": "true is no id",
		}},
		"counts by name": {readAs[Counts], map[string]string{
			`{"api":2,"x":null,"new":0}`: "map[api:2 new:0]", "{}": "map[]", "null": "map[]", `{"api":-1}`: "-1 is negative", "[]": "JSON array",
		}},
		"an object as text": {readAs[JSONText], map[string]string{
			`{ "b" : 1.0, "a":[9007199254740993, "<"] }`: `{"a":[9007199254740993,"<"],"b":1.0}`,
			`{"USER_ID":"1","user_id":"2"}`:              `{"USER_ID":"1","user_id":"2"}`,
			`{"audit_log_id":7,"data":null}`:             `{"audit_log_id":7,"data":null}`,
			`{"said":"\ud800"}`:                          `{"said":"�"}`,
			`{}`:                                         `{}`,
			`[]`:                                         "JSON array",
			`"x"`:                                        "JSON string",
		}},
	} {
		for text, want := range tt.want {
			if got := tt.read(text); got != want && !strings.Contains(got, want) {
				t.Errorf("%s: %s is read as %q, want %q", name, text, got, want)
			}
		}
	}
}

// An instant that stands for "never" is none: where IsZero is true, a pointer is nil, and
// a required instant is missing.
func TestAnInstantThatStandsForNeverIsNone(t *testing.T) {
	t.Parallel()
	for text, none := range map[string]bool{
		"0": true, "-1": true, "-62135596800": true, "946684799": true, "253370764800": true, "253402300799": true, "253402300800": true,
		"1577865600": false, "7258147199": false,
	} {
		var at Instant
		if err := json.Unmarshal([]byte(text), &at); err != nil || at.IsZero() != none {
			t.Errorf("%s is read as %s, %v", text, at, err)
		}
	}
}
