package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestPrincipalIsWhatTheKeyActsAs(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	fake.AddKey("cog_test", devintest.Principal{ID: "service-user-1", Name: "One", OrgID: fake.Organizations()[0].OrgID})
	for key, want := range map[string][4]string{
		"cog_test":       {"service_user", "service-user-1", "One", fake.Organizations()[0].OrgID},
		devintest.KeyPAT: {"pat_user", fake.Members()[0].UserID, text(fake.Members()[0].Name), "null"},
	} {
		var m devin.Principal
		if err := readPrincipal(t.Context(), fake.Client(t, key), &m); err != nil {
			t.Fatal(err)
		}
		if got := [4]string{text(m.Type), text(m.ID), text(m.Name), text(m.OrgID)}; got != want {
			t.Errorf("%s acts as %q, want %q", key, got, want)
		}
	}
}
