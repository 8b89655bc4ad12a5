package rest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// number is an integer as the types of the API's answers read it.
type number int64

func (n *number) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	read, err := ReadInteger(d)
	*n = number(read)
	return err
}

// echoing is a value that refuses every text, and repeats it.
type echoing string

func (*echoing) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	text, err := d.ReadValue()
	return errors.Join(err, fmt.Errorf("%s is wrong", text))
}

// moment is a value that stands for "never" where it is 0.
type moment int64

func (m moment) IsZero() bool { return m == 0 }

type readAnswer struct {
	Items []struct {
		ID    string  `json:"id"    api:"required"`
		Count *number `json:"count" api:"required"`
	} `json:"items"`
	Text  string             `json:"text"`
	Total *number            `json:"total_acus"`
	By    map[string]float64 `json:"by_product"`
	Free  jsontext.Value     `json:"free"`
	Echo  *echoing           `json:"echo"`
}

func TestAnIntegerIsReadWhereItCanBeTrusted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]number{
		"0": 0, "-0": 0, "45": 45, "-45": -45, "45.0": 45, "45.000": 45, "4.5e1": 45, "1e3": 1000, "1E+3": 1000, "-2.0": -2,
		"1764921600": 1764921600, "1764921600.0": 1764921600,
		"9007199254740991": 1<<53 - 1, "-9007199254740991": -(1<<53 - 1), "9007199254740991.0": 1<<53 - 1,
		"9007199254740992": 1 << 53, "-9007199254740992": -(1 << 53),
	} {
		var got number
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s became %v, %v", text, got, err)
		}
	}
}

func TestAMessageAboutALongNumberSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	err := decode([]byte(`{"items":[{"id":"a","count":`+strings.Repeat("9", 1_000_000)+`}]}`), new(readAnswer))
	if err == nil || len(err.Error()) > 300 || !strings.Contains(err.Error(), "items[0].count: 999") ||
		!strings.Contains(err.Error(), "9... is not an integer") {
		t.Errorf("got %.400v", err)
	}
}

func TestAnIntegerIsRefusedWithItsFieldWhereItCannotBeTrusted(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"45.5", "-0.1", "0.5", "1e-3", "45.0000001",
		// 2^53+1 is the first that a float rounds, to 2^53.
		"9007199254740993", "9007199254740993.0", "-9007199254740993", "9007199254740994", "9007199254740995.0",
		"9223372036854775807", "9223372036854775808", "1e18", "1e19", "1e308", "1e400", "-1e400",
		`"45"`, "true", "false", "[45]", `{"n":45}`, `""`,
	} {
		var got readAnswer
		err := decode([]byte(`{"items":[{"id":"a","count":1},{"id":"b","count":`+text+`}]}`), &got)
		if err == nil || !strings.Contains(err.Error(), "the field items[1].count: "+text) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestANumberOfAMillionDigitsIsShortened(t *testing.T) {
	t.Parallel()
	digits := strings.Repeat("7", 1_000_000)
	for _, body := range []string{
		`{"total_acus":` + digits + `}`,
		`{"by_product":{"devin":` + digits + `}}`,
		`{"by_product":{"` + digits + `":"x"}}`,
		`{"text":` + digits + `}`,
		`{"echo":` + digits + `}`,
		`{"text":"x"` + digits,
	} {
		if err := decode([]byte(body), new(readAnswer)); err == nil || len(err.Error()) > 500 {
			t.Errorf("%.20s: %.600v", body, err)
		}
	}
}

func TestAFieldOfAnotherTypeIsNamedByItsPath(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[]`:                             "the whole is a JSON array",
		`"x"`:                            "the whole is a JSON string",
		`{"items":{}}`:                   "the field items is a JSON object",
		`{"items":[{"id":"a"},7]}`:       "the field items[1] is a JSON number",
		`{"items":[{"id":7}]}`:           "the field items[0].id is a JSON number",
		`{"text":false}`:                 "the field text is a JSON boolean",
		`{"by_product":{"a":1,"b":"2"}}`: "the field by_product.b is a JSON string",
		`{"items":[{"id":"a","count":1,"id":7}]}`: "the key items[0].id comes twice",
	} {
		if err := decode([]byte(body), new(readAnswer)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

func TestAKeyThatComesTwiceIsRefusedWithItsPathAtAnyDepth(t *testing.T) {
	t.Parallel()
	for body, path := range map[string]string{
		`{"items":[],"items":[]}`:                     "items",
		`{"items":[{"id":"a","id":"b"}]}`:             "items[0].id",
		`{"total_acus":12,"total\u005facus":0}`:       "total_acus",
		`{"by_product":{"a":1,"b":2,"a":3}}`:          "by_product.a",
		`{"free":{"x":[{"b":1},{"b":1,"b":2}]}}`:      "free.x[1].b",
		`{"unknown":{"x":{"a":{"a":{"a":1,"a":2}}}}}`: "unknown.x.a.a.a",
		`{"unknown":` + strings.Repeat(`{"a":1,"k":`, 50) + `{"b":1,"b":2}` + strings.Repeat(`}`, 51): strings.Repeat(".k", 50) + ".b",
	} {
		err := decode([]byte(body), new(readAnswer))
		if err == nil || !strings.Contains(err.Error(), path+" comes twice in an object") {
			t.Errorf("%.60s: %v", body, err)
		}
	}
}

func TestKeysThatDifferInCaseAreDifferentKeys(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"items":[{"id":"a","count":1},{"id":"b","count":2}],"total_acus":1}`,
		`{"by_product":{"Devin":1,"devin":2,"DEVIN":3}}`,
		`{"free":{"USER_ID":"1","user_id":"2","Items":[],"items":[]}}`,
		`{"unknown":{"Text":1,"text":2,"TEXT":3}}`,
		`{"items":[],"Items":7,"ITEMS":"x"}`,
		" {\n\"items\" : [ ] , \"total_acus\" : -1 } ",
	} {
		if err := decode([]byte(body), new(readAnswer)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	// A name in another case is another field.
	var got readAnswer
	if err := decode([]byte(`{"Text":"x","TOTAL_ACUS":7}`), &got); err != nil || got.Text != "" || got.Total != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestALoneSurrogateIsReadAsTheReplacementCharacter(t *testing.T) {
	t.Parallel()
	var got readAnswer
	if err := decode([]byte(`{"text":"a\ud800b","free":{"x":"\udc00"}}`), &got); err != nil || got.Text != "a\ufffdb" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestBytesThatAreNotUTF8AreRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"{\"text\":\"a\xffb\"}", "{\"\xff\":1}", "\xef\xbb", "{}\xff"} {
		if err := decode([]byte(body), new(readAnswer)); err == nil {
			t.Errorf("%q was read", body)
		}
	}
}

func TestWhereJSONBreaksIsShown(t *testing.T) {
	t.Parallel()
	body := `{"a":"` + strings.Repeat("x", 100) + `",!"b":1,` + strings.Repeat("y", 100)
	err := decode([]byte(body), new(readAnswer))
	if err == nil || !strings.Contains(err.Error(), "after byte 108") || !strings.Contains(err.Error(), `xxx",!"b":1,yyy`) || len(err.Error()) > 120 {
		t.Errorf("it reads %v", err)
	}
	for _, text := range []string{"\xf0", "{", `{"a"`, "nul", "{}{}", `{"a":1}]`, "\ufeff{}"} {
		if err := decode([]byte(text), new(readAnswer)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

type embedded struct {
	Flat *string `json:"flat" api:"required"`
}

type nested struct {
	Deep *string `json:"deep" api:"required"`
}

type requiringAnswer struct {
	Items []struct {
		ID    string  `json:"id"              api:"required"`
		Count *number `json:"count,omitempty" api:"required"`
	} `json:"items" api:"required"`
	embedded
	Nested   nested             `json:"nested"`
	Optional *nested            `json:"optional"`
	Map      map[string]float64 `json:"map"`
	Never    *moment            `json:"never"`
	Hidden   *int               `json:"-"        api:"required"`
	private  *int               `api:"required"` //nolint:unused // it is of no answer
}

func TestAMissingFieldIsNamedByItsPath(t *testing.T) {
	t.Parallel()
	const good = `{"items":[{"id":"a","count":2},{"id":"b","count":0}],"flat":"","nested":{"deep":"y"}`
	for body, want := range map[string]string{
		good + `}`: "",
		good + `,"optional":null,"map":null,"never":null}`: "",
		good + `,"optional":{"deep":"x"}}`:                 "",
		`null`:                                             "the field items is missing or null",
		`{}`:                                               "the field items is missing or null",
		`{"items":null}`:                                   "the field items is missing or null",
		`{"items":[]}`:                                     "the field flat is missing or null",
		`{"items":[],"flat":""}`:                           "the field nested.deep is missing or null",
		`{"items":[{"id":"a","count":2},{"id":"b"}]}`: "the field items[1].count is missing or null",
		`{"items":[{"id":"a","count":null}]}`:         "the field items[0].count is missing or null",
		`{"items":[{"id":"","count":2}]}`:             "the field items[0].id is missing or null",
		`{"items":[null]}`:                            "the field items[0].id is missing or null",
		good + `,"optional":{}}`:                      "the field optional.deep is missing or null",
	} {
		err := decode([]byte(body), new(requiringAnswer))
		if err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
}

func TestAPointerToAZeroIsNil(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]*moment{"0": nil, "null": nil, "7": new(moment(7))} {
		var got struct {
			Never *moment `json:"never"`
		}
		if err := decode([]byte(`{"never":`+text+`}`), &got); err != nil || (got.Never == nil) != (want == nil) || want != nil && *got.Never != *want {
			t.Errorf("%s became %v, %v", text, got.Never, err)
		}
	}
	var got struct {
		Never *moment `json:"never" api:"required"`
	}
	if err := decode([]byte(`{"never":0}`), &got); err == nil {
		t.Error("a required field was zero")
	}
}

func TestWhereNothingIsRequiredNothingIsMissing(t *testing.T) {
	t.Parallel()
	if err := checkRequired(&struct{ A, B *int }{}); err != nil {
		t.Error(err)
	}
	if err := checkRequired(&[]string{""}); err != nil {
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
	_ = checkRequired(&struct {
		Count int64 `api:"required"`
	}{})
}

// Not parallel: allocations of other tests would count.
//
//nolint:paralleltest // it measures memory
func TestWhatIsNestedTooDeepOrFarTooLongTakesLittleMemory(t *testing.T) {
	for name, c := range map[string]struct{ begin, unit, end, want string }{
		"16 MiB of [":                    {`{"items":`, "[", "", "items[0] is a JSON array"},
		"16 MiB of [, where free":        {`{"free":`, "[", "", "not valid JSON"},
		"16 MiB of {":                    {`{"items":[{"x":`, `{"a":`, "", "not valid JSON"},
		"16 MiB of items without fields": {`{"items":[`, "{},", "{}]}", "more than 2000 items"},
	} {
		for _, zipped := range []bool{false, true} {
			body := []byte(c.begin + strings.Repeat(c.unit, 16<<20/len(c.unit)) + c.end)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if zipped {
					w.Header().Set("Content-Encoding", "gzip")
				}
				_, _ = w.Write(body)
			}))
			if zipped {
				var packed bytes.Buffer
				zip := gzip.NewWriter(&packed)
				_, _ = zip.Write(body)
				_ = zip.Close()
				body = packed.Bytes()
			}
			client := newClient(t, server.URL, withRetries(0))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Get[page[anyItem]](t.Context(), client, usersRequest)
			runtime.ReadMemStats(&after)
			server.Close()
			if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, zipped %t: %v", name, zipped, err)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 200 {
				t.Errorf("%s, zipped %t: it took %d MiB", name, zipped, used)
			}
		}
	}
}

type anyItem struct {
	Name *string `json:"name"`
}

func TestAnAnswerBeyondTheBoundIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	tries := 0
	c := newClient(t, "https://devin.example.com", withTransport(clienttest.RoundTripper(func(*http.Request) (*http.Response, error) {
		tries++
		answer := clienttest.JSON(200, "")
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(clienttest.Self), spaces{}))
		return answer, nil
	})))
	_, err := askSelf(t.Context(), c)
	if !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "larger than 32 MiB") || tries != 1 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

// spaces never end.
type spaces struct{}

var manySpaces = strings.Repeat(" ", 1<<20)

func (spaces) Read(p []byte) (int, error) { return copy(p, manySpaces), nil }
