package provider

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// oddTotals adds 100 ACUs to the total of the enterprise.
func oddTotals(fake *fixture) {
	fake.Fault("/v3/enterprise/consumption/daily", devintest.Fault{Rewrite: func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"total_acus":`), []byte(`"total_acus":1`), 1)
	}})
}

func TestStrictComesFromTheBlockOrTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		environment string
		block       map[string]any
		severity    tfprotov6.DiagnosticSeverity
	}{
		{"", nil, tfprotov6.DiagnosticSeverityWarning},
		{"false", nil, tfprotov6.DiagnosticSeverityWarning},
		{"true", map[string]any{"strict": false}, tfprotov6.DiagnosticSeverityWarning},
		{"perhaps", map[string]any{"strict": false}, tfprotov6.DiagnosticSeverityWarning},
		{"true", nil, tfprotov6.DiagnosticSeverityError},
		{"1", nil, tfprotov6.DiagnosticSeverityError},
		{"", map[string]any{"strict": true}, tfprotov6.DiagnosticSeverityError},
		{"false", map[string]any{"strict": true}, tfprotov6.DiagnosticSeverityError},
	} {
		providertest.ClearEnvironment(t)
		t.Setenv("DEVIN_STRICT", tt.environment)
		fake := newFixture(t, devintest.Options{})
		oddTotals(fake)
		p := newProtocol(t, fake.Provider())
		given := map[string]any{"api_url": fake.URL, "api_key": devintest.KeyOK}
		maps.Copy(given, tt.block)
		if diags := p.Configure(t, given); len(diags) > 0 {
			t.Fatal(providertest.Messages(diags))
		}
		resp := p.ReadData(t, "devin_enterprise_daily_consumption", map[string]any{"start_date": "2026-10-01", "end_date": "2026-10-31"})
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tt.severity || resp.Diagnostics[0].Summary != string(devin.NoticeTotals) ||
			!strings.Contains(resp.Diagnostics[0].Detail, "the 31 days in consumption_by_date add up to") {
			t.Errorf("DEVIN_STRICT=%s, %v: %s", tt.environment, tt.block, providertest.Messages(resp.Diagnostics))
		}
		// An odd answer to a probe says nothing about the key.
		check := p.ReadData(t, "devin_connection_check", nil)
		if len(check.Diagnostics) > 0 {
			t.Errorf("DEVIN_STRICT=%s, %v: the check says %s", tt.environment, tt.block, providertest.Messages(check.Diagnostics))
		}
	}
	t.Setenv("DEVIN_STRICT", "perhaps")
	diags := newProtocol(t, New(Options{Version: "test"})).Configure(t, map[string]any{"api_key": devintest.KeyOK})
	if len(diags) != 1 || diags[0].Summary != "Malformed strict" || !strings.Contains(diags[0].Detail, "DEVIN_STRICT") {
		t.Errorf("DEVIN_STRICT=perhaps: %s", providertest.Messages(diags))
	}
}
