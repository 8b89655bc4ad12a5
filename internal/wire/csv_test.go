package wire

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

type shares []struct {
	key string
	n   float64
}

func (s shares) Len() int                   { return len(s) }
func (s shares) At(i int) (string, float64) { return s[i].key, s[i].n }

type lineOf struct {
	ID   string  `tfsdk:"id"`
	Name *string `tfsdk:"name"`
	nested
	Parts shares `tfsdk:"parts"`
	On    bool   `tfsdk:"on"`
}

type nested struct {
	Amount float64 `tfsdk:"amount"`
	Count  *int64  `tfsdk:"count"`
}

// csvOf is the text of rows.
func csvOf[T any](rows []T) (string, error) {
	text, err := CSV(slices.Values(rows))
	if err != nil {
		return "", err
	}
	return text.String(), nil
}

func TestCSVIsWhatAStrictReaderReads(t *testing.T) {
	t.Parallel()
	name, n := "Ann \"A\", the\r\nfirst", int64(7)
	rows := []lineOf{
		{"okta|Org|a/b c", &name, nested{0.1, &n}, shares{{"a", 1}, {"c", 1e-7}}, true},
		{"", nil, nested{-2.5, nil}, nil, false},
		{"三", nil, nested{1e21, nil}, shares{{"b", -3}}, false},
	}
	text, err := csvOf(rows)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = 8
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"id", "name", "amount", "count", "parts_a", "parts_b", "parts_c", "on"},
		// The reader takes a line break in a cell for its own.
		{"okta|Org|a/b c", strings.ReplaceAll(name, "\r\n", "\n"), "0.1", "7", "1", "", "0.0000001", "true"},
		{"", "", "-2.5", "", "", "", "", "false"},
		{"三", "", "1000000000000000000000", "", "", "-3", "", "false"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if strings.Count(text, "\r\n") != len(want)+1 || !strings.HasSuffix(text, "\r\n") || !strings.Contains(text, `"Ann ""A"", the`) {
		t.Errorf("the text is not as RFC 4180 has it: %q", text)
	}
}

func TestCSVWithoutRowsIsItsHeader(t *testing.T) {
	t.Parallel()
	if text, err := csvOf([]lineOf(nil)); err != nil || text != "id,name,amount,count,on\r\n" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestCSVKeepsALineOfOneEmptyCell(t *testing.T) {
	t.Parallel()
	type row struct {
		A *string `tfsdk:"a"`
	}
	empty, x := "", "x"
	text, err := csvOf([]row{{nil}, {&empty}, {&x}})
	if err != nil || text != "a\r\n\"\"\r\n\"\"\r\nx\r\n" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestCSVRunsNoFormula(t *testing.T) {
	t.Parallel()
	type row struct {
		Name string  `tfsdk:"name"`
		N    float64 `tfsdk:"n"`
	}
	for given, want := range map[string]string{
		"=1+1": "'=1+1", "+49": "'+49", "-1": "'-1", "@cmd": "'@cmd", "\tx": "'\tx", "\rx": "'\rx", "\nx": "'\nx",
		"＝1+1": "'＝1+1", "＋49": "'＋49", "－1": "'－1", "＠cmd": "'＠cmd",
		"'=x": "''=x", "'": "''", "a=b": "a=b", " =x": " =x", "": "", "＃": "＃",
	} {
		if strings.ContainsAny(want, "\r\n") {
			want = `"` + want + `"`
		}
		if text, err := csvOf([]row{{given, -1}}); err != nil || text != "name,n\r\n"+want+",-1\r\n" {
			t.Errorf("%q became %q, %v", given, text, err)
		}
	}
}

// Every text comes back from a reader that drops the first apostrophe of a cell, and
// no cell begins with what a spreadsheet runs. The reader is encoding/csv, which takes
// a CRLF in a cell for LF.
func FuzzCSVGivesBackEveryText(f *testing.F) {
	for _, text := range []string{"", "'", "''", "'=x", "=1", "\t", "\r", "\n", "\r\n", "＝x", "'＠", "a,b", `"`, `'"`, "x\n=1", "\x00=1", "\xff"} {
		f.Add(text, "b")
		f.Add("a", text)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		type one struct {
			A string `tfsdk:"a"`
		}
		type two struct {
			A string `tfsdk:"a"`
			B string `tfsdk:"b"`
		}
		ofOne, err := csvOf([]one{{a}, {b}})
		if err != nil {
			t.Fatal(err)
		}
		ofTwo, err := csvOf([]two{{a, b}, {b, a}})
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string][][]string{
			ofOne: {{"a"}, {a}, {b}},
			ofTwo: {{"a", "b"}, {a, b}, {b, a}},
		} {
			got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil || len(got) != len(want) {
				t.Fatalf("%q is read as %q, %v", text, got, err)
			}
			for i, line := range got {
				for j, cell := range line {
					if strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 {
						t.Errorf("the cell %q is run as a formula", cell)
					}
					if text, want := strings.TrimPrefix(cell, "'"), strings.ReplaceAll(want[i][j], "\r\n", "\n"); text != want {
						t.Errorf("%q is read as %q", want, text)
					}
				}
			}
		}
	})
}

func TestCSVRefusesWhatHasNoCell(t *testing.T) {
	t.Parallel()
	if text, err := csvOf([]struct {
		Map map[string]string `tfsdk:"tags"`
	}{{}}); err == nil || !strings.Contains(err.Error(), "tags") {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestListsBecomeJSONInACell(t *testing.T) {
	t.Parallel()
	type element struct {
		URL   string  `json:"url" tfsdk:"url"`
		State *string `json:"state" tfsdk:"state"`
	}
	type lists struct {
		Tags []string  `tfsdk:"tags"`
		PRs  []element `tfsdk:"prs"`
	}
	text, err := csvOf([]lists{{}, {[]string{}, []element{}}, {[]string{`=a "<b>"`, "c"}, []element{{"https://x/?a=1&b=2", nil}}}})
	want := "tags,prs\r\n,\r\n[],[]\r\n" +
		`"[""=a \""<b>\"""",""c""]","[{""url"":""https://x/?a=1&b=2"",""state"":null}]"` + "\r\n"
	if err != nil || text != want {
		t.Errorf("got  %q\nwant %q, %v", text, want, err)
	}
}

func BenchmarkCSV(b *testing.B) {
	rows := make([]lineOf, 150_000)
	for i := range rows {
		rows[i] = lineOf{ID: "okta|Acme|00000001", nested: nested{Amount: float64(i%977) * 0.137}, Parts: shares{{"cascade", 0}, {"devin", 1.5}}}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := csvOf(rows); err != nil {
			b.Fatal(err)
		}
	}
}

type textModel struct {
	CSV   *Text `tfsdk:"csv"`
	Other Text  `tfsdk:"other"`
}

// Whatever its length, a Text goes out as the string that it is.
func TestATextIsWrittenAsItsString(t *testing.T) {
	t.Parallel()
	type row struct {
		A string `tfsdk:"a"`
	}
	type plain struct {
		CSV   *string `tfsdk:"csv"`
		Other string  `tfsdk:"other"`
	}
	for _, length := range []int{0, 20, 26, 27, 250, 251, 1000, 65_530, 65_531, 1 << 18} { // and five more in the text
		rows := []row{{strings.Repeat("x", length)}}
		text, err := CSV(slices.Values(rows))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Encode(t.Context(), &textModel{CSV: text, Other: *text})
		if err != nil {
			t.Fatal(err)
		}
		s := "a\r\n" + cmp.Or(rows[0].A, `""`) + "\r\n"
		want, err := Encode(t.Context(), &plain{&s, s})
		if err != nil || !bytes.Equal(got, want) || cap(got) != len(got) {
			t.Errorf("%d bytes: got %.40q... of %d (room for %d), want %.40q... of %d, %v", len(s), got, len(got), cap(got), want, len(want), err)
		}
	}
	got, err := Encode(t.Context(), &textModel{})
	want, wantErr := Encode(t.Context(), &plain{})
	if err != nil || wantErr != nil || !bytes.Equal(got, want) {
		t.Errorf("without one: got %q, %v, want %q", got, err, want)
	}
}

// A result that is too large is not built, and neither is its text.
func TestATextThatIsTooLargeIsNotWritten(t *testing.T) {
	t.Parallel()
	walks := 0
	text, err := CSV(func(yield func(struct {
		A string `tfsdk:"a"`
	}) bool,
	) {
		walks++
		for range 100 {
			if !yield(struct {
				A string `tfsdk:"a"`
			}{"0123456789"}) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	before := walks
	var size *SizeError
	if _, err := encode(t.Context(), &textModel{CSV: text}, 1000); !errors.As(err, &size) || walks != before {
		t.Errorf("got %v, after %d more walks", err, walks-before)
	}
	if _, err := encode(t.Context(), &textModel{CSV: text}, 2000); err != nil || walks != before+1 {
		t.Errorf("got %v, after %d more walks, want one", err, walks-before)
	}
}
