package provider

import (
	"fmt"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

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

	rows int // the number of objects in the result
}

// withRows adds the attributes of rowsModel. rows is the attribute that has the rows
// as objects.
func withRows(rows string, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["format"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("The form of the rows: `objects` fills `%s`, `csv` fills `csv` with one text, and `none` leaves both null. "+
			"Every value of an object costs Terraform time, and a fraction the most. A text costs almost nothing, whatever its length. Default: `objects`.", rows),
		Validators: []validator.String{stringvalidator.OneOf(formatObjects, formatCSV, formatNone)},
	}
	attributes["csv"] = schema.StringAttribute{
		Computed: true,
		MarkdownDescription: fmt.Sprintf("With `format = \"csv\"`, the rows of `%s`, in the same order, as text in the format of RFC 4180 with a header. "+
			"A map becomes a column for each of its keys; the name of the column has both names. A list becomes a text in JSON. A null is an empty cell. "+
			formulaRule+" Null with any other format.", rows),
	}
	return attributes
}

// formulaRule describes the apostrophes of wire.CSV and wire.CSVOf.
const formulaRule = "Text that begins with `=`, `+`, `-`, `@` (also full-width), a tab, a line break or an apostrophe, the name of a column included, " +
	"gets an apostrophe in front, so that no spreadsheet runs it as a formula; any other reader drops the first apostrophe of a cell."

// asObjects says whether the result has rows as objects.
func (m *rowsModel) asObjects() bool {
	return m.Format.IsNull() || m.Format.ValueString() == formatObjects
}

// wanted says whether the result has rows in any form.
func (m *rowsModel) wanted() bool { return m.Format.ValueString() != formatNone }

// setRows puts rows into the result in the form that format names. When an object
// has other fields than a line of csv, the caller sets objects itself.
func setRows[T any](m *rowsModel, objects *[]T, rows []T) error {
	switch {
	case m.asObjects():
		*objects, m.rows = rows, len(rows)
	case m.wanted():
		return setLines(m, slices.Values(rows))
	}
	return nil
}

// setLines puts rows into the result as csv. They are walked again when the result is
// written.
func setLines[T any](m *rowsModel, rows iter.Seq[T]) (err error) {
	m.CSV, err = wire.CSV(rows)
	return err
}

// manyRows is the largest number of objects without a warning.
const manyRows = 20_000

// warning says what many objects cost.
func (m *rowsModel) warning() (summary, detail string) {
	if m.rows <= manyRows {
		return "", ""
	}
	return "Many rows as objects", fmt.Sprintf("The result has %d rows. Terraform holds and compares each value of each of them: "+
		"as objects they take it seconds for every 10,000 rows, and most of the plan's memory. "+
		"format = \"csv\" has the same rows as one text, which takes next to nothing.", m.rows)
}
