package provider

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// callRound calls round as Terraform does; nil is null.
func (p *protocol) callRound(t *testing.T, number, digits *big.Float) (*big.Float, *tfprotov6.FunctionError) {
	t.Helper()
	arguments := make([]*tfprotov6.DynamicValue, 2)
	for i, n := range []*big.Float{number, digits} {
		value, err := tfprotov6.NewDynamicValue(tftypes.Number, tftypes.NewValue(tftypes.Number, n))
		if err != nil {
			t.Fatal(err)
		}
		arguments[i] = &value
	}
	resp, err := p.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "round", Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return nil, resp.Error
	}
	result, err := resp.Result.Unmarshal(tftypes.Number)
	if err != nil {
		t.Fatal(err)
	}
	var rounded *big.Float
	if err := result.As(&rounded); err != nil {
		t.Fatal(err)
	}
	return rounded, nil
}

// ofHCL is a number as HCL reads it, with 512 bits.
func ofHCL(t testing.TB, text string) *big.Float {
	t.Helper()
	x, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestRoundKeepsTheDecimals(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	hcl := func(text string) *big.Float { return ofHCL(t, text) }
	sum := func(texts ...string) *big.Float {
		total := new(big.Float).SetPrec(512)
		for _, text := range texts {
			total.Add(total, hcl(text))
		}
		return total
	}
	quotient := func(a, b string) *big.Float { return new(big.Float).Quo(hcl(a), hcl(b)) }
	for _, tt := range []struct {
		number *big.Float
		digits string
		want   string
	}{
		{sum("0.1", "0.2"), "2", "0.3"},
		{hcl("1.005"), "2", "1.01"},
		{hcl("2.675"), "2", "2.68"},
		{hcl("-2.675"), "2", "-2.68"},
		{hcl("1.0049999"), "2", "1"},
		{big.NewFloat(1.005), "2", "1.01"}, // a float64, as other providers send it
		{big.NewFloat(0.125), "2", "0.13"},
		{hcl("0.5"), "0", "1"},
		{hcl("-0.5"), "0", "-1"},
		{hcl("1.5"), "0", "2"},
		{hcl("2.5"), "0", "3"},
		{hcl("0.49"), "0", "0"},
		{hcl("-0.49"), "0", "0"},
		{sum("2.6", "0.075"), "2", "2.68"},
		{sum("1000000.1", "-1000000", "-0.095"), "2", "0.01"}, // 0.005 but for the noise
		{quotient("0.69", "6"), "2", "0.12"},
		{quotient("40657", "11"), "2", "3696.09"},
		{quotient("2", "3"), "15", "0.666666666666667"},
		{hcl("12345678901234567890.125"), "2", "12345678901234567890.13"},
		{hcl("123456789012345678901234567890"), "2", "123456789012345678901234567890"},
		{hcl("1e400"), "2", "1e400"},
		{hcl("1e-9000"), "15", "0"},
		{hcl("-1e-9000"), "15", "0"},
		{hcl("0.0000000000000005"), "15", "0.000000000000001"},
		{hcl("0.0000000000000004999"), "15", "0"},
		{hcl("0"), "3", "0"},
		{hcl("7"), "15", "7"},
		{nil, "2", ""},
	} {
		got, failure := p.callRound(t, tt.number, hcl(tt.digits))
		switch {
		case failure != nil:
			t.Errorf("round(%s, %s): %+v", tt.number, tt.digits, failure)
		case got == nil || tt.want == "":
			if got != nil || tt.want != "" {
				t.Errorf("round(%s, %s) is %s, want %q", tt.number, tt.digits, got, tt.want)
			}
		case got.Cmp(hcl(tt.want)) != 0:
			t.Errorf("round(%s, %s) is %s, want %s", tt.number, tt.digits, got.Text('g', 30), tt.want)
		}
	}
}

// OpenTofu sends an argument without data for null.
func TestRoundOfNullFromOpenTofuIsNull(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	digits, err := tfprotov6.NewDynamicValue(tftypes.Number, tftypes.NewValue(tftypes.Number, 2))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "round", Arguments: []*tfprotov6.DynamicValue{{}, &digits}})
	if err != nil || resp.Error != nil {
		t.Fatalf("%v, %+v", err, resp.Error)
	}
	if result, err := resp.Result.Unmarshal(tftypes.Number); err != nil || !result.IsNull() {
		t.Errorf("%s, %v", result, err)
	}
}

func TestRoundRefusesDigitsThatAreNone(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for _, digits := range []string{"-1", "16", "1.5", "1e30"} {
		_, failure := p.callRound(t, ofHCL(t, "1.25"), ofHCL(t, digits))
		if failure == nil || failure.FunctionArgument == nil || *failure.FunctionArgument != 1 || !strings.Contains(failure.Text, "digits must be a whole number from 0 to 15, and it is ") {
			t.Errorf("%s digits: %+v", digits, failure)
		}
	}
}

func TestAccRoundIsExactInHCL(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	step := fake.Step("", "")
	step.Config = `
resource "terraform_data" "number" { input = 2.675 }
locals { none = null }
output "sum" { value = provider::devin::round(0.1 + 0.2, 2) == 0.3 }
output "text" { value = tostring(provider::devin::round(199.87 - 0.00000000000000000001, 2)) }
output "half" { value = provider::devin::round(1.005, 2) == 1.01 }
output "null" { value = provider::devin::round(local.none, 2) == null }
output "unknown" { value = provider::devin::round(terraform_data.number.output, 2) == 2.68 }
`
	step.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownOutputValue("sum", knownvalue.Bool(true)),
		statecheck.ExpectKnownOutputValue("text", knownvalue.StringExact("199.87")),
		statecheck.ExpectKnownOutputValue("half", knownvalue.Bool(true)),
		statecheck.ExpectKnownOutputValue("null", knownvalue.Bool(true)),
		statecheck.ExpectKnownOutputValue("unknown", knownvalue.Bool(true)),
	}
	wrong := fake.Step("", "")
	wrong.Config, wrong.ExpectError = `output "x" { value = provider::devin::round(1.25, 1.5) }`, providertest.Wrapped("digits must be a whole number from 0 to 15, and it is 1.5.")
	providertest.Run(t, wrong, step)
}

// A rounded number is the number itself to half of its last digit, and rounding again
// changes nothing.
func FuzzRound(f *testing.F) {
	for _, text := range []string{"0", "1.005", "-2.675", "0.30000000000000004", "99.995", "1e-20", "123456789.123456789", "5e-16", "-0.5"} {
		f.Add(text, uint8(2))
		f.Add(text, uint8(15))
	}
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		x, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil || x.IsInf() || x.MantExp(nil) > 2000 || x.MantExp(nil) < -2000 {
			return
		}
		digits := int(n % (mostDigits + 1))
		rounded := roundDecimal(x, digits)
		off := new(big.Float).Sub(rounded, x)
		half := ofHCL(t, "0.5e-"+big.NewInt(int64(digits)).String())
		if off.Abs(off); off.Cmp(half.Add(half, ofHCL(t, "1e-49"))) > 0 {
			t.Errorf("round(%s, %d) is %s", text, digits, rounded.Text('g', 30))
		}
		if again := roundDecimal(rounded, digits); again.Cmp(rounded) != 0 {
			t.Errorf("round(%s, %d) is %s, and rounded again %s", text, digits, rounded.Text('g', 30), again.Text('g', 30))
		}
	})
}
