package wire

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// value is a value of HCL: a tuple for []any, an object for map[string]any.
func value(t *testing.T, given any) tftypes.Value {
	t.Helper()
	switch given := given.(type) {
	case tftypes.Value:
		return given
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case string:
		return tftypes.NewValue(tftypes.String, given)
	case bool:
		return tftypes.NewValue(tftypes.Bool, given)
	case float64:
		return tftypes.NewValue(tftypes.Number, given)
	case *big.Float:
		return tftypes.NewValue(tftypes.Number, given)
	case []any:
		var types []tftypes.Type
		var values []tftypes.Value
		for _, element := range given {
			v := value(t, element)
			types, values = append(types, v.Type()), append(values, v)
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, values)
	case map[string]any:
		types, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
		for name, field := range given {
			values[name] = value(t, field)
			types[name] = values[name].Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
	}
	t.Fatalf("%T", given)
	return tftypes.Value{}
}

// ofHCL is a number as HCL has it, with 512 bits.
func ofHCL(t *testing.T, text string) *big.Float {
	t.Helper()
	x, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestCSVOfIsSafeAndSorted(t *testing.T) {
	t.Parallel()
	type row = map[string]any
	for name, tt := range map[string]struct {
		rows any
		want string
	}{
		"nothing":             {[]any{}, ""},
		"rows without a cell": {[]any{row{}, row{}}, ""},
		"sorted columns":      {[]any{row{"b": "x", "a": true}}, "a,b\r\ntrue,x\r\n"},
		"a row that lacks one, and a null": {
			[]any{row{"a": "x"}, row{"b": nil}, row{"b": "y"}}, "a,b\r\nx,\r\n,\r\n,y\r\n",
		},
		"one empty cell":     {[]any{row{"a": nil}, row{"a": ""}, row{"a": "x"}}, "a\r\n\"\"\r\n\"\"\r\nx\r\n"},
		"formulas":           {[]any{row{"=a": "=1+1", "b": "-1", "c": -1.0}}, "'=a,b,c\r\n'=1+1,'-1,-1\r\n"},
		"names of columns":   {[]any{row{"'a": 1.0, "＝b": row{"=c": 2.0}, "d": row{"=e": 3.0}}}, "''a,d_=e,'＝b_=c\r\n1,3,2\r\n"},
		"quotes and breaks":  {[]any{row{"a": "x,\"y\"\r\nz"}}, "a\r\n\"x,\"\"y\"\"\r\nz\"\r\n"},
		"an object of parts": {[]any{row{"p": row{"x": 1.5, "y": nil}}, row{"p": row{"z": "q"}}}, "p_x,p_y,p_z\r\n1.5,,\r\n,,q\r\n"},
		"a list":             {[]any{row{"l": []any{"<a>", nil, 1.5, row{"k": true}}}}, "l\r\n\"[\"\"<a>\"\",null,1.5,{\"\"k\"\":true}]\"\r\n"},
		"numbers of HCL": {
			[]any{row{"a": ofHCL(t, "0.1"), "b": ofHCL(t, strings.Repeat("3", 30)), "c": new(big.Float).Quo(ofHCL(t, "1"), ofHCL(t, "3")), "d": ofHCL(t, "1e-7"), "e": ofHCL(t, "1e9000")}},
			"a,b,c,d,e\r\n0.1," + strings.Repeat("3", 30) + ",0.3333333333333333,0.0000001,1e+9000\r\n",
		},
	} {
		if text, err := CSVOf(value(t, tt.rows)); err != nil || text != tt.want {
			t.Errorf("%s: got  %q, %v\nwant %q", name, text, err, tt.want)
		}
	}
}

// A list of a data source has its columns without a row, too.
func TestCSVOfATypedListKnowsItsColumns(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"id": tftypes.String, "acus": tftypes.Number, "parts": tftypes.Map{ElementType: tftypes.Number},
	}}
	list := tftypes.List{ElementType: object}
	if text, err := CSVOf(tftypes.NewValue(list, []tftypes.Value{})); err != nil || text != "acus,id\r\n" {
		t.Errorf("got %q, %v", text, err)
	}
	row := tftypes.NewValue(object, map[string]tftypes.Value{
		"id": tftypes.NewValue(tftypes.String, nil), "acus": tftypes.NewValue(tftypes.Number, nil),
		"parts": tftypes.NewValue(tftypes.Map{ElementType: tftypes.Number}, nil),
	})
	if text, err := CSVOf(tftypes.NewValue(list, []tftypes.Value{row})); err != nil || text != "acus,id\r\n,\r\n" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestCSVOfSaysWhatIsNoRow(t *testing.T) {
	t.Parallel()
	for want, given := range map[string]any{
		"the value is not a list of objects":     "text",
		"the list is null":                       nil,
		"element 1 of the list is not an object": []any{map[string]any{"a": "b"}, "text"},
		"element 0 of the list is null":          []any{nil},
	} {
		if text, err := CSVOf(value(t, given)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %q, %v, want %s", text, err, want)
		}
	}
}

func TestCSVOfRefusesTwoSourcesOfAColumn(t *testing.T) {
	t.Parallel()
	type row = map[string]any
	flat, nested := row{"a_b": "x"}, row{"a": row{"b": "y"}}
	for want, rows := range map[string][]any{
		"element 0 of the list has a_b, which would share the column a_b with the key b of a: rename one of them":       {row{"a_b": "x", "a": row{"b": "y"}}},
		"element 2 of the list has the key b of a, which would share the column a_b with a_b: rename one of them":       {flat, flat, nested},
		"element 1 of the list has a_b, which would share the column a_b with the key b of a: rename one of them":       {nested, flat},
		"element 1 of the list has the key c of a_b, which would share the column a_b_c with the key b_c of a: rename ": {row{"a": row{"b_c": "x"}}, row{"a_b": row{"c": "x"}}},
	} {
		if text, err := CSVOf(value(t, rows)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %q, %v\nwant %s", text, err, want)
		}
	}
	list := tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a_b": tftypes.String, "a": tftypes.Map{ElementType: tftypes.Number}}}}
	typed := tftypes.NewValue(list, []tftypes.Value{tftypes.NewValue(list.ElementType, map[string]tftypes.Value{
		"a_b": tftypes.NewValue(tftypes.String, nil), "a": value(t, tftypes.NewValue(tftypes.Map{ElementType: tftypes.Number}, map[string]tftypes.Value{"b": value(t, 1.0)})),
	})})
	if text, err := CSVOf(typed); err == nil {
		t.Errorf("a typed list became %q", text)
	}
}
