package devin

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

func TestValuesAreCheckedByTheirTypes(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"counts":[0,1,2.0,9007199254740992],"acus":-0.25}`: "",
		`{"counts":null,"acus":null}`:                        "",
		`{"counts":[1,-1]}`:                                  "counts[1]: -1 is negative",
		`{"counts":[1.5]}`:                                   "1.5 is not an integer",
		`{"counts":[9007199254740993]}`:                      "9007199254740993 is not an integer",
		`{"acus":1e12}`:                                      "",
		`{"acus":1.1e12}`:                                    "acus: 1.1e+12 ACUs are more than anybody",
		`{"acus":-1e300}`:                                    "acus: -1e+300 ACUs are more than anybody",
	} {
		var answer struct {
			Counts []Count `json:"counts"`
			ACUs   *ACUs   `json:"acus"`
		}
		err := json.Unmarshal([]byte(body), &answer)
		if err == nil {
			err = rest.CheckFields(&answer)
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
}
