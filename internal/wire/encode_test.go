package wire_test

import (
	"encoding"
	"errors"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

func encoded(t *testing.T, m any) []byte {
	t.Helper()
	encoded, err := wire.Encode(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if cap(encoded) != len(encoded) {
		t.Errorf("counted %d bytes, wrote %d", cap(encoded), len(encoded))
	}
	return encoded
}

// decoded encodes a model whose only attribute is v, decodes it as plugin-go
// does, and gives that attribute.
func decoded[T any](t *testing.T, v T, typ tftypes.Type) tftypes.Value {
	t.Helper()
	encoded := encoded(t, &struct {
		V T `tfsdk:"v"`
	}{v})
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"v": typ}}
	raw, err := tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(object)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := raw.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes["v"]
}

func TestTellsNullFromEmpty(t *testing.T) {
	list, numbers := tftypes.List{ElementType: tftypes.String}, tftypes.Map{ElementType: tftypes.Number}
	nothing, nilValue := "", attr.Value(nil)
	for name, test := range map[string]struct{ got, want tftypes.Value }{
		"nil pointer":       {decoded[*string](t, nil, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
		"pointer to empty":  {decoded(t, &nothing, tftypes.String), tftypes.NewValue(tftypes.String, "")},
		"nil slice":         {decoded[[]string](t, nil, list), tftypes.NewValue(list, nil)},
		"empty slice":       {decoded(t, []string{}, list), tftypes.NewValue(list, []tftypes.Value{})},
		"nil map":           {decoded[map[string]float64](t, nil, numbers), tftypes.NewValue(numbers, nil)},
		"empty map":         {decoded(t, map[string]float64{}, numbers), tftypes.NewValue(numbers, map[string]tftypes.Value{})},
		"nil numbers":       {decoded[rateList](t, nil, numbers), tftypes.NewValue(numbers, nil)},
		"no numbers":        {decoded(t, rateList{}, numbers), tftypes.NewValue(numbers, map[string]tftypes.Value{})},
		"nil text":          {decoded[*weekNumber](t, nil, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
		"zero types.List":   {decoded(t, types.List{}, list), tftypes.NewValue(list, nil)},
		"nil attr.Value":    {decoded(t, nilValue, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
		"nil *types.String": {decoded[*types.String](t, nil, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, test.got, test.want)
		}
	}
}

// A value of a map has no address.
func TestWritesTypesByTheirMethodsWhereverTheyAre(t *testing.T) {
	text, numbers := tftypes.NewValue(tftypes.String, "week 7"), tftypes.Map{ElementType: tftypes.Number}
	week, rates := weekNumber(7), rateList{{"a", 0.5}}
	want := tftypes.NewValue(numbers, map[string]tftypes.Value{"a": tftypes.NewValue(tftypes.Number, 0.5)})
	for name, test := range map[string]struct{ got, want tftypes.Value }{
		"text":              {decoded(t, week, tftypes.String), text},
		"pointer to text":   {decoded(t, &week, tftypes.String), text},
		"text in a map":     {decoded(t, map[string]weekNumber{"k": 7}, tftypes.Map{ElementType: tftypes.String}), tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"k": text})},
		"numbers":           {decoded(t, rates, numbers), want},
		"pointer to those":  {decoded(t, &rates, numbers), want},
		"numbers in a map":  {decoded(t, map[string]rateList{"k": rates}, tftypes.Map{ElementType: numbers}), tftypes.NewValue(tftypes.Map{ElementType: numbers}, map[string]tftypes.Value{"k": want})},
		"number by kind":    {decoded(t, seatCount(200), tftypes.Number), tftypes.NewValue(tftypes.Number, 200)},
		"text of 31 bytes":  {decoded(t, strings.Repeat("x", 31), tftypes.String), tftypes.NewValue(tftypes.String, strings.Repeat("x", 31))},
		"text of 32 bytes":  {decoded(t, strings.Repeat("x", 32), tftypes.String), tftypes.NewValue(tftypes.String, strings.Repeat("x", 32))},
		"text of a long ID": {decoded(t, shout(strings.Repeat("y", 40)), tftypes.String), tftypes.NewValue(tftypes.String, strings.Repeat("y", 40)+"!")},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, test.got, test.want)
		}
	}
}

type shout string

func (id shout) AppendText(b []byte) ([]byte, error) { return append(append(b, id...), '!'), nil }

func TestNumbersAreTheDecimalsTheyShow(t *testing.T) {
	for text, f := range map[string]float64{
		"0.1": 0.1, "3.37": 3.37, "0.5": 0.5, "-7.25": -7.25, "0.0000001": 1e-7, "0": math.Copysign(0, -1),
		"42": 42, "-1": -1, "9007199254740992": 1 << 53, "100000000000000000000000": 1e23,
		"2.2250738585072014e-308": 2.2250738585072014e-308, "1.7976931348623157e308": math.MaxFloat64,
	} {
		want, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		for form, got := range map[string]tftypes.Value{
			"float64":       decoded(t, f, tftypes.Number),
			"types.Float64": decoded(t, types.Float64Value(f), tftypes.Number),
		} {
			var n big.Float
			if err := got.As(&n); err != nil {
				t.Fatal(err)
			}
			// An integer has no rounding to undo; types.* says all its digits.
			if form == "types.Float64" && math.Abs(f) > 1<<53 {
				continue
			}
			if n.Cmp(want) != 0 {
				t.Errorf("%s of %s went out as %s", form, text, n.Text('g', -1))
			}
		}
	}
}

func TestKeepsConfiguredNumbersExact(t *testing.T) {
	n, _, _ := big.ParseFloat("0.010000000000000000000000000000000000003", 10, 512, big.ToNearestEven)
	var got big.Float
	if err := decoded(t, types.NumberValue(n), tftypes.Number).As(&got); err != nil || got.Cmp(n) != 0 {
		t.Errorf("got %s, %v", got.Text('g', -1), err)
	}
}

func TestIsDeterministicAndSorted(t *testing.T) {
	m := &struct {
		C map[string]float64 `tfsdk:"c"`
		B map[string]int64   `tfsdk:"b"`
		A string             `tfsdk:"a"`
	}{
		C: map[string]float64{"z": 1, "y": 2, "x": 3, "w": 4, "v": 5},
		B: map[string]int64{"z": 1, "y": 2, "x": 3, "w": 4, "v": 5},
		A: "first",
	}
	const entries = "\x85\xa1v\x05\xa1w\x04\xa1x\x03\xa1y\x02\xa1z\x01"
	const want = "\x83\xa1a\xa5first\xa1b" + entries + "\xa1c" + entries
	for range 20 {
		if got := string(encoded(t, m)); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestRefusesValuesTerraformCannotHold(t *testing.T) {
	type model struct {
		Rows  []map[string]float64  `tfsdk:"rows"`
		Rates map[string][]*float64 `tfsdk:"rates"`
		Value attr.Value            `tfsdk:"value"`
		Own   []rateList            `tfsdk:"own"`
		Week  *weekNumber           `tfsdk:"week"`
	}
	week := weekNumber(53)
	infinite := math.Inf(1)
	unknown := types.ListValueMust(types.StringType, []attr.Value{types.StringUnknown()})
	for want, m := range map[string]*model{
		`rows: [1]: ["x"]: NaN is not`: {Rows: []map[string]float64{nil, {"x": math.NaN()}}},
		`rows: [0]: ["y"]: -Inf is`:    {Rows: []map[string]float64{{"y": math.Inf(-1)}}},
		`rates: ["a"]: [0]: +Inf is`:   {Rates: map[string][]*float64{"a": {&infinite}}},
		`value: the value is unknown`:  {Value: unknown},
		`own: [0]: ["z"]: NaN is not`:  {Own: []rateList{{{"z", math.NaN()}}}},
		`week: this year has 52 weeks`: {Week: &week},
		`value: `:                      {Value: types.MapValueMust(types.NumberType, map[string]attr.Value{"x": types.NumberValue(big.NewFloat(math.Inf(1)))})},
	} {
		_, err := wire.Encode(t.Context(), m)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

type loop struct {
	Next []loop `tfsdk:"next"`
}

func TestPlanRefusesTypesItCannotWrite(t *testing.T) {
	for want, m := range map[string]any{
		"a func() cannot be written": struct {
			F func() `tfsdk:"f"`
		}{},
		"a map[int]string cannot": struct {
			M map[int]string `tfsdk:"m"`
		}{},
		"a interface {} cannot": struct {
			A any `tfsdk:"a"`
		}{},
		"a float32 cannot": struct {
			R []struct {
				F *float32 `tfsdk:"f"`
			} `tfsdk:"r"`
		}{},
		"strings.Builder has no field with a tfsdk tag": struct {
			B strings.Builder `tfsdk:"b"`
		}{},
		"a encoding.TextAppender cannot": struct {
			T encoding.TextAppender `tfsdk:"t"`
		}{},
		"has no tfsdk tag":     struct{ Name string }{},
		"loop contains itself": loop{},
		"only structs without a tag": struct {
			*countsModel
		}{},
		"has the attribute rate twice": struct {
			countsModel
			Other string `tfsdk:"rate"`
		}{},
	} {
		_, err := wire.PlanOf(reflect.TypeOf(m))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: got %v, want %s", m, err, want)
		}
	}
}

func TestTooLargeIsAnError(t *testing.T) {
	m := &struct {
		V string `tfsdk:"v"`
	}{strings.Repeat("x", 3<<20)}
	size := len(encoded(t, m))
	if _, err := wire.EncodeUpTo(t.Context(), m, size); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	_, err := wire.EncodeUpTo(t.Context(), m, size-1)
	var tooLarge *wire.SizeError
	if !errors.As(err, &tooLarge) || tooLarge.Size != size {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "3.0 MiB") {
		t.Errorf("%q does not say 3.0 MiB", err)
	}
}
