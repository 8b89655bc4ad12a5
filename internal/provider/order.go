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

// orderModel is embedded in the model of every data source that lists users or
// sessions.
type orderModel struct {
	OrderBy types.String `tfsdk:"order_by"`
	First   types.Number `tfsdk:"first"`
}

// orders are the values of order_by, and what each of them sorts by.
type orders[T any] map[string]func(T) sortKey

// sortKey is what an item is sorted by: a number, a text, or nothing.
type sortKey struct {
	number *float64
	text   *string
}

func byNumber[N ~int64 | ~float64](n *N) sortKey {
	if n == nil {
		return sortKey{}
	}
	f := float64(*n)
	return sortKey{number: &f}
}

// byText does not mind upper and lower case.
func byText(text *string) sortKey {
	if text == nil {
		return sortKey{}
	}
	lower := strings.ToLower(*text)
	return sortKey{text: &lower}
}

// compare puts the largest number first, the first text of the alphabet, and whatever
// has neither last.
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

// orderAttributes are the attributes of orderModel for a list of nouns, which is sorted
// by usual where order_by is not set. rest says what first does to the other attributes.
func orderAttributes[T any](by orders[T], noun, list, usual, rest string) map[string]schema.Attribute {
	names := append([]string{usual}, slices.Sorted(maps.Keys(by))...)
	return map[string]schema.Attribute{
		"order_by": optionalOneOf(fmt.Sprintf("What `%s` is sorted by: `%s`. Numbers and times are sorted from the largest down, text alphabetically in any case. "+
			"Null comes last, and ties are sorted by `%s`. Default: `%[3]s`.", list, strings.Join(names, "`, `"), usual), names...),
		"first": optionalWhole(fmt.Sprintf("How many %s to list: the first ones in the order of `order_by`. %s Default: all.", noun, rest), 1, 1_000_000),
	}
}

// sortAndCut returns the items that order_by and first select, in their order. items come
// in their usual order, and stay as they are.
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

// directionAttribute is the argument order of a log, which is sorted by time.
func directionAttribute() schema.StringAttribute {
	return optionalOneOf(fmt.Sprintf("`%s` for the newest first, `%s` for the oldest first. Default: `%s`.", newestFirst, oldestFirst, newestFirst), oldestFirst, newestFirst)
}

// The values of the argument order.
const (
	oldestFirst = "asc"
	newestFirst = "desc"
)
