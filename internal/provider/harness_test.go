package provider

import (
	"testing"

	framework "github.com/hashicorp/terraform-plugin-framework/provider"

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
