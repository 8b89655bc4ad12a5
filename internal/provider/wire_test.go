package provider

import (
	"context"
	"encoding"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// wireTestModel has a field of every kind that a model may have.
type wireTestModel struct {
	Filter    types.String  `tfsdk:"filter"`
	IDs       types.List    `tfsdk:"ids"`
	Threshold types.Float64 `tfsdk:"threshold"`
	Org       *string       `tfsdk:"org"`
	Users     []string      `tfsdk:"users"`
	wireTestCounts
	Rows     []wireTestRow          `tfsdk:"rows"`
	Products map[string]float64     `tfsdk:"products"`
	ByID     map[string]wireTestRow `tfsdk:"by_id"`
	Current  *wireTestRow           `tfsdk:"current"`
	Skipped  func()                 `tfsdk:"-"`
}

type wireTestCounts struct {
	Count    *int64   `tfsdk:"count_merged"`
	Rate     *float64 `tfsdk:"rate"`
	Complete *bool    `tfsdk:"complete"`
}

type wireTestRow struct {
	ID       string              `tfsdk:"id"`
	Email    *string             `tfsdk:"email"`
	ACUs     float64             `tfsdk:"acus"`
	Days     int64               `tfsdk:"days"`
	Active   bool                `tfsdk:"active"`
	Products map[string]*float64 `tfsdk:"products"`
	Labels   []*string           `tfsdk:"labels"`
	Rates    wireTestRates       `tfsdk:"rates"`
	Week     wireTestWeek        `tfsdk:"week"`
	Left     *wireTestWeek       `tfsdk:"left"`
	Seats    wireTestSeats       `tfsdk:"seats"`
	Spare    *wireTestSeats      `tfsdk:"spare"`
}

// wireTestRates is a map of numbers to Terraform.
type wireTestRates []struct {
	Name string
	Rate float64
}

func (r wireTestRates) Len() int { return len(r) }

func (r wireTestRates) At(i int) (string, float64) { return r[i].Name, r[i].Rate }

// wireTestWeek is a text to Terraform.
type wireTestWeek int

func (w wireTestWeek) AppendText(b []byte) ([]byte, error) {
	if w == 53 {
		return nil, errors.New("this year has 52 weeks")
	}
	return fmt.Appendf(b, "week %d", int(w)), nil
}

// wireTestSeats is a number, by its kind.
type wireTestSeats int64

func wireTestSchema() schema.Schema {
	row := map[string]schema.Attribute{
		"id":       schema.StringAttribute{Computed: true},
		"email":    schema.StringAttribute{Computed: true},
		"acus":     schema.Float64Attribute{Computed: true},
		"days":     schema.Int64Attribute{Computed: true},
		"active":   schema.BoolAttribute{Computed: true},
		"products": schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
		"labels":   schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"rates":    schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
		"week":     schema.StringAttribute{Computed: true},
		"left":     schema.StringAttribute{Computed: true},
		"seats":    schema.Int64Attribute{Computed: true},
		"spare":    schema.Int64Attribute{Computed: true},
	}
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"filter":       schema.StringAttribute{Required: true},
		"ids":          schema.ListAttribute{Optional: true, ElementType: types.StringType},
		"threshold":    schema.Float64Attribute{Optional: true},
		"org":          schema.StringAttribute{Optional: true},
		"users":        schema.ListAttribute{Optional: true, ElementType: types.StringType},
		"count_merged": schema.Int64Attribute{Computed: true},
		"rate":         schema.Float64Attribute{Computed: true},
		"complete":     schema.BoolAttribute{Computed: true},
		"rows":         schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: row}},
		"products":     schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
		"by_id":        schema.MapNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: row}},
		"current":      schema.SingleNestedAttribute{Computed: true, Attributes: row},
	}}
}

func TestWireEqualsStateSetForEveryKind(t *testing.T) {
	checkWire(t, &dataSource[wireTestModel]{name: "kinds", schema: wireTestSchema})
}

func wireEncode(t *testing.T, m any) []byte {
	t.Helper()
	encoded, err := encodeWire(context.Background(), m, wireLimit)
	if err != nil {
		t.Fatal(err)
	}
	if cap(encoded) != len(encoded) {
		t.Errorf("counted %d bytes, wrote %d", cap(encoded), len(encoded))
	}
	return encoded
}

// wireDecode encodes a model whose only attribute is v, decodes it as plugin-go
// does, and gives that attribute.
func wireDecode[T any](t *testing.T, v T, typ tftypes.Type) tftypes.Value {
	t.Helper()
	encoded := wireEncode(t, &struct {
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

func TestWireTellsNullFromEmpty(t *testing.T) {
	list, numbers := tftypes.List{ElementType: tftypes.String}, tftypes.Map{ElementType: tftypes.Number}
	nothing, nilValue := "", attr.Value(nil)
	for name, test := range map[string]struct{ got, want tftypes.Value }{
		"nil pointer":       {wireDecode[*string](t, nil, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
		"pointer to empty":  {wireDecode(t, &nothing, tftypes.String), tftypes.NewValue(tftypes.String, "")},
		"nil slice":         {wireDecode[[]string](t, nil, list), tftypes.NewValue(list, nil)},
		"empty slice":       {wireDecode(t, []string{}, list), tftypes.NewValue(list, []tftypes.Value{})},
		"nil map":           {wireDecode[map[string]float64](t, nil, numbers), tftypes.NewValue(numbers, nil)},
		"empty map":         {wireDecode(t, map[string]float64{}, numbers), tftypes.NewValue(numbers, map[string]tftypes.Value{})},
		"nil numbers":       {wireDecode[wireTestRates](t, nil, numbers), tftypes.NewValue(numbers, nil)},
		"no numbers":        {wireDecode(t, wireTestRates{}, numbers), tftypes.NewValue(numbers, map[string]tftypes.Value{})},
		"nil text":          {wireDecode[*wireTestWeek](t, nil, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
		"zero types.List":   {wireDecode(t, types.List{}, list), tftypes.NewValue(list, nil)},
		"nil attr.Value":    {wireDecode(t, nilValue, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
		"nil *types.String": {wireDecode[*types.String](t, nil, tftypes.String), tftypes.NewValue(tftypes.String, nil)},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, test.got, test.want)
		}
	}
}

// A value of a map has no address.
func TestWireWritesTypesByTheirMethodsWhereverTheyAre(t *testing.T) {
	text, numbers := tftypes.NewValue(tftypes.String, "week 7"), tftypes.Map{ElementType: tftypes.Number}
	week, rates := wireTestWeek(7), wireTestRates{{"a", 0.5}}
	want := tftypes.NewValue(numbers, map[string]tftypes.Value{"a": tftypes.NewValue(tftypes.Number, 0.5)})
	for name, test := range map[string]struct{ got, want tftypes.Value }{
		"text":              {wireDecode(t, week, tftypes.String), text},
		"pointer to text":   {wireDecode(t, &week, tftypes.String), text},
		"text in a map":     {wireDecode(t, map[string]wireTestWeek{"k": 7}, tftypes.Map{ElementType: tftypes.String}), tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"k": text})},
		"numbers":           {wireDecode(t, rates, numbers), want},
		"pointer to those":  {wireDecode(t, &rates, numbers), want},
		"numbers in a map":  {wireDecode(t, map[string]wireTestRates{"k": rates}, tftypes.Map{ElementType: numbers}), tftypes.NewValue(tftypes.Map{ElementType: numbers}, map[string]tftypes.Value{"k": want})},
		"number by kind":    {wireDecode(t, wireTestSeats(200), tftypes.Number), tftypes.NewValue(tftypes.Number, 200)},
		"text of 31 bytes":  {wireDecode(t, strings.Repeat("x", 31), tftypes.String), tftypes.NewValue(tftypes.String, strings.Repeat("x", 31))},
		"text of 32 bytes":  {wireDecode(t, strings.Repeat("x", 32), tftypes.String), tftypes.NewValue(tftypes.String, strings.Repeat("x", 32))},
		"text of a long ID": {wireDecode(t, wireTestID(strings.Repeat("y", 40)), tftypes.String), tftypes.NewValue(tftypes.String, strings.Repeat("y", 40)+"!")},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, test.got, test.want)
		}
	}
}

type wireTestID string

func (id wireTestID) AppendText(b []byte) ([]byte, error) { return append(append(b, id...), '!'), nil }

func TestWireNumbersAreTheDecimalsTheyShow(t *testing.T) {
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
			"float64":       wireDecode(t, f, tftypes.Number),
			"types.Float64": wireDecode(t, types.Float64Value(f), tftypes.Number),
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

func TestWireKeepsConfiguredNumbersExact(t *testing.T) {
	n, _, _ := big.ParseFloat("0.010000000000000000000000000000000000003", 10, 512, big.ToNearestEven)
	var got big.Float
	if err := wireDecode(t, types.NumberValue(n), tftypes.Number).As(&got); err != nil || got.Cmp(n) != 0 {
		t.Errorf("got %s, %v", got.Text('g', -1), err)
	}
}

func TestWireIsDeterministicAndSorted(t *testing.T) {
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
		if got := string(wireEncode(t, m)); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestWireRefusesValuesTerraformCannotHold(t *testing.T) {
	type model struct {
		Rows  []map[string]float64  `tfsdk:"rows"`
		Rates map[string][]*float64 `tfsdk:"rates"`
		Value attr.Value            `tfsdk:"value"`
		Own   []wireTestRates       `tfsdk:"own"`
		Week  *wireTestWeek         `tfsdk:"week"`
	}
	week := wireTestWeek(53)
	infinite := math.Inf(1)
	unknown := types.ListValueMust(types.StringType, []attr.Value{types.StringUnknown()})
	for want, m := range map[string]*model{
		`rows: [1]: ["x"]: NaN is not`: {Rows: []map[string]float64{nil, {"x": math.NaN()}}},
		`rows: [0]: ["y"]: -Inf is`:    {Rows: []map[string]float64{{"y": math.Inf(-1)}}},
		`rates: ["a"]: [0]: +Inf is`:   {Rates: map[string][]*float64{"a": {&infinite}}},
		`value: the value is unknown`:  {Value: unknown},
		`own: [0]: ["z"]: NaN is not`:  {Own: []wireTestRates{{{"z", math.NaN()}}}},
		`week: this year has 52 weeks`: {Week: &week},
		`value: `:                      {Value: types.MapValueMust(types.NumberType, map[string]attr.Value{"x": types.NumberValue(big.NewFloat(math.Inf(1)))})},
	} {
		_, err := encodeWire(context.Background(), m, wireLimit)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

type wireTestLoop struct {
	Next []wireTestLoop `tfsdk:"next"`
}

func TestWirePlanRefusesTypesItCannotWrite(t *testing.T) {
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
		"has no tfsdk tag":             struct{ Name string }{},
		"wireTestLoop contains itself": wireTestLoop{},
		"only structs without a tag": struct {
			*wireTestCounts
		}{},
		"has the attribute rate twice": struct {
			wireTestCounts
			Other string `tfsdk:"rate"`
		}{},
	} {
		_, err := wirePlan(reflect.TypeOf(m))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: got %v, want %s", m, err, want)
		}
	}
}

func TestWireTooLargeIsAnError(t *testing.T) {
	m := &struct {
		V string `tfsdk:"v"`
	}{strings.Repeat("x", 3<<20)}
	size := len(wireEncode(t, m))
	if _, err := encodeWire(context.Background(), m, size); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	_, err := encodeWire(context.Background(), m, size-1)
	var tooLarge *wireSizeError
	if !errors.As(err, &tooLarge) || tooLarge.size != size {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "3.0 MiB") {
		t.Errorf("%q does not say 3.0 MiB", err)
	}
}
