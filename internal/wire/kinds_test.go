package wire_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/wire/wiretest"
)

// kindsModel has a field of every kind that a model may have.
type kindsModel struct {
	Filter    types.String  `tfsdk:"filter"`
	IDs       types.List    `tfsdk:"ids"`
	Threshold types.Float64 `tfsdk:"threshold"`
	Org       *string       `tfsdk:"org"`
	Users     []string      `tfsdk:"users"`
	countsModel
	Rows     []rowModel          `tfsdk:"rows"`
	Products map[string]float64  `tfsdk:"products"`
	ByID     map[string]rowModel `tfsdk:"by_id"`
	Current  *rowModel           `tfsdk:"current"`
	Skipped  func()              `tfsdk:"-"`
}

type countsModel struct {
	Count    *int64   `tfsdk:"count_merged"`
	Rate     *float64 `tfsdk:"rate"`
	Complete *bool    `tfsdk:"complete"`
}

type rowModel struct {
	ID       string              `tfsdk:"id"`
	Email    *string             `tfsdk:"email"`
	ACUs     float64             `tfsdk:"acus"`
	Days     int64               `tfsdk:"days"`
	Active   bool                `tfsdk:"active"`
	Products map[string]*float64 `tfsdk:"products"`
	Labels   []*string           `tfsdk:"labels"`
	Rates    rateList            `tfsdk:"rates"`
	Week     weekNumber          `tfsdk:"week"`
	Left     *weekNumber         `tfsdk:"left"`
	Seats    seatCount           `tfsdk:"seats"`
	Spare    *seatCount          `tfsdk:"spare"`
}

// rateList is a map of numbers to Terraform.
type rateList []struct {
	Name string
	Rate float64
}

func (r rateList) Len() int { return len(r) }

func (r rateList) At(i int) (string, float64) { return r[i].Name, r[i].Rate }

// weekNumber is a text to Terraform.
type weekNumber int

func (w weekNumber) AppendText(b []byte) ([]byte, error) {
	if w == 53 {
		return nil, errors.New("this year has 52 weeks")
	}
	return fmt.Appendf(b, "week %d", int(w)), nil
}

// seatCount is a number, by its kind.
type seatCount int64

func kindsSchema() schema.Schema {
	row := map[string]schema.Attribute{
		"id":       schema.StringAttribute{Computed: true},
		"email":    schema.StringAttribute{Computed: true},
		"acus":     schema.Float64Attribute{Computed: true},
		"days":     schema.Int64Attribute{Computed: true},
		"active":   schema.BoolAttribute{Computed: true},
		"products": schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
		"labels":   schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"rates":    schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
		"week":     schema.StringAttribute{Computed: true},
		"left":     schema.StringAttribute{Computed: true},
		"seats":    schema.Int64Attribute{Computed: true},
		"spare":    schema.Int64Attribute{Computed: true},
	}
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"filter":       schema.StringAttribute{Required: true},
		"ids":          schema.ListAttribute{Optional: true, ElementType: types.StringType},
		"threshold":    schema.Float64Attribute{Optional: true},
		"org":          schema.StringAttribute{Optional: true},
		"users":        schema.ListAttribute{Optional: true, ElementType: types.StringType},
		"count_merged": schema.Int64Attribute{Computed: true},
		"rate":         schema.Float64Attribute{Computed: true},
		"complete":     schema.BoolAttribute{Computed: true},
		"rows":         schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: row}},
		"products":     schema.MapAttribute{Computed: true, ElementType: types.Float64Type},
		"by_id":        schema.MapNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: row}},
		"current":      schema.SingleNestedAttribute{Computed: true, Attributes: row},
	}}
}

func TestEqualsStateSetForEveryKind(t *testing.T) {
	if err := wiretest.Check[kindsModel](kindsSchema()); err != nil {
		t.Error(err)
	}
}
