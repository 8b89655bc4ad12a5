package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestAnInstanceIsImportedByIDAndByIdentity(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		r := newManaged(t, tf, c.name)
		r.importID(c.id())
		r.says("error: Nothing to import")
		newApplied(t, tf, c.name, c.first)
		r.importID(c.id())
		r.says()
		r.has(c.first)
		r = newManaged(t, tf, c.name)
		r.importIdentity(identityOf(t, c.identity(), c.id()))
		r.says()
		r.has(c.first)
	}
}

func TestAnImportWithoutAnIDIsAnError(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		r := newManaged(t, tf, c.name)
		r.importID("")
		r.says("error: Nothing to import")
		for _, id := range []any{nil, ""} {
			r.importIdentity(identityOf(t, c.identity(), id))
			r.says("error: Nothing to import")
			r.mentions("Nothing to import", c.identity(), "is empty")
		}
	}
}
