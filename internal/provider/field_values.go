package provider

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// fieldValues maps the names of attributes to the values of an object's fields in Devin. A
// field that is not set is absent. In a change, nil clears the field.
type fieldValues map[string]attr.Value

func (v fieldValues) equal(other fieldValues) bool { return maps.EqualFunc(v, other, attr.Value.Equal) }

// only returns the fields of v that are in keep.
func (v fieldValues) only(keep fieldValues) fieldValues {
	kept := fieldValues{}
	for name, value := range v {
		if _, ok := keep[name]; ok {
			kept[name] = value
		}
	}
	return kept
}

// without returns the fields of v that are not in drop.
func (v fieldValues) without(drop fieldValues) fieldValues {
	kept := maps.Clone(v)
	for name := range drop {
		delete(kept, name)
	}
	return kept
}

// with returns the fields of both. Those of more win, and a nil there removes the field.
func (v fieldValues) with(more fieldValues) fieldValues {
	all := fieldValues{}
	maps.Copy(all, v)
	maps.Copy(all, more)
	for name, value := range all {
		if value == nil {
			delete(all, name)
		}
	}
	return all
}

// since returns the change from had to v: it sets what differs, and clears what is in had
// only.
func (v fieldValues) since(had fieldValues) fieldValues {
	change := had.cleared()
	for name, value := range v {
		if change[name] = value; had[name] != nil && had[name].Equal(value) {
			delete(change, name)
		}
	}
	return change
}

// cleared returns the change that clears every field of v.
func (v fieldValues) cleared() fieldValues {
	change := fieldValues{}
	for name := range v {
		change[name] = nil
	}
	return change
}

// set returns the fields that a change sets.
func (v fieldValues) set() fieldValues { return v.with(nil) }

// String formats the fields as in a configuration: "cycle_acu_limit = 500".
func (v fieldValues) String() string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if number, ok := v[name].(types.Number); ok {
			words = append(words, name+" = "+number.ValueBigFloat().Text('f', -1))
		} else if v[name] != nil {
			words = append(words, fmt.Sprintf("%s = %s", name, v[name]))
		}
	}
	if len(words) == 0 {
		return "nothing set"
	}
	return strings.Join(words, ", ")
}

// names joins the names of the fields for a sentence.
func (v fieldValues) names() string { return strings.Join(slices.Sorted(maps.Keys(v)), " and ") }

// setCount sets a field unless the count is nil.
func (v fieldValues) setCount(name string, n *devin.Count) fieldValues {
	if n != nil {
		v[name] = types.NumberValue(new(big.Float).SetInt64(int64(*n)))
	}
	return v
}

// setText sets a field unless the text is nil.
func (v fieldValues) setText(name string, text *string) fieldValues {
	if text != nil {
		v[name] = types.StringValue(*text)
	}
	return v
}

// count returns a field as the client takes it; nil where it is not set. wholeLimit has
// checked that it is a whole number.
func (v fieldValues) count(name string) *devin.Count {
	number, ok := v[name].(basetypes.NumberValue)
	if !ok {
		return nil
	}
	n, _ := number.ValueBigFloat().Int64()
	count := devin.Count(n)
	return &count
}

// text returns a field as the client takes it; nil where it is not set.
func (v fieldValues) text(name string) *string {
	text, ok := v[name].(basetypes.StringValue)
	if !ok {
		return nil
	}
	return text.ValueStringPointer()
}
