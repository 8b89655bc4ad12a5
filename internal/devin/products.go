package devin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unique"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// ACUsByProduct has the products that the API gives a number for, sorted by the
// API's name for them: `cascade`, `devin`, `review`, `terminal` and what may
// come. A map of each day of each user would take three times the memory.
type ACUsByProduct []ProductACUs

// ProductACUs is one product's part of a day's ACUs.
type ProductACUs struct {
	Product string
	ACUs    float64
}

// Len is the number of products.
func (p ACUsByProduct) Len() int { return len(p) }

// At is the product at an index, by the API's name for it, and its ACUs.
func (p ACUsByProduct) At(i int) (product string, acus float64) { return p[i].Product, p[i].ACUs }

// SumProducts adds up products by their names. It is empty, not nil, where there
// is nothing to add.
func SumProducts(all []ACUsByProduct) ACUsByProduct {
	byName := map[string][]float64{}
	for _, products := range all {
		for _, p := range products {
			byName[p.Product] = append(byName[p.Product], p.ACUs)
		}
	}
	sum := make(ACUsByProduct, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		sum = append(sum, ProductACUs{Product: name, ACUs: SumACUs(byName[name])})
	}
	return sum
}

// Check checks the ACUs of each product.
func (p ACUsByProduct) Check() error {
	for _, product := range p {
		if err := ACUs(product.ACUs).Check(); err != nil {
			return fmt.Errorf("of the product %s, %w", rest.Excerpt(product.Product), err)
		}
	}
	return nil
}

// UnmarshalJSON leaves out the products that are null.
func (p *ACUsByProduct) UnmarshalJSON(text []byte) error {
	var few [8]ProductACUs // more than there are, and on the stack
	products, ok := plainProducts(few[:0], text)
	if !ok {
		products = nil
		var numbers map[string]*float64
		if err := json.Unmarshal(text, &numbers); err != nil {
			return fmt.Errorf("the field acus_by_product is no object of numbers: %s", rest.Excerpt(string(text)))
		}
		for product, acus := range numbers {
			if acus != nil {
				products = append(products, ProductACUs{Product: product, ACUs: *acus})
			}
		}
	}
	slices.SortFunc(products, func(a, b ProductACUs) int { return strings.Compare(a.Product, b.Product) })
	*p = append(make(ACUsByProduct, 0, len(products)), products...)
	return nil
}

// plainProducts reads the form that the API sends: names without escapes, each
// with a number or null. To fill a map of pointers, as encoding/json does, took
// a third of the time of a report and half of its garbage (BENCHMARKS.md). What
// is not of that form, right or wrong, is left to encoding/json; that the text
// is JSON at all, it has seen already.
func plainProducts(products ACUsByProduct, text []byte) (ACUsByProduct, bool) {
	body, isObject := bytes.CutPrefix(bytes.TrimSuffix(text, []byte("}")), []byte("{"))
	if !isObject || bytes.IndexByte(body, '\\') >= 0 {
		return nil, false
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return products, true
	}
	for pair := range bytes.SplitSeq(body, []byte(",")) {
		quoted, number, _ := bytes.Cut(pair, []byte(":"))
		name, opened := bytes.CutPrefix(bytes.TrimSpace(quoted), []byte(`"`))
		name, closed := bytes.CutSuffix(name, []byte(`"`))
		if !opened || !closed {
			return nil, false
		}
		number = bytes.TrimSpace(number)
		if string(number) == "null" {
			continue
		}
		acus, err := strconv.ParseFloat(string(number), 64)
		if err != nil {
			return nil, false
		}
		products = append(products, ProductACUs{Product: productName(name), ACUs: acus})
	}
	return products, true
}

// productName shares one text among all the rows that have the product.
func productName(name []byte) string {
	switch string(name) {
	case "devin":
		return "devin"
	case "cascade":
		return "cascade"
	case "terminal":
		return "terminal"
	case "review":
		return "review"
	}
	return unique.Make(string(name)).Value()
}
