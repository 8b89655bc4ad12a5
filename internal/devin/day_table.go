package devin

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unique"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// dayTable is what was consumed on each of some days, in ACUs. A report on 20,000 users
// holds 600,000 days: in one slice of numbers they take 29 MB, and with a struct and a
// slice of products for each, 82 MB.
type dayTable struct {
	products []string // of all days, sorted
	dates    []Day
	// values has a row for each date: the ACUs of the day, then those of each product.
	// NaN, which JSON cannot express, stands for a product that the day lacks.
	values []float64

	missing string // the path of the first required field that the answer lacks
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

// oddity describes the first day whose products add up to more than its ACUs; it is empty
// if there is none. Only the products of agentProducts are added: whether the ACUs of a
// day include other products is not known.
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
		if sum-day[0] > roundingSlack(len(columns)+1, day[0]) {
			return fmt.Sprintf("acus of %s is %s, and its products add up to %s", date, number(day[0]), number(sum))
		}
	}
	return ""
}

// between returns the part of a sorted table from one day to another, both included. It
// shares the memory of the table.
func (t *dayTable) between(from, to Day) dayTable {
	first, _ := slices.BinarySearch(t.dates, from)
	end, _ := slices.BinarySearch(t.dates, to+1)
	return dayTable{products: t.products, dates: t.dates[first:end:end], values: t.values[first*t.width() : end*t.width() : end*t.width()]}
}

// ends returns the first and the last date of a sorted table; both are 0 if it is empty.
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

// add appends a day, whose products must be sorted.
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

// widen inserts a column for a product, which the days in the table lack.
func (t *dayTable) widen(at int, product string) {
	values := make([]float64, 0, len(t.dates)*(t.width()+1))
	for row := range slices.Chunk(t.values, t.width()) {
		values = append(append(append(values, row[:1+at]...), math.NaN()), row[1+at:]...)
	}
	t.products, t.values = slices.Insert(t.products, at, product), values
}

// UnmarshalJSONFrom reads the days of an answer without allocating for each of them. A
// wrong type is an error; a required field that is missing is recorded in t.missing.
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
	// Cloned, since append may leave half of a slice unused, and many tables are held.
	*t = dayTable{days.products, slices.Clone(days.dates), slices.Clone(days.values), days.missing}
	_, err := d.ReadToken()
	return err
}

// dayAnswer is a day as the API has it. All days of an answer are read into the same one.
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

// readName reads the name of a field, and does not allocate for one of knownNames.
func readName(d *jsontext.Decoder) (string, error) {
	quoted, err := d.ReadValue()
	if err != nil {
		return "", err
	}
	if name, ok := knownNames[string(quoted)]; ok {
		return name, nil
	}
	text, err := jsontext.AppendUnquote(nil, quoted)
	return unique.Make(string(text)).Value(), err
}

// knownNames maps the quoted names of fields and products to the names.
var knownNames = map[string]string{
	`"date"`: "date", `"acus"`: "acus", `"acus_by_product"`: "acus_by_product",
	`"devin"`: "devin", `"cascade"`: "cascade", `"terminal"`: "terminal", `"review"`: "review",
}

// ACUsByProduct has the products for which the API gives a number, sorted by the API's
// name for them: `cascade`, `devin`, `review`, `terminal`, and any that Devin may add.
type ACUsByProduct []ProductACUs

// ProductACUs is one product's part of a day's ACUs.
type ProductACUs struct {
	Product string
	ACUs    float64
}

// Len returns the number of products.
func (p ACUsByProduct) Len() int { return len(p) }

// At returns the API's name for the product at index i, and its ACUs.
func (p ACUsByProduct) At(i int) (product string, acus float64) { return p[i].Product, p[i].ACUs }

// sumProducts adds up products by their names. The sum of nothing is empty, not nil.
func sumProducts(all []ACUsByProduct) ACUsByProduct {
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

// UnmarshalJSONFrom leaves out the products that are null. Filling a map, as the decoder
// would do, took a third of the time of a report and made half of its garbage.
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
