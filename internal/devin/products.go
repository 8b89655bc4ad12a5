package devin

import (
	"maps"
	"slices"
	"strings"
	"unique"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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

// UnmarshalJSONFrom leaves out the products that are null. To fill a map, as the
// decoder would, took a third of the time of a report and half of its garbage.
func (p *ACUsByProduct) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*p = nil
	if d.PeekKind() != '{' {
		return json.UnmarshalDecode(d, new(map[string]ACUs)) // null, or an error
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	var few [8]ProductACUs // more than there are, and on the stack
	products := few[:0]
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		product := productName(name.String())
		var acus *ACUs
		if err := json.UnmarshalDecode(d, &acus); err != nil {
			return err
		}
		if acus != nil {
			products = append(products, ProductACUs{Product: product, ACUs: float64(*acus)})
		}
	}
	slices.SortFunc(products, func(a, b ProductACUs) int { return strings.Compare(a.Product, b.Product) })
	*p = append(make(ACUsByProduct, 0, len(products)), products...)
	_, err := d.ReadToken()
	return err
}

// productName shares one text among all the rows that have the product.
func productName(name string) string {
	switch name {
	case "devin":
		return "devin"
	case "cascade":
		return "cascade"
	case "terminal":
		return "terminal"
	case "review":
		return "review"
	}
	return unique.Make(name).Value()
}
