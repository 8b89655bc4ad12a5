package provider

import (
	"fmt"

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
	CSV    *string      `tfsdk:"csv"`

	rows int // how many objects Terraform has to hold
}

// withRows adds the forms of rows to a schema's attributes; rows is the
// attribute that has them as objects.
func withRows(rows string, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["format"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("The form of the rows: `objects` fills `%s`, `csv` fills `csv` with one text, and `none` leaves both null. "+
			"Every value of an object costs Terraform time, fractions most of all; a text costs next to nothing, whatever its length. Default: `objects`.", rows),
		Validators: []validator.String{stringvalidator.OneOf(formatObjects, formatCSV, formatNone)},
	}
	attributes["csv"] = schema.StringAttribute{
		Computed: true,
		MarkdownDescription: fmt.Sprintf("With `format = \"csv\"`, what `%s` would have, in the same order, as text after RFC 4180 with a header. "+
			"A map has a column for each of its keys, named after both, and a null is an empty cell. "+
			"Text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, which a spreadsheet would run as a formula, gets an apostrophe before it. "+
			"Null with any other format.", rows),
	}
	return attributes
}

// asObjects says whether rows are wanted as objects.
func (m *rowsModel) asObjects() bool {
	return m.Format.IsNull() || m.Format.ValueString() == formatObjects
}

// wanted says whether rows are wanted in any form.
func (m *rowsModel) wanted() bool { return m.Format.ValueString() != formatNone }

// setRows gives rows their form. Where an object's form differs from a line's,
// as where it has a list, objects are set by the caller.
func setRows[T any](m *rowsModel, objects *[]T, rows []T) error {
	switch {
	case m.asObjects():
		*objects, m.rows = rows, len(rows)
	case m.wanted():
		return m.setCSV(wire.CSV(rows))
	}
	return nil
}

func (m *rowsModel) setCSV(text string, err error) error {
	if err == nil {
		m.CSV = &text
	}
	return err
}

// manyRows is how many objects Terraform takes without a word.
const manyRows = 20_000

// warning says what objects cost where there are many.
func (m *rowsModel) warning() (summary, detail string) {
	if m.rows <= manyRows {
		return "", ""
	}
	return "Many rows as objects", fmt.Sprintf("The result has %d rows. Terraform holds and compares each value of each of them: "+
		"as objects they take it seconds for every 10,000 rows, and most of the plan's memory. "+
		"format = \"csv\" has the same rows as one text, which takes next to nothing.", m.rows)
}
