package rest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// even is a value that its type can check.
type even int

var errOdd = errors.New("it is odd")

func (e even) Check() error {
	if e%2 != 0 {
		return errOdd
	}
	return nil
}

// byPointer has its method on the pointer only, as most do.
type byPointer struct {
	Name string `json:"name" api:"required"`
	N    even   `json:"n"`
}

func (b *byPointer) Check() error {
	if b.Name == "refused" {
		return errors.New("it is refused")
	}
	return CheckFields(b)
}

type fieldsInner struct {
	ID    string `json:"id" api:"required"`
	Count *even  `json:"count,omitempty" api:"required"`
}

type fieldsFlat struct {
	Flat *string `json:"flat" api:"required"`
}

type fieldsNested struct {
	Deep *string `json:"deep" api:"required"`
}

type fieldsAnswer struct {
	Items []fieldsInner `json:"items" api:"required"`
	fieldsFlat
	fieldsNested `json:"nested"`
	Optional     *even                `json:"optional"`
	Plain        even                 `json:"plain"`
	ByKey        map[string]even      `json:"by_key"`
	Own          map[string]byPointer `json:"own"`
	Ptr          *byPointer           `json:"ptr"`
	Next         *fieldsAnswer        `json:"next"`
	Untagged     even
	Hidden       *int `json:"-" api:"required"`
	private      even
	Free         any `json:"free"`
}

func TestCheckFieldsNamesTheFieldByItsPath(t *testing.T) {
	t.Parallel()
	const good = `{"items":[{"id":"a","count":2},{"id":"b","count":0}],"flat":"x","nested":{"deep":"y"}`
	for body, want := range map[string]string{
		good + `}`: "",
		good + `,"optional":null,"by_key":{"a":2},"ptr":{"name":"n"},"own":{"k":{"name":"n"}},"free":{"x":1}}`: "",
		`{}`:                     "the field items is missing or null",
		`{"items":null}`:         "the field items is missing or null",
		`{"items":[]}`:           "the field flat is missing or null",
		`{"items":[],"flat":""}`: "the field nested.deep is missing or null",
		`{"items":[{"id":"a","count":2},{"id":"b"}]}`:                  "the field items[1].count is missing or null",
		`{"items":[{"id":"","count":2}]}`:                              "the field items[0].id is missing or null",
		`{"items":[{"id":"a","count":7}]}`:                             "the field items[0].count: it is odd",
		good + `,"optional":3}`:                                        "the field optional: it is odd",
		good + `,"plain":3}`:                                           "the field plain: it is odd",
		good + `,"Untagged":3}`:                                        "the field Untagged: it is odd",
		good + `,"by_key":{"c":1,"b":3,"a":2}}`:                        "the field by_key.b: it is odd",
		good + `,"ptr":{}}`:                                            "the field ptr.name is missing or null",
		good + `,"ptr":{"name":"n","n":1}}`:                            "the field ptr.n: it is odd",
		good + `,"ptr":{"name":"refused"}}`:                            "the field ptr: it is refused",
		good + `,"own":{"k":{"name":"n"},"l":{"name":""}}}`:            "the field own.l.name is missing or null",
		good + `,"next":` + good + `,"next":` + good + `,"plain":1}}}`: "the field next.next.plain: it is odd",
	} {
		var answer fieldsAnswer
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		answer.private = 1 // not of the answer
		err := CheckFields(&answer)
		if err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
		if errors.Is(err, errOdd) != strings.HasSuffix(want, "odd") {
			t.Errorf("%s: the cause of %v is lost", body, err)
		}
	}
}

func TestCheckFieldsFindsNothingWhereNothingIsSaid(t *testing.T) {
	t.Parallel()
	if err := CheckFields(&struct{ A, B *int }{}); err != nil {
		t.Error(err)
	}
	ids := []string{""}
	if err := CheckFields(&ids); err != nil {
		t.Error(err)
	}
}

func TestARequiredFieldMustTellWhetherItWasMissing(t *testing.T) {
	t.Parallel()
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, ".Count is required, and its type int64 does not tell") {
			t.Errorf("got %q", text)
		}
	}()
	_ = CheckFields(&struct {
		Count int64 `api:"required"`
	}{})
}
