package devin

import (
	"maps"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// productsByJSON is the plain way to read products, by which the quick one is
// judged.
func productsByJSON(text string) (map[string]float64, error) {
	var numbers map[string]*ACUs
	err := json.Unmarshal([]byte(text), &numbers)
	found := map[string]float64{}
	for name, acus := range numbers {
		if acus != nil {
			found[name] = float64(*acus)
		}
	}
	return found, err
}

func checkProducts(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		return // the client refuses the whole answer
	}
	want, wantErr := productsByJSON(text)
	var products ACUsByProduct
	err := json.Unmarshal([]byte(text), &products)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%s: got %v, want %v", text, err, wantErr)
	}
	if err != nil {
		return
	}
	got := map[string]float64{}
	for i := range products.Len() {
		product, acus := products.At(i)
		got[product] = acus
		if i > 0 && products[i-1].Product >= product {
			t.Errorf("%s: %v is not sorted", text, products)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", text, products, want)
	}
}

func TestProductsAreReadAsAMapReadsThem(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, ` { } `, `null`, `[]`, `[1]`, `1`, `"devin"`, `true`,
		`{"devin":1.25,"cascade":0.0,"terminal":3,"review":null}`,
		" {\n\t\"terminal\" : 3e-2 ,\r\n \"devin\":-0.5 } ",
		`{"b":1,"a":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10}`,
		`{"a,b":1,"c:d":2,"e}":3,"{f":4," g ":5,"":6}`,
		`{"d\u0065vin":1}`, `{"\"":1}`, `{"\\":1,"b":2}`, `{"Zoë 日本":1}`,
		`{"devin":"1"}`, `{"devin":true}`, `{"devin":{}}`, `{"devin":[1,2]}`, `{"devin":{"a":1,"b":2}}`, `{"devin":1e999}`,
		`{"devin":0.1,"review":-0}`, `{"NaN":1}`, `{"null":null}`,
	} {
		checkProducts(t, text)
	}
}

func FuzzProducts(f *testing.F) {
	f.Add(`{"devin":1.25,"cascade":0.0,"terminal":3,"review":null}`)
	f.Add(`{"a,b":1,"c:d":2,"e}":3}`)
	f.Fuzz(checkProducts)
}
