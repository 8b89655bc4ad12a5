package provider

import (
	"context"
	"errors"
	"maps"
	"math/big"
	"strings"
	"testing"
	"time"

	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

type (
	fixture  struct{ *providertest.Fixture }
	protocol struct{ *providertest.Protocol }
)

func newFixture(t testing.TB, opts devintest.Options) *fixture {
	t.Helper()
	return &fixture{providertest.NewFixture(t, opts, func(clock devin.Clock) framework.Provider {
		return New(Options{Version: "test", Clock: clock})
	})}
}

func newProtocol(t testing.TB, p framework.Provider) *protocol {
	t.Helper()
	return &protocol{providertest.NewProtocol(t, p)}
}

// configured is a provider that talks to the fake. settings are set beside the key and
// the address, or in place of them.
func (f *fixture) configured(t testing.TB, settings map[string]any) *protocol {
	t.Helper()
	p := newProtocol(t, f.Provider())
	all := map[string]any{"api_key": devintest.KeyOK, "api_url": f.URL}
	maps.Copy(all, settings)
	if diags := p.Configure(t, all); len(diags) > 0 {
		t.Fatal(providertest.Messages(diags))
	}
	return p
}

// instants are the first of the billing day start and the first after the day end, as
// the fake's methods take them.
func instants(t testing.TB, start, end string) (from, to time.Time) {
	t.Helper()
	w := providertest.Days(t, start, end)
	return w.Start.Start(), (w.End + 1).Start()
}

func window(start, end string) windowModel {
	return windowModel{StartDate: types.StringValue(start), EndDate: argument(end)}
}

// argument is a text as a configuration has it; the empty one is null.
func argument(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// reportUntil is a report over the window from 2026-10-01 to end.
func reportUntil(end string) consumptionReportModel {
	return consumptionReportModel{windowModel: window("2026-10-01", end)}
}

func order(by string, first int64) orderModel {
	m := orderModel{OrderBy: argument(by)}
	if first > 0 {
		m.First = types.NumberValue(big.NewFloat(float64(first)))
	}
	return m
}

// with is given with one more argument.
func with(given map[string]any, name string, value any) map[string]any {
	all := maps.Clone(given)
	all[name] = value
	return all
}

// text is a text that may be null, for messages and comparisons.
func text(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

// countsOf is an answer of a deployment that has all the counts.
func countsOf(m devin.PRMetrics) devintest.PRCounts {
	return devintest.PRCounts{
		Created: int64(*m.Created), Opened: int64(*m.Opened), Merged: int64(*m.Merged), Closed: int64(*m.Closed),
		TakenOver: int64(*m.TakenOver), TakenOverOpened: int64(*m.TakenOverOpened),
		TakenOverMerged: int64(*m.TakenOverMerged), TakenOverClosed: int64(*m.TakenOverClosed),
	}
}

// call runs a function of a provider that was never configured, as Terraform
// may.
func (p *protocol) call(t *testing.T, name, argument string) (string, *tfprotov6.FunctionError) {
	t.Helper()
	value, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, argument))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.CallFunction(context.Background(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: []*tfprotov6.DynamicValue{&value}})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return "", resp.Error
	}
	result, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := result.As(&text); err != nil {
		t.Fatal(err)
	}
	return text, nil
}

// checkAttributeError wants an error at an argument, whose detail says something.
func checkAttributeError(t *testing.T, err error, argument, summary, says string) {
	t.Helper()
	var at *attributeError
	if !errors.As(err, &at) || at.path.String() != argument || at.summary != summary || !strings.Contains(at.detail, says) {
		t.Errorf("got %v, want %q at %s, with %q", err, summary, argument, says)
	}
}
