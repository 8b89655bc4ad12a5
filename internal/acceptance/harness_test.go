package acceptance

import (
	"net/http"
	"testing"

	framework "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// root is the repository's, seen from this package.
const root = "../.."

type (
	fixture  struct{ *providertest.Fixture }
	protocol struct{ *providertest.Protocol }
)

// newProvider makes a provider; nil is the machine's clock, and the network.
func newProvider(clock devin.Clock, transport http.RoundTripper) framework.Provider {
	return provider.New(provider.Options{Version: "test", Clock: clock, Transport: transport})
}

func newFixture(t testing.TB, opts devintest.Options) *fixture {
	t.Helper()
	return &fixture{providertest.NewFixture(t, opts, func(clock devin.Clock) framework.Provider {
		return newProvider(clock, nil)
	})}
}

func newProtocol(t testing.TB, p framework.Provider) *protocol {
	t.Helper()
	return &protocol{providertest.NewProtocol(t, p)}
}
