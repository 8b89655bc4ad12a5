package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// orderModel is embedded in the model of every data source whose list can be sorted by
// several of its attributes.
type orderModel struct {
	OrderBy types.String `tfsdk:"order_by"`
	First   types.Number `tfsdk:"first"`
}

// orders maps the values of order_by, apart from the default, to what they sort by.
type orders[T any] map[string]func(T) sortKey

// sortKey is the value that an item is sorted by: a number, a text, or neither.
type sortKey struct {
	number *float64
	text   *string // a collation key
}

func byNumber[N ~int64 | ~float64](n *N) sortKey {
	if n == nil {
		return sortKey{}
	}
	f := float64(*n)
	return sortKey{number: &f}
}

// byText sorts alphabetically and ignores case.
func byText(text *string) sortKey {
	if text == nil {
		return sortKey{}
	}
	key := collationKey(*text)
	return sortKey{text: &key}
}

// compare sorts numbers from the largest down and text alphabetically, and puts keys
// without a value last.
func (k sortKey) compare(other sortKey) int {
	switch {
	case k.number != nil && other.number != nil:
		return cmp.Compare(*other.number, *k.number)
	case k.text != nil && other.text != nil:
		return strings.Compare(*k.text, *other.text)
	case k == sortKey{} && other == sortKey{}:
		return 0
	case k == sortKey{}:
		return 1
	}
	return -1
}

// orderAttributes are the attributes of orderModel. list is the attribute that is sorted;
// usual is what it is sorted by if order_by is not set.
func orderAttributes[T any](by orders[T], list, usual string) map[string]schema.Attribute {
	others := slices.Sorted(maps.Keys(by))
	return map[string]schema.Attribute{
		"order_by": optionalOneOf(fmt.Sprintf("What `%s` is [sorted by](../guides/reading.md#order): `%s` (default), `%s`.", list, usual, strings.Join(others, "`, `")),
			append([]string{usual}, others...)...),
		"first": optionalWhole(fmt.Sprintf("How many of `%s` to list from the top, if not all of them.", list), 1, 1_000_000),
	}
}

// sortAndCut returns the first items in the order of order_by. It does not change items,
// which must be in the default order.
func sortAndCut[T any](m *orderModel, by orders[T], items []T) []T {
	if key := by[m.OrderBy.ValueString()]; key != nil {
		type keyed struct {
			item T
			key  sortKey
		}
		all := make([]keyed, len(items))
		for i, item := range items {
			all[i] = keyed{item, key(item)}
		}
		slices.SortStableFunc(all, func(a, b keyed) int { return a.key.compare(b.key) })
		items = make([]T, len(all))
		for i := range all {
			items[i] = all[i].item
		}
	}
	return items[:min(len(items), int(numberOf(m.First, float64(len(items)))))]
}
