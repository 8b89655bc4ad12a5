package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

type scanned struct {
	Items []struct {
		Name string `json:"name"`
	} `json:"items"`
	Total int                `json:"total_acus"`
	Open  map[string]float64 `json:"open"`
}

func decodeScanned(t *testing.T, body string) (*scanned, error) {
	t.Helper()
	into := new(scanned)
	return into, newClient(t, "https://devin.example.com").decodeJSON(t.Context(), []byte(body), into, 10)
}

func TestAKeyThatComesTwiceIsRefusedAtAnyDepthAndInAnyCase(t *testing.T) {
	t.Parallel()
	many := ""
	for i := range 40 {
		many += fmt.Sprintf(`"k%d":%d,`, i, i)
	}
	for body, key := range map[string]string{
		`{"items":[{"name":"a"}],"items":[]}`:            "items",
		`{"items":[],"Items":[{"name":"a"}]}`:            "items",
		`{"total_acus":12,"TOTAL_ACUS":0}`:               "total_acus",
		`{"total_acus":12,"total\u005facus":0}`:          "total_acus",
		`{"items":[],"item` + "\u017f" + `":[]}`:         "items", // a long s, which encoding/json takes for an s
		`{"items":[{"name":"a","name":"b"}]}`:            "name",
		`{"open":{"devin":1,"x":{"a":[{"b":1,"b":2}]}}}`: "b",
		`{"open":{` + many + `"k7":0}}`:                  "k7",
	} {
		if _, err := decodeScanned(t, body); err == nil || !strings.Contains(err.Error(), "has the key "+key+" twice") {
			t.Errorf("%.60s: %v", body, err)
		}
	}
}

func TestKeysThatAreDifferentAreNotTakenForOne(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"items":[{"name":"a"},{"name":"b"}],"total_acus":1}`,
		`{"open":{"Devin":1,"devin":2,"DEVIN":3}}`, // no fields, but names of their own
		`{"items":[{"name":"items"},{"name":"name"}]}`,
		`{"open":{"a":1},"other":{"a":{"a":{"a":1}}}}`,
		" {\n\"items\" : [ ] , \"total_acus\" : -1 } ",
	} {
		if _, err := decodeScanned(t, body); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestAListFarLongerThanAskedForIsRefusedBeforeItIsDecoded(t *testing.T) {
	t.Parallel()
	body := `{"items":[` + strings.Repeat(`{},`, 5_000_000) + `{}]}`
	into, err := decodeScanned(t, body)
	if err == nil || !strings.Contains(err.Error(), "more than 10 items") || into.Items != nil {
		t.Errorf("%d items, %v", len(into.Items), err)
	}
	if _, err := decodeScanned(t, `{"items":[`+strings.Repeat(`{},`, 9)+`{}]}`); err != nil {
		t.Errorf("ten items: %v", err)
	}
}

func TestAnswersUnderWayShareOneBudget(t *testing.T) {
	t.Parallel()
	c := newClient(t, "https://devin.example.com", withTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		return jsonAnswer(200, `{"principal_type":"x","padding":[`+strings.Repeat("0,", 1000)+`0]}`), nil
	})))
	c.underWay.Store(maxUnderWay - 1000)
	var failure *Error
	if _, err := askSelf(t.Context(), c); !errors.As(err, &failure) || !errors.Is(err, ErrNotDevin) || !strings.Contains(err.Error(), "512 MiB") {
		t.Errorf("past the budget: %v", err)
	}
	c.underWay.Store(0)
	if _, err := askSelf(t.Context(), c); err != nil || c.underWay.Load() != 0 {
		t.Errorf("within it: %v, and %d bytes stay counted", err, c.underWay.Load())
	}
}

func TestTheDecoderNoticesThatItsContextHasEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := scanner{body: []byte(`{"a":1}`)}
	if _, err := s.scan(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// endsAfter is a context that has ended once it was looked at so often.
type endsAfter struct {
	context.Context
	looks int
}

func (c *endsAfter) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// A large answer is looked through in many steps, and an interrupt in the middle
// of it must not wait for the last.
func TestTheDecoderNoticesAnEndInTheMiddle(t *testing.T) {
	t.Parallel()
	ctx := &endsAfter{t.Context(), 3}
	s := scanner{body: []byte(`{"a":[` + strings.Repeat("0,", 1_000_000) + `0]}`), mostElements: 1 << 30}
	if _, err := s.scan(ctx); !errors.Is(err, context.Canceled) || s.values > 20_000 {
		t.Errorf("%v after %d values", err, s.values)
	}
}

// duplicates finds keys that come twice by way of encoding/json's own tokens.
func duplicates(text string) bool {
	d := json.NewDecoder(strings.NewReader(text))
	var open []map[string]bool // nil for an array
	key := false
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if delim, ok := token.(json.Delim); ok {
			switch delim {
			case '{':
				open, key = append(open, map[string]bool{}), true
				continue
			case '[':
				open, key = append(open, nil), false
				continue
			}
			open = open[:len(open)-1]
		} else if name, ok := token.(string); ok && key {
			if open[len(open)-1][name] {
				return true
			}
			open[len(open)-1][name] = true
			key = false
			continue
		}
		key = len(open) > 0 && open[len(open)-1] != nil
	}
}

func FuzzScan(f *testing.F) {
	for _, text := range []string{
		`{}`, `[]`, `{"a":1}`, `{"a":1,"a":2}`, `{"a":{"a":1},"b":[{"a":1},{"a":2}]}`, `{"a\"":1,"a\"":2}`, `{"\u0061":1,"a":2}`,
		`[1,2,[3],{"a":null}]`, `"x"`, `{"a":"}","b":"{"}`, `{"a" : "\\" , "b":1}`, `{"a":1}}`, `{"a"`, `nul`, `{"a":1 "a":2}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := scanner{body: []byte(text), mostElements: 1 << 30}
		_, err := s.scan(t.Context())
		if !json.Valid([]byte(text)) || !bytes.Equal([]byte(text), bytes.ToValidUTF8([]byte(text), nil)) {
			return
		}
		if twice := duplicates(text); (err != nil) != twice {
			t.Errorf("%q: %v, and a key comes twice: %t", text, err, twice)
		}
	})
}

func TestAHundredThousandProductsTakeNoLongerThanTheirTextIsLong(t *testing.T) {
	t.Parallel()
	// Two sizes, compared by tokens read and not by time: a key is looked up, not
	// compared with all before it.
	body := []byte(`{"open":{`)
	for i := range 100_000 {
		body = fmt.Appendf(body, `"product-%d":1,`, i)
	}
	body = append(body[:len(body)-1], `}}`...)
	s := scanner{body: body, mostElements: 10}
	values, err := s.scan(t.Context())
	if err != nil || values != 100_002 {
		t.Errorf("%d values, %v", values, err)
	}
	if len(s.keys) > few+1 {
		t.Errorf("%d keys are compared one by one", len(s.keys))
	}
}

func TestAnAnswerThatRepeatsTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	const key = "cog_S3cret&K3y-0123456789-abcdefghij"
	for name, text := range map[string]string{
		"whole":             key,
		"within":            "of " + key + "!",
		"letters after it":  key + "abc",
		"without prefix":    strings.TrimPrefix(key, "cog_"),
		"escaped for HTML":  "cog_S3cret&amp;K3y-0123456789-abcdefghij",
		"escaped for a URL": "cog_S3cret%26K3y-0123456789-abcdefghij",
		"escaped in JSON":   `cog_S3cret\u0026K3y-01234\u00356789-abcdefghij`,
		"the first half":    "cog_S3cret&K3y-01234",
		"the second half":   "456789-abcdefghij",
	} {
		server := startFake(t, devintest.Options{})
		server.AddKey(key, devintest.Principal{ID: "service-user-1"})
		server.Fault("/v3/self", devintest.Fault{Body: `{"principal_type":"x","service_user_name":"` + text + `"}`})
		self, err := askSelf(t.Context(), newClient(t, server.URL, withKey(t, key)))
		if self != nil || !isOnly(err, ErrNotDevin) || !strings.Contains(err.Error(), "repeats the API key") {
			t.Errorf("%s: %v, %v", name, self, err)
		}
		if err != nil && strings.Contains(err.Error(), "S3cret") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
