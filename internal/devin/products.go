package devin

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ACUsByProduct has the products that the API gives a number for, sorted by the
// API's name for them: `cascade`, `devin`, `review`, `terminal` and what may
// come.
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
	if d.PeekKind() != '{' {
		*p = nil
		return json.UnmarshalDecode(d, new(map[string]ACUs)) // null, or an error
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	products := (*p)[:0] // in the memory that is there
	for d.PeekKind() != '}' {
		product, err := readName(d)
		if err != nil {
			return err
		}
		if d.PeekKind() == 'n' {
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		products = append(products, ProductACUs{Product: product})
		if err := (*ACUs)(&products[len(products)-1].ACUs).UnmarshalJSONFrom(d); err != nil {
			return err
		}
	}
	slices.SortFunc(products, func(a, b ProductACUs) int { return strings.Compare(a.Product, b.Product) })
	*p = products
	_, err := d.ReadToken()
	return err
}
