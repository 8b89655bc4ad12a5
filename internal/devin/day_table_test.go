package devin

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

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
