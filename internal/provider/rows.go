package provider

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// The values of the argument format.
const (
	formatObjects = "objects"
	formatCSV     = "csv"
	formatNone    = "none"
)

// rowsModel is embedded in the model of every data source that lists many rows.
type rowsModel struct {
	Format types.String `tfsdk:"format"`
	CSV    *wire.Text   `tfsdk:"csv"`
}

// rowsAttributes are the attributes of rowsModel. rows is the attribute with the rows
// as objects.
func rowsAttributes(rows string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"format": optionalOneOf(fmt.Sprintf("The form of `%s`: `objects` (default), [`csv`, which is faster](../guides/reading.md#rows), or `none`.", rows),
			formatObjects, formatCSV, formatNone),
		"csv": computedString(fmt.Sprintf("With `format = \"csv\"`, `%s` as [CSV](../guides/reading.md#csv); null with any other.", rows)),
	}
}

// asObjects reports whether the result has the rows as objects.
func (m *rowsModel) asObjects() bool {
	return m.Format.IsNull() || m.Format.ValueString() == formatObjects
}

// wanted reports whether the result has the rows in any form.
func (m *rowsModel) wanted() bool { return m.Format.ValueString() != formatNone }

// setRows puts rows into the result in the form that format names, and warns of many
// objects.
func setRows[T any](ctx context.Context, m *rowsModel, objects *[]T, rows []T) error {
	switch {
	case m.asObjects():
		*objects = rows
		if len(rows) > manyRows {
			warn(ctx, "Many rows as objects", fmt.Sprintf("The result has %d rows. Terraform holds and compares each value of each of them: "+
				"as objects they take it seconds for every 10,000 rows, and most of the plan's memory. "+
				"format = \"csv\" has the same rows as one text, which takes next to nothing.", len(rows)))
		}
	case m.wanted():
		return setLines(m, slices.Values(rows))
	}
	return nil
}

// setLines puts rows into the result as csv. They are walked again when the result is
// encoded.
func setLines[T any](m *rowsModel, rows iter.Seq[T]) (err error) {
	m.CSV, err = wire.CSV(rows)
	return err
}

// manyRows is the largest number of objects without a warning.
const manyRows = 20_000

// defaultMaxItems is the default of the argument limit.
const defaultMaxItems = 10_000

// maxItemsModel is embedded in the model of every data source whose list has no natural
// bound.
type maxItemsModel struct {
	Limit types.Number `tfsdk:"limit"`
}

// maxItemsAttributes are the attributes of maxItemsModel. noun names the items.
func maxItemsAttributes(noun string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"limit": optionalWhole(fmt.Sprintf("The most %s that the list may have, from 1 to 1000000. The read fails if there are more. Default: %d.",
			noun, defaultMaxItems), 1, 1_000_000),
	}
}

func (m *maxItemsModel) maxItems() int { return int(numberOf(m.Limit, defaultMaxItems)) }

// tooManyItems points a devin.LongListError to the argument limit, and returns every other
// error unchanged. narrower says how to ask for less.
func tooManyItems(noun, narrower string, err error) error {
	var long *devin.LongListError
	if !errors.As(err, &long) {
		return err
	}
	return errorAt(path.Root("limit"), explain.LongList(noun, narrower, long.Limit), nil)
}

// countBy counts items by name. It leaves out those without one.
func countBy[T any](items []T, name func(T) *string) map[string]int64 {
	counts := map[string]int64{}
	for _, item := range items {
		if n := name(item); n != nil {
			counts[*n]++
		}
	}
	return counts
}

func countOf[T any](items []T) *int64 { return new(int64(len(items))) }
