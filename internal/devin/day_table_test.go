package devin

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

func decodeConsumption(body string) (*Consumption, error) {
	var answer consumptionAnswer
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		return nil, err
	}
	if err := answer.Check(); err != nil {
		return nil, err
	}
	got, kind, text := answer.within(Window{Start: firstSaneDay, End: lastSaneDay})
	if kind != "" {
		return nil, errors.New(text)
	}
	return got, nil
}

// Days with products of their own, in any order, read back as they were sent.
func TestDaysReadBackAsTheyWereSent(t *testing.T) {
	t.Parallel()
	names := []string{"devin", "cascade", "zeta", "a \\\"quoted\\\" one", "terminal", "", "review", "ä"}
	written := map[string]string{`a \"quoted\" one`: `a "quoted" one`}
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		var want []DayConsumption
		var texts []string
		for _, i := range random.Perm(n) {
			day := DayConsumption{Date: firstSaneDay + Day(i), ACUs: float64(random.IntN(1000)) / 8, Products: ACUsByProduct{}}
			var products []string
			for _, k := range random.Perm(random.IntN(len(names) + 1)) {
				acus := float64(random.IntN(3)) / 4
				products = append(products, fmt.Sprintf(`"%s":%v`, names[k], acus))
				day.Products = append(day.Products, ProductACUs{Product: cmp.Or(written[names[k]], names[k]), ACUs: acus})
			}
			slices.SortFunc(day.Products, func(a, b ProductACUs) int { return strings.Compare(a.Product, b.Product) })
			want = append(want, day)
			products = append(products, `"nothing":null`)
			texts = append(texts, fmt.Sprintf(`{"x":[{}],"acus_by_product":{%s},"d\u0061te":%d,"acus":%v}`,
				strings.Join(products, ","), day.Date.Start().Unix(), day.ACUs))
		}
		slices.SortFunc(want, func(a, b DayConsumption) int { return cmp.Compare(a.Date, b.Date) })
		total, sums := []float64{}, map[string][]float64{}
		for _, day := range want {
			total = append(total, day.ACUs)
			for _, p := range day.Products {
				sums[p.Product] = append(sums[p.Product], p.ACUs)
			}
		}
		got, err := decodeConsumption(answerOf(fmt.Sprint(SumACUs(total)), texts...))
		if err != nil {
			t.Fatal(err)
		}
		if days := got.Days(); len(want) > 0 && !reflect.DeepEqual(days, want) || len(days) != len(want) {
			t.Fatalf("%d days: got %v, want %v", n, days, want)
		}
		byProduct := got.ByProduct()
		for i, p := range byProduct {
			if p.ACUs != SumACUs(sums[p.Product]) || i > 0 && byProduct[i-1].Product >= p.Product {
				t.Errorf("%d days: %v ACUs of %q in %v, want %v", n, p.ACUs, p.Product, byProduct, sums[p.Product])
			}
		}
		if len(byProduct) != len(sums) {
			t.Errorf("%d days: got %v, want %v", n, byProduct, sums)
		}
		// A part of the days has the products of that part only.
		if n > 2 {
			part := got.days.between(want[1].Date, want[n-2].Date)
			if days := (&Consumption{days: part}).Days(); !reflect.DeepEqual(days, want[1:n-1]) {
				t.Errorf("%d days: the part is %v, want %v", n, days, want[1:n-1])
			}
			for _, p := range part.byProduct() {
				if !slices.ContainsFunc(want[1:n-1], func(d DayConsumption) bool {
					return slices.ContainsFunc(d.Products, func(other ProductACUs) bool { return other.Product == p.Product })
				}) {
					t.Errorf("%d days: %q is in no day of the part", n, p.Product)
				}
			}
		}
	}
}

// 600,000 days are held at once, so what one takes is what a large report takes.
func TestADayTakesNoMoreThanItsNumbers(t *testing.T) {
	t.Parallel()
	var days []string
	for i := range 30 {
		days = append(days, fmt.Sprintf(`{"date":%d,"acus":1,"acus_by_product":{"devin":1,"cascade":0,"terminal":0,"review":0}}`, (firstSaneDay+Day(i)).Start().Unix()))
	}
	var answer consumptionAnswer
	if err := json.Unmarshal([]byte(answerOf("30", days...)), &answer); err != nil {
		t.Fatal(err)
	}
	// 30 × 5 numbers take 1,200 bytes, and the allocator rounds them up to 1,280.
	if numbers, dates := cap(answer.ByDate.values), cap(answer.ByDate.dates); numbers > 160 || dates > 32 {
		t.Errorf("room for %d numbers and %d dates", numbers, dates)
	}
}

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
