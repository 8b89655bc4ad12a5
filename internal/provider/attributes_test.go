package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestAttributesPanicOnADuplicateName(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("one of two attributes of the same name was lost")
		}
	}()
	attributes(scopeAttributes(), map[string]schema.Attribute{"org_id": requiredID("The id of an organization.")})
}

func TestNumbersInMessagesHaveNoExponent(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, New(Options{Version: "test"}))
	for given, want := range map[float64]string{
		2_000_000:  "limit must be a whole number from 1 to 1000000, and it is 2000000.",
		-1_000_000: "limit must be a whole number from 1 to 1000000, and it is -1000000.",
		1.5:        "limit must be a whole number from 1 to 1000000, and it is 1.5.",
		0.00001:    "limit must be a whole number from 1 to 1000000, and it is 0.00001.",
	} {
		diags := p.ValidateData(t, "devin_sessions", map[string]any{"start_date": "2026-10-01", "limit": given})
		if got := providertest.Messages(diags); len(diags) != 1 || !strings.Contains(got, want) {
			t.Errorf("%v: %s", given, got)
		}
	}
}
