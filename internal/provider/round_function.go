package provider

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type roundFunction struct{}

func newRoundFunction() function.Function { return roundFunction{} }

func (roundFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "round"
}

func (roundFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A number rounded to a given number of decimal places",
		MarkdownDescription: "Returns a number rounded to a given number of decimal places. Without it Terraform prints quotients and many sums with more than a hundred digits, and makes 121 of `ceil(100 * 1.2)`: round before `ceil` and `floor`. " +
			"A half is rounded away from zero, and decimals are exact: `round(2.675, 2)` is 2.68, and `round(-0.5, 0)` is -1.",
		Parameters: []function.Parameter{
			function.NumberParameter{
				Name:                "number",
				AllowNullValue:      true,
				MarkdownDescription: "A number. The result for null is null.",
			},
			function.NumberParameter{
				Name:                "digits",
				MarkdownDescription: "The number of decimal places, a whole number from 0 to 15.",
			},
		},
		Return: function.NumberReturn{},
	}
}

const mostDigits = 15

func (roundFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var number, digits types.Number
	if resp.Error = req.Arguments.Get(ctx, &number, &digits); resp.Error != nil {
		return
	}
	n, exact := digits.ValueBigFloat().Int64()
	if exact != big.Exact || n < 0 || n > mostDigits {
		resp.Error = function.NewArgumentFuncError(1, fmt.Sprintf("digits must be a whole number from 0 to %d, and it is %s", mostDigits, plainNumber(digits.ValueBigFloat())))
		return
	}
	if !number.IsNull() {
		number = types.NumberValue(roundDecimal(number.ValueBigFloat(), int(n)))
	}
	resp.Error = resp.Result.Set(ctx, number)
}

// roundingNoise is by how much a half may be short and still round up: HCL computes
// with 512 bits, so a sum of decimals is off from the 150th digit on.
var roundingNoise = new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(50), nil))

// roundDecimal rounds a half away from zero. It rounds the shortest decimal that reads
// back as x: 1.005 is that number, although no binary fraction is.
func roundDecimal(x *big.Float, digits int) *big.Float {
	const tiny = -64 // 2^-64 is less than half of the last of mostDigits
	switch {
	case x.IsInf(), x.IsInt():
		return x
	case x.MantExp(nil) < tiny: // the decimal may be very long
		return new(big.Float)
	}
	decimal, _ := new(big.Rat).SetString(x.Text('g', -1))
	if x.Sign() > 0 {
		decimal.Add(decimal, roundingNoise)
	} else {
		decimal.Sub(decimal, roundingNoise)
	}
	const precision = 512 // of Terraform's numbers
	rounded, _, _ := big.ParseFloat(decimal.FloatString(digits), 10, precision, big.ToNearestEven)
	return rounded
}
