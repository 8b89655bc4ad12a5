package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
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
	text   *string // a collation key
}

func byNumber[N ~int64 | ~float64](n *N) sortKey {
	if n == nil {
		return sortKey{}
	}
	f := float64(*n)
	return sortKey{number: &f}
}

// byText sorts by the alphabet, whatever the case.
func byText(text *string) sortKey {
	if text == nil {
		return sortKey{}
	}
	key := collationKey(*text)
	return sortKey{text: &key}
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

// withOrder adds the attributes of orderModel. lists are the attributes that are
// sorted and cut, and rest is what is not.
func withOrder[T any](by orders[T], lists, rest string, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	return withOrderOf(by, "users", "user_id", lists, rest, attributes)
}

// withOrderOf is withOrder for other things than users, which are sorted by usual
// where nothing is said.
func withOrderOf[T any](by orders[T], noun, usual, lists, rest string, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	names := append([]string{usual}, slices.Sorted(maps.Keys(by))...)
	attributes["order_by"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("What %s is sorted by: `%s`. Of numbers and times the largest comes first. "+
			"Texts are in the order of the alphabet, whatever their case. Null comes last, and what is equal is sorted by `%s`. Default: `%[3]s`.",
			lists, strings.Join(names, "`, `"), usual),
		Validators: []validator.String{stringvalidator.OneOf(names...)},
	}
	attributes["first"] = schema.NumberAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("How many %s %s has, from the first on in the order of `order_by`. %s Default: all.",
			noun, lists, rest),
		Validators: []validator.Number{numberValidator{least: 1, most: 1_000_000, whole: true}},
	}
	return attributes
}

// ordered are the items that order_by and first leave, in their order. The items are
// in their usual order.
func ordered[T any](m *orderModel, by orders[T], items []T) []T {
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
