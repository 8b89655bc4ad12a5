package provider

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestCodeScansOverMoreThanAHundredDaysAreRefused(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	read := func(start string) error {
		m := codeScanMetricsModel{utcWindowModel: utcWindowModel{window(start, "2026-10-31")}}
		return readCodeScanMetrics(t.Context(), fake.Client(t, devintest.KeyOK), &m)
	}
	if err := read("2026-07-24"); err != nil {
		t.Errorf("100 days: %v", err)
	}
	if err := read("2026-07-23"); err == nil || !strings.Contains(err.Error(), "has 101 days") || !strings.Contains(err.Error(), "2026-07-24 or later") {
		t.Errorf("101 days: %v", err)
	}
}
