package acceptance

import (
	"maps"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// Nothing that Devin's documentation describes or leaves open is odd.
func TestStrictFindsNothingOddInAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, quirks := range []devintest.Quirks{{}, {Honest: true}} {
				inBubble(t, devintest.Options{Quirks: quirks}, func(t *testing.T, b *bubble) {
					settings := map[string]any{"strict": true}
					maps.Copy(settings, s.settings(b.Server))
					if diags := s.ask(t, b.Server, b.configured(t, settings)); len(diags) > 0 {
						t.Errorf("%+v: %s", quirks, providertest.Messages(diags))
					}
				})
			}
		})
	}
}
