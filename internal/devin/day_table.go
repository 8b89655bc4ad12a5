package devin

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unique"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// dayTable has what was consumed on each of some days. A report over 20,000 users
// holds 600,000 days: in one slice of numbers they take 29 MB, and as a struct and
// a slice of products each, 82 MB.
type dayTable struct {
	products []string // sorted: all that any of the days has
	dates    []Day
	// values has a row for each date: the ACUs of the day, and those of each product.
	// NaN, which JSON cannot have, is a product that the day lacks.
	values []float64

	missing string // the path of the first required field that an answer lacks
}

func (t *dayTable) width() int { return 1 + len(t.products) }

func (t *dayTable) acus(i int) float64 { return t.values[i*t.width()] }

func (t *dayTable) allACUs() []float64 {
	acus := make([]float64, len(t.dates))
	for i := range acus {
		acus[i] = t.acus(i)
	}
	return acus
}

func (t *dayTable) appendProducts(to ACUsByProduct, i int) ACUsByProduct {
	for k, acus := range t.values[i*t.width()+1 : (i+1)*t.width()] {
		if !math.IsNaN(acus) {
			to = append(to, ProductACUs{Product: t.products[k], ACUs: acus})
		}
	}
	return to
}

// byProduct adds up the products of all days.
func (t *dayTable) byProduct() ACUsByProduct {
	sums, days := make(ACUsByProduct, 0, len(t.products)), make([]float64, 0, len(t.dates))
	for k, product := range t.products {
		days = days[:0]
		for i := range t.dates {
			if acus := t.values[i*t.width()+1+k]; !math.IsNaN(acus) {
				days = append(days, acus)
			}
		}
		if len(days) > 0 {
			sums = append(sums, ProductACUs{Product: product, ACUs: SumACUs(days)})
		}
	}
	return sums
}

// oddity says where products of a day are more than the day. Only those that the
// documentation has always had are held against it: whether the ACUs of a day count
// the others is not known.
func (t *dayTable) oddity() string {
	var columns []int
	for i, product := range t.products {
		if slices.Contains(agentProducts[CloudAgent], product) || slices.Contains(agentProducts[LocalAgent], product) {
			columns = append(columns, 1+i)
		}
	}
	for i, date := range t.dates {
		day, sum := t.values[i*t.width():(i+1)*t.width()], 0.0
		for _, column := range columns {
			if acus := day[column]; !math.IsNaN(acus) {
				sum += acus
			}
		}
		// How the API rounds is not documented, as in isSumOf.
		if slack := 0.01*float64(len(columns)+1) + 0.01*math.Abs(day[0]); sum-day[0] > slack {
			return fmt.Sprintf("acus of %s is %s, and its products add up to %s", date, number(day[0]), number(sum))
		}
	}
	return ""
}

// between is the part of a sorted table from one day to another. It shares the
// table's memory.
func (t *dayTable) between(from, to Day) dayTable {
	first, _ := slices.BinarySearch(t.dates, from)
	end, _ := slices.BinarySearch(t.dates, to+1)
	return dayTable{products: t.products, dates: t.dates[first:end:end], values: t.values[first*t.width() : end*t.width() : end*t.width()]}
}

// ends are the first and the last date of a sorted table; both are 0 where it is
// empty.
func (t *dayTable) ends() (first, last Day) {
	if len(t.dates) == 0 {
		return 0, 0
	}
	return t.dates[0], t.dates[len(t.dates)-1]
}

// sort sorts the days by date. The API sends them sorted, as far as is known.
func (t *dayTable) sort() {
	if slices.IsSorted(t.dates) {
		return
	}
	order := make([]int, len(t.dates))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(t.dates[a] - t.dates[b]) })
	dates, values := make([]Day, 0, len(t.dates)), make([]float64, 0, len(t.values))
	for _, i := range order {
		dates = append(dates, t.dates[i])
		values = append(values, t.values[i*t.width():(i+1)*t.width()]...)
	}
	t.dates, t.values = dates, values
}

// add appends a day. Its products are sorted.
func (t *dayTable) add(date Day, acus float64, products ACUsByProduct) {
	for _, p := range products {
		if at, known := slices.BinarySearchFunc(t.products, p.Product, strings.Compare); !known {
			t.widen(at, p.Product)
		}
	}
	t.dates = append(t.dates, date)
	t.values = append(t.values, acus)
	for _, product := range t.products {
		value := math.NaN()
		if len(products) > 0 && products[0].Product == product {
			value, products = products[0].ACUs, products[1:]
		}
		t.values = append(t.values, value)
	}
}

// widen adds a product, which the days so far do not have.
func (t *dayTable) widen(at int, product string) {
	values := make([]float64, 0, len(t.dates)*(t.width()+1))
	for row := range slices.Chunk(t.values, t.width()) {
		values = append(append(append(values, row[:1+at]...), math.NaN()), row[1+at:]...)
	}
	t.products, t.values = slices.Insert(t.products, at, product), values
}

// UnmarshalJSONFrom reads the days of an answer without memory for each of them.
// Wrong types are errors here; what is missing, Check finds.
func (t *dayTable) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '[' {
		return json.UnmarshalDecode(d, new([]struct{})) // an error
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	var days dayTable
	var day dayAnswer
	for i := 0; d.PeekKind() != ']'; i++ {
		if err := day.read(d); err != nil {
			return err
		}
		switch {
		case days.missing != "":
		case !day.hasDate:
			days.missing = fmt.Sprintf("[%d].date", i)
		case !day.hasACUs:
			days.missing = fmt.Sprintf("[%d].acus", i)
		default:
			days.add(day.date, float64(day.acus), day.products)
		}
	}
	// Appending leaves up to half of a slice empty, and many of them are held.
	*t = dayTable{days.products, slices.Clone(days.dates), slices.Clone(days.values), days.missing}
	_, err := d.ReadToken()
	return err
}

// dayAnswer is a day as the API has it. One is read after the other into the same
// memory.
type dayAnswer struct {
	date             Day
	acus             ACUs
	hasDate, hasACUs bool
	products         ACUsByProduct
}

func (a *dayAnswer) read(d *jsontext.Decoder) error {
	a.hasDate, a.hasACUs, a.products = false, false, a.products[:0]
	if d.PeekKind() != '{' {
		return json.UnmarshalDecode(d, new(struct{})) // null, which lacks a date, or an error
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := readName(d)
		if err != nil {
			return err
		}
		isNull := d.PeekKind() == 'n'
		switch {
		case isNull:
			err = d.SkipValue()
		case name == "date":
			a.hasDate, err = true, a.date.UnmarshalJSONFrom(d)
		case name == "acus":
			a.hasACUs, err = true, a.acus.UnmarshalJSONFrom(d)
		case name == "acus_by_product":
			err = a.products.UnmarshalJSONFrom(d)
		default:
			err = d.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// readName reads the name of a field. Those that are known share one text.
func readName(d *jsontext.Decoder) (string, error) {
	name, err := d.ReadValue()
	if err != nil {
		return "", err
	}
	switch string(name) {
	case `"date"`:
		return "date", nil
	case `"acus"`:
		return "acus", nil
	case `"acus_by_product"`:
		return "acus_by_product", nil
	case `"devin"`:
		return "devin", nil
	case `"cascade"`:
		return "cascade", nil
	case `"terminal"`:
		return "terminal", nil
	case `"review"`:
		return "review", nil
	}
	text, err := jsontext.AppendUnquote(nil, name)
	return unique.Make(string(text)).Value(), err
}
