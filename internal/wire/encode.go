package wire

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Encode returns what SetResult sends for the model that m points to.
func Encode(ctx context.Context, m any) ([]byte, error) { return encode(ctx, m, resultLimit) }

// encode writes the model that m points to as the object that its tfsdk tags
// describe. It does not check that this is the object of the schema: wiretest.Check
// does, in a test of every data source.
//
// The model is written twice, the first time only to count the bytes. So the one big
// allocation has the right size (50,000 members are 11 MB, which a growing
// buffer would hold twice and more), and a result that is too large is never built.
func encode(ctx context.Context, m any, limit int) ([]byte, error) {
	model := reflect.ValueOf(m).Elem()
	write, err := planOf(model.Type())
	if err != nil {
		return nil, err
	}
	w := &writer{ctx: ctx, counting: true}
	w.msg = msgpack.NewEncoder(w)
	if err := write(w, model); err != nil {
		return nil, err
	}
	if w.size > limit {
		return nil, &SizeError{Size: w.size, Limit: limit}
	}
	w.counting, w.bytes = false, make([]byte, 0, w.size)
	err = write(w, model)
	return w.bytes, err
}

// writer is what a writeFunc writes to. What msg encodes comes back through Write and
// WriteByte, which also take bytes that are encoded already.
type writer struct {
	ctx      context.Context // for ToTerraformValue, which requires one
	msg      *msgpack.Encoder
	counting bool
	size     int
	bytes    []byte
	text     [32]byte // a buffer for one number or other short text
}

func (w *writer) Write(p []byte) (int, error) {
	if w.counting {
		w.size += len(p)
	} else {
		w.bytes = append(w.bytes, p...)
	}
	return len(p), nil
}

func (w *writer) WriteByte(c byte) error {
	if w.counting {
		w.size++
	} else {
		w.bytes = append(w.bytes, c)
	}
	return nil
}

// writeFloat writes a number that is not an integer as decimal text, which Terraform
// reads at 512 bits, as it reads numbers from its state. As a msgpack float,
// which State.Set makes, a tenth would arrive with 53 bits. Terraform shows both
// as 0.1 and calls them equal, but 0.1 * 3 and 0.1 > 0.1 then come out
// differently in a plan, which has the float, and in its apply, which has the
// state: the apply fails with "Provider produced inconsistent final plan"
// (TestAccNumbersAreTheSameInPlanAndState).
func (w *writer) writeFloat(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("%v is not a number for Terraform", f)
	}
	const exact = 1 << 53 // up to here float64 represents every integer exactly
	if f == math.Trunc(f) && math.Abs(f) <= exact {
		return w.writeInt(int64(f))
	}
	return writeString(w, strconv.AppendFloat(w.text[:0], f, 'g', -1, 64))
}

func (w *writer) writeMapLen(n int) error {
	if n >= 16 { // does not fit into the code
		return w.msg.EncodeMapLen(n)
	}
	return w.WriteByte(msgpcode.FixedMapLow | byte(n))
}

func (w *writer) writeInt(i int64) error {
	if i < 0 || i > int64(msgpcode.PosFixedNumHigh) { // does not fit into the code
		return w.msg.EncodeInt(i)
	}
	return w.WriteByte(byte(i))
}

// writeString leaves only long text to msgpack, which needs four calls through
// interfaces for a text. Most texts are short: ids, dates, numbers.
func writeString[T string | []byte](w *writer, text T) error {
	switch {
	case len(text) >= 32: // does not fit into the code
		return w.msg.EncodeString(string(text))
	case w.counting:
		w.size += 1 + len(text)
	default:
		w.bytes = append(append(w.bytes, msgpcode.FixedStrLow|byte(len(text))), text...)
	}
	return nil
}

func writeAttrValue(w *writer, v reflect.Value) error {
	value, ok := reflect.TypeAssert[attr.Value](v)
	if !ok || value.IsNull() {
		return w.WriteByte(msgpcode.Nil)
	}
	raw, err := value.ToTerraformValue(w.ctx)
	if err != nil {
		return err
	}
	if !raw.IsFullyKnown() {
		return errors.New("the value is unknown, which a result must not be")
	}
	if raw, err = tftypes.Transform(raw, decimalNumber); err != nil {
		return err
	}
	encoded, err := tfprotov6.NewDynamicValue(value.Type(w.ctx).TerraformType(w.ctx), raw)
	if err != nil {
		return err
	}
	_, err = w.Write(encoded.MsgPack)
	return err
}

// decimalNumber does for numbers in attr.Values what writeFloat does for
// float64. A number that is not exactly a float64 came from the configuration, where
// it was decimal text already.
func decimalNumber(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
	if !v.Type().Is(tftypes.Number) || v.IsNull() {
		return v, nil
	}
	var n big.Float
	if err := v.As(&n); err != nil {
		return v, err
	}
	if n.IsInf() {
		return v, fmt.Errorf("%v is not a number for Terraform", &n)
	}
	f, accuracy := n.Float64()
	if n.IsInt() || accuracy != big.Exact {
		return v, nil
	}
	decimal, _, err := big.ParseFloat(strconv.FormatFloat(f, 'g', -1, 64), 10, 512, big.ToNearestEven)
	return tftypes.NewValue(tftypes.Number, decimal), err
}
